"""What a heading of an annex means, whatever its place: read by its words, not by its column."""

import re
from typing import Literal, NamedTuple

from indicator_specs.annex.words import folded

Field = Literal[
    "ordinal",
    "code",
    "name",
    "name_en",
    "unit",
    "concept",
    "method",
    "target",
    "baseline",
    "lead",
    "implementing",
    "frequency",
    "level",
    "theme",
    "data_source",
    "note",
]
ALIASES: dict[Field, tuple[str, ...]] = {
    "ordinal": ("stt", "tt", "so tt", "so thu tu", "thu tu"),
    "code": ("ma", "ma so", "ma chi so", "ma chi tieu", "ky hieu", "ma hieu"),
    "name": (
        "chi tieu",
        "chi so",
        "ten chi tieu",
        "ten chi so",
        "chi tieu, chi so",
        "chi so, chi tieu",
        "chi tieu/chi so",
        "chi so/chi tieu",
        "noi dung chi tieu",
        "noi dung chi so",
        "danh muc chi tieu",
        "danh muc chi so",
        "nhom, ten chi tieu",
        "ten nhom, ten chi tieu",
        "muc tieu, chi tieu",
        "chi tieu chu yeu",
        "chi tieu cu the",
    ),
    "name_en": ("ten tieng anh", "tieng anh", "english", "name in english"),
    "unit": ("don vi tinh", "dvt", "don vi", "don vi do", "don vi do luong", "dv tinh"),
    "concept": ("khai niem", "dinh nghia", "noi dung", "khai niem, noi dung", "mo ta", "giai thich", "khai niem/mo ta"),
    "method": (
        "phuong phap tinh",
        "cach tinh",
        "cong thuc",
        "cong thuc tinh",
        "phuong phap",
        "phuong phap tinh toan",
        "phuong phap tinh, cach tinh",
        "khai niem, phuong phap tinh",
    ),
    "lead": (
        "co quan chu tri",
        "don vi chu tri",
        "co quan, don vi chu tri",
        "chu tri",
        "co quan chu tri thuc hien",
        "bo, nganh chu tri",
        "co quan chu tri theo doi",
        "co quan chu tri, theo doi",
        "co quan chiu trach nhiem",
        "co quan theo doi, danh gia",
        "co quan chu tri thu thap, tong hop",
        "co quan thuc hien",
    ),
    "implementing": (
        "co quan phoi hop",
        "don vi phoi hop",
        "co quan, don vi phoi hop",
        "phoi hop",
        "co quan phoi hop thuc hien",
    ),
    "frequency": (
        "ky bao cao",
        "tan suat",
        "tan suat bao cao",
        "ky",
        "chu ky",
        "ky cong bo",
        "ky/tan suat",
        "ky bao cao/tan suat",
        "chu ky bao cao",
        "tan suat cap nhat",
        "ky, tan suat",
        "lo trinh, tan suat",
    ),
    "level": ("cap", "cap ap dung", "pham vi", "pham vi ap dung", "cap bao cao", "phan to", "cap tinh toan"),
    "theme": ("linh vuc", "nhom", "nhom chi so", "nhom chi tieu", "tru cot"),
    "data_source": ("nguon so lieu", "nguon du lieu", "nguon", "nguon thong tin", "nguon so lieu, minh chung"),
    "note": ("ghi chu", "luu y", "can cu", "can cu, ghi chu"),
}
_MEANINGS = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TARGET = ("chi tieu", "muc tieu", "ke hoach", "phan dau", "nam", "den nam", "giai doan", "gia tri")
_BASELINE = ("thuc hien", "hien trang", "uoc thuc hien", "ket qua", "so lieu nam", "gia tri co so", "so goc")


class Heading(NamedTuple):
    """What a column holds; of a target and a baseline, the year that it is for, if the heading says one."""

    field: Field
    year: str = ""


def heading(*lines: str) -> Heading | None:
    """The meaning of a heading that stands on one line or more, the upper one first; ``None`` if it has none.

    ``Chỉ tiêu`` over ``Năm 2030`` is a target for 2030; ``Chỉ tiêu`` alone is the name of what is aimed at.
    """
    said = [plain for plain in map(_plain, lines) if plain]
    whole = " ".join(dict.fromkeys(said))
    years = _YEAR.findall(whole)
    if years:
        words = _YEAR.sub(" ", whole)
        if any(words.strip().startswith(each) or f" {each}" in words for each in _BASELINE):
            return Heading("baseline", years[-1])
        if not re.sub(r"[\s\-/().,]", "", words) or any(each in words for each in _TARGET):
            return Heading("target", years[-1])
        return None
    for text in (whole, *reversed(said)):
        if text in _MEANINGS:
            return Heading(_MEANINGS[text])
    if whole in {"muc tieu", "chi tieu giao", "ke hoach", "chi tieu ke hoach", "gia tri muc tieu", "chi tieu dat"}:
        return Heading("target")
    return None


def _plain(text: str) -> str:
    """Without brackets that only explain, stars of footnotes and points: ``Đơn vị tính (*)`` → ``don vi tinh``."""
    plain = folded(re.sub(r"\([^()]*\)", " ", text) if not _YEAR.search(text) else text)
    plain = re.sub(r"\s*([/,])\s*", r"\1", plain.strip(" .:*")).replace(",", ", ")
    return " ".join(plain.split())
