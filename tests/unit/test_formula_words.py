"""Formulas as people read them: words in two languages, LaTeX."""

from fractions import Fraction

import pytest

from indicator_specs.formula import latex, parse, words
from indicator_specs.formula.functions import FUNCTIONS
from indicator_specs.formula.tree import Aggregate, Bands, Call, Input, TargetShare
from indicator_specs.formula.words import PHRASES

VI = {"online": "hồ sơ trực tuyến", "all": "hồ sơ tiếp nhận"}
EN = {"online": "online dossiers", "all": "dossiers"}


@pytest.mark.parametrize(
    ("formula", "vi", "en"),
    [
        ("100 * online / all", "100 × [hồ sơ trực tuyến] ÷ [hồ sơ tiếp nhận]", "100 × [online dossiers] ÷ [dossiers]"),
        (
            "online - (all - 2.5)",
            "[hồ sơ trực tuyến] − ([hồ sơ tiếp nhận] − 2,5)",
            "[online dossiers] − ([dossiers] − 2.5)",
        ),
        (
            "growth(online)",
            "tốc độ tăng (%) của [hồ sơ trực tuyến] so với 1 kỳ trước",
            "the growth (%) of [online dossiers] against 1 periods earlier",
        ),
        (
            "index_base(all, '2020-Q1')",
            "[hồ sơ tiếp nhận] so với quý I/2020 = 100",
            "[dossiers], where 2020-Q1 is 100",
        ),
        (
            "share_units(100 * online / all >= 80 and not all < 5, 'commune')",
            "tỉ lệ cấp xã có 100 × [hồ sơ trực tuyến] ÷ [hồ sơ tiếp nhận] ≥ 80 và không ([hồ sơ tiếp nhận] < 5) (0–1)",
            "the share of communes with 100 × [online dossiers] ÷ [dossiers] ≥ 80 and not ([dossiers] < 5) (0–1)",
        ),
        ("-(online ^ 2)", "−([hồ sơ trực tuyến] ^ 2)", "−([online dossiers] ^ 2)"),
    ],
)
def test_words(formula: str, vi: str, en: str) -> None:
    tree = parse(formula, VI)
    assert words(tree, VI, "vi") == vi
    assert words(tree, EN, "en") == en


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("100 * online / all", r"\frac{100 \times \text{online dossiers}}{\text{dossiers}}"),
        ("(online - all) * 2", r"\left(\text{online dossiers} - \text{dossiers}\right) \times 2"),
        ("(online + 1) ^ 0.5", r"\left(\text{online dossiers} + 1\right)^{0.5}"),
        ("sqrt(abs(online))", r"\sqrt{\left|\text{online dossiers}\right|}"),
        ("rolling_mean(online, 3)", r"\operatorname{rolling\_mean}\left(\text{online dossiers}, 3\right)"),
        ("least(online, all)", r"\min\left(\text{online dossiers}, \text{dossiers}\right)"),
    ],
)
def test_latex(formula: str, written: str) -> None:
    assert latex(parse(formula, EN), EN) == written


def test_names_are_escaped() -> None:
    assert latex(Input("x"), {"x": "50% of a_b {c}"}) == r"\text{50\% of a\_b \{c\}}"


def test_every_function_has_words_in_both_languages() -> None:
    assert list(PHRASES) == list(FUNCTIONS)
    for name, phrase in PHRASES.items():
        vi, en = phrase.split(" / ")
        used = [number for number in range(3) if f"{{{number}}}" in vi]
        assert used == [number for number in range(3) if f"{{{number}}}" in en]
        if FUNCTIONS[name].most < 20:
            assert len(used) == FUNCTIONS[name].most


def test_composites() -> None:
    half = Fraction(1, 2)
    tree = Aggregate(
        "arithmetic",
        (
            (Fraction(2), Call("minmax", (Input("online"),))),
            (half, Bands(Input("all"), ((Fraction(0), Fraction(5)), (Fraction(10), Fraction(9))))),
            (Fraction(1), TargetShare(Input("all"), Fraction(80), "higher_is_better")),
        ),
    )
    assert words(tree, EN, "en") == (
        "the mean of: the place of [online dossiers] between the lowest (0) and the highest (1) of the peers"
        " (weight 2); points by bands of [dossiers] (≥ 0: 5; ≥ 10: 9) (weight 0.5);"
        " how far [dossiers] reaches 80 (0–1) (weight 1)"
    )
    assert "trọng số 0,5" in words(tree, VI, "vi")
    assert r"\begin{cases}9, & \text{dossiers} \ge 10 \\ 5, &" in latex(tree, EN)
    geometric = Aggregate("geometric", ((half, Input("online")), (half, Input("all"))))
    assert latex(geometric, EN) == r"\left(\text{online dossiers}^{0.5} \times \text{dossiers}^{0.5}\right)^{1 / 1}"
