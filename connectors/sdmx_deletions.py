"""Deletions with a partial key, spelled out: what of the kept messages they take away, observation by observation.

Owns what stands after a series of messages. A deletion without any dimension would take everything away and is refused
with the message; one that fits nothing is told.
"""

from collections.abc import Mapping, Sequence

from connectors import pages, sdmx_message
from connectors.extracted import Before
from connectors.sdmx_message import Observation
from indicator_specs.findings import Finding, Severity
from indicator_specs.home import Home

Key = tuple[str | None, ...]
Standing = dict[Key, Observation]
"""Observations by the values of all dimensions."""

Numbered = tuple[int, Observation]
"""Place in the message, from 1, and an observation with its whole key."""


def spelled_out(
    found: Sequence[Observation], dimensions: Sequence[str], home: Home, before: Before
) -> tuple[list[Numbered], list[Finding]]:
    """The observations of a message with every key whole, and a notice of each deletion that fits nothing.

    Args:
        found: as they stand in the message.
        dimensions: of the structure.
        home: whose evidence is kept.
        before: the batches that were pulled before, the newest last.
    """
    if all(_is_whole(one, dimensions) for one in found):
        return list(enumerate(found, 1)), []
    standing = _standing(dimensions, home, before)
    made: list[Numbered] = []
    notices = []
    for number, one in enumerate(found, 1):
        if _is_whole(one, dimensions):
            made.append((number, one))
        else:
            gone = [each for key, each in standing.items() if _fits(key, one, dimensions)]
            made += [(number, _deletion(each, one, dimensions)) for each in gone]
            notices += [] if gone else [_fits_nothing(number)]
        _take(standing, one, dimensions)
    return made, notices


def _standing(dimensions: Sequence[str], home: Home, before: Before) -> Standing:
    """What the kept messages say together."""
    standing: Standing = {}
    for batch in before.batches:
        message = pages.unpack((home.root / batch.evidence_path).read_bytes())[1]
        for one in sdmx_message.observations(message.body, batch.evidence_path):
            _take(standing, one, dimensions)
    return standing


def _take(standing: Standing, one: Observation, dimensions: Sequence[str]) -> None:
    if one.action != "Delete":
        standing[_key(one, dimensions)] = one
        return
    for key in [key for key in standing if _fits(key, one, dimensions)]:
        del standing[key]


def _key(one: Observation, dimensions: Sequence[str]) -> Key:
    return tuple(one.fields.get(name) for name in dimensions)


def _is_whole(one: Observation, dimensions: Sequence[str]) -> bool:
    return all(_key(one, dimensions))


def _fits(key: Key, one: Observation, dimensions: Sequence[str]) -> bool:
    return all(asked in (None, has) for asked, has in zip(_key(one, dimensions), key, strict=True))


def _deletion(standing: Observation, one: Observation, dimensions: Sequence[str]) -> Observation:
    fields: Mapping[str, str | None] = {**one.fields, **{name: standing.fields[name] for name in dimensions}}
    return Observation(fields, "Delete", one.structure)


def _fits_nothing(number: int) -> Finding:
    return Finding(
        "deletion_of_nothing",
        Severity.INFO,
        f"page 2 item {number}",
        "",
        "",
        "Nguồn yêu cầu xoá số liệu mà hệ thống chưa từng nhận; không có gì bị rút.",
        "The source deletes figures that were never received; nothing is withdrawn.",
    )
