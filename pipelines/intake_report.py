"""What a run of the intake led to, and what it met on its way."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.durable import OURS
from connectors.intake.folders import Unreachable
from connectors.ledger import Submission
from indicator_specs.errors import both
from pipelines.candidates import Admitted


@dataclass
class IntakeReport:
    """What one run led to."""

    admitted: list[Admitted] = field(default_factory=list)
    answers: list[Submission] = field(default_factory=list)
    waiting: int = 0
    """Files that are still being written; the next look takes them."""
    unreachable: list[Unreachable] = field(default_factory=list)
    """Folders and files that could not be read, moved or answered; what they hold is safe and is tried again."""

    def tell(self, unreachable: Iterable[Unreachable]) -> None:
        """Note what is out of reach, each once."""
        self.unreachable += [each for each in unreachable if each not in self.unreachable]

    @contextmanager
    def alone(self, agency: str, path: Path) -> Iterator[None]:
        """Keep the failure of one folder or file to itself.

        Raises:
            OSError: this machine itself fails (a full disk).
        """
        try:
            yield
        except OSError as reason:
            if reason.errno in OURS:
                raise
            self.tell([Unreachable(agency, path, reason.strerror or str(reason))])

    def has_lost(self, agency: str, folder: Path) -> bool:
        """Whether an agency's folder has failed in this run: told already, and tried again by the next."""
        return any((each.agency, each.path) == (agency, folder) for each in self.unreachable)

    @property
    def troubles(self) -> list[str]:
        """What was out of reach, each in a sentence for people."""
        return [
            both(f"{each.path}: không đọc hoặc ghi được", f"cannot be read or written ({each.reason})")
            for each in self.unreachable
        ]
