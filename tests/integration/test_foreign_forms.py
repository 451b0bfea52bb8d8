"""Foreign forms, read by layout descriptions alone, no Python for any of them; their sums held at their cells.

Workbooks in the styles of published ones are made here; the published ones themselves: ``test_published_forms.py``.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.intake.folders import open_folder
from connectors.workbook.reading import WorkbookRefused
from connectors.workbook.sandbox import read_in_sandbox
from indicator_specs.errors import SpecError
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.intake import take_in
from tests.foreign import FORMS, figures, foreign_registry, own_form, published_forms, read, warned
from tests.workbooks import KEY

NOW = "2026-11-10T09:00:00+07:00"


def refused(path: Path) -> str:
    found = read_in_sandbox(path, published_forms(), KEY)
    assert isinstance(found, WorkbookRefused)
    return f"{found.findings[0].rule} {found.findings[0].found}"


def test_a_form_of_a_body_of_its_own(tmp_path: Path) -> None:
    """Merged headers, a unit row, groups that are provinces and tell homonyms apart, notes and signatures."""
    found = read(own_form(tmp_path / "a.xlsx"))
    assert (found.agency, found.time_period, found.dataset) == ("G22", "2026-Q3", "dossiers")
    assert figures(found) == {
        "Biểu 02!C12": ("C00004", "35"),
        "Biểu 02!D12": ("C00004", "25"),
        "Biểu 02!E12": ("C00004", "10"),
        "Biểu 02!C13": ("C00103", "25"),
        "Biểu 02!D13": ("C00103", "15"),
        "Biểu 02!E13": ("C00103", "10"),
        "Biểu 02!C15": ("C16171", "30"),
        "Biểu 02!D15": ("C16171", "20"),
        "Biểu 02!E15": ("C16171", "10"),
        "Biểu 02!C18": ("C20380", "10"),
        "Biểu 02!D18": ("C20380", "6"),
        "Biểu 02!E18": ("C20380", "4"),
    }
    assert warned(found) == []
    assert found.key_columns == {"org_unit": "B"}


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"C10": 101}, ["C10", "C10"]),  # against its rows, and against 1=2+3
        ({"D11": 41, "C11": 61}, ["C11", "D11"]),
        ({"C12": 36}, ["C10", "C11", "C12"]),  # a row that is wrong breaks every sum over it
        ({"C12": "36"}, ["C10", "C11", "C12"]),
    ],
)
def test_each_sum_that_fails_is_told_at_its_cell(tmp_path: Path, changes: dict[str, object], places: list[str]) -> None:
    found = read(own_form(tmp_path / "a.xlsx", **changes))
    assert sorted(warned(found)) == [f"W-SUM Biểu 02!{place}" for place in places]


def test_figures_are_converted_by_the_unit_of_their_table(tmp_path: Path) -> None:
    found = read(own_form(tmp_path / "a.xlsx", E6="Đơn vị tính: nghìn hồ sơ."))
    row = found.rows.filter(found.rows["place"] == "Biểu 02!C12").row(0, named=True)
    assert (row["value_text"], Decimal(row["obs_value"]), row["conversion"]) == ("35", 35000, "unit_of_table")
    assert refused(own_form(tmp_path / "b.xlsx", E6="Đơn vị tính: bộ")).startswith("E-LAYOUT-UNIT")


def test_what_does_not_fit_is_refused_with_what_was_sought(tmp_path: Path) -> None:
    # No form of this title is described: it may be one of our own templates that has lost its stamp.
    assert refused(own_form(tmp_path / "a.xlsx", A3="BIỂU MẪU")).startswith("E-STAMP-MISSING")
    assert refused(own_form(tmp_path / "d.xlsx", B7="Địa bàn")).startswith("E-LAYOUT-TABLE")
    assert "2 ×" in refused(own_form(tmp_path / "b.xlsx", E8="Trực tuyến"))
    assert refused(own_form(tmp_path / "c.xlsx", A4="Quý 5/2026")).startswith("E-LAYOUT-PERIOD")


def test_the_period_may_stand_in_the_name_of_the_file_alone(tmp_path: Path) -> None:
    path = own_form(tmp_path / "a.xlsx", A4=None)
    assert read(path, file_name="Bieu 02 quý II-2026.xlsx".replace("-", "/")).time_period == "2026-Q2"


def test_a_foreign_form_goes_the_way_of_every_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claimed, judged, committed, answered; in another body's folder it is refused."""
    monkeypatch.setenv("CHISO_NOW", NOW)
    here = Installation(home, published_forms())
    for agency in ("G22", "G12"):
        own_form(open_folder(home, agency) / "bieu 02.xlsx", C12=36)
    told = {each.agency: each for each in take_in(here, settle_seconds=0).answers}
    (batch,) = here.ledger.batches()
    assert (batch.dataset, batch.partition, batch.n_read, batch.n_accepted) == ("dossiers", "2026-Q3", 12, 12)
    assert told["G22"].state.value == "accepted"
    rules = {
        agency: [each.rule for each in here.ledger.findings(submission_no=told[agency].submission_no)]
        for agency in told
    }
    assert rules["G12"] == ["E-STAMP-AGENCY"]
    assert rules["G22"].count("W-SUM") == 3
    assert (home.intake / "G22" / "ket_qua" / f"PTN-{told['G22'].submission_no:06d}.xlsx").exists()


def test_mistakes_in_a_description_are_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "sources" / "provincial_dossiers"
    folder.mkdir(parents=True)
    for path in (FORMS / "provincial_dossiers").iterdir():
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text.replace("own.online}", "own.onlin}").replace("header: Tổng số,", ""))
    (folder / "stray.layout.yml").write_text("id: stray\n")
    with pytest.raises(SpecError) as told:
        foreign_registry(tmp_path, folder.parent)
    assert {(Path(each.file).name, each.field) for each in told.value.problems} == {
        ("dossiers.layout.yml", "tables[0].columns.received"),
        ("stray.layout.yml", ""),
    }
