"""dbt's events, of which nobody makes a message that nobody reads.

Imports dbt, which takes seconds.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

GRAVE = (EventLevel.WARN, EventLevel.ERROR)

_fill = BaseEvent.__init__
_look_up: Callable[[BaseEvent, str], Any] = BaseEvent.__getattr__


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


@wraps(_fill)
def _keep_for_later(self: BaseEvent, *args: Any, **kwargs: Any) -> None:
    """What an event is made of; dbt fills it into a message at once, which takes longer than what it tells of."""
    self.__dict__["told"] = (args, kwargs)


@wraps(_look_up)
def _fill_when_asked(self: BaseEvent, key: str) -> Any:
    """Whatever is asked of an event is in its message."""
    if "told" in self.__dict__:
        args, kwargs = self.__dict__.pop("told")
        _fill(self, *args, **kwargs)
    return _look_up(self, key)


def hear_only_what_is_grave() -> None:
    """For every run of dbt in this process from now on."""
    BaseEvent.__init__ = _keep_for_later  # type: ignore[method-assign]
    BaseEvent.__getattr__ = _fill_when_asked  # type: ignore[method-assign]
    ctx_set_event_manager(_Unheard())
