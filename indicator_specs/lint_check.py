"""The shape of a lint check and of what it says, shared by all checks."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indicator_specs.errors import both
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


class Hit(NamedTuple):
    """What a check saw: of whom, what, and a remedy where it can be said more exactly than for all."""

    subject: str
    message: str
    remedy: str = ""


Search = Callable[[Registry], Iterator[Hit]]


@dataclass(frozen=True)
class Check:
    """One rule: its name, how grave it is, why it matters and what to do; and the search for what breaks it."""

    name: str
    severity: LintSeverity
    reason: str
    remedy: str
    search: Search

    def findings(self, registry: Registry) -> Iterator[LintFinding]:
        """What the search saw, as findings."""
        for hit in self.search(registry):
            yield LintFinding(self.name, self.severity, hit.subject, hit.message, hit.remedy or self.remedy)


def check(severity: LintSeverity, reason_vi: str, remedy_vi: str, remedy_en: str) -> Callable[[Search], Check]:
    """Make a rule of a search: named after the function, with the function's docstring as the reason in English."""

    def made(search: Search) -> Check:
        reason = both(reason_vi, (inspect.getdoc(search) or "").strip())
        return Check(search.__name__, severity, reason, both(remedy_vi, remedy_en), search)

    return made
