"""Published figures, one table per dataset: each row with where it was read. Gaps are blank and stay blank."""

import csv
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def read(name: str) -> list[dict[str, str]]:
    """Rows of ``<name>.csv`` in the order of the file; every value is text, a blank is a gap.

    Raises:
        FileNotFoundError: there is no such table.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
