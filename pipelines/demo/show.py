"""What a person sees of the demo: its progress, its closing table, and the servers to look around in."""

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import duckdb
import typer

from indicator_specs.home import Home
from pipelines.console import Steps, err, out, table
from pipelines.demo.run import CARELESS_PROVINCE, OCTOBER, DemoReport, environment, ministry_servers, run_demo, start_afresh
from pipelines.release import CURRENT
from pipelines.serving import dagster, superset, until_interrupted
from superset_config import serving
from superset_config.credentials import passwords

MARKER = ".chiso-demo"


def play(home: Home, *, serve: bool) -> None:
    """Run the demo in its folder, show what it did, and serve it if asked."""
    _refuse_a_stranger(home)
    steps = Steps()
    with steps.step("Máy chủ của bộ, ngành · Ministry servers"):
        start_afresh(home)
        (home.root / MARKER).touch()
        servers = ministry_servers(home)
        servers.__enter__()
    try:
        preparing = _Preparing(home)
        report = run_demo(home, steps)
        with steps.step("Bảng điều hành · Superset"):
            preparing.join()
            _sync(home)
        _closing_table(home, report, steps)
        if serve:
            with environment(CHISO_NOW=OCTOBER.clock):
                _serve(home)
    finally:
        servers.__exit__(None, None, None)


class _Preparing(threading.Thread):
    """Superset's schema and permissions need no figures: they are made while the figures are."""

    def __init__(self, home: Home) -> None:
        super().__init__(daemon=True)
        self._home, self._result = home, None
        self.start()

    def run(self) -> None:
        self._result = serving.sync(self._home.root, prepare=True)

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        if self._result is None or self._result.returncode != 0:
            _fail(self._result)


def _sync(home: Home) -> None:
    result = serving.sync(home.root)
    if result.returncode != 0:
        _fail(result)


def _fail(result: subprocess.CompletedProcess[str] | None) -> None:
    err.print(result.stderr[-4000:] if result else "Superset could not be prepared", markup=False)
    raise typer.Exit(1)


def _refuse_a_stranger(home: Home) -> None:
    """The demo empties its folder: it must be the demo's own."""
    if home.root.exists() and any(home.root.iterdir()) and not (home.root / MARKER).exists():
        err.print(f"{home.root} is not empty and not the demo's; name another folder: --folder", style="red")
        raise typer.Exit(1)


def _closing_table(home: Home, report: DemoReport, steps: Steps) -> None:
    out.print(_sources_table(report))
    out.print(_results_table(home, report))
    seconds = table("Thời gian · Seconds per step", "Bước", "Giây")
    for name, took in steps.seconds.items():
        seconds.add_row(name, f"{took:.1f}")
    seconds.add_row("Tổng · Total", f"{sum(steps.seconds.values()):.1f}", style="bold")
    out.print(seconds)
    answered = home.intake / CARELESS_PROVINCE / "ket_qua"
    out.print(f"\nTệp sai của {CARELESS_PROVINCE} được trả lại tại · The wrong workbook came back in {answered}")


def _sources_table(report: DemoReport):  # type: ignore[no-untyped-def]
    listing = table("Tiếp nhận · What came in", "Nguồn", "Lô", "Dòng đọc", "Tiếp nhận", "Trả lại")
    by_source: dict[str, Counter[str]] = {}
    intake = report.line.intake
    for admitted in [*report.line.pulled, *report.september.admitted, *(intake.admitted if intake else ())]:
        counts = by_source.setdefault(admitted.batch.source, Counter())
        counts.update(
            batches=1, read=admitted.batch.n_read, accepted=admitted.batch.n_accepted, returned=admitted.batch.n_returned
        )
    for source, n in by_source.items():
        listing.add_row(source, *(str(n[column]) for column in ("batches", "read", "accepted", "returned")))
    return listing


def _results_table(home: Home, report: DemoReport):  # type: ignore[no-untyped-def]
    listing = table("Kết quả · Results", "", "")
    computed, release = report.line.computed, report.line.release
    listing.add_row("Chỉ số đã tính · Indicators computed", str(len(computed.indicators) if computed else 0))
    with duckdb.connect(str((home.published / CURRENT).resolve()), read_only=True) as mart:
        lights = mart.execute(
            "select light_vi, count(*) from marts.mart_scoreboard where is_latest group by all, light_order order by light_order"
        ).fetchall()
    for light, count in lights:
        listing.add_row(str(light), str(count))
    listing.add_row("Bản chốt số liệu số · Release", str(release.number if release else "—"))
    return listing


def _serve(home: Home) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "worker"]
    with (
        environment(CHISO_HOME=str(home.root)),
        dagster(home) as dagster_address,
        superset(home) as superset_address,
    ):
        worker = subprocess.Popen(command)
        try:
            _invitation(home, dagster_address, superset_address)
            until_interrupted()
        finally:
            worker.terminate()
            worker.wait()


def _invitation(home: Home, dagster_address: str, superset_address: str) -> None:
    listing = table("Mở trình duyệt · Open", "", "")
    listing.add_row("Superset", superset_address)
    listing.add_row("Dagster", dagster_address)
    for user, password in passwords(home.root).items():
        listing.add_row(user, password)
    out.print(listing)
    again = Path("…") / "ket_qua"
    out.print(
        f"Thử · Try: sửa tệp trong {home.intake / CARELESS_PROVINCE / 'ket_qua'}, chép vào {home.intake / CARELESS_PROVINCE},"
        f" rồi đọc phiếu tiếp nhận mới trong {again}.\n"
        f"CHISO_HOME={home.root} chiso explain electronic_document_processing --unit P79 --period 2026-10\n"
        "Ctrl-C để dừng · to stop."
    )
