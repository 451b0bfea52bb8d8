"""dbt's templates in a process that builds again and again: compiled once, and given their words without copying them.

dbt keeps what it has compiled of macros, but compiles the text of a model or a test anew for each build, and copies the
names of all macros for each word of a test's arguments. Imports dbt, which takes seconds.
"""

from functools import wraps
from types import CodeType
from typing import Any

from dbt_common.clients.jinja import MacroFuzzEnvironment, MacroFuzzTemplate, NativeSandboxTemplate

_KEPT: dict[tuple[type, str], CodeType] = {}
"""By kind of environment and text: environments of one kind differ in what they look up, not in how they read."""

_compile = MacroFuzzEnvironment.compile


@wraps(_compile)
def _compile_once(self: MacroFuzzEnvironment, source: Any, *args: Any, **kwargs: Any) -> Any:
    if args or kwargs or not isinstance(source, str):
        return _compile(self, source, *args, **kwargs)
    key = type(self), source
    if key not in _KEPT:
        _KEPT[key] = _compile(self, source)
    return _KEPT[key]


def keep_templates() -> None:
    """For every run of dbt in this process from now on."""
    MacroFuzzEnvironment.compile = _compile_once  # type: ignore[method-assign,assignment]
    NativeSandboxTemplate.new_context = MacroFuzzTemplate.new_context  # type: ignore[method-assign,assignment]
