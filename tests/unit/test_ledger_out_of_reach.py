"""A ledger that cannot be opened is told in a sentence; folders are not touched meanwhile."""

import pytest

from connectors.intake.folders import open_folder
from connectors.ledger import Ledger
from connectors.ledger.engine import LedgerUnreachableError
from indicator_specs.home import Home
from pipelines import cli
from tests.servers import free_port


def test_a_server_that_is_not_there_is_told_without_its_password(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_LEDGER_URL", f"postgresql://so:mat-khau@127.0.0.1:{free_port()}/ledger")
    with pytest.raises(LedgerUnreachableError) as told:
        Ledger.open(home)
    assert "Connection refused" in str(told.value)
    assert "không trả lời" in str(told.value)
    assert "mat-khau" not in str(told.value)


def test_a_file_that_is_no_ledger_stops_the_intake_and_takes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.root.mkdir(parents=True)
    home.ledger.write_bytes(b"no ledger at all, though of some length" * 100)
    dropped = open_folder(home, "P01") / "bao_cao.xlsx"
    dropped.write_bytes(b"figures")
    monkeypatch.setattr("sys.argv", ["chiso", "intake", "run"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = "".join(capsys.readouterr())
    assert "Không mở được sổ tiếp nhận" in said
    assert "Traceback" not in said
    assert dropped.read_bytes() == b"figures"
