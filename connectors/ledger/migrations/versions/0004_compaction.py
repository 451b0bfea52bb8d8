"""Accepted rows of many batches may lie together in parts, which the ledger lists."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("batch", sa.Column("compaction_no", sa.BigInteger))
    op.add_column("batch", sa.Column("compacted_at", sa.DateTime))
    op.create_index("batch_compaction", "batch", ["compaction_no"])
    op.create_table(
        "compaction",
        sa.Column("compaction_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("dataset", sa.String(128), nullable=False),
        sa.Column("partition", sa.String(64), nullable=False),
        sa.Column("n_batches", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("replaced_by", NUMBER, sa.ForeignKey("compaction.compaction_no")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "part",
        sa.Column("part_no", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("compaction_no", NUMBER, sa.ForeignKey("compaction.compaction_no"), nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("dataset", sa.String(128), nullable=False),
        sa.Column("path", sa.Text, nullable=False, unique=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("n_rows", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_part_compaction_no", "part", ["compaction_no"])


def downgrade() -> None:
    raise RuntimeError("The ledger is never downgraded: restore the copy made before the upgrade.")
