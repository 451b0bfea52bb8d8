"""Several files at once: what their throw-away children do is most of the work, and each core has room for one."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from connectors.workbook.sandbox import AT_ONCE

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Given], Made], given: Sequence[Given]) -> Iterator[tuple[Given, Callable[[], Made]]]:
    """Each of ``given``, in its order, with a function that gives what ``work`` made of it, or raises what it raised.

    One alone is worked on in this thread. Where the caller stops early, what has not begun is never begun.
    """
    if len(given) <= 1 or AT_ONCE <= 1:
        for each in given:
            yield each, lambda each=each: work(each)  # type: ignore[misc]
        return
    with ThreadPoolExecutor(AT_ONCE) as hands:
        begun = [(each, hands.submit(work, each)) for each in given]
        try:
            for each, made in begun:
                yield each, made.result
        finally:
            for _, made in begun:
                made.cancel()
