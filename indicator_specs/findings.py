"""What judgement says of a value: shared by the rooms that read, judge and answer."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The indicator group is returned."""
    WARNING = "warning"
    """Accepted; the agency is asked to explain."""
    INFO = "info"
    """Said for the record: a conversion, an ignored column."""


@dataclass(frozen=True)
class Finding:
    """One thing found, at one place, in words for the agency.

    ``place`` is ``Sheet!C7`` in a workbook, ``row 12`` in a query result, ``page 2 item 5`` in an API
    answer, or empty where the finding is about the whole file. ``group`` is the indicator group that
    an error returns; empty where none is concerned.
    """

    rule: str
    severity: Severity
    place: str
    found: str
    expected: str
    message_vi: str
    message_en: str
    measure: str = ""
    org_unit: str = ""
    time_period: str = ""
    group: str = ""
