"""What a person does on a dashboard, and what they read there."""

from playwright.sync_api import BrowserContext, Locator, Page

OVERVIEW, INDICATOR = "/superset/dashboard/tong-quan/", "/superset/dashboard/chi-so/"
ATTENTION = "Cần chú ý trước"


def open_dashboard(context: BrowserContext, path: str) -> Page:
    """Open a dashboard in a new page and wait until its charts are drawn."""
    page = context.new_page()
    page.goto(path)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until a chart is there and none is loading."""
    page.locator(".chart-container:visible").first.wait_for()
    page.wait_for_timeout(500)
    page.wait_for_function(
        """() => ![...document.querySelectorAll('.loading, [data-test="loading-indicator"]')]
             .some(each => each.offsetParent !== null)"""
    )
    page.wait_for_timeout(300)


def chart(page: Page, title: str) -> Locator:
    """The chart with this title."""
    holders = page.locator('[data-test="dashboard-component-chart-holder"]:visible')
    return holders.filter(has=page.get_by_text(title, exact=True)).first


def table(page: Page, title: str) -> list[dict[str, str]]:
    """The rows of a table chart as they stand on the screen, by column heading."""
    holder = chart(page, title)
    holder.locator("tbody tr").first.wait_for()
    headings = [text.strip() for text in holder.locator("thead th").all_inner_texts()]
    rows = holder.locator("tbody tr").all()
    return [dict(zip(headings, (t.strip() for t in row.locator("td").all_inner_texts()), strict=True)) for row in rows]


def choose(page: Page, name: str, value: str) -> None:
    """Choose a value in the filter of this name and apply it."""
    box = page.locator(".ant-form-item").filter(
        has=page.locator('[data-test="filter-control-name"]').get_by_text(name, exact=True)
    )
    box.locator(".ant-select").click()
    page.keyboard.type(value)
    page.locator(".ant-select-item-option:visible").get_by_text(value, exact=True).first.click()
    page.keyboard.press("Escape")
    page.locator('[data-test="filter-bar__apply-button"]').click()
    settle(page)
