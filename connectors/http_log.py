"""What the HTTP client logs, without credentials.

httpx logs addresses, in whose query a key may stand, and httpcore the headers of answers, in which it may come back.
"""

import logging

import httpx


class _WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.copy_with(query=None, userinfo=b"") if isinstance(arg, httpx.URL) else arg for arg in record.args
            )
        return True


class _WithoutHeaders(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = str(record.msg).partition(" return_value=")[0]
        return True


_FILTERS = {"httpx": _WithoutQuery(), "httpcore.http11": _WithoutHeaders()}


def redact() -> None:
    """See to it that the client's logs hold no credential; said twice, it is done once."""
    for name, one in _FILTERS.items():
        logging.getLogger(name).addFilter(one)
