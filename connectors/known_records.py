"""Records of a service that an incremental pull meets again, and how far it has come.

Owns what makes two records equal: every field that the declaration names, the cursor among them. What is known is what
the evidence of listed batches holds, as for databases (``databases/result``).
"""

from collections import defaultdict
from collections.abc import Iterator

from connectors import answer_tree, pages, shape
from connectors.answer_tree import Record, fault
from connectors.databases import cursor
from connectors.extracted import Before, EarlierBatch
from connectors.service_walk import Item
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset

Texts = tuple[str | None, ...]


def needed(dataset: Dataset) -> list[str]:
    """Every field that the declaration needs, the cursor's among them."""
    return list(dict.fromkeys([*shape.named_columns(dataset), *([dataset.cursor.column] if dataset.cursor else [])]))


def without(items: list[Item], dataset: Dataset, home: Home, before: Before) -> list[Item]:
    """The items that say something new: that no earlier batch has, or that the source has gone back to.

    It has gone back where the newest known records of the same key came no more: the earlier one is in force again.
    A batch that ended before the window begins can hold none of them.
    """
    names, key = needed(dataset), shape.key_columns(dataset)
    known: set[Texts] = set()
    newest: dict[Texts, set[Texts]] = {}
    for batch in before.batches:
        if _may_hold(dataset, batch, before):
            of_batch = defaultdict(set)
            for record in _kept(dataset, home, batch):
                of_batch[_texts(record, key)].add(_texts(record, names))
            known.update(*of_batch.values())
            newest |= of_batch
    came = {_texts(record, names) for _, _, record in items}
    standing = {each for each, records in newest.items() if not records.isdisjoint(came)}
    return [item for item in items if _texts(item[2], names) not in known or _texts(item[2], key) not in standing]


def reached(items: list[Item], dataset: Dataset, before: Before) -> str | None:
    """The newest cursor of all that was ever read: it never goes back.

    Raises:
        PermanentSourceError: a cursor is neither a number nor an instant.
    """
    column = dataset.cursor
    if column is None:
        return None
    values = [each for each in (*(record.text(column.column) for _, _, record in items), before.cursor) if each]
    try:
        newest = max(values, key=lambda each: cursor.order(column, each), default=None)
        cursor.since(column, newest)  # the next pull can begin there
        return newest
    except (ValueError, ArithmeticError):
        what = f"trường con trỏ {column.column} có giá trị không phải số, ngày hay thời điểm"
        raise fault("E-SRC-SHAPE", dataset.full_id, what, f"the cursor {column.column} holds no instant") from None


def _may_hold(dataset: Dataset, batch: EarlierBatch, before: Before) -> bool:
    assert dataset.cursor is not None  # noqa: S101 - only incremental datasets are asked
    begin = cursor.order(dataset.cursor, cursor.since(dataset.cursor, before.cursor))
    return batch.reached is None or cursor.order(dataset.cursor, batch.reached) >= begin


def _kept(dataset: Dataset, home: Home, batch: EarlierBatch) -> Iterator[Record]:
    assert dataset.request is not None  # noqa: S101 - a rest dataset has one: the source's model checks it
    for page in pages.unpack((home.root / batch.evidence_path).read_bytes()):
        if dataset.request.catalogue and not page.bound:
            continue  # a page of the catalogue itself
        yield from answer_tree.records_of(page, dataset.request, f"{dataset.full_id} page {page.number}")


def _texts(record: Record, names: list[str]) -> Texts:
    return tuple(record.text(name) for name in names)
