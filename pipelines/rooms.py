"""The rooms under a home looked through for what may go: what is out of reach is told at the end and holds up nothing.

A room may be a link to another disk; below it no link is followed, and an agency's folder that is a link is passed
over, as the intake does: behind it stands a folder of somebody else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.intake.names import ANSWERS
from indicator_specs.errors import both
from indicator_specs.home import Home


@dataclass
class Troubles:
    """What could not be looked through or removed, each in a sentence for people."""

    sentences: list[str] = field(default_factory=list)

    @contextmanager
    def alone(self, path: Path) -> Iterator[None]:
        """Keep the failure of one folder or file to itself; what has gone meanwhile is none."""
        try:
            yield
        except FileNotFoundError:
            return
        except OSError as reason:
            why = reason.strerror or str(reason)
            self.sentences.append(both(f"{path}: không đọc hoặc xoá được", f"cannot be read or removed ({why})"))


def entries(folder: Path, troubles: Troubles) -> list[tuple[Path, bool]]:
    """Files, and folders (True), in a folder, by name, without links; none where it is missing or out of reach."""
    found: list[tuple[Path, bool]] = []
    with troubles.alone(folder), os.scandir(folder) as inside:
        for each in inside:
            is_folder = each.is_dir(follow_symlinks=False)
            if is_folder or each.is_file(follow_symlinks=False):
                found.append((Path(each.path), is_folder))
    return sorted(found)


def folders(room: Path, troubles: Troubles) -> list[Path]:
    """Folders in a room: those of agencies, or of sources."""
    return [path for path, is_folder in entries(room, troubles) if is_folder]


def answer_folders(home: Home, troubles: Troubles) -> list[Path]:
    """Where each agency finds its answers."""
    found = [agency / ANSWERS for agency in folders(home.intake, troubles)]
    return [folder for folder in found if not folder.is_symlink()]
