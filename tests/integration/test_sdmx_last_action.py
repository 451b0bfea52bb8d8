"""A message says what its last action on a key says, and the same message twice says it once: down to judgement."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors import sdmx_deletions
from connectors.extracted import FIRST
from connectors.sdmx_message import Observation
from expectations import Case, judge
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from tests.integration.test_sdmx_deletions import FIRST_MESSAGE, Sdmx, gone, rows, sdmx
from tests.live_sources import SDMX
from tests.machine_sources import measure, source
from tests.sdmx_messages import data
from tests.whole_catalogue import whole_catalogue

__all__ = ["sdmx"]
pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""

P01 = "P01,RC,2026-09"
Taken = list[tuple[str, str, str | None, str]]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


def message(*lines: str) -> str:
    """An SDMX-CSV message of actions, keys, values and statuses."""
    head = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
    return head + "".join(f"datastructure,NSO:DSD_X(1.0),{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (["D,P01,,,,", f"A,{P01},3,A", "A,P01,ON,2026-09,4,A"], [("received", "3", "A"), ("online", "4", "A")]),
        (["D,P01,,,,", f"A,{P01},3,A"], [("online", None, "O"), ("received", "3", "A")]),
        ([f"D,{P01},,", f"A,{P01},3,A"], [("received", "3", "A")]),
        ([f"A,{P01},3,A", f"D,{P01},,"], [("received", None, "O")]),
        ([f"A,{P01},3,A", "D,P01,,,,"], [("online", None, "O"), ("received", None, "O")]),
        ([f"D,{P01},,", "D,P01,,,,"], [("online", None, "O"), ("received", None, "O")]),
        ([f"A,{P01},2,A", f"D,{P01},,", f"R,{P01},3,A"], [("received", "3", "A")]),
        ([f"A,{P01},3,A", f"A,{P01},4,A"], []),
    ],
    ids=["refilled", "in part", "whole key", "deleted", "deleted in part", "twice", "thrice", "one action twice"],
)
def test_the_last_action_on_a_key_is_accepted(
    sdmx: Sdmx, registry: Registry, lines: list[str], taken: list[tuple[str, str | None, str]]
) -> None:
    measures = [{**measure(name, code), "unit": "dossier"} for name, code in (("received", "RC"), ("online", "ON"))]
    sdmx.asked = source("sdmx", Path(), partition="period", **SDMX, measures=measures)
    sdmx.give(FIRST_MESSAGE)
    read = sdmx.give(message(*lines))
    verdict = judge([Case("a", sdmx.asked[1], read.rows)], registry, None)[0]
    accepted = verdict.accepted.select("org_unit", "measure", "obs_value", "obs_status").rows()
    assert sorted(accepted, key=str) == sorted((("P01", f"probe.{name}", *rest) for name, *rest in taken), key=str)
    assert verdict.returned.is_empty() == bool(taken), "what one action gives twice is told as before"


def test_the_same_message_again_has_the_same_effect(sdmx: Sdmx) -> None:
    sdmx.give(FIRST_MESSAGE)
    deletion = data('REF_AREA="P04"', action="Delete")
    first = sdmx.give(deletion)
    again = sdmx.give(deletion)
    assert rows(again) == rows(first) == gone(("P04", "received"), ("P04", "online"))
    assert again.findings == ()
    assert sdmx.before.batches[-1].landing_path == sdmx.before.batches[-2].landing_path, "the same content is no batch"
    other = sdmx.give(data('REF_AREA="P04" TIME_PERIOD="2026-09"', action="Delete"))
    assert rows(other) == []
    assert [each.message_en for each in other.findings] == [
        "A deletion of the source fits nothing that stands; nothing is withdrawn."
    ]


def test_only_a_part_of_a_key_is_searched_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands is compared once for each deletion with a part of a key, however many whole keys are deleted."""
    compared = 0
    fits = sdmx_deletions._fits

    def counted(key: sdmx_deletions.Key, one: Observation, dimensions: Sequence[str]) -> bool:
        nonlocal compared
        compared += 1
        return fits(key, one, dimensions)

    monkeypatch.setattr(sdmx_deletions, "_fits", counted)
    units = [f"P{n:03}" for n in range(200)]
    found = [Observation({"AREA": unit, "TIME": "2026"}, "Append", "x") for unit in units]
    found += [Observation({"AREA": unit, "TIME": "2026"}, "Delete", "x") for unit in units[1:]]
    found.append(Observation({"AREA": None, "TIME": "2026"}, "Delete", "x"))
    made, notices = sdmx_deletions.spelled_out(found, ["AREA", "TIME"], home, FIRST)
    assert [one.action for _, one in made] == ["Delete"] * 200
    assert notices == []
    assert compared <= 2, "one observation was left, and is found and taken"
