"""What follows from some columns is worked out once for each of their values."""

import polars as pl

from expectations.distinct import with_each


def test_order_missing_values_and_repetitions_are_kept() -> None:
    rows = pl.DataFrame(
        {"no": [1, 2, 3, 4, 5], "unit": ["b", None, "a", "b", None], "value": ["1", "1", None, "1", "2"]}
    )
    asked: list[pl.DataFrame] = []

    def told(distinct: pl.DataFrame) -> list[pl.Series]:
        asked.append(distinct)
        return [pl.Series("both", [f"{unit}{value}" for unit, value in distinct.iter_rows()])]

    found = with_each(rows, ["unit", "value"], told)
    assert found.columns == [*rows.columns, "both"]
    assert found["no"].to_list() == [1, 2, 3, 4, 5]
    assert found["both"].to_list() == ["b1", "None1", "aNone", "b1", "None2"]
    assert [distinct.height for distinct in asked] == [4]
