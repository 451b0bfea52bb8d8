"""What a person writes about a mart and a dashboard, read strictly. Nothing here knows Superset's own format."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

HERE = Path(__file__).parent
CHARTS_PER_TAB = 8
COLUMNS_PER_ROW = 12
Type = Literal["text", "number", "figure", "place", "integer", "date", "instant", "boolean"]


class DefinitionError(ValueError):
    """Every mistake in the hand-written definitions, one a line: file, place, what is wrong."""


class Strict(BaseModel):
    """A model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Strict)


class Column(Strict):
    """A column of a mart: its type and the Vietnamese name that a reader sees."""

    type: Type
    name: str
    expression: str | None = None


def _pair(value: Any) -> Any:
    """Let ``[text, Chỉ số]`` stand for a plain column."""
    return {"type": value[0], "name": value[1]} if isinstance(value, list) and len(value) == 2 else value


class Metric(Strict):
    """An aggregate of a mart. Never an average of ratios: a cell of the mart is already a value."""

    name: str
    expression: str
    format: str | None = None


class Mart(Strict):
    """A mart as Superset shows it. ``restricted_by`` names the column by which an agency's rows are told apart.

    ``sql`` is what is asked where no table of that name is released: rows that are many to store and few to read.
    """

    mart: str
    sql: str | None = None
    name: str
    description: str
    time: str | None = None
    restricted_by: Literal["province_code"] | None = None
    columns: dict[str, Annotated[Column, BeforeValidator(_pair)]]
    calculated: dict[str, Column] = {}
    metrics: dict[str, Metric] = {}

    @property
    def names(self) -> set[str]:
        """Every column that a chart may show or order by."""
        return self.columns.keys() | self.calculated.keys()


class Chart(Strict):
    """One chart over one mart.

    ``order`` lists columns or a metric, ``-`` before a name means descending; ``served`` pages through the rows on the
    server, for lists of thousands; ``present`` names columns that must have a value.
    """

    id: str
    title: str
    width: int
    mart: str
    kind: Literal["rows", "summary", "heat", "line", "bar"]
    columns: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    across: str | None = None
    down: str | None = None
    order: tuple[str, ...] = ()
    where: dict[str, list[str | bool]] = {}
    present: tuple[str, ...] = ()
    page: int | None = None
    served: bool = False
    widths: dict[str, int] = {}
    paint: tuple[Literal["lights", "light_counts", "provenance", "states", "submission_counts", "verdicts"], ...] = ()
    unfiltered_by: tuple[str, ...] = ()


class Row(Strict):
    """Charts side by side; ``height`` in grid units of eight pixels, widths sum to at most twelve."""

    height: int
    charts: tuple[Chart, ...]


class Tab(Strict):
    """What one screen shows: at most eight charts."""

    id: str
    title: str
    rows: tuple[Row, ...]

    @property
    def charts(self) -> list[Chart]:
        """Its charts, as read from top to bottom."""
        return [chart for row in self.rows for chart in row.charts]


class Filter(Strict):
    """A filter of a dashboard, offering the values of the rows that ``where`` describes.

    ``first_by`` chooses the first value by a metric, ``-`` before it means the greatest.
    """

    id: str
    name: str
    mart: str
    column: str
    multiple: bool = True
    required: bool = False
    first_by: str | None = None
    default_indicator: str | None = None
    depends: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    skips_charts: tuple[str, ...] = ()
    where: dict[str, list[str | bool]] = {}


class Dashboard(Strict):
    """A dashboard: its filters and its tabs."""

    slug: str
    title: str
    filters: tuple[Filter, ...]
    tabs: tuple[Tab, ...]

    @property
    def charts(self) -> list[Chart]:
        """All its charts, in reading order."""
        return [chart for tab in self.tabs for chart in tab.charts]


class Definitions(Strict):
    """Everything written by hand: marts by name, dashboards in the order of their file names."""

    marts: dict[str, Mart]
    dashboards: tuple[Dashboard, ...]


def read_definitions(here: Path = HERE) -> Definitions:
    """Read ``datasets/*.yml`` and ``dashboards/*.yml`` under ``here``.

    Raises:
        DefinitionError: a file has an unknown key, or a chart names something that its mart does not have. All
            mistakes are reported at once.
    """
    problems: list[str] = []
    marts = {mart.mart: mart for mart in _read_all(here / "datasets", Mart, problems)}
    dashboards = tuple(_read_all(here / "dashboards", Dashboard, problems))
    for dashboard in dashboards:
        problems += [f"{dashboard.slug}: {problem}" for problem in _mistakes(dashboard, marts)]
    if problems:
        raise DefinitionError("\n".join(problems))
    return Definitions(marts=marts, dashboards=dashboards)


def _read_all(folder: Path, model: type[Model], problems: list[str]) -> list[Model]:
    found = []
    for path in sorted(folder.glob("*.yml")):
        try:
            found.append(model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except ValidationError as error:
            problems += [f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    return found


def _mistakes(dashboard: Dashboard, marts: dict[str, Mart]) -> Iterator[str]:
    ids = [chart.id for chart in dashboard.charts]
    filters = {each.id for each in dashboard.filters}
    yield from (f"chart id {id_!r} is used twice" for id_ in sorted({i for i in ids if ids.count(i) > 1}))
    for tab in dashboard.tabs:
        if len(tab.charts) > CHARTS_PER_TAB:
            yield f"tab {tab.id}: {len(tab.charts)} charts; at most {CHARTS_PER_TAB}"
        for row in tab.rows:
            if sum(chart.width for chart in row.charts) > COLUMNS_PER_ROW:
                yield f"tab {tab.id}: a row is wider than {COLUMNS_PER_ROW} columns"
    for chart in dashboard.charts:
        if chart.mart not in marts:
            yield f"chart {chart.id}: no mart {chart.mart!r}"
            continue
        yield from (f"chart {chart.id}: {each}" for each in _strangers(chart, marts[chart.mart]))
        yield from (f"chart {chart.id}: no filter {name!r}" for name in chart.unfiltered_by if name not in filters)
    for each in dashboard.filters:
        mart = marts.get(each.mart)
        if mart is None or each.column not in mart.names:
            yield f"filter {each.id}: no column {each.mart}.{each.column}"
        elif each.first_by and each.first_by.removeprefix("-") not in mart.metrics:
            yield f"filter {each.id}: no metric {each.first_by!r}"
        yield from (f"filter {each.id}: no chart {name!r}" for name in each.skips_charts if name not in ids)
        tabs = {tab.id for tab in dashboard.tabs}
        yield from (f"filter {each.id}: no tab {name!r}" for name in each.skips if name not in tabs)
        yield from (f"filter {each.id}: no filter {name!r}" for name in each.depends if name not in filters)


def _strangers(chart: Chart, mart: Mart) -> Iterator[str]:
    shown = {*chart.columns, *chart.where, *chart.present, *chart.widths, *filter(None, (chart.across, chart.down))}
    ordered = {name.removeprefix("-") for name in chart.order}
    yield from (f"no column {name!r} in {mart.mart}" for name in sorted(shown - mart.names))
    yield from (f"no metric {name!r} in {mart.mart}" for name in sorted({*chart.metrics} - mart.metrics.keys()))
    known = mart.names if chart.kind == "rows" else mart.metrics.keys()
    yield from (f"cannot order by {name!r}" for name in sorted(ordered - known))
