"""Why a file as a whole cannot be read, and what is remarked about it.

Owns how a rule of ``file_rules`` becomes a finding. Rules about values belong to the room that judges.
"""

from typing import TypedDict

from connectors.workbook.file_rules import RULES, FileRule
from connectors.workbook.layout_rules import LAYOUT_RULES
from indicator_specs.findings import Finding, Severity

_RULES: dict[str, FileRule] = {**RULES, **LAYOUT_RULES}


class Remark(TypedDict):
    """Something to tell the officer about the file: a rule of ``file_rules`` with its place."""

    code: str
    place: str
    found: str


class FileRefusedError(Exception):
    """The file as a whole cannot be read; ``code`` names the rule.

    ``place`` is a cell, a part of the file, or empty.
    """

    def __init__(self, code: str, place: str = "", found: str = "") -> None:
        super().__init__(f"{code} [{place}] {found}")
        self.code = code
        self.place = place
        self.found = found


def finding_of(code: str, place: str = "", found: str = "", expected: str = "") -> Finding:
    """The finding for one rule of this module, with its place and what was found."""
    rule = _RULES[code]
    severity = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}[code[0]]
    return Finding(code, severity, place, found, expected or rule.expected, rule.vi, rule.en)


def is_hostile(code: str) -> bool:
    """Whether a file refused by this rule is held for inspection rather than archived."""
    return _RULES[code].is_hostile
