"""httpx logs every address that it asks, and a key may stand in its query: what is logged ends before the ``?``."""

import logging

import httpx


class _WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.copy_with(query=None, userinfo=b"") if isinstance(arg, httpx.URL) else arg for arg in record.args
            )
        return True


def redact() -> None:
    """See to it that httpx's log shows no query; once is enough, however often it is said."""
    log = logging.getLogger("httpx")
    if not any(isinstance(one, _WithoutQuery) for one in log.filters):
        log.addFilter(_WithoutQuery())
