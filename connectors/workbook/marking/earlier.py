"""What an earlier answer has left in a workbook: its sheet of results, known by its title and not by its name alone."""

from connectors.workbook.layout import RESULT_TITLE, may_be_results, normal
from connectors.workbook.marking.book import Book
from connectors.workbook.marking.parts import Parts, Tree, main, text_of
from connectors.workbook.marking.places import whole


def take_results_out(parts: Parts, book: Book) -> set[str]:
    """Take our sheets out of a book; an officer's own sheet of the same name stays.

    Returns:
        All lines of text of the sheets that were taken out, the rules of the earlier findings among them.

    Raises:
        UnusualError: a sheet of that name cannot be read.
    """
    listed: set[str] = set()
    for name, part in zip(book.names(), book.sheets(), strict=True):
        if may_be_results(name):
            texts = _texts(parts, part, book.shared_texts)
            if normal(texts.get("A1", "")) == RESULT_TITLE:
                listed.update(line for text in texts.values() for line in text.split("\n") if line)
                book.take_out(part)
    return listed


def _texts(parts: Parts, part: str, shared: Tree | None) -> dict[str, str]:
    """Cells that hold a text, whether it stands in the sheet or among those that sheets share."""
    strings = [] if shared is None else [text_of(each) for each in shared.iterchildren(main("si"))]
    found: dict[str, str] = {}
    for cell in parts.seen(part).iter(main("c")):
        value = cell.findtext(main("v"))
        if cell.get("t") == "inlineStr":
            found[cell.get("r", "")] = text_of(cell)
        elif cell.get("t") == "s" and value is not None and whole(value) < len(strings):
            found[cell.get("r", "")] = strings[whole(value)]
    return found
