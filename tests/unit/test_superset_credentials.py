"""Secrets are made once, kept to their owner, and may be given from outside."""

import json
import stat
from pathlib import Path

import pytest

from superset_config.credentials import passwords, secret_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPERSET_SECRET_KEY", raising=False)
    first = secret_key(tmp_path / "superset")
    assert secret_key(tmp_path / "superset") == first
    assert len(first) >= 42
    assert mode(tmp_path / "superset" / "secret_key") == 0o600
    assert [path.name for path in (tmp_path / "superset").iterdir()] == ["secret_key"]


def test_the_key_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERSET_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_every_user_gets_a_password_of_their_own_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for user in ("ADMIN", "CHUYENVIEN", "P79"):
        monkeypatch.delenv(f"CHISO_PASSWORD_{user}", raising=False)
    made = passwords(tmp_path)
    assert {"admin", "chuyenvien", "p79"} <= made.keys()
    assert len(set(made.values())) == len(made)
    assert all(len(password) >= 16 for password in made.values())
    assert passwords(tmp_path) == made
    assert mode(tmp_path / "superset" / "passwords.json") == 0o600


def test_a_given_password_wins_and_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PASSWORD_P79", "từ bên ngoài")
    assert passwords(tmp_path)["p79"] == "từ bên ngoài"
    assert "p79" not in json.loads((tmp_path / "superset" / "passwords.json").read_text("utf-8"))
