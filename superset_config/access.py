"""Roles, users and row-level security in Superset's metadata, from ``security.yml``. Runs in Superset's environment.

Default deny: a dataset with a unit column answers nothing to a user who has no province; a dataset that is neither
restricted nor declared open stops synchronisation.
"""
# ruff: noqa: TID251

from dataclasses import dataclass
from typing import Any

from superset import db, security_manager
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from superset.models.dashboard import Dashboard
from werkzeug.security import check_password_hash

from superset_config.progress import step

ADMIN, VIEWER, ANALYST = "Admin", "Người xem", "Chuyên viên phân tích"
DENY = "Mặc định không cho xem"
GROUP = "province"


class AccessError(Exception):
    """The access rules do not fit what is there; the message says where."""


@dataclass(frozen=True)
class Rules:
    """``security.yml`` and the generated list of provinces and datasets, checked against each other."""

    users: list[dict[str, Any]]
    permissions: dict[str, list[list[str]]]
    provinces: dict[str, str]
    restricted: dict[str, str]

    @classmethod
    def read(cls, security: dict[str, Any], access: dict[str, Any]) -> "Rules":
        """Join the two documents.

        Raises:
            AccessError: a dataset without a rule, or a user with an unknown role or province.
        """
        restricted = {name: column for name, column in access["datasets"].items() if column}
        loose = access["datasets"].keys() - restricted.keys() - {*security["open_datasets"]}
        if loose:
            raise AccessError(f"security.yml: no rule for {', '.join(sorted(loose))}; restrict it or declare it open")
        for user in security["users"]:
            strangers = {*user.get("provinces", ())} - access["provinces"].keys()
            if strangers or user["role"] not in {"admin", "analyst", "agency"}:
                raise AccessError(f"security.yml: user {user['username']}: unknown {strangers or user['role']}")
        return cls(security["users"], security["permissions"], access["provinces"], restricted)


def province_role(code: str) -> str:
    """The name of the role that sees the rows of one province."""
    return f"Đơn vị {code}"


def roles_of(user: dict[str, Any]) -> list[str]:
    """The names of the roles of one user of ``security.yml``."""
    match user["role"]:
        case "admin":
            return [ADMIN]
        case "analyst":
            return [VIEWER, ANALYST]
        case _:
            return [VIEWER, *(province_role(code) for code in user.get("provinces", ()))]


def apply_permissions(rules: Rules) -> None:
    """Give the viewer and the analyst exactly the permissions of ``security.yml``, and the datasets of the release.

    Raises:
        AccessError: a permission that Superset does not know.
    """
    missing = []
    for name, listed in ((VIEWER, rules.permissions["viewer"]), (ANALYST, rules.permissions["analyst"])):
        found = []
        for permission, view in listed:
            pair = security_manager.find_permission_view_menu(permission, view)
            missing += [] if pair else [f"{permission} on {view}"]
            found.append(pair)
        datasets = db.session.query(SqlaTable).all()
        if name == VIEWER:
            found += [_grant("datasource_access", dataset.get_perm()) for dataset in datasets]
        else:
            found += [_grant("database_access", each.perm) for each in {dataset.database for dataset in datasets}]
        security_manager.add_role(name).permissions = list({pair.id: pair for pair in found if pair}.values())
    if missing:
        raise AccessError(f"security.yml: Superset has no permission {', '.join(missing)}")
    for code in rules.provinces:
        # A province's role holds no permission: it only opens its rows.
        security_manager.add_role(province_role(code)).permissions = []


def _grant(permission: str, view: str) -> Any:
    return security_manager.add_permission_view_menu(permission, view)


def ensure_admin(rules: Rules, passwords: dict[str, str]) -> None:
    """Create the administrator, in whose name assets are imported, before anything else exists."""
    wanted = next(user for user in rules.users if user["role"] == "admin")
    if security_manager.find_user(wanted["username"]) is None:
        _create(wanted, [security_manager.find_role(ADMIN)], passwords[wanted["username"]])


def _create(wanted: dict[str, Any], roles: list[Any], password: str) -> None:
    name = wanted["username"]
    email = f"{name}@chiso.local"
    if not security_manager.add_user(name, wanted["first_name"], wanted["last_name"], email, roles, password=password):
        raise AccessError(f"user {name} could not be created")


def apply_users(rules: Rules, passwords: dict[str, str]) -> None:
    """Create or correct the users of ``security.yml``; deactivate every other one."""
    for wanted in rules.users:
        name = wanted["username"]
        roles = [security_manager.find_role(role) for role in roles_of(wanted)]
        user = security_manager.find_user(name)
        if user is None:
            _create(wanted, roles, passwords[name])
            continue
        user.first_name, user.last_name, user.roles, user.active = (
            wanted["first_name"],
            wanted["last_name"],
            roles,
            True,
        )
        if not check_password_hash(user.password, passwords[name]):
            security_manager.reset_password(user.id, passwords[name])
    known = {user["username"] for user in rules.users}
    for user in security_manager.get_all_users():
        if user.username not in known and user.active:
            step(f"deactivated user {user.username}: not in security.yml")
            user.active = False
    db.session.commit()


def apply_row_level_security(rules: Rules) -> None:
    """One rule per province over every restricted dataset, and one that denies everybody else everything."""
    tables = db.session.query(SqlaTable).filter(SqlaTable.table_name.in_(rules.restricted)).all()
    if len(tables) != len(rules.restricted):
        raise AccessError("a restricted dataset was not imported")
    by_column: dict[str, list[SqlaTable]] = {}
    for table in tables:
        by_column.setdefault(rules.restricted[table.table_name], []).append(table)
    exempt = [ADMIN, ANALYST, *map(province_role, rules.provinces)]
    wanted = [(DENY, "Base", "1 = 0", None, exempt, tables)]
    for code in rules.provinces:
        for column, its in by_column.items():
            wanted.append((province_role(code), "Regular", f"{column} = '{code}'", GROUP, [province_role(code)], its))
    present = {rule.name: rule for rule in db.session.query(RowLevelSecurityFilter)}
    for name, kind, clause, group, roles, its in wanted:
        rule = present.pop(name, None) or RowLevelSecurityFilter(name=name)
        rule.filter_type, rule.clause, rule.group_key = kind, clause, group
        rule.roles = [security_manager.find_role(role) for role in roles]
        rule.tables = its
        db.session.add(rule)
    for rule in present.values():
        step(f"removed row-level rule {rule.name}: not in security.yml")
        db.session.delete(rule)
    db.session.commit()


def apply_dashboard_roles() -> None:
    """Open every dashboard to every viewer; the rows behind it are not."""
    for dashboard in db.session.query(Dashboard):
        dashboard.roles = [security_manager.find_role(name) for name in (ADMIN, VIEWER)]
    db.session.commit()
