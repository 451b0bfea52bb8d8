"""TLS as a ministry runs it and as it breaks: own authorities, certificates of clients, wrong names, old dates."""

import json
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from starlette.applications import Starlette
from starlette.routing import Route

from connectors.errors import PermanentSourceError, SourceError
from indicator_specs.home import Home
from tests.data_service import Service, pull
from tests.servers import http

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""


@contextmanager
def serving(folder: Path, certificate: trustme.LeafCert, clients: trustme.CA | None = None) -> Iterator[str]:
    """The data service over TLS; with ``clients``, only those who show a certificate of that authority are let in."""
    service = Service()
    chain, key = folder / "server.pem", folder / "server.key"
    certificate.cert_chain_pems[0].write_to_path(str(chain))
    certificate.private_key_pem.write_to_path(str(key))
    options = {"ssl_certfile": str(chain), "ssl_keyfile": str(key)}
    if clients is not None:
        clients.cert_pem.write_to_path(str(folder / "clients.pem"))
        options |= {"ssl_ca_certs": str(folder / "clients.pem"), "ssl_cert_reqs": ssl.CERT_REQUIRED}  # type: ignore[dict-item]
    application = Starlette(routes=[Route("/v1/{rest:path}", service.reply)])
    with http(application, **options) as url:
        yield f"{url}/v1"


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return made


def reach(monkeypatch: pytest.MonkeyPatch, url: str, **secret: str) -> None:
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": url, **secret}))


def test_only_the_authority_of_the_secret_is_trusted(
    home: Home, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path, authority.issue_cert("127.0.0.1")) as url:
        reach(monkeypatch, url)
        with pytest.raises(PermanentSourceError, match=r"E-SRC-TLS.*self-signed|E-SRC-TLS.*unable to get"):
            pull(home)
        reach(monkeypatch, url, authority=str(tmp_path / "authority.pem"))
        assert pull(home).rows.height == 16


@pytest.mark.parametrize(
    ("name", "until"),
    [("khac.example", None), ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC))],
    ids=["another host's", "expired"],
)
def test_a_certificate_that_does_not_fit_is_refused(
    home: Home,
    tmp_path: Path,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    until: datetime | None,
) -> None:
    certificate = authority.issue_cert(name, not_before=datetime(2019, 1, 1, tzinfo=UTC), not_after=until)
    with serving(tmp_path, certificate) as url:
        reach(monkeypatch, url, authority=str(tmp_path / "authority.pem"))
        with pytest.raises(PermanentSourceError, match="E-SRC-TLS"):
            pull(home)


def test_mutual_tls(home: Home, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = trustme.CA()
    ours = clients.issue_cert("chiso.example")
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "client.pem"))
    ours.private_key_pem.write_to_path(str(tmp_path / "client.key"))
    shown = {"certificate": str(tmp_path / "client.pem"), "private_key": str(tmp_path / "client.key")}
    trusted = {"authority": str(tmp_path / "authority.pem")}
    demanded = {"auth": {"style": "none", "certificate": "true"}}
    with serving(tmp_path, authority.issue_cert("127.0.0.1"), clients) as url:
        reach(monkeypatch, url, **trusted)
        with pytest.raises(PermanentSourceError, match=r"E-SRC-SECRET.*certificate"):
            pull(home, connection=demanded)
        with pytest.raises(SourceError, match=r"E-SRC-(TLS|UNREACHABLE)"):
            pull(home)
        reach(monkeypatch, url, **trusted, **shown)
        assert pull(home, connection=demanded).rows.height == 16
        reach(monkeypatch, url, **trusted, certificate=str(tmp_path / "nowhere.pem"), private_key=shown["private_key"])
        with pytest.raises(PermanentSourceError, match=r"E-SRC-SECRET.*FileNotFoundError"):
            pull(home)


def test_a_phrase_that_opens_no_key_is_told_and_not_shown(
    home: Home, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority.issue_cert("chiso.example")
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "client.pem"))
    key = load_pem_private_key(ours.private_key_pem.bytes(), None)
    shut = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"dung-la-cau-nay"))
    (tmp_path / "client.key").write_bytes(shut)
    shown = {"certificate": str(tmp_path / "client.pem"), "private_key": str(tmp_path / "client.key")}
    reach(monkeypatch, "https://127.0.0.1:1", **shown, passphrase="cau-khac-3f8")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SECRET.*private_key") as caught:
        pull(home)
    assert "cau-khac-3f8" not in repr(caught.value)
    reach(monkeypatch, "https://127.0.0.1:1", **shown, passphrase="dung-la-cau-nay")
    with pytest.raises(SourceError, match="E-SRC-UNREACHABLE"):
        pull(home)


def test_a_server_that_knows_only_an_old_protocol_is_refused(
    home: Home, tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1

    def shake_hands(peer: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(peer, server_side=True) as inside:
            inside.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=lambda: shake_hands(listener.accept()[0]), daemon=True)
        server.start()
        reach(
            monkeypatch,
            f"https://127.0.0.1:{listener.getsockname()[1]}/v1",
            authority=str(tmp_path / "authority.pem"),
        )
        with pytest.raises(PermanentSourceError, match=r"E-SRC-TLS.*(?i:protocol)"):
            pull(home)
        server.join(timeout=5)
