"""Lint checks on what an indicator says to people: names, codes, documents, units."""

import re
from collections.abc import Iterator

from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.names import name_key
from indicator_specs.registry import Registry
from indicator_specs.units import RETIRED, UNITS

_DOCUMENT = re.compile(r"\d+(/\d{4})?[-/][A-ZĐ]{2}")
_READS_AS_NUMBER = re.compile(r"\d+([.,]\d+)?")
_UNIT_IN_NAME = re.compile(r"\((%|‰|đvt:?.*|đơn vị.*|tỉ đồng|tỷ đồng|triệu đồng|người|usd)\)", re.IGNORECASE)


@check("warning", "Tên và khái niệm cần bằng hai thứ tiếng.", "viết cả vi và en", "write vi and en")
def missing_text(registry: Registry) -> Iterator[Hit]:
    """Names and concepts are needed in both languages."""
    for spec in registry.indicators.values():
        for part, text in (("name", spec.meaning.name), ("concept", spec.meaning.concept)):
            if not text.en.strip() or not text.vi.strip():
                yield Hit(spec.id, both(f"meaning.{part} thiếu một ngôn ngữ", f"meaning.{part} lacks a language"))


@check(
    "warning",
    "Chỉ số phải có căn cứ là một văn bản.",
    "ghi số hiệu văn bản vào meaning.legal_basis",
    "cite the document under meaning.legal_basis",
)
def no_legal_basis(registry: Registry) -> Iterator[Hit]:
    """An indicator stands on a document."""
    for spec in registry.indicators.values():
        if not any(text.strip() for text in spec.meaning.legal_basis):
            yield Hit(spec.id, both("không có căn cứ pháp lý", "no legal basis"))


@check(
    "info",
    "Văn bản chỉ tra lại được khi ghi đúng số, ký hiệu.",
    'ghi số, ký hiệu như "94/2022/NĐ-CP"',
    'cite number and sign, such as "94/2022/NĐ-CP"',
)
def document_without_number(registry: Registry) -> Iterator[Hit]:
    """A document is found again by its number and sign only."""
    for spec in registry.indicators.values():
        for text in spec.meaning.legal_basis:
            if text.strip() and not _DOCUMENT.search(text):
                yield Hit(spec.id, both(f"{text!r} không có số, ký hiệu", f"{text!r} has no number and sign"))


@check(
    "error", "Mỗi mã, mỗi tên chỉ thuộc một chỉ số.", "mỗi mã, mỗi tên một chỉ số", "one indicator a code and a name"
)
def same_code(registry: Registry) -> Iterator[Hit]:
    """An official code belongs to one indicator, and so does a name."""
    for part, key in (("codes", lambda spec: spec.codes), ("name", lambda spec: (name_key(spec.name.vi),))):
        seen: dict[str, str] = {}
        for spec in registry.indicators.values():
            for text in key(spec):
                first = seen.setdefault(text, spec.id)
                if first != spec.id:
                    yield Hit(
                        spec.id, both(f"{part} {text!r} đã dùng cho {first}", f"{part} {text!r} is that of {first}")
                    )


@check(
    "warning",
    "Không có mã thì không đối chiếu được chỉ số giữa các văn bản.",
    "ghi mã theo văn bản vào codes",
    "give the document's code under codes",
)
def no_code(registry: Registry) -> Iterator[Hit]:
    """Without an official code an indicator cannot be found across documents."""
    for spec in registry.indicators.values():
        if not spec.codes:
            yield Hit(spec.id, both("không có mã", "no official code"))


@check(
    "warning",
    "Bảng tính đọc mã toàn chữ số thành số: 11.10 thành 11.1.",
    'thêm tiền tố của văn bản, ví dụ "CS11.10"',
    'give it the document\'s prefix, e.g. "CS11.10"',
)
def code_reads_as_number(registry: Registry) -> Iterator[Hit]:
    """A spreadsheet reads a code of digits as a number: 11.10 becomes 11.1, which is another indicator."""
    for spec in registry.indicators.values():
        for code in spec.codes:
            if _READS_AS_NUMBER.fullmatch(code):
                yield Hit(spec.id, both(f"mã {code!r} đọc được thành số", f"code {code!r} reads as a number"))


