"""Commands that begin something new: a source folder, proposed from what a database or a service shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indicator_specs.errors import PlainError, both
from indicator_specs.registry import SOURCES
from pipelines.console import out

if TYPE_CHECKING:
    from pipelines.scaffold.source_folder import Named, Proposal


def register(app: typer.Typer) -> None:
    """Add the commands of this module under ``new``."""
    group = typer.Typer(no_args_is_help=True, help="Begin something new.")
    group.callback()(lambda: None)
    group.command("source")(source)
    app.add_typer(group, name="new")


def source(
    name: Annotated[str, typer.Argument(help="Id of the source and its folder: small letters, digits, underscores.")],
    owner: Annotated[str, typer.Option(prompt=True, help="Org unit code of the owner, such as G22.")],
    secret: Annotated[str, typer.Option(help="Name of the secret; CHISO_<NAME> if none.")] = "",
    dataset: Annotated[str, typer.Option(help="Id of its dataset.")] = "figures",
    table: Annotated[str, typer.Option(help="Table or view of a database, such as thong_ke.grdp.")] = "",
    openapi: Annotated[Path | None, typer.Option(help="OpenAPI document (JSON or YAML) of a service.")] = None,
    path: Annotated[str, typer.Option(help="Which path of the document, where several answer with lists.")] = "",
    folder: Annotated[Path, typer.Option(help="Folder of all sources.")] = SOURCES,
) -> None:
    """Propose source.yml, query and fixtures from a table or an OpenAPI document, and list what is to be decided."""
    from pipelines.scaffold.source_folder import Named, write
    from pipelines.scaffold.trying import findings_of

    named = Named(name, dataset, owner, secret or f"CHISO_{name.upper()}")
    proposal = _proposal(named, table, openapi, path)
    findings = findings_of(proposal, name, folder)
    write(proposal, folder / name)
    out.print(f"→ {folder / name}", markup=False)
    out.print("Cần người quyết định · For a person to decide:")
    for question in (*proposal.questions, *findings):
        out.print(f"  ? {question}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Sau đó · Then: chiso lint; chiso source check {name}", markup=False)


def _proposal(named: "Named", table: str, openapi: Path | None, path: str) -> "Proposal":
    from connectors import inspection
    from connectors.openapi import listings
    from pipelines.scaffold import source_folder

    if bool(table) == bool(openapi):
        raise PlainError(both("Chọn --table hoặc --openapi", "Choose --table or --openapi"))
    if openapi is None:
        return source_folder.of_table(named, inspection.table(named.secret, table))
    found = [each for each in listings(_document(openapi)) if path in {"", each.path}]
    if len(found) != 1:
        listed = ", ".join(each.path for each in found) or "—"
        raise PlainError(
            both(f"Chọn một đường dẫn bằng --path; có: {listed}", f"Choose one path with --path; there are: {listed}")
        )
    return source_folder.of_listing(named, found[0])


def _document(file: Path) -> dict[str, object]:
    import yaml

    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))  # JSON is YAML
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlainError(both(f"{file}: không đọc được", f"{file} cannot be read: {error}")) from error
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise PlainError(both(f"{file}: không phải tài liệu OpenAPI 3", f"{file} is no OpenAPI 3 document"))
    return document
