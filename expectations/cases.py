"""What goes into judgement and what comes out of it: shapes only.

Owns ``Case``, ``Verdict`` and the shape of history. Must not judge, read a file or know Great Expectations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from indicator_specs.findings import Finding
from indicator_specs.source_spec import Dataset

HISTORY = ("measure", "org_unit", "time_period", "breakdown", "producer", "obs_value")
"""Columns of history: the current values of the last sealed release, decoded, one row per value.

``obs_value`` is ``Decimal`` or plain decimal text; all others are text in canonical form. Grain: the first five.
"""


@dataclass(frozen=True)
class Case:
    """One reading to judge: a workbook's rows, or what one pull of a source brought.

    ``rows`` has the columns of ``indicator_specs.reading.READING``. ``agency`` is the org unit code of the
    reporter and ``time_period`` the period that the submission speaks of; both are empty for a pull.
    ``key_columns`` says in which column of the sheet ``org_unit``, ``time_period`` or ``measure`` stand
    (``{"org_unit": "B"}``), so that a wrong code is marked in its own cell and not in that of the value.
    """

    case_id: str
    dataset: Dataset
    rows: pl.DataFrame
    agency: str | None = None
    time_period: str | None = None
    key_columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a case.

    ``accepted`` and ``returned`` have the columns of ``READING`` in the order of the reading, and together as many
    rows as it. ``returned`` also holds rows that are no error but carry no value of their own: blank cells and
    repetitions of a row that was accepted. Accepted rows carry codes and periods in canonical form.
    ``unanswered`` are those of the returned rows that are blank cells of groups without an error, in canonical form:
    whether they say that a figure is withdrawn, only who knows what was sent before can tell.
    """

    case_id: str
    accepted: pl.DataFrame
    returned: pl.DataFrame
    findings: tuple[Finding, ...]
    unanswered: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def n_read(self) -> int:
        """Rows in the reading."""
        return self.accepted.height + self.returned.height
