"""An interruption between a question and its answer: the next file never gets the answer of the one before it."""

from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from connectors.workbook import sandbox
from connectors.workbook.reading import WorkbookReading
from connectors.workbook.sandbox import read_in_sandbox
from tests.corpus.line import cells, good_book
from tests.workbooks import KEY, registry


def first_figure(path: Path) -> str:
    read = read_in_sandbox(path, registry(), KEY)
    assert isinstance(read, WorkbookReading)
    return str(read.rows["obs_value"][0])


def test_an_answer_that_was_not_read_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = cells(E14=77)(tmp_path)
    assert first_figure(good_book()) == "100"
    real: Callable[[IO[bytes], int], bytes] = sandbox._exactly

    def interrupted(_stream: IO[bytes], _size: int) -> bytes:
        monkeypatch.setattr(sandbox, "_exactly", real)
        raise KeyboardInterrupt

    monkeypatch.setattr(sandbox, "_exactly", interrupted)
    with pytest.raises(KeyboardInterrupt):
        first_figure(good_book())
    assert first_figure(other) == "77"
