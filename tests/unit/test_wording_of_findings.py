"""Every rule speaks both languages, in the words of the glossary, and never shows its own code."""

import re
import string
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expectations.guesses import Guesser
from expectations.phrases import PHRASES, UNKNOWN_CONVERSION, UNKNOWN_PROBLEM, Phrase
from expectations.rendering import Both, number, places, quoted, render
from expectations.suites import suite
from expectations.terms import MeasureTerms, Terms
from expectations.wording import finding
from indicator_specs.reading import CONVERSIONS, PROBLEMS
from tests.judging import frame, reading
from tests.judging import terms as judged_terms

# The last column of the glossary: words that people must not meet.
FORBIDDEN = (
    "bạn",
    "độ đo",
    "phân rã",
    "hạn chót",
    "người gửi",
    "biên lai",
    "chấp nhận",
    "từ chối",
    "cách ly",
    "phát hiện",
    "bản phát hành",
    "tạm thời",
    "sửa đổi",
    "nhớ lại",
    "tổng hợp",
    "bản đồ",
    "tệ nhất",
    "dữ liệu gốc",
)
ALL = {**PHRASES, "unknown_problem": UNKNOWN_PROBLEM, "unknown_conversion": UNKNOWN_CONVERSION}


def terms(kind: str) -> Terms:
    whole = MeasureTerms(Both("Tổng", "Whole"), "g", parts=("a.part",))
    part = MeasureTerms(Both("Phần", "Part"), "g", ceilings=("a.whole",))
    return Terms("s.d", Both("Biểu", "Form"), kind, "monthly", ("commune",), "VPTW", {"a.whole": whole, "a.part": part})


def words(phrase: Phrase) -> str:
    return " ".join((phrase.found, phrase.expected, phrase.vi)).casefold()


@pytest.mark.parametrize("name", ALL)
def test_no_phrase_has_a_word_that_the_glossary_bans(name: str) -> None:
    said = words(ALL[name])
    assert [word for word in FORBIDDEN if re.search(rf"\b{word}\b", said)] == []


@pytest.mark.parametrize("name", ALL)
def test_a_phrase_speaks_both_languages_about_the_same_facts(name: str) -> None:
    phrase = ALL[name]
    facts = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (phrase.vi, phrase.en)]
    assert facts[0] == facts[1]
    assert re.search(r"[À-ỹ]", phrase.vi)
    assert not re.search(r"[ạ-ỹđ]", phrase.en)


@pytest.mark.parametrize("name", ALL)
def test_a_code_is_never_part_of_the_sentence(name: str) -> None:
    assert not re.search(r"[a-z]_[a-z]", re.sub(r"\{\w+\}", "", ALL[name].vi + ALL[name].en))


def test_errors_and_warnings_ask_for_something_politely() -> None:
    rules = {rule.id for rule in suite(terms("workbook")) if rule.severity != "info" and not rule.names_itself}
    asked = {**{rule: PHRASES[rule] for rule in rules}, **{problem: PHRASES[problem] for problem in PROBLEMS}}
    # Suggestions for a wrong code bring their own request.
    silent = [
        rule for rule, phrase in asked.items() if "Đề nghị đơn vị" not in phrase.vi and "{guess}" not in phrase.vi
    ]
    assert silent == []
    assert [rule for rule, phrase in asked.items() if not phrase.expected] == []


def test_every_rule_and_every_code_of_the_readers_has_its_words() -> None:
    rules = {rule.id for kind in ("workbook", "database") for rule in suite(terms(kind)) if not rule.names_itself}
    assert (rules | set(PROBLEMS) | set(CONVERSIONS)) - set(PHRASES) == set()
    assert set(PHRASES) - (rules | set(PROBLEMS) | set(CONVERSIONS)) == set()


def knowing_row() -> dict[str, Any]:
    """A row of the judged frame that has every fact that a finding may quote."""
    whole = MeasureTerms(Both("Tổng", "Whole"), "docs", parts=("docs.online",))
    rows = frame(reading(1), judged_terms(docs__all=whole))
    facts = {
        "unit_first_day": date(2025, 7, 1),
        "unit_last_day": date(2026, 5, 31),
        "owed_by": "P04",
        "previous": Decimal(90),
        "change_pct": Decimal("11.1"),
        "usual": Decimal(90),
        "times_off": Decimal(100),
        "max_change_pct": Decimal(60),
        "minimum": Decimal(0),
        "maximum": Decimal(100),
        "ceiling_0": Decimal("1234.5"),
        "ceiling_0_measure": "tasks.all",
        "ceiling_0_place": "Số liệu!G5",
        "swapped_with": "tasks.all",
        "peers_usual": Decimal(90),
        "times_off_peers": Decimal(100),
        "ending": "0",
        "n_figures": Decimal(20),
    }
    return {**rows.row(0, named=True), **facts}


@pytest.mark.parametrize("kind", ["workbook", "database"])
@pytest.mark.parametrize("n_rows", [1, 3])
def test_every_rule_can_be_said_with_the_facts_that_the_frame_has(kind: str, n_rows: int) -> None:
    of = judged_terms(kind, docs__all=MeasureTerms(Both("Tổng", "Whole"), "docs", parts=("docs.online",)))
    guesser = Guesser(of, {"C00001": Both("Xã Một", "Commune One"), "P01": Both("Tỉnh", "Province")}, ("C00001",))
    codes = {"problem": [*PROBLEMS, "of_its_own"], "conversion": [*CONVERSIONS, "of_its_own"]}
    for rule in suite(of):
        for code in codes.get(rule.id, [rule.id]):
            row = {**knowing_row(), "problem_found": code, "conversion": code}
            said = finding(rule, [row] * n_rows, of, guesser)
            assert said.rule == code
            for text in (said.message_vi, said.message_en, said.found, said.expected):
                assert "None" not in text
                assert "{" not in text


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("1234.5", "1.234,5", "1,234.5"),
        ("1000", "1.000", "1,000"),
        ("12.500000000", "12,5", "12.5"),
        ("-0.05", "-0,05", "-0.05"),
        (
            "99999999999999999999.123456789",
            "99.999.999.999.999.999.999,123456789",
            "99,999,999,999,999,999,999.123456789",
        ),
    ],
)
def test_numbers_are_written_in_full_in_each_language(value: str, vi: str, en: str) -> None:
    assert (number(Decimal(value), "vi"), number(Decimal(value), "en")) == (vi, en)


def test_what_an_agency_wrote_is_quoted_on_one_line_and_cut() -> None:
    assert quoted("a\n\tb\u202ec\x00") == "a b c"
    assert len(quoted("x" * 5000)) == 120


def test_braces_in_a_cell_are_text_and_not_a_template() -> None:
    assert render("{text}!", {"text": "{measure} {0} {{x}}"}, "vi") == "{measure} {0} {{x}}!"


def test_a_long_list_of_places_is_shortened_and_counted() -> None:
    assert places([f"A{n}" for n in range(10)], "vi") == "A0, A1, A2, A3, A4, A5, A6, A7 và 2 chỗ khác"
    assert places(["A1", "A2"], "en") == "A1, A2"
