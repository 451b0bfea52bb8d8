"""Which versions of the figures behind one value existed when, from a sealed release alone.

Of each figure: what was stated, by whom, when it was published and when accepted, in which batch and file; and from
when to when it was the current one of its producer. Which version supersedes which is told by their numbers, which the
models give; nothing is judged here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.release import CURRENT

STATUS_VI = {
    "A": "chính thức",
    "B": "thay đổi phương pháp",
    "E": "ước tính",
    "F": "dự báo",
    "I": "bù số liệu",
    "P": "sơ bộ",
    "V": "chưa thẩm định",
    "L": "có phát sinh, chưa thu thập được",
    "M": "không áp dụng",
    "Q": "không công bố",
}


class VersionsError(PlainError):
    """There is nothing to tell; the text says what was looked for."""


@dataclass(frozen=True)
class Version:
    """One version of one figure."""

    measure: str
    org_unit: str
    producer: str
    version_no: int
    """Among the versions of this producer; a higher one supersedes a lower one, whichever came first."""
    obs_value: Decimal | None
    obs_status: str
    published_date: date | None
    accepted_at: datetime
    """UTC; when it first came."""
    batch_no: int
    file: str
    """The dropped file, or the source and dataset that it was pulled from."""
    place: str
    is_preferred: bool
    """Whether the formula reads it now."""
    current_from: datetime | None = None
    """Since when it was its producer's current version; None if a better one was there before it came."""
    current_to: datetime | None = None
    """Until when; None while it is."""

    @property
    def status_vi(self) -> str:
        """Its status in words."""
        return STATUS_VI.get(self.obs_status, self.obs_status)


_STATED = tuple(each.name for each in fields(Version))[:12]
"""What a release keeps of a version; when it was current follows."""

_VERSIONS = """
with stated as (
    select measure, org_unit_code, time_period, breakdown, producer_code, version_no, is_current, obs_value,
        obs_status, published_date, batch_no, place
    from lineage.lineage_version
    union all
    select measure, org_unit_code, time_period, breakdown, producer_code, 1, true, obs_value, obs_status,
        published_date, batch_no, place
    from lineage.lineage_observation as o
    where not exists (
        select 1 from lineage.lineage_version as v
        where v.measure = o.measure and v.org_unit_code = o.org_unit_code and v.time_period = o.time_period
            and v.breakdown = o.breakdown and v.producer_code = o.producer_code
    )
)

select s.measure, s.org_unit_code, s.producer_code, s.version_no, s.obs_value, s.obs_status, s.published_date,
    b.accepted_at, s.batch_no, coalesce(b.file_name, b.source || '.' || b.dataset), s.place,
    s.is_current and o.is_preferred
from stated as s
inner join lineage.lineage_batch as b on s.batch_no = b.batch_no
inner join lineage.lineage_observation as o
    on s.measure = o.measure and s.org_unit_code = o.org_unit_code and s.time_period = o.time_period
    and s.breakdown = o.breakdown and s.producer_code = o.producer_code
where list_contains(?, s.measure) and s.time_period = ? and (
    s.org_unit_code = ? or (
        s.org_unit_code in (select org_unit_code from lineage.lineage_ancestor where ancestor_code = ?)
        and (s.measure, s.org_unit_code, s.time_period) in (
            select (measure, org_unit_code, time_period) from lineage.lineage_version where version_no > 1
        )
    )
)
order by s.measure, s.org_unit_code, s.producer_code, s.version_no
"""


def versions(home: Home, registry: Registry, indicator: str, org_unit: str, time_period: str) -> list[Version]:
    """Every version of the figures behind one value of the release in force.

    Of a value that was summed over units below, those of the units whose figures were revised.

    Args:
        home: the installation.
        registry: the catalogue, which says what the indicator reads.
        indicator: indicator id.
        org_unit: org unit code.
        time_period: period as SDMX text.

    Returns:
        By measure, unit, producer and version.

    Raises:
        VersionsError: no release, an unknown indicator, or no figure of that unit and period.
    """
    path = home.published / CURRENT
    if not path.exists():
        raise VersionsError(both("Chưa có bản chốt số liệu nào: chiso run", "There is no release yet: chiso run"))
    if indicator not in registry.indicators:
        raise VersionsError(
            both(f"Danh mục không có chỉ số {indicator!r}", f"The catalogue has no indicator {indicator!r}")
        )
    found = list(_read(path.resolve(), _measures(registry, indicator), org_unit, time_period))
    if not found:
        raise VersionsError(
            both(
                f"Bản chốt không có số liệu nào của {indicator} cho {org_unit} kỳ {time_period}",
                f"The release holds no figure of {indicator} for {org_unit} in {time_period}",
            )
        )
    return found


def _measures(registry: Registry, indicator: str) -> list[str]:
    """Measures that an indicator reads, directly or through another."""
    return [measure for measure in registry.measures if indicator in registry.dependents([measure])]


def _read(release: Path, measures: list[str], org_unit: str, time_period: str) -> Iterator[Version]:
    with duckdb.connect(str(release), read_only=True) as connection:
        rows = connection.execute(_VERSIONS, [measures, time_period, org_unit, org_unit]).fetchall()
    stated = [Version(**dict(zip(_STATED, row, strict=True))) for row in rows]
    for _, figure in groupby(stated, key=lambda each: (each.measure, each.org_unit, each.producer)):
        yield from _dated(list(figure))


def _dated(of_producer: list[Version]) -> Iterator[Version]:
    """When each version was current: from its arrival until a better one arrived, unless one was there already."""
    for version in of_producer:
        better = [other for other in of_producer if other.version_no > version.version_no]
        if any(other.batch_no <= version.batch_no for other in better):
            yield version
        else:
            ends = min(better, key=lambda other: other.batch_no, default=None)
            yield replace(version, current_from=version.accepted_at, current_to=ends.accepted_at if ends else None)
