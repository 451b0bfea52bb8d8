"""Names from strangers."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.names import is_temporary, safe_name, safe_suffix


@pytest.mark.parametrize(
    "name",
    ["~$bao_cao.xlsx", ".hidden", ".x.xlsx.swp", "a.part", "a.xlsx.filepart", "a.TMP", "a.crdownload", "Thumbs.db",
     "desktop.ini", "a.xlsx~", ".DS_Store"],
)  # fmt: skip
def test_temporary_names_are_passed_over(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["BM-XA-01.xlsx", "báo cáo tháng 10.xlsx", "part.xlsx", "tmp", "a.xlsx.zip"])
def test_other_names_are_not(name: str) -> None:
    assert not is_temporary(name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("báo cáo (1).xlsx", "báo cáo (1).xlsx"),
        ("../../etc/passwd", "etc_passwd"),
        ("-rf.xlsx", "rf.xlsx"),
        ("x\u202egnp.xlsx", "xgnp.xlsx"),
        ("a\nb\0.xlsx", "ab.xlsx"),
        ("😀.xlsx", "tep.xlsx"),
        ("=cmd|x.xlsx", "cmd_x.xlsx"),
        ("", "tep"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_one_plain_component(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 120
    assert not set(safe) & set('/\\\0\n:*?"<>|')
    assert safe[0] not in ".-"
    assert unicodedata.is_normalized("NFC", safe)


def test_suffixes() -> None:
    names = ("A.XLSX", "a", "a.b c", "a.../x", "a.verylongsuffix")
    assert [safe_suffix(name) for name in names] == [".xlsx", "", "", "", ""]
