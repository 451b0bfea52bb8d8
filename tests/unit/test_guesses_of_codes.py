"""The nearest known code is offered as a question."""

import pytest

from expectations.guesses import Guesser
from expectations.rendering import Both
from tests.judging import terms

NAMES = {
    "C00004": Both("Phường Ba Đình", "Ba Dinh Ward"),
    "C00008": Both("Phường Ngọc Hà", "Ngoc Ha Ward"),
    "C32248": Both("Xã Đất Mũi", "Dat Mui Commune"),
    "P96": Both("Tỉnh Cà Mau", "Ca Mau Province"),
}
GUESSER = Guesser(
    terms(), NAMES, ("C00004", "C00008", "C32248"), {"P01": ("C00004", "C00008")}, {"C00004": ("C00008",)}
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C4", "C00004"),
        ("c0008", "C00008"),
        ("\u042100004", "C00004"),
        ("C0OO04", "C00004"),
        ("Phường Ba Đình", "C00004"),
        ("phuong ngoc ha", "C00008"),
        ("XYZ", None),
        ("", None),
        (None, None),
    ],
)
def test_what_was_probably_meant(written: str | None, code: str | None) -> None:
    said = GUESSER.nearest("org_unit", written, "P01")["guess"]
    assert isinstance(said, Both)
    if code is None:
        assert "Có phải" not in said.vi
    else:
        assert f"Có phải là {NAMES[code].vi} ({code})?" in said.vi


def test_an_agency_is_only_pointed_to_its_own_units() -> None:
    assert "C32248" not in str(GUESSER.nearest("org_unit", "C3224", "P01"))
    assert "C32248" in str(GUESSER.nearest("org_unit", "C3224", None))


def test_a_measure_is_guessed_among_those_of_the_dataset() -> None:
    assert "docs.online" in str(GUESSER.nearest("measure", "docs.onlin", None))


def test_what_became_of_a_unit_that_ceased() -> None:
    assert GUESSER.successors("C00004").vi == "Đơn vị kế thừa: Phường Ngọc Hà (C00008)."
    assert GUESSER.successors("C00008").vi == ""


def test_an_unknown_unit_is_called_by_its_code() -> None:
    assert GUESSER.unit("C12345").vi == "C12345"
