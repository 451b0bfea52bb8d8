"""Secrets of this installation: made once, readable by their owner only, never in git and never in a log."""

import json
import os
import secrets
from pathlib import Path

import yaml

SECURITY = Path(__file__).resolve().parent / "security.yml"


def secret_key(folder: Path) -> str:
    """The key that signs sessions and encrypts stored connections; made on first use.

    Args:
        folder: Superset's own home.

    Returns:
        The text of ``SUPERSET_SECRET_KEY``, or of ``secret_key`` in the folder.
    """
    given = os.environ.get("SUPERSET_SECRET_KEY")
    return given if given else _once(folder / "secret_key", secrets.token_urlsafe(48))


def passwords(home: Path) -> dict[str, str]:
    """The password of each user of ``security.yml``: ``CHISO_PASSWORD_<USER>``, or one that is made once and kept.

    Args:
        home: the data folder; made passwords are kept in ``superset/passwords.json`` with mode 0600.

    Returns:
        User name to password, in the order of ``security.yml``.
    """
    users = [user["username"] for user in yaml.safe_load(SECURITY.read_text("utf-8"))["users"]]
    path = home / "superset" / "passwords.json"
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    made = {user: secrets.token_urlsafe(12) for user in users if user not in kept and not _given(user)}
    if made:
        kept |= made
        _replace(path, json.dumps(kept, indent=2) + "\n")
    return {user: _given(user) or kept[user] for user in users}


def _given(user: str) -> str | None:
    return os.environ.get(f"CHISO_PASSWORD_{user.upper()}") or None


def _once(path: Path, value: str) -> str:
    """The content of ``path``; ``value`` is written whole if the file does not exist, and another's file wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = _private(path, value)
        try:
            # A link appears with its content or not at all, and never replaces a key that another process made.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text("utf-8")


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _private(path, text).replace(path)


def _private(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary
