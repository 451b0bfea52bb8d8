"""What indicators weigh that do not say so themselves is a rule of their programme, told in its data."""

from decimal import Decimal
from pathlib import Path

import pytest

from indicator_specs.errors import SpecError
from tests.small_catalogue import RATE_FILE, Small

PROGRAMMES_FILE = "catalogue/programmes.yml"
RULE = """\
  scoring:
    codes: 'CS\\d'
    weights: {central: "2", agency: "1.5"}
    source: "bản dự thảo"
    confidence: assumed
"""


@pytest.fixture
def small(tmp_path: Path) -> Small:
    found = Small.at(tmp_path)
    found.change(PROGRAMMES_FILE, "  legal_basis:", f"{RULE}  legal_basis:")
    return found


def scoring(small: Small, name: str = "rate") -> tuple[Decimal | None, str]:
    found = small.load().indicators[name].scoring
    return found.weight, found.normalise


def test_an_official_indicator_with_a_target_weighs_what_its_layer_weighs(small: Small) -> None:
    assert scoring(small) == (Decimal(2), "distance_to_target")
    assert scoring(small, "pair") == (None, "none"), "it has no target"


def test_what_an_indicator_says_itself_holds(small: Small) -> None:
    small.change(RATE_FILE, "targets:\n", 'scoring: {weight: "3", normalise: none}\ntargets:\n')
    assert scoring(small) == (Decimal(3), "none")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("layer: central", "layer: field"),
        ('codes: ["CS1"]', 'codes: ["X1"]'),
        ("kind: reach, by", "kind: added_since, by"),
        ('value: "80", source', 'value: "0", source'),
        ("governs: true", "governs: false"),
    ],
    ids=["layer", "code", "kind", "zero", "not_governing"],
)
def test_what_the_rule_does_not_name_weighs_nothing(small: Small, old: str, new: str) -> None:
    small.change(RATE_FILE, old, new)
    assert scoring(small) == (None, "none")


def test_a_rule_without_its_source_is_refused(small: Small) -> None:
    small.change(PROGRAMMES_FILE, '    source: "bản dự thảo"\n', "")
    with pytest.raises(SpecError, match="source"):
        small.load()
