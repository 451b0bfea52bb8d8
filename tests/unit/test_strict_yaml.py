"""YAML that would change in silence is refused, by PyYAML's scanner in C and by the one in Python alike."""

from pathlib import Path

import pytest
import yaml

from indicator_specs import strict_yaml
from indicator_specs.strict_yaml import read, read_text


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "LOADER", getattr(yaml, request.param))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('codes: ["11.10", "11.1"]', {"codes": ["11.10", "11.1"]}),
        ("codes: [11.10, 11.1]", {"codes": ["11.10", "11.1"]}),
        ("on: yes\nwhen: 2026-05\nn: 010", {"on": "yes", "when": "2026-05", "n": "010"}),
        ("a: no\nb: off\nc: Y\nd: True", {"a": "no", "b": "off", "c": "Y", "d": "True"}),
        ("day: 2026-07-01\nat: 12:30:45\nyear: 2030", {"day": "2026-07-01", "at": "12:30:45", "year": "2030"}),
        (
            "a: 0o17\nb: 0x1F\nc: 1_000\nd: 1e3\ne: .inf",
            {"a": "0o17", "b": "0x1F", "c": "1_000", "d": "1e3", "e": ".inf"},
        ),
        ("code: 766.0\nunit: 08", {"code": "766.0", "unit": "08"}),
        ("a: null\nb: ~\nc: 'null'", {"a": None, "b": None, "c": "null"}),
        ("a: >-\n  một câu # không phải ghi chú\n  hai", {"a": "một câu # không phải ghi chú hai"}),
        ("a: |\n  một\n  hai\n", {"a": "một\nhai"}),
        ("a: b   # a word, and two blanks before the comment", {"a": "b"}),
        ("# head\na: b\n  # below\n", {"a": "b"}),
        ("a: {vi: Số hồ sơ, en: Dossiers}", {"a": {"vi": "Số hồ sơ", "en": "Dossiers"}}),
        ('op: ">="\nv: "80"', {"op": ">=", "v": "80"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_good_yaml_is_read_as_text(text: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf-8")
    document = read(path)
    assert not document.problems
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3", 3, "again (first at line 1)"),
        ("a: x\nvalue: 0,7", 2, "a number with a comma"),
        ("value: 1.234,5", 1, "a number with a comma"),
        ("value: -0,7", 1, "a number with a comma"),
        ("t: {by: 2030, value: 0,7}", 1, "a key without a value"),
        ("name: {vi: Tổng số, trong kỳ, en: x}", 1, "a key without a value"),
        ("name: Số hồ sơ # nộp trực tuyến", 1, "a # inside a text"),
        ("name: Số hồ sơ    # nộp trực tuyến", 1, "a # inside a text"),
        ("name: word # note", 1, "a # inside a text"),
        ("operator: >\nvalue: 80", 1, "> or | with nothing after it"),
        ("operator: >=", 1, "a sign that YAML reserves"),
        ("operator: > 80", 1, "a sign that YAML reserves"),
        ("name: *sao", 1, "an unquoted * or &"),
        ("name: &neo x", 1, "an unquoted * or &"),
        ("name: !loai x", 1, "an unquoted !"),
        ("name: @x", 1, "a sign that YAML reserves"),
        ("name: %x", 1, "a sign that YAML reserves"),
        ("name: `x`", 1, "a sign that YAML reserves"),
        ("name: a: b", 1, "a colon inside an unquoted text"),
        ("a: {b: 1}\nc:\n  <<: {d: 1}", 3, "a merge key"),
        ("a:\n\tb: 1", 2, "a tab"),
        ("a: b\tc", 1, "a tab"),
        ("a: một câu\n  hai dòng", 1, "over several lines"),
        ("a: [57-NQ/TW, II.1]", 1, "an unquoted text inside [ ]"),
        (f"a: {{vi: {'dài ' * 40}}}", 1, "a long text inside"),
        ("a:\nb: 1", 1, "a key without a value"),
        ("a: 1\n---\nb: 2", 2, "a second document"),
        ("- a\n- b", 1, "not a mapping of keys"),
        ("", 0, "not a mapping of keys"),
        ("a: 'x\n", 2, "not readable as YAML"),
        ("? [a, b]\n: c", 1, "a key that is not a text"),
        ("a: Ho\u0300a", 0, "decomposed form"),
    ],
)
def test_surprises_are_refused_with_their_line(text: str, line: int, said: str) -> None:
    problems = read_text(text, "f.yml").problems
    assert problems, "nothing was refused"
    assert said in problems[0].found
    assert problems[0].remedy
    assert problems[0].line == line


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    problems = read_text("a: 0,7\nb: x # y\nc: >\nd: 1\nd: 2\n", "f.yml").problems
    assert [problem.line for problem in problems] == [1, 2, 3, 5]
    assert [problem.field for problem in problems] == ["a", "b", "c", "d"]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes("a: Tỉ lệ".encode("utf-16"))
    assert "not UTF-8" in read(path).problems[0].found


def test_what_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    assert "cannot be read" in read(tmp_path / "folder.yml").problems[0].found
    assert "cannot be read" in read(tmp_path / "nothing.yml").problems[0].found


def test_a_bomb_of_brackets_is_refused() -> None:
    assert read_text("a: " + "[" * 5_000 + "]" * 5_000, "f.yml").problems


def test_lines_are_known_for_every_path() -> None:
    document = read_text("a:\n  - b: 1\n    c: 2\nd: {e: 3}", "f.yml")
    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "missing")) == 2
    assert document.line(("d", "e")) == 4
