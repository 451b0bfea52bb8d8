"""Where an import reads and writes: a catalogue, its sources, and the folder of drafts and decisions beside them."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from indicator_specs import declarations
from indicator_specs.annex.context import Known
from indicator_specs.declarations import Declarations
from indicator_specs.errors import SpecError
from indicator_specs.home import Home
from indicator_specs.names import name_key
from indicator_specs.registry import CATALOGUE, SOURCES


@dataclass(frozen=True)
class Places:
    """The folders of one import."""

    catalogue: Path
    sources: Path
    work: Path

    @classmethod
    def at(cls, out: Path | None, programme: str) -> "Places":
        """Below ``out``; without it the checkout's own catalogue and sources, and a folder in the home of data."""
        if out is None:
            return cls(CATALOGUE, SOURCES, Home.current().root / "import" / programme)
        return cls(out / "catalogue", out / "sources", out)

    @property
    def drafts(self) -> Path:
        """Specifications that cannot be valid before somebody decides."""
        return self.work / "drafts"

    @property
    def decisions(self) -> Path:
        """The workbook of decisions."""
        return self.work / "decisions.xlsx"

    def path(self, name: str) -> Path:
        """The file of a name such as ``catalogue/theme/id.yml``, ``sources/id/source.yml``, ``drafts/id.yml``."""
        room, _, rest = name.partition("/")
        return {"catalogue": self.catalogue, "sources": self.sources, "drafts": self.drafts}[room] / rest

    def own(self, written: Mapping[str, str]) -> frozenset[str]:
        """Names of the files that an earlier run wrote and that nobody has changed since."""
        return frozenset(name for name, mark in written.items() if self._is_unchanged(name, mark))

    def _is_unchanged(self, name: str, mark: str) -> bool:
        if name.partition("/")[0] not in {"catalogue", "sources", "drafts"} or ".." in name:
            return False
        path = self.path(name)
        return path.is_file() and mark_of(path.read_bytes()) == mark

    def declared(self, own: Collection[str]) -> Declarations:
        """What the catalogue and the sources hold already, but for an import's own files; nothing where they are new.

        Raises:
            SpecError: they do not load as they stand.
        """
        if not self.catalogue.is_dir() and not self.sources.is_dir():
            return Declarations()
        found = declarations.read_all(self.catalogue, self.sources)
        if found.problems:
            raise SpecError(found.problems)
        specs = found.indicators.values()
        found.indicators = {spec.id: spec for spec in specs if f"catalogue/{spec.theme}/{spec.id}.yml" not in own}
        found.sources = {name: each for name, each in found.sources.items() if f"sources/{name}/source.yml" not in own}
        return found


def mark_of(content: bytes) -> str:
    """The mark that tells whether a file is still what was written."""
    return hashlib.sha256(content).hexdigest()[:16]


def known(found: Declarations, programme: str, has_own_codes: bool) -> Known:
    """What a row can be matched with.

    A bare number such as ``11.1`` is a code of its own programme only; a code with letters is one everywhere.
    """
    specs = found.indicators.values()
    codes = {
        code: spec.id
        for spec in specs
        for code in spec.codes
        if has_own_codes or programme in spec.programmes or not re.fullmatch(r"[\d.]+", code)
    }
    measures = [m for source in found.sources.values() for dataset in source.datasets for m in dataset.measures]
    return Known(
        codes=codes,
        names={name_key(spec.name.vi): spec.id for spec in specs},
        measures={name_key(measure.name.vi): measure.id for measure in measures},
        measure_units={measure.id: measure.unit for measure in measures},
        measure_frequencies={measure.id: measure.frequency for measure in measures},
        indicator_ids=set(found.indicators),
        measure_ids={measure.id for measure in measures},
        themes_in_use={spec.theme for spec in specs},
        themes={name_key(name.vi): theme for theme, name in found.themes.items()},
    )
