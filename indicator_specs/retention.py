"""How long what was dropped, answered or held is kept: data, since rules of archives decide it."""

from dataclasses import dataclass

STORES = ("archive", "quarantine", "answers", "returned_evidence", "merged")
"""Stores that may be thinned out: answered originals, held files, receipts, bytes of files of which nothing was taken,
and accepted files whose rows lie in the parts of a compaction. Bytes behind an accepted figure are in none of them:
they are kept for as long as the figure."""


@dataclass(frozen=True)
class RetentionRule:
    """One row of ``retention.csv``: for how many days a store keeps what it has; without a row it keeps everything."""

    store: str
    keep_days: int
    source: str
