"""Several files at once: what their throw-away children do is most of the work, and each core has room for one."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from connectors.workbook.sandbox import AT_ONCE

Given = TypeVar("Given")
Made = TypeVar("Made")

HANDS = 2 * AT_ONCE
"""Threads that hand files to the children: while one waits for the disk or for its turn, another's child works."""

AHEAD = 40
"""Works that are begun before anybody asks for what they made: what they made is held in memory."""


def side_by_side(work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[tuple[Given, Callable[[], Made]]]:
    """Each of ``given``, in its order, with a function that gives what ``work`` made of it, or raises what it raised.

    They go on while the caller is busy with what it has asked for; where it stops early, what has not begun is never
    begun. ``given`` itself is asked for more by the caller's own thread.
    """
    with ThreadPoolExecutor(HANDS) as hands:
        rest, begun = iter(given), deque[tuple[Given, Future[Made]]]()
        try:
            while True:
                begun += [(each, hands.submit(work, each)) for each in islice(rest, AHEAD - len(begun))]
                if not begun:
                    return
                each, made = begun.popleft()
                yield each, made.result
        finally:
            for _, made in begun:
                made.cancel()


def in_turns(given: Iterator[Given], n: int) -> Iterator[Sequence[Given]]:
    """``n`` of them at a time, in their order; the last turn may have fewer."""
    while turn := list(islice(given, n)):
        yield turn
