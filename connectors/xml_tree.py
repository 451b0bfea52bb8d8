"""XML that a stranger sent, as the same kind of tree as JSON: no document type, no entity, no abyss.

An element that has neither attributes nor children is its text. Another is an object: attributes as ``@name``, children
by their names (a list where a name repeats), its own text as ``#text``. An empty element, and one marked
``xsi:nil``, is null. Namespaces are left out.
"""

from typing import Any
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from connectors.strict_json import MOST_DEPTH

_CUT = {errors.codes[errors.XML_ERROR_NO_ELEMENTS], errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN]}


class XmlFaultError(ValueError):
    """The text is not the XML that we accept. ``is_cut``: it ends in the middle, so that a retry may help."""

    def __init__(self, what: str, *, is_cut: bool = False) -> None:
        super().__init__(what)
        self.is_cut = is_cut


class _Tree:
    """Builds the tree as the parser goes."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self.root: dict[str, Any] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise XmlFaultError(f"nested deeper than {MOST_DEPTH} levels")
        self._open.append((_local(tag), {f"@{_local(name)}": value for name, value in attributes.items()}, []))

    def data(self, text: str) -> None:
        self._open[-1][2].append(text)

    def end(self, _: str) -> None:
        name, inside, pieces = self._open.pop()
        text = "".join(pieces)
        value: Any = inside
        if inside.get("@nil") in {"true", "1"}:
            value = None
        elif not inside:
            value = text if text.strip() else None
        elif text.strip():
            inside["#text"] = text
        around = self._open[-1][1] if self._open else self.root
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]

    def close(self) -> dict[str, Any]:
        return self.root


def parse(text: str | bytes) -> dict[str, Any]:
    """The tree of one document: an object with its root element.

    Raises:
        XmlFaultError: with what is wrong, in English, and nothing of the content.
    """
    tree = _Tree()
    parser = DefusedXMLParser(target=tree, forbid_dtd=True)
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        raise XmlFaultError(str(error), is_cut=error.code in _CUT) from None
    except DefusedXmlException as error:
        raise XmlFaultError(f"{type(error).__name__}: document types and entities are not accepted") from None
    return tree.root


def _local(name: str) -> str:
    return name.rpartition("}")[2]
