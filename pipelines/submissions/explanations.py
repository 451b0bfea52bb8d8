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
    """Findings in which warnings about a row that has an explanation are settled, then the explanations themselves.

    A settled warning is for the record: it keeps its rule, and says what the agency explained. Errors are not settled
    by words: a figure that is wrong is to be mended.
    """
    by_row = {_row(each["org_unit"], each["time_period"]): each["text"].strip()[:LONGEST] for each in explanations}
    if not by_row:
        return tuple(findings)
    told = [_settled(each, by_row.get(_row(each.org_unit, each.time_period), "")) for each in findings]
    return (*told, *map(_kept, explanations))


def _settled(finding: Finding, text: str) -> Finding:
    if finding.severity is not Severity.WARNING or not text or not finding.org_unit:
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
        org_unit=org_unit_code(explanation["org_unit"]),
        time_period=_row("", explanation["time_period"])[1],
    )


def _row(org_unit: str, time_period: str) -> tuple[str, str]:
    read = period(time_period)
    return org_unit_code(org_unit), read.time_period if read else time_period
