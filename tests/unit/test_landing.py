"""Stores: the same rows have the same address, whatever chunks, order of columns or library wrote them."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import durable
from connectors.content_address import READING_SCHEMA, content_address
from connectors.durable import Evidence
from connectors.landing import Landed, Landing, RottenFileError
from indicator_specs.home import Home
from indicator_specs.reading import READING


def reading(*values: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        [
            dict.fromkeys(READING) | {"row_no": n, "value_text": value, "is_synthetic": False}
            for n, value in enumerate(values, 1)
        ],
        schema=READING_SCHEMA,
    )


def test_the_address_is_pinned() -> None:
    """It must not change with an upgrade: old content would look new."""
    assert content_address(reading()) == "2d7b1f06181ec1527ab25bb9a27f99f89cb96b1aa3c7a1d02e25eab1d91109a4"
    with_gaps = content_address(reading("1", None, "Hà Nội"))
    assert with_gaps == "6937bc81b2db5dc610a7c862d8b09c01d7b99f2b05308a500d5b596589fd6030"


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text()), max_size=8), st.integers(0, 8))
def test_chunks_do_not_matter(values: list[str | None], cut: int) -> None:
    whole = reading(*values)
    pieces = pl.concat([whole.slice(0, cut), whole.slice(cut)], rechunk=False)
    assert content_address(pieces) == content_address(whole)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text()), max_size=5), st.lists(st.one_of(st.none(), st.text()), max_size=5))
def test_other_rows_have_another_address(one: list[str | None], other: list[str | None]) -> None:
    assert (content_address(reading(*one)) == content_address(reading(*other))) == (one == other)


def test_neighbouring_texts_are_not_confused() -> None:
    assert content_address(reading("ab", "c")) != content_address(reading("a", "bc"))
    assert content_address(reading("", None)) != content_address(reading(None, ""))


def test_rows_come_back_as_they_were(home: Home) -> None:
    rows = reading("1,5", None, "x\x00y", "đ")
    landed = Landing(home).accept("s", "d", rows)
    assert landed == Landed(f"accepted/s/d/{landed.sha256}.parquet", content_address(rows), 4)
    assert Landing(home).read(landed.path).equals(rows)
    assert [path.suffix for path in (home.accepted / "s" / "d").iterdir()] == [".parquet"]


def test_the_same_rows_twice_are_one_file(home: Home) -> None:
    first = Landing(home).accept("s", "d", reading("1"))
    before = (home.root / first.path).stat()
    assert Landing(home).accept("s", "d", reading("1")) == first
    assert (home.root / first.path).stat().st_ino == before.st_ino


@pytest.mark.parametrize("damage", [b"", b"PAR1 and nothing else"])
def test_a_rotten_file_is_refused_and_healed_by_the_same_rows(home: Home, damage: bytes) -> None:
    landed = Landing(home).accept("s", "d", reading("1"))
    (home.root / landed.path).write_bytes(damage)
    with pytest.raises((RottenFileError, pl.exceptions.PolarsError)):
        Landing(home).read(landed.path)
    Landing(home).accept("s", "d", reading("1"))
    assert Landing(home).read(landed.path).equals(reading("1"))


def test_rows_under_a_wrong_name_are_refused(home: Home) -> None:
    landed = Landing(home).accept("s", "d", reading("1"))
    reading("2").write_parquet(home.root / landed.path)
    with pytest.raises(RottenFileError):
        Landing(home).read(landed.path)


@pytest.mark.parametrize(
    "rows",
    [
        reading("1").drop("place"),
        reading("1").with_columns(extra=pl.lit("x")),
        reading("1").select(reversed(READING)),
        reading("1").with_columns(pl.col("value_text").cast(pl.Float64, strict=False)),
    ],
)
def test_what_is_no_reading_is_refused(home: Home, rows: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="not a reading"):
        Landing(home).accept("s", "d", rows)
    assert not home.accepted.exists()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    target = durable.write_bytes(tmp_path / "a" / "b", b"old")

    def fail(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        durable.write(target, fail)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_evidence_is_one_file_per_content(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.XLSX").write_bytes(b"bytes")
    one = Evidence(home).keep(b"bytes", ".xlsx")
    assert Evidence(home).keep(tmp_path / "x.XLSX", ".XLSX") == one
    assert one.path == f"evidence/{one.sha256[:2]}/{one.sha256}.xlsx"
    assert one.size == 5
    assert [path for path in home.evidence.rglob("*") if path.is_file()] == [home.root / one.path]


def test_rotten_evidence_is_written_anew(home: Home) -> None:
    kept = Evidence(home).keep(b"bytes", "")
    (home.root / kept.path).write_bytes(b"rotten")
    Evidence(home).keep(b"bytes", "")
    assert (home.root / kept.path).read_bytes() == b"bytes"
