"""Puts the site together: guides from ``docs/``, pages from the specifications, HTML by mkdocs. Needs no network."""

import shutil
import tempfile
from pathlib import Path

from indicator_specs.errors import PlainError, both
from indicator_specs.home import PROJECT
from indicator_specs.registry import Registry
from pipelines.site.catalogue_pages import catalogue_page, checks_page, programmes_page
from pipelines.site.indicator_page import indicator_page

CONFIG = PROJECT / "docs" / "mkdocs.yml"


def write_pages(registry: Registry, folder: Path) -> None:
    """Write every page as Markdown: the guides as they are, the rest drawn from the specifications."""
    shutil.copytree(PROJECT / "docs", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("mkdocs.yml"))
    (folder / "indicators").mkdir(exist_ok=True)
    for spec in registry.indicators.values():
        (folder / "indicators" / f"{spec.id}.md").write_text(indicator_page(registry, spec), encoding="utf-8")
    for name, text in (
        ("index.md", catalogue_page(registry)),
        ("programmes.md", programmes_page(registry)),
        ("checks.md", checks_page()),
    ):
        (folder / name).write_text(text, encoding="utf-8")


def build_site(registry: Registry, out: Path) -> int:
    """Build the site into a folder; returns how many pages it has.

    Raises:
        PlainError: mkdocs is not installed, or a page links to what is not there.
    """
    try:
        from mkdocs.commands.build import build  # noqa: PLC0415 - only an environment for development has it
        from mkdocs.config import load_config  # noqa: PLC0415
        from mkdocs.exceptions import MkDocsException  # noqa: PLC0415
    except ImportError as missing:
        raise PlainError(both("Chưa cài mkdocs-material", "mkdocs-material is not installed")) from missing
    with tempfile.TemporaryDirectory(prefix="chiso-docs-") as folder:
        write_pages(registry, Path(folder))
        try:
            config = load_config(str(CONFIG), docs_dir=folder, site_dir=str(out), strict=True)
            build(config)
        except MkDocsException as error:
            raise PlainError(both(f"Không dựng được trang: {error}", f"The site cannot be built: {error}")) from error
    return len(list(out.rglob("index.html")))
