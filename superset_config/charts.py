"""The parameters that Superset's chart types want, from our own few words. Pure: no file, no registry."""

import json
from typing import Any

from superset_config.definition import Chart, Mart
from superset_config.palette import rules

# As many as Superset ever fetches: a list is never cut short in silence.
ROW_LIMIT = 50_000
DATE, INSTANT, NUMBER, COUNT = "%d/%m/%Y", "%d/%m/%Y %H:%M", ",.1f", ",d"
# 34, and 34,5 where two share the places 34 and 35.
PLACE = ",.1~f"
# A figure as it was given: dossiers are whole, an index of 0,689 is not 0,7.
FIGURE = ",.3~f"
STATE_WORDS = {
    "missing": "Chưa gửi",
    "returned": "Trả lại để hoàn thiện",
    "partial": "Chưa đủ số liệu",
    "late": "Gửi chậm",
    "on_time": "Đúng thời hạn",
    "not_due": "Chưa đến thời hạn gửi",
}


def parameters(chart: Chart, mart: Mart) -> dict[str, Any]:
    """The ``params`` of one chart: what to ask of the mart and how to draw it."""
    build = {"rows": _rows, "summary": _summary, "heat": _heat, "line": _line, "bar": _bar}[chart.kind]
    return {
        **build(chart, mart),
        "adhoc_filters": [*conditions(chart.where), *map(_present, chart.present)],
        "row_limit": ROW_LIMIT,
    }


def conditions(where: dict[str, list[str | bool]]) -> list[dict[str, Any]]:
    """Fixed conditions, as the simple filters that Superset shows to a reader."""
    found: list[dict[str, Any]] = []
    for column, values in where.items():
        truth = values == [True]
        found.append(
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "subject": column,
                "operator": "IS TRUE" if truth else "IN",
                "operatorId": "IS_TRUE" if truth else "IN",
                "comparator": True if truth else values,
            }
        )
    return found


def _present(column: str) -> dict[str, Any]:
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "IS NOT NULL",
        "operatorId": "IS_NOT_NULL",
        "comparator": None,
    }


def _table(chart: Chart, mart: Mart) -> dict[str, Any]:
    paging = (
        {"server_pagination": True, "server_page_length": chart.page}
        if chart.served
        else {"page_length": chart.page or 0}
    )
    return {
        "viz_type": "table",
        "table_timestamp_format": DATE,
        "show_cell_bars": False,
        "color_pn": False,
        "include_search": chart.page is not None and not chart.served,
        "allow_rearrange_columns": False,
        "column_config": _column_config(chart, mart),
        "conditional_formatting": rules(chart.paint, STATE_WORDS),
        **paging,
    }


def _column_config(chart: Chart, mart: Mart) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for name in chart.columns:
        config: dict[str, Any] = {}
        match (mart.columns | mart.calculated)[name].type:
            case "number":
                config["d3NumberFormat"] = NUMBER
            case "figure":
                config["d3NumberFormat"] = FIGURE
            case "place":
                config["d3NumberFormat"] = PLACE
            case "integer":
                config["d3NumberFormat"] = COUNT
            case "instant":
                config["d3TimeFormat"] = INSTANT
            case "date":
                config["d3TimeFormat"] = DATE
        if name in chart.widths:
            config["columnWidth"] = chart.widths[name]
        if config:
            found[name] = config
    return found


def _rows(chart: Chart, mart: Mart) -> dict[str, Any]:
    order = [json.dumps([name.removeprefix("-"), not name.startswith("-")]) for name in chart.order]
    return {**_table(chart, mart), "query_mode": "raw", "all_columns": [*chart.columns], "order_by_cols": order}


def _summary(chart: Chart, mart: Mart) -> dict[str, Any]:
    found = {**_table(chart, mart), "query_mode": "aggregate", "groupby": [*chart.columns], "metrics": [*chart.metrics]}
    if chart.order:
        found["timeseries_limit_metric"] = chart.order[0].removeprefix("-")
        found["order_desc"] = chart.order[0].startswith("-")
    return found


def _heat(chart: Chart, mart: Mart) -> dict[str, Any]:
    return {
        "viz_type": "heatmap_v2",
        "x_axis": chart.across,
        "groupby": chart.down,
        "metric": chart.metrics[0],
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_asc",
        # Each indicator has its own scale: a colour compares provinces, never indicators.
        "normalize_across": "y",
        "normalized": True,
        "legend_type": "continuous",
        "linear_color_scheme": "schemeBlues",
        "xscale_interval": 1,
        "yscale_interval": 1,
        "left_margin": 40,
        "bottom_margin": 50,
        "value_bounds": [None, None],
        "y_axis_format": ",.0f",
        "xAxisLabelRotation": 90,
        "show_legend": False,
        "show_percentage": False,
        "show_values": True,
    }


def _axes(chart: Chart) -> dict[str, Any]:
    return {
        "x_axis": chart.across,
        "metrics": [*chart.metrics],
        "groupby": [*chart.columns],
        "rich_tooltip": True,
        "show_legend": True,
        "legendOrientation": "top",
        "legendType": "scroll",
        "y_axis_format": NUMBER,
        "color_scheme": "supersetColors",
    }


def _line(chart: Chart, mart: Mart) -> dict[str, Any]:
    return {
        **_axes(chart),
        "viz_type": "echarts_timeseries_line",
        "x_axis_time_format": "smart_date",
        "markerEnabled": True,
        "markerSize": 6,
        "truncateYAxis": True,
        "y_axis_bounds": [None, None],
        # A missing period is a gap in the line, not a straight stroke across it.
        "connectNulls": False,
    }


def _bar(chart: Chart, mart: Mart) -> dict[str, Any]:
    return {
        **_axes(chart),
        "viz_type": "echarts_timeseries_bar",
        "orientation": "horizontal",
        "stack": "Stack",
        # With several series Superset sorts the bars by the sum of each; with one it would take the metric's name.
        "x_axis_sort": "sum" if chart.columns else chart.metrics[0],
        "x_axis_sort_asc": True,
        "show_value": True,
        "only_total": True,
    }
