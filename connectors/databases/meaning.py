"""What a failure of a database means for us: may it pass by itself, or must a person act, and who.

Owns the signs by which each server and driver tells its failures, in the order in which they are looked for.
"""

import re

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError

_QUOTED_QUERY = re.compile(r"\"\s*(?:copy|select|set statement)\b.*?\"(?=:|\s*$)", re.DOTALL | re.IGNORECASE)
"""Our own words, quoted back: what they say is no sign of anything."""

_OUR_SETTINGS = re.compile(r" (?:at|with parameters) \".*?\"+: ", re.DOTALL)
"""Our own words again: what the reader was told beside the credentials. They would push out what was the matter."""

_MISTRUSTED = (
    "certificate verify failed",
    "does not match host name",
    "hostname verification failed",
    "unable to get local issuer certificate",
    "self-signed certificate",
    "self signed certificate",
    "certificate has expired",
    "root certificate file",
    "could not read root certificate",
    "tls/ssl error: no such file",
    "does not support ssl",
    "ssl is required",
)
_NOT_ALLOWED = (
    "authentication failed",
    "access denied",
    "permission denied",
    "no pg_hba.conf",
    "command denied",
    "login failed",
    "permission was denied",
    "ora-01017",  # invalid credential
    "ora-28000",  # account locked
    "ora-28001",  # password expired
    "ora-01031",  # insufficient privileges
    "ora-00942",  # "table or view does not exist": what Oracle says of a table that one may not see
    "is not currently allowed to log in",
    "password authentication",
    "role is not permitted",
    "is not permitted to log in",
    "must set password",
    "account is locked",
    "must change your password",
)
_TOO_SLOW = (
    "statement timeout",
    "lock timeout",
    "max_statement_time",
    "execution time exceeded",
    "interrupt",
    "severed",
    "dpy-4024",  # oracledb: call timeout
    "ora-01013",  # user requested cancel
    "dpi-1067",
    "lock request time out",
    "adaptive server connection timed out",
    "20003",  # DB-Library: the connection timed out
)
_UNREACHABLE = (
    "connection refused",
    "could not connect",
    "unable to connect",
    "can't connect",
    "timeout expired",
    "timed out",
    "server closed the connection",
    "terminating connection",
    "starting up",
    "shutting down",
    "shutdown in progress",
    "too many clients",
    "too many connections",
    "lost connection",
    "gone away",
    "no route to host",
    "could not translate host",
    "unknown mysql server host",
    "unknown server host",
    "could not receive data",
    "connection reset",
    "ssl syscall error",
    "ssl error",
    "tls/ssl error",
    "lost synchronization with server",
    "malformed packet",
    "failed to fetch result row",
    "failed to set mysql character set",  # the first thing that is said after the greeting
    "codec can't decode",  # an answer that is no text
    "ssl connection error",
    "packets out of order",
    "commands out of sync",
    "eof packet",
    "database is locked",
    "unable to open database file",
    "disk i/o error",
    "adaptive server is unavailable",
    "20009",  # DB-Library: unable to connect
    "20047",  # DB-Library: the connection is dead
    "dpy-6005",  # oracledb: cannot connect
    "dpy-4011",  # oracledb: the connection was closed
    "dpy-6001",  # oracledb: the service is not known to the listener (yet)
    "ora-12514",
    "ora-12541",
    "ora-01033",  # starting up or shutting down
    "ora-01034",
    "ora-03113",  # end-of-file on the channel
    "ora-03114",
    "ora-00018",  # too many sessions
    "deadlock",
    "ora-01555",  # the picture of the data is too old: the query took longer than its undo was kept
)


def meaning(text: str, place: str, *, slow: bool) -> SourceError:
    """What a failure of the database means for us. ``text`` must be without secrets.

    Args:
        text: what the server or its driver said.
        place: which dataset asked.
        slow: our own limit of time had passed when it was said.
    """
    text = _OUR_SETTINGS.sub(": ", text)
    lowered = _QUOTED_QUERY.sub(" ", text).lower()
    said = " ".join(text.split())[:300]
    if any(sign in lowered for sign in _MISTRUSTED):
        return PermanentSourceError(
            "E-SRC-TLS",
            place,
            f"Chứng thư số của máy chủ không dùng được nên không gửi mật khẩu; đề nghị kiểm tra tên máy, tệp chứng thư "
            f"gốc (authority) và thời hạn. {said}",
            f"The server's certificate cannot be trusted, so that no password was sent; check the host's name, the "
            f"authority's file and the dates. {said}",
        )
    if any(sign in lowered for sign in _NOT_ALLOWED):
        return PermanentSourceError(
            "E-SRC-AUTH",
            place,
            f"Cơ sở dữ liệu không cho truy cập; đề nghị kiểm tra tài khoản và quyền đọc. {said}",
            f"The database refuses access; check the account and its rights. {said}",
        )
    if slow or any(sign in lowered for sign in _TOO_SLOW):
        return TransientSourceError(
            "E-SRC-TIMEOUT",
            place,
            f"Truy vấn vượt thời gian cho phép; đề nghị chạy ngoài giờ cao điểm hoặc thu hẹp truy vấn. {said}",
            f"The query took longer than allowed; run it off-peak or narrow it. {said}",
        )
    if any(sign in lowered for sign in _UNREACHABLE):
        return TransientSourceError(
            "E-SRC-UNREACHABLE",
            place,
            f"Không kết nối được cơ sở dữ liệu, hoặc kết nối bị ngắt giữa chừng. {said}",
            f"The database cannot be reached, or the connection broke in the middle. {said}",
        )
    return PermanentSourceError(
        "E-SRC-QUERY",
        place,
        f"Cơ sở dữ liệu không thực hiện được truy vấn. {said}",
        f"The database could not run the query. {said}",
    )
