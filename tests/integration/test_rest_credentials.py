"""Every way in which a service lets us in, against a real one: keys, tokens that end, certificates, rotation."""

import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import PermanentSourceError, TransientSourceError
from indicator_specs.home import Home
from tests.data_service import Answer, Service, as_json, fresh, honest, pull

pytestmark = pytest.mark.usefixtures("no_pauses")

KEY = "khoá-bí-mật".encode().hex()
CLIENT = {"client_id": "chiso-client", "client_secret": "bi-mat-cua-client-9c1"}
OAUTH = {"auth": {"style": "oauth2", "token_path": "/oauth/token", "scope": "thong-ke:doc"}}


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    return fresh(running, monkeypatch, token=KEY)


def only_with(header: str, value: str) -> Answer:
    return lambda request, n: honest(request, n) if request.headers.get(header) == value else Response("", 401)


def test_a_key_in_a_header(service: Service, home: Home) -> None:
    service.answer = only_with("X-Api-Key", KEY)
    assert pull(home, connection={"auth": {"style": "api_key", "header": "X-Api-Key"}}).rows.height == 16
    assert set(service.tokens) == {None}


def test_a_key_in_the_query_stands_in_no_evidence(
    service: Service, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    service.answer = lambda request, n: (
        honest(request, n) if request.query_params.get("key") == KEY else Response("", 401)
    )
    pulled = pull(home, connection={"auth": {"style": "api_key", "param": "key"}})
    assert pulled.rows.height == 16
    assert KEY.encode() not in (home.root / pulled.evidence.path).read_bytes()
    assert KEY not in json.dumps(pulled.origin)
    assert KEY not in caplog.text
    assert "HTTP Request" in caplog.text


def test_user_and_password(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", f"{service.url}/v1".replace("//", "//doc:m%40t%20khau@"))
    service.answer = only_with("Authorization", f"Basic {b64encode(b'doc:m@t khau').decode()}")
    assert pull(home, connection={"auth": {"style": "basic"}}).rows.height == 16


def test_a_secret_that_lacks_what_auth_needs_is_told_before_anybody_is_asked(
    service: Service, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHISO_PROBE", f"{service.url}/v1")
    for auth, field in (({"style": "bearer"}, "token"), (OAUTH["auth"], "client_id")):
        with pytest.raises(PermanentSourceError, match=f"E-SRC-SECRET.*{field}"):
            pull(home, connection={"auth": auth})
    assert service.asked == []


class Issuer:
    """The token endpoint of the service, and a service that takes only tokens that have not ended."""

    def __init__(self, **answer: object) -> None:
        self.issued, self.valid, self.answer = 0, set[str](), answer
        self.forms: list[dict[str, list[str]]] = []

    def __call__(self, service: Service) -> None:
        def answer(request: Request, n: int) -> Response:
            if request.url.path.endswith("/oauth/token"):
                return self.token(request, service.bodies[-1])
            if (request.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.valid:
                return Response("", 401)
            return honest(request, n)

        service.answer = answer

    def token(self, request: Request, form: bytes) -> Response:
        self.forms.append(parse_qs(form.decode()))
        expected = b64encode(f"{CLIENT['client_id']}:{CLIENT['client_secret']}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return Response('{"error": "invalid_client"}', 401, media_type="application/json")
        self.issued += 1
        token = f"ma-truy-cap-{self.issued:04d}"
        self.valid.add(token)
        return as_json(json.dumps({"access_token": token, "token_type": "bearer", "expires_in": 600, **self.answer}))


@pytest.fixture
def oauth(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    return fresh(running, monkeypatch, **CLIENT)


def test_oauth2_takes_one_token_for_all_pages(oauth: Service, home: Home) -> None:
    issuer = Issuer()
    issuer(oauth)
    assert pull(home, connection=OAUTH).rows.height == 16
    assert issuer.issued == 1
    assert issuer.forms[0] == {"grant_type": ["client_credentials"], "scope": ["thong-ke:doc"]}


def test_a_token_that_ends_is_renewed_before_it_ends(oauth: Service, home: Home) -> None:
    issuer = Issuer(expires_in=1)  # within the leeway at once: every page takes a new one
    issuer(oauth)
    assert pull(home, connection=OAUTH).rows.height == 16
    assert issuer.issued == 3


def test_a_token_that_is_withdrawn_in_the_middle_is_renewed_once(oauth: Service, home: Home) -> None:
    issuer = Issuer()
    issuer(oauth)
    serve = oauth.answer

    def withdraw(request: Request, n: int) -> Response:
        if request.query_params.get("page") == "2" and issuer.issued == 1:
            issuer.valid.clear()
        return serve(request, n)

    oauth.answer = withdraw
    assert pull(home, connection=OAUTH).rows.height == 16
    assert issuer.issued == 2


def test_a_token_that_is_never_taken_ends_in_clear_words(oauth: Service, home: Home) -> None:
    issuer = Issuer()
    issuer(oauth)
    serve = oauth.answer
    oauth.answer = lambda request, n: (
        serve(request, n) if request.url.path.endswith("/oauth/token") else Response("", 401)
    )
    with pytest.raises(PermanentSourceError, match="E-SRC-AUTH"):
        pull(home, connection=OAUTH)
    assert issuer.issued == 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ('{"error": "invalid_client", "error_description": "sai bi-mat-cua-client-9c1"}', "invalid_client sai"),
        ('{"token_type": "bearer"}', "no access_token"),
        ('{"access_token": "x1", "token_type": "mac"}', "not a bearer"),
        ('{"access_token": "x1", "scope": "khac"}', "thong-ke:doc is not granted"),
        ("<html>", "no JSON"),
    ],
)
def test_a_token_endpoint_that_refuses_is_told(oauth: Service, home: Home, answer: str, told: str) -> None:
    oauth.answer = lambda _request, _n: as_json(answer)
    with pytest.raises(PermanentSourceError, match=told) as caught:
        pull(home, connection=OAUTH)
    assert caught.value.code == "E-SRC-AUTH"
    assert CLIENT["client_secret"] not in str(caught.value)


def test_a_token_endpoint_that_is_away_is_transient(oauth: Service, home: Home) -> None:
    oauth.answer = lambda _request, _n: Response("", 503)
    with pytest.raises(TransientSourceError, match=r"E-SRC-UNREACHABLE \[probe.counts token\].*503"):
        pull(home, connection=OAUTH)


def test_a_token_endpoint_elsewhere_must_be_listed(oauth: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    issuer(oauth)
    elsewhere = oauth.url.replace("127.0.0.1", "localhost")
    secret = {"url": f"{oauth.url}/v1", "token_url": f"{elsewhere}/v1/oauth/token", **CLIENT}
    monkeypatch.setenv("CHISO_PROBE", json.dumps(secret))
    auth = {"style": "oauth2", "client": "basic"}
    with pytest.raises(PermanentSourceError, match=r"E-SRC-HOST.*localhost"):
        pull(home, connection={"auth": auth})
    assert oauth.asked == []
    pulled = pull(home, connection={"auth": auth, "hosts": [elsewhere.removeprefix("http://")]})
    assert pulled.rows.height == 16


def test_a_secret_changed_while_it_is_used_is_taken_up(
    service: Service, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHISO_PROBE")
    monkeypatch.setenv("CHISO_SECRETS", str(tmp_path))

    def put(token: str) -> None:
        (tmp_path / "CHISO_PROBE").write_text(json.dumps({"url": f"{service.url}/v1", "token": token}))

    def answer(request: Request, n: int) -> Response:
        if n == 2:
            put("khoa-moi-0002")
        expected = "khoa-cu-0001" if n == 1 else "khoa-moi-0002"
        return honest(request, n) if request.headers["Authorization"] == f"Bearer {expected}" else Response("", 401)

    put("khoa-cu-0001")
    service.answer = answer
    assert pull(home).rows.height == 16
    assert service.tokens == [f"Bearer khoa-{key}" for key in ("cu-0001", "cu-0001", "moi-0002", "moi-0002")]


def test_an_answer_that_repeats_the_key_is_not_kept(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: as_json(f'{{"status": 1, "you_sent": "{KEY}", "data": {{"items": []}}}}')
    with pytest.raises(PermanentSourceError, match="E-SRC-ECHO"):
        pull(home)
    assert not list(home.evidence.rglob("*.pages"))


def test_no_faster_than_declared(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("connectors.fetch.time.sleep", slept.append)
    pull(home, connection={"per_minute": "30"})
    assert len(slept) == 3
    assert slept[0] == 0
    assert 1.5 < slept[1] <= 2 < 3 < slept[2] + slept[1] <= 4
