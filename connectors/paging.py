"""Walking through an answer in pages, with a guard against going round in circles.

Owns the order of requests and when the end is reached. Without a declared total it goes on until an
empty page: a source may cap the page size below what was asked, so that a short page proves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors import strict_json
from connectors.errors import InconsistentSourceError, PermanentSourceError
from indicator_specs.http_sections import Paging


@dataclass
class Walk:
    """Where a walk stands: ask ``params`` (of ``address``, once there is one), then ``take`` what came.

    ``params`` is None at the end.
    """

    paging: Paging
    place: str
    params: Mapping[str, str] | None = field(default_factory=dict)
    address: str | None = None
    n_pages: int = 0
    n_items: int = 0
    total: int | None = None
    _bodies: set[str] = field(default_factory=set)
    _cursors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.params = self._first()

    def take(self, answer: Any, n_items: int, sha256: str, following: str | None = None) -> None:
        """Note one page and decide the next.

        Args:
            answer: the parsed body.
            n_items: how many records it holds.
            sha256: hash of the body.
            following: the address of the next page, where the service gave one.

        Raises:
            InconsistentSourceError: the told total changed, or the end does not fit it.
            PermanentSourceError: the source goes round in circles or never ends.
        """
        self.n_pages += 1
        self.n_items += n_items
        if n_items and sha256 in self._bodies:
            raise self._circle()
        self._bodies.add(sha256)
        self._note_total(answer)
        self.params = self._next(answer, n_items, following)
        if self.params is None:
            self._reconcile()
        elif self.n_pages >= self.paging.max_pages:
            raise self._refused(f"quá {self.paging.max_pages} trang", f"more than {self.paging.max_pages} pages")

    def _first(self) -> Mapping[str, str]:
        paging = self.paging
        size = {paging.size_param: str(paging.size)}
        if paging.style == "page":
            return {paging.page_param: str(paging.first_page), **size}
        if paging.style == "offset":
            return {paging.offset_param: "0", **size}
        return size if paging.style in {"cursor", "link"} else {}

    def _next(self, answer: Any, n_items: int, following: str | None) -> Mapping[str, str] | None:
        paging = self.paging
        size = {paging.size_param: str(paging.size)}
        if paging.style == "none":
            return None
        if paging.style == "cursor":
            return self._next_cursor(answer, size)
        if paging.style == "link":
            return self._next_address(following)
        if n_items == 0 or (self.total is not None and self.n_items >= self.total):
            return None
        if paging.style == "page":
            return {paging.page_param: str(paging.first_page + self.n_pages), **size}
        return {paging.offset_param: str(self.n_items), **size}

    def _next_cursor(self, answer: Any, size: Mapping[str, str]) -> Mapping[str, str] | None:
        assert self.paging.next is not None  # noqa: S101 - the model checks it
        try:
            cursor = strict_json.as_text(strict_json.at(answer, self.paging.next))
        except LookupError:
            cursor = None
        if not cursor:
            return None
        self._pass(cursor)
        return {self.paging.cursor_param: cursor, **size}

    def _next_address(self, following: str | None) -> Mapping[str, str] | None:
        self.address = following
        if following is None:
            return None
        self._pass(following)
        return {}

    def _pass(self, cursor: str) -> None:
        if cursor in self._cursors:
            raise self._circle()
        self._cursors.add(cursor)

    def _note_total(self, answer: Any) -> None:
        if self.paging.total is None:
            return
        try:
            told = strict_json.as_text(strict_json.at(answer, self.paging.total)) or ""
        except LookupError:
            told = ""
        if not (told.isascii() and told.isdecimal()):
            raise self._refused(f"thiếu tổng số ở {self.paging.total}", f"no total at {self.paging.total}")
        if self.total is not None and int(told) != self.total:
            raise self._changed(
                f"tổng số đổi từ {self.total} thành {told}", f"the total went from {self.total} to {told}"
            )
        self.total = int(told)

    def _reconcile(self) -> None:
        if self.total is not None and self.total != self.n_items:
            raise self._changed(
                f"nguồn báo {self.total} bản ghi nhưng trả về {self.n_items}",
                f"the source tells of {self.total} records and sent {self.n_items}",
            )

    def _circle(self) -> PermanentSourceError:
        return self._refused("các trang lặp vòng", "the pages go round in circles")

    def _refused(self, vi: str, en: str) -> PermanentSourceError:
        place = f"{self.place} page {self.n_pages}"
        return PermanentSourceError("E-SRC-PAGING", place, f"Phân trang sai: {vi}.", f"Wrong paging: {en}.")

    def _changed(self, vi: str, en: str) -> InconsistentSourceError:
        place = f"{self.place} page {self.n_pages}"
        return InconsistentSourceError(
            "E-SRC-TOTAL", place, f"Số liệu thay đổi trong khi đọc: {vi}.", f"The source changed while read: {en}."
        )
