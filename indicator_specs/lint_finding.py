"""The shape of what lint says, shared by its checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from indicator_specs.registry import Registry

LintSeverity = Literal["error", "warning", "info"]


@dataclass(frozen=True, order=True)
class LintFinding:
    """One thing found. ``check`` names the rule, ``subject`` the indicator, measure or dataset it is about."""

    check: str
    severity: LintSeverity
    subject: str
    message: str
    remedy: str


Check = Callable[[Registry], Iterator[LintFinding]]
