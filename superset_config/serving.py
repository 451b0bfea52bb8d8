"""Superset as a separate program: how to start it from the pipeline's environment. Must not import Superset."""

import os
import subprocess
from pathlib import Path

from indicator_specs.errors import PlainError
from indicator_specs.home import PROJECT, Home

HERE = Path(__file__).resolve().parent
WORKERS, THREADS, TIMEOUT_SECONDS = 2, 8, 120


class SupersetMissingError(PlainError):
    """Superset's environment has not been installed."""


def interpreter() -> Path:
    """The Python of Superset's environment: ``CHISO_SUPERSET_PYTHON``, or ``.venv-superset`` beside the code.

    Raises:
        SupersetMissingError: there is no such file.
    """
    path = Path(os.environ.get("CHISO_SUPERSET_PYTHON", PROJECT / ".venv-superset" / "bin" / "python"))
    if not path.exists():
        raise SupersetMissingError(
            f"Chưa cài đặt môi trường Superset ({path}); đề nghị chạy: make .venv-superset. / "
            f"Superset's environment is not installed ({path}); run: make .venv-superset."
        )
    return path


def _root(home: Path | Home) -> Path:
    return home.root if isinstance(home, Home) else home.resolve()


def environment(home: Path | Home) -> dict[str, str]:
    """The environment variables of every Superset process of one installation.

    Args:
        home: the data folder (``CHISO_HOME``).
    """
    return {
        **os.environ,
        "CHISO_HOME": str(_root(home)),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "PYTHONPATH": str(PROJECT),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "FLASK_APP": "superset.app:create_app()",
        "SCARF_ANALYTICS": "false",
    }


def sync(home: Path | Home, prepare: bool = False) -> subprocess.CompletedProcess[str]:
    """Make Superset show what is in git: schema, roles, users, dashboards, row-level security; then verify.

    Args:
        home: the data folder; a release must be published unless ``prepare``.
        prepare: only what needs no release (schema and permissions), so that it can run while figures are computed.

    Returns:
        The finished process. Its exit code is 0 only if everything was verified; ``stdout`` says what was done and
        ``stderr`` what was wrong.

    Raises:
        SupersetMissingError: there is no environment to run in.
    """
    command = [str(interpreter()), "-m", "superset_config.sync", *(["--prepare"] if prepare else [])]
    return subprocess.run(command, cwd=PROJECT, env=environment(home), text=True, capture_output=True, check=False)


def serve(home: Path | Home, port: int) -> subprocess.Popen[bytes]:
    """Start the web server on the loopback interface, in a session of its own; the caller stops it.

    Args:
        home: the data folder, synchronised before.
        port: a free port. ``/health`` answers ``OK`` when the server is up (14–26 s on two cores, measured).

    Raises:
        SupersetMissingError: there is no environment to run in.
    """
    own = _root(home) / "superset"
    command = [
        str(interpreter()), "-m", "gunicorn",
        "--workers", str(WORKERS),
        "--worker-class", "gthread",
        "--threads", str(THREADS),
        "--timeout", str(TIMEOUT_SECONDS),
        "--bind", f"127.0.0.1:{port}",
        "--preload",
        "--no-control-socket",
        "superset.app:create_app()",
    ]  # fmt: skip
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (own / "server.log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=PROJECT, env=environment(home), stdout=log, stderr=log, start_new_session=True
        )
