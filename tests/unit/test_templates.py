"""A template that was compiled once renders as at first, whatever it is given."""

import pytest
from dbt_common.clients.jinja import get_template, render_template
from dbt_common.exceptions import CompilationError

from dbt_project import templates


def rendered(text: str, *, native: bool = False, **words: object) -> object:
    return render_template(get_template(text, dict(words), native=native), dict(words))


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[type, str], object]:
    found: dict[tuple[type, str], object] = {}
    monkeypatch.setattr(templates, "_KEPT", found)
    templates.keep_templates()
    return found


def test_the_same_text_is_compiled_once_and_says_what_it_is_given(kept: dict[tuple[type, str], object]) -> None:
    assert rendered("select {{ column }}", column="a") == "select a"
    (code,) = kept.values()
    assert rendered("select {{ column }}", column="b") == "select b"
    assert list(kept.values()) == [code]


def test_an_argument_keeps_its_type(kept: dict[tuple[type, str], object]) -> None:
    assert rendered("{{ n }}", n=3) == "3"
    assert rendered("{{ n }}", native=True, n=3) == 3
    assert rendered("{{ n }}", native=True, n=4) == 4
    assert len(kept) == 2


def test_a_text_that_is_no_template_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(CompilationError):
            rendered("select {{ column")
