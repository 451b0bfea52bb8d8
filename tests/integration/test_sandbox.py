"""Hostile and broken files: whatever they do, the caller gets an answer that names the reason."""

import contextlib
import faulthandler
import os
import signal
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from connectors.workbook.container import Caps
from connectors.workbook.prescan import prescan
from connectors.workbook.reading import WorkbookReading, WorkbookRefused
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.sandbox import NURSERY, read_in_sandbox
from connectors.workbook.sandbox_child import Limits, answer_of, run_limited
from indicator_specs.findings import Finding
from tests.workbooks import KEY, PERIOD, filled, registry, sheet_with_cells, with_parts


def read(path: Path, limits: Limits | None = None) -> WorkbookReading | WorkbookRefused:
    return read_in_sandbox(path, registry(), KEY, limits)


def refused(path: Path, limits: Limits | None = None) -> Finding:
    answer = read(path, limits)
    assert isinstance(answer, WorkbookRefused), "it was read"
    assert answer.findings[0].message_vi
    return answer.findings[0]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("good") / "good.xlsx")


def far_cell(good: Path, out: Path) -> Path:
    """Five kilobytes that make the fast readers ask for half a terabyte."""
    return sheet_with_cells(
        good, out, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )


def test_a_good_file_is_read_in_a_child_of_its_own(good: Path) -> None:
    first, second = read(good), read(good)
    assert isinstance(first, WorkbookReading)
    assert isinstance(second, WorkbookReading)
    assert first.rows.equals(second.rows)
    assert first.time_period == PERIOD


def test_a_child_costs_a_fork_not_an_import(good: Path) -> None:
    read(good)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        read(good)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.25


def test_a_value_in_the_last_cell_is_survived_and_named(good: Path, tmp_path: Path) -> None:
    path = far_cell(good, tmp_path / "far.xlsx")
    finding = refused(path)
    assert (finding.rule, finding.place) == ("E-FILE-FAR-CELL", "Số liệu!XFD1048576")


def test_a_format_alone_in_the_last_cell_is_harmless(good: Path, tmp_path: Path) -> None:
    def format_far(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        empty = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", empty)

    answer = read(with_parts(good, tmp_path / "styled.xlsx", format_far))
    assert isinstance(answer, WorkbookReading)


def endless(_asked: Mapping[str, Any]) -> object:
    while True:
        pass


def sleepy(_asked: Mapping[str, Any]) -> object:
    time.sleep(60)
    return None


def hungry(_asked: Mapping[str, Any]) -> object:
    return len(bytearray(1 << 36))


def abort(asked: Mapping[str, Any]) -> object:
    """What the fast reader does of a far cell without the scan before it."""
    faulthandler.disable()
    with CalamineWorkbook.from_path(asked["path"]) as book:
        return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def talkative(_asked: Mapping[str, Any]) -> object:
    return "x" * 2_000_000


def broken(_asked: Mapping[str, Any]) -> object:
    raise RuntimeError("a fault of ours")


def test_a_child_that_does_wrong_is_ended(good: Path, tmp_path: Path) -> None:
    path = str(far_cell(good, tmp_path / "far.xlsx"))
    room = 1 << 34  # this process has libraries mapped that the nursery has not
    limits = Limits(address_space=room, cpu_seconds=30, wall_seconds=0.5)
    start = time.monotonic()
    assert answer_of(run_limited(endless, {}, limits)) == {"died": "time"}
    assert answer_of(run_limited(sleepy, {}, limits)) == {"died": "time"}
    spent = run_limited(endless, {}, Limits(address_space=room, cpu_seconds=1, wall_seconds=30))
    assert answer_of(spent) == {"died": "time"}
    assert time.monotonic() - start < 10
    patient = Limits(address_space=room, wall_seconds=30, answer_bytes=1_000_000)
    assert answer_of(run_limited(hungry, {}, patient)) == {"died": "memory"}
    assert answer_of(run_limited(abort, {"path": path}, patient)) == {"died": "memory"}
    assert answer_of(run_limited(talkative, {}, patient)) == {"died": "answer"}
    assert answer_of(run_limited(broken, {}, patient)) == {"died": "failure"}
    with contextlib.suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0), "a dead child was left behind"


def big_sheet(good: Path, out: Path, n_rows: int = 15_000) -> Path:
    cells = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>{row}</v></c>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(1, n_rows)
    )
    return sheet_with_cells(good, out, cells)


def test_a_file_beyond_its_time_or_memory_is_too_complex(good: Path, tmp_path: Path) -> None:
    path = big_sheet(good, tmp_path / "big.xlsx")
    slow = refused(path, Limits(wall_seconds=0.02))
    assert (slow.rule, slow.found) == ("E-FILE-COMPLEX", "quá thời gian đọc")
    # Hundreds of thousands of texts: under every cap of the scan, over the memory of the child.
    bomb = with_parts(good, tmp_path / "bomb.xlsx", lambda parts: parts.update(_million_texts()))
    hungry_file = refused(bomb, Limits(address_space=300 << 20))
    assert (hungry_file.rule, hungry_file.found) == ("E-FILE-COMPLEX", "quá bộ nhớ cho phép")
    assert isinstance(read(good), WorkbookReading), "the next file must not feel it"


