"""Whose second pair of eyes a report needs before its figures are official: data, since it changes by decision."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from indicator_specs.org_history import within

if TYPE_CHECKING:
    from indicator_specs.reference import Reference

PARENT = "parent"
"""A verifier that is the unit directly above the reporter, whichever that is."""


@dataclass(frozen=True)
class VerificationRule:
    """One row of ``verification.csv``: who verifies a form, for a time.

    ``dataset`` is ``source.dataset``. A rule is for one reporter (``reporter_code``), for those of one kind
    (``reporter_kind``: ministries by one body, provinces by another) or, where both are blank, for every one; the
    nearest goes first. ``verifier_code`` is an org unit, or ``parent``.
    """

    dataset: str
    reporter_kind: str
    reporter_code: str
    verifier_code: str
    valid_from: date | None
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return within(day, self.valid_from, self.valid_to)


def verifier_of(reference: "Reference", dataset: str, reporter: str, on: date) -> str:
    """Code of the body that verifies a reporter's form on a day; empty where nobody needs to."""
    held = [each for each in reference.verifications if each.dataset == dataset and each.holds_on(on)]
    unit = reference.org_units.get(reporter)
    named = [each for each in held if each.reporter_code == reporter]
    others = [each for each in held if not each.reporter_code]
    of_kind = [each for each in others if unit is not None and each.reporter_kind == unit.kind]
    chosen = (named or of_kind or [each for each in others if not each.reporter_kind])[-1:]
    if not chosen:
        return ""
    return reference.parent(reporter, on) if chosen[0].verifier_code == PARENT else chosen[0].verifier_code


def verifiers(reference: "Reference") -> frozenset[str]:
    """Codes of the bodies that may have something to verify."""
    codes = {each.verifier_code for each in reference.verifications}
    if PARENT in codes:
        codes |= {unit.parent_code for unit in reference.org_units.values()}
    return frozenset(codes - {PARENT, ""})
