"""What a compiled formula needs before its expression: one CTE for each step, over the inputs side by side.

Window steps keep every row and its quality is the worst of what they look at; a step over the units below aggregates
their rows and joins them back. Reads no file.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dbt_project.variants import CodegenError, Variant
from indicator_specs.formula import Column, CompiledFormula, Step
from indicator_specs.inputs import InputSpec
from indicator_specs.registry import Registry
from indicator_specs.typed_text import Level

UPWARDS: tuple[Level, ...] = ("commune", "province", "nation")
"""Levels of the territory, the lowest first."""
WORST_OF_ALL = ("caution", "n_reported", "n_expected", "coverage", "unit_set", "is_synthetic", "is_uneven")
"""What is known of a row: the worst of all that it is made of."""

QUALITY = (*WORST_OF_ALL, "known_caution", "known_coverage", "is_broken")
"""The same, and the worst of what has a value, which a formula with steps can do with."""

METHOD_OF = "method_of_"
"""Begins the name of the column that tells which method made an input."""

OF_A_UNIT = {
    "level": "max(upper_level)",
    "peer_group": "max(upper_level)",
    "period_year": "max(period_year)",
    "period_position": "max(period_position)",
}
"""What is known of a unit and a period though the unit has no row of its own, from the rows below it."""


@dataclass(frozen=True)
class Spine:
    """Columns that stand beside the inputs in every row, and those that steps have added so far."""

    columns: tuple[str, ...]
    methods: tuple[str, ...]
    mark: str
    never: tuple[str, ...] = ()
    """Of the quality what is true of no row, so that no earlier row need be asked."""

    def with_(self, step: Step) -> "Spine":
        """The same with the columns of a step."""
        never = tuple(each for each in self.never if each != "is_broken")
        return Spine((*self.columns, *(column.name for column in step.columns)), self.methods, self.mark, never)


def step_ctes(
    registry: Registry, variant: Variant, compiled: CompiledFormula, spine: Spine, relation: str
) -> tuple[list[str], str]:
    """The CTEs of all steps over ``relation``, and the name of the last, over which the expression stands."""
    ctes: list[str] = []
    for number, step in enumerate(compiled.steps, start=1):
        name = f"step_{number}{spine.mark}"
        if step.kind == "children":
            pairs = child_levels(registry, variant, step.child_level)
            below = f"below_{number}{spine.mark}"
            ctes += [_below(step, below, relation, pairs, spine), _beside(step, name, below, relation, spine)]
        elif step.kind == "before":
            ctes.append(_before(step, name, relation, spine))
        else:
            ctes.append(_window(step, name, relation, spine))
        spine, relation = spine.with_(step), name
    return ctes, relation


def child_levels(registry: Registry, variant: Variant, level: Level | None) -> list[tuple[Level, Level]]:
    """Each of the variant's levels with the level below whose rows are looked at.

    Raises:
        CodegenError: no level of the variant has one below it.
    """
    with_values = {each for given in variant.inputs.values() for each in _levels(registry, given)}
    lowest = min((UPWARDS.index(each) for each in with_values if each in UPWARDS), default=0)
    found: list[tuple[Level, Level]] = []
    for upper in variant.levels:
        if upper not in UPWARDS:
            continue
        below = UPWARDS[lowest : UPWARDS.index(upper)]
        if level is None and below:
            found.append((upper, below[-1]))
        elif level in UPWARDS[: UPWARDS.index(upper)]:
            found.append((upper, level))
    if not found:
        raise CodegenError(f"{', '.join(variant.levels)}: no units below them have values to count over")
    return found


def _levels(registry: Registry, given: InputSpec) -> Collection[Level]:
    if given.measure:
        return registry.measures[given.measure].levels
    return registry.indicators[given.indicator or ""].levels


def _listed(columns: Sequence[str], indent: int = 8) -> str:
    return (",\n" + " " * indent).join(columns)


def _window(step: Step, name: str, relation: str, spine: Spine) -> str:
    added = [f"{column.sql} as {column.name}" for column in step.columns]
    if not step.frames and not step.fixed_periods:
        return f"{name} as (\n    select\n        *,\n        {_listed(added)}\n    from {relation}\n)"
    quality = f"{{{{ seen_through({list(step.frames)}, {list(step.fixed_periods)}, {list(spine.methods)}) }}}}"
    return (
        f"{name} as (\n    select\n        {', '.join(spine.columns)},\n        {_listed([*added, quality])}\n"
        f"    from {relation}\n)"
    )


def _before(step: Step, name: str, relation: str, spine: Spine) -> str:
    """Each row beside the unit's row of an earlier period, where there is one."""
    looked_at = [f"{column.sql} as {column.name}" for column in step.columns]
    added = [f"{_same_method(column)} as {column.name}" for column in step.columns]
    methods, asked = list(spine.methods), [each for each in QUALITY if each not in spine.never]
    arguments = f"{methods}, {list(spine.never)}" if spine.never else f"{methods}"
    return (
        f"{name} as (\n    select\n        {', '.join(f'now.{column}' for column in spine.columns)},\n        "
        + _listed([*added, f"{{{{ seen_before({arguments}) }}}}"])
        + f"\n    from {relation} as now\n    left join (\n        select\n            "
        + _listed(
            [f"map, org_unit_key, period_key + {step.back} as period_key", *looked_at, *methods, *asked], indent=12
        )
        + f"\n        from {relation}\n    ) as earlier\n        on\n            now.map = earlier.map"
        " and now.org_unit_key = earlier.org_unit_key\n            and now.period_key = earlier.period_key\n)"
    )


def _same_method(column: Column) -> str:
    same = " and ".join(f"earlier.method_of_{name} = now.method_of_{name}" for name in column.held_to)
    return f"case when {same} then earlier.{column.name} end" if same else f"earlier.{column.name}"


def _below(step: Step, name: str, relation: str, pairs: list[tuple[Level, Level]], spine: Spine) -> str:
    added = [f"{OF_A_UNIT[key]} as {key}" for key in spine.columns if key in OF_A_UNIT]
    added += [f"{column.sql} as {column.name}" for column in step.columns]
    return (
        f"{name} as (\n    select\n        upper_map as map,\n        upper_key as org_unit_key,\n"
        f"        upper_period_key as period_key,\n"
        f"        {{{{ quality_below() }}}},\n        {_listed(added)}\n"
        f"    from {{{{ units_below('{relation}', {[list(pair) for pair in pairs]}) }}}}\n"
        f"    group by upper_map, upper_key, upper_period_key\n"
        f"    having count(org_unit_key) > 0\n)"
    )


def _beside(step: Step, name: str, below: str, relation: str, spine: Spine) -> str:
    """The units' own rows with what was found below them; a unit that has only the latter gets a row."""
    keys = {"map", "org_unit_key", "period_key"}
    own = [f"{relation}.{column}" for column in spine.columns if column not in keys and column not in OF_A_UNIT]
    added = [f"coalesce({relation}.{key}, {below}.{key}) as {key}" for key in spine.columns if key in OF_A_UNIT]
    added += [f"{below}.{column.name}" for column in step.columns]
    counts = [f"{below}.{each}" for each in step.known]
    known = counts[0] if len(counts) == 1 else f"least({', '.join(counts)})"
    return (
        f"{name} as (\n    select\n        map, org_unit_key, period_key,\n        "
        + _listed([", ".join(own), *added])
        + f",\n        {{{{ quality_beside('{relation}', '{below}', '{known}') }}}}\n"
        f"    from {relation}\n    full outer join {below} using (map, org_unit_key, period_key)\n)"
    )
