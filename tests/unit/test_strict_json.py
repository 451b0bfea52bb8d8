"""JSON from strangers: exact, bounded, without surprises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.strict_json import MOST_DEPTH, JsonFaultError, JsonNumber, as_text, at, parse


def test_numbers_keep_their_text() -> None:
    got = parse(b'{"a": 9007199254740993, "b": 0.10, "c": 1E5, "d": "7"}')
    assert got == {"a": "9007199254740993", "b": "0.10", "c": "1E5", "d": "7"}
    assert [type(value) for value in got.values()] == [JsonNumber, JsonNumber, JsonNumber, str]


@pytest.mark.parametrize(
    "body",
    [b"NaN", b'{"a": Infinity}', b'{"a": 1, "a": 2}', b"{'a': 1}", b"[1,]", b"01", b"\xff\xfe", b'{"a": 1} x'],
)
def test_what_is_not_json_is_refused_for_good(body: bytes) -> None:
    with pytest.raises(JsonFaultError) as caught:
        parse(body)
    assert not caught.value.is_cut


def test_depth_is_bounded() -> None:
    parse(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH)
    parse(b'"' + b"[" * 1000 + b'"')
    with pytest.raises(JsonFaultError, match="deeper"):
        parse(b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1))
    with pytest.raises(JsonFaultError, match="deeper"):
        parse(b'{"a":' * 1_000_000)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.none(), st.booleans(), st.integers()), min_size=1), st.data())
def test_a_body_cut_anywhere_is_never_read(value: dict[str, object], data: st.DataObject) -> None:
    body = json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")
    try:
        body.decode()
    except UnicodeDecodeError:
        return
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(JsonFaultError) as caught:
        parse(body[:cut])
    assert caught.value.is_cut


def test_pointers() -> None:
    value = parse(b'{"a/b": [{"~": 1}]}')
    assert at(value, "/a~1b/0/~0") == "1"
    assert at(value, "") is value
    for pointer in ("/x", "/a~1b/1", "/a~1b/-1", "/a~1b/0/~0/x"):
        with pytest.raises(LookupError):
            at(value, pointer)


def test_fields_as_text() -> None:
    assert [as_text(value) for value in (None, JsonNumber("1.0"), "x", True, [JsonNumber("1")])] == [
        None,
        "1.0",
        "x",
        "true",
        '["1"]',
    ]
