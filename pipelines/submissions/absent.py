"""Units for which an agency owes figures and of which neither this file nor an earlier one says anything.

A report may come in several files: what was taken stands, and the receipt says which rows are still to be sent.
"""

from collections.abc import Iterable

import polars as pl

from expectations import Verdict
from expectations.canonical import org_unit_code
from indicator_specs import periods
from indicator_specs.assignments import units_owed_by
from indicator_specs.findings import Finding, Severity
from indicator_specs.reference import Reference
from pipelines.submissions.standing import Line

RULE = "units_missing"

MOST_NAMED = 12
"""Units that a sentence can bear."""


def missing_units(reference: Reference, line: Line, verdict: Verdict, known: Iterable[str] = ()) -> list[Finding]:
    """At most one warning: which units are missing, and how to send the rest.

    A row that names no unit that is owed may stand for one of those that are missing; it has a finding of its own, so
    nothing is said where such rows are as many.

    Args:
        reference: who owes what.
        line: whose report on what.
        verdict: of the file.
        known: units of which earlier files of the same report have said something.
    """
    owed = units_owed_by(reference, line.dataset, line.agency, periods.parse(line.time_period).end_date)
    read = pl.concat([verdict.accepted["org_unit"], verdict.returned["org_unit"]]).unique()
    named = {org_unit_code(text) for text in read}
    absent = [unit for unit in owed if unit.org_unit_code not in named]
    before = frozenset(known) if absent else frozenset()
    missing = [unit for unit in absent if unit.org_unit_code not in before]
    n_strange = len(named - {unit.org_unit_code for unit in owed})
    if len(missing) <= n_strange:
        return []
    shown = "; ".join(f"{unit.name_vi} ({unit.org_unit_code})" for unit in missing[:MOST_NAMED])
    rest = len(missing) - MOST_NAMED
    more = (f"; và {rest} đơn vị khác", f"; and {rest} more") if rest > 0 else ("", "")
    return [
        Finding(
            RULE,
            Severity.WARNING,
            "",
            f"thiếu {len(missing)} trên {len(owed)} đơn vị",
            f"số liệu của {len(owed)} đơn vị",
            f"Chưa có số liệu của {len(missing)} trên {len(owed)} đơn vị thuộc phạm vi báo cáo: {shown}{more[0]}. Số "
            "liệu đã tiếp nhận được giữ nguyên; đề nghị gửi tiếp các dòng còn lại theo đúng biểu và kỳ này, không cần "
            "gửi lại các dòng đã gửi.",
            f"Nothing has come yet of {len(missing)} of the {len(owed)} units to report on: {shown}{more[1]}. What was "
            "taken stands; please send the other rows in the same form for the same period; those already sent need "
            "not be sent again.",
        )
    ]
