"""How a service over HTTP is shown who we are: key, token, OAuth2, certificate.

Owns what is added to a request, and the second try after a 401: with the secret as it is now, or a new token.
"""

import ssl
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749 import OAuth2Token

from connectors import strict_json
from connectors.errors import PermanentSourceError, SourceError
from connectors.secrets import SHORTEST_TOLD_APART, Connection, resolve
from indicator_specs.http_sections import Auth

LEEWAY = 5
"""Seconds before its end from which on a token is not used any more."""

Post = Callable[[str, Mapping[str, str], bytes], tuple[int, bytes]]


def declared(auth: Auth | None, secret: Connection) -> Auth:
    """The declared way of being let in; undeclared, what the secret has: a token, or a user in its address."""
    if auth is not None:
        return auth
    if secret.token is not None:
        return Auth(style="bearer")
    return Auth(style="basic") if secret.parts.username else Auth()


class Credentials:
    """Adds a key, a token, a user and password, or nothing."""

    def __init__(self, auth: Auth, secret: Connection) -> None:
        self._auth, self._secret = auth, secret
        self.sign(httpx.Request("GET", secret.label))  # a secret that lacks a field is told before anybody is asked

    def sign(self, request: httpx.Request) -> None:
        """Put the credential into a request; the same request may be signed anew."""
        auth, secret = self._auth, self._secret
        if auth.style == "bearer":
            request.headers["Authorization"] = f"Bearer {secret.need('token')}"
        elif auth.header is not None:
            request.headers[auth.header] = secret.need("token")
        elif auth.param is not None:
            request.url = request.url.copy_set_param(auth.param, secret.need("token"))
        elif auth.style == "basic":
            address = httpx.URL(secret.url.reveal())
            next(httpx.BasicAuth(address.username, address.password).auth_flow(request))

    def renew(self) -> bool:
        """After a refusal: whether the secret has been changed since, so that asking once more makes sense."""
        before, self._secret = self._secret, resolve(self._secret.name)
        return before != self._secret

    def is_in(self, content: bytes) -> bool:
        """Whether bytes that somebody sent repeat a credential."""
        return self._secret.is_in(content)

    def scrub(self, text: str) -> str:
        """``text`` without credentials."""
        return self._secret.scrub(text)


class ClientCredentials:
    """OAuth2 with the grant ``client_credentials``: a token is fetched when there is none, when it ends, and on a 401.

    ``post`` sends an address, headers and a form, and gives status and body, within the limits of every request.
    """

    def __init__(self, auth: Auth, secret: Connection, token_url: str, post: Post, place: str) -> None:
        self._auth, self._secret, self._token_url, self._post, self._place = auth, secret, token_url, post, place
        self._token: OAuth2Token | None = None
        secret.need("client_id")
        secret.need("client_secret")

    def sign(self, request: httpx.Request) -> None:
        """Put a token that has not ended into a request."""
        if self._token is None or self._token.is_expired(leeway=LEEWAY):
            self._token = self._fetched()
        request.headers["Authorization"] = f"Bearer {self._token['access_token']}"

    def renew(self) -> bool:
        """After a refusal: drop the token; the next one is fetched with the secret as it is now."""
        self._secret = resolve(self._secret.name)
        self._token = None
        return True

    def is_in(self, content: bytes) -> bool:
        """Whether bytes that somebody sent repeat a credential, or the token in use."""
        held = str(self._token["access_token"]).encode() if self._token else b""
        return self._secret.is_in(content) or (len(held) >= SHORTEST_TOLD_APART and held in content)

    def scrub(self, text: str) -> str:
        """``text`` without credentials and without the token in use."""
        token = str(self._token["access_token"]) if self._token else ""
        return self._secret.scrub(text.replace(token, "***") if token else text)

    def _fetched(self) -> OAuth2Token:
        secret = self._secret
        client = ClientAuth(
            secret.need("client_id"), secret.need("client_secret"), f"client_secret_{self._auth.client}"
        )
        form = urlencode(
            {"grant_type": "client_credentials"} | ({"scope": self._auth.scope} if self._auth.scope else {})
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        url, headers, form = client.prepare("POST", self._token_url, headers, form)
        status, body = self._post(url, headers, form.encode())
        try:
            answer = strict_json.parse(body)
        except strict_json.JsonFaultError:
            answer = None
        if not isinstance(answer, dict):
            raise self._refused(f"HTTP {status}, không phải JSON", f"HTTP {status}, no JSON")
        if status != httpx.codes.OK or "error" in answer:
            said = self.scrub(f"{answer.get('error', '')} {answer.get('error_description', '')}".strip())[:200]
            raise self._refused(f"HTTP {status}, {said!r}", f"HTTP {status}, {said!r}")
        return self._usable(OAuth2Token(answer))

    def _usable(self, token: OAuth2Token) -> OAuth2Token:
        value = token.get("access_token")
        if not isinstance(value, str) or not (value.isascii() and value.isprintable() and value):
            raise self._refused("trả lời không có access_token", "the answer has no access_token")
        if str(token.get("token_type", "bearer")).lower() != "bearer":
            raise self._refused("mã không phải loại Bearer", "the token is not a bearer token")
        granted, wanted = str(token.get("scope") or self._auth.scope).split(), self._auth.scope.split()
        if short := sorted(set(wanted) - set(granted)):
            raise self._refused(
                f"không được cấp phạm vi {', '.join(short)}", f"scope {', '.join(short)} is not granted"
            )
        return token

    def _refused(self, vi: str, en: str) -> SourceError:
        return PermanentSourceError(
            "E-SRC-AUTH",
            self._place,
            f"Không được cấp mã truy cập (OAuth2): {vi}. Kiểm tra client_id, client_secret và quyền ở nguồn.",
            f"No access token was granted (OAuth2): {en}. Check client_id, client_secret and the rights at the source.",
        )


def tls(auth: Auth, secret: Connection) -> ssl.SSLContext:
    """How the other side is checked, and our certificate where the secret has one. Never unchecked.

    ``authority`` of the secret is a file with the only authorities that are trusted; without it the system's.

    Raises:
        PermanentSourceError: a file cannot be used, or a certificate is demanded and the secret has none.
    """
    if auth.certificate:
        secret.need("certificate")
        secret.need("private_key")
    try:
        authority = secret.more.get("authority")
        context = ssl.create_default_context(cafile=authority.reveal() if authority else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if "certificate" in secret.more:
            phrase = secret.more.get("passphrase")
            context.load_cert_chain(
                secret.need("certificate"),
                secret.need("private_key"),
                (phrase.reveal() if phrase else "").encode(),
            )
    except (OSError, ValueError) as error:
        what = type(error).__name__
        raise PermanentSourceError(
            "E-SRC-SECRET",
            secret.name,
            f"{secret.name}: không dùng được tệp chứng thư, khoá riêng hoặc authority ({what}).",
            f"{secret.name}: a file of certificate, private_key or authority cannot be used ({what}).",
        ) from None
    return context
