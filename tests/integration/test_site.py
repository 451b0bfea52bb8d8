"""The documentation site: a page for each indicator, drawn from its specification, and no link that leads nowhere."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from indicator_specs.registry import Registry
from pipelines.site.build import build_site
from tests.whole_catalogue import whole_catalogue


class _Text(HTMLParser):
    """What a reader sees, and what the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.fetched: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        loads = {"script": "src", "link": "href", "img": "src"}.get(tag)
        if loads and given.get(loads) and given.get("rel") != "canonical":
            self.fetched.append(str(given[loads]))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


@pytest.fixture(scope="module")
def site(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    assert build_site(registry, out) > len(registry.indicators)
    return out


def _read(page: Path) -> _Text:
    text = _Text()
    text.feed(page.read_text(encoding="utf-8"))
    return text


def test_every_indicator_has_a_page_that_says_what_it_is(registry: Registry, site: Path) -> None:
    for spec in registry.indicators.values():
        seen = " ".join(_read(site / "indicators" / spec.id / "index.html").seen)
        assert spec.name.vi in seen
        assert spec.name.en in seen
        for method in spec.methods:
            assert " ".join(spec.formula_of(method).split()) in seen
            for name, given in spec.inputs_of(method).items():
                assert name in seen
                assert (given.measure or registry.indicators[given.indicator or ""].name.vi) in seen


def test_a_page_shows_the_sql_that_computes(site: Path) -> None:
    seen = "".join(_read(site / "indicators" / "online_service_usage" / "index.html").seen)
    assert "in_dossiers_online" in seen
    assert "public_service.dossiers_received" in seen


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert not [path for path in _read(page).fetched if path.startswith(("http:", "https:", "//"))], page


def test_every_check_is_listed(site: Path) -> None:
    from indicator_specs.lint import CHECKS

    seen = " ".join(_read(site / "checks" / "index.html").seen)
    assert all(check.name in seen for check in CHECKS)
