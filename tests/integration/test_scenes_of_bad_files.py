"""Every scene of the golden corpus ends with the receipts that it must end with, all played in one installation."""

from pathlib import Path

import pytest

from connectors.intake.scanner import VARIABLE
from connectors.workbook.reading import WorkbookReading, read_workbook
from indicator_specs.home import Home
from tests.corpus.line import PROVINCE
from tests.corpus.scenes import INFECTED, SCENES
from tests.corpus.stage import Played, Scene, play
from tests.workbooks import KEY, registry

SCANNER = f"""#!/bin/sh
if grep -q "{INFECTED}" "$1"; then echo "$1: Test.Signature FOUND"; exit 1; fi
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scenes")


@pytest.fixture(scope="module")
def played(root: Path) -> list[Played]:
    scanner = root / "scan.sh"
    scanner.write_text(SCANNER, encoding="utf-8")
    scanner.chmod(0o755)
    provinces = [unit.org_unit_code for unit in registry().reference.of_kind("province") if unit.is_of_today]
    others = iter(code for code in provinces if code not in {"P01", PROVINCE})
    agencies = [PROVINCE if scene.id == "A33" else next(others) for scene in SCENES]
    with pytest.MonkeyPatch.context() as held:
        held.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
        held.setenv(VARIABLE, str(scanner))
        return play(SCENES, agencies, Home(root / "data"))


@pytest.mark.parametrize(("number", "scene"), enumerate(SCENES), ids=[f"{each.id} {each.what[:30]}" for each in SCENES])
def test_the_agency_gets_these_answers(played: list[Played], number: int, scene: Scene) -> None:
    came = played[number]
    assert came.answers == tuple((answer.name, answer.state) for answer in scene.answers)
    for answer, found in zip(scene.answers, came.found, strict=True):
        if answer.rule:
            assert answer.words in found[answer.rule], found
        else:
            assert found.keys() <= {"explanation"}
    assert came.out_of_reach == scene.out_of_reach


@pytest.mark.parametrize(("number", "scene"), enumerate(SCENES), ids=[f"{each.id} {each.what[:30]}" for each in SCENES])
def test_files_end_where_they_belong(played: list[Played], number: int, scene: Scene) -> None:
    came = played[number]
    assert came.left == set(scene.left)
    assert [name.startswith(begins) for name, begins in zip(came.held, scene.held, strict=True)] == [True] * len(
        scene.held
    )
    receipts = [name for name in came.made if name.endswith(".txt")]
    assert len(receipts) == len({name[:10] for name in receipts}) >= len(scene.answers)
    assert all(any(name.endswith(end) for name in came.made) for end in scene.made)


def test_names_in_the_archive_are_safe_and_apart(
    tmp_path_factory: pytest.TempPathFactory, played: list[Played]
) -> None:
    archive = next(Path(tmp_path_factory.getbasetemp()).glob("scenes*/data/archive"))
    names = [path.name for path in archive.rglob("*") if path.is_file()]
    assert len({name.casefold() for name in names}) == len(names) > len(SCENES)
    assert all(name.startswith("PTN-") and len(name.encode()) <= 140 and name.isprintable() for name in names)


@pytest.mark.usefixtures("played")
def test_the_fresh_form_for_an_old_one_is_filled_with_what_that_has(root: Path) -> None:
    (fresh,) = (root / "data" / "intake").glob("*/ket_qua/*bieu-moi*.xlsx")
    read = read_workbook(fresh, registry(), KEY)
    assert isinstance(read, WorkbookReading)
    assert read.rows["obs_value"].to_list() == ["100", "90", "50", None]
