"""JSON Schema of the declarations, for editors: generated from the models, byte for byte the same each time."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from indicator_specs.form_layout import FormLayout
from indicator_specs.home import PROJECT
from indicator_specs.source_spec import Source
from indicator_specs.spec import Indicator

FOLDER = PROJECT / "indicator_specs"
NOTE = "Generated from the models by `chiso generate`. Do not edit."


def generate_schema(check: bool, folder: Path = FOLDER) -> list[Path]:
    """Write the schemas that differ from the models.

    Args:
        check: Only report; write nothing.
        folder: Where they lie.

    Returns:
        The files that were stale.
    """
    wanted = {
        folder / "schema.json": _text(Indicator, "An indicator (catalogue/<theme>/<id>.yml)"),
        folder / "form_layout_schema.json": _text(FormLayout, "A foreign form (sources/<source>/<layout>.layout.yml)"),
        folder / "source_schema.json": _text(Source, "A source (sources/<source>/source.yml)"),
    }
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_bytes() != text.encode()]
    if not check:
        for path in stale:
            path.write_bytes(wanted[path].encode())
    return stale


def _text(model: type[BaseModel], title: str) -> str:
    schema: dict[str, Any] = model.model_json_schema()
    schema |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": NOTE, "title": title}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
