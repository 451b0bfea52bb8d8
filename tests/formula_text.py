"""A parser of formulas that shares nothing with the compiler: recursive descent, nested tuples."""

import re
from fractions import Fraction
from typing import Any

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|('[^']*')|(\*\*|<=|>=|<>|!=|[-+*/^(),<>=]))")
COMPARED = {"<", "<=", ">", ">=", "=", "<>", "!="}
Node = tuple[Any, ...]
"""``("number", value)``, ``("text", word)``, ``("name", name)``, ``("-", x)``, ``("+", x, y)`` and so on for every
sign, ``("call", name, *args)``, ``("and", x, y)``, ``("or", x, y)``, ``("not", x)``."""


def read(text: str) -> Node:
    """The tree of a formula."""
    tokens = ["".join(token) for token in TOKEN.findall(text)]
    assert "".join(tokens) == re.sub(r"\s", "", text), text
    parser = _Parser(tokens)
    found = parser.condition()
    assert parser.at == len(tokens), f"left over: {tokens[parser.at :]}"
    return found


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def condition(self) -> Node:
        left = self.both()
        while self.peek() == "or":
            left = (self.take(), left, self.both())
        return left

    def both(self) -> Node:
        left = self.negated()
        while self.peek() == "and":
            left = (self.take(), left, self.negated())
        return left

    def negated(self) -> Node:
        return (self.take(), self.negated()) if self.peek() == "not" else self.compared()

    def compared(self) -> Node:
        left = self.sum()
        return (self.take(), left, self.sum()) if self.peek() in COMPARED else left

    def sum(self) -> Node:
        left = self.product()
        while self.peek() in {"+", "-"}:
            left = (self.take(), left, self.product())
        return left

    def product(self) -> Node:
        left = self.signed()
        while self.peek() in {"*", "/"}:
            left = (self.take(), left, self.signed())
        return left

    def signed(self) -> Node:
        if self.peek() in {"+", "-"}:
            return ("-", self.signed()) if self.take() == "-" else self.signed()
        base = self.atom()
        if self.peek() not in {"^", "**"}:
            return base
        self.take()
        if self.peek() == "-":
            self.take()
            return ("^", base, ("-", self.atom()))
        return ("^", base, self.atom())

    def atom(self) -> Node:
        token = self.take()
        if token == "(":
            inner = self.condition()
            assert self.take() == ")"
            return inner
        if token[0].isdigit():
            return ("number", Fraction(token))
        if token[0] == "'":
            return ("text", token[1:-1])
        if self.peek() != "(":
            return ("name", token)
        self.take()
        arguments = [self.condition()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.condition())
        assert self.take() == ")"
        return ("call", token, *arguments)


def names(node: Node) -> frozenset[str]:
    """The inputs that a tree reads."""
    if node[0] == "name":
        return frozenset({node[1]})
    return frozenset().union(*(names(part) for part in node[1:] if isinstance(part, tuple)))
