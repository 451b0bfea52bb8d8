"""Imports an annex: reads, drafts, proves that what it will write loads, and puts it in place in one step."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indicator_specs import clock
from indicator_specs.annex.context import Programme
from indicator_specs.annex.drafting import Draft
from indicator_specs.annex.questions import WHOLE, Decision
from indicator_specs.annex.reading import Annex, Existing, read_annex
from indicator_specs.annex.source_text import source_id, source_text
from indicator_specs.annex.spec_text import declaration, entry
from indicator_specs.annex.table import AnnexError
from indicator_specs.declarations import PROGRAMMES, Declarations, shown
from indicator_specs.errors import SpecError, both
from indicator_specs.reference_files import load_reference
from indicator_specs.registry import REFERENCE
from pipelines.annex.decisions_book import read_answers, write_decisions
from pipelines.annex.places import Places, known
from pipelines.annex.proof import problems_of
from pipelines.annex.sealed_drafts import is_untouched, sealed
from pipelines.annex.workbook import AnnexWorkbook


@dataclass
class ImportReport:
    """What an import did; paths are those of files in place."""

    specs: list[Path] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)
    existing: tuple[Existing, ...] = ()
    decisions: tuple[Decision, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()
    unknown_headings: dict[str, str] = field(default_factory=dict)
    unused_answers: tuple[str, ...] = ()
    kept_drafts: list[Path] = field(default_factory=list)
    workbook: Path = Path()


def import_annex(path: Path, programme: Programme, places: Places, sheet: str = "") -> ImportReport:
    """Make specifications, drafts, a source and the list of decisions of an annex.

    Raises:
        AnnexError: the workbook or its table cannot be used, or an answer is none of the choices.
        SpecError: the catalogue that it goes to does not load.
        OSError: a file cannot be read or written.
    """
    workbook = AnnexWorkbook(path, sheet)
    before = places.declared()
    _check_programme(programme, before)
    reference, faults = load_reference(REFERENCE, shown)
    if faults:
        raise SpecError(faults)
    answers = read_answers(places.decisions)
    matched = known(before, programme.id, bool(programme.code_prefix))
    year = clock.now().astimezone(clock.HANOI).year
    annex = read_annex(workbook.grids, programme, matched, reference, answers, path.name, year)
    workbook.refuse_unreadable_cells(annex.table)
    return _Import(annex, places, before, answers).run()


def _check_programme(programme: Programme, before: Declarations) -> None:
    if programme.id not in before.programmes and not programme.name:
        declared = ", ".join(before.programmes) or "—"
        raise AnnexError(
            both(
                f"chưa có chương trình {programme.id!r} (đang có: {declared}); thêm --programme-name để khai báo",
                f"no programme {programme.id!r} (declared: {declared}); give --programme-name to declare it",
            )
        )


class _Import:
    """One import, from its reading to its files."""

    def __init__(self, annex: Annex, places: Places, before: Declarations, answers: dict[tuple[str, str], str]) -> None:
        self.annex, self.places, self.before, self.answers = annex, places, before, answers
        self.report = ImportReport(existing=annex.existing, workbook=places.decisions)
        source = source_id(annex.context.programme.id)
        self.source_file = places.sources / source / "source.yml"
        text = self.source_file.read_text(encoding="utf-8") if self.source_file.is_file() else ""
        self.source = source_text(annex, text)

    def run(self) -> ImportReport:
        self.places.work.mkdir(parents=True, exist_ok=True)
        with _stage(self.places.work) as stage:
            self._prove(stage)
            self._write(stage)
        report, table = self.report, self.annex.table
        report.decisions = tuple(self.annex.questions.asked)
        report.passed_over, report.unknown_headings = tuple(table.passed_over), table.unknown
        existing = {each.code or each.indicator for each in self.annex.existing}
        report.unused_answers = tuple(
            f"{subject}:{name}"
            for subject, name in sorted(set(self.answers) - self.annex.questions.used)
            if subject not in existing and "." not in subject and subject != WHOLE
        )
        return report

    def _prove(self, stage: Path) -> None:
        """Load everything as it will stand; a specification that does not load becomes a draft that says why."""
        for folder, name in ((self.places.catalogue, "catalogue"), (self.places.sources, "sources")):
            if folder.is_dir():
                shutil.copytree(folder, stage / name)
            (stage / name).mkdir(exist_ok=True)
        self._declare(stage)
        whole = [draft for draft in self.annex.drafts if not draft.missing]
        while True:
            for draft in whole:
                _put(stage / "catalogue" / draft.theme / f"{draft.id}.yml", declaration(draft.value))
            found = problems_of(stage, self.places)
            named = {f"{draft.theme}/{draft.id}.yml": draft for draft in whole}
            broken = {key: draft for key, draft in named.items() if any(p.file.endswith(f"/{key}") for p in found)}
            others = [p for p in found if not any(p.file.endswith(f"/{key}") for key in named)]
            if not found:
                return
            if not broken:
                raise SpecError(others)
            for key, draft in broken.items():
                (stage / "catalogue" / key).unlink()
                for problem in (p for p in found if p.file.endswith(f"/{key}")):
                    draft.missing.append(problem.field)
                    self.annex.questions.needs(
                        draft.subject, problem.field, draft.row.place("name"), problem.found, problem.remedy
                    )
            whole = [draft for draft in whole if draft.id not in {each.id for each in broken.values()}]

    def _declare(self, stage: Path) -> None:
        """The programme, if it is new, and the measures."""
        programme, file = self.annex.context.programme, stage / "catalogue" / PROGRAMMES
        if programme.id not in self.before.programmes:
            value = {"name": {"vi": programme.name}, "legal_basis": [self.annex.context.document]}
            earlier = file.read_text(encoding="utf-8").rstrip("\n") + "\n" if file.is_file() else ""
            _put(file, earlier + "\n".join(entry(programme.id, value, 0)) + "\n")
        if self.source:
            _put(stage / "sources" / source_id(programme.id) / "source.yml", self.source)

    def _write(self, stage: Path) -> None:
        """Put every file in its place by renaming; what stands there already is not written again."""
        catalogue = self.places.catalogue
        _place(stage / "sources" / self.source_file.parent.name / "source.yml", self.source_file)
        _place(stage / "catalogue" / PROGRAMMES, catalogue / PROGRAMMES)
        for draft in self.annex.drafts:
            target = catalogue / draft.theme / f"{draft.id}.yml"
            staged, waiting = stage / "catalogue" / draft.theme / target.name, self.places.drafts / target.name
            if staged.is_file():
                _place(staged, target)
                self.report.specs.append(target)
                if waiting.is_file() and is_untouched(waiting.read_text(encoding="utf-8")):
                    waiting.unlink()
            else:
                self._wait(stage, draft, waiting)
            self.report.files[draft.subject] = self._shown(target if staged.is_file() or target.is_file() else waiting)
        for measure in self.annex.proposals.made:
            self.report.files[measure] = self._shown(self.source_file)
        decided = stage / "decisions.xlsx"
        write_decisions(decided, self.annex.questions.asked, self.answers, self.report.files)
        _place(decided, self.places.decisions)

    def _wait(self, stage: Path, draft: Draft, waiting: Path) -> None:
        """Write a draft, unless a person has worked on the one that is there."""
        if waiting.is_file() and not is_untouched(waiting.read_text(encoding="utf-8")):
            self.report.kept_drafts.append(waiting)
        else:
            heads = [f"Còn thiếu: {name}" for name in dict.fromkeys(draft.missing)]
            staged = stage / "drafts" / waiting.name
            _put(staged, sealed(declaration(draft.value, heads)))
            _place(staged, waiting)
        self.report.drafts.append(waiting)

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self.places.work)) if path.is_relative_to(self.places.work) else shown(path)


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    """A folder beside the results, on the same file system, gone afterwards."""
    stage = Path(tempfile.mkdtemp(prefix=".import-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _place(staged: Path, target: Path) -> None:
    if not staged.is_file() or (target.is_file() and target.read_bytes() == staged.read_bytes()):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(staged, target)
