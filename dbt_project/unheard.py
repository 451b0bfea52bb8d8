"""dbt's events, of which nobody makes a message that nobody reads.

Imports dbt, which takes seconds.
"""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

GRAVE = (EventLevel.WARN, EventLevel.ERROR)


class _Unheard(EventManager):
    """Passes on what may stop a run, or what a log was asked to hold.

    dbt's own makes a message of each of a dozen events a model, for loggers that a build of ours does not have: a tenth
    of what a build in Python takes.
    """

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """See ``EventManager``."""
        if self.loggers or force_warn_or_error_handling or (level or e.level_tag()) in GRAVE:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def hear_only_what_is_grave() -> None:
    """For every run of dbt in this process from now on."""
    ctx_set_event_manager(_Unheard())
