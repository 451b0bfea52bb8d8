"""What a declaration of a service may not say, and that it is told in both languages where it stands."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from indicator_specs.http_sections import Auth, Catalogue, Paging, Request
from indicator_specs.model_problems import build
from indicator_specs.source_sections import Connection
from indicator_specs.stored_sections import SdmxData, StoredFile
from indicator_specs.strict_yaml import read


@pytest.mark.parametrize(
    ("model", "text", "field", "told"),
    [
        (Auth, "style: api_key", "", "exactly one"),
        (Auth, "{style: api_key, header: X-Key, param: key}", "", "exactly one"),
        (Auth, "{style: bearer, header: X-Key}", "", "exactly one"),
        (Auth, "{style: bearer, scope: read}", "", "style: oauth2"),
        (Auth, "{style: oauth, scope: read}", "style", "oauth2"),
        (Auth, "{style: bearer, token: abc}", "token", "unknown"),
        (Paging, "style: cursor", "", "'next'"),
        (Request, '{path: /a, headers: {Authorization: "Bearer x"}}', "", "in the secret"),
        (Request, "{path: /a, body: {a: b}}", "", "method: POST"),
        (Request, "{path: a}", "path", "must match"),
        (Request, "{path: /a, records: data}", "records", "must match"),
        (Catalogue, "{path: /c, bind: {period: /p}}", "", "the period or the cursor asked"),
        (Catalogue, "{path: /c, bind: {since: /p}}", "", "{since}"),
        (Catalogue, "{path: /c, bind: {}}", "bind", "at least one"),
        (Connection, '{secret: A, hosts: ["https://x"]}', "hosts[0]", "must match"),
        (Connection, '{secret: A, per_minute: "0"}', "per_minute", "greater than 0"),
        (StoredFile, "{path: ../a.csv, format: csv}", "", "without .."),
        (StoredFile, "{path: a.xls, format: xls}", "format", "one of"),
        (SdmxData, "{data: a, structure: b, data_structure: DSD_X}", "data_structure", "must match"),
    ],
)
def test_a_wrong_declaration_is_told(tmp_path: Path, model: type[BaseModel], text: str, field: str, told: str) -> None:
    file = tmp_path / "a.yml"
    file.write_text(f"{text}\n", encoding="utf-8")
    document = read(file, "a.yml")
    assert build(model, document) is None
    problem = document.problems[0]
    shown = f"{problem.field} {problem.found} {problem.remedy}"
    assert told in shown
    assert problem.field == field or not field
    assert " / " in shown or " · " in shown, shown
