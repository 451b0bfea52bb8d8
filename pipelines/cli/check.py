"""The command for officers before they send: a file checked where it is, without server or ledger."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from indicator_specs.errors import PlainError, both
from indicator_specs.findings import Finding
from pipelines.console import out


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("check")(check)


def check(
    file: Annotated[Path, typer.Argument(help="A filled form.")],
    agency: Annotated[str, typer.Option(help="Org unit code of the agency whose folder it goes into.")] = "",
    release: Annotated[Path | None, typer.Option(help="A release file, for comparison with earlier figures.")] = None,
    marked: Annotated[Path | None, typer.Option(help="Write the workbook with its findings marked here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check a form before it is sent: the same rules as on receipt, and a list of those that need the server."""
    from connectors.ledger import State
    from connectors.workbook.stamp import KEY_VARIABLE
    from indicator_specs.registry import load_registry
    from pipelines import checking

    for path in (file, *([release] if release else [])):
        if not path.is_file():
            raise PlainError(both(f"Không có tệp {path}", f"There is no file {path}"))
    key = os.environ.get(KEY_VARIABLE, "").encode() or None
    checked = checking.check(file, load_registry(), key=key, agency=agency, release=release)
    told = checking.lines(checked)
    if as_json:
        content = {
            "state": checked.state.value,
            "n_read": checked.n_read,
            "n_accepted": checked.n_accepted,
            "findings": [asdict(finding) for finding in checked.findings],
            "not_evaluated": sorted(checked.unseen),
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for line in told:
            out.print(line, markup=False, highlight=False, soft_wrap=True)
    if marked is not None:
        _mark(file, checked.findings, told[:2], marked)
    if checked.state is not State.ACCEPTED:
        raise typer.Exit(1)


def _mark(file: Path, findings: Sequence[Finding], summary: Sequence[str], marked: Path) -> None:
    from connectors.workbook.annotate import asked
    from connectors.workbook.sandbox import NURSERY
    from connectors.workbook.sandbox_child import Limits

    if marked.resolve() == file.resolve():
        raise PlainError(both("--marked phải là tệp khác", "--marked must be another file"))
    answer = NURSERY.ask("annotate", asked(file.resolve(), findings, summary, marked.resolve()), Limits())
    if "result" not in answer:
        raise PlainError(both("Không đánh dấu được tệp này", "This file cannot be marked"))
