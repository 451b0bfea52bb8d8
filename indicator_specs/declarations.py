"""Finds and reads the files of a catalogue and of its sources, one at a time; what joins them is the registry's."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, RootModel

from indicator_specs.errors import SpecProblem, both
from indicator_specs.form_layout import SUFFIX, FormLayout
from indicator_specs.home import PROJECT
from indicator_specs.model_problems import build
from indicator_specs.programmes import Programme, Programmes
from indicator_specs.source_spec import Source
from indicator_specs.spec import Indicator
from indicator_specs.strict_yaml import Document, Path_, dotted, read
from indicator_specs.typed_text import Bilingual, Identifier

PROGRAMMES, THEMES = "programmes.yml", "themes.yml"
Model = TypeVar("Model", bound=BaseModel)


class Themes(RootModel[dict[Identifier, Bilingual]]):
    """The file ``catalogue/themes.yml``: what each folder of the catalogue is called."""


@dataclass
class Declarations:
    """Everything that was read, typed where it could be, with all problems so far.

    ``broken`` holds ids that stand in files with problems: to name one of them elsewhere is no second mistake.
    """

    indicators: dict[str, Indicator] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    themes: dict[str, Bilingual] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    problems: list[SpecProblem] = field(default_factory=list)

    def refuse(self, file: str, path: Path_, found: str, remedy: str) -> None:
        """Note a problem at a place of a file."""
        line = self.documents[file].line(path) if file in self.documents else 0
        self.problems.append(SpecProblem(file, line, dotted(path), found, remedy))

    def typed(self, model: type[Model], path: Path) -> Model | None:
        """Read and type one file; its problems are added to all."""
        file = shown(path)
        document = self.documents[file] = read(path, file)
        value = build(model, document)
        self.problems.extend(document.problems)
        if value is None:
            self.broken.update(_ids(document.value))
            self.broken.add(path.stem)
        return value


def shown(path: Path) -> str:
    """How a path is named in messages: within the project where it lies there."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def read_all(catalogue: Path, sources: Path) -> Declarations:
    """Read every indicator under ``catalogue/<theme>/`` and every ``sources/<source>/source.yml``."""
    found = Declarations()
    if not _exists(found, catalogue) or not _exists(found, sources):
        return found
    if (catalogue / PROGRAMMES).is_file():
        programmes = found.typed(Programmes, catalogue / PROGRAMMES)
        found.programmes = dict(programmes.root) if programmes else {}
    if (catalogue / THEMES).is_file():
        themes = found.typed(Themes, catalogue / THEMES)
        found.themes = dict(themes.root) if themes else {}
    for path in _strays(catalogue):
        found.refuse(
            shown(path),
            (),
            both("tệp nằm sai chỗ hoặc sai đuôi", "a file out of place, or with another suffix"),
            both("đặt tại catalogue/<chủ đề>/<id>.yml", "place it at catalogue/<theme>/<id>.yml"),
        )
    for path in sorted(catalogue.glob("*/*.yml")):
        _read_indicator(found, path)
    _weigh(found)
    _assign(found.indicators)
    for folder in sorted(each for each in sources.iterdir() if each.is_dir() and not each.name.startswith((".", "_"))):
        _read_source(found, folder)
    return found


def fingerprint(catalogue: Path, sources: Path, reference: Path) -> str:
    """SHA-256 over every declaring file, by its path and bytes: the same meaning on any machine."""
    digest = hashlib.sha256()
    for root, patterns in (
        (catalogue, ("**/*.yml",)),
        (sources, ("*/source.yml", f"*/*{SUFFIX}", "*/*.sql")),
        (reference, ("*.csv",)),
    ):
        for path in sorted(each for pattern in patterns for each in root.glob(pattern)):
            content = path.read_bytes()
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _exists(found: Declarations, folder: Path) -> bool:
    if folder.is_dir():
        return True
    found.refuse(
        shown(folder), (), both("không có thư mục", "no such folder"), both("tạo hoặc sửa đường dẫn", "create it")
    )
    return False


def _strays(catalogue: Path) -> Iterator[Path]:
    for path in sorted(catalogue.rglob("*")):
        depth = len(path.relative_to(catalogue).parts)
        declared = path.suffix == ".yml" and (depth == 2 or (depth == 1 and path.name in {PROGRAMMES, THEMES}))
        if path.is_file() and not declared and path.suffix in {".yml", ".yaml"}:
            yield path


