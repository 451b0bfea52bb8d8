"""Numbers as machines print them: ``-1234.5``, ``1e3``. No thousands separators, no comma, no guess.

Owns the reading of numeric text from databases and services, a whole column at a time. Text that people
typed is ``connectors.numbers``' affair.
"""

from decimal import Decimal

import polars as pl

_PLAIN = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_EXPONENT = r"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,6}$"
_NOT_FINITE = r"^(?i)[+-]?(nan|inf|infinity)$"
_SIGN_AND_ZEROS = r"^([+-]?)0*"
_MOST_WHOLE_DIGITS = 20
"""|x| < 1e20: DuckDB's DECIMAL(38, 9) sums overflow silently at 1e29, so that judgement leaves them room."""
_LONGEST = 400
"""Characters: room for the smallest 64-bit float written out, and far from what could fill a disk."""


def read(text: pl.Series) -> pl.DataFrame:
    """Values and problems of a column of text.

    Returns:
        One row per text, in order: ``obs_value`` (plain decimal text, or null) and ``problem`` (a code of
        ``indicator_specs.reading.PROBLEMS``, or null). A null text has neither; blank text is ``blank``.
    """
    stripped = text.alias("text").str.strip_chars()
    written_out = _written_out(stripped)
    whole = written_out.str.replace(_SIGN_AND_ZEROS, "").str.split_exact(".", 1).struct.field("field_0").str.len_chars()
    too_large = whole > _MOST_WHOLE_DIGITS
    frame = pl.DataFrame({"text": stripped, "out": written_out, "too_large": too_large})
    return frame.select(
        obs_value=pl.when(~pl.col("too_large")).then(pl.col("out")),
        problem=pl.when(pl.col("text").is_null())
        .then(None)
        .when(pl.col("text") == "")
        .then(pl.lit("blank"))
        .when(pl.col("text").str.contains(_NOT_FINITE) | pl.col("too_large").fill_null(value=False))
        .then(pl.lit("out_of_range"))
        .when(pl.col("out").is_null() & pl.col("text").str.contains(f"{_PLAIN}|{_EXPONENT}"))
        .then(pl.lit("out_of_range"))
        .when(pl.col("out").is_null())
        .then(pl.lit("not_a_number"))
        .cast(pl.String),
    )


def _written_out(stripped: pl.Series) -> pl.Series:
    """Plain texts as they are, without ``+`` and leading zeros; exponents written out; null for all else."""
    is_short = stripped.str.len_chars() <= _LONGEST
    plain = stripped.str.replace(r"^([+-]?)0+([0-9])", "${1}${2}").str.replace(r"^\+", "")
    written = pl.select(pl.when(is_short & stripped.str.contains(_PLAIN)).then(plain)).to_series()
    has_exponent = (is_short & stripped.str.contains(_EXPONENT)).fill_null(value=False)
    if has_exponent.any():  # rare, and exact only by Decimal
        at = has_exponent.arg_true()
        written = written.scatter(at, [_without_exponent(text) for text in stripped.gather(at)])
    return written


def _without_exponent(text: str) -> str | None:
    value = Decimal(text)
    if abs(value.adjusted()) > _LONGEST:
        return None
    return format(value, "f")
