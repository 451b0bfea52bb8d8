"""The targets of one row: from the aims that its cells state to the model's kinds, operators and ranges."""

from typing import Any

from indicator_specs.annex.context import Context
from indicator_specs.annex.grid import Cell
from indicator_specs.annex.numerals import readings
from indicator_specs.annex.table import Row
from indicator_specs.annex.target_texts import Aim, aims
from indicator_specs.annex.unit_names import units_named
from indicator_specs.annex.words import folded, identifier
from indicator_specs.errors import both

KINDS = ("each_year", "average_of_period", "reach", "added_since", "keep", "rising")
_REGIONS = {"sea": both("Đông Nam Á", "South-East Asia"), "world": both("thế giới", "the world")}


def cell_aims(cell: Cell) -> tuple[Aim, ...]:
    """The aims of a cell; a cell that holds a number is that number, whatever its text looks like."""
    return (Aim(value=cell.number),) if cell.number is not None else aims(cell.text)


class RowTargets:
    """Makes the targets of one row, asking where a cell has more than one reading."""

    def __init__(self, context: Context, subject: str, unit: str, direction: str, levels: tuple[str, ...]) -> None:
        self.context, self.ask, self.subject = context, context.questions, subject
        self.unit, self.direction, self.levels = unit, direction, levels

    def targets(self, row: Row) -> list[dict[str, Any]]:
        """Every target that is sure, or taken for now; one of them governs."""
        made: list[dict[str, Any]] = []
        for year, cell in row.targets:
            made.extend(self._cell(year, cell, made))
        if len(made) == 1:
            made[0]["governs"] = "true"
        elif made:
            ids = tuple(each["id"] for each in made)
            reason = both("mục tiêu nào quyết định mức đánh giá", "which target governs the light")
            first = self.ask.confirms(
                self.subject, "targets.governs", row.place("name"), ", ".join(ids), ids[0], reason, ids, free=False
            )
            next(each for each in made if each["id"] == first)["governs"] = "true"
        return made

    def _cell(self, year: str, cell: Cell, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        label = f"targets[{year or '?'}]"
        told = self.ask.answers.get((self.subject, label))
        if told is not None:
            self.ask.used.add((self.subject, label))
            cell = Cell(told, cell.place)
        asked = cell_aims(cell)
        regions = {aim.region for aim in asked if aim.region}
        if len(regions) > 1:
            reason = both(
                "mỗi cách xếp hạng là một chỉ số: giữ cách nào ở đây", "each ranking is an indicator: which one is this"
            )
            choices = tuple(
                f"{aim.operator} {aim.value} {_REGIONS[aim.region].split(' / ')[0]}" for aim in asked if aim.region
            )
            self.ask.needs(self.subject, label, cell.place, cell.text, reason, choices)
            return []
        if any(not self._is_read(aim) for aim in asked):
            reason = both("không đọc chắc được; ghi lại dạng '>= 80'", "not read for sure; write it as '>= 80'")
            digits = [word for word in cell.text.split() if readings(word)]
            self.ask.needs(self.subject, label, cell.place, cell.text, reason, readings(digits[0]) if digits else ())
            return []
        if asked and not year:
            reason = both("tiêu đề cột không ghi năm", "the heading names no year")
            year = self.ask.needs(self.subject, f"{label}.by", cell.place, cell.text, reason) or ""
            if not year:
                return []
        made: list[dict[str, Any]] = []
        for aim in asked:
            target = self._target(aim, year, label, cell, [*before, *made])
            if target:
                made.append(target)
        return made

    def _is_read(self, aim: Aim) -> bool:
        if aim.unread:
            return False
        if not aim.tail or aim.kind == "assessed":
            return True
        return units_named(aim.tail) == (self.unit,) or folded(aim.tail) == folded(self.unit)

    def _target(
        self, aim: Aim, year: str, label: str, cell: Cell, others: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        kind: str = aim.kind
        if aim.per_year and kind == "reach":
            reason = both("'/năm': mỗi năm đều đạt, hay bình quân giai đoạn", "'/năm': in each year, or on average")
            asked = self.ask.needs(self.subject, f"{label}.kind", cell.place, cell.text, reason, KINDS, free=False)
            if asked is None:
                return None
            kind = asked
        operator = self._operator(aim, label, cell)
        if aim.value is not None and not operator:
            return None
        source = aim.source or self.context.document
        made: dict[str, Any] = {"id": self._id(year, aim.source, others), "kind": kind, "by": year}
        made |= {"scope": "VN"} if "nation" in self.levels else {"level": self.levels[0]}
        if operator and aim.value is not None:
            made |= {"operator": operator, "value": f"{aim.value.normalize():f}"}
        if operator in {"floor_and_stretch", "band"}:
            made["value_high"] = f"{aim.value_high.normalize():f}" if aim.value_high is not None else ""
        return made | {"source": source}

    def _operator(self, aim: Aim, label: str, cell: Cell) -> str:
        if aim.value is None:
            return ""
        if aim.operator == "range":
            reason = both(
                "khoảng: ít nhất số đầu, phấn đấu số sau; hay phải nằm trong khoảng",
                "a floor with a stretch, or a band",
            )
            ranges = ("floor_and_stretch", "band")
            return self.ask.confirms(
                self.subject, f"{label}.operator", cell.place, cell.text, ranges[0], reason, ranges, free=False
            )
        if aim.operator:
            return aim.operator
        taken = {"higher_is_better": ">=", "lower_is_better": "<="}.get(self.direction, "")
        signs = (">=", ">", "=", "<=", "<")
        if not taken:
            reason = both("số không có dấu so sánh", "a number without an operator")
            return (
                self.ask.needs(self.subject, f"{label}.operator", cell.place, cell.text, reason, signs, free=False)
                or ""
            )
        reason = both("số không có dấu so sánh: theo chiều của chỉ số", "no operator: taken by the direction")
        return self.ask.confirms(
            self.subject, f"{label}.operator", cell.place, cell.text, taken, reason, signs, free=False
        )

    def _id(self, year: str, source: str, others: list[dict[str, Any]]) -> str:
        stem = identifier(source, 20) if source else ""
        made = plain = f"{stem}_{year}" if stem else f"t{year}"
        taken = {each["id"] for each in others}
        place = 2
        while made in taken:
            made, place = f"{plain}_{place}", place + 1
        return made
