"""Make Superset show exactly what is in git, then prove it. Runs in Superset's environment, in one process.

Order: schema, permissions, catalogue, assets, prune, roles, users, row-level security, verification. Every step may be
repeated; a process killed at any of them is cured by running again. Exit code 0 means that everything was verified.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from flask import g
from superset.app import create_app

from superset_config.catalogue import compile_catalogue
from superset_config.credentials import passwords

HERE = Path(__file__).resolve().parent
GENERATED = HERE / "generated"
STARTED = time.monotonic()


class Refused(Exception):
    """Synchronisation cannot be done or its result is not what was asked for."""


def main() -> int:
    """Run; print one line a step to standard output and any problem to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="schema and permissions only; needs no release")
    prepare = parser.parse_args().prepare
    try:
        synchronise(prepare)
    except Exception as error:  # noqa: BLE001 - the border of the program: every problem becomes words and a code
        print(f"Đồng bộ Superset không thành công: {describe(error)}", file=sys.stderr)
        print(f"Superset synchronisation failed: {describe(error)}", file=sys.stderr)
        return 1
    return 0


def describe(error: Exception) -> str:
    """The error in one line; an import error names every file and field."""
    normalized = getattr(error, "normalized_messages", None)
    return f"{type(error).__name__}: {normalized() if normalized else error}"


def synchronise(prepare: bool) -> None:
    """Do every step. See the module's own words for the order."""
    from superset_config.superset_config import CHISO, OWN

    compiled = compile_catalogue(OWN / "i18n")
    step(f"catalogue: {compiled} messages")
    app = create_app()
    step("application ready")
    with app.app_context():
        migrate()
        if prepare:
            return
        release = CHISO / "published" / "mart.duckdb"
        if not release.exists():
            raise Refused(f"chưa có bản chốt số liệu / no release yet: {release}")
        apply(release, CHISO)


def step(text: str) -> None:
    """Say what was done and when."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}", flush=True)


def migrate() -> None:
    """Bring the metadata's schema up to date, and the permissions that Superset's views declare."""
    import superset
    from flask_migrate import upgrade
    from superset import db, security_manager
    from superset.extensions import appbuilder

    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
    step("schema up to date")
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    step("permissions up to date")


def apply(release: Path, home: Path) -> None:
    """Import assets, prune, set access, verify."""
    from superset_config import access, verification

    rules = access.Rules.read(read_yaml(HERE / "security.yml"), read_yaml(GENERATED / "access.yaml"))
    secrets = passwords(home)
    access.ensure_admin(rules, secrets)
    contents = assets(release)
    import_assets(contents)
    step(f"{len(contents)} asset files imported")
    prune({str(document.get("uuid")) for document in map(yaml.safe_load, contents.values())})
    access.apply_permissions(rules)
    access.apply_users(rules, secrets)
    access.apply_row_level_security(rules)
    access.apply_dashboard_roles()
    step(f"{len(rules.users)} users, {len(rules.provinces)} province roles, row-level security")
    verification.verify(rules, contents)
    step("verified")


def read_yaml(path: Path) -> Any:
    """One YAML document."""
    return yaml.safe_load(path.read_text("utf-8"))


def assets(release: Path) -> dict[str, str]:
    """The generated asset files by relative path, with the address of this installation's release filled in."""
    folder = GENERATED / "assets"
    found = {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}
    if not found:
        raise Refused(f"{folder}: nothing generated")
    for name in found:
        if name.startswith("databases/"):
            document = yaml.safe_load(found[name])
            document["sqlalchemy_uri"] = f"duckdb:///{release}"
            found[name] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return found


def import_assets(contents: dict[str, str]) -> None:
    """Import all of them in one transaction, as the administrator. Existing ones are overwritten by uuid."""
    from superset import security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    g.user = security_manager.find_user("admin")
    ImportAssetsCommand(contents).run()


def prune(wanted: set[str]) -> None:
    """Delete every dashboard, chart, dataset and connection whose uuid is not in git."""
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    for model in (Dashboard, Slice, SqlaTable, Database):
        for found in db.session.query(model):
            if str(found.uuid) not in wanted:
                print(f"pruned {model.__name__} {found}: not in git")
                db.session.delete(found)
        db.session.flush()
    db.session.commit()


if __name__ == "__main__":
    sys.exit(main())
