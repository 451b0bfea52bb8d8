"""What a value is among its peers, by the textbook: exact fractions over all of them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from tests import exact_numbers as n
from tests.exact_numbers import MISSING, Number


def among(name: str, own: Number, all_peers: Iterable[Number]) -> Number:
    """The function ``name`` of a value among its peers, itself included; missing values are no peers."""
    if own.value is None:
        return MISSING
    return KNOWN[name](own, [peer for peer in all_peers if peer.value is not None])


def _rank(own: Number, peers: list[Number]) -> Number:
    return Number(Fraction(1 + sum(_against(peer, own) > 0 for peer in peers)))


def _percentile(own: Number, peers: list[Number]) -> Number:
    if len(peers) == 1:
        return MISSING
    signs = [_against(peer, own) for peer in peers]
    return n.rounded((signs.count(-1) + Fraction(signs.count(0) - 1, 2)) / (len(peers) - 1), n.EPSILON)


def _minmax(own: Number, peers: list[Number]) -> Number:
    low, high = n.extreme(peers, -1), n.extreme(peers, 1)
    return n.divide(n.add(own, low, -1), n.add(high, low, -1)) if _differ(peers) else MISSING


def _zscore(own: Number, peers: list[Number]) -> Number:
    if not _differ(peers):
        return MISSING
    values = [peer.exact for peer in peers]
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)
    deviation, span = n.through("sqrt", variance), max(values) - min(values)
    # Doubles see the values between 0 and 1; what they lose there counts against the spread there.
    lost = 4 * max(peer.error for peer in peers) / span + 4 * n.EPSILON
    z, spread = (own.exact - mean) / deviation, deviation / span
    return n.rounded(z, 2 * lost / spread + abs(z) * 3 * lost / spread**2)


def _share(own: Number, peers: list[Number]) -> Number:
    total = n.summed(peers)
    return MISSING if total.value is None else n.divide(own, total)


def _against(peer: Number, own: Number) -> int:
    return 0 if peer is own else n.compared(peer, own)


def _differ(peers: list[Number]) -> bool:
    return n.compared(n.extreme(peers, 1), n.extreme(peers, -1)) > 0


KNOWN: Mapping[str, Callable[[Number, list[Number]], Number]] = {
    "rank": _rank,
    "percentile": _percentile,
    "minmax": _minmax,
    "zscore": _zscore,
    "share_of_total": _share,
}
