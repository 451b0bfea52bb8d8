"""Events are chained by hash and found by their subject; a batch may be provisional until it is verified."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EVENT = sa.table(
    "event",
    sa.column("event_no", sa.BigInteger),
    sa.column("happened_at", sa.DateTime),
    sa.column("kind", sa.Text),
    sa.column("subject", sa.Text),
    sa.column("detail", sa.JSON),
    sa.column("event_hash", sa.Text),
)


def upgrade() -> None:
    op.add_column("batch", sa.Column("is_provisional", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("event", sa.Column("event_hash", sa.String(64), nullable=False, server_default=""))
    op.create_index("event_subject", "event", ["subject"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("drop trigger event_no_update" if sqlite else "drop trigger event_append_only on event")
    _chain()
    if sqlite:
        op.execute(
            "create trigger event_no_update before update on event "
            "begin select raise(abort, 'event is append-only'); end"
        )
    else:
        op.execute(
            "create trigger event_append_only before update or delete on event "
            "for each statement execute function event_append_only()"
        )


def _chain() -> None:
    """The events of before, each with the hash that it would have been given."""
    connection, previous = op.get_bind(), ""
    for row in connection.execute(sa.select(EVENT).order_by(EVENT.c.event_no)).mappings().all():
        moment: datetime = row["happened_at"].replace(tzinfo=UTC)
        told = [previous, moment.isoformat(timespec="microseconds"), row["kind"], row["subject"], row["detail"]]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        previous = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        connection.execute(sa.update(EVENT).where(EVENT.c.event_no == row["event_no"]).values(event_hash=previous))


def downgrade() -> None:
    raise RuntimeError("The ledger is never downgraded: restore the copy made before the upgrade.")
