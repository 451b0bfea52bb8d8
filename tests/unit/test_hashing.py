"""Content hashes: blind to order, instants and circumstances; sharp on everything else."""

import duckdb
import pytest

from pipelines.hashing import table_hash


def hash_of(select: str) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"create table t as {select}")
        return table_hash(connection, "main", "t")


BASE = "select * from (values (1, 'a', null), (2, 'b', 'x')) as v(n, text, more)"


@pytest.mark.parametrize(
    "same",
    [
        BASE + " order by n desc",
        f"select more, text, n from ({BASE})",
        f"select *, now() as seen_at from ({BASE})",
        f"select *, 7 as batch_no, 'host:1234' as origin from ({BASE})",
    ],
)
def test_order_instants_and_circumstances_do_not_count(same: str) -> None:
    assert hash_of(same) == hash_of(BASE)


@pytest.mark.parametrize(
    "other",
    [
        "select * from (values (1, 'a', null), (2, 'b', 'y')) as v(n, text, more)",
        "select * from (values (1, 'a', ''), (2, 'b', 'x')) as v(n, text, more)",
        "select * from (values (1, 'a', null), (2, 'b', 'x'), (2, 'b', 'x')) as v(n, text, more)",
        "select * from (values (1, 'a|1:b', null), (2, 'b', 'x')) as v(n, text, more)",
        "select * from (values (1, 'a', null), (2, 'b', 'x')) as v(m, text, more)",
    ],
)
def test_a_value_a_null_a_repetition_and_a_name_count(other: str) -> None:
    assert hash_of(other) != hash_of(BASE)
