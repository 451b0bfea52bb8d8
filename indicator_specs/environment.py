"""Settings that hold for one block: how a step tells a library or a child process where and when it works."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    """Environment variables that hold within the block, and are put back as they were after it."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
