"""Whether a proposed folder loads under the strict models, and what the catalogue's checks say of it."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from indicator_specs.lint import lint
from indicator_specs.registry import SOURCES, load_registry
from pipelines.scaffold.source_folder import Proposal, write


def findings_of(proposal: Proposal, source: str, sources: Path = SOURCES) -> list[str]:
    """What the checks of the catalogue say of it.

    Raises:
        SpecError: it does not load; the error says what is wrong in which field.
    """
    with TemporaryDirectory(prefix="chiso-") as folder:
        tried = Path(folder) / "sources"
        shutil.copytree(sources, tried)
        write(proposal, tried / source)
        found = lint(load_registry(sources=tried))
    return [f"{each.check} [{each.subject}] {each.message}" for each in found if source in each.subject]
