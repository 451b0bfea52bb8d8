"""How units get a value from the values below them, where a method does not sum: level by level, on both maps.

Within a level, a unit of today that was made of others takes the mean of their values as reported: a province, and a
ministry, though a ministry takes none from the bodies below it. Reads no file.
"""

from dbt_project.render_steps import UPWARDS
from dbt_project.variants import Variant


def mean_ctes(variant: Variant, mark: str) -> tuple[list[str], str]:
    """CTEs over ``valued``, and the name of the last, which holds the values of all levels."""
    floor = f"{variant.method.min_coverage.normalize():f}"
    weighted = "true" if variant.method.roll_up == "weighted" else "false"
    levels = [level for level in UPWARDS if level in variant.levels]
    others = [level for level in variant.levels if level not in levels]
    ctes: list[str] = []
    done: list[str] = []
    for level in [*levels, *others]:
        own = f"(select * from valued{mark} where level = '{level}')"
        parts = [own]
        if level in levels[1:]:
            below, lower = f"below_{level}{mark}", levels[levels.index(level) - 1]
            ctes.append(_mean(below, f"at_{lower}{mark}", (level, lower), f"valued{mark}", floor, weighted))
            parts.append(f"select * from {below}")
        if level != "nation":
            upto = f"upto_{level}{mark}"
            ctes += [
                _union(upto, parts),
                _mean(f"merged_{level}{mark}", upto, (level, level), upto, floor, weighted, merged=True),
            ]
            parts = [f"select * from {upto}", f"select * from merged_{level}{mark}"]
        ctes.append(_union(f"at_{level}{mark}", parts))
        done.append(f"select * from at_{level}{mark}")
    ctes.append(_union(f"rolled_up{mark}", done))
    return ctes, f"rolled_up{mark}"


def _mean(
    name: str, relation: str, levels: tuple[str, str], own: str, floor: str, weighted: str, merged: bool = False
) -> str:
    arguments = f"'{relation}', [{list(levels)}], '{own}', {floor}, {weighted}{', true' if merged else ''}"
    return f"{name} as (\n    {{{{ mean_of({arguments}) }}}}\n)"


def _union(name: str, parts: list[str]) -> str:
    return f"{name} as (\n    " + "\n    union all\n    ".join(parts) + "\n)"
