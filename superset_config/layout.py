"""Where charts stand on a dashboard and which charts a filter reaches, in Superset's own format. Pure."""

from typing import Any

from superset_config.charts import conditions
from superset_config.definition import Chart, Dashboard, Filter
from superset_config.identity import identity
from superset_config.palette import LABELS

GRID = ["ROOT_ID", "GRID_ID"]


def chart_number(dashboard: Dashboard, chart: Chart) -> int:
    """A number that stands for the chart within one file; Superset replaces it by its own on import."""
    return dashboard.charts.index(chart) + 1


def position(dashboard: Dashboard) -> dict[str, Any]:
    """The grid: tabs (only when there are several), rows, charts."""
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": dashboard.title}},
    }
    tabbed = len(dashboard.tabs) > 1
    if tabbed:
        found["GRID_ID"]["children"] = ["TABS-main"]
        tabs = [f"TAB-{tab.id}" for tab in dashboard.tabs]
        found["TABS-main"] = {"id": "TABS-main", "type": "TABS", "parents": GRID, "children": tabs, "meta": {}}
    for tab in dashboard.tabs:
        rows = [f"ROW-{tab.id}-{n}" for n in range(1, len(tab.rows) + 1)]
        parents = GRID
        if tabbed:
            name = f"TAB-{tab.id}"
            above = [*GRID, "TABS-main"]
            found[name] = {"id": name, "type": "TAB", "parents": above, "children": rows, "meta": {"text": tab.title}}
            parents = [*above, name]
        else:
            found["GRID_ID"]["children"] = rows
        for name, row in zip(rows, tab.rows, strict=True):
            charts = [f"CHART-{chart.id}" for chart in row.charts]
            meta: dict[str, Any] = {"background": "BACKGROUND_TRANSPARENT"}
            found[name] = {"id": name, "type": "ROW", "parents": parents, "children": charts, "meta": meta}
            for chart in row.charts:
                found[f"CHART-{chart.id}"] = _placed(dashboard, chart, row.height, [*parents, name])
    return found


def _placed(dashboard: Dashboard, chart: Chart, height: int, parents: list[str]) -> dict[str, Any]:
    meta = {
        "chartId": chart_number(dashboard, chart),
        "width": chart.width,
        "height": height,
        "uuid": identity("chart", dashboard.slug, chart.id),
        "sliceName": chart.title,
    }
    return {"id": f"CHART-{chart.id}", "type": "CHART", "children": [], "parents": parents, "meta": meta}


def metadata(dashboard: Dashboard, indicator_names: dict[str, str]) -> dict[str, Any]:
    """Filters, colours and behaviour.

    Args:
        dashboard: the definition.
        indicator_names: Vietnamese name by indicator id, for a filter that starts on an indicator.
    """
    return {
        "color_scheme": "supersetColors",
        "label_colors": LABELS,
        "cross_filters_enabled": False,
        "refresh_frequency": 0,
        "filter_bar_orientation": "HORIZONTAL",
        "native_filter_configuration": [_filter(dashboard, each, indicator_names) for each in dashboard.filters],
    }


def _filter(dashboard: Dashboard, each: Filter, indicator_names: dict[str, str]) -> dict[str, Any]:
    first = each.first_by is not None
    control: dict[str, Any] = {
        "multiSelect": each.multiple,
        "enableEmptyFilter": each.required,
        "defaultToFirstItem": first,
        "searchAllOptions": False,
        "inverseSelection": False,
        "creatable": False,
    }
    found: dict[str, Any] = {
        "id": f"NATIVE_FILTER-{each.id}",
        "type": "NATIVE_FILTER",
        "name": each.name,
        "filterType": "filter_select",
        "targets": [{"column": {"name": each.column}, "datasetUuid": identity("dataset", each.mart)}],
        "scope": _scope(dashboard, each),
        "cascadeParentIds": [f"NATIVE_FILTER-{parent}" for parent in each.depends],
        "controlValues": control,
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "description": "",
    }
    if each.where:
        found["adhoc_filters"] = conditions(each.where)
    if each.first_by is not None:
        # The greatest first when the name says so; names of values are otherwise in alphabetical order.
        control["sortAscending"] = not each.first_by.startswith("-")
        # Without it the first value is shown in the box and not applied.
        found["requiredFirst"] = True
        found["sortMetric"] = each.first_by.removeprefix("-")
    if each.default_indicator is not None and indicator_names:
        # Another catalogue may not have it: the page then starts with the first that there is.
        value = [indicator_names.get(each.default_indicator) or next(iter(indicator_names.values()))]
        found["defaultDataMask"] = {
            "extraFormData": {"filters": [{"col": each.column, "op": "IN", "val": value}]},
            "filterState": {"label": value[0], "value": value},
            "ownState": {},
        }
    return found


def _scope(dashboard: Dashboard, each: Filter) -> dict[str, Any]:
    roots = ["ROOT_ID"]
    if each.skips:
        roots = [f"TAB-{tab.id}" for tab in dashboard.tabs if tab.id not in each.skips]
    excluded = [
        chart_number(dashboard, chart)
        for chart in dashboard.charts
        if chart.id in each.skips_charts or each.id in chart.unfiltered_by
    ]
    return {"rootPath": roots, "excluded": excluded}
