"""What a service over HTTP is asked, and how it lets us in: request, paging, list of parts, credentials."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Declared, Truth

Pointer = Annotated[str, Field(pattern=r"^(/[^/]*)*$")]
"""A JSON pointer (RFC 6901): ``/data/items``; empty for the whole answer."""
ManyPointer = Pointer
"""A JSON pointer in which a step ``*`` stands for every member of a list: ``/provinces/*/months``."""
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
Host = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d{1,5})?$")]

_OURS = {"authorization", "cookie", "host", "proxy-authorization"}
"""Headers that a declaration may not set: they are credentials, which belong in the secret, or the client's own."""


class Auth(Declared):
    """How a service lets us in; what is secret stands in the secret alone (docs/adding-a-source.md).

    ``oauth2`` is the grant ``client_credentials`` (RFC 6749, 4.4); its token endpoint is ``token_path`` on the
    service's own host, or the secret's ``token_url`` on a host of ``connection.hosts``. ``certificate: true`` demands
    mutual TLS besides.
    """

    style: Literal["none", "basic", "bearer", "api_key", "oauth2"] = "none"
    header: HeaderName | None = None
    param: str | None = Field(default=None, pattern=r"^[\w.\[\]-]+$")
    token_path: str | None = Field(default=None, pattern=r"^/")
    scope: str = ""
    client: Literal["basic", "post"] = "basic"
    certificate: Truth = False

    @model_validator(mode="after")
    def _whole(self) -> "Auth":
        places = [place for place in (self.header, self.param) if place is not None]
        if len(places) != (1 if self.style == "api_key" else 0):
            raise ValueError(
                both(
                    "header hoặc param: đúng một với style: api_key, không có với kiểu khác",
                    "header or param: exactly one with style: api_key, none with another",
                )
            )
        if self.style != "oauth2" and (self.token_path or self.scope):
            raise ValueError(both("token_path, scope đi cùng style: oauth2", "token_path, scope go with style: oauth2"))
        return self


class Paging(Declared):
    """How an answer in pages is walked through.

    ``link`` follows the header ``Link: <…>; rel="next"`` (RFC 8288), or the address that stands at ``next`` in the
    answer; ``cursor`` sends what stands at ``next`` back as a parameter.
    """

    style: Literal["none", "page", "offset", "cursor", "link"] = "none"
    page_param: str = "page"
    size_param: str = "size"
    offset_param: str = "offset"
    cursor_param: str = "cursor"
    size: int = Field(default=100, ge=1)
    first_page: int = Field(default=1, ge=0)
    total: Pointer | None = None
    next: Pointer | None = None
    max_pages: int = Field(default=10_000, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> "Paging":
        if self.style == "cursor" and self.next is None:
            raise ValueError(both("style: cursor cần next", "style: cursor needs 'next'"))
        return self


class Success(Declared):
    """Where an answer says that it succeeded: business services report errors inside HTTP 200."""

    pointer: Pointer
    equals: str
    message: Pointer | None = None


class Xml(Declared):
    """Records in XML: the whole answer where ``pointer`` is absent, else the text at that place of a JSON answer.

    An element becomes an object: its attributes are ``@name``, its children their names (a list where one repeats), the
    text of an element that has either is ``#text``. Namespaces are left out.
    """

    pointer: Pointer | None = None


class Catalogue(Declared):
    """A list of parts, each of which is fetched by a request of its own.

    ``bind`` gives names to fields of an entry; the request uses them as ``{name}``; ``period`` and ``since`` are taken.
    ``match`` keeps the entries whose fields have these texts.
    """

    path: str = Field(pattern=r"^/")
    params: Mapping[str, str] = Field(default_factory=dict)
    entries: ManyPointer = ""
    bind: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Pointer] = Field(min_length=1)
    match: Mapping[Pointer, str] = Field(default_factory=dict)
    paging: Paging = Paging()

    @model_validator(mode="after")
    def _whole(self) -> "Catalogue":
        if taken := sorted({"period", "since"} & set(self.bind)):
            names = ", ".join(f"{{{name}}}" for name in taken)
            raise ValueError(
                both(
                    f"bind: {names} là kỳ hoặc mốc được hỏi; đặt tên khác",
                    f"bind: {names} is the period or the cursor asked; take another name",
                )
            )
        return self


class Request(Declared):
    """One HTTP request; ``{period}`` in a path, parameter or body is the period asked for.

    ``{since}`` is where an incremental pull begins: a number, a date or an instant (ISO 8601), as its cursor is.
    """

    path: str = Field(pattern=r"^/")
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, str] = Field(default_factory=dict)
    headers: Mapping[HeaderName, str] = Field(default_factory=dict)
    body: Mapping[str, str] = Field(default_factory=dict)
    catalogue: Catalogue | None = None
    paging: Paging = Paging()
    records: ManyPointer = ""
    xml: Xml | None = None
    success: Success | None = None

    @property
    def asks_since(self) -> bool:
        """Whether it asks only for what is new."""
        return any("{since}" in text for text in (self.path, *self.params.values(), *self.body.values()))

    @model_validator(mode="after")
    def _whole(self) -> "Request":
        if taken := sorted(name for name in self.headers if name.lower() in _OURS):
            raise ValueError(
                both(
                    f"headers: {', '.join(taken)} không khai ở đây; khai auth và đặt mã truy cập trong bí mật",
                    f"headers: {', '.join(taken)} is not set here; declare auth, the credentials stand in the secret",
                )
            )
        if self.method == "GET" and self.body:
            raise ValueError(both("body đi cùng method: POST", "'body' goes with method: POST"))
        return self
