"""A home with many loose accepted files, and what its ledger says that its accepted rows are."""

from collections.abc import Iterable
from types import SimpleNamespace

import polars as pl

from connectors.accepted import accepted_rows
from connectors.durable import Evidence
from connectors.landing import Landing
from connectors.ledger import Batch, Ledger, NewBatch
from indicator_specs.home import Home
from tests.tiny_warehouse import reading

SOURCE, DATASET = "a_source", "a_dataset"


def accept(home: Home, ledger: Ledger, partition: str, values: Iterable[tuple[object, ...]]) -> Batch:
    """Accept values as one batch of a period."""
    rows = reading(values, "P01")
    landing = Landing(home)
    batch = NewBatch(
        SOURCE,
        DATASET,
        Evidence(home).keep(rows.write_json().encode(), ".json"),
        landing.land(SimpleNamespace(source=SOURCE, dataset=DATASET, rows=rows)),
        landing.accept(SOURCE, DATASET, rows),
        "spec",
        partition=partition,
    )
    made = ledger.commit(batch).batch
    assert made is not None
    return made


def some_files(home: Home, ledger: Ledger, partition: str, numbers: range) -> list[Batch]:
    """One file a number: values of two measures, some of them corrections of earlier ones."""
    return [
        accept(
            home,
            ledger,
            partition,
            [(f"m.{measure}", f"P{number % 7:02}", partition, number * 10 + measure) for measure in (2, 1)],
        )
        for number in numbers
    ]


def listed_rows(home: Home, ledger: Ledger) -> pl.DataFrame:
    """Every accepted row with its batch, read as the staging models do: loose files, then parts."""
    batches = [batch for batch in ledger.batches() if batch.accepted_path is not None]
    frames = [
        pl.read_parquet(home.root / str(batch.accepted_path)).select(
            pl.lit(batch.batch_no).cast(pl.Int64).alias("batch_no"), pl.all()
        )
        for batch in batches
        if batch.compaction_no is None
    ]
    frames += [pl.read_parquet(home.root / part.path) for part in ledger.compactions.parts()]
    return pl.concat(frames).sort("batch_no", "row_no")


def each_alone(home: Home, ledger: Ledger) -> dict[int, pl.DataFrame]:
    """The accepted rows of each batch by itself."""
    return {batch.batch_no: accepted_rows(home, ledger, batch) for batch in ledger.batches()}
