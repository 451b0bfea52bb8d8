"""The pages of one pull in their order: from where an earlier try stood, from what still stands, or from the service.

Owns that no set of pages is mixed: what an earlier try got is used only while its last page is still as it was.
"""

from collections.abc import Mapping

from connectors.errors import InconsistentSourceError
from connectors.fetch import Fetcher
from connectors.http_answers import NOT_MODIFIED, Asked, refused
from connectors.journal import Journal, Received
from connectors.pages import Page


class Conversation:
    """One walk through a dataset. ``received`` is what came, page by page."""

    def __init__(self, fetcher: Fetcher, journal: Journal, held: Mapping[str, Received]) -> None:
        self._fetcher, self._journal, self._held = fetcher, journal, held
        self._last: Asked | None = None
        self._is_to_be_checked = journal.was_resumed
        self.received: list[Received] = []

    def page(self, asked: Asked, bound: Mapping[str, str], *, is_cursor: bool) -> Received:
        """The next page.

        Args:
            asked: its request.
            bound: what names the part of a catalogue.
            is_cursor: the service itself keeps the place, so that an earlier try is gone on with as it stands.

        Raises:
            InconsistentSourceError: the list has moved since the try that is gone on with; all is to be read anew.
            SourceError: as ``Fetcher.answer``.
        """
        received = self._journal.next(asked.shown)
        if received is None:
            if self._is_to_be_checked and not is_cursor:
                self._check_last()
            self._is_to_be_checked = False
            received = self._ask(asked, bound)
            self._journal.add(received)
        self._last = asked
        self.received.append(received)
        return received

    def _ask(self, asked: Asked, bound: Mapping[str, str]) -> Received:
        number = len(self.received) + 1
        held = self._held.get(asked.shown) if asked.method == "GET" else None
        answer = self._fetcher.answer(asked, number, held.validators if held else None)
        if answer.body is not None:
            return Received(Page(number, asked.shown, answer.body, 200, bound), answer.following, answer.validators)
        if held is None:
            raise refused("E-SRC-HTTP", asked.shown, f"HTTP {NOT_MODIFIED}", f"HTTP {NOT_MODIFIED}")
        page = Page(number, asked.shown, held.page.body, 200, bound)
        return Received(page, answer.following or held.following, held.validators, is_unchanged=True)

    def _check_last(self) -> None:
        """A record that came or went before the last page moves what stands on it."""
        if self._last is None:
            return
        last = self.received[-1].page
        if self._fetcher.answer(self._last, last.number).body != last.body:
            raise InconsistentSourceError(
                "E-SRC-MOVED",
                last.request,
                f"Trang {last.number} không còn như lúc lần lấy trước bị ngắt; lấy lại từ đầu.",
                f"Page {last.number} is no longer as it was when the last try was cut off; all is read anew.",
            )
