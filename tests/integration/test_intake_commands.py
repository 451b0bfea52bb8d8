"""What officers and those who follow them up ask on the command line: check, status, history, show, verify, prune."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from connectors.ledger import State
from connectors.workbook.layout import RESULT_SHEET
from connectors.workbook.stamp import KEY_VARIABLE
from expectations.knowledge import terms_of
from expectations.suites import suite
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines import checking
from pipelines.checking import NEEDS_HISTORY
from pipelines.cli import app
from pipelines.installation import Installation
from pipelines.retention import prunable, prune
from pipelines.rooms import Troubles
from pipelines.submissions.status import statuses
from pipelines.submissions.verification import VerificationError
from pipelines.watching import keep_answering
from tests.reporting import FORM, ONE_ROW, VERIFIER, Reporting, verifying_registry
from tests.workbooks import AGENCY, KEY, PERIOD, registry


@pytest.fixture
def officer(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reporting]:
    for user in ("indicator_specs.registry", "pipelines.installation"):  # each command would load it anew
        monkeypatch.setattr(f"{user}.load_registry", registry)
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00", CHISO_HOME=str(home.root), COLUMNS="200"):
        yield Reporting(home)


def chiso(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_check_says_what_the_intake_will_say_and_what_it_cannot_see(officer: Reporting, tmp_path: Path) -> None:
    file = officer.drop(F14=150, H14=None, I14="chưa chốt")
    local = checking.check(file, registry())
    marked = tmp_path / "đánh dấu.xlsx"
    before = sorted(path for path in officer.home.root.rglob("*"))
    told = chiso("check", str(file), "--json", "--marked", str(marked))
    assert sorted(path for path in officer.home.root.rglob("*")) == before, "a check writes nothing"
    assert told.exit_code == 1
    assert load_workbook(marked).sheetnames[0] == RESULT_SHEET
    said = json.loads(told.stdout)
    sent = officer.answered()
    assert said["state"] == local.state.value == sent.state.value == "partly_accepted"
    found = officer.here.ledger.findings(submission_no=sent.submission_no)
    assert [(each["rule"], each["place"], each["severity"]) for each in said["findings"]] == [
        (each.rule, each.place, each.severity.value) for each in found
    ]
    (batch,) = officer.here.ledger.batches()
    assert (said["n_read"], said["n_accepted"]) == (batch.n_read, batch.n_accepted)
    assert {"E-STAMP-INVALID", "E-STAMP-AGENCY", "period_closed", "scale_slip"} <= set(said["not_evaluated"])
    rules = {rule.id for rule in suite(terms_of(registry(), registry().datasets[ONE_ROW]))}
    assert NEEDS_HISTORY.keys() <= rules, "rules are named as the suite names them"


def test_a_check_with_the_key_and_the_agency_believes_neither_blindly(officer: Reporting) -> None:
    file = officer.drop()
    assert checking.check(file, registry(), key=KEY, agency=AGENCY).state is State.ACCEPTED
    with environment(**{KEY_VARIABLE: "another key of sixteen bytes"}):
        assert "E-STAMP-INVALID" in chiso("check", str(file)).stdout
    assert "E-STAMP-AGENCY" in chiso("check", str(file), "--agency", "P79").stdout


def test_status_tells_who_has_sent_and_who_is_late(officer: Reporting) -> None:
    officer = Reporting(officer.home, form=FORM)
    officer.send(F14=150)
    found = {each.line.agency: each.state for each in statuses(officer.here, PERIOD, FORM)}
    assert (found[AGENCY], found["P79"]) == ("partial", "not_due")
    # Mended on the working day after the answer, though the deadline is over: in time.
    with environment(CHISO_NOW="2026-11-12T16:00:00+07:00"):
        officer.send(F14=151)
    with environment(CHISO_NOW="2026-11-13T16:00:00+07:00"):
        officer.send(F15=91)
        found = {each.line.agency: each.state for each in statuses(officer.here, PERIOD, FORM)}
        assert (found[AGENCY], found["P79"]) == ("on_time", "missing")
        pasted = chiso("intake", "status", PERIOD, "--paste").stdout
        assert "Chưa gửi, quá hạn (33)" in pasted
        assert "PTN-000003" in chiso("intake", "status", PERIOD, "--agency", AGENCY).stdout
    with environment(CHISO_NOW="2026-11-17T16:00:00+07:00"):
        late = Reporting(Home(officer.home.root / "late"), form=FORM)
        late.send()
        (told,) = statuses(late.here, PERIOD, FORM, AGENCY)
        assert told.state == "late"


def test_history_show_and_audit(officer: Reporting) -> None:
    officer.send()
    sent = officer.send(E14=7, F14=7)
    assert "PTN-000002" in chiso("intake", "history", AGENCY).stdout
    kept = officer.home.root / officer.here.ledger.submission(2).evidence_path
    told = chiso("intake", "history", str(kept)).stdout
    assert "PTN-000002" in told
    assert "PTN-000001" not in told
    shown = chiso("intake", "show", "PTN-000002").stdout
    assert "100 → 7" in shown
    assert "figures_changed" in shown
    written = (officer.home.intake / AGENCY / "ket_qua" / f"PTN-{sent.submission_no:06d}.json").read_text("utf-8")
    assert chiso("intake", "show", "2", "--json").stdout == written
    assert chiso("intake", "show", "99").exit_code == 1
    assert chiso("intake", "audit").exit_code == 0
    kept.chmod(0o644)
    kept.write_bytes(b"other figures")
    assert chiso("intake", "audit").exit_code == 1


def test_pruning_never_touches_what_stands_behind_a_figure(officer: Reporting) -> None:
    officer.send()
    officer.drop().write_bytes(b"no workbook at all")
    officer.answered()
    accepted, returned = (officer.home.root / officer.here.ledger.submission(n).evidence_path for n in (1, 2))
    assert prunable(officer.here, Troubles()) == []
    with environment(CHISO_NOW="2036-11-10T09:00:00+07:00"):
        stores = {each.store for each in prunable(officer.here, Troubles())}
        assert stores == {"archive", "answers", "returned_evidence"}
        assert chiso("intake", "prune").exit_code == 0
        assert returned.exists()
        gone = prune(officer.here, Troubles())
    assert accepted.exists()
    assert not returned.exists()
    assert accepted not in {each.path for each in gone}
    assert prunable(officer.here, Troubles()) == []
    (event,) = officer.here.ledger.events(kinds=["pruned"], subjects=["archive"])
    assert event.detail["files"] == 2


def test_two_watchers_answer_once_within_seconds_and_end_when_told(home: Home) -> None:
    officer = Reporting(home)
    ended, answered = threading.Event(), []

    def watch() -> None:
        for report in keep_answering(Installation(home, registry()), ended):
            answered.extend(report.answers)

    watchers = [threading.Thread(target=watch) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    try:
        officer.drop()
        started = time.monotonic()
        receipt = home.intake / AGENCY / "ket_qua" / "PTN-000001.json"
        while not receipt.exists() and time.monotonic() < started + 60:
            time.sleep(0.1)
        assert receipt.exists()
        took = time.monotonic() - started
    finally:
        ended.set()
        for watcher in watchers:
            watcher.join(timeout=30)
    assert not any(watcher.is_alive() for watcher in watchers)
    assert took < 30, took
    assert len(answered) == 1
    assert [path.name for path in (home.archive / AGENCY).iterdir()] == ["PTN-000001-bao_cao_1.xlsx"]


def test_a_verifier_decides_and_opens_a_period_by_command(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.installation.load_registry", lambda: verifying_registry(ONE_ROW))
    verified = Reporting(officer.home, verified=True)
    verified.send()
    assert "PTN-000001" in chiso("intake", "verify", "--verifier", VERIFIER).stdout
    assert chiso("intake", "verify", "1", "--verifier", VERIFIER).exit_code == 1, "nobody decides namelessly"
    assert isinstance(chiso("intake", "verify", "1", "--verifier", "G22", "--who", "C").exception, VerificationError)
    assert chiso("intake", "verify", "PTN-000001", "--verifier", VERIFIER, "--who", "Nguyễn C").exit_code == 0
    assert verified.receipt(1, suffix="-tham-dinh")["who"] == "Nguyễn C"
    assert statuses(verified.here, PERIOD, ONE_ROW) == [], "nobody was given the duty: nobody is late with it"
    verified.send(E14=101)
    opened = chiso("intake", "unlock", ONE_ROW, PERIOD, "--agency", AGENCY, "--who", "Trần B", "--why", "công văn 9")
    assert "PTN-000003" in opened.stdout
    assert chiso("intake", "run").exit_code == 0
    assert verified.here.ledger.submission(3).state is State.ACCEPTED
    assert chiso("intake", "lock", ONE_ROW, PERIOD, "--who", "Trần B", "--why", "đã chốt").exit_code == 0
    assert verified.send(E14=102).state is State.RETURNED
    assert chiso("intake", "lock", "nowhere.none", PERIOD, "--who", "B", "--why", "x").exit_code == 1
