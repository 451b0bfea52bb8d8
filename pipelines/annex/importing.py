"""Imports an annex: reads, drafts, proves that what it will write loads, and puts it in place in one step."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.durable import write
from indicator_specs import clock
from indicator_specs.annex.context import Programme
from indicator_specs.annex.drafting import Draft
from indicator_specs.annex.grid import AnnexError
from indicator_specs.annex.questions import Decision
from indicator_specs.annex.reading import Annex, Existing, read_annex
from indicator_specs.annex.source_text import source_id, source_text
from indicator_specs.annex.spec_text import declaration, entry
from indicator_specs.annex.table import find_table
from indicator_specs.declarations import PROGRAMMES, THEMES, Declarations
from indicator_specs.errors import SpecError, SpecProblem, both
from indicator_specs.reference import Reference
from pipelines.annex.decisions_book import read_answers, read_written, write_decisions
from pipelines.annex.places import Places, known, mark_of
from pipelines.annex.proof import problems_of
from pipelines.annex.workbook import AnnexWorkbook


@dataclass
class ImportReport:
    """What an import did; files are named as ``catalogue/theme/id.yml``."""

    specs: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    existing: tuple[Existing, ...] = ()
    decisions: tuple[Decision, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    passed_over: tuple[str, ...] = ()
    unknown_headings: dict[str, str] = field(default_factory=dict)
    unused_answers: tuple[str, ...] = ()
    kept: list[str] = field(default_factory=list)
    workbook: Path = Path()


def import_annex(
    path: Path, programme: Programme, places: Places, reference: Reference, sheet: str = ""
) -> ImportReport:
    """Make specifications, drafts, a source and the list of decisions of an annex.

    Files of an earlier run that nobody has changed are made anew, with the answers of today; all others stay.

    Raises:
        AnnexError: the workbook or its table cannot be used, or an answer is none of the choices.
        SpecError: the catalogue that it goes to does not load.
        OSError: a file cannot be read or written.
    """
    workbook = AnnexWorkbook(path, sheet)
    table = find_table(workbook.grids)
    workbook.refuse_unreadable_cells(table)
    own = places.own(read_written(places.decisions))
    before = places.declared(own)
    _check_programme(programme, before)
    answers = read_answers(places.decisions)
    matched = known(before, programme.id, bool(programme.code_prefix))
    year = clock.now().astimezone(clock.HANOI).year
    annex = read_annex(table, programme, matched, reference, answers, path.name, year)
    return _Import(annex, places, before, own, answers).run()


def _check_programme(programme: Programme, before: Declarations) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", programme.id):
        raise AnnexError(
            both(
                f"--programme {programme.id!r}: viết bằng chữ thường không dấu, chữ số và _, ví dụ nq03",
                f"--programme {programme.id!r}: small letters, digits and _ only, such as nq03",
            )
        )
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

    def __init__(
        self,
        annex: Annex,
        places: Places,
        before: Declarations,
        own: frozenset[str],
        answers: dict[tuple[str, str], str],
    ) -> None:
        self.annex, self.places, self.before, self.own, self.answers = annex, places, before, own, answers
        self.report = ImportReport(existing=annex.existing, workbook=places.decisions)
        self.source = f"sources/{source_id(annex.context.programme.id)}/source.yml"

    def run(self) -> ImportReport:
        self.places.work.mkdir(parents=True, exist_ok=True)
        with _stage(self.places.work) as stage:
            self._prove(stage)
            self._write(stage)
        report, questions = self.report, self.annex.questions
        report.decisions = tuple(questions.asked)
        report.passed_over, report.unknown_headings = tuple(self.annex.table.passed_over), self.annex.table.unknown
        report.unused_answers = tuple(
            f"{subject}: {name}" for subject, name in sorted(set(self.answers) - questions.used)
        )
        return report

    def _prove(self, stage: Path) -> None:
        """Load everything as it will stand; a specification that does not load becomes a draft that says why."""
        self._stage_what_exists(stage)
        whole = {f"{draft.theme}/{draft.id}.yml": draft for draft in self.annex.drafts if not draft.missing}
        for name, draft in whole.items():
            _put(stage / "catalogue" / name, declaration(draft.value))
        while found := problems_of(stage, self.annex.context.agencies.reference, self.places):
            broken = {name: [p for p in found if p.file.endswith(f"/catalogue/{name}")] for name in whole}
            if not any(broken.values()):
                raise SpecError(found)
            for name, problems in broken.items():
                if problems:
                    self._hold_back(whole.pop(name), problems)
                    (stage / "catalogue" / name).unlink()

    def _hold_back(self, draft: Draft, problems: list[SpecProblem]) -> None:
        for problem in problems:
            draft.missing.append(problem.field)
            place = draft.row.place("name")
            self.annex.questions.reopens(draft.subject, problem.field, place, problem.found, problem.remedy)

    def _stage_what_exists(self, stage: Path) -> None:
        """Copies of everything but the import's own files, then the programme, if it is new, and the measures."""
        for folder, room in ((self.places.catalogue, "catalogue"), (self.places.sources, "sources")):
            (stage / room).mkdir()
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                name = f"{room}/{path.relative_to(folder).as_posix()}"
                if path.is_file() and name not in self.own:
                    _put(stage / name, path.read_bytes())
        text = (stage / self.source).read_text(encoding="utf-8") if (stage / self.source).is_file() else ""
        text = source_text(self.annex, text)
        if text:
            _put(stage / self.source, text)
        programme = self.annex.context.programme
        if programme.id not in self.before.programmes:
            value = {"name": {"vi": programme.name}, "legal_basis": [self.annex.context.document]}
            _append(stage / "catalogue" / PROGRAMMES, {programme.id: value})
        themes = {theme: {"vi": name} for theme, name in self.annex.context.themes.items()}
        new = {theme: name for theme, name in themes.items() if theme not in self.before.themes}
        _append(stage / "catalogue" / THEMES, dict(sorted(new.items())))

    def _write(self, stage: Path) -> None:
        """Put every file in its place, each by one renaming, and take away the import's own that are no longer made."""
        made = [self.source] if (stage / self.source).is_file() else []
        for draft in self.annex.drafts:
            name = f"catalogue/{draft.theme}/{draft.id}.yml"
            if (stage / name).is_file():
                self.report.specs.append(name)
            else:
                name = f"drafts/{draft.id}.yml"
                heads = [f"Còn thiếu: {missing}" for missing in dict.fromkeys(draft.missing)]
                _put(stage / name, declaration(draft.value, heads))
                self.report.drafts.append(name)
            self.report.files[draft.subject] = name
            made.append(name)
        for asked in self.annex.questions.asked:
            if "." in asked.subject:
                self.report.files.setdefault(asked.subject, self.source)
        ours = [name for name in made if name in self.own or not self.places.path(name).is_file()]
        self.report.kept = [name for name in made if name not in ours and name != self.source]
        written = {name: mark_of((stage / name).read_bytes()) for name in ours}
        for name in self.own - set(made):
            self.places.path(name).unlink()
        # The marks stand before the files: what a killed run has placed is still known as its own.
        book = stage / "decisions.xlsx"
        write_decisions(book, self.annex.questions.asked, self.answers, self.report.files, written)
        _put_in_place(book, self.places.decisions)
        for shared in (PROGRAMMES, THEMES):
            if (stage / "catalogue" / shared).is_file():
                _put_in_place(stage / "catalogue" / shared, self.places.catalogue / shared)
        for name in [*ours, self.source]:
            if (stage / name).is_file():
                _put_in_place(stage / name, self.places.path(name))


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    """A folder beside the results, on the same file system, gone afterwards."""
    stage = Path(tempfile.mkdtemp(prefix=".import-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage)


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _append(file: Path, entries: Mapping[str, Any]) -> None:
    """Add keys at the end of a file of declarations, leaving what stands there as it is."""
    lines = [line for key, value in entries.items() for line in entry(key, value, 0)]
    if lines:
        earlier = file.read_text(encoding="utf-8").rstrip("\n") + "\n" if file.is_file() else ""
        _put(file, earlier + "\n".join(lines) + "\n")


def _put_in_place(staged: Path, target: Path) -> None:
    """Put into place by one renaming, unless the same stands there."""
    if not target.is_file() or target.read_bytes() != staged.read_bytes():
        content = staged.read_bytes()
        write(target, lambda part: _put(part, content))
