"""Holding the ledger against its own chronicle and against the stores: what was altered behind the program's back."""

from connectors.durable import sha256_of
from connectors.ledger import Batch
from indicator_specs.errors import both
from pipelines.installation import Installation
from pipelines.submissions.attached import ATTACHED


def faults(here: Installation) -> list[str]:
    """What does not agree, each in a sentence: batches that are not those that were concluded, bytes that changed.

    Reads every kept file behind an accepted figure once: minutes for a country.
    """
    batches = {batch.batch_no: batch for batch in here.ledger.batches()}
    told = []
    for event in here.ledger.events(kinds=["concluded"]):
        number = event.detail["batch_no"]
        held = batches.get(number) if number is not None else None
        said = (event.detail["landing_sha256"], event.detail["accepted_sha256"])
        if number is not None and (held is None or (held.landing_sha256, held.accepted_sha256) != said):
            told.append(
                both(
                    f"Lô {number} không phải lô đã ghi ở sự kiện {event.event_no}",
                    f"Batch {number} is not the one of event {event.event_no}",
                )
            )
    told += [fault for batch in batches.values() if (fault := _rotten(here, batch))]
    told += [
        both(f"{part.path} đã mất hoặc bị thay đổi", f"{part.path} is gone or was altered")
        for part in here.ledger.compactions.parts()
        if not (here.home.root / part.path).is_file() or sha256_of(here.home.root / part.path) != part.sha256
    ]
    attached = (file for event in here.ledger.events(kinds=[ATTACHED]) for file in event.detail["files"])
    return told + [
        both(f"Minh chứng {file['name']} đã mất hoặc bị thay đổi", f"Evidence {file['name']} is gone or was altered")
        for file in attached
        if not (here.home.root / file["path"]).is_file() or sha256_of(here.home.root / file["path"]) != file["sha256"]
    ]


def _rotten(here: Installation, batch: Batch) -> str:
    """What is wrong with the evidence of a batch of which figures were accepted."""
    path = here.home.root / batch.evidence_path
    if not batch.n_accepted:
        return ""
    if not path.is_file():
        return both(
            f"Thiếu {batch.evidence_path} của lô {batch.batch_no}", f"Evidence of batch {batch.batch_no} is gone"
        )
    if sha256_of(path) != batch.evidence_sha256:
        return both(f"{batch.evidence_path} đã bị thay đổi", f"Evidence of batch {batch.batch_no} was altered")
    return ""