def _read_indicator(found: Declarations, path: Path) -> None:
    spec = found.typed(Indicator, path)
    if spec is None:
        return
    file = shown(path)
    if spec.id != path.stem:
        found.refuse(file, ("id",), spec.id, both(f"id phải là tên tệp: {path.stem}", "id must be the file's name"))
    if spec.id in found.indicators:
        other = found.indicators[spec.id].file
        found.refuse(file, ("id",), spec.id, both(f"đã có trong {other}", f"already declared in {other}"))
    _name_theme(found, path.parent.name, file)
    found.indicators[spec.id] = spec.placed(file, path.parent.name)


def _name_theme(found: Declarations, theme: str, file: str) -> None:
    """A theme is a folder of the catalogue, and people read its name."""
    if theme in found.themes or Path(THEMES).stem in found.broken:
        return
    found.refuse(
        file,
        (),
        both(f"chủ đề {theme!r} chưa khai báo", f"theme {theme!r} is not declared"),
        both(
            f"ghi tên vi, en của {theme} trong catalogue/{THEMES}, hoặc chuyển tệp sang chủ đề đã có",
            f"name {theme} in catalogue/{THEMES}, or move the file to a theme that is there",
        ),
    )


def _weigh(found: Declarations) -> None:
    """Give indicators that do not say what they weigh the weight of their programme, the first that has a rule."""
    for name in found.indicators:
        for programme in found.indicators[name].programmes:
            if programme in found.programmes:
                found.indicators[name] = found.programmes[programme].weighed(found.indicators[name])


def _assign(indicators: Mapping[str, Indicator]) -> None:
    """Tell each composite of assigned indicators which these are."""
    for spec in indicators.values():
        for method in spec.methods:
            chosen = method.composite.assigned if method.composite else None
            if chosen:
                weighed = (each for each in indicators.values() if each.scoring.weight and each.id != spec.id)
                spec.joining(tuple(sorted(each.id for each in weighed if each.applies(chosen))))


def _read_source(found: Declarations, folder: Path) -> None:
    path = folder / "source.yml"
    if not path.is_file():
        found.refuse(
            shown(folder),
            (),
            both("thư mục nguồn không có source.yml", "a source folder without source.yml"),
            both("thêm source.yml hoặc bỏ thư mục", "add source.yml or remove the folder"),
        )
        return
    source = found.typed(Source, path)
    if source is None:
        found.broken.add(folder.name)
        return
    if source.id != folder.name:
        found.refuse(
            shown(path),
            ("id",),
            source.id,
            both(f"id phải là tên thư mục: {folder.name}", "id must be the folder's name"),
        )
    found.sources[source.id] = source.placed(folder, shown(path))
    _read_layouts(found, source, folder)


def _read_layouts(found: Declarations, source: Source, folder: Path) -> None:
    """Descriptions of foreign forms: each is named by a form of its source and reads that dataset's measures alone."""
    named: set[Path] = set()
    for dataset in source.datasets:
        paths = [folder / f"{name}{SUFFIX}" for name in (dataset.form.layouts if dataset.form else ())]
        named |= set(paths)
        layouts = [(path, found.typed(FormLayout, path)) for path in paths]
        dataset.described_by(tuple(layout for _, layout in layouts if layout is not None))
        for path, layout in layouts:
            if layout is None:
                continue
            if layout.id != path.name.removesuffix(SUFFIX):
                found.refuse(shown(path), ("id",), layout.id, both("id phải là tên tệp", "id must be the file's name"))
            if strange := sorted(layout.measures - {measure.id for measure in dataset.measures}):
                remedy = both(f"{dataset.id} không có số liệu này", f"{dataset.id} has no such measure")
                found.refuse(shown(path), ("tables",), ", ".join(strange), remedy)
    for path in sorted(set(folder.glob(f"*{SUFFIX}")) - named):
        found.refuse(
            shown(path),
            (),
            both("không biểu mẫu nào dùng mô tả này", "no form uses this description"),
            both("ghi tên vào form.layouts, hoặc bỏ tệp", "name it in form.layouts, or remove the file"),
        )


def _ids(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for each in value.values():
            yield from _ids(each)
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
