"""Commands on the catalogue: generate what is derived from it, and check it."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import err, out, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("generate")(generate)
    app.command("lint")(lint)
    app.command("show")(show)
    app.command("docs")(docs)
    app.command("import-catalogue")(import_catalogue)


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if anything would change.")] = False,
) -> None:
    """Write the files that are derived from the specs: SQL models, Superset assets, JSON Schemas."""
    from pipelines.generation import generate_all

    changed = generate_all(check=check)
    for path in changed:
        (err if check else out).print(f"{'stale' if check else 'wrote'} {path}", markup=False, highlight=False)
    if check and changed:
        err.print("Generated files do not match the specs: chiso generate", style="red")
        raise typer.Exit(1)
    out.print("Generated files match the specs." if not changed else f"{len(changed)} files written.")


def lint(
    listed: Annotated[
        bool, typer.Option("--list", help="Print the checks themselves: name, severity, reason.")
    ] = False,
) -> None:
    """Check the catalogue for mistakes that a schema cannot see; fails on errors, tells warnings."""
    from indicator_specs.lint import CHECKS
    from indicator_specs.lint import lint as lint_registry
    from indicator_specs.registry import load_registry

    if listed:
        checks = table(f"Các phép kiểm tra danh mục · {len(CHECKS)} checks", "Mức", "Kiểm tra", "Vì sao", "Cách sửa")
        for check in CHECKS:
            checks.add_row(check.severity, check.name, check.reason, check.remedy)
        out.print(checks)
        return
    registry = load_registry()
    found = lint_registry(registry)
    listing = table("Kiểm tra danh mục · Catalogue", "Mức", "Kiểm tra", "Ở đâu", "Nội dung", "Cách sửa")
    for finding in found:
        listing.add_row(finding.severity, finding.check, finding.subject, finding.message, finding.remedy)
    if found:
        out.print(listing)
    out.print(f"{len(registry.indicators)} indicators, {len(registry.measures)} measures, {len(found)} findings.")
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(1)


def show(
    indicator: Annotated[str, typer.Argument(help="Indicator id, such as online_service_usage.")],
    docx: Annotated[Path | None, typer.Option(help="Write it as a Word document for signature as well.")] = None,
) -> None:
    """Print the indicator sheet (phiếu chỉ số): meaning, formula, sources, responsibilities, targets."""
    from rich.text import Text

    from indicator_specs.registry import load_registry
    from pipelines.indicator_sheet import sheet_of

    registry = load_registry()
    lines = sheet_of(registry, indicator)
    listing = table("PHIẾU CHỈ SỐ", "Mục", "Nội dung")
    for line in lines:
        listing.add_row(line.label, Text(line.text or "—"))
    out.print(listing)
    if docx:
        from pipelines.sheet_document import write_document

        write_document(lines, ", ".join(registry.indicators[indicator].codes) or indicator, docx)
        out.print(f"→ {docx}", markup=False)


def docs(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the site.")] = Path("site"),
) -> None:
    """Build the documentation site: the guides and a page for each indicator."""
    from indicator_specs.registry import load_registry
    from pipelines.site.build import build_site

    n_pages = build_site(load_registry(), out_folder)
    out.print(f"{n_pages} trang · pages: {out_folder / 'index.html'}")


def import_catalogue(
    annex: Annotated[Path, typer.Argument(help="The annex: an .xlsx with one table, one row for each indicator.")],
    programme: Annotated[str, typer.Option(help="Id of the programme that the indicators belong to.")],
    programme_name: Annotated[str, typer.Option(help="Its Vietnamese name, if it is new.")] = "",
    code_prefix: Annotated[str, typer.Option(help="Goes before the ordinal to make a code: CS makes CS11.1.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet with the table, where there are several.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write below this folder, not into the checkout.")] = None,
) -> None:
    """Make specifications of an annex table, and the list of what a person must decide.

    Fill in decisions.xlsx, which is written beside them, and run the command again.
    """
    from indicator_specs.annex.context import Programme
    from indicator_specs.declarations import shown
    from indicator_specs.errors import SpecError
    from indicator_specs.reference_files import load_reference
    from indicator_specs.registry import REFERENCE
    from pipelines.annex.importing import import_annex
    from pipelines.annex.places import Places
    from pipelines.annex.telling import tell

    places = Places.at(out.resolve() if out else None, programme)
    reference, faults = load_reference(REFERENCE, shown)
    if faults:
        raise SpecError(faults)
    tell(import_annex(annex, Programme(programme, programme_name, code_prefix), places, reference, sheet))
