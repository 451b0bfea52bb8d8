"""Proof after synchronisation: what is on screen is what is in git, it runs on the release, and rows are restricted."""
# ruff: noqa: TID251

from collections.abc import Iterator
from typing import Any

import yaml
from flask import g
from superset import db, security_manager
from superset.connectors.sqla.models import SqlaTable

from superset_config.access import VIEWER, Rules, roles_of
from superset_config.content import KINDS


class UnverifiedError(Exception):
    """What was synchronised is not what was asked for; the message lists every difference."""


def verify(rules: Rules, contents: dict[str, str]) -> None:
    """Check presence, columns and row-level security.

    Args:
        rules: the access rules that were applied.
        contents: the asset files that were imported, by relative path.

    Raises:
        UnverifiedError: with every problem that was found.
    """
    problems = [*_differences(contents), *_unreadable(), *_wrong_rows(rules), *_wrong_roles(rules)]
    if problems:
        raise UnverifiedError("; ".join(problems))


def _differences(contents: dict[str, str]) -> Iterator[str]:
    for prefix, model in KINDS.items():
        wanted = {yaml.safe_load(text)["uuid"] for name, text in contents.items() if name.startswith(prefix)}
        present = {str(found.uuid) for found in db.session.query(model)}
        yield from (f"{prefix}{uuid} was not imported" for uuid in sorted(wanted - present))
        yield from (f"{prefix}{uuid} is not in git" for uuid in sorted(present - wanted))


def _unreadable() -> Iterator[str]:
    """Every column and metric of every dataset, asked once of the release through the sealed connection."""
    for table in db.session.query(SqlaTable):
        columns = [column.expression or f'"{column.column_name}"' for column in table.columns]
        metrics = [metric.expression for metric in table.metrics]
        place = f"{table.schema}.{table.table_name}"
        asked = f"({table.sql}) AS asked" if table.sql else place
        with table.database.get_sqla_engine() as engine, engine.connect() as connection:
            for what in (columns, metrics):
                if not what:
                    continue
                try:
                    connection.exec_driver_sql(f"SELECT {', '.join(what)} FROM {asked} LIMIT 1").fetchall()
                except Exception as error:
                    yield f"{place}: {str(error).splitlines()[0]}"


def _wrong_rows(rules: Rules) -> Iterator[str]:
    """The clause that each user of ``security.yml`` would be given on each dataset."""
    for user in rules.users:
        g.user = security_manager.find_user(user["username"])
        provinces = user.get("provinces", ())
        for table in db.session.query(SqlaTable):
            clauses = sorted(rule.clause for rule in security_manager.get_rls_filters(table))
            column = rules.restricted.get(table.table_name)
            expected: list[Any] = []
            if column and user["role"] == "agency":
                expected = sorted(f"{column} = '{code}'" for code in provinces) or ["1 = 0"]
            if clauses != expected:
                yield f"{user['username']} on {table.table_name}: {clauses} instead of {expected}"


def _wrong_roles(rules: Rules) -> Iterator[str]:
    for user in rules.users:
        present = {role.name for role in security_manager.find_user(user["username"]).roles}
        if present != {*roles_of(user)}:
            yield f"{user['username']} has roles {sorted(present)}"
    if any(pair.permission.name.startswith("all_") for pair in security_manager.find_role(VIEWER).permissions):
        yield f"{VIEWER} may read everything"
