"""Make Superset show exactly what is in git, then prove it. Runs in Superset's environment, in one process.

Order: catalogue, schema, permissions, assets, prune, roles, users, row-level security, verification. Every step may be
repeated; a process killed at any of them is cured by running again. Exit code 0 means that everything was verified.
"""
# ruff: noqa: TID251, PLC0415 - what is imported inside functions asks for the application's settings on import

import argparse
import sys
from pathlib import Path

import yaml
from superset.app import create_app

from superset_config.catalogue import compile_catalogue
from superset_config.credentials import SECURITY, passwords
from superset_config.progress import step

GENERATED = Path(__file__).resolve().parent / "generated"


def main() -> int:
    """Run; one line a step to standard output, any problem to standard error in words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare", action="store_true", help="schema and permissions only; needs no release")
    prepare = parser.parse_args().prepare
    try:
        synchronise(prepare)
    except Exception as error:
        # The border of the program: whatever went wrong becomes words and a code.
        sys.stderr.write(f"Đồng bộ Superset không thành công: {describe(error)}\n")
        sys.stderr.write(f"Superset synchronisation failed: {describe(error)}\n")
        return 1
    return 0


def describe(error: Exception) -> str:
    """The error in one line; an import error names every file and field."""
    normalized = getattr(error, "normalized_messages", None)
    return f"{type(error).__name__}: {normalized() if normalized else error}"


def synchronise(prepare: bool) -> None:
    """Do every step. See the module's own words for the order.

    Raises:
        FileNotFoundError: there is no release, or nothing was generated.
    """
    from superset_config.superset_config import CHISO, OWN

    step(f"catalogue: {compile_catalogue(OWN / 'i18n')} messages")
    app = create_app()
    step("application ready")
    with app.app_context():
        from superset_config import content

        content.migrate()
        if not prepare:
            apply(CHISO)


def apply(home: Path) -> None:
    """Import assets, prune, set access, verify.

    Args:
        home: the data folder; its release must be published.

    Raises:
        FileNotFoundError: there is no release.
        AccessError: the access rules do not fit what is there.
        UnverifiedError: the result is not what was asked for.
    """
    from superset_config import access, content, verification

    release = home / "published" / "mart.duckdb"
    if not release.exists():
        raise FileNotFoundError(f"chưa có bản chốt số liệu / no release yet: {release}")
    rules = access.Rules.read(
        yaml.safe_load(SECURITY.read_text("utf-8")),
        yaml.safe_load((GENERATED / "access.yaml").read_text("utf-8")),
    )
    contents = content.read_assets(GENERATED / "assets", release)
    secrets = passwords(home)
    access.ensure_admin(rules, secrets)
    content.import_assets(contents)
    content.prune(contents)
    access.apply_permissions(rules)
    access.apply_users(rules, secrets)
    access.apply_row_level_security(rules)
    access.apply_dashboard_roles()
    step(f"{len(rules.users)} users, {len(rules.provinces)} province roles, row-level security")
    verification.verify(rules, contents)
    step("verified")


if __name__ == "__main__":
    sys.exit(main())
