"""When accepted files are merged: above a number of loose ones, every night, or when somebody asks.

One process merges at a time. Readers need not wait for it: what they read stays.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.installation import Installation
from pipelines.turns import COMPACTION, turn

if TYPE_CHECKING:  # whoever only asks whether there is anything to merge need not load what merges
    from connectors.compaction import Compacted, Limits

MANY = 64
"""Loose files of one dataset and period above which they are merged at once: a scan pays for each file."""

NIGHTLY = 2
"""Loose files that are merged at night."""


@dataclass
class Compactions:
    """What was merged, and what could not be, each in a sentence for people."""

    made: list["Compacted"] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def compact_loose(here: Installation, least: int = MANY + 1, limits: "Limits | None" = None) -> Compactions:
    """Merge the files of every dataset and period of which at least so many lie loose.

    A group of which a file was altered stays as it is; the others are merged.

    Raises:
        LeaseHeldError: another process has been merging for longer than anybody waits.
        OSError: the store cannot be written; what was merged before stays merged.
    """
    done = Compactions()
    if not here.ledger.compactions.loose_groups(least):
        return done
    from connectors.compaction import CompactionError, compact  # noqa: PLC0415 - as above

    with turn(here.ledger, COMPACTION) as lease:
        for group in here.ledger.compactions.loose_groups(least):
            try:
                done.made.append(compact(here.home, here.ledger, group, lease, limits))
            except CompactionError as error:
                done.faults.append(str(error))
    return done
