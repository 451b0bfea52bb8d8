"""From what a rule caught to a finding in words.

Owns which facts a finding quotes and where it points; the sentences stand in ``phrases``. Must not decide anything.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from expectations import canonical
from expectations.guesses import Guesser
from expectations.period_dates import dated
from expectations.phrases import PHRASES, UNKNOWN_CONVERSION, UNKNOWN_PROBLEM
from expectations.rendering import Both, places, render
from expectations.suites import Rule
from expectations.terms import Terms
from indicator_specs.findings import Finding
from indicator_specs.periods import Frequency

Row = Mapping[str, Any]
"""One row of the judged frame."""

LEVELS = {
    "nation": Both("cả nước", "the nation"),
    "ministry": Both("bộ, ngành", "ministries"),
    "province": Both("tỉnh, thành phố", "provinces"),
    "commune": Both("xã, phường, đặc khu", "communes"),
}
FREQUENCIES: Mapping[Frequency, Both] = {
    "yearly": Both("báo cáo năm", "yearly"),
    "half_yearly": Both("báo cáo 6 tháng", "half-yearly"),
    "quarterly": Both("báo cáo quý", "quarterly"),
    "monthly": Both("báo cáo tháng", "monthly"),
}
EXAMPLES: Mapping[Frequency, str] = {
    "yearly": "2026",
    "half_yearly": "2026-S1",
    "quarterly": "2026-Q3",
    "monthly": "2026-09",
}
_BLANK = Both("(để trống)", "(blank)")
_NOTHING = Both("", "")
_CELL = re.compile(r"(?P<sheet>.*!)[A-Z]{1,3}(?P<line>\d+)")


def finding(
    rule: Rule, rows: Sequence[Row], terms: Terms, guesser: Guesser, key_columns: Mapping[str, str] | None = None
) -> Finding:
    """Word one finding.

    Args:
        rule: The rule that the rows break.
        rows: The rows that share the finding, in the order of the reading; at least one.
        terms: The dataset's terms.
        guesser: Names units and finds the nearest to a wrong code.
        key_columns: As in ``Case``.
    """
    row = rows[0]
    code = str(row[_COLUMN_OF_CODE[rule.id]]) if rule.names_itself else rule.id
    phrase = PHRASES.get(code) or (UNKNOWN_CONVERSION if rule.id == "conversion" else UNKNOWN_PROBLEM)
    facts = {**_facts(row, terms, guesser), **_facts_of_rule(rule, row, terms, guesser), **_facts_of_many(rows)}
    is_about_case = rule.scope.is_of_many
    return Finding(
        rule=code,
        severity=rule.severity,
        place="" if is_about_case and len(rows) > 1 else _place(rule, row, key_columns or {}),
        found=_render_all(phrase.found, facts, rows),
        expected=render(phrase.expected, facts, "vi"),
        message_vi=_sentence(render(phrase.vi, facts, "vi")),
        message_en=_sentence(render(phrase.en, facts, "en")),
        measure=_common(rows, "declared_measure") if rule.key != "measure" else row["measure"] or "",
        org_unit=_common(rows, "unit_code"),
        time_period=_common(rows, "period_text"),
        group=", ".join(dict.fromkeys(one["finding_group"] for one in rows)) if not is_about_case else "",
    )


def _sentence(rendered: str) -> str:
    """Without the gaps that empty facts leave."""
    return re.sub(" {2,}", " ", rendered).strip()


_COLUMN_OF_CODE = {"problem": "problem_found", "conversion": "conversion"}


def _render_all(template: str, facts: Mapping[str, object], rows: Sequence[Row]) -> str:
    # The record keeps more places than a sentence can bear.
    where = Both(*(places(_places(rows), "vi", at_most=50),) * 2) if len(rows) > 1 else facts["where"]
    return render(template, {**facts, "where": where}, "vi")


def _places(rows: Sequence[Row]) -> list[str]:
    """Each place once: values of one row of a service share theirs."""
    return list(dict.fromkeys(row["place"] or "" for row in rows))


def _common(rows: Sequence[Row], column: str) -> str:
    values = {row[column] or "" for row in rows}
    return values.pop() if len(values) == 1 else ""


def _place(rule: Rule, row: Row, key_columns: Mapping[str, str]) -> str:
    place = str(row["place"] or "")
    column = key_columns.get(rule.key)
    if column and (match := _CELL.fullmatch(place)):
        return f"{match['sheet']}{column}{match['line']}"
    return place


def _facts(row: Row, terms: Terms, guesser: Guesser) -> dict[str, object]:
    measure = terms.measures.get(row["declared_measure"] or "")
    return {
        "text": row["value_text"] or row["obs_value"] or _BLANK,
        "value": row["number"] if row["number"] is not None else row["value_text"] or "",
        "measure": measure.name if measure else row["measure"] or _BLANK,
        "unit": guesser.unit(row["unit_code"]),
        "period": _period(row["period_text"]),
        "dataset": terms.name,
        "digit": row["ending"] or "",
        "of": row["n_figures"] or 0,
        "example": row["asked_period"] or EXAMPLES[terms.frequency],
        "frequency": FREQUENCIES[terms.frequency],
        "levels": Both(*(", ".join(getattr(LEVELS[level], lang) for level in terms.levels) for lang in ("vi", "en"))),
    }


def _facts_of_many(rows: Sequence[Row]) -> dict[str, object]:
    row = rows[0]
    different = len({one["number"] for one in rows})
    if len(rows) > 1:
        return {"where": _places(rows), "count": len(rows), "different": different}
    where = str(row["repeats"] or row["key_places"] or row["place"] or "")
    return {"where": Both(where, where), "count": 1, "different": different}


def _period(text: str | None) -> Both | str:
    period = canonical.period(text)
    if period is None:
        return text or _BLANK
    return Both(period.label_vi[0].lower() + period.label_vi[1:], period.time_period)


def _facts_of_rule(rule: Rule, row: Row, terms: Terms, guesser: Guesser) -> dict[str, object]:
    if rule.key:
        return {"text": row[rule.key] or _BLANK, **_facts_of_identity(rule, row, guesser)}
    if rule.id == "problem":
        return _two_readings(row["value_text"] or "")
    if rule.other.startswith("ceiling_"):
        other = terms.measures[row[f"{rule.other}_measure"]].name
        return {"limit": row[rule.other], "other": other, "other_place": row[f"{rule.other}_place"] or ""}
    if rule.id == "parts_do_not_add_up":
        names = [terms.measures[part].name for part in terms.measures[row["declared_measure"]].parts]
        parts = Both(", ".join(name.vi for name in names), ", ".join(name.en for name in names))
        return {"limit": row["parts_sum"], "gap": row["parts_gap"], "parts": parts}
    if rule.id == "swapped_columns":
        return {"other": terms.measures[row["swapped_with"]].name}
    limits = {"below_minimum": "minimum", "above_maximum": "maximum", "large_change": "max_change_pct"}
    facts = {"limit": row[limits[rule.id]]} if rule.id in limits else {}
    if rule.id in {"large_change", "scale_slip", "copy_of_previous"}:
        facts |= _facts_of_past(row)
    if rule.id == "far_from_peers":
        facts |= {"usual": row["peers_usual"], "times": row["times_off_peers"]}
    return facts


def _facts_of_past(row: Row) -> dict[str, object]:
    period = canonical.period(row["period"])
    return {
        "previous": row["previous"],
        "previous_period": _period(period.previous.time_period) if period else "",
        "change": row["change_pct"],
        "usual": row["usual"],
        "times": row["times_off"],
    }


def _facts_of_identity(rule: Rule, row: Row, guesser: Guesser) -> dict[str, object]:
    if rule.id in {"unknown_org_unit", "unknown_measure"}:
        return guesser.nearest(rule.key, row[rule.key], row["agency"])
    if rule.id == "unreadable_period":
        return {"dated": dated(row[rule.key])}
    if rule.id == "retired_org_unit":
        return {"day": row["unit_last_day"], "guess": guesser.successors(row["unit_code"])}
    if rule.id == "not_own_org_unit":
        owner = row["owed_by"]
        said = Both(
            f"Số liệu của đơn vị này do {guesser.unit(owner).vi} báo cáo." if owner else "",
            f"{guesser.unit(owner).en} reports for it." if owner else "",
        )
        return {"agency": guesser.unit(row["agency"]), "owner": said if owner else _NOTHING}
    days = {"future_period": "today", "future_org_unit": "unit_first_day", "recast_org_unit": "unit_first_day"}
    return {"day": row[days[rule.id]] if rule.id in days else "", "asked": _period(row["asked_period"])}


def _two_readings(text: str) -> dict[str, object]:
    """``1.234`` is 1234 or one and a bit: written without a thousands separator, so as not to ask the same again."""
    digits = re.sub(r"[.,\s]", "", text)
    whole, _, fraction = text.strip().replace(",", ".").rpartition(".")
    whole = re.sub(r"[.\s]", "", whole)
    return {"whole": digits, "fraction": Both(f"{whole},{fraction}", f"{whole}.{fraction}")}
