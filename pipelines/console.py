"""How the command line speaks: one console, one way to show progress."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

PAGE = 160
"""Columns of what is written to a file or a pipe, which has no width of its own."""

out = Console(width=None if sys.stdout.isatty() else PAGE)
err = Console(stderr=True)


@dataclass
class Steps:
    """The steps of a long command and the seconds each took, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show that a step is under way, and note how long it took."""
        started = time.perf_counter()
        with out.status(f"{name} …"):
            yield
        took = time.perf_counter() - started
        self.seconds[name] = self.seconds.get(name, 0.0) + took
        out.print(f"  {name} [dim]{took:.1f} s[/]")


def said(*sentences: str) -> None:
    """Sentences on standard error, as they stand: a file name may look like markup."""
    for sentence in sentences:
        err.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


def table(title: str, *columns: str) -> Table:
    """An empty table with the house's looks."""
    made = Table(title=title, title_justify="left", header_style="bold", expand=False)
    for column in columns:
        # On a narrow screen a code is folded, not cut: it is there to be copied.
        made.add_column(column, overflow="fold")
    return made