@check("warning", "Tên không mang đơn vị đo: đơn vị có thể đổi, tên thì không.", "bỏ đơn vị khỏi tên", "drop it there")
def unit_in_name(registry: Registry) -> Iterator[Hit]:
    """A name carries no unit of measurement: the unit stands in its own field, and may change."""
    for spec in registry.indicators.values():
        found = _UNIT_IN_NAME.search(spec.name.vi)
        if found:
            yield Hit(spec.id, both(f"tên có {found[0]!r}", f"the name has {found[0]!r}"))


@check("warning", "Đơn vị đo này không dùng cho khai báo mới.", "dùng đơn vị thay thế", "use the unit that replaces it")
def retired_unit(registry: Registry) -> Iterator[Hit]:
    """Units of measurement that new declarations should not use."""
    used = [(spec.id, spec.meaning.unit) for spec in registry.indicators.values()]
    used += [(measure.id, measure.unit) for measure in registry.measures.values()]
    for subject, unit in used:
        if unit in RETIRED:
            message = both(f"đơn vị đo {unit} không còn dùng", f"unit {unit} is retired")
            yield Hit(subject, message, both(f"dùng {RETIRED[unit]}", f"use {RETIRED[unit]}"))


@check(
    "error",
    "Thứ hạng 1 là tốt nhất: thứ hạng càng thấp càng tốt, tính bằng hạng.",
    "ghi unit: rank và direction: lower_is_better",
    "write unit: rank and direction: lower_is_better",
)
def rank_the_wrong_way(registry: Registry) -> Iterator[Hit]:
    """Rank 1 is the best: a rank is in ranks, and lower is better."""
    for spec in registry.indicators.values():
        unit, direction = spec.meaning.unit, spec.meaning.direction
        if (spec.type == "published_rank" or unit == "rank") and (unit, direction) != ("rank", "lower_is_better"):
            yield Hit(spec.id, both(f"thứ hạng có {unit}, {direction}", f"a rank with {unit}, {direction}"))


@check(
    "warning",
    "Hạng 50 trên 60 khác hạng 50 trên 190: thứ hạng cần số đơn vị được xếp hạng.",
    "ghi rank.participants",
    "give rank.participants",
)
def rank_of_how_many(registry: Registry) -> Iterator[Hit]:
    """Fiftieth of sixty is not fiftieth of a hundred and ninety: a rank needs the number that was ranked."""
    for spec in registry.indicators.values():
        if spec.rank and spec.rank.participants is None:
            yield Hit(spec.id, both("không rõ số đơn vị được xếp hạng", "how many are ranked is not said"))


@check("warning", "Số đếm không có phần lẻ.", "ghi presentation.decimals: 0", "write presentation.decimals: 0")
def count_with_decimals(registry: Registry) -> Iterator[Hit]:
    """Things that are counted have no decimals."""
    for spec in registry.indicators.values():
        whole = UNITS[spec.meaning.unit].is_count or spec.meaning.unit == "rank"
        if whole and spec.presentation.decimals > 0:
            yield Hit(spec.id, both(f"{spec.presentation.decimals} số lẻ", f"{spec.presentation.decimals} decimals"))


@check("error", "Thang đánh giá có hai mức trùng tên thì không đọc được kết luận.", "đặt tên khác", "name them apart")
def scale_repeats(registry: Registry) -> Iterator[Hit]:
    """A scale with two steps of one name cannot be read."""
    for spec in registry.indicators.values():
        steps = [name_key(step) for step in spec.assessment.scale] if spec.assessment else []
        for step in sorted({step for step in steps if steps.count(step) > 1}):
            yield Hit(spec.id, both(f"mức {step!r} lặp lại", f"step {step!r} stands twice"))


CHECKS: tuple[Check, ...] = (
    missing_text,
    no_legal_basis,
    document_without_number,
    same_code,
    no_code,
    code_reads_as_number,
    unit_in_name,
    retired_unit,
    rank_the_wrong_way,
    rank_of_how_many,
    count_with_decimals,
    scale_repeats,
)