def _million_texts() -> dict[str, bytes]:
    texts = b"".join(b"<si><t>%064d</t></si>" % number for number in range(1_500_000))
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return {"xl/sharedStrings.xml": head + texts + b"</sst>"}


def test_the_nursery_may_be_killed_between_two_files(good: Path) -> None:
    read(good)
    assert NURSERY.first._process is not None
    os.kill(NURSERY.first._process.pid, signal.SIGKILL)
    NURSERY.first._process.wait()
    assert isinstance(read(good), WorkbookReading)


def test_no_secret_reaches_the_nursery(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_STAMP_KEY", "never to be seen in the child")
    NURSERY.close()
    read(good)
    assert NURSERY.first._process is not None
    environment = Path(f"/proc/{NURSERY.first._process.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"CHISO" not in environment


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_is_told_as_cut(good: Path, tmp_path: Path, tenths: int) -> None:
    content = good.read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(content[: len(content) * tenths // 10])
    assert refused(cut).rule == "E-FILE-TRUNCATED"


def test_a_damaged_middle_is_told_as_damage(good: Path, tmp_path: Path) -> None:
    content = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as book:
        entry = book.getinfo("xl/worksheets/sheet1.xml")
    start = entry.header_offset + 200
    content[start : start + 64] = bytes(64)
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(content)
    assert refused(damaged).rule in {"E-FILE-TRUNCATED", "E-FILE-CORRUPT"}


@pytest.mark.parametrize(
    ("content", "rule", "found"),
    [
        (b"", "E-FILE-EMPTY", ""),
        (b"%PDF-1.7 ...", "E-FILE-TYPE", "PDF"),
        (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "E-FILE-HTML", "HTML"),
        (b"mot dong chu khong co cot nao", "E-FILE-TYPE", "TXT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "E-FILE-CORRUPT", "OLE"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "E-FILE-ENCRYPTED",
            "",
        ),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, content: bytes, rule: str, found: str) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(content)
    finding = refused(path)
    assert (finding.rule, finding.found) == (rule, found)


def test_macros_and_embedded_objects_are_held(good: Path, tmp_path: Path) -> None:
    for part in ("xl/vbaProject.bin", "xl/embeddings/oleObject1.bin", "xl/macrosheets/sheet1.xml"):
        path = with_parts(good, tmp_path / "macro.xlsx", lambda parts, part=part: parts.update({part: b"x"}))
        answer = read(path)
        assert isinstance(answer, WorkbookRefused)
        assert (answer.findings[0].rule, answer.is_hostile) == ("E-FILE-MACRO", True)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml"]
)
def test_entities_are_refused_in_every_part(good: Path, tmp_path: Path, part: str) -> None:
    def attack(parts: dict[str, bytes]) -> None:
        declared = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        head, _, rest = parts[part].partition(b"?>")
        parts[part] = head + b"?>" + declared + rest

    answer = read(with_parts(good, tmp_path / "xxe.xlsx", attack))
    assert isinstance(answer, WorkbookRefused)
    assert (answer.findings[0].rule, answer.is_hostile) == ("E-SEC-XML", True)


def test_a_zip_bomb_is_refused_before_it_unpacks(good: Path, tmp_path: Path) -> None:
    def blow_up(parts: dict[str, bytes]) -> None:
        parts["xl/media/image1.png"] = bytes(150 << 20)

    path = with_parts(good, tmp_path / "bomb.xlsx", blow_up)
    assert path.stat().st_size < 1 << 20
    start = time.perf_counter()
    assert refused(path).rule == "E-FILE-BOMB"
    assert time.perf_counter() - start < 2


def test_two_parts_of_one_name_are_refused(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.xlsx"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as book, pytest.warns(UserWarning, match="Duplicate"):
        book.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    assert refused(path).rule == "E-FILE-CORRUPT"


def test_a_sheet_under_an_unusual_name_does_not_escape_the_scan(good: Path, tmp_path: Path) -> None:
    def hide(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.dat"] = parts.pop("xl/worksheets/sheet1.xml")
        rels = "xl/_rels/workbook.xml.rels"
        parts[rels] = parts[rels].replace(b"sheet1.xml", b"sheet1.dat")

    assert refused(with_parts(good, tmp_path / "hidden.xlsx", hide)).rule == "E-FILE-CORRUPT"


def test_the_scan_counts_cells_and_bytes(good: Path) -> None:
    with pytest.raises(FileRefusedError) as cells:
        prescan(good, Caps(cells=100))
    with pytest.raises(FileRefusedError) as packed:
        prescan(good, Caps(packed_bytes=1000))
    with pytest.raises(FileRefusedError) as unpacked:
        prescan(good, Caps(unpacked_bytes=10_000))
    assert {cells.value.code, packed.value.code, unpacked.value.code} == {"E-FILE-TOO-BIG"}


def test_our_own_copy_that_is_missing_is_our_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.xlsx")
