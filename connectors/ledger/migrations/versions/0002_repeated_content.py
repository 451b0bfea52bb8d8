"""A submission knows the batch that holds its figures, also where an earlier one had brought the same."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("batch_no", sa.BigInteger))
    op.execute(
        "update submission set batch_no = "
        "(select max(batch.batch_no) from batch where batch.submission_no = submission.submission_no)"
    )


def downgrade() -> None:
    raise RuntimeError("The ledger is never downgraded: restore the copy made before the upgrade.")
