"""What an indicator means and who answers for it: names, unit, legal basis, confidence, responsibility."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Bilingual, Day, Declared, Identifier, Level, Number, PeriodText

Confidence = Literal["verified", "draft", "recalled"]
Direction = Literal["higher_is_better", "lower_is_better", "none"]
Layer = Literal["central", "agency", "field"]


class ConfidenceParts(Declared):
    """How sure each part is: checked against the document, taken from a draft, or recalled."""

    definition: Confidence
    formula: Confidence
    target: Confidence = "verified"


class Meaning(Declared):
    """What the indicator says, for people."""

    name: Bilingual
    concept: Bilingual
    layer: Layer
    group: Literal["strategic", "operational"] = "strategic"
    field: Identifier
    unit: Identifier
    direction: Direction
    legal_basis: tuple[str, ...] = ()
    confidence: ConfidenceParts


class Bearer(Declared):
    """A body, or a class of bodies such as ``provinces``, that bears a duty for a time."""

    body: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    valid_from: Day | None = None
    valid_to: Day | None = None


def _bearers(value: object) -> object:
    items = value if isinstance(value, list | tuple) else [value]
    return [{"body": item} if isinstance(item, str) else item for item in items]


Bearers = Annotated[tuple[Bearer, ...], BeforeValidator(_bearers)]
"""One body, or a list of bodies, or of ``{body, valid_from, valid_to}``."""
ROLES = {
    "central_office": ("Văn phòng Trung ương Đảng", "Central Party Office"),
    "steering_committee": ("Ban Chỉ đạo Trung ương", "Central Steering Committee"),
    "ministries": ("Các bộ, ngành", "Ministries"),
    "provinces": ("Các tỉnh, thành phố", "Provinces"),
    "communes": ("Cấp xã", "Communes"),
    "helper_team": ("Tổ giúp việc", "Helper team"),
}
"""Classes of bodies that a duty may name instead of one org unit."""


class Responsibility(Declared):
    """Who leads, who implements, who keeps the figure up to date, who verifies it."""

    lead: Bearers = Field(min_length=1)
    implementing: Bearers = ()
    updates: Bearers = ()
    verifies: Bearers = ()


class Rank(Declared):
    """What a published rank ranks."""

    of: str = Field(min_length=1)
    participants: int | None = Field(default=None, ge=1)
    edition: str | None = None


class Assessment(Declared):
    """The scale, the assessor and the document behind a milestone or an assessed value."""

    scale: tuple[str, ...] = Field(min_length=2)
    assessor: str = Field(min_length=1)
    document: str = Field(min_length=1)


class Scoring(Declared):
    """How the value weighs among others, and how equal values share a rank.

    ``competition`` ranks ties 1, 1, 3; ``dense`` 1, 1, 2; ``average`` 1.5, 1.5, 3.
    """

    weight: Number | None = Field(default=None, gt=0)
    peer_group: Level | None = None
    normalise: Literal["goalposts", "distance_to_target", "none"] = "none"
    goalposts: tuple[Number, Number] | None = None
    ties: Literal["competition", "dense", "average"] = "competition"


class Presentation(Declared):
    """How the value is shown: rounding is for display only."""

    decimals: int = Field(default=1, ge=0, le=9)
    chart: Literal["line", "bar", "table", "number"] = "line"


class Example(Declared):
    """Proof of a formula: inputs and the value they must give (missing stays missing).

    An input is one figure, or a list of them, one per period, oldest first; then ``expect`` is the value of the last
    period, ``period``. ``tolerance`` is absolute; 0 means equal but for the last digits of a double.
    """

    given: Mapping[Identifier, Number | tuple[Number | None, ...] | None]
    period: PeriodText | None = None
    expect: Number | None
    tolerance: Number = Field(default=0, validate_default=True, ge=0)
    method: int | None = None
    source: str = ""

    @model_validator(mode="after")
    def _of_one_length(self) -> "Example":
        if len({len(figures) for figures in self.series.values()}) > 1 or () in self.series.values():
            raise ValueError(both("given: các dãy số phải dài bằng nhau", "given: the series must be of one length"))
        return self

    @property
    def series(self) -> Mapping[str, tuple[Number | None, ...]]:
        """The figures of each input, oldest first; one of each where the example is of one period."""
        return {name: each if isinstance(each, tuple) else (each,) for name, each in self.given.items()}

    @property
    def length(self) -> int:
        """How many periods it has figures of."""
        return max(map(len, self.series.values()), default=0)


def as_text_list(value: Any) -> Any:
    """A lone text as a list of one, so that ``codes: "CS10"`` and ``codes: ["CS10"]`` say the same."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(as_text_list)]
