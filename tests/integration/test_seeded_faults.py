"""A small edition of ``benchmarks.faults``: mistakes are found and named, clean reports are left alone."""

from benchmarks.faults import FAULTS, TODAY, score
from indicator_specs.environment import environment
from tests.workbooks import registry


def test_seeded_mistakes_are_named_and_clean_reports_are_not_accused() -> None:
    with environment(CHISO_NOW=TODAY):
        result = score(100, registry())
    assert result.n_seeded == dict.fromkeys(FAULTS, 20)
    assert result.named_share >= 0.95, result
    assert result.false_alarms == 0, result
