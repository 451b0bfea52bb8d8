"""The form of a benchmark: own processes and folders, agreeing answers, the floor, and what is printed."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contest import (
    AnswersDifferError,
    Case,
    ContenderFailedError,
    Field,
    Options,
    Row,
    main,
    median,
    must_agree,
    report,
)
from indicator_specs.home import PROJECT

CONTENDERS = """
import os
import time

def _count(folder):
    return int((folder / "given").read_text())


def ours(folder, stopwatch):
    time.sleep(0.3)
    with stopwatch:
        time.sleep(0.04)
    (folder / "made").write_text(str(os.getpid()))
    return {"n": _count(folder), "total": 0.1 + 0.2, "found": len(list(folder.iterdir()))}


def by_hand(folder, stopwatch):
    with stopwatch:
        time.sleep(0.02)
    (folder / "other").touch()
    return {"n": _count(folder), "total": 0.3, "found": len(list(folder.iterdir()))}


def wrong(folder, stopwatch):
    return {**by_hand(folder, stopwatch), "total": 0.3001}


def greedy(folder, stopwatch):
    with stopwatch:
        held = bytearray(b"1") * 200_000_000
    return {"n": len(held)}


def broken(folder, stopwatch):
    raise ValueError("no such wind")


def noisy(folder, stopwatch):
    print("a library speaks")
    with stopwatch:
        pass
    return {"n": _count(folder)}
"""

LONG = """
import time

from benchmarks.contest import main


def measure(field):
    try:
        print("started", flush=True)
        time.sleep(60)
    finally:
        print("stopped", flush=True)
    yield


if __name__ == "__main__":
    main(measure)
"""


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Field]:
    """Contenders that child processes can import, and a field for them."""
    code = tmp_path / "code"
    code.mkdir()
    (code / "sample_contenders.py").write_text(CONTENDERS)
    monkeypatch.setenv("PYTHONPATH", f"{code}:{PROJECT}")
    folder = tmp_path / "field"
    folder.mkdir()
    return lambda size="small": Field(folder, Options(size))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "given").write_text("7")
    return folder


def _case(floor: str = "", **contenders: str) -> Case:
    return Case("race", {who: f"sample_contenders:{function}" for who, function in contenders.items()}, floor)


def test_only_the_work_is_timed_and_the_floor_is_one(sample: Callable[..., Field], given: Path) -> None:
    hand, ours = sample().play(_case("hand", hand="by_hand", chiso="ours"), given).rows
    assert (hand.who, hand.n, hand.ratio_to_floor) == ("hand", 7, 1.0)
    assert 0.04 <= ours.seconds < 0.3
    assert ours.ratio_to_floor == pytest.approx(ours.seconds / hand.seconds)


def test_each_run_has_a_copy_of_the_input_and_ours_is_handed_on(sample: Callable[..., Field], given: Path) -> None:
    left = sample("full").play(_case("hand", hand="by_hand", chiso="ours"), given).left
    assert sorted(path.name for path in left.iterdir()) == ["given", "made"]
    assert [path.name for path in given.iterdir()] == ["given"]


def test_contenders_that_disagree_are_not_compared(sample: Callable[..., Field], given: Path) -> None:
    with pytest.raises(AnswersDifferError, match=r"race: hand says .*0\.3001.*chiso says"):
        sample().play(_case("hand", hand="wrong", chiso="ours"), given)


@pytest.mark.parametrize(
    "other",
    [{"n": 2, "total": 0.3}, {"n": 1, "total": 0.30001}, {"n": 1}, {"n": 1, "total": "0.3"}, {"n": 1.0, "total": 0.3}],
)
def test_answers_differ_by_value_name_or_kind(other: dict[str, float | str]) -> None:
    with pytest.raises(AnswersDifferError):
        must_agree("sums", [("hand", {"n": 1, "total": 0.3}), ("chiso", other)])


def test_the_order_of_a_sum_is_no_difference() -> None:
    must_agree("sums", [("hand", {"n": 1, "total": 0.3}), ("chiso", {"n": 1, "total": 0.1 + 0.2})])


def test_a_contender_that_fails_says_why(sample: Callable[..., Field], given: Path) -> None:
    with pytest.raises(ContenderFailedError, match="no such wind"):
        sample().play(_case(chiso="broken"), given)


def test_what_a_library_prints_does_not_hide_the_answer(sample: Callable[..., Field], given: Path) -> None:
    (row,) = sample().play(_case(chiso="noisy"), given).rows
    assert row.n == 7


def test_peak_memory_is_the_contenders_own(sample: Callable[..., Field], given: Path) -> None:
    held = bytearray(b"1") * 300_000_000
    (small,) = sample().play(_case(chiso="noisy"), given).rows
    (greedy,) = sample().play(_case(greedy="greedy"), given).rows
    assert small.peak_mb is not None
    assert greedy.peak_mb is not None
    assert small.peak_mb < 150 < 190 < greedy.peak_mb < len(held) / 1e6 + 100


def test_the_median_of_runs_is_told_with_the_largest_peak() -> None:
    runs = [Row("sort", "chiso", 3, seconds, peak) for seconds, peak in ((9.0, 10.0), (1.0, 30.0), (2.0, 20.0))]
    assert median(runs) == Row("sort", "chiso", 3, 2.0, 30.0)


def test_json_is_one_object_a_line_with_the_agreed_names(capsys: pytest.CaptureFixture[str]) -> None:
    report([Row("tiếp nhận", "chiso", 34, 1.5, 100.0, 2.0), Row("drop", "chiso", 1, 9.0)], Options(as_json=True))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(line) for line in lines] == [["case", "who", "n", "seconds", "peak_mb", "ratio_to_floor"]] * 2
    assert (lines[0]["case"], lines[1]["ratio_to_floor"]) == ("tiếp nhận", None)


def test_a_benchmark_runs_from_its_command_line(
    sample: Callable[..., Field], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(field: Field) -> list[Row]:
        assert field.options.repeats == 3
        return [Row("race", "chiso", 7, 0.25)]

    monkeypatch.setattr(sys, "argv", ["race", "--size", "full"])
    main(measure)
    shown = capsys.readouterr().out
    assert "0.250" in shown
    assert "3 × each" in shown


def test_a_polite_end_stops_what_was_started(sample: Callable[..., Field], tmp_path: Path) -> None:
    """A benchmark that is told to end runs its ``finally``, where servers are stopped."""
    (tmp_path / "code" / "long_benchmark.py").write_text(LONG)
    sample()
    process = subprocess.Popen([sys.executable, "-m", "long_benchmark"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.terminate()
    said, _ = process.communicate(timeout=30)
    assert "stopped" in said
    assert process.returncode == 128 + signal.SIGTERM
