"""Org units that are given by name: found by the names that they bore at the end of the period, below the reporter.

A name that several units bear is left as it is: judgement returns the row with the choices. Codes are not touched.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from connectors.workbook.refusals import Remark

if TYPE_CHECKING:
    from connectors.workbook.rows import Value
    from indicator_specs.reference import Reference

_MOST_LISTED = 30


def name_units(values: Sequence["Value"], reference: "Reference", agency: str, day: date) -> list[Remark]:
    """Give values that have a name and no code their code, where the name means one unit.

    Returns:
        What is to be said of it: one remark that lists each name and its code.
    """
    found: dict[str, str] = {}
    for value in values:
        typed = value["org_unit"] or value["org_unit_name"]
        if not typed or typed.upper() in reference.org_units:
            continue
        codes = units_of_name(reference, typed, day, agency)
        if len(codes) == 1:
            value["org_unit"] = codes[0]
            found.setdefault(typed, codes[0])
        elif not value["org_unit"]:
            value["org_unit"] = typed
    if not found:
        return []
    listed = [f"{name} → {code}" for name, code in found.items()]
    more = f"; … ({len(listed)} tên)" if len(listed) > _MOST_LISTED else ""
    return [Remark(code="I-UNIT-NAME", place="", found="; ".join(listed[:_MOST_LISTED]) + more)]


def units_of_name(reference: "Reference", name: str, day: date, parent: str) -> tuple[str, ...]:
    """Codes of the units that bear a name on a day: those below ``parent`` if there are any, else all."""
    return reference.resolve(name, day, parent) or reference.resolve(name, day)
