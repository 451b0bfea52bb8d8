"""The words and signs a formula may hold, checked on the text before it is parsed.

A parser drops comments, joins tokens and knows every function of SQL; so nothing reaches it that is not on this list.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from indicator_specs.errors import both
from indicator_specs.formula import faults
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.functions import FUNCTIONS

LONGEST, DEEPEST = 2_000, 30
PREFIX = "n_"
"""Stands before every word that the parser sees, so that no name of ours is a word or a function of SQL to it."""
LOGIC = ("and", "or", "not")
EMPTY = (",,", "(,", ",)")
"""Signs that follow each other where an argument is left out: the parser would not mind."""
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>--|/\*)|(?P<arrow>=>|->)|(?P<number>\d[\w.]*)|(?P<word>[^\W\d]\w*)|(?P<text>'[0-9A-Za-z-]{1,16}')"
    r"|(?P<sign><=|>=|<>|!=|\*\*|[-+*/^(),<>=])"
)
_NUMBER = re.compile(r"\d{1,30}(\.\d{1,30})?", re.ASCII)
RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        all analyze and any array as asc between both by case cast collate column constraint create cross
        current_date current_time current_timestamp default desc describe distinct do else end escape except
        exists false fetch filter for foreign from full function grant group having in index initially inner
        intersect interval into is join lambda lateral leading left like limit map natural not null of offset
        on only or order outer over overlaps pivot placing primary qualify range references returning right row
        rows select set show similar some struct summarize table then time to trailing true union unique unknown
        unpivot user using values variadic when where window with
        """,
    )
)
"""Words that DuckDB, Spark or the parser keep for themselves: no input may be called so."""


@dataclass(frozen=True)
class Lexed:
    """A text that holds nothing foreign: with every word marked for the parser, and where the marks stand."""

    marked: str
    marks: tuple[int, ...]

    def position(self, marked: int) -> int:
        """The offset in the formula of an offset in the marked text."""
        return max(marked - len(PREFIX) * sum(mark < marked for mark in self.marks), 0)


def lexed(text: str, names: Collection[str]) -> Lexed:
    """Let through only numbers, quoted words, inputs, known functions and signs.

    Raises:
        FormulaError: at the first thing that is none of these.
    """
    if not text.strip():
        raise FormulaError(text, -1, both("công thức trống", "an empty formula"), faults.ALLOWED)
    if len(text) > LONGEST:
        raise FormulaError(
            text,
            LONGEST,
            both(f"công thức dài hơn {LONGEST} ký tự", f"longer than {LONGEST} characters"),
            both("tách thành nhiều chỉ số", "split it into several indicators"),
        )
    position, depth, before, written, marks = 0, 0, "", "", []
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match["comment"] or match["arrow"]:
            raise _foreign_sign(text, position)
        if match["sign"] and before + match["sign"] in EMPTY:
            raise FormulaError(text, position, *faults.NO_ARGUMENT)
        if match["number"]:
            _check_number(text, position, match["number"])
        if match["word"] and match["word"] not in LOGIC:
            _check_word(text, position, match["word"], names)
            marks.append(len(written))
            written += PREFIX
        depth += (match["sign"] == "(") - (match["sign"] == ")")
        if depth > DEEPEST:
            raise FormulaError(
                text,
                position,
                both("ngoặc lồng quá sâu", "brackets nested too deep"),
                both("tách thành nhiều chỉ số", "split it into several indicators"),
            )
        written += match[0]
        before = before if match["space"] else match[0]
        position = match.end()
    return Lexed(written, tuple(marks))


def _foreign_sign(text: str, position: int) -> FormulaError:
    sign = text[position]
    if text.startswith(("--", "/*"), position):
        found = both("ghi chú SQL (-- hoặc /*)", "an SQL comment (-- or /*)")
        return FormulaError(text, position, found, both("viết a - (-b) nếu là phép trừ", "for a difference: a - (-b)"))
    if text.startswith(("=>", "->"), position):
        return FormulaError(text, position, both("mũi tên", "an arrow"), faults.ALLOWED)
    found = faults.SIGNS.get(sign, both(f"ký tự {sign!r}", f"the sign {sign!r}"))
    return FormulaError(text, position, found, faults.INSTEAD.get(sign, faults.ALLOWED))


def _check_number(text: str, position: int, number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise FormulaError(
            text,
            position,
            both(f"{number!r} không phải số thập phân", f"{number!r} is not a plain decimal"),
            both("viết 1000 hoặc 0.5", "write 1000 or 0.5"),
        )


def _check_word(text: str, position: int, word: str, inputs: Collection[str]) -> None:
    is_call = text[position + len(word) :].lstrip().startswith("(")
    if word in (FUNCTIONS if is_call else inputs):
        return
    lower = word.lower()
    if is_call and lower not in faults.WORDS:
        near = get_close_matches(lower, FUNCTIONS, n=1)
        hint = both(f"có phải là {near[0]}?", f"did you mean {near[0]}?") if near else faults.ALLOWED
        found = both(f"hàm {word!r} không được dùng", f"function {word!r} is not allowed")
        raise FormulaError(text, position, found, faults.OTHER_FUNCTIONS.get(lower, hint))
    if lower in LOGIC:
        found = both(f"{word!r} viết hoa", f"{word!r} in capitals")
        raise FormulaError(text, position, found, both(f"viết {lower}", f"write {lower}"))
    if lower in faults.WORDS:
        raise FormulaError(text, position, faults.WORDS[lower], faults.ALLOWED)
    near = get_close_matches(word, sorted(inputs), n=1)
    known = ", ".join(sorted(inputs))
    raise FormulaError(
        text,
        position,
        both(f"{word!r} không có trong inputs", f"{word!r} is not among the inputs"),
        both(f"có phải là {near[0]!r}?", f"did you mean {near[0]!r}?")
        if near
        else both(f"khai báo trong inputs; hiện có: {known}", f"declare it under inputs; there are: {known}"),
    )
