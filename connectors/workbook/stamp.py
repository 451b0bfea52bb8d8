"""The stamp of a template: whose it is, which form and which period, signed by this installation.

It stands twice in a workbook: as JSON on the hidden sheet, and as a short printed code on the visible one,
because WPS, Google Sheets and telephones drop hidden sheets. Either alone is enough; if they contradict each
other the file is refused. Owns the signing key. Knows nothing of cells.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

KEY_VARIABLE = "CHISO_STAMP_KEY"
KEY_FILE = "stamp.key"
TEMPLATE_VERSION = "1"
SYNTHETIC_MARK = "G"
"""After the template version in the printed code: figures of this workbook are made up (*giả lập*)."""

PRINTED = re.compile(
    r"CHISO\|(?P<form>[^|]{1,40})\|(?P<agency>[A-Za-z][A-Za-z0-9.]{0,34})\|(?P<time_period>[0-9NQSW-]{4,10})"
    rf"\|(?P<version>\d{{1,4}})(?P<synthetic>{SYNTHETIC_MARK}?)\|(?P<signature>[A-Z2-7]{{4}}(?:-[A-Z2-7]{{4}}){{3}})"
)


@dataclass(frozen=True)
class Stamp:
    """What a template is for. ``spec_hash`` is empty where only the printed code was left."""

    form: str
    source: str
    dataset: str
    agency: str
    time_period: str
    is_synthetic: bool = False
    template_version: str = TEMPLATE_VERSION
    spec_hash: str = ""


class StampError(Exception):
    """A stamp that cannot be believed; ``code`` is the rule of the finding to make of it."""

    def __init__(self, code: str, found: str = "") -> None:
        """Keep the rule and what was found."""
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


def stamp_key(root: Path) -> bytes:
    """The secret that signs stamps: ``CHISO_STAMP_KEY``, or ``stamp.key`` under ``root``, made at first use.

    The file appears complete or not at all, readable by its owner alone: two processes that start together
    use the same one.

    Raises:
        ValueError: The secret is shorter than 16 bytes.
    """
    given = os.environ.get(KEY_VARIABLE)
    key = given.encode() if given else _key_file(root)
    if len(key) < 16:
        raise ValueError(f"{KEY_VARIABLE if given else root / KEY_FILE}: a stamp key has at least 16 bytes")
    return key


def _key_file(root: Path) -> bytes:
    path = root / KEY_FILE
    if not path.exists():
        root.mkdir(parents=True, exist_ok=True)
        fresh = root / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # Another process was first; its key is the one.
        finally:
            fresh.unlink()
    return path.read_bytes().strip()


def hidden_text(stamp: Stamp, key: bytes) -> str:
    """The signed JSON for the hidden sheet."""
    content = asdict(stamp)
    return json.dumps({**content, "signature": _long_signature(stamp, key)}, ensure_ascii=False, sort_keys=True)


def printed_text(stamp: Stamp, key: bytes) -> str:
    """The signed short code for the visible sheet: ``CHISO|BM-XA-01|P79|2026-10|1|ABCD-EFGH-IJKL-MNOP``."""
    version = stamp.template_version + (SYNTHETIC_MARK if stamp.is_synthetic else "")
    head = f"CHISO|{stamp.form}|{stamp.agency}|{stamp.time_period}|{version}"
    return f"{head}|{_short_signature(head, key)}"


def verify(
    hidden: str | None, printed: str | None, datasets: Mapping[str, tuple[str, str]], key: bytes | None
) -> Stamp:
    """The stamp that a workbook carries, once its signature holds.

    Args:
        hidden: Text of the hidden sheet, or None where the sheet is lost.
        printed: The printed code, or None where it is lost.
        datasets: Form code → (source, dataset), for a printed code that stands alone.
        key: The secret; None where nobody has it, and the stamp is only read: before a file is sent.

    Raises:
        StampError: ``E-STAMP-MISSING``, ``E-STAMP-INVALID``, ``E-STAMP-CONFLICT`` or ``E-FORM-UNKNOWN``.
    """
    if not hidden:
        if not printed:
            raise StampError("E-STAMP-MISSING")
        return _verify_printed(printed, datasets, key)
    stamp = _verify_hidden(hidden, key)
    if datasets.get(stamp.form) != (stamp.source, stamp.dataset):
        raise StampError("E-FORM-UNKNOWN", stamp.form)
    if printed:
        other = _verify_printed(printed, datasets, key)
        if _identity(other) != _identity(stamp):
            raise StampError("E-STAMP-CONFLICT", f"{' '.join(_identity(stamp))} ≠ {' '.join(_identity(other))}")
    return stamp


def _identity(stamp: Stamp) -> tuple[str, str, str]:
    return stamp.form, stamp.agency, stamp.time_period


def _verify_hidden(text: str, key: bytes | None) -> Stamp:
    try:
        content = json.loads(text)
        signature = str(content.pop("signature"))
        known = {field.name: field.type for field in fields(Stamp)}
        stamp = Stamp(**{name: value for name, value in content.items() if name in known})
        is_signed = key is None or hmac.compare_digest(signature.encode(), _long_signature(stamp, key).encode())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as reason:
        raise StampError("E-STAMP-INVALID", text[:80]) from reason
    if not is_signed:
        raise StampError("E-STAMP-INVALID", f"{stamp.form} {stamp.agency} {stamp.time_period}")
    return stamp


def _verify_printed(text: str, datasets: Mapping[str, tuple[str, str]], key: bytes | None) -> Stamp:
    match = PRINTED.fullmatch(text.strip())
    if match is None:
        raise StampError("E-STAMP-INVALID", text[:80])
    head, _, signature = match.group().rpartition("|")
    if key is not None and not hmac.compare_digest(signature, _short_signature(head, key)):
        raise StampError("E-STAMP-INVALID", head)
    form = match["form"]
    if form not in datasets:
        raise StampError("E-FORM-UNKNOWN", form)
    source, dataset = datasets[form]
    return Stamp(
        form=form,
        source=source,
        dataset=dataset,
        agency=match["agency"],
        time_period=match["time_period"],
        is_synthetic=bool(match["synthetic"]),
        template_version=match["version"],
    )


def _long_signature(stamp: Stamp, key: bytes) -> str:
    content = json.dumps(asdict(stamp), ensure_ascii=False, sort_keys=True)
    return hmac.new(key, b"hidden\0" + content.encode(), hashlib.sha256).hexdigest()


def _short_signature(head: str, key: bytes) -> str:
    """Eighty bits, in groups of four letters that can be read out over the telephone."""
    digest = hmac.new(key, b"printed\0" + head.encode(), hashlib.sha256).digest()[:10]
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
