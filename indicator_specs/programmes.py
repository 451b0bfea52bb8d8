"""What a programme is: its name, its documents, which codes are its own, and how it weighs what it asks for."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, RootModel

from indicator_specs.errors import both
from indicator_specs.meaning import Layer, Scoring, Texts
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Bilingual, Declared, Identifier, Number

_MEASURED_BY = frozenset({"reach", "each_year", "average_of_period", "keep"})
"""Kinds of targets whose value the indicator's own value can be divided by."""


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(both(f"biểu thức không đọc được: {error}", f"not a regular expression: {error}")) from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class WeightRule(Declared):
    """What indicators of a programme weigh that do not say so themselves: those of official codes, by their layer.

    ``confidence`` says how the rule is known; ``assumed`` is nobody's but this catalogue's.
    """

    codes: Pattern
    weights: Mapping[Layer, Annotated[Number, Field(gt=0)]]
    source: str = Field(min_length=1)
    confidence: Literal["verified", "recalled", "draft", "assumed"]


class Programme(Declared):
    """A programme that indicators belong to: data, not code.

    ``code_pattern`` is a regular expression that tells which of an indicator's codes are this programme's.
    """

    name: Bilingual
    legal_basis: Texts = ()
    code_pattern: Pattern = ""
    scoring: WeightRule | None = None

    def codes_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of an indicator's codes that are this programme's."""
        return tuple(code for code in codes if self.code_pattern and re.fullmatch(self.code_pattern, code))

    def weighed(self, spec: Indicator) -> Indicator:
        """An indicator as the programme weighs it: by the share of its target that is reached.

        As it is where it says itself what it weighs, where the rule does not name it, and where it has no target that
        a value can be divided by: what is assessed in words is not made a number.
        """
        rule = self.scoring
        if rule is None or spec.scoring.weight or not any(re.fullmatch(rule.codes, code) for code in spec.codes):
            return spec
        weight = rule.weights.get(spec.meaning.layer)
        if weight is None or spec.type in {"assessed", "milestone"} or not _is_measurable(spec):
            return spec
        given = spec.scoring.model_dump(exclude_unset=True)
        scoring = Scoring.model_validate({"normalise": "distance_to_target", **given, "weight": weight})
        return spec.model_copy(update={"scoring": scoring})


class Programmes(RootModel[dict[Identifier, Programme]]):
    """The file ``catalogue/programmes.yml``."""


def _is_measurable(spec: Indicator) -> bool:
    return any(
        target.governs and target.kind in _MEASURED_BY and target.value is not None and target.value > 0
        for target in spec.targets
    )
