"""Text of before Unicode: read by its font or its spelling, left alone where it is not surely one thing."""

import pytest

from connectors.vietnamese.legacy import decode, read_text, usual_encoding
from connectors.vietnamese.syllables import is_syllable


@pytest.mark.parametrize(
    ("text", "font", "read", "encoding"),
    [
        ("Hµ Néi", ".VnTime", "Hà Nội", "tcvn3"),
        ("Hµ Néi", "", "Hà Nội", "tcvn3"),
        ("hµ néi", ".VnTimeH", "HÀ NỘI", "tcvn3"),
        ("Haø Noäi", "VNI-Times", "Hà Nội", "vni"),
        ("Haø Noäi", "", "Hà Nội", "vni"),
        ("HÃ\xa0 Ná»™i", "", "Hà Nội", "utf8_twice"),
        ("Hà Nội", ".VnTime", "Hà Nội", "unicode"),
        ("1.234,5", ".VnTime", "1.234,5", "unicode"),
        ("Café Zürich", "", "Café Zürich", "unicode"),
    ],
)
def test_what_a_text_says(text: str, font: str, read: str, encoding: str) -> None:
    reading = read_text(text, font)
    assert (reading.text, reading.encoding, reading.other) == (read, encoding, "")


def test_a_word_that_reads_well_in_two_ways_is_settled_by_its_sheet_or_told() -> None:
    ambiguous = next(
        text
        for text in (
            f"{first}{second}" for first in ("h", "l", "t", "n") for second in "µ¸¶·¹©ÊËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæç"
        )
        if read_text(text).other
    )
    reading = read_text(ambiguous)
    assert reading.other
    assert reading.text != reading.other
    assert read_text(ambiguous, usual="tcvn3") == read_text(ambiguous, ".VnTime")


def test_a_sheet_that_is_in_one_encoding_says_which() -> None:
    assert usual_encoding(["Hµ Néi", "Qu¶ng Ninh", "Total"]) == "tcvn3"
    assert usual_encoding(["Hà Nội", "Total"]) == "unicode"
    assert usual_encoding(["Hµ Néi", "Hà Nội"]) is None
    assert usual_encoding([]) is None


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("nghiêng", True),
        ("Thuỷ", True),
        ("ĐƯỜNG", True),
        ("khuyết", True),
        ("hàt", False),
        ("wàng", False),
        ("hÀ", False),
    ],
)
def test_syllables(word: str, is_one: bool) -> None:
    assert is_syllable(word) == is_one


def test_every_letter_of_tcvn3_comes_back() -> None:
    assert (
        decode("§ång Th¸p, Thõa Thiªn - HuÕ, B¾c K¹n, ®­êng", "tcvn3") == "Đồng Tháp, Thừa Thiên - Huế, Bắc Kạn, đường"
    )
    assert decode("Ñoàng Thaùp, Thöøa Thieân - Hueá", "vni") == "Đồng Tháp, Thừa Thiên - Huế"
