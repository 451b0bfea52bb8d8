"""Measures that an annex implies: found among the existing ones by name, or proposed with what is sure of them."""

from dataclasses import dataclass, field

from indicator_specs.annex import kinds
from indicator_specs.annex.context import Context
from indicator_specs.annex.unit_names import unit_counted
from indicator_specs.annex.words import identifier
from indicator_specs.errors import both
from indicator_specs.names import name_key
from indicator_specs.source_spec import Measure
from indicator_specs.units import UNITS

NATURES = ("flow", "stock", "cumulative", "non_additive")
RESETS = ("yearly", "half_yearly", "quarterly")


@dataclass
class Proposal:
    """A measure to be declared: in which form (lead agency × frequency), at which levels, and what it is."""

    id: str
    name: str
    unit: str
    nature: str
    lead: str
    frequency: str
    reset: str = ""
    levels: set[str] = field(default_factory=set)

    def declared(self) -> dict[str, object]:
        """Its entry in ``source.yml``."""
        checks: dict[str, str] = {"min": "0"} if UNITS[self.unit].low == 0 or UNITS[self.unit].is_count else {}
        made: dict[str, object] = {"id": self.id, "name": {"vi": self.name}, "unit": self.unit, "nature": self.nature}
        if self.reset:
            made["reset"] = self.reset
        if checks:
            made["checks"] = checks
        Measure.model_validate(made)
        return made


@dataclass
class Proposals:
    """Every measure that the annex proposes, by id; one name is one measure."""

    context: Context
    made: dict[str, Proposal] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)

    def measure(
        self,
        subject: str,
        place: str,
        name: str,
        theme: str,
        lead: str,
        frequency: str,
        levels: tuple[str, ...],
        unit: str = "",
    ) -> tuple[str, str] | None:
        """Id and unit of the measure of that name; ``None`` where a decision is missing.

        ``unit`` is given for a figure that is taken as it is published: it is never added up.
        """
        known, ask = self.context.known, self.context.questions
        key = name_key(name)
        if key in known.measures and known.measure_frequencies[known.measures[key]] == frequency:
            found = known.measures[key]
            reason = both("số liệu thành phần cùng tên đã có: dùng lại", "a measure of this name exists: it is reused")
            chosen = ask.confirms(subject, f"measure:{found}", place, name, found, reason)
            return chosen, known.measure_units.get(chosen, "")
        if key in self._by_name:
            proposal = self.made[self._by_name[key]]
            proposal.levels.update(levels)
            return proposal.id, proposal.unit
        proposed = self._new(subject, place, name, theme, lead, frequency, unit)
        if proposed is None:
            return None
        proposed.levels.update(levels)
        self.made[proposed.id] = proposed
        self._by_name[key] = proposed.id
        return proposed.id, proposed.unit

    def _new(
        self, subject: str, place: str, name: str, theme: str, lead: str, frequency: str, unit: str
    ) -> Proposal | None:
        made = self._id(subject, name, theme)
        if unit:
            return Proposal(made, name, unit, "non_additive", lead, frequency)
        unit = self._unit(made, place, name)
        nature = self._nature(made, place, name)
        reset = ""
        if nature == "cumulative":
            reason = both("luỹ kế tính lại từ đầu khi nào", "when the running total begins again")
            reset = self.context.questions.needs(made, "reset", place, name, reason, RESETS, free=False) or ""
        if not unit or not nature or (nature == "cumulative" and not reset):
            return None
        return Proposal(made, name, unit, nature, lead, frequency, reset)

    def _unit(self, made: str, place: str, name: str) -> str:
        ask, codes = self.context.questions, tuple(sorted(UNITS))
        counted, is_sure = unit_counted(name)
        if is_sure:
            return ask.told(made, "unit") or counted
        if counted:
            reason = both("đơn vị theo danh từ trong tên", "the unit by the noun in its name")
            return ask.confirms(made, "unit", place, name, counted, reason, codes, free=False)
        reason = both("không rõ đơn vị tính của số liệu thành phần", "the measure's unit is not said")
        return ask.needs(made, "unit", place, name, reason, codes, free=False) or ""

    def _nature(self, made: str, place: str, name: str) -> str:
        ask = self.context.questions
        found, is_sure = kinds.nature(name)
        if found and is_sure:
            return ask.told(made, "nature") or found
        if found:
            reason = both("cách cộng theo từ trong tên", "how it adds up, by words in its name")
            return ask.confirms(made, "nature", place, name, found, reason, NATURES, free=False)
        reason = both(
            "flow: cộng theo kỳ; stock: số tại thời điểm; cumulative: luỹ kế; non_additive: không cộng",
            "whether it may be added up",
        )
        return ask.needs(made, "nature", place, name, reason, NATURES, free=False) or ""

    def _id(self, subject: str, name: str, theme: str) -> str:
        taken = {*self.context.known.measure_ids, *self.made}
        made = plain = f"{theme}.{identifier(name, 60) or identifier(subject) or 'm'}"
        place_in_line = 2
        while made in taken:
            made = f"{plain}_{place_in_line}"
            place_in_line += 1
        return made
