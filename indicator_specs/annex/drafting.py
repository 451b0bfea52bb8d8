"""From one row of an annex to the declaration of one indicator, with everything left out that the row does not say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from indicator_specs.annex import kinds
from indicator_specs.annex.context import Context
from indicator_specs.annex.duties import duties
from indicator_specs.annex.formula_texts import Ratio, ratio
from indicator_specs.annex.frequency_texts import frequencies
from indicator_specs.annex.measure_proposals import Proposals
from indicator_specs.annex.questions import WHOLE
from indicator_specs.annex.row_targets import RowTargets, cell_aims
from indicator_specs.annex.row_texts import baseline, concept, figure
from indicator_specs.annex.table import Row
from indicator_specs.annex.target_texts import Aim
from indicator_specs.annex.unit_names import units_named
from indicator_specs.annex.words import composed
from indicator_specs.errors import both
from indicator_specs.meaning import Direction
from indicator_specs.periods import Frequency
from indicator_specs.typed_text import LEVELS
from indicator_specs.units import RETIRED, UNITS

TYPES = ("computed", "published_value", "published_rank", "milestone", "assessed")
LAYERS = ("central", "agency", "field")
FREQUENCIES = get_args(Frequency)
DIRECTIONS = ("higher_is_better", "lower_is_better", "none")


@dataclass
class Draft:
    """The declaration of one row; ``missing`` names the fields that a person must decide before it can be valid."""

    id: str
    code: str
    theme: str
    row: Row
    value: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """What its questions are asked under: the code, or the id where there is none."""
        return self.code or self.id


class Drafter:
    """Drafts one row."""

    def __init__(self, context: Context, proposals: Proposals, draft: Draft) -> None:
        self.context, self.proposals, self.draft = context, proposals, draft
        self.ask, self.row, self.subject = context.questions, draft.row, draft.subject

    def draft_row(self) -> None:
        """Fill ``draft.value`` and ``draft.missing``."""
        row, draft = self.row, self.draft
        unit_text, method_text = row.text("unit"), row.fields["method"].text if "method" in row.fields else ""
        asked = tuple(aim for _, cell in row.targets for aim in cell_aims(cell))
        fraction = ratio(method_text)
        kind = self._type(unit_text, method_text, asked, fraction)
        unit = self._unit(kind, unit_text)
        levels = self._levels()
        way = self._direction(kind, asked)
        frequency = self._frequency()
        lead, responsibility = duties(self.context, self.subject, row)
        if not lead:
            draft.missing.append("responsibility.lead")
        value: dict[str, Any] = {"id": draft.id}
        value |= {"codes": [draft.code]} if draft.code else {}
        value |= {"programmes": [self.context.programme.id], "type": kind}
        value["meaning"] = self._meaning(unit, way, levels)
        value["levels"] = {level: {} for level in levels}
        if responsibility:
            value["responsibility"] = responsibility
        value |= self._figure(kind)
        method = self._method(kind, unit, frequency, lead, levels, fraction)
        if method:
            value["methods"] = [method]
        targets = (
            RowTargets(self.context, self.subject, unit or "", way or "none", levels).targets(row) if levels else []
        )
        value |= {"targets": targets} if targets else {}
        value |= {"baseline": start} if (start := baseline(self.context, self.subject, self.row)) else {}
        if unit and (UNITS[unit].is_count or unit == "rank"):
            value["presentation"] = {"decimals": "0"}
        value["classification"] = self.context.classification
        draft.value = value

    def _needs(self, name: str, place: str, found: str, reason: str, choices: Collection[str]) -> str | None:
        told = self.ask.needs(self.subject, name, place, found, reason, tuple(choices), free=False)
        if told is None:
            self.draft.missing.append(name)
        return told

    def _type(self, unit: str, method: str, asked: tuple[Aim, ...], fraction: Ratio | None) -> str:
        name = self.row.text("name")
        guess = kinds.spec_type(name, unit, method, asked, fraction)
        reason = both("loại chỉ số, đoán theo lời của dòng", "the type, by the words of the row")
        if method and guess == "published_value":
            reason = both(
                "cách tính không đọc thành một phân số; tạm lấy số do cơ quan công bố",
                "the method is not one fraction; taken as a published figure for now",
            )
        found = composed(method) or unit or name
        if guess in {"computed", "published_rank"} or (guess == "published_value" and not method):
            told = self.ask.told(self.subject, "type")
            return told if told in TYPES else guess
        return self.ask.confirms(
            self.subject, "type", self.row.place("method"), found, guess, reason, TYPES, free=False
        )

    def _unit(self, kind: str, text: str) -> str | None:
        place = self.row.place("unit")
        if kind == "published_rank":
            return "rank"
        found = units_named(text) if text else ()
        if len(found) == 1:
            return found[0]
        reason = both(
            "đơn vị tính chưa có trong indicator_specs/units.py, hoặc có nhiều cách hiểu",
            "a unit that is not known, or has several meanings",
        )
        return self._needs("meaning.unit", place, text, reason, found or sorted(set(UNITS) - set(RETIRED)))

    def _levels(self) -> tuple[str, ...]:
        text = self.row.text("level")
        if not text and self.context.levels:
            return self.context.levels
        found = kinds.levels_named(text) if text else ()
        if found:
            return found
        reason = both("cấp nào có số liệu", "whose value it is")
        told = self.ask.needs(self.subject, "levels", self.row.place("level"), text, reason, LEVELS, free=False)
        if told is None:
            self.draft.missing.append("levels")
        return tuple(each.strip() for each in (told or "").split(",") if each.strip())

    def _direction(self, kind: str, asked: tuple[Aim, ...]) -> Direction | None:
        name, place = self.row.text("name"), self.row.place("name")
        way, is_sure = kinds.direction(kind, name, asked)  # type: ignore[arg-type]
        if way is None:
            reason = both("càng cao càng tốt, hay càng thấp càng tốt", "is more better, or less")
            way = self._needs("meaning.direction", place, name, reason, DIRECTIONS)  # type: ignore[assignment]
        elif not is_sure:
            reason = both("chiều đánh giá, theo lời của dòng", "the direction, by the words of the row")
            way = self.ask.confirms(  # type: ignore[assignment]
                self.subject, "meaning.direction", place, name, way, reason, DIRECTIONS, free=False
            )
        return way

    def _frequency(self) -> str | None:
        text, place = self.row.text("frequency"), self.row.place("frequency")
        reading = frequencies(text) if text else None
        name = "methods[0].frequency"
        if reading is None or not reading.found:
            reason = both("kỳ báo cáo không ghi, hoặc không phải kỳ đều", "no frequency, or not a regular one")
            return self._needs(name, place, text, reason, FREQUENCIES)
        if len(reading.found) > 1 or reading.unread:
            reason = both("nhiều kỳ: lấy kỳ ngắn nhất, các kỳ dài hơn suy ra từ đó", "several: the finest is taken")
        elif reading.is_sparse:
            reason = both("vài năm một lần: kỳ năm, năm không có số thì để trống", "yearly, with gaps")
        else:
            return reading.found[0]
        return self.ask.confirms(self.subject, name, place, text, reading.found[0], reason, FREQUENCIES, free=False)

    def _meaning(self, unit: str | None, way: Direction | None, levels: tuple[str, ...]) -> dict[str, Any]:
        row = self.row
        title = {"vi": self.row.title}
        title |= {"en": row.text("name_en")} if row.text("name_en") else {}
        meaning: dict[str, Any] = {"name": title, "concept": {"vi": concept(self.context, self.subject, self.row)}}
        meaning["layer"] = self._layer(levels)
        meaning["field"] = self.draft.theme
        meaning |= {"unit": unit} if unit else {}
        meaning |= {"direction": way} if way else {}
        codes = f", {self.draft.code}" if self.draft.code else ""
        meaning["legal_basis"] = [f"{self.context.document}{codes}"]
        meaning["confidence"] = dict.fromkeys(("definition", "formula", "target"), "draft")
        return meaning

    def _layer(self, levels: tuple[str, ...]) -> str:
        taken = "central" if "nation" in levels or not levels else "field" if levels == ("commune",) else "agency"
        reason = both("tầng quản trị, theo cấp có số liệu", "the governance layer, by its levels")
        said = ", ".join(levels)
        return self.ask.confirms(
            WHOLE, f"meaning.layer[{said}]", self.row.place("level"), said, taken, reason, LAYERS, free=False
        )

    def _figure(self, kind: str) -> dict[str, Any]:
        found, missing = figure(self.context, self.subject, self.row, kind)
        self.draft.missing += missing
        return found

    def _method(
        self,
        kind: str,
        unit: str | None,
        frequency: str | None,
        lead: str,
        levels: tuple[str, ...],
        fraction: Ratio | None,
    ) -> dict[str, Any] | None:
        method: dict[str, Any] = {"version": "1", "valid_from": self.context.valid_from}
        method |= {"frequency": frequency} if frequency else {}
        if not (frequency and lead and levels):
            self.draft.missing.append("methods[0].inputs")
            return method if frequency else None
        if kind == "computed" and fraction is None:
            reason = both("viết công thức và input trong tệp nháp", "write the formula and its inputs in the draft")
            self._needs("methods[0].formula", self.row.place("method"), self.row.text("method"), reason, ())
            return method
        method |= self._inputs(kind, unit, frequency, lead, levels, fraction)
        if kind == "computed" and len(levels) > 1:
            reason = both("giá trị cấp trên tính lại từ tử số và mẫu số", "higher levels from summed inputs")
            choices = ("recompute", "mean", "none")
            method["roll_up"] = self.ask.confirms(
                self.subject, "methods[0].roll_up", self.row.place("level"), ", ".join(levels), "recompute", reason,
                choices, free=False,
            )  # fmt: skip
        return method

    def _inputs(
        self, kind: str, unit: str | None, frequency: str, lead: str, levels: tuple[str, ...], fraction: Ratio | None
    ) -> Mapping[str, Any]:
        place, theme = self.row.place("method"), self.draft.theme
        if kind != "computed" or fraction is None:
            if unit is None:
                self.draft.missing.append("methods[0].inputs")
                return {}
            found = self.proposals.measure(self.subject, place, self.row.title, theme, lead, frequency, levels, unit)
            if found is None:
                self.draft.missing.append("methods[0].inputs")
                return {}
            return {"inputs": {"rank" if kind == "published_rank" else "value": {"measure": found[0]}}}
        above = self.proposals.measure(self.subject, place, fraction.numerator, theme, lead, frequency, levels)
        below = self.proposals.measure(self.subject, place, fraction.denominator, theme, lead, frequency, levels)
        if above is None or below is None:
            self.draft.missing.append("methods[0].inputs")
            return {}
        factor = "" if fraction.factor == 1 else f"{fraction.factor} * "
        inputs = {"numerator": {"measure": above[0]}, "denominator": {"measure": below[0]}}
        return {"formula": f"{factor}numerator / denominator", "inputs": inputs}

    def _title(self) -> str:
        name = self.row.text("name").lstrip("-+– ").strip()
        return f"{self.row.parent}: {name}" if self.row.parent else name
