"""What we hold of the last whole pull of a dataset, so that a service can say that it still stands.

Owns ``evidence/pulls/<source>/<dataset>/<period>.json``: for each page of the kept evidence, by what the service tells
whether it has changed. Without the evidence itself nothing is held.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from connectors import durable, pages
from connectors.durable import Kept
from connectors.http_answers import Validators
from connectors.journal import Received


def read(file: Path, fingerprint: str, root: Path) -> dict[str, Received]:
    """The held pages by their request; empty where nothing is held, or it was asked for in another way.

    Args:
        file: where it is noted.
        fingerprint: of the declaration and the service.
        root: of the home, where the evidence lies.
    """
    try:
        told = json.loads(file.read_bytes())
        if told["pull"] != fingerprint:
            return {}
        bodies = pages.unpack((root / told["evidence"]).read_bytes())
        held = {}
        for page, noted in zip(bodies, told["pages"], strict=True):
            validators = Validators(noted["etag"], noted["last_modified"])
            if validators.headers and page.request not in held:
                held[page.request] = Received(page, noted["next"], validators)
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # it only saves work: whatever is wrong with it, everything is asked for anew
    return held


def write(file: Path, fingerprint: str, kept: Kept, received: Sequence[Received]) -> None:
    """Note what a whole pull brought."""
    noted = [
        {"etag": one.validators.etag, "last_modified": one.validators.last_modified, "next": one.following}
        for one in received
    ]
    content = {"pull": fingerprint, "evidence": kept.path, "pages": noted}
    durable.write_bytes(file, json.dumps(content, ensure_ascii=False, indent=1).encode())
