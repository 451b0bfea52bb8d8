"""How mistakes in specifications are told: all of them at once, each with its place and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass


def both(vi: str, en: str) -> str:
    """One text for people: Vietnamese first, English second."""
    return f"{vi} / {en}"


class PlainError(Exception):
    """An error that a person at the screen can understand and mend: its text is all that is shown of it."""


@dataclass(frozen=True, order=True)
class SpecProblem:
    """One mistake in one file.

    ``field`` is the path inside the file (``targets[0].value``), empty where the file as a whole is meant;
    ``line`` counts from 1, 0 where none is known.
    """

    file: str
    line: int
    field: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = f"{place}  {self.field}" if self.field else place
        return f"{head}\n    thấy / found: {self.found}\n    cách sửa / remedy: {self.remedy}"


class SpecError(PlainError):
    """Specifications that cannot be used, with every problem of every file."""

    def __init__(self, problems: Iterable[SpecProblem]) -> None:
        self.problems: tuple[SpecProblem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        n_files = len({problem.file for problem in self.problems})
        head = both(
            f"{len(self.problems)} lỗi trong {n_files} tệp khai báo",
            f"{len(self.problems)} problems in {n_files} specification files",
        )
        return "\n\n".join([head, *(str(problem) for problem in self.problems)])
