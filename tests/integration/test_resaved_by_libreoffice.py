"""LibreOffice opens our workbooks and saves them again: what comes back says the same, and is handed back marked."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from connectors.workbook.annotate import RED, annotate
from connectors.workbook.layout import RESULT_SHEET
from connectors.workbook.reading import WorkbookReading
from connectors.workbook.sandbox import read_in_sandbox
from connectors.workbook.template import build_template
from indicator_specs.findings import Finding, Severity
from tests.corpus.line import PROVINCE, SHEET
from tests.forms import dataset, xlsx
from tests.workbooks import KEY, PERIOD, registry

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is missing: apt-get install libreoffice-calc-nogui"
)
LONGEST_SECONDS = 120
WRONG = Finding("not_a_number", Severity.ERROR, f"{SHEET}!E14", "100", "", "Sai.", "Wrong.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture(scope="module")
def save(folder: Path) -> Callable[[str, Path], Path]:
    """Opens a file and saves it as another format."""

    def resaved(kind: str, path: Path) -> Path:
        out = folder / kind
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                out,
                path,
            ],
            check=True,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env={**os.environ, "HOME": str(folder)},
        )
        return out / f"{path.stem}.{kind}"

    return resaved


@pytest.fixture(scope="module")
def book(folder: Path) -> Path:
    return xlsx(folder / "bao_cao.xlsx", PROVINCE)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_form_saved_by_libreoffice_says_the_same(save: Callable[[str, Path], Path], book: Path, kind: str) -> None:
    original, again = (read_in_sandbox(path, registry(), KEY) for path in (book, save(kind, book)))
    assert isinstance(original, WorkbookReading)
    assert isinstance(again, WorkbookReading)
    assert again.rows.equals(original.rows), "every figure, in the very cell"
    assert again.stamp == original.stamp
    converted = [] if kind == "xlsx" else [("I-FILE-CONVERTED", f".{kind}")]
    assert [(each.rule, each.found) for each in again.findings] == converted


def test_a_marked_workbook_is_opened_corrected_and_saved(
    save: Callable[[str, Path], Path], book: Path, folder: Path
) -> None:
    annotate(book, [WRONG], ["PTN-000001"], folder / "da_danh_dau.xlsx")
    path = save("xlsx", folder / "da_danh_dau.xlsx")
    back = load_workbook(path)
    assert back[SHEET]["E14"].fill.fgColor.rgb == RED
    assert back[SHEET]["E14"].comment is not None
    read = read_in_sandbox(path, registry(), KEY)
    assert isinstance(read, WorkbookReading)
    assert (read.findings, read.rows["problem"].null_count()) == ((), read.rows.height)
    assert annotate(path, [], ["PTN-000002"], folder / "lan_hai.xlsx") == "", "marked in place"
    again = load_workbook(folder / "lan_hai.xlsx")
    assert again[SHEET]["E14"].comment is None, "it names no authors"
    assert again[SHEET]["E14"].fill.fgColor.rgb != RED
    assert again.sheetnames.count(RESULT_SHEET) == 1


def test_a_blank_form_keeps_its_guards(save: Callable[[str, Path], Path], folder: Path) -> None:
    """Locked but for the cells to be filled, checked by the program itself, the codes where they were."""
    blank = build_template(registry(), dataset(), PROVINCE, PERIOD, folder / "bieu.xlsx", {}, key=KEY)
    sheet = load_workbook(save("xlsx", blank))[SHEET]
    assert sheet.protection.sheet
    assert not sheet["E14"].protection.locked
    assert sheet["B14"].protection.locked
    rules = sheet.data_validations.dataValidation
    assert {str(rule.sqref).partition(":")[0] for rule in rules} == {"E14", "F14", "G14", "H14"}
    assert all(rule.errorTitle for rule in rules)
