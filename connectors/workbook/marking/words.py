"""The words of a comment: what we say of a cell, and below it what an officer has said there.

Ours are known by their form and not by their author alone: LibreOffice leaves authors out when it saves.
"""

import re
from collections.abc import Set

from connectors.workbook.marking.comments import Said

AUTHOR = "Chiso"
"""Author of our comments."""

_LINE = "———"
_OURS = re.compile(r"\[(?P<rule>[^\]\n]+)\]\n[^\n]")
_SEPARATOR = re.compile(rf"\n\n{_LINE}(?: (?P<author>[^\n]+))?\n")
_CUT = "…"
_LONGEST_OF_OURS = 2_000
_LONGEST = 32_767
"""Characters that Excel takes in one text."""


def rule_told(text: str) -> str:
    """The rule with which a comment of ours begins; empty for another's."""
    match = _OURS.match(text)
    return match["rule"] if match else ""


def above(ours: str, theirs: Said | None) -> Said:
    """Our words, and an officer's whole below them; where room is short, ours are cut."""
    ours = re.sub(rf"^{_LINE}", "--", ours, flags=re.MULTILINE)
    if theirs is None or not theirs.text:
        return Said(AUTHOR, _cut(ours, _LONGEST_OF_OURS))
    author = " ".join(theirs.author.split())
    below = f"\n\n{_LINE}{author and f' {author}'}\n{theirs.text}"
    room = max(_LONGEST - len(below), len(ours.partition("\n")[0]) + 2)
    return Said(AUTHOR, _cut(ours, min(room, _LONGEST_OF_OURS)) + below)


def below_ours(said: Said, listed: Set[str]) -> Said | None:
    """What an officer has said in a comment of ours; None where that is nothing.

    Args:
        said: The comment. Without our words at its head an officer has written over them: all of it is theirs.
        listed: Lines of the earlier answer. By its rules a comment of ours is known below another; by its words, what
            somebody has added to ours.
    """
    text, author = said.text, ""
    is_ours = bool(rule_told(text))
    while is_ours:
        separator = _SEPARATOR.search(text)
        if separator is None:
            author, text = "", _added(text, listed)
            break
        author, text = separator["author"] or "", text[separator.end() :]
        is_ours = rule_told(text) in listed
    return Said(author, text) if text.strip() else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}{_CUT}"


def _added(text: str, listed: Set[str]) -> str:
    """What stands below the last line of ours; nothing where none can be told to be ours."""
    if text[_LONGEST_OF_OURS - 1 : _LONGEST_OF_OURS] == _CUT:
        return text[_LONGEST_OF_OURS:].lstrip("\n")
    lines = text.split("\n")
    last = next((number for number in reversed(range(len(lines))) if lines[number] in listed), len(lines))
    return "\n".join(lines[last + 1 :])
