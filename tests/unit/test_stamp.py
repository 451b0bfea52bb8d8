"""The stamp: believed only when signed, and enough in either of its two places."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.workbook.stamp import KEY_VARIABLE, Stamp, StampError, hidden_text, printed_text, stamp_key, verify

KEY = b"k" * 32
STAMP = Stamp("BM-XA-01", "commune_report", "administration", "P79", "2026-10", spec_hash="abc")
DATASETS = {"BM-XA-01": ("commune_report", "administration")}


def test_either_place_is_enough() -> None:
    hidden, printed = hidden_text(STAMP, KEY), printed_text(STAMP, KEY)
    assert verify(hidden, printed, DATASETS, KEY) == STAMP
    assert verify(hidden, None, DATASETS, KEY) == STAMP
    assert verify(None, printed, DATASETS, KEY) == replace(STAMP, spec_hash="")


def test_the_synthetic_mark_survives_the_loss_of_the_hidden_sheet() -> None:
    made_up = replace(STAMP, is_synthetic=True)
    assert verify(None, printed_text(made_up, KEY), DATASETS, KEY).is_synthetic


@pytest.mark.parametrize("field", ["agency", "time_period", "form", "is_synthetic"])
def test_a_changed_hidden_stamp_is_refused(field: str) -> None:
    content = json.loads(hidden_text(STAMP, KEY))
    content[field] = True if field == "is_synthetic" else "P01"
    with pytest.raises(StampError) as refused:
        verify(json.dumps(content), None, DATASETS, KEY)
    assert refused.value.code == "E-STAMP-INVALID"


@pytest.mark.parametrize(
    ("old", "new"), [("P79", "P01"), ("2026-10", "2026-09"), ("|1|", "|1G|"), ("BM-XA-01", "BM-XA-02")]
)
def test_a_changed_printed_code_is_refused(old: str, new: str) -> None:
    with pytest.raises(StampError) as refused:
        verify(None, printed_text(STAMP, KEY).replace(old, new), DATASETS, KEY)
    assert refused.value.code == "E-STAMP-INVALID"


def test_two_stamps_that_contradict_each_other_are_refused() -> None:
    other = printed_text(replace(STAMP, agency="P01"), KEY)
    with pytest.raises(StampError) as refused:
        verify(hidden_text(STAMP, KEY), other, DATASETS, KEY)
    assert refused.value.code == "E-STAMP-CONFLICT"


@pytest.mark.parametrize(
    "text", ["{}", "[]", "not json", "[" * 100_000, '{"signature": 1}', '{"agency": {}}', '{"signature": "\\ud800"}']
)
def test_rubbish_on_the_hidden_sheet_is_refused_cleanly(text: str) -> None:
    with pytest.raises(StampError) as refused:
        verify(text, None, DATASETS, KEY)
    assert refused.value.code == "E-STAMP-INVALID"


def test_no_stamp_at_all_is_refused() -> None:
    with pytest.raises(StampError) as missing:
        verify(None, None, DATASETS, KEY)
    assert missing.value.code == "E-STAMP-MISSING"


@pytest.mark.parametrize("stamp", [(hidden_text(STAMP, KEY), None), (None, printed_text(STAMP, KEY))])
@pytest.mark.parametrize("known", [{}, {"BM-XA-02": ("commune_report", "administration")}])
def test_a_form_that_is_no_longer_declared_is_refused(
    stamp: tuple[str | None, str | None], known: dict[str, tuple[str, str]]
) -> None:
    with pytest.raises(StampError) as unknown:
        verify(*stamp, known, KEY)
    assert unknown.value.code == "E-FORM-UNKNOWN"


def test_a_stamp_of_another_installation_is_refused() -> None:
    with pytest.raises(StampError):
        verify(hidden_text(STAMP, b"x" * 32), None, DATASETS, KEY)


def test_the_key_is_made_once_and_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    first = stamp_key(tmp_path / "home")
    assert stamp_key(tmp_path / "home") == first
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["stamp.key"]
    assert stat.S_IMODE((tmp_path / "home" / "stamp.key").stat().st_mode) == 0o600
    monkeypatch.setenv(KEY_VARIABLE, "a secret of the operator")
    assert stamp_key(tmp_path / "home") == b"a secret of the operator"
    monkeypatch.setenv(KEY_VARIABLE, "short")
    with pytest.raises(ValueError, match="16 bytes"):
        stamp_key(tmp_path / "home")
