"""Reads YAML so that nothing changes silently: every scalar is text, surprises are errors with a remedy.

Stands on PyYAML's event stream and gives plain ``dict``, ``list``, ``str`` and ``None``; it types nothing and
knows no field. A number, a date and ``yes`` stay the text that was typed; the models type them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from indicator_specs import yaml_remedies as say
from indicator_specs.errors import SpecProblem

Path_ = tuple[str | int, ...]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONGEST_FLOW_TEXT = 120
_COMMA_NUMBER = re.compile(r"[+-]?\d[\d.]*,\d+")
_WORD = re.compile(r"[\w.+-]*")


@dataclass
class Document:
    """One file as read: its value, the line of every path in it, and what was wrong with it."""

    file: str
    value: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[SpecProblem] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Line of ``path``, or of the nearest thing around it; 0 if nothing is known."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def refuse(self, path: Path_, line: int, fault: say.Fault) -> None:
        """Note a problem."""
        self.problems.append(SpecProblem(self.file, line, dotted(path), fault.found, fault.remedy))


def dotted(path: Path_) -> str:
    """``("targets", 0, "value")`` as people write it: ``targets[0].value``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read(path: Path, file: str | None = None) -> Document:
    """Read a YAML file; what is wrong with it is in ``problems``, never raised.

    Args:
        path: The file.
        file: Its name in messages; the path itself if not given.
    """
    name = file or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        document = Document(name)
        document.refuse((), 0, say.NOT_UTF8 if isinstance(error, UnicodeDecodeError) else say.unreadable(error))
        return document
    return read_text(text, name)


def read_text(text: str, file: str) -> Document:
    """The same, of a text that is already in memory."""
    document = Document(file)
    if unicodedata.normalize("NFC", text) != text:
        document.refuse((), 0, say.NOT_NFC)
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line:
            document.refuse((), number, say.TAB)
    if not document.problems:
        _Builder(document, text).build()
    return document


class _Builder:
    """Walks the event stream once."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.text = text
        self.events: Iterator[Any] = iter(())

    def build(self) -> None:
        try:
            self.events = iter(yaml.parse(self.text, Loader=LOADER))
            self._stream()
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark or error.context_mark
            index, line = (mark.index, mark.line + 1) if mark else (0, 0)
            before, character = self.text[max(index - 1, 0) : index], self.text[index : index + 1]
            worst = before if before in {">", "|"} else character
            self.document.refuse((), line, say.of_scanner(worst, f"{error.problem} {error.context or ''}".strip()))
        except yaml.YAMLError as error:
            self.document.refuse((), 0, say.of_scanner("", str(error)))
        except RecursionError:
            self.document.refuse((), 0, say.TOO_DEEP)

    def _stream(self) -> None:
        roots = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                roots += 1
                if roots > 1:
                    self.document.refuse((), _line(event), say.SECOND_DOCUMENT)
                    return
                value = self._node(next(self.events), (), in_list=False, in_flow=False)
                if isinstance(value, dict):
                    self.document.value = value
                else:
                    self.document.refuse((), 1, say.NOT_A_MAPPING)
        if not roots:
            self.document.refuse((), 0, say.NOT_A_MAPPING)

    def _node(self, event: Any, path: Path_, in_list: bool, in_flow: bool) -> Any:
        line = _line(event)
        self.document.lines.setdefault(path, line)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self.document.refuse(path, line, say.ALIAS)
        if isinstance(event, yaml.AliasEvent):
            return None
        if event.tag:
            self.document.refuse(path, line, say.TAG)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, bool(event.flow_style))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, bool(event.flow_style))
        return self._scalar(event, path, in_list, in_flow)

    def _mapping(self, path: Path_, in_flow: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            line = _line(event)
            if key in found:
                self.document.refuse((*path, key), line, say.duplicate(key, self.document.lines[(*path, key)]))
            self.document.lines.setdefault((*path, key), line)
            found[key] = self._node(next(self.events), (*path, key), in_list=False, in_flow=in_flow)
        return found

    def _key(self, event: Any, path: Path_) -> str:
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            self.document.refuse(path, line, say.KEY_NOT_TEXT)
            self._node(event, path, in_list=False, in_flow=True)
            return "?"
        if event.value == "<<":
            self.document.refuse(path, line, say.MERGE)
        if event.anchor:
            self.document.refuse(path, line, say.ALIAS)
        if event.tag:
            self.document.refuse(path, line, say.TAG)
        return str(event.value)

    def _sequence(self, path: Path_, in_flow: bool) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._node(event, (*path, len(found)), in_list=in_flow, in_flow=in_flow))
        return found

    def _scalar(self, event: Any, path: Path_, in_list: bool, in_flow: bool) -> str | None:
        text = str(event.value)
        fault = None
        if event.style in {">", "|"}:
            fault = say.EMPTY_BLOCK if not text.strip() else None
        elif in_flow and len(text) > LONGEST_FLOW_TEXT:
            fault = say.LONG_FLOW
        elif not event.style:
            fault = self._plain_fault(event, text, in_list)
        if fault:
            self.document.refuse(path, _line(event), fault)
        if not event.style and text in {"null", "~", ""}:
            return None
        return text.strip("\n") if event.style in {">", "|"} else text

    def _plain_fault(self, event: Any, text: str, in_list: bool) -> say.Fault | None:
        if not text:
            return say.EMPTY_VALUE
        if event.start_mark.line != event.end_mark.line:
            return say.MANY_LINES
        if _COMMA_NUMBER.fullmatch(text):
            return say.DECIMAL_COMMA
        if in_list and not _WORD.fullmatch(text):
            return say.WORDS_IN_LIST
        rest = self.text[event.end_mark.index :].split("\n", 1)[0]
        comment = re.match(r"( *)#", rest)
        if comment and (len(comment[1]) < 2 or " " in text):
            return say.COMMENT_IN_TEXT
        return None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
