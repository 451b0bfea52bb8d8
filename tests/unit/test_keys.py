"""Stable integer keys: the same for ever, and never shared."""

from indicator_specs.keys import stable_key
from indicator_specs.reference_checks import key_collisions

SAME_KEY = ("k137735", "k17421")


def test_keys_never_change() -> None:
    assert stable_key("VN") == 1465983959
    assert stable_key("public_service.dossiers_received") == 536579055


def test_keys_fit_a_signed_integer_of_four_bytes() -> None:
    assert all(0 <= stable_key(f"name{n}") < 2**31 for n in range(2_000))


def test_two_names_with_one_key_are_refused() -> None:
    first, second = SAME_KEY
    assert stable_key(first) == stable_key(second)
    (problem,) = key_collisions({first: "a.yml", second: "b.yml", "other": "c.yml"}, "id")
    assert problem.file == "b.yml"
    assert first in problem.found
    assert second in problem.found
