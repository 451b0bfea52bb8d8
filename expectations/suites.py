"""The rules of judgement, as values.

A suite is derived in memory from what the source and the indicators declare. A rule names one column of the judged
frame (``frame``: facts about each value, looked up and not yet judged) and what must hold there; ``run`` turns each
rule into one Great Expectations expectation. Must not know Great Expectations, nor word a message.

A missing fact settles a rule in the row's favour: a row with an unknown unit has no level, so only one rule speaks
of it. ``frame`` leaves facts out on purpose for that.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from expectations.terms import Terms
from indicator_specs.findings import Severity

VALUELESS = frozenset({"blank", "lacking_value", "repeated_row"})
"""Rules whose rows are no error but carry no value of their own: they are not accepted, and return nothing else."""

STORED_DECIMALS = 9
"""Measures are stored as ``DECIMAL(38, 9)``."""

LARGEST = Decimal("1e20")
"""DuckDB's sums of ``DECIMAL(38, 9)`` overflow silently at 1e29 (measured): a value stays well below."""
LARGEST_TAKEN = Decimal("99999999999999999999.999999999")
"""The last value before it, at the precision that is stored."""


class Must(StrEnum):
    """What a rule asks of its column.

    A row where the column (or either of two) is missing is left alone, except by ``BE_GIVEN``.
    """

    BE_GIVEN = "be given"
    BE_EMPTY = "be empty"
    BE_ONE_OF = "be one of"
    LIE_BETWEEN = "lie between"
    EQUAL = "equal the other column"
    NOT_BE_ABOVE = "not be above the other column"

    @property
    def is_of_two(self) -> bool:
        """Whether it asks about two columns."""
        return self in {Must.EQUAL, Must.NOT_BE_ABOVE}


class Scope(StrEnum):
    """What one finding speaks of."""

    VALUE = "value"
    LINE = "line"
    """All values of one line of the source: a wrong unit code is one mistake, not five."""
    PERIOD = "period"
    """All values of one period of the case."""
    COLUMN = "column"
    """All values of one measure and period that the rule caught."""
    CASE = "case"
    """All values of the case that the rule caught."""

    @property
    def is_of_many(self) -> bool:
        """Whether it speaks of values all over the case rather than of a place in it."""
        return self in {Scope.PERIOD, Scope.COLUMN, Scope.CASE}


@dataclass(frozen=True)
class Rule:
    """One rule. ``id`` is permanent: it is the finding's code and the name of its wording.

    ``names_itself``: what is found in the column is the finding's code (``id`` then only names the rule).
    ``key``: what stands in the cell at fault, if not the value: ``org_unit``, ``time_period`` or ``measure``.
    ``least`` and ``most`` are inclusive and small: the engine turns them into floats (measured: 1e20 lay below
    99999999999999999999.999999999), so a bound that must be exact is a column of the frame.
    """

    id: str
    severity: Severity
    column: str
    must: Must
    other: str = ""
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    scope: Scope = Scope.VALUE
    names_itself: bool = False
    key: str = ""


def suite(terms: Terms) -> tuple[Rule, ...]:
    """All rules of one dataset, in the order in which an agency reads them."""
    of_form = (*_peers(), *_habits()) if terms.kind == "workbook" else ()
    return (*_reading(terms), *_identity(terms), *_period(), *_value(terms), *_twice(), *_past(), *of_form, *_notes())


def _reading(terms: Terms) -> tuple[Rule, ...]:
    # An officer is asked about each blank cell; a service that lacks a figure is told so once.
    blank = Rule("blank", Severity.WARNING, "blank", Must.BE_EMPTY)
    lacking = Rule("lacking_value", Severity.WARNING, "blank", Must.BE_EMPTY, scope=Scope.CASE)
    return (
        Rule("problem", Severity.ERROR, "problem_found", Must.BE_EMPTY, names_itself=True),
        blank if terms.kind == "workbook" else lacking,
        Rule("out_of_range", Severity.ERROR, "magnitude", Must.NOT_BE_ABOVE, other="largest"),
    )


