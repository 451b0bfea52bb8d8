"""What single cells of a row say: its id, its concept, its baseline, what a rank ranks, how an assessment is made."""

from collections.abc import Collection
from typing import Any

from indicator_specs.annex.context import Context
from indicator_specs.annex.row_targets import cell_aims
from indicator_specs.annex.table import Row
from indicator_specs.annex.words import identifier
from indicator_specs.errors import both


def draft_id(row: Row, taken: Collection[str]) -> tuple[str, str]:
    """An id of a row, from its English name or else its Vietnamese one, and the id it would have but for others.

    It depends on the row alone, unless another has taken it: then its ordinal is added.
    """
    plain = identifier(row.text("name_en")) or identifier(row.title) or "chi_so"
    if plain not in taken:
        return plain, plain
    ordinal = identifier(f"m {row.text('code') or row.text('ordinal') or row.number}", 12)
    made, place = f"{plain}_{ordinal}", 2
    while made in taken:
        made, place = f"{plain}_{ordinal}_{place}", place + 1
    return made, plain


def concept(context: Context, subject: str, row: Row) -> str:
    """The text of the concept: definition, method, source and notes as the annex has them."""
    texts = [row.text("concept"), row.text("method")]
    notes = [("Nguồn số liệu", row.text("data_source")), ("Ghi chú", row.text("note"))]
    if not any(texts):
        reason = both("phụ lục không nêu khái niệm", "the annex gives no definition")
        taken = "Phụ lục không nêu khái niệm của chỉ tiêu này."
        texts = [context.questions.confirms(subject, "meaning.concept", row.place("name"), "", taken, reason)]
    said = [text for text in texts if text] + [f"{title}: {text}" for title, text in notes if text]
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in said)


def figure(context: Context, subject: str, row: Row, kind: str) -> tuple[dict[str, Any], list[str]]:
    """What a rank ranks, or who assesses by which scale; and the fields of it that a person must say."""
    name, place = row.text("name"), row.place("name")
    if kind == "published_rank":
        return {"rank": {"of": name.removeprefix("Xếp hạng ").removeprefix("Thứ hạng ")}}, []
    if kind not in {"milestone", "assessed"}:
        return {}, []
    asked = (
        ("scale", both("các mức từ thấp đến cao, cách nhau bằng dấu ;", "the steps from the lowest, parted by ;")),
        ("assessor", both("ai kết luận", "who concludes")),
        ("document", both("văn bản nào kết luận", "in which document")),
    )
    said = ", ".join(cell.text for _, cell in row.targets)
    told = {part: context.questions.needs(subject, f"assessment.{part}", place, said, why) for part, why in asked}
    missing = [f"assessment.{part}" for part, answer in told.items() if answer is None]
    found: dict[str, Any] = {part: answer for part, answer in told.items() if answer}
    if "scale" in found:
        found["scale"] = [step.strip() for step in found["scale"].split(";") if step.strip()]
    return ({"assessment": found} if found else {}), missing


def baseline(context: Context, subject: str, row: Row) -> dict[str, str] | None:
    """The figure that a column of earlier results gives, if it can only be read one way."""
    for year, cell in row.baselines:
        said = cell_aims(cell)
        if len(said) == 1 and said[0].value is not None and not said[0].operator and not said[0].tail:
            value = f"{said[0].value.normalize():f}"
            return {"period": year, "value": value, "source": context.document}
        if said:
            reason = both("số gốc không đọc chắc được", "the baseline is not read for sure")
            context.questions.needs(subject, "baseline", cell.place, cell.text, reason)
    return None
