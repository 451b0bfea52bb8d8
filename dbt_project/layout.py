"""Where the dbt project keeps what: the paths that generating and running share."""

import os
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent
"""The dbt project, which lies beside the code that generates and runs it."""
TARGET = Path(os.environ.get("CHISO_DBT_TARGET") or PROJECT_DIR / "target")
"""dbt's own work: compiled SQL, partial parse, manifest. Not part of any installation's data; processes that build at
the same time may each have their own."""
MANIFEST = TARGET / "manifest.json"
STAGING = Path("models/staging/generated")
INDICATORS = Path("models/indicators")
MACROS = Path("macros/generated")
GENERATED = (STAGING, INDICATORS, MACROS)
"""Folders, relative to the project, in which every file is generated."""
