"""The first ledger: submissions, batches, findings, cursors, events, leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'received', 'accepted', 'partly_accepted', 'returned', 'duplicate', 'quarantined'"


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("submission_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("agency", sa.String(64), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("inode", sa.Text, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("evidence_path", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.String(128)),
        sa.Column("dataset", sa.String(128)),
        sa.Column("time_period", sa.String(16)),
        sa.Column("duplicate_of", NUMBER, sa.ForeignKey("submission.submission_no")),
        sa.Column("answered_at", sa.DateTime),
        sa.CheckConstraint(f"state in ({STATES})", name="submission_state"),
        sa.CheckConstraint("(state = 'duplicate') = (duplicate_of is not null)", name="submission_duplicate"),
        sa.CheckConstraint("answered_at is null or state <> 'received'", name="submission_answered"),
        sqlite_autoincrement=True,
    )
    op.create_index("submission_bytes", "submission", ["sha256", "agency"])
    op.create_table(
        "batch",
        sa.Column("batch_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("batch_id", sa.String(64), nullable=False, unique=True),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("dataset", sa.String(128), nullable=False),
        sa.Column("submission_no", NUMBER, sa.ForeignKey("submission.submission_no")),
        sa.Column("partition", sa.String(64), nullable=False),
        sa.Column("origin", sa.JSON, nullable=False),
        sa.Column("evidence_sha256", sa.String(64), nullable=False),
        sa.Column("evidence_path", sa.Text, nullable=False),
        sa.Column("landing_sha256", sa.String(64), nullable=False),
        sa.Column("landing_path", sa.Text, nullable=False),
        sa.Column("accepted_sha256", sa.String(64)),
        sa.Column("accepted_path", sa.Text),
        sa.Column("n_read", sa.BigInteger, nullable=False),
        sa.Column("n_accepted", sa.BigInteger, nullable=False),
        sa.Column("n_returned", sa.BigInteger, nullable=False),
        sa.Column("spec_hash", sa.String(64), nullable=False),
        sa.Column("history_release", sa.BigInteger),
        sa.Column("accepted_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("n_read = n_accepted + n_returned", name="batch_counts"),
        sa.CheckConstraint("n_accepted >= 0 and n_returned >= 0", name="batch_not_negative"),
        sa.CheckConstraint("(accepted_path is null) = (accepted_sha256 is null)", name="batch_accepted_pair"),
        sa.CheckConstraint("(n_accepted = 0) = (accepted_path is null)", name="batch_accepted_file"),
        sqlite_autoincrement=True,
    )
    op.create_index("batch_line", "batch", ["source", "dataset", "partition"])
    op.create_table(
        "finding",
        sa.Column("finding_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("batch_no", NUMBER, sa.ForeignKey("batch.batch_no")),
        sa.Column("submission_no", NUMBER, sa.ForeignKey("submission.submission_no")),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("expected", sa.Text, nullable=False),
        sa.Column("message_vi", sa.Text, nullable=False),
        sa.Column("message_en", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("org_unit", sa.Text, nullable=False),
        sa.Column("time_period", sa.Text, nullable=False),
        sa.Column("finding_group", sa.Text, nullable=False),
        sa.CheckConstraint("batch_no is not null or submission_no is not null", name="finding_of_something"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_finding_batch_no", "finding", ["batch_no"])
    op.create_index("ix_finding_submission_no", "finding", ["submission_no"])
    op.create_table(
        "cursor",
        sa.Column("source", sa.String(128), primary_key=True),
        sa.Column("dataset", sa.String(128), primary_key=True),
        sa.Column("partition", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("batch_no", NUMBER, sa.ForeignKey("batch.batch_no"), nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("event_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("happened_at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    _refuse_rewriting("event")
    _refuse_rewriting("finding")


def _refuse_rewriting(table: str) -> None:
    """What was recorded stays: the database itself refuses to change or delete it."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )
        return
    op.execute(
        f"create function {table}_append_only() returns trigger language plpgsql as "
        f"$$ begin raise exception '{table} is append-only'; end $$"
    )
    op.execute(
        f"create trigger {table}_append_only before update or delete on {table} "
        f"for each statement execute function {table}_append_only()"
    )


def downgrade() -> None:
    raise RuntimeError("The ledger is never downgraded: restore the copy made before the upgrade.")
