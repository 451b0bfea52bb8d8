"""Every file of the golden corpus gets the receipt that it must get, in one judgement of all."""

from pathlib import Path

import pytest

from pipelines.checking import Checked, check_all
from tests.corpus import containers, figures, page, texts
from tests.corpus.line import TAKEN, Line, good_book, past
from tests.corpus.scenes import SCENES
from tests.workbooks import KEY, registry

LINES = (*containers.LINES, *figures.LINES, *texts.LINES)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Checked]:
    """The answer to each line, then that to the good form."""
    root = tmp_path_factory.mktemp("corpus")
    paths = []
    for number, line in enumerate(LINES):
        folder = root / f"{number}"
        folder.mkdir()
        paths.append(line.make(folder))
    with pytest.MonkeyPatch.context() as held:
        held.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
        return check_all([*paths, good_book()], registry(), key=KEY, history=past())


@pytest.mark.parametrize(("number", "line"), enumerate(LINES), ids=[f"{line.id} {line.what[:30]}" for line in LINES])
def test_the_officer_gets_this_answer(answers: list[Checked], number: int, line: Line) -> None:
    answer = answers[number]
    said = {finding.rule: finding for finding in reversed(answer.findings)}
    assert answer.state is line.state
    if not line.rule:
        assert said == {}
        return
    assert line.rule in said, list(said)
    finding = said[line.rule]
    assert (finding.place if line.cell else "") == line.cell
    assert line.words in finding.message_vi
    assert line.found in ("", finding.found)


def test_the_good_form_is_taken_whole_and_without_a_word(answers: list[Checked]) -> None:
    assert (answers[-1].state, answers[-1].findings) == (TAKEN, ())
    assert answers[-1].n_accepted == answers[-1].n_read


def test_every_line_of_the_catalogue_is_a_file_a_scene_or_proven_elsewhere() -> None:
    built = {line.id for line in LINES} | {scene.id for scene in SCENES}
    wanted = {f"{part}{number:02d}" for part in "AB" for number in range(1, 34)}
    assert built | page.PROVEN.keys() == wanted
    assert not page.PROVEN.keys() & built


@pytest.mark.parametrize("proof", sorted({proof for *_, proof in page.PROVEN.values()}))
def test_a_proof_that_is_named_exists(proof: str) -> None:
    file, _, name = proof.partition("::")
    assert f"def {name}(" in Path(__file__).parents[1].joinpath(file).read_text(encoding="utf-8")


def test_the_page_for_officers_says_what_is_tested() -> None:
    kept = Path(__file__).parents[2] / "docs" / "bad-files.md"
    assert kept.read_text(encoding="utf-8") == page.text(LINES, SCENES), "python -m tests.corpus.page writes it anew"
