"""How a dataset is pulled again: whole or from a cursor on, and from which fall in rows on nobody is believed."""

import re
from datetime import date, datetime
from typing import Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Declared, Number, Truth

Mode = Literal["full", "incremental", "snapshot_diff"]
"""``full``: all of it, every time. ``incremental``: what its cursor says is new, and a window before that.
``snapshot_diff``: all of it, held against what stood before, so that what the source deleted or restated is told."""

_LAG = re.compile(r"\d{1,6} (minutes|hours|days|weeks)|\d{1,18}")


class CursorColumn(Declared):
    """The column by which an incremental pull goes on.

    ``start`` is where the first pull begins: a whole number, a date or an instant, and so is the column. ``lag`` is how
    far before the newest value the next pull begins again, for rows that come late: ``3 days``, or a number.
    """

    column: str = Field(min_length=1)
    start: str
    lag: str = Field(pattern=_LAG.pattern)

    @model_validator(mode="after")
    def _whole(self) -> "CursorColumn":
        if self.is_number != self.lag.isdigit():
            raise ValueError(both("lag và start phải cùng loại (số, hoặc thời gian)", "lag and start differ in kind"))
        if not self.is_number:
            try:
                _ = date.fromisoformat(self.start) if len(self.start) == 10 else datetime.fromisoformat(self.start)
            except ValueError:
                raise ValueError(
                    both(
                        "start: số nguyên, ngày hoặc thời điểm ISO 8601",
                        "start: a whole number, an ISO date or instant",
                    )
                ) from None
            if len(self.start) == 10 and self.lag.split()[1] in {"minutes", "hours"}:
                raise ValueError(
                    both("start là ngày thì lag tính bằng days, weeks", "of a date, lag is in days or weeks")
                )
        return self

    @property
    def is_number(self) -> bool:
        """Whether the column counts rather than tells the time."""
        return self.start.lstrip("-").isdigit()


class Volume(Declared):
    """How many rows a pull is expected to bring, against those before it.

    ``max_fall_pct``: fewer rows by more than this is an alarm and not a success. ``may_be_empty``: no row at all is an
    answer too. ``max_restated_pct``: of the figures that were given before, more changed or withdrawn than this wait
    for a person; without it none do.
    """

    max_fall_pct: Number = Field(default=30, validate_default=True, gt=0, le=100)
    may_be_empty: Truth = False
    max_restated_pct: Number | None = Field(default=None, ge=0, le=100)
