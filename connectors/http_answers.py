"""What is asked of a service and what an answer's outside means: status, kind, pauses. Reads no body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError

NOT_MODIFIED = 304

_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Asked:
    """One request, before credentials. ``path`` may be a whole address that the service itself gave as the next."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """Method, path and parameters: tells requests of one pull apart, and holds no credential."""
        given = "&".join(f"{name}={value}" for name, value in {**self.params, **self.json}.items())
        return f"{self.method} {self.path} {given}".rstrip()


@dataclass(frozen=True)
class Validators:
    """What a service gave to ask it later whether an answer still stands (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a conditional request; empty where the service gave nothing to go by."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Answer:
    """One answer as received. ``body`` is None where the service says that the one we hold still stands."""

    body: bytes | None
    following: str | None = None
    """The address of the next page by the header ``Link``, without credentials."""
    validators: Validators = field(default_factory=Validators)


def check_status(response: httpx.Response, place: str) -> None:
    """Pass 200 and 304.

    Raises:
        TransientSourceError: the service is busy or out of order; with the pause that it asks for.
        PermanentSourceError: any other status.
    """
    code = response.status_code
    if code in _TRANSIENT:
        wait = retry_after(response.headers.get("Retry-After"))
        told = "" if wait is None else f" (Retry-After {wait:g} s)"
        raise TransientSourceError(
            "E-SRC-BUSY" if code == 429 else "E-SRC-UNREACHABLE",
            place,
            f"Nguồn đang bận hoặc gặp sự cố: HTTP {code}{told}.",
            f"The source is busy or out of order: HTTP {code}{told}.",
            retry_after=wait,
        )
    if code in {401, 403}:
        raise refused("E-SRC-AUTH", place, f"mã truy cập không dùng được: HTTP {code}", f"access refused: HTTP {code}")
    if (
        code == NOT_MODIFIED
        and Validators(
            response.request.headers.get("If-None-Match"), response.request.headers.get("If-Modified-Since")
        ).headers
    ):
        return
    if code != 200:
        raise refused("E-SRC-HTTP", place, f"trả lời không dùng được: HTTP {code}", f"unusable answer: HTTP {code}")


def check_kind(response: httpx.Response, body: bytes, place: str) -> None:
    """Refuse an empty body and a page for people.

    Raises:
        PermanentSourceError: the body is one of these.
    """
    head = body[:512].lstrip().lower()
    if "html" in response.headers.get("Content-Type", "").lower() or head.startswith((b"<!doctype", b"<html")):
        raise refused(
            "E-SRC-LOGIN-PAGE",
            place,
            "nguồn trả về trang web (có thể là trang đăng nhập), không phải số liệu; kiểm tra mã truy cập",
            "the source sent a web page (a login page?), not data; check the token",
        )
    if not head:
        raise refused("E-SRC-EMPTY", place, "trả lời rỗng", "an empty answer")


def retry_after(value: str | None) -> float | None:
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


def refused(code: str, place: str, vi: str, en: str) -> SourceError:
    """An answer that cannot be used."""
    return PermanentSourceError(code, place, f"Không dùng được trả lời của nguồn: {vi}.", f"Answer refused: {en}.")
