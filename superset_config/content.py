"""What Superset's metadata holds: its schema, its permissions, and our assets. Import only inside an application."""
# ruff: noqa: TID251

from pathlib import Path

import superset
import yaml
from flask import g
from flask_migrate import upgrade
from superset import db, security_manager
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.connectors.sqla.models import SqlaTable
from superset.extensions import appbuilder
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice

from superset_config.progress import step

# A dashboard goes before its charts, a chart before its dataset, a dataset before its connection.
KINDS = {"dashboards/": Dashboard, "charts/": Slice, "datasets/": SqlaTable, "databases/": Database}
TITLES = {
    Dashboard: "dashboard_title",
    Slice: "slice_name",
    SqlaTable: "table_name",
    Database: "database_name",
}


def migrate() -> None:
    """Bring the metadata's schema up to date, and the permissions that Superset's views declare."""
    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
    step("schema up to date")
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    step("permissions up to date")


def read_assets(folder: Path, release: Path) -> dict[str, str]:
    """The generated asset files by relative path, with the address of this installation's release filled in.

    Raises:
        FileNotFoundError: nothing was generated.
    """
    found = {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}
    if not found:
        raise FileNotFoundError(f"{folder}: nothing generated; run: chiso generate")
    for name, text in found.items():
        if name.startswith("databases/"):
            document = {**yaml.safe_load(text), "sqlalchemy_uri": f"duckdb:///{release}"}
            found[name] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return found


def import_assets(contents: dict[str, str]) -> None:
    """Import all of them in one transaction, as the administrator. Existing ones are overwritten by uuid.

    Raises:
        superset.commands.exceptions.CommandInvalidError: a file is not what Superset expects; every field is named.
    """
    g.user = security_manager.find_user("admin")
    ImportAssetsCommand(contents).run()
    step(f"{len(contents)} asset files imported")


def prune(contents: dict[str, str]) -> None:
    """Delete every dashboard, chart, dataset and connection whose uuid is not in git."""
    wanted = {str(yaml.safe_load(text).get("uuid")) for text in contents.values()}
    for model in KINDS.values():
        for found in db.session.query(model):
            if str(found.uuid) not in wanted:
                step(f"pruned {model.__name__} {getattr(found, TITLES[model])!r}: not in git")
                db.session.delete(found)
        db.session.flush()
    db.session.commit()
