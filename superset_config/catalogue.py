"""Our Vietnamese catalogue, compiled for Superset's two halves. Runs in Superset's environment (Babel is there)."""

import json
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "i18n" / "vi" / "LC_MESSAGES" / "messages.po"


def compile_catalogue(folder: Path, source: Path = SOURCE) -> int:
    """Write ``messages.mo`` for the server and ``messages.json`` (Jed) for the browser.

    Args:
        folder: where ``vi/LC_MESSAGES/`` is made.
        source: the catalogue that people edit.

    Returns:
        The number of translated messages.

    Raises:
        babel.messages.pofile.PoFileError: the source is not a valid catalogue.
    """
    with source.open("rb") as file:
        catalogue = read_po(file, locale="vi", abort_invalid=True)
    out = folder / "vi" / "LC_MESSAGES"
    out.mkdir(parents=True, exist_ok=True)
    with (out / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    pack = language_pack(catalogue)
    (out / "messages.json").write_text(json.dumps(pack, ensure_ascii=False), "utf-8")
    return len(pack["locale_data"]["superset"]) - 1


def language_pack(catalogue: Catalog) -> dict[str, Any]:
    """The catalogue as the Jed document that Superset's frontend reads. Vietnamese has one plural form."""
    header = {"domain": "superset", "lang": "vi", "plural_forms": "nplurals=1; plural=0;"}
    messages: dict[str, Any] = {"": header}
    for message in catalogue:
        if not message.id or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        messages[key] = [message.string] if isinstance(message.string, str) else [*message.string]
    return {"domain": "superset", "locale_data": {"superset": messages}}
