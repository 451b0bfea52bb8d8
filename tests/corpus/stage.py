"""Scenes of the corpus: what no single file shows, played in one installation where every scene has its own agency.

A scene is a row of acts; after the first acts of all scenes there is one look at the folders, then the second acts
follow, and so on: all that lies there in one look is judged in one run.
"""

import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from connectors.intake.folders import open_folder
from connectors.ledger import State
from connectors.workbook.stamp import KEY_FILE
from indicator_specs.home import Home
from indicator_specs.methods import ValueChecks
from indicator_specs.registry import Registry
from pipelines.installation import Installation
from pipelines.intake import take_in
from tests.corpus.line import SHEET
from tests.reporting import one_row
from tests.workbooks import KEY, registry

EVIDENCED = "administration.documents_processed"
"""A measure whose indicator demands evidence in this installation."""


@dataclass(frozen=True)
class Answer:
    """What becomes of one file: its state, and of its findings the one that shows it (none where ``rule`` is empty)."""

    name: str
    state: State
    rule: str = ""
    words: str = ""


@dataclass(frozen=True)
class Stage:
    """One agency's folder in the installation of the scenes."""

    here: Installation
    agency: str

    @property
    def folder(self) -> Path:
        """Where the agency drops its files."""
        return open_folder(self.here.home, self.agency)

    def form(self, agency: str = "", **cells: object) -> bytes:
        """The filled form of the agency, or of another; ``E14=7`` puts 7 into that cell."""
        return _form(agency or self.agency, tuple(cells.items()))

    def drop(self, name: str, content: bytes) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_bytes(content)
        return path


Act = Callable[[Stage], object]


@dataclass(frozen=True)
class Scene:
    """What happens, act by act, and what must come of it.

    ``id`` is a line of the catalogue of bad input. ``left`` are names that still lie in the folder at the end,
    ``held`` beginnings of those in the quarantine, ``made`` ends of those that lie among the answers beside the
    receipts; ``out_of_reach`` counts the looks at which the folder was told to be so.
    """

    id: str
    what: str
    acts: tuple[Act, ...]
    answers: tuple[Answer, ...] = ()
    left: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    out_of_reach: int = 0


@dataclass(frozen=True)
class Played:
    """What came of a scene; ``found`` has the findings of each answer by rule, in Vietnamese."""

    answers: tuple[tuple[str, State], ...]
    found: tuple[Mapping[str, str], ...]
    left: frozenset[str]
    held: tuple[str, ...]
    made: frozenset[str]
    out_of_reach: int


def stage_registry() -> Registry:
    """The registry of the repository, in which one indicator of the communes' form demands evidence."""
    whole = registry()
    specs = {
        name: spec.model_copy(
            update={
                "methods": tuple(
                    method.model_copy(update={"checks": ValueChecks(evidence="required")}) for method in spec.methods
                )
            }
        )
        for name, spec in whole.indicators.items()
        if EVIDENCED in {given.measure for given in spec.inputs_of(spec.method).values()}
    }
    return replace(whole, indicators={**whole.indicators, **specs})


def play(scenes: Sequence[Scene], agencies: Sequence[str], home: Home) -> list[Played]:
    """Play all scenes, each with the agency at its place."""
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / KEY_FILE).write_bytes(KEY)
    here = Installation(home, stage_registry())
    stages = [Stage(here, agency) for agency in agencies]
    gone = dict.fromkeys(agencies, 0)
    for number in range(max(len(scene.acts) for scene in scenes)):
        for scene, stage in zip(scenes, stages, strict=True):
            if number < len(scene.acts):
                scene.acts[number](stage)
        for each in take_in(here, settle_seconds=0).unreachable:
            gone[each.agency] += 1
    return [_played(stage, gone[stage.agency]) for stage in stages]


def _played(stage: Stage, out_of_reach: int) -> Played:
    ledger, home = stage.here.ledger, stage.here.home
    submissions = ledger.submissions(agency=stage.agency)
    found = [ledger.findings(submission_no=each.submission_no) for each in submissions]
    held = home.quarantine / stage.agency
    folder = home.intake / stage.agency
    return Played(
        tuple((each.file_name, each.state) for each in submissions),
        tuple({finding.rule: finding.message_vi for finding in reversed(mine)} for mine in found),
        frozenset(path.name for path in folder.iterdir() if not stat.S_ISDIR(path.lstat().st_mode)),
        tuple(sorted(path.name for path in held.iterdir())) if held.exists() else (),
        frozenset(path.name for path in (folder / "ket_qua").iterdir()),
        out_of_reach,
    )


@lru_cache(maxsize=1)
def _workshop() -> TemporaryDirectory[str]:
    """Removed when the process ends."""
    return TemporaryDirectory(prefix="corpus-")


@lru_cache(maxsize=64)
def _form(agency: str, cells: tuple[tuple[str, object], ...]) -> bytes:
    if not cells:
        return one_row(Path(_workshop().name) / f"{agency}.xlsx", agency).read_bytes()
    book = load_workbook(BytesIO(_form(agency, ())))
    for address, value in cells:
        book[SHEET][address] = value
    written = BytesIO()
    book.save(written)
    return written.getvalue()