def _identity(terms: Terms) -> tuple[Rule, ...]:
    # An agency reports for the units of the period; a published series may be recalculated for today's units.
    not_yet = Rule("future_org_unit", Severity.ERROR, "unit_first_day", Must.NOT_BE_ABOVE, other="period_end")
    recast = replace(not_yet, id="recast_org_unit", severity=Severity.INFO, scope=Scope.CASE, key="org_unit")
    is_form = terms.kind == "workbook"
    return (
        Rule("unknown_measure", Severity.ERROR, "declared_measure", Must.BE_GIVEN, scope=Scope.LINE, key="measure"),
        *(
            replace(rule, scope=Scope.LINE, key="org_unit")
            for rule in (
                Rule("unknown_org_unit", Severity.ERROR, "unit_level", Must.BE_GIVEN),
                Rule("wrong_level", Severity.ERROR, "unit_level", Must.BE_ONE_OF, values=terms.levels),
                Rule("retired_org_unit", Severity.ERROR, "period_start", Must.NOT_BE_ABOVE, other="unit_last_day"),
                *((not_yet,) if is_form else ()),
                Rule("not_own_org_unit", Severity.ERROR, "owed_by", Must.EQUAL, other="agency"),
            )
        ),
        *(() if is_form else (recast,)),
    )


def _period() -> tuple[Rule, ...]:
    return tuple(
        replace(rule, scope=Scope.LINE, key="time_period")
        for rule in (
            Rule("unreadable_period", Severity.ERROR, "period", Must.BE_GIVEN),
            Rule("wrong_frequency", Severity.ERROR, "period_frequency", Must.EQUAL, other="frequency"),
            Rule("wrong_period", Severity.ERROR, "period_to_match", Must.EQUAL, other="asked_period"),
            Rule("future_period", Severity.ERROR, "period_start_unasked", Must.NOT_BE_ABOVE, other="today"),
        )
    )


def _value(terms: Terms) -> tuple[Rule, ...]:
    ceilings = (
        Rule("numerator_above_denominator", Severity.ERROR, "number", Must.NOT_BE_ABOVE, other=f"ceiling_{n}")
        for n in range(terms.most_ceilings)
    )
    parts = Rule("parts_do_not_add_up", Severity.ERROR, "parts_gap", Must.NOT_BE_ABOVE, other="parts_tolerance")
    # Published series count some things in fractions (articles by several authors); a form asks for whole numbers.
    whole = Rule("not_whole", Severity.ERROR, "count_decimals", Must.LIE_BETWEEN, most=0)
    return (
        *((whole,) if terms.kind == "workbook" else ()),
        Rule("below_minimum", Severity.ERROR, "minimum", Must.NOT_BE_ABOVE, other="number"),
        Rule("above_maximum", Severity.ERROR, "number", Must.NOT_BE_ABOVE, other="maximum"),
        *ceilings,
        *((parts,) if terms.has_parts else ()),
    )


def _twice() -> tuple[Rule, ...]:
    return (
        Rule("duplicate_row", Severity.ERROR, "values_of_key", Must.LIE_BETWEEN, most=1),
        Rule("repeated_row", Severity.INFO, "repeats", Must.BE_EMPTY),
    )


def _past() -> tuple[Rule, ...]:
    return (
        Rule("scale_slip", Severity.WARNING, "times_off", Must.LIE_BETWEEN, most=1),
        Rule("large_change", Severity.WARNING, "change_pct", Must.NOT_BE_ABOVE, other="max_change_pct"),
        Rule("copy_of_previous", Severity.WARNING, "n_differing", Must.LIE_BETWEEN, least=1, scope=Scope.PERIOD),
        Rule("swapped_columns", Severity.WARNING, "swapped_with", Must.BE_EMPTY, scope=Scope.PERIOD),
    )


def _peers() -> tuple[Rule, ...]:
    return (Rule("far_from_peers", Severity.WARNING, "times_off_peers", Must.LIE_BETWEEN, most=1),)


def _habits() -> tuple[Rule, ...]:
    # A sign for whoever verifies, and no accusation: never more than a note.
    return (
        Rule("same_ending", Severity.INFO, "ending", Must.BE_EMPTY, scope=Scope.COLUMN),
        Rule("digits_alike", Severity.INFO, "alike", Must.BE_EMPTY, scope=Scope.COLUMN),
    )


def _notes() -> tuple[Rule, ...]:
    return tuple(
        replace(rule, severity=Severity.INFO, scope=Scope.CASE)
        for rule in (
            Rule("conversion", Severity.INFO, "conversion", Must.BE_EMPTY, names_itself=True),
            Rule("rounded", Severity.INFO, "decimals", Must.LIE_BETWEEN, most=STORED_DECIMALS),
            Rule("tidied_org_unit", Severity.INFO, "tidied_org_unit", Must.BE_EMPTY),
            Rule("tidied_period", Severity.INFO, "tidied_period", Must.BE_EMPTY),
        )
    )
