"""For sqlfluff, which renders models without dbt: what a dispatched macro becomes is of no matter to the layout."""

from collections.abc import Callable


def dispatch(macro: str, package: str = "") -> Callable[..., str]:
    """A call with the macro's first arguments, whichever engine would write it."""
    return lambda *arguments: f"{macro}({', '.join(str(argument) for argument in arguments)})"
