"""Secrets of the system's keyring: found after environment and file, changed at once, and told when it is shut."""

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from connectors.errors import PermanentSourceError
from connectors.secrets import KEYRING, Connection, Secret, resolve


class Ring(KeyringBackend):
    """A keyring of the test's own; the desktop's would ask the person who sits there."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("s3cret-in-a-message")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    monkeypatch.delenv("CHISO_THING", raising=False)
    monkeypatch.delenv("CHISO_SECRETS", raising=False)
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_it_is_found_and_changed_at_once(ring: Ring) -> None:
    keyring.set_password(KEYRING, "CHISO_THING", json.dumps({"url": "https://h/x", "token": "cu"}))
    assert resolve("CHISO_THING").token == Secret("cu")
    keyring.set_password(KEYRING, "CHISO_THING", json.dumps({"url": "https://h/x", "token": "moi"}))
    assert resolve("CHISO_THING").token == Secret("moi")


def test_file_and_environment_come_first(ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_password(KEYRING, "CHISO_THING", "https://keyring")
    (tmp_path / "CHISO_THING").write_text("https://file")
    monkeypatch.setenv("CHISO_SECRETS", str(tmp_path))
    assert resolve("CHISO_THING").url.reveal() == "https://file"
    monkeypatch.setenv("CHISO_THING", "https://environment")
    assert resolve("CHISO_THING").url.reveal() == "https://environment"


def test_a_keyring_that_is_shut_is_told(ring: Ring) -> None:
    ring.is_locked = True
    with pytest.raises(PermanentSourceError, match="the keyring cannot be opened") as caught:
        resolve("CHISO_THING")
    assert "s3cret" not in f"{caught.value!r}"


def test_a_credential_is_known_in_every_form_in_which_it_travels() -> None:
    more = {"client_id": Secret("chiso"), "client_secret": Secret("a b/c+mật-khẩu".encode().hex() + "+/=")}
    found = Connection("X", Secret("https://doc:m%40t%20khau9@h/x"), Secret("tok/en+01=="), more)
    basic = "ZG9jOm1AdCBraGF1OQ=="  # doc:m@t khau9
    for text in ("tok/en+01==", "tok%2Fen%2B01%3D%3D", "m@t khau9", "m%40t%20khau9", "m%40t+khau9", basic):
        assert found.is_in(f"<{text}>".encode()), text
        assert text not in found.scrub(f"said {text}.")
    assert not found.is_in(b"https://h/x chiso")
