"""One word per idea: what docs/glossary.md rules out is met neither by people nor in names of code."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from connectors.intake.receipt import STATES

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROOMS = ("indicator_specs", "connectors", "expectations", "dbt_project", "superset_config", "pipelines")
FOR_PEOPLE = (".yml", ".yaml", ".po", ".html", ".sql", ".vi.md")


def rows(heading: str) -> list[list[str]]:
    """Cells of the table rows under the first heading that begins so, to the end of the tables of its rank."""
    _, _, below = GLOSSARY.partition(heading)
    lines = [line for line in below.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(cell: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,;]", re.sub(r"\(.*?\)", "", cell)) if word.strip()]


IDEAS = [row for row in rows("# Words") if len(row) == 4 and row[0] != "in code"]
NEVER_SAID = ["bạn", *(word for row in IDEAS for word in words(row[3]) if not word.isascii())]
NEVER_NAMED = {word for row in rows("## Names that code does not use")[1:] for word in words(row[1])}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = (ROOT / name for name in listed.splitlines() if name.endswith(suffixes))
    return [path for path in files if path.exists() and path.relative_to(ROOT).parts[0] in (*ROOMS, path.name)]


def said(path: Path) -> str:
    """What a file may show to people: every text in it; of a module, its strings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    strings = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return "\n".join(value for value in strings if isinstance(value, str))


def ruled_out(text: str) -> list[str]:
    return [word for word in NEVER_SAID if re.search(rf"(?<!\w){word}(?!\w)", text.casefold())]


def names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name) | ast.arg(arg=name):
                yield name


def badly_named(source: str) -> set[str]:
    parts = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
    ruled = NEVER_NAMED | {f"{word}s" for word in NEVER_NAMED}
    return {name for name in names(ast.parse(source)) if ruled & {part.lower() for part in parts.findall(name)}}


def test_the_glossary_rules_words_out() -> None:
    assert {"hạn chót", "biên lai", "chấp nhận", "từ chối", "bản phát hành", "dữ liệu gốc"} <= set(NEVER_SAID)
    assert {"metric", "kpi", "violation", "upload"} <= NEVER_NAMED
    assert ruled_out("Tệp bị từ chối, quá hạn chót.") == ["hạn chót", "từ chối"]
    assert badly_named("class KpiTable: ...\ndef read(upload_path): ...") == {"KpiTable", "upload_path"}


def test_no_text_for_people_has_a_word_that_is_ruled_out() -> None:
    files = tracked(*FOR_PEOPLE, ".py")
    assert len(files) > 100
    assert {str(path.relative_to(ROOT)): found for path in files if (found := ruled_out(said(path)))} == {}


def test_no_name_in_code_is_a_synonym() -> None:
    modules = [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] != "superset_config"]
    assert {str(path): found for path in modules if (found := badly_named(path.read_text(encoding="utf-8")))} == {}


def test_no_column_or_key_is_a_synonym() -> None:
    ruled = re.compile(rf"(?<![^\W_])({'|'.join(sorted(NEVER_NAMED))})s?(?![^\W_])", re.IGNORECASE)
    own_words = {"superset_config", "dbt_project.yml"}
    files = [path for path in tracked(".sql", ".yml") if not own_words & set(path.relative_to(ROOT).parts)]
    assert files
    assert {path.name: found for path in files if (found := ruled.findall(path.read_text(encoding="utf-8")))} == {}


def test_lights_and_states_bear_the_names_of_the_glossary() -> None:
    lights = {row[0].removeprefix("light: "): row[1] for row in IDEAS if row[0].startswith("light: ")}
    assert len(lights) == 6
    macros = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "dbt_project" / "macros").glob("*.sql"))
    assert [name for name in lights.values() if name not in macros] == []
    known = {row[0]: row[1] for row in IDEAS}
    assert STATES["returned"][0] == known["returned"]
    assert STATES["quarantined"][0] == known["quarantined"]
    assert STATES["accepted"][0] == known["accepted; verified"].split(";")[0]
