"""What the marts make of values: places among peers, words of a scale, periods in progress, published figures."""

from typing import Any

import pytest

from tests.engine import Engine, engine, indicator

MEASURES = {
    "monthly": ("flow dossier flow",),
    "quarterly": ("pct percent non_additive",),
    "yearly": (
        *("regular dossier flow", "assigned dossier flow", "share_said percent non_additive"),
        *("gdp dossier flow", "growth_said percent non_additive", "step dossier stock"),
    ),
}
PCT = 'valid_from: "2025-Q3", frequency: quarterly, formula: pct, inputs: {pct: {measure: figures.pct}}'
LEVELS = "{province: {}, commune: {}}"
INDICATORS = (
    indicator(
        "flow_quarter", 'valid_from: "2025-Q3", frequency: quarterly, formula: x, inputs: {x: {measure: figures.flow}}'
    ),
    indicator("competing", PCT, unit="percent", levels=LEVELS),
    indicator("dense", PCT, unit="percent", levels=LEVELS, rest="scoring: {ties: dense}"),
    indicator("averaged", PCT, unit="percent", levels=LEVELS, rest="scoring: {ties: average, peer_group: commune}"),
    indicator(
        "regular_share",
        'valid_from: "2025", frequency: yearly, formula: 100 * regular / assigned, inputs: {regular: {measure: '
        "figures.regular}, assigned: {measure: figures.assigned}}, checks: {published: {measure: figures.share_said, "
        'tolerance: "0.1"}}',
        unit="percent",
        levels="{nation: {}}",
    ),
    indicator(
        "gdp_growth",
        'valid_from: "2006", frequency: yearly, formula: growth(gdp), inputs: {gdp: {measure: figures.gdp}}, '
        'checks: {published: {measure: figures.growth_said, producer: G22, tolerance: "0.005"}}',
        unit="percent",
        levels="{nation: {}}",
    ),
    indicator(
        "law_step",
        'valid_from: "2025", frequency: yearly, inputs: {step: {measure: figures.step}}',
        levels="{nation: {}}",
        kind="milestone",
        rest='assessment: {scale: ["Chưa trình", "Đã trình", "Đã ban hành"], assessor: Văn phòng, document: Báo cáo}',
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("marts"), patch, MEASURES, INDICATORS)
        found.give("monthly", *(f"flow P01 2026-{month:02d} 1" for month in range(4, 11)), "flow P25 2026-07 1")
        shares = {"C00004": 90, "C00008": 90, "C05089": 50, "P01": 70, "P25": 20}
        found.give("quarterly", *(f"pct {unit} 2026-Q3 {value}" for unit, value in shares.items()))
        # Report on the tasks of Resolution 57, 4 December 2025: 178 of 1,287 tasks, said to be 13.5 per cent.
        found.give("yearly", "regular VN 2025 178", "assigned VN 2025 1287", "share_said VN 2025 13.5", citation="x")
        # Gross domestic product of 2005 and 2006 at constant prices, said to have grown by 6.97 per cent.
        found.give("yearly", "gdp VN 2005 1588646", "gdp VN 2006 1699501", "growth_said VN 2006 6.97")
        found.give("yearly", "gdp VN 2016 3054470", "gdp VN 2017 3262548", "growth_said VN 2017 6.81")
        found.give("yearly", "step VN 2024 1", "step VN 2025 2", "step VN 2026 3")
        return found.built()


def places(made: Engine, name: str) -> dict[str, Any]:
    return dict(
        made.rows(
            "select org_unit_code, (rank_in_peers, n_peers) from marts.mart_scoreboard where indicator = ? order by 1",
            name,
        )
    )


def test_equal_values_share_a_place_as_the_indicator_says(made: Engine) -> None:
    communes = {"C00004": (1.0, 3), "C00008": (1.0, 3)}
    provinces = {"P01": (1.0, 2), "P25": (2.0, 2)}
    assert places(made, "competing") == {**communes, "C05089": (3.0, 3), **provinces}
    assert places(made, "dense") == {**communes, "C05089": (2.0, 3), **provinces}


def test_only_the_peer_group_is_ranked(made: Engine) -> None:
    assert places(made, "averaged") == {
        "C00004": (1.5, 3),
        "C00008": (1.5, 3),
        "C05089": (3.0, 3),
        "P01": (None, None),
        "P25": (None, None),
    }


def test_a_published_figure_that_does_not_follow_is_flagged_and_not_taken(made: Engine) -> None:
    rows = made.rows(
        """select indicator, time_period, round(computed, 3), published, round(difference, 3), is_flagged, message_vi
        from marts.mart_discrepancy order by all"""
    )
    said = "Tính được {}, VPCP công bố {}: {} {}".format
    assert rows == [
        ("gdp_growth", "2006", 6.978, 6.97, 0.008, True, said("6,978", "6,97", "lệch quá mức cho phép", "0,005")),
        ("gdp_growth", "2017", 6.812, 6.81, 0.002, False, said("6,812", "6,81", "trong mức cho phép", "0,005")),
        ("regular_share", "2025", 13.831, 13.5, 0.331, True, said("13,831", "13,5", "lệch quá mức cho phép", "0,1")),
    ]
    assert made.score("gdp_growth", "VN", "2006", "obs_value")[0] == pytest.approx(100 * (1699501 / 1588646 - 1))


def test_a_milestone_is_told_in_the_words_of_its_scale(made: Engine) -> None:
    assert made.score("law_step", "VN", "2025", "value_text_vi") == ("Đã trình",)
    assert made.score("law_step", "VN", "2026", "value_text_vi", "change_text_vi") == (
        "Đã ban hành",
        "Trước đó, năm 2025: Đã trình",
    )


def test_a_quarter_in_progress_is_not_yet_missing(made: Engine) -> None:
    columns = ("obs_value", "is_latest", "light_reason_vi", "coverage_text_vi")
    assert made.score("flow_quarter", "P01", "2026-Q3", *columns)[:2] == (3.0, True)
    assert made.score("flow_quarter", "P25", "2026-Q3", *columns) == (
        None,
        True,
        "Mới có 1/3 báo cáo",
        "1/3 báo cáo (33,3 %)",
    )
    shown = made.rows("select distinct time_period from marts.mart_scoreboard where indicator = 'flow_quarter'")
    assert sorted(shown) == [("2026-Q2",), ("2026-Q3",)]
