"""Secrets: found by name, never shown."""

import copy
import logging
import pickle
from pathlib import Path

import pytest

from connectors.errors import PermanentSourceError
from connectors.secrets import Connection, Secret, resolve

URL = "postgresql://đọc:m%40t-kh%E1%BA%A9u@db.example:5433/thong_ke?sslmode=require"


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHISO_SECRETS", raising=False)
    monkeypatch.delenv("CHISO_THING", raising=False)


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_THING", f" {URL}\n")
    assert resolve("CHISO_THING").url.reveal() == URL
    assert resolve("CHISO_THING").token is None


def test_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CHISO_THING").write_text('{"url": "https://lgsp.example/x/", "token": "t0k"}\n')
    monkeypatch.setenv("CHISO_SECRETS", str(tmp_path))
    found = resolve("CHISO_THING")
    assert found.token == Secret("t0k")
    assert found.label == "https://lgsp.example/x"


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CHISO_THING").write_text("http://file")
    monkeypatch.setenv("CHISO_SECRETS", str(tmp_path))
    monkeypatch.setenv("CHISO_THING", "http://environment")
    assert resolve("CHISO_THING").url.reveal() == "http://environment"


def test_missing_names_the_variable() -> None:
    with pytest.raises(PermanentSourceError, match="CHISO_THING"):
        resolve("CHISO_THING")


@pytest.mark.parametrize("name", ["", "../etc/passwd", "chiso_thing", "A/B", "1A", "A" * 80])
def test_a_name_is_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_SECRETS", str(tmp_path))
    with pytest.raises(PermanentSourceError, match="E-SRC-SECRET"):
        resolve(name)


@pytest.mark.parametrize(
    "value",
    [
        "s3cret without an address",
        '{"url": "http://s3cret',
        '{"url": 5, "token": "s3cret"}',
        '{"url": "http://h", "key": "s3cret"}',
        '{"url": "http://h", "token": "s3cret\\nX-Evil: 1"}',
        '{"url": "http://h", "token": ["s3cret"]}',
        "http://s3cret:port/",
        "http://u:s3cret@h:0/",
        "//s3cret@host/",
    ],
)
def test_a_useless_value_is_refused_without_being_shown(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_THING", value)
    with pytest.raises(PermanentSourceError) as caught:
        resolve("CHISO_THING")
    assert "s3cret" not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_it_never_shows(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("CHISO_THING", f'{{"url": "{URL}", "token": "t0k"}}')
    found = resolve("CHISO_THING")
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("%s %r", found, found.token)
    shown = f"{found} {found!r} {found.url} {found.token!r} {found.token:>20} {[found]} {found.label} {caplog.text}"
    assert not any(piece in shown for piece in ("m%40t", "m@t", "t0k", "đọc", "sslmode"))
    with pytest.raises(TypeError):
        pickle.dumps(found.token)
    with pytest.raises(TypeError):
        copy.deepcopy(found)


def test_scrubbing_what_a_library_said() -> None:
    found = Connection("X", Secret(URL), Secret("t0k"))
    said = f"could not open {URL}: password=m@t-khẩu, token t0k"
    assert found.scrub(said) == "could not open ***: password=***, token ***"
