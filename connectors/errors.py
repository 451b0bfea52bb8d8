"""What can go wrong between us and a source, in words for people.

Owns the taxonomy: *transient* faults may pass by themselves and are retried; *permanent* ones need a
person. No message carries a secret, an address with its password, or a traceback.
"""

from collections.abc import Mapping

from indicator_specs.errors import PlainError


class SourceError(PlainError):
    """A source could not be read. Nothing was landed; what was published before still stands.

    Attributes:
        code: stable identifier such as ``E-SRC-TIMEOUT``.
        place: where it happened: ``online_services/dossiers page 3``.
        message_vi: for people, in Vietnamese, with the remedy.
        message_en: the same in English.
    """

    is_transient = False

    def __init__(self, code: str, place: str, message_vi: str, message_en: str) -> None:
        super().__init__(f"{code} [{place}] {message_vi} / {message_en}")
        self.code = code
        self.place = place
        self.message_vi = message_vi
        self.message_en = message_en


class TransientSourceError(SourceError):
    """It may pass by itself: no connection, a time-out, too many requests, a body cut in the middle."""

    is_transient = True

    def __init__(
        self, code: str, place: str, message_vi: str, message_en: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(code, place, message_vi, message_en)
        self.retry_after = retry_after
        """Seconds that the source asked us to wait, or None where it did not say."""


class InconsistentSourceError(TransientSourceError):
    """The source changed while it was read (pages overlap, totals differ): the whole pull is read anew."""


class PermanentSourceError(SourceError):
    """A person must act: a wrong secret, a lost permission, a changed shape, a refused redirect."""


class OtherShapeError(PermanentSourceError):
    """What came has not the columns that were declared. ``columns`` are those that it has, with their types."""

    def __init__(self, code: str, place: str, message_vi: str, message_en: str, columns: Mapping[str, str]) -> None:
        super().__init__(code, place, message_vi, message_en)
        self.columns = columns
