"""What a person sees of the demo: its progress, its closing tables, and the servers to look around in."""

import fcntl
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import typer
from rich.table import Table

from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.console import Steps, err, out, said, table
from pipelines.demo.run import (
    CARELESS_PROVINCE,
    MARKER,
    OCTOBER,
    DemoReport,
    ministry_servers,
    run_demo,
    start_afresh,
)
from pipelines.release import CURRENT
from pipelines.serving import dagster, superset, until_interrupted, worker
from superset_config import serving
from superset_config.credentials import passwords

Synchronised = subprocess.CompletedProcess[str]


def play(home: Home, *, serve: bool) -> None:
    """Run the demo in its folder, show what it did, and serve it if asked.

    Raises:
        typer.Exit: the folder is somebody else's, a source gave nothing, or Superset could not be synchronised.
    """
    _refuse_a_stranger(home)
    steps = Steps()
    with _alone(home), ThreadPoolExecutor(1) as aside:
        start_afresh(home)
        # Superset's schema and permissions need no figures: they are made while the figures are.
        prepared = aside.submit(serving.sync, home.root, prepare=True)
        with ministry_servers(home):
            report = run_demo(home, steps)
            with steps.step("Bảng điều hành · Superset"):
                _show(home, prepared)
            _close(home, report, steps)
            if report.line.missing:
                said(*report.line.missing)
                raise typer.Exit(1)
            if serve:
                _serve(home)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Keep a second demo from emptying the folder of one that runs."""
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / MARKER).open("a") as marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said(f"{home.root}: bản trình diễn khác đang chạy / another demo runs there; name another folder: --folder")
            raise typer.Exit(1) from None
        yield


def _show(home: Home, prepared: "Future[Synchronised]") -> None:
    for result in (prepared.result(), serving.sync(home.root)):
        if result.returncode != 0:
            err.print(result.stdout[-2000:] + result.stderr[-4000:], markup=False)
            raise typer.Exit(1)


def _refuse_a_stranger(home: Home) -> None:
    """The demo empties its folder: it must be the demo's own."""
    if home.root.exists() and any(home.root.iterdir()) and not (home.root / MARKER).exists():
        said(f"{home.root}: thư mục đã có dữ liệu khác / holds other data than a demo's; name another folder: --folder")
        raise typer.Exit(1)


def _close(home: Home, report: DemoReport, steps: Steps) -> None:
    out.print(_what_came_in(report), _results(home, report), _seconds(steps))
    answers = home.intake / CARELESS_PROVINCE / "ket_qua"
    out.print(f"Tệp sai được trả lại tại · The wrong workbook came back in {answers}")


def _what_came_in(report: DemoReport) -> Table:
    listing = table("Tiếp nhận · What came in", "Nguồn", "Lô", "Dòng đọc", "Tiếp nhận", "Trả lại")
    october = report.line.intake.admitted if report.line.intake else []
    by_source: dict[str, Counter[str]] = {}
    for batch in (admitted.batch for admitted in [*report.line.pulled, *report.september.admitted, *october]):
        counts = by_source.setdefault(batch.source, Counter())
        counts.update(batches=1, read=batch.n_read, accepted=batch.n_accepted, returned=batch.n_returned)
    for source, n in by_source.items():
        listing.add_row(source, *(f"{n[column]:,}" for column in ("batches", "read", "accepted", "returned")))
    return listing


def _results(home: Home, report: DemoReport) -> Table:
    computed, release = report.line.computed, report.line.release
    listing = table("Kết quả · Results", "", "")
    listing.add_row("Chỉ số đã tính · Indicators computed", str(len(computed.indicators) if computed else 0))
    with duckdb.connect(str((home.published / CURRENT).resolve()), read_only=True) as mart:
        lights = mart.execute(
            """select light_vi, count(*) from marts.mart_scoreboard
            where is_latest group by light_vi, light_order order by light_order"""
        ).fetchall()
    for light, count in lights:
        listing.add_row(f"  {light}", f"{count:,}")
    listing.add_row("Bản chốt số liệu số · Release", str(release.number if release else "—"))
    return listing


def _seconds(steps: Steps) -> Table:
    listing = table("Thời gian · Seconds", "Bước", "Giây")
    for name, took in steps.seconds.items():
        listing.add_row(name, f"{took:.1f}")
    listing.add_row("Tổng · Total", f"{sum(steps.seconds.values()):.1f}", style="bold")
    return listing


def _serve(home: Home) -> None:
    with (
        environment(CHISO_HOME=str(home.root), CHISO_NOW=OCTOBER.clock),
        dagster(home, 3000) as dagster_address,
        superset(home, 8088) as superset_address,
        worker(home),
    ):
        _invite(home, dagster_address, superset_address)
        until_interrupted()


def _invite(home: Home, dagster_address: str, superset_address: str) -> None:
    listing = table("Mở trình duyệt · Open", "", "")
    listing.add_row("Superset", superset_address)
    listing.add_row("Dagster", dagster_address)
    for user, password in passwords(home.root).items():
        listing.add_row(f"{user} · mật khẩu", password)
    folder = home.intake / CARELESS_PROVINCE
    out.print(
        listing,
        f"Thử · Try: sửa các ô đỏ của tệp trong {folder / 'ket_qua'}, chép vào {folder}, rồi đọc phiếu tiếp nhận mới.",
        f"CHISO_HOME={home.root} .venv/bin/chiso explain electronic_document_processing --unit P79 --period 2026-10",
        "Ctrl-C để dừng · to stop.",
        sep="\n",
    )
