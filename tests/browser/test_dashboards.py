"""A person's path through the dashboards, with the numbers on the screen compared to the release."""

import re

import duckdb
import pytest
from playwright.sync_api import Request

from tests.browser.conftest import SignIn
from tests.browser.screen import ATTENTION, INDICATOR, OVERVIEW, chart, choose, open_dashboard, table

LATEST = "is_latest and org_unit_kind in ('nation', 'ministry', 'province')"
PROVINCE = "P79"


def attention(mart: duckdb.DuckDBPyConnection, where: str) -> list[tuple[str, str, str, str]]:
    """Light, indicator, org unit and value of the rows that need attention first, in no order."""
    return mart.execute(
        f"""select light_vi, indicator_name_vi, org_unit_name_vi, coalesce(value_text_vi, 'N/A')
        from marts.mart_scoreboard where {LATEST} and {where} order by all"""
    ).fetchall()


def on_screen(rows: list[dict[str, str]]) -> list[tuple[str, str, str, str]]:
    return sorted((row["Tình trạng"], row["Chỉ số"], row["Đơn vị"], row["Giá trị"]) for row in rows)


def test_an_agency_sees_its_own_rows_and_no_other(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    expected = attention(mart, f"province_code = '{PROVINCE}'")
    assert 0 < len(expected) <= 20
    page = open_dashboard(sign_in("p79"), OVERVIEW)
    assert on_screen(table(page, ATTENTION)) == expected
    page.get_by_role("tab", name="Tình hình gửi báo cáo").click()
    shown = {row["Đơn vị báo cáo"] for row in table(page, "Đơn vị chưa gửi, gửi chưa đủ, gửi chậm")}
    own = mart.execute(
        "select distinct reporter_name_vi from marts.mart_submission_status where province_code = ?", [PROVINCE]
    ).fetchall()
    assert shown == {name for (name,) in own}


def test_what_does_not_agree_has_a_tab_of_its_own(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    page = open_dashboard(sign_in("p79"), OVERVIEW)
    page.get_by_role("tab", name="Đối chiếu số liệu").click()
    held = mart.execute(
        "select org_unit_name_vi, held_by_name_vi from marts.mart_residual where province_code = ?", [PROVINCE]
    ).fetchall()
    shown = table(page, "Phần chưa phân bổ được về đơn vị hành chính hiện hành")
    assert [(row["Đơn vị đã chia tách"], row["Đang giữ ở"]) for row in shown] == held
    against = mart.execute(
        "select indicator_name_vi, count(*) from marts.mart_discrepancy where province_code = ? group by 1", [PROVINCE]
    ).fetchall()
    found = table(page, "Giá trị tính được và số công bố")
    assert sorted(row["Chỉ số"] for row in found) == sorted(name for name, count in against for _ in range(count))
    assert {row["Kết quả đối chiếu"] for row in found} == {"Lệch quá mức cho phép"}
    sums = mart.execute(
        "select message_vi from marts.mart_sum_discrepancy where province_code = ?", [PROVINCE]
    ).fetchall()
    shown = table(page, "Số báo cáo và tổng các đơn vị cấp dưới")
    assert [(row["Nhận xét"],) for row in shown] == sums


def test_the_analyst_filters_a_province(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    name = mart.execute(
        "select any_value(province_name_vi) from marts.mart_scoreboard where province_code = 'P01'"
    ).fetchone()
    assert name is not None
    page = open_dashboard(sign_in("chuyenvien"), OVERVIEW)
    before = {row["Đơn vị"] for row in table(page, ATTENTION)}
    assert before != {name[0]}
    choose(page, "Tỉnh/thành phố", name[0])
    assert on_screen(table(page, ATTENTION)) == attention(mart, f"province_name_vi = '{name[0]}'")


def test_what_needs_attention_stands_first_and_on_the_first_screen(
    sign_in: SignIn, mart: duckdb.DuckDBPyConnection
) -> None:
    worst = mart.execute(
        f"select light_vi from marts.mart_scoreboard where {LATEST} order by light_order limit 1"
    ).fetchone()
    page = open_dashboard(sign_in("chuyenvien"), OVERVIEW)
    rows = table(page, ATTENTION)
    assert worst is not None
    assert rows[0]["Tình trạng"] == worst[0]
    assert rows[0]["Đơn vị"] == "Cả nước"
    box = chart(page, ATTENTION).locator("tbody tr").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900


def test_the_lights_are_counted_in_words(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    page = open_dashboard(sign_in("chuyenvien"), OVERVIEW)
    (nation,) = (
        row for row in table(page, "Số chỉ số theo tình trạng (kỳ mới nhất của từng chỉ số)") if row["Cấp"] == "Cả nước"
    )
    counted = dict(
        mart.execute(
            """select light_vi, count(*) from marts.mart_scoreboard
            where is_latest and org_unit_kind = 'nation' group by all"""
        ).fetchall()
    )
    assert {word: int(nation[word]) for word in counted} == counted
    assert int(nation["Tổng số"]) == sum(counted.values())


def test_the_indicator_page_says_what_it_shows(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    row = mart.execute(
        """select indicator_name_vi, value_text_vi, light_vi, provenance_vi from marts.mart_scoreboard
        where indicator = 'online_service_usage' and org_unit_code = 'VN' and is_latest"""
    ).fetchone()
    assert row is not None
    page = open_dashboard(sign_in("chuyenvien"), INDICATOR)
    (verdict,) = table(page, "Tình trạng kỳ mới nhất của đơn vị đã chọn")
    assert (verdict["Đơn vị"], verdict["Giá trị"], verdict["Tình trạng"]) == ("Cả nước", row[1], row[2])
    assert verdict["Nguồn gốc số liệu"] == row[3] == "Số liệu giả lập"
    card = mart.execute(
        """select label_vi, text_vi from marts.mart_indicator_card
        where indicator = 'online_service_usage' order by line_no"""
    ).fetchall()
    shown = [(line["Mục"], " ".join(line["Nội dung"].split())) for line in table(page, "Phiếu chỉ số")]
    assert shown == [(label, " ".join(text.split())) for label, text in card]


def test_the_indicator_page_shows_what_a_value_is_made_of(sign_in: SignIn, mart: duckdb.DuckDBPyConnection) -> None:
    months = mart.execute(
        """select period_label_vi from marts.mart_scoreboard
        where indicator = 'online_service_usage' and org_unit_code = 'VN' order by period_start_date desc"""
    ).fetchall()
    page = open_dashboard(sign_in("chuyenvien"), INDICATOR)
    chart(page, "Số liệu thành phần (đơn vị đã chọn)").scroll_into_view_if_needed()
    shown = table(page, "Số liệu thành phần (đơn vị đã chọn)")
    assert [row["Kỳ"] for row in shown] == [label for (label,) in months]
    assert {row["Cách có số liệu"] for row in shown} == {"Tổng hợp từ 34/34 đơn vị"}
    ranks = [row["Xếp hạng"] for row in table(page, "Các tỉnh, thành phố cần chú ý trước (kỳ mới nhất)")]
    assert ranks
    assert all(re.fullmatch(r"\d+", rank) for rank in ranks)
    page.get_by_role("tab", name="Các lần công bố").click()
    (published,) = table(page, "Các lần công bố và giá trị được chọn (đơn vị đã chọn)")
    assert published["Sử dụng"] == "Được chọn"


MISSING_WORDS = """
window.untranslated = new Set();
const original = Response.prototype.json;
Response.prototype.json = async function () {
  const found = await original.call(this);
  if (found && found.locale_data) {
    const note = (pack, key) => { if (typeof key === 'string' && !(key in pack)) window.untranslated.add(key); };
    found.locale_data.superset = new Proxy(found.locale_data.superset, {
      get(pack, key) { note(pack, key); return pack[key]; },
      has(pack, key) { note(pack, key); return key in pack; },
    });
  }
  return found;
};
"""


@pytest.mark.parametrize("path", [OVERVIEW, INDICATOR])
def test_a_viewer_reads_vietnamese(sign_in: SignIn, path: str) -> None:
    context = sign_in("p79")
    page = context.new_page()
    page.add_init_script(MISSING_WORDS)
    page.goto(path)
    page.locator(".chart-container:visible").first.wait_for()
    page.wait_for_timeout(4000)
    page.locator('[aria-label="Thêm lựa chọn"]').first.click()
    page.wait_for_timeout(800)
    asked = set(page.evaluate("[...window.untranslated]"))
    assert len(asked) > 100, "the language pack was not watched"
    visible = {line.strip() for line in page.inner_text("body").splitlines()}
    visible |= set(page.evaluate("[...document.querySelectorAll('[placeholder]')].map(each => each.placeholder)"))
    assert not {text for text in visible if text and text in asked}


def test_the_login_page_is_vietnamese_and_refuses_in_words(sign_in: SignIn, address: str) -> None:
    browser = sign_in("p79").browser
    assert browser is not None
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/superset/dashboard/tong-quan/")
    page.wait_for_url("**/login/**")
    page.fill("#username", "p79")
    page.fill("#password", "sai mật khẩu")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng").wait_for()
    context.close()


def test_nothing_is_asked_of_another_machine(sign_in: SignIn, address: str) -> None:
    context = sign_in("chuyenvien")
    page = context.new_page()
    answered: list[str] = []
    page.on("requestfinished", lambda request: _note(request, address, answered))
    page.goto(OVERVIEW)
    page.locator(".chart-container:visible").first.wait_for()
    page.wait_for_timeout(2000)
    assert answered == []


def _note(request: Request, address: str, answered: list[str]) -> None:
    if not re.match(rf"({re.escape(address)}|data:|blob:)", request.url):
        answered.append(request.url)
