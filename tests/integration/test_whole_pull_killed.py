"""Pulls of files and of SDMX messages killed at random while their source says another thing each time.

Every batch is one of the versions as a whole, none stands twice or comes after a newer one, and the last is last.
``CHISO_KILLS`` says how many kills; each comes at another instant of a pull, commits included.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.durable import sha256_of
from connectors.landing import Landing
from connectors.ledger import Ledger
from indicator_specs.home import PROJECT, Home
from tests.data_service import serving
from tests.sdmx_messages import CODES, data, observation, structure
from tests.whole_pull_drill import PERIOD

KILLS = int(os.environ.get("CHISO_KILLS", "5"))
UNITS = [f"P{n:02}" for n in range(1, 35)]


class Restless:
    """A source that says another thing each time: figures of version ``n`` all end in ``n``."""

    def __init__(self, folder: Path) -> None:
        self.version, self._file = 0, folder / f"so_{PERIOD}.csv"
        self._structure = structure(codes={**CODES, "REF_AREA": UNITS})

    def change(self) -> None:
        self.version += 1
        lines = [f"{unit},{PERIOD},{n}.{self.version},{n}" for n, unit in enumerate(UNITS, 1)]
        text = "\n".join(["unit_code,period,received,full_online", *lines, ""])
        if self.version % 2:  # an owner who moves it there, and one who writes it where it lies
            aside = self._file.with_suffix(".part")
            aside.write_text(text)
            aside.replace(self._file)
        else:
            self._file.write_text(text)

    def answer(self, request: Request, _: int) -> Response:
        shown = [
            observation(unit, code, value)
            for n, unit in enumerate(UNITS, 1)
            for code, value in (("RC", f"{n}.{self.version}"), ("ON", str(n)))
        ]
        is_structure = "/datastructure/" in request.url.path
        return Response(self._structure if is_structure else data(*shown), media_type="application/xml")


@pytest.mark.parametrize("kind", ["file", "sdmx"])
def test_every_version_is_whole_once_and_in_order(kind: str, tmp_path: Path) -> None:
    chance, home, source = random.Random(23), Home(tmp_path / "data"), Restless(tmp_path)
    home.root.mkdir()
    with serving() as service:
        service.answer = source.answer
        secret = f"file://{tmp_path}" if kind == "file" else json.dumps({"url": f"{service.url}/v1", "token": "x" * 20})
        with subprocess.Popen(
            [sys.executable, "-m", "tests.whole_pull_drill"],
            cwd=PROJECT,
            env={**os.environ, "CHISO_PROBE": secret},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def pull(seconds: str = "") -> int:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(f"{home.root}\t{kind}\t{seconds}\n")
                process.stdin.flush()
                return int(process.stdout.readline())

            for _ in range(2):  # the first waits until the process has imported everything
                source.change()
                began = time.monotonic()
                assert pull() == 0
            usual, n_killed = time.monotonic() - began, 0
            while n_killed < KILLS:
                source.change()
                status = pull(f"{chance.uniform(0, usual):.4f}")
                assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
                n_killed += os.WIFSIGNALED(status)
            for _ in range(2):
                assert pull() == 0
    with Ledger.open(home) as ledger:
        batches = ledger.batches()
    versions = []
    for batch in batches:
        rows = Landing(home).read(batch.landing_path)
        assert rows.height == 2 * len(UNITS)
        (version,) = {
            str(row["obs_value"]).partition(".")[2]
            for row in rows.iter_rows(named=True)
            if row["measure"] == "probe.received"
        }
        versions.append(int(version))
        assert sha256_of(home.root / batch.evidence_path) == batch.evidence_sha256
    assert versions == sorted(set(versions))
    assert versions[:2] == [1, 2]
    assert versions[-1] == source.version
