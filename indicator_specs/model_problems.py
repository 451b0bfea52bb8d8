"""Turns what a model refuses into problems with file, line, field and remedy."""

from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from indicator_specs.errors import SpecProblem, both
from indicator_specs.strict_yaml import Document, Path_, dotted

Model = TypeVar("Model", bound=BaseModel)


def build(model: type[Model], document: Document) -> Model | None:
    """Type a document; what the model refuses is added to its ``problems`` and gives ``None``.

    A document that could not be read strictly is not typed: its problems would hide behind their own echoes.
    """
    if document.problems:
        return None
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        for item in _roots(error.errors(include_url=False)):
            path = tuple(item["loc"])
            found, remedy = _words(model, path, item)
            document.problems.append(SpecProblem(document.file, document.line(path), dotted(path), found, remedy))
        return None


def _roots(items: list[Any]) -> list[Any]:
    """Without the echoes: a list is "too short" when its only entries were refused themselves."""
    places = [tuple(item["loc"]) for item in items]
    return [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(len(p) > len(item["loc"]) and p[: len(item["loc"])] == tuple(item["loc"]) for p in places)
    ]


def _words(model: type[BaseModel], path: Path_, item: Any) -> tuple[str, str]:
    kind, given, context = item["type"], item.get("input"), item.get("ctx", {})
    shown = f"{given!s:.80}" if isinstance(given, str | int | float) else type_name(given)
    if kind == "extra_forbidden":
        near = get_close_matches(str(path[-1]), sorted(field_names(model)), n=1)
        return both("khoá không có ở chỗ này", "a key unknown here"), _meant(str(path[-1]), near)
    if kind == "missing":
        return both("thiếu khoá bắt buộc", "a required key is missing"), both(f"thêm {path[-1]}", f"add {path[-1]}")
    if kind in {"literal_error", "enum"}:
        allowed = context.get("expected", "")
        return shown, both(f"chọn một trong: {allowed}", f"one of: {allowed}")
    if kind == "string_pattern_mismatch":
        pattern = context.get("pattern", "")
        return shown, both(f"viết theo mẫu {pattern}", f"must match {pattern}")
    if kind == "value_error":
        return shown, str(item["msg"]).removeprefix("Value error, ")
    return shown, _other(kind, str(item["msg"]))


def _other(kind: str, message: str) -> str:
    shapes = {
        "string_type": both("cần một đoạn chữ", "a text belongs here"),
        "tuple_type": both("cần một danh sách, dùng dấu - hoặc [ ]", "a list belongs here"),
        "list_type": both("cần một danh sách, dùng dấu - hoặc [ ]", "a list belongs here"),
        "model_type": both("cần các khoá: giá trị", "keys with values belong here"),
        "dict_type": both("cần các khoá: giá trị", "keys with values belong here"),
        "mapping_type": both("cần các khoá: giá trị", "keys with values belong here"),
        "too_short": both("cần thêm ít nhất một mục", "at least one more item is needed"),
        "string_too_short": both("không được để trống", "must not be empty"),
        "int_parsing": both("cần một số nguyên", "a whole number belongs here"),
    }
    return shapes.get(kind, both("giá trị không hợp lệ", message))


def type_name(value: object) -> str:
    """What kind of YAML value this is, in words."""
    if value is None:
        return both("trống", "nothing")
    if isinstance(value, dict):
        return both("các khoá: giá trị", "a mapping")
    if isinstance(value, list):
        return both("một danh sách", "a list")
    return type(value).__name__


def field_names(model: type[BaseModel]) -> set[str]:
    """Every key that the model, or a model within it, knows."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {name for part in parts for name in part.get("properties", {})}


def _meant(key: str, near: list[str]) -> str:
    if near == [key]:
        return both("khoá này thuộc phần khác của tệp", "this key belongs to another part of the file")
    if near:
        return both(f"có phải là {near[0]!r}? Nếu không, bỏ khoá này", f"did you mean {near[0]!r}? If not, remove it")
    return both("bỏ khoá này; danh sách khoá có trong schema.json", "remove it; schema.json lists the keys")
