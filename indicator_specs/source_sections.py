"""What each kind of source needs to be read: connection, form; requests are in ``http_sections``."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from indicator_specs.errors import both
from indicator_specs.http_sections import Auth, Host
from indicator_specs.meaning import Texts, as_text_list
from indicator_specs.typed_text import Bilingual, Declared, MeasureId, Number, Truth


class Connection(Declared):
    """How the source is reached: the name of a secret, never the secret.

    Of a service over HTTP: ``auth`` says how it lets us in, ``hosts`` who may be spoken to beside its own host,
    ``per_minute`` how many requests it bears. Of a store of files: ``host_key`` is the public key of an SFTP server,
    ``settle_seconds`` how long a file must look the same before it is taken.
    """

    secret: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    engine: Literal["postgres", "mysql"] = "postgres"
    timeout_seconds: Number = Field(default=30, validate_default=True, gt=0)
    auth: Auth | None = None
    hosts: Annotated[tuple[Host, ...], BeforeValidator(as_text_list)] = ()
    per_minute: Number | None = Field(default=None, gt=0)
    host_key: str | None = Field(default=None, pattern=r"^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+$")
    settle_seconds: Number = Field(default=2, validate_default=True, ge=0)


class Form(Declared):
    """A workbook form: its official code, its title, and whose rows it has.

    ``self``: the reporter; ``children``: the units under it; ``all``: every unit of the dataset's levels, for a
    body that reports on the nation and the provinces. ``layouts`` names descriptions (``<name>.layout.yml`` beside the
    source) of foreign forms by which the same figures come.
    """

    code: str = Field(pattern=r"^[\w./-]+$")
    title: Bilingual | None = None
    rows: Literal["children", "self", "all"] = "self"
    sheet: str = Field(default="Số liệu", min_length=1, max_length=31)
    legal_basis: Texts = ()
    note: Bilingual | None = None
    explanation: Truth = True
    layouts: Texts = ()


class MeasureChecks(Declared):
    """What judgement holds a value against.

    ``not_above`` and ``sum_of`` name measures of the same dataset. ``sum_of_units`` names a measure of any dataset:
    what a unit has of this one is to be the sum of that one over the units below it. The marts show where it is not;
    nothing is returned for it. ``tolerance`` is for the sums, in the measure's unit.
    """

    min: Number | None = None
    max: Number | None = None
    not_above: Texts = ()
    sum_of: Texts = ()
    sum_of_units: MeasureId | None = None
    tolerance: Number = Field(default=0, validate_default=True, ge=0)
    max_change_pct: Number | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> "MeasureChecks":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(both("min lớn hơn max", "min is above max"))
        return self


Constant = Annotated[str, Field(min_length=1)]
Conduct = Literal["updates", "sourcing"]
"""What of its own conduct the system counts. ``updates``: how bodies keep the indicators of which reports fell due in a
month; ``sourcing``: how many indicators are fed by machines."""
Nature = Literal["flow", "stock", "cumulative", "non_additive"]
Reset = Literal["yearly", "half_yearly", "quarterly"]
Role = Literal[
    "org_unit",
    "time_period",
    "measure",
    "value",
    "breakdown",
    "obs_status",
    "producer",
    "published_date",
    "is_synthetic",
    "citation",
]
"""What a column of a source may stand for."""
