"""The command line: thin commands over the functions of the line. Heavy imports happen inside the commands."""

import sys

import typer

from pipelines.cli import catalogue, intake, line, releases, trace
from pipelines.console import refuse

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
for module in (line, intake, catalogue, trace, releases):
    module.register(app)


def main() -> None:
    """Run a command; what a person can mend is said in a sentence, never as a traceback."""
    try:
        app()
    except Exception as error:
        if not refuse(error):
            raise
        sys.exit(1)
