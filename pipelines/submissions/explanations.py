"""Explanations that an officer writes beside the figures: kept as they stand, they settle the warnings of their row."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.workbook.rows import Explanation
from expectations.canonical import org_unit_code, period
from indicator_specs.findings import Finding, Severity

LONGEST = 2_000
"""Of a longer text the beginning is kept in the ledger; the file itself is kept whole."""

SETTLED = "explained"
"""What stands in the field ``expected`` of a warning that was explained: nothing more is asked for."""


def with_explanations(findings: Sequence[Finding], explanations: Sequence[Explanation]) -> tuple[Finding, ...]:
    """Findings in which warnings that were explained are settled, then the explanations themselves.

    A warning about one row is settled by what stands beside that row; one about many rows of a period (a copy of the
    month before, two columns in each other's place) by what stands beside any of them; one about a total by what stands
    in the total's own row. A settled warning is for the record: it keeps its rule, and says what the agency explained.
    Errors are not settled by words: a figure that is wrong is to be mended.
    """
    if not explanations:
        return tuple(findings)
    told = [_settled(each, _about(each, explanations)) for each in findings]
    return (*told, *map(_kept, explanations))


def _about(finding: Finding, explanations: Sequence[Explanation]) -> str:
    """What was explained of a finding, each text once."""
    if finding.org_unit:
        of = [each for each in explanations if _row(each) == (finding.org_unit, finding.time_period)]
    elif finding.time_period:
        of = [each for each in explanations if _row(each)[1] == finding.time_period]
    else:
        of = [each for each in explanations if not each["org_unit"] and _line(each["place"]) == _line(finding.place)]
    return "; ".join(dict.fromkeys(each["text"].strip() for each in of))[:LONGEST]


def _settled(finding: Finding, text: str) -> Finding:
    if finding.severity is not Severity.WARNING or not text:
        return finding
    return replace(
        finding,
        severity=Severity.INFO,
        expected=SETTLED,
        message_vi=f"{finding.message_vi} Đơn vị đã giải trình: “{text}”",
        message_en=f"{finding.message_en} The unit explained: “{text}”",
    )


def _kept(explanation: Explanation) -> Finding:
    text = explanation["text"].strip()[:LONGEST]
    return Finding(
        "explanation",
        Severity.INFO,
        explanation["place"],
        text,
        "",
        "Giải trình của đơn vị đã được ghi nhận.",
        "The explanation of the unit was recorded.",
        org_unit=_row(explanation)[0],
        time_period=_row(explanation)[1],
    )


def _row(explanation: Explanation) -> tuple[str, str]:
    read = period(explanation["time_period"])
    return org_unit_code(explanation["org_unit"]), read.time_period if read else explanation["time_period"]


def _line(place: str) -> tuple[str, str]:
    """Sheet and number of the row of ``Số liệu!E52``."""
    sheet, _, cell = place.rpartition("!")
    return sheet, cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
