"""One HTTP answer, fetched with limits: time, bytes, hosts, tries, pace.

Owns what leaves this machine over HTTP. Never follows a redirect to another host, never prints a credential, keeps no
answer that repeats one.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from urllib.parse import urljoin

import httpx
import stamina

from connectors import http_log
from connectors.deadline import Deadline, Wires
from connectors.errors import SourceError, TransientSourceError
from connectors.http_answers import NOT_MODIFIED, Answer, Asked, Validators, check_kind, check_status, refused
from connectors.http_credentials import ClientCredentials, Credentials, declared, tls
from connectors.secrets import Connection, resolve
from indicator_specs.http_sections import Auth
from indicator_specs.source_sections import Connection as Declared

MOST_BYTES = 32 * 1024 * 1024
"""Of one page, unpacked."""
LONGEST_WAIT = 60.0
"""Seconds that a Retry-After may ask for; beyond it the pull ends and says so."""

_TRIES = 5
_MOST_REDIRECTS = 3
_DEFAULT_PORTS = {"http": 80, "https": 443}

http_log.redact()


class Fetcher:
    """A client for one source. Use it in a ``with`` block."""

    def __init__(self, declaration: Declared, place: str, kinds: str = "application/json") -> None:
        assert declaration.secret is not None  # noqa: S101 - the source's model checks it
        secret = resolve(declaration.secret)
        parts = secret.parts
        if parts.scheme not in _DEFAULT_PORTS or parts.query or parts.fragment:
            raise refused(
                "E-SRC-SECRET",
                place,
                f"{secret.name}: địa chỉ phải là http(s)://máy/đường-dẫn, không có tham số",
                f"{secret.name}: the address must be http(s)://host/path without parameters",
            )
        self.base = secret.label
        self._place, self._seconds = place, float(declaration.timeout_seconds)
        self._origin = _origin(httpx.URL(self.base))
        self._wires = Wires()
        self._hosts = set(declaration.hosts)
        self._pause = 60 / float(declaration.per_minute) if declaration.per_minute else 0.0
        self._next_at = 0.0
        auth = declared(declaration.auth, secret)
        self._key_param = auth.param
        self._auth = self._credentials(auth, secret)
        self._client = httpx.Client(
            headers={"Accept": kinds, "User-Agent": "chiso"},
            verify=tls(auth, secret),
            timeout=httpx.Timeout(self._seconds, connect=min(self._seconds, 10.0)),
            follow_redirects=False,
            event_hooks={"request": [self._let_out]},
            trust_env=False,  # a proxy that happens to be set must not see a ministry's token
        )

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def answer(self, asked: Asked, page: int, held: Validators | None = None) -> Answer:
        """One page, whole; transient faults are tried again with growing pauses.

        Args:
            asked: what is asked.
            page: number of the page, for messages.
            held: of the answer to the same request that we have; the service may say that it still stands.

        Raises:
            TransientSourceError: it failed as often as we try, or the source asks for too long a pause.
            PermanentSourceError: a refusal, a redirect elsewhere, a page for people, too many bytes, an unlisted host.
        """
        place = f"{self._place} page {page}"
        request = self._client.build_request(
            asked.method,
            asked.path if "://" in asked.path else f"{self.base}{asked.path}",
            params=dict(asked.params) or None,
            headers={**asked.headers, **(held.headers if held else {})},
            json=dict(asked.json) or None,
        )
        for attempt in stamina.retry_context(
            on=_pause, attempts=_TRIES, timeout=4 * LONGEST_WAIT, wait_initial=0.3, wait_max=10.0
        ):
            with attempt:
                return self._once(request, place)
        raise AssertionError("stamina yields at least one attempt")

    def scrub(self, text: str) -> str:
        """``text`` without credentials."""
        return self._auth.scrub(text)

    def _credentials(self, auth: Auth, secret: Connection) -> Credentials | ClientCredentials:
        if auth.style != "oauth2":
            return Credentials(auth, secret)
        token_url = f"{self.base}{auth.token_path}" if auth.token_path else secret.need("token_url")
        return ClientCredentials(auth, secret, token_url, self._post, f"{self._place} token")

    def _let_out(self, request: httpx.Request) -> None:
        """Every request passes here: to declared hosts alone."""
        place, origin = self._place, _origin(request.url)
        listed = {request.url.host, f"{request.url.host}:{origin[2]}"} & self._hosts
        is_downgrade = self._origin[0] == "https" and origin[0] != "https"
        if is_downgrade or (origin != self._origin and not listed):
            raise refused(
                "E-SRC-HOST",
                place,
                f"máy {request.url.host}:{origin[2]} không có trong connection.hosts",
                f"the host {request.url.host}:{origin[2]} is not listed in connection.hosts",
            )

    def _post(self, url: str, headers: Mapping[str, str], form: bytes) -> tuple[int, bytes]:
        """The exchange for a token: the same limits, no credential of ours beside those in it."""
        place = f"{self._place} token"
        request = self._client.build_request("POST", url, headers=dict(headers), content=form)
        with self._speaking(request, place) as response:
            if response.status_code not in range(400, 500) or response.status_code in {408, 425, 429}:
                check_status(response, place)
            return response.status_code, self._read(response, place)

    def _once(self, request: httpx.Request, place: str) -> Answer:
        is_renewed, n_redirects = False, 0
        while n_redirects <= _MOST_REDIRECTS:
            self._auth.sign(request)
            with self._speaking(request, place) as response:
                if response.status_code == httpx.codes.UNAUTHORIZED and not is_renewed and self._auth.renew():
                    is_renewed = True
                elif response.next_request is None:
                    return self._whole(response, place)
                else:
                    request = self._same_host(response.next_request, place)
                    n_redirects += 1
        raise refused("E-SRC-REDIRECT", place, "chuyển hướng vòng tròn", "too many redirects")

    @contextmanager
    def _speaking(self, request: httpx.Request, place: str) -> Iterator[httpx.Response]:
        """One exchange under one deadline; what the network does is told in words, never as it is."""
        self._keep_pace()
        longest = 4 * self._seconds
        deadline = Deadline(longest, self._wires)
        request.extensions = {**request.extensions, "trace": self._wires.trace}
        try:
            with deadline:
                response = self._client.send(request, stream=True)
                try:
                    yield response
                finally:
                    response.close()
        except httpx.TimeoutException:
            raise _too_slow(place, self._seconds) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            if deadline.is_over:
                raise _too_slow(place, longest) from None
            said = self._auth.scrub(str(error)) or type(error).__name__
            raise (_mistrusted if _is_tls(error) else _broken)(place, said) from None

    def _keep_pace(self) -> None:
        """Wait for our turn, before the deadline of the exchange begins."""
        time.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at = time.monotonic() + self._pause

    def _whole(self, response: httpx.Response, place: str) -> Answer:
        check_status(response, place)
        validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        following = self._next(response, place)
        if response.status_code == NOT_MODIFIED:
            return Answer(None, following, validators)
        body = self._read(response, place)
        check_kind(response, body, place)
        if self._auth.is_in(body):
            raise refused(
                "E-SRC-ECHO",
                place,
                "nguồn lặp lại mã truy cập trong trả lời nên trả lời không được lưu; đặt mã ở header, báo chủ nguồn",
                "the source repeats the credential in its answer, which is not kept; send it in a header",
            )
        return Answer(body, following, validators)

    def _read(self, response: httpx.Response, place: str) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                raise refused("E-SRC-SIZE", place, f"trả lời vượt {MOST_BYTES} byte", f"more than {MOST_BYTES} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _next(self, response: httpx.Response, place: str) -> str | None:
        """The next page by the header ``Link`` (RFC 8288), without the key that services like to repeat in it."""
        target = response.links.get("next", {}).get("url")
        return self.beside(target, str(response.url), place) if target else None

    def beside(self, target: str, origin: str, place: str) -> str:
        """An address that the service gave as the next, made whole, on its own host and without credentials."""
        url = httpx.URL(urljoin(origin, target))
        if self._key_param is not None:
            url = url.copy_remove_param(self._key_param)
        if _origin(url) != self._origin:
            raise _elsewhere(url, place)
        return str(url.copy_with(userinfo=b"", fragment=None))

    def _same_host(self, following: httpx.Request, place: str) -> httpx.Request:
        if _origin(following.url) != self._origin:
            raise _elsewhere(following.url, place)
        return following


def _pause(error: Exception) -> bool | float:
    """Whether to try again, and after how many seconds where the source has said so."""
    if not isinstance(error, TransientSourceError):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme, 0)


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _elsewhere(url: httpx.URL, place: str) -> SourceError:
    return refused(
        "E-SRC-REDIRECT",
        place,
        f"nguồn chuyển hướng sang máy khác ({url.host}); không đi theo",
        f"the source redirects to another host ({url.host}); not followed",
    )


def _mistrusted(place: str, said: str) -> SourceError:
    return refused(
        "E-SRC-TLS",
        place,
        f"chứng thư số của nguồn hoặc của ta không dùng được: {said}; đặt tệp chứng thư gốc ở authority trong bí mật",
        f"the certificate of the source or ours cannot be used: {said}; put the authority's file into the secret",
    )


def _too_slow(place: str, seconds: float) -> TransientSourceError:
    return TransientSourceError(
        "E-SRC-TIMEOUT", place, f"Nguồn không trả lời trong {seconds:g} giây.", f"No answer within {seconds:g} seconds."
    )


def _broken(place: str, said: str) -> TransientSourceError:
    return TransientSourceError(
        "E-SRC-UNREACHABLE", place, f"Mất kết nối với nguồn: {said}", f"The connection failed: {said}"
    )
