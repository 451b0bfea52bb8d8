"""The indicator sheet as a Word document for signature, in the form of an administrative sheet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pipelines.indicator_sheet import Line

FONT, SIZE = "Times New Roman", Pt(13)
SIGNATURES = ("NGƯỜI LẬP", "CƠ QUAN CHỦ TRÌ")


def write_document(lines: Sequence[Line], code: str, path: Path) -> None:
    """Write the sheet: title, code, a table of two columns, room for two signatures.

    Raises:
        OSError: the file cannot be written.
    """
    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    _centred(document.add_paragraph(), "PHIẾU CHỈ SỐ")
    _centred(document.add_paragraph(), f"Mã: {code}")
    _table(document, lines)
    document.add_paragraph()
    signatures = document.add_table(rows=1, cols=2)
    for cell, title in zip(signatures.rows[0].cells, SIGNATURES, strict=True):
        _centred(cell.paragraphs[0], title)
    document.save(str(path))


def _table(document: Any, lines: Sequence[Line]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for line in lines:
        row = table.add_row()
        for cell, text, width in zip(row.cells, line, (Cm(4.5), Cm(12)), strict=True):
            cell.width, cell.text = width, text


def _centred(paragraph: Any, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True
