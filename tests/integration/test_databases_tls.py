"""TLS to databases: the right authority and name are let in, anything else is told before a password is sent.

PostgreSQL in its wheel has no TLS of its own: it is ended before it, as a pooler does. MariaDB does it itself.
"""

import json
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from connectors.databases.engines import address_of
from connectors.errors import PermanentSourceError
from connectors.extract import extract
from connectors.extracted import Extract
from connectors.secrets import resolve
from indicator_specs.home import Home
from tests.machine_sources import source
from tests.servers import Server, mariadb, postgres
from tests.tls_before import postgres_tls

pytestmark = pytest.mark.usefixtures("no_pauses")

SQL = "select 'P01' as unit_code, '2026-09' as period, 10 as received, 5 as full_online"
HOST = "127.0.0.2"
"""A name that MariaDB's client library holds the certificate against: it does not with 127.0.0.1."""

LOGGED_IN = "select count(*) from mysql.general_log where command_type = 'Connect' and argument like 'chiso_reader%';"


@pytest.fixture(scope="module")
def trust() -> Iterator[Path]:
    """A folder that servers may read: two authorities, and certificates of one of them."""
    with tempfile.TemporaryDirectory(prefix="chiso-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        authority = trustme.CA()
        for who, made in {"authority": authority, "other": trustme.CA()}.items():
            made.cert_pem.write_to_path(str(folder / f"{who}.pem"))
        old = datetime(2020, 1, 1, tzinfo=UTC)
        for who, leaf in {
            "good": authority.issue_cert("127.0.0.1", HOST),
            "elsewhere": authority.issue_cert("khac.example"),
            "expired": authority.issue_cert("127.0.0.1", HOST, not_after=old),
        }.items():
            leaf.cert_chain_pems[0].write_to_path(str(folder / f"{who}.pem"))
            leaf.private_key_pem.write_to_path(str(folder / f"{who}.key"))
        for file in folder.iterdir():
            file.chmod(0o644)
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as made:
        yield made


Pull = Callable[[str, str], Extract]
"""Of an address, which trusts one of the files of ``trust``."""


@pytest.fixture
def pull(trust: Path, tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> Pull:
    (tmp_path / "counts.sql").write_text(SQL, encoding="utf-8")

    def pulled(url: str, authority: str) -> Extract:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": url, "authority": str(trust / f"{authority}.pem")}))
        return extract(*source("database", tmp_path, query="counts.sql"), home)

    return pulled


def assert_let_in(pull: Pull, url: str, authority: str, told: str) -> None:
    """It is read, or ``told`` is what hinders it, and nothing of ours with it."""
    if not told:
        assert pull(url, authority).rows.height == 2
        return
    with pytest.raises(PermanentSourceError, match=f"E-SRC-TLS.*{told}") as error:
        pull(url, authority)
    for ours in ("mật khẩu 1", "bi@mat", "statement_timeout"):
        assert ours not in str(error.value)


def with_certificate(trust: Path, who: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trust / f"{who}.pem", trust / f"{who}.key")
    return context


@pytest.mark.parametrize(
    ("who", "authority", "told"),
    [
        ("good", "authority", ""),
        ("good", "other", "certificate verify failed"),
        ("good", "no_such", "does not exist"),
        ("elsewhere", "authority", "does not match host name"),
        ("expired", "authority", "certificate verify failed"),
        ("", "authority", "does not support SSL"),
    ],
)
def test_postgres_is_trusted_by_its_authority_and_name(
    server: Server, trust: Path, pull: Pull, who: str, authority: str, told: str
) -> None:
    with postgres_tls(server.port, with_certificate(trust, who) if who else None) as front:
        assert_let_in(pull, server.url.replace(f":{server.port}/", f":{front.port}/"), authority, told)
    assert (front.said > 0) == (not told), "who is not trusted hears nothing"


@pytest.fixture(scope="module")
def bo(trust: Path) -> Iterator[Server]:
    """MariaDB with TLS; its certificate is read anew at ``flush ssl``."""
    _show(trust, "good")
    tls = (f"--ssl-cert={trust}/shown.pem", f"--ssl-key={trust}/shown.key", "--bind-address=0.0.0.0")
    logs = ("--general-log", "--log-output=TABLE")
    with mariadb(*tls, *logs) as made:
        made.run("create user chiso_reader@'%' identified by 'bi@mat'; grant select on bo.* to chiso_reader@'%';")
        yield made


def _show(trust: Path, who: str) -> None:
    for suffix in (".pem", ".key"):
        (trust / f"shown{suffix}").write_bytes((trust / f"{who}{suffix}").read_bytes())
        (trust / f"shown{suffix}").chmod(0o644)


@pytest.mark.parametrize(
    ("who", "authority", "told"),
    [
        ("good", "authority", ""),
        ("good", "other", "unable to get local issuer"),
        ("good", "no_such", "No such file"),
        ("elsewhere", "authority", "Hostname verification failed"),
        ("expired", "authority", "certificate has expired"),
    ],
)
def test_mariadb_is_trusted_by_its_authority_and_name(
    bo: Server, trust: Path, pull: Pull, who: str, authority: str, told: str
) -> None:
    _show(trust, who)
    bo.run("flush ssl; truncate mysql.general_log;")
    assert_let_in(pull, bo.url.replace("127.0.0.1", HOST), authority, told)
    logged_in = bo.run(LOGGED_IN).strip()
    assert (logged_in != "0") == (not told), "who is not trusted is not told our name"


@pytest.mark.parametrize(
    ("url", "more", "told"),
    [
        ("mysql://a:b@h/d?ssl_mode=verify_identity", {}, "needs ssl_ca"),
        ("mysql://a:b@h/d?ssl_mode=verify_ca", {}, "needs ssl_ca"),
        ("mysql://a:b@h/d?ssl_mode=disabled", {"authority": "/x.pem"}, "ssl_mode of the address contradicts"),
        ("postgresql://a:b@h/d?sslmode=require", {"authority": "/x.pem"}, "sslmode of the address contradicts"),
        ("postgresql://a:b@h/d?sslrootcert=/y.pem", {"authority": "/x.pem"}, "sslrootcert of the address contradicts"),
    ],
)
def test_an_address_that_would_check_less_than_it_says_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, more: dict[str, str], told: str
) -> None:
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": url, **more}))
    with pytest.raises(PermanentSourceError, match=f"E-SRC-SECRET.*{told}"):
        address_of(resolve("CHISO_PROBE"), "probe.counts")


def test_the_authority_of_a_secret_is_the_strictest_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": "mysql://a:b@h/d", "authority": "/x.pem"}))
    assert address_of(resolve("CHISO_PROBE"), "p").options == {"ssl_mode": "verify_identity", "ssl_ca": "/x.pem"}
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": "postgresql://a:b@h/d", "authority": "/x.pem"}))
    assert address_of(resolve("CHISO_PROBE"), "p").options == {"sslmode": "verify-full", "sslrootcert": "/x.pem"}
