"""The command line: help for every command, refusals in a sentence, nothing lost in what is printed."""

import fcntl
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

from indicator_specs.home import PROJECT, Home
from pipelines import console
from pipelines.cli import app, main, trace
from pipelines.demo.run import MARKER
from pipelines.explain import Explained, Input, Leaf

_SPOKEN = re.compile(r"(?:^|`|\$ |/)chiso ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)", re.MULTILINE)


def documented() -> list[tuple[str, ...]]:
    """Words after ``chiso`` in the READMEs and the guides: a command, those below it, then perhaps what it is given."""
    pages = [PROJECT / "README.md", PROJECT / "README.vi.md", *(PROJECT / "docs").glob("*.md")]
    spoken = {words for page in pages for words in _SPOKEN.findall(page.read_text(encoding="utf-8"))}
    return sorted({tuple(words.split()) for words in spoken})


def below(command: Any) -> dict[str, Any]:
    """The commands of a group, by name; none where it is a command itself."""
    return getattr(command, "commands", {})


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, by its words."""
    for name, command in below(group).items():
        yield (*path, name)
        yield from commands(command, (*path, name))


COMMANDS = sorted(commands(get_command(app)))


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a person reads on standard error."""
    text = io.StringIO()
    monkeypatch.setattr(console, "err", Console(file=text, width=500))
    return text


def refused(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run the program itself; it must end with exit code 1 and no traceback."""
    monkeypatch.setattr("sys.argv", ["chiso", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1


@pytest.mark.parametrize("words", documented(), ids=" ".join)
def test_a_command_that_a_page_names_is_there(words: tuple[str, ...]) -> None:
    group, rest = get_command(app), list(words)
    while rest and below(group):
        assert rest[0] in below(group), f"chiso {' '.join(words)}"
        group = below(group)[rest.pop(0)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does(command: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"])
    assert told.exit_code == 0, told.output
    assert "Usage" in told.output


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (("explain", "online_service", "--unit", "P79", "--period", "2026-10"), "Chưa có bản chốt", "no release yet"),
        (("rollback", "3"), "Không còn lưu bản chốt số 3", "Release 3 is not kept"),
        (("template", "commune_report.none", "P79", "2026-10"), "không có biểu mẫu", "commune_report.administration"),
        (("template", "online_services.dossiers", "P79", "2026-10"), "không có biểu mẫu", "has no form"),
        (("template", "commune_report.administration", "P79", "October"), "không phải kỳ", "is not a period"),
        (("template", "commune_report.administration", "VPCP", "2026-10"), "không có nghĩa vụ", "does not owe"),
        (("template", "commune_report.administration", "ALL", "2026"), "không có nghĩa vụ", "does not owe"),
    ],
)
def test_a_refusal_is_a_sentence_in_both_languages(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    spoken: io.StringIO,
    arguments: tuple[str, ...],
    vietnamese: str,
    english: str,
) -> None:
    refused(monkeypatch, *arguments)
    said = spoken.getvalue()
    assert vietnamese in said
    assert english in said
    assert "Traceback" not in said


def test_a_template_comes_with_the_folder_to_drop_it_into(home: Home, tmp_path: Path) -> None:
    asked = ["template", "commune_report.administration", "P96", "2026-10", "--folder", str(tmp_path / "forms")]
    made = CliRunner().invoke(app, asked)
    assert made.exit_code == 0, made.output
    assert [path.name for path in (tmp_path / "forms").iterdir()] == ["BM-XA-01_P96_2026-10.xlsx"]
    assert (home.intake / "P96" / "ket_qua").is_dir()


def test_an_empty_home_variable_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_HOME", "")
    assert Home.current().root.name == "data"


def test_a_locale_without_vietnamese_is_no_obstacle(tmp_path: Path) -> None:
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "releases"],
        env={**narrow, "CHISO_HOME": str(tmp_path / "số liệu")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "Bản chốt số liệu" in done.stdout.decode()


def test_a_clock_that_says_nothing_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, spoken: io.StringIO) -> None:
    monkeypatch.setenv("CHISO_NOW", "tomorrow")
    refused(monkeypatch, "run", "--no-show")
    assert "CHISO_NOW='tomorrow'" in spoken.getvalue()


def test_the_demo_empties_no_folder_but_its_own(tmp_path: Path, spoken: io.StringIO) -> None:
    (tmp_path / "số liệu thật.xlsx").touch()
    assert CliRunner().invoke(app, ["demo", "--no-serve", "--folder", str(tmp_path)]).exit_code == 1
    assert "holds other data" in spoken.getvalue()
    assert [path.name for path in tmp_path.iterdir()] == ["số liệu thật.xlsx"]


def test_a_second_demo_leaves_the_first_alone(tmp_path: Path, spoken: io.StringIO) -> None:
    (tmp_path / "ledger.sqlite").touch()
    with (tmp_path / MARKER).open("a") as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)
        assert CliRunner().invoke(app, ["demo", "--no-serve", "--folder", str(tmp_path)]).exit_code == 1
    assert "another demo" in spoken.getvalue()
    assert (tmp_path / "ledger.sqlite").exists()


def test_what_officers_type_is_printed_as_it_stands() -> None:
    """Brackets are markup to the console: they must neither vanish nor break it."""
    leaf = Leaf(
        "m.x", "C1", "2026-10", None, "A", "VPTW", False, "[1] Báo cáo [/b]", 7, "s", "d",
        "tháng [10] [/x].xlsx", "{}", "Số liệu!E14", "evidence/x", "[red]12[/]",
    )  # fmt: skip
    tree = Explained(
        "i", "Tên", "percent", "C1", "Xã", "2026-10", "current", 1.0, "A", 1, "x", "12", 3, True,
        (Input("x", "m.x", None, "reported", leaves=(leaf,)),),
    )  # fmt: skip
    text = io.StringIO()
    Console(file=text, width=500).print(trace._drawn(tree))
    assert "«[red]12[/]» ← tháng [10] [/x].xlsx Số liệu!E14, lô 7 [1] Báo cáo [/b]" in text.getvalue()
    assert "Danh mục đã thay đổi" in text.getvalue()
