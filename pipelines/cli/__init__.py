"""The command line: thin commands over the functions of the line. Heavy imports happen inside the commands."""

import os
import sys

import typer

from indicator_specs.errors import PlainError, both
from pipelines.cli import asof, catalogue, check, intake, line, new, plan, releases, source, storage, trace
from pipelines.console import said

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
for module in (line, intake, check, catalogue, trace, releases, asof, plan, storage, source, new):
    module.register(app)


def main() -> None:
    """Run a command; what a person can mend is said in a sentence, never as a traceback."""
    if sys.getfilesystemencoding() != "utf-8":
        # A locale that cannot spell Vietnamese, in names of files and on the screen: begin again in UTF-8.
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "pipelines.cli", *sys.argv[1:]])  # noqa: S606 - this program
    try:
        app()
    except PlainError as error:
        said(str(error))
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        said(both(f"{where}không đọc hoặc ghi được", f"{where}cannot be read or written ({error.strerror or error})"))
        sys.exit(1)
