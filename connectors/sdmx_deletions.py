"""What a message says in the end: deletions with a partial key spelled out, and of each key its last action.

Owns what stands after a series of messages. A deletion without any dimension would take everything away and is refused
with the message; one that fits nothing is told.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

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

    What a later action of the message undoes is left out: a deletion whose key is given again, a value that is deleted.
    A key that one action gives twice stays twice, and is judged so.

    Args:
        found: as they stand in the message.
        dimensions: of the structure.
        home: whose evidence is kept.
        before: the batches that were pulled before, the newest last.
    """
    if all(_is_whole(one, dimensions) for one in found):
        return _surviving(list(enumerate(found, 1)), dimensions), []
    standing = _standing(found, dimensions, home, before)
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
    return _surviving(made, dimensions), notices


def _surviving(made: Sequence[Numbered], dimensions: Sequence[str]) -> list[Numbered]:
    """Of each key what its last action says, in the order of the message."""
    last: dict[Key, list[int]] = {}
    for position, (_, one) in enumerate(made):
        places = last.setdefault(_key(one, dimensions), [])
        if places and (one.action == "Delete" or one.action != made[places[-1]][1].action):
            places.clear()
        places.append(position)
    return [made[position] for position in sorted(chain.from_iterable(last.values()))]


def _standing(found: Sequence[Observation], dimensions: Sequence[str], home: Home, before: Before) -> Standing:
    """What the kept messages say together, without those that say the same as this one: twice is one effect."""
    standing: Standing = {}
    for batch in before.batches:
        message = pages.unpack((home.root / batch.evidence_path).read_bytes())[1]
        said = sdmx_message.observations(message.body, batch.evidence_path)
        if said != list(found):
            for one in said:
                _take(standing, one, dimensions)
    return standing


def _take(standing: Standing, one: Observation, dimensions: Sequence[str]) -> None:
    if one.action != "Delete":
        standing[_key(one, dimensions)] = one
    elif _is_whole(one, dimensions):
        standing.pop(_key(one, dimensions), None)
    else:
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
        "Nguồn yêu cầu xoá nhưng không khớp số liệu nào đang có; không có gì bị rút.",
        "A deletion of the source fits nothing that stands; nothing is withdrawn.",
    )
