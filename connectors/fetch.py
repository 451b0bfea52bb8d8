"""One HTTP answer, fetched with limits: time, bytes, hosts, tries.

Owns what leaves this machine over HTTP and what an answer's outside means. Never follows a redirect to
another host, never prints a token.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlsplit

import httpx
import stamina

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.secrets import Connection

MOST_BYTES = 32 * 1024 * 1024
"""Of one page, unpacked."""
LONGEST_WAIT = 60.0
"""Seconds that a Retry-After may ask for; beyond it the pull ends and says so."""

_TRIES = 5
_MOST_REDIRECTS = 3
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class Fetcher:
    """A client for one source. Use it in a ``with`` block."""

    def __init__(self, secret: Connection, place: str, seconds: float) -> None:
        parts = secret.parts
        if parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
            raise PermanentSourceError(
                "E-SRC-SECRET",
                place,
                f"{secret.name}: địa chỉ phải là http(s)://máy/đường-dẫn, không có tham số.",
                f"{secret.name}: the address must be http(s)://host/path without parameters.",
            )
        self.base = secret.label
        self._place, self._secret, self._seconds = place, secret, seconds
        headers = {"Accept": "application/json", "User-Agent": "chiso"}
        if secret.token is not None:
            headers["Authorization"] = f"Bearer {secret.token.reveal()}"
        self._client = httpx.Client(
            headers=headers,
            auth=(parts.username, parts.password or "") if parts.username else None,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 10.0)),
            follow_redirects=False,
            trust_env=False,  # a proxy that happens to be set must not see a ministry's token
        )

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def body(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        page: int,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of one page, whole; transient faults are tried again with growing pauses.

        Raises:
            TransientSourceError: it failed as often as we try, or the source asks for too long a pause.
            PermanentSourceError: a refusal, a redirect elsewhere, a page for people, too many bytes.
        """
        place = f"{self._place} page {page}"
        sent = dict(json) if method == "POST" and json is not None else None
        request = self._client.build_request(
            method, f"{self.base}{path}", params=dict(params), headers=dict(headers or {}), json=sent
        )
        for attempt in stamina.retry_context(
            on=_pause, attempts=_TRIES, timeout=4 * LONGEST_WAIT, wait_initial=0.3, wait_max=10.0
        ):
            with attempt:
                return self._once(request, place)
        raise AssertionError("stamina yields at least one attempt")

    def _once(self, request: httpx.Request, place: str) -> bytes:
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                response = self._client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        return self._read(response, place)
                    request = _same_host(request, response.next_request, place)
                finally:
                    response.close()
        except httpx.TimeoutException:
            raise _too_slow(place, self._seconds) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _broken(place, self._secret.scrub(str(error))) from None
        raise _refused("E-SRC-REDIRECT", place, "chuyển hướng vòng tròn", "too many redirects")

    def _read(self, response: httpx.Response, place: str) -> bytes:
        _check_status(response, place)
        until = time.monotonic() + 4 * self._seconds
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                raise _refused("E-SRC-SIZE", place, f"trả lời vượt {MOST_BYTES} byte", f"more than {MOST_BYTES} bytes")
            if time.monotonic() > until:
                raise _too_slow(place, 4 * self._seconds)
            pieces.append(piece)
        body = b"".join(pieces)
        _check_kind(response, body, place)
        return body


def _pause(error: Exception) -> bool | float:
    """Whether to try again, and after how many seconds where the source has said so."""
    if not isinstance(error, TransientSourceError):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False


def _same_host(request: httpx.Request, following: httpx.Request, place: str) -> httpx.Request:
    here, there = urlsplit(str(request.url)), urlsplit(str(following.url))
    if (here.scheme, here.hostname, here.port) != (there.scheme, there.hostname, there.port):
        raise _refused(
            "E-SRC-REDIRECT",
            place,
            f"nguồn chuyển hướng sang máy khác ({there.hostname}); không đi theo",
            f"the source redirects to another host ({there.hostname}); not followed",
        )
    return following


def _check_status(response: httpx.Response, place: str) -> None:
    code = response.status_code
    if code in _TRANSIENT:
        wait = _retry_after(response.headers.get("Retry-After"))
        told = "" if wait is None else f" (Retry-After {wait:g} s)"
        raise TransientSourceError(
            "E-SRC-BUSY" if code == 429 else "E-SRC-UNREACHABLE",
            place,
            f"Nguồn đang bận hoặc gặp sự cố: HTTP {code}{told}.",
            f"The source is busy or out of order: HTTP {code}{told}.",
            retry_after=wait,
        )
    if code in {401, 403}:
        raise _refused("E-SRC-AUTH", place, f"mã truy cập không dùng được: HTTP {code}", f"access refused: HTTP {code}")
    if code != 200:
        raise _refused("E-SRC-HTTP", place, f"trả lời không dùng được: HTTP {code}", f"unusable answer: HTTP {code}")


def _check_kind(response: httpx.Response, body: bytes, place: str) -> None:
    head = body[:512].lstrip().lower()
    if "html" in response.headers.get("Content-Type", "").lower() or head.startswith((b"<!doctype", b"<html")):
        raise _refused(
            "E-SRC-LOGIN-PAGE",
            place,
            "nguồn trả về trang web (có thể là trang đăng nhập), không phải số liệu; kiểm tra mã truy cập",
            "the source sent a web page (a login page?), not data; check the token",
        )
    if not head:
        raise _refused("E-SRC-EMPTY", place, "trả lời rỗng", "an empty answer")


def _retry_after(value: str | None) -> float | None:
    """Seconds from now, from either form of the header; None where it cannot be read."""
    if value is None:
        return None
    if value.strip().isdecimal() and value.isascii():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _too_slow(place: str, seconds: float) -> TransientSourceError:
    return TransientSourceError(
        "E-SRC-TIMEOUT", place, f"Nguồn không trả lời trong {seconds:g} giây.", f"No answer within {seconds:g} seconds."
    )


def _broken(place: str, said: str) -> TransientSourceError:
    return TransientSourceError(
        "E-SRC-UNREACHABLE", place, f"Mất kết nối với nguồn: {said}", f"The connection failed: {said}"
    )


def _refused(code: str, place: str, vi: str, en: str) -> SourceError:
    return PermanentSourceError(code, place, f"Không dùng được trả lời của nguồn: {vi}.", f"Answer refused: {en}.")
