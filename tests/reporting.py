"""An installation in which officers report on the form of communes: files dropped, answered and read back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from connectors.intake.folders import open_folder
from connectors.ledger import Submission
from connectors.workbook.stamp import KEY_FILE
from connectors.workbook.template import build_template
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from indicator_specs.verification import VerificationRule
from pipelines.installation import Installation
from pipelines.intake import take_in
from tests.workbooks import AGENCY, KEY, PERIOD, copied, filled, registry

FORM = "commune_report.administration"
VERIFIER = "VPTW"


ONE_ROW = "public_service_report.procedures"
"""A form with one row of four figures: two parts and their wholes."""


@lru_cache(maxsize=2)
def verifying_registry(form: str = FORM) -> Registry:
    """The registry of the repository, in which a form needs a verifier."""
    rule = VerificationRule(form, "", "", VERIFIER, None, None, "test")
    return replace(registry(), reference=replace(registry().reference, verifications=(rule,)))


def one_row(path: Path, agency: str) -> Path:
    """The form of one row, with 100, 90, 50 and 40 in its cells E14 to H14."""
    form = registry().datasets[ONE_ROW]
    prefill = {(agency, each.id): figure for each, figure in zip(form.measures, (100, 90, 50, 40), strict=True)}
    return build_template(registry(), form, agency, PERIOD, path, prefill, key=KEY)


class Reporting:
    """One installation of a test."""

    def __init__(self, home: Home, *, verified: bool = False, form: str = ONE_ROW) -> None:
        self.home = home
        home.root.mkdir(parents=True, exist_ok=True)
        (home.root / KEY_FILE).write_bytes(KEY)
        self.here = Installation(home, verifying_registry(form) if verified else registry())
        self._template = home.root / "template.xlsx"
        if form == FORM:
            filled(self._template)
        else:
            one_row(self._template, AGENCY)
        self._dropped = 0

    def drop(self, agency: str = AGENCY, **changes: object) -> Path:
        """A filled form in the agency's folder; ``E15=7`` puts 7 into that cell, None blanks it."""
        self._dropped += 1
        made = self.home.root / f"{self._dropped}.xlsx"
        copied(self._template, made)
        book = load_workbook(made)
        for address, value in changes.items():
            book["Số liệu"][address] = value
        book.save(made)
        return made.rename(open_folder(self.home, agency) / f"bao_cao_{self._dropped}.xlsx")

    def send(self, agency: str = AGENCY, **changes: object) -> Submission:
        """Drop a form and answer it."""
        self.drop(agency, **changes)
        return self.answered()

    def answered(self) -> Submission:
        """Answer what lies there; the last of it."""
        report = take_in(self.here, settle_seconds=0)
        assert report.troubles == []
        return report.answers[-1]

    def receipt(self, submission_no: int, agency: str = AGENCY, suffix: str = "") -> Mapping[str, Any]:
        """A receipt for machines."""
        path = self.home.intake / agency / "ket_qua" / f"PTN-{submission_no:06d}{suffix}.json"
        told: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return told

    def rules(self, submission: Submission) -> list[str]:
        """Rules of its findings."""
        return [each.rule for each in self.here.ledger.findings(submission_no=submission.submission_no)]
