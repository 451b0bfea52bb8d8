"""What the import asks a person: which field of which specification, what stood there, what may be chosen.

An answer given in an earlier run is taken instead of asking; nothing is ever guessed in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indicator_specs.annex.grid import AnnexError
from indicator_specs.annex.words import composed
from indicator_specs.errors import both

WHOLE = "*"
"""Subject of what is asked once for the whole annex."""


@dataclass(frozen=True)
class Decision:
    """One thing to decide, or, where ``taken`` is not empty, to confirm.

    ``subject`` is the code or id of an indicator, a measure's id, or ``WHOLE``; with ``field`` it is the key of the
    answer. ``place`` is the annex's cell.
    """

    subject: str
    field: str
    place: str
    found: str
    reason: str
    choices: tuple[str, ...] = ()
    taken: str = ""
    file: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether nothing could be written for it."""
        return not self.taken


@dataclass
class Questions:
    """Asks, and remembers what was asked and which answers were used."""

    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    asked: list[Decision] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    def needs(
        self,
        subject: str,
        name: str,
        place: str,
        found: str,
        reason: str,
        choices: Sequence[str] = (),
        free: bool = True,
    ) -> str | None:
        """The answer, or ``None`` after noting the question."""
        answer = self._answer(subject, name, choices, free)
        if answer is None:
            self._note(Decision(subject, name, place, composed(found), reason, tuple(choices)))
        return answer

    def confirms(
        self,
        subject: str,
        name: str,
        place: str,
        found: str,
        taken: str,
        reason: str,
        choices: Sequence[str] = (),
        free: bool = True,
    ) -> str:
        """The answer, or what is taken for now, after noting that it wants confirmation."""
        answer = self._answer(subject, name, choices, free)
        if answer is None:
            self._note(Decision(subject, name, place, composed(found), reason, tuple(choices), taken))
        return taken if answer is None else answer

    def reopens(self, subject: str, name: str, place: str, found: str, reason: str) -> None:
        """Ask for a field that cannot stay as it is, whatever was answered before."""
        self._note(Decision(subject, name, place, composed(found), reason))

    def told(self, subject: str, name: str) -> str | None:
        """An answer to what is not asked, because the annex says it."""
        return self._answer(subject, name, (), free=True)

    def _note(self, decision: Decision) -> None:
        """What is the same for many rows is asked once."""
        if all((each.subject, each.field) != (decision.subject, decision.field) for each in self.asked):
            self.asked.append(decision)

    def _answer(self, subject: str, name: str, choices: Sequence[str], free: bool) -> str | None:
        answer = self.answers.get((subject, name))
        if answer is None:
            return None
        self.used.add((subject, name))
        parts = [part.strip() for part in answer.split(",")]
        if not free and choices and not set(parts) <= set(choices):
            allowed = ", ".join(choices)
            raise AnnexError(
                both(
                    f"{subject}:{name}: {answer!r} không nằm trong các lựa chọn: {allowed}",
                    f"{subject}:{name}: {answer!r} is none of the choices: {allowed}",
                )
            )
        return answer
