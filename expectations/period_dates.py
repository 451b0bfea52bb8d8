"""What is said where a date stands in place of a period: which day it is, or which two it could be.

A question only: no period is ever taken from a day.
"""

from expectations import canonical
from expectations.rendering import Both
from indicator_specs.dates import of_serial, read_date

_NO_SUCH = Both("Ngày này không có trong lịch.", "There is no such day.")
_OUT_OF_RANGE = Both("Năm này không thuộc dương lịch hiện nay.", "The year is of no present calendar.")


def dated(text: str | None) -> Both:
    """One sentence on the date that a text is; empty where it is none."""
    written = canonical.tidy(text)
    serial = of_serial(written)
    if serial is not None:
        day = f"{serial:%d/%m/%Y}"
        return Both(
            f"Số này có thể là ngày {day} mà Excel lưu dưới dạng số.", f"This may be {serial}, as Excel counts."
        )
    reading = read_date(written)
    if reading.problem == "not_a_date":
        return Both("", "")
    if reading.problem == "no_such_date":
        return _NO_SUCH
    if reading.problem == "out_of_range":
        return _OUT_OF_RANGE
    days = [reading.value] if reading.value else list(reading.readings)
    said_vi = " hoặc ".join(f"{day:%d/%m/%Y}" for day in days)
    said_en = " or ".join(f"{day}" for day in days)
    order = reading.problem == "month_first"
    return Both(
        f"Ô ghi một ngày ({said_vi}{', viết tháng trước ngày' if order else ''}), không phải một kỳ.",
        f"The cell holds a day ({said_en}{', month first' if order else ''}), not a period.",
    )
