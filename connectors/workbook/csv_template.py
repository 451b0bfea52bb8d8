"""The same form as CSV, for those who fill it by program: the stamp, the agency and the period stand in its head rows.

UTF-8 with a byte order mark, semicolons, CRLF: what Excel with Vietnamese settings opens by a double click.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from connectors import durable
from connectors.workbook.delimited import STATED_ROWS
from connectors.workbook.form import BlankForm, blank_form
from connectors.workbook.layout import EXPLANATION, NUMBER, ORG_UNIT, ORG_UNIT_NAME, TIME_PERIOD
from connectors.workbook.stamp import printed_text, stamp_key
from connectors.workbook.template import Filled
from indicator_specs.home import Home

if TYPE_CHECKING:
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset


def build_csv(
    registry: "Registry",
    dataset: "Dataset",
    agency: str,
    time_period: str,
    path: Path,
    prefill: Mapping[tuple[str, str], Filled] | None = None,
    *,
    key: bytes | None = None,
    is_synthetic: bool = False,
) -> Path:
    """Write the CSV form of one agency and period; arguments and errors are those of ``build_template``.

    Raises:
        KeyError, ValueError: as ``blank_form``.
        OSError: the file cannot be written.
    """
    form = blank_form(registry, dataset, agency, time_period, is_synthetic=is_synthetic)
    stamp = printed_text(form.stamp, key or stamp_key(Home.current().root))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(_rows(form, stamp, prefill or {}))
    return durable.write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _rows(form: BlankForm, stamp: str, prefill: Mapping[tuple[str, str], Filled]) -> Iterator[list[str]]:
    """Head rows, names and codes of the columns, then one row a unit."""
    yield [stamp]
    yield ["Biểu số", form.stamp.form, form.title_vi]
    yield ["Đơn vị báo cáo", form.stamp.agency, form.agency_name_vi]
    yield ["Kỳ báo cáo", form.period_label_vi]
    yield [STATED_ROWS, str(len(form.rows))]
    last = ["Giải trình"] if form.has_explanation else []
    names = [f"{column.name_vi} ({column.unit_vi})" for column in form.columns]
    yield ["STT", "Mã đơn vị", "Tên đơn vị", "Kỳ", *names, *last]
    codes = [column.code for column in form.columns]
    yield [NUMBER, ORG_UNIT, ORG_UNIT_NAME, TIME_PERIOD, *codes, *([EXPLANATION] if last else [])]
    for number, row in enumerate(form.rows, 1):
        figures = [_typed(prefill.get((row.org_unit, column.measure))) for column in form.columns]
        yield [str(number), row.org_unit, row.name_vi, form.stamp.time_period, *figures, *([""] if last else [])]


def _typed(value: Filled | None) -> str:
    """A figure as a Vietnamese officer types it: a decimal comma, no thousands separators."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value}".replace(".", ",")
