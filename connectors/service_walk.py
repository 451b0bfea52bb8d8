"""The order in which a service is asked: its catalogue first where it has one, then each part page by page.

Owns the making of requests from their declaration, and that no record is met twice.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from connectors import answer_tree
from connectors.answer_tree import Record, fault
from connectors.conversation import Conversation
from connectors.errors import InconsistentSourceError
from connectors.fetch import Fetcher
from connectors.http_answers import Asked
from connectors.journal import Received
from connectors.pages import Page
from connectors.paging import Walk
from indicator_specs.http_sections import Catalogue, Paging, Request
from indicator_specs.source_spec import Dataset

MOST_TOTAL_BYTES = 256 * 1024 * 1024
"""Of all pages of one pull."""

Item = tuple[int, int, Record]
"""Page number, position in the page (both from 1), record."""
Found = TypeVar("Found")
Given = Mapping[str, str]


class ServiceWalk:
    """One walk through a dataset, by its declaration."""

    def __init__(self, conversation: Conversation, fetcher: Fetcher, dataset: Dataset, request: Request) -> None:
        self._conversation, self._fetcher, self._dataset, self._request = conversation, fetcher, dataset, request

    def items(self, partition: str | None, since: str | None = None) -> list[Item]:
        """Every record of the dataset, in the order of the service; of an incremental one, those since then.

        Raises:
            InconsistentSourceError: the source changed while it was read.
            PermanentSourceError: an answer is not what was agreed, or a part of the catalogue that was asked for
                everything has nothing. A part that was asked for what is new may well have none.
        """
        given = {name: text for name, text in (("period", partition), ("since", since)) if text is not None}
        if self._request.catalogue is None:
            return self._records(given, {})
        items: list[Item] = []
        for bound in self._parts(self._request.catalogue, given):
            found = self._records({**given, **bound}, bound)
            if not found and since is None:
                named = ", ".join(f"{name} {text}" for name, text in bound.items())
                what = (
                    f"danh mục có {named} nhưng không có bản ghi",
                    f"the catalogue lists {named}, which has no record",
                )
                raise fault("E-SRC-EMPTY", self._dataset.full_id, *what)
            items += found
        return items

    def _parts(self, catalogue: Catalogue, given: Given) -> list[dict[str, str]]:
        """What names each part that the catalogue lists and the declaration wants."""

        def read(answer: Any, _: Page, place: str) -> list[dict[str, str]]:
            entries = [chain[0][1] for chain in answer_tree.members(answer, catalogue.entries, place)]
            return [_bound(entry, catalogue, place) for entry in entries]

        asked = Request(path=catalogue.path, params=catalogue.params, headers=self._request.headers)
        parts = [part for part in self._pages(asked, catalogue.paging, given, {}, read) if part]
        if not parts:
            what = "danh mục của nguồn không có mục nào cần lấy", "the catalogue of the source lists nothing to fetch"
            raise fault("E-SRC-EMPTY", self._dataset.full_id, *what)
        return parts

    def _records(self, given: Given, bound: Given) -> list[Item]:
        """The records of one part, or of the whole dataset."""
        seen: dict[tuple[str | None, ...], int] = {}

        def read(answer: Any, page: Page, place: str) -> list[Item]:
            found = answer_tree.records(answer, self._request, bound, place)
            self._check_overlap(found, page.number, seen)
            return [(page.number, position, record) for position, record in enumerate(found, 1)]

        return self._pages(self._request, self._request.paging, given, bound, read)

    def _pages(
        self,
        request: Request,
        paging: Paging,
        given: Given,
        bound: Given,
        read: Callable[[Any, Page, str], list[Found]],
    ) -> list[Found]:
        """What ``read`` finds on every page of one list."""
        steps = Walk(paging, self._dataset.full_id)
        path = _filled(request.path, given, in_path=True)
        fixed, body = _all_filled(request.params, given), _all_filled(request.body, given)
        everything: list[Found] = []
        while steps.params is not None:
            params = steps.params if steps.address else {**fixed, **steps.params}
            asked = Asked(request.method, steps.address or path, params, request.headers, body)
            received = self._conversation.page(asked, bound, is_cursor=paging.style == "cursor")
            page = received.page
            place = f"{self._dataset.full_id} page {page.number}"
            self._check_size(place)
            answer = answer_tree.parsed(page.body, self._request.xml, place)
            answer_tree.check_success(answer, self._request.success, place)
            found = read(answer, page, place)
            everything += found
            steps.take(answer, len(found), page.sha256, self._following(answer, received, paging, place))
        return everything

    def _following(self, answer: Any, received: Received, paging: Paging, place: str) -> str | None:
        if paging.style != "link" or paging.next is None:
            return received.following
        target = answer_tree.text_at(answer, paging.next)
        return self._fetcher.beside(target, f"{self._fetcher.base}{self._request.path}", place) if target else None

    def _check_size(self, place: str) -> None:
        if sum(len(one.page.body) for one in self._conversation.received) > MOST_TOTAL_BYTES:
            raise fault("E-SRC-SIZE", place, "tổng dung lượng quá lớn", "the pages are too large together")

    def _check_overlap(self, found: list[Record], number: int, seen: dict[tuple[str | None, ...], int]) -> None:
        """The same key on two pages means that the list moved while it was read: some record was skipped, too."""
        columns = [self._dataset.columns[role] for role in self._dataset.key if role in self._dataset.columns]
        for record in found:
            key = tuple(record.text(column) for column in columns)
            if columns and seen.setdefault(key, number) != number:
                raise InconsistentSourceError(
                    "E-SRC-PAGING",
                    f"{self._dataset.full_id} page {number}",
                    f"Bản ghi {key} có ở trang {seen[key]} và trang {number}; danh sách đổi trong khi đọc.",
                    f"Record {key} stands on pages {seen[key]} and {number}; the list moved while it was read.",
                )


def _bound(entry: Any, catalogue: Catalogue, place: str) -> dict[str, str]:
    """What names one part; empty where the declaration does not want it."""
    if any(answer_tree.text_at(entry, pointer) != text for pointer, text in catalogue.match.items()):
        return {}
    bound = {name: answer_tree.text_at(entry, pointer) or "" for name, pointer in catalogue.bind.items()}
    for name, text in bound.items():
        if text in {"", ".", ".."} or not text.isprintable():
            what = f"mục danh mục không có {name} dùng được", f"an entry of the catalogue has no usable {name}"
            raise fault("E-SRC-SHAPE", place, *what)
    return bound


def _all_filled(templates: Given, given: Given) -> dict[str, str]:
    return {name: _filled(template, given) for name, template in templates.items()}


def _filled(template: str, given: Given, *, in_path: bool = False) -> str:
    """Names in braces replaced; in a path, what a service gave cannot climb out of its step."""
    for name, text in given.items():
        template = template.replace(f"{{{name}}}", quote(text, safe="") if in_path else text)
    return template
