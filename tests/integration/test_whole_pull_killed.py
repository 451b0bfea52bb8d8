"""Pulls of files and of SDMX messages killed at random while their source says another thing each time.

Every batch is one of the versions as a whole, none stands twice or comes after a newer one, and the last is last.
``CHISO_KILLS`` says how many kills; each comes at another instant of a pull, commits included.
"""

import json
import os
from functools import partial
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.durable import sha256_of
from connectors.landing import Landing
from connectors.ledger import Ledger
from indicator_specs.home import Home
from tests.data_service import serving
from tests.forked import drilling, kill_at_random
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
    home, source = Home(tmp_path / "data"), Restless(tmp_path)
    home.root.mkdir()
    with serving() as service:
        service.answer = source.answer
        secret = f"file://{tmp_path}" if kind == "file" else json.dumps({"url": f"{service.url}/v1", "token": "x" * 20})
        with drilling("tests.whole_pull_drill", CHISO_PROBE=secret) as drill:
            pull = partial(drill.run, home.root, kind)
            kill_at_random(pull, source.change, KILLS, seed=23)
            for _ in range(2):
                assert pull("") == 0
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
