"""Where the dbt project keeps what: the paths that generating and running share."""

import os
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent
"""The dbt project, which lies beside the code that generates and runs it."""
TARGET = Path(os.environ.get("CHISO_DBT_TARGET") or PROJECT_DIR / "target")
"""dbt's own work: compiled SQL, partial parse, manifest. Not part of any installation's data; processes that build at
the same time may each have their own."""
MANIFEST = TARGET / "manifest.json"
READ = "partial_parse.msgpack"
"""dbt's own name, in its target folder, for what it has read of a project: it reads only what has changed since."""
STAGING = Path("models/staging/generated")
INDICATORS = Path("models/indicators")
MACROS = Path("macros/generated")
GENERATED = (STAGING, INDICATORS, MACROS)
"""Folders, relative to the project, in which every file is generated."""


def target_of(project: Path) -> Path:
    """dbt's own work on a project."""
    return TARGET if project == PROJECT_DIR else project / "target"
