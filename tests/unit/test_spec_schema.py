"""JSON Schema for editors: the committed files are those of the models, byte for byte."""

import json
from pathlib import Path

from indicator_specs.schema import generate_schema


def test_the_committed_schemas_are_those_of_the_models() -> None:
    assert generate_schema(check=True) == []


def test_generation_is_told_and_is_the_same_each_time(tmp_path: Path) -> None:
    names = ["schema.json", "form_layout_schema.json", "source_schema.json"]
    assert [path.name for path in generate_schema(check=True, folder=tmp_path)] == names
    assert not list(tmp_path.iterdir()), "a check must not write"
    assert [path.name for path in generate_schema(check=False, folder=tmp_path)] == names
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert generate_schema(check=False, folder=tmp_path) == []
    (tmp_path / "schema.json").write_text("{}", encoding="utf-8")
    assert [path.name for path in generate_schema(check=False, folder=tmp_path)] == ["schema.json"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_editors_are_told_of_unknown_keys(tmp_path: Path) -> None:
    generate_schema(check=False, folder=tmp_path)
    schema = json.loads((tmp_path / "schema.json").read_text(encoding="utf-8"))
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Target"]["additionalProperties"] is False
    assert "meaning" in schema["required"]
