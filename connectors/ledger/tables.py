"""The tables of the ledger, in portable SQL. Only their shape: who may write what is said elsewhere."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()

STATES = ("received", "accepted", "partly_accepted", "returned", "duplicate", "quarantined")
"""``received`` is open; each of the others is final."""

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only on its own INTEGER


class Instant(TypeDecorator[datetime]):
    """An instant in UTC, stored without offset so that SQLite and PostgreSQL sort it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the store: UTC, offset dropped."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no offset")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the store: offset put back."""
        return None if value is None else value.replace(tzinfo=UTC)


submission = Table(
    "submission",
    metadata,
    Column("submission_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("agency", String(64), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("inode", Text, nullable=False),  # 64 bits without sign: wider than any portable integer
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("evidence_path", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("source", String(128)),
    Column("dataset", String(128)),
    Column("time_period", String(16)),
    Column("duplicate_of", _NUMBER, ForeignKey("submission.submission_no")),
    Column("answered_at", Instant),
    # The batch that holds its figures: its own, or an earlier one of the same content. Not for the warehouse.
    Column("batch_no", BigInteger, info={"is_internal": True}),
    CheckConstraint("state in ({})".format(", ".join(f"'{state}'" for state in STATES)), name="submission_state"),
    CheckConstraint("(state = 'duplicate') = (duplicate_of is not null)", name="submission_duplicate"),
    CheckConstraint("answered_at is null or state <> 'received'", name="submission_answered"),
    sqlite_autoincrement=True,
)
Index("submission_bytes", submission.c.sha256, submission.c.agency)

batch = Table(
    "batch",
    metadata,
    Column("batch_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("batch_id", String(64), nullable=False, unique=True),
    Column("source", String(128), nullable=False),
    Column("dataset", String(128), nullable=False),
    Column("submission_no", _NUMBER, ForeignKey("submission.submission_no")),
    Column("partition", String(64), nullable=False, default=""),
    Column("origin", JSON, nullable=False),
    Column("evidence_sha256", String(64), nullable=False),
    Column("evidence_path", Text, nullable=False),
    Column("landing_sha256", String(64), nullable=False),
    Column("landing_path", Text, nullable=False),
    Column("accepted_sha256", String(64)),
    Column("accepted_path", Text),
    Column("n_read", BigInteger, nullable=False),
    Column("n_accepted", BigInteger, nullable=False),
    Column("n_returned", BigInteger, nullable=False),
    Column("spec_hash", String(64), nullable=False),
    Column("history_release", BigInteger),
    Column("accepted_at", Instant, nullable=False),
    Column("is_provisional", Boolean, nullable=False, default=False),
    # The compaction whose parts hold its accepted rows, and since when any has; before, a file of its own does.
    Column("compaction_no", BigInteger),
    Column("compacted_at", Instant, info={"is_internal": True}),
    CheckConstraint("n_read = n_accepted + n_returned", name="batch_counts"),
    CheckConstraint("n_accepted >= 0 and n_returned >= 0", name="batch_not_negative"),
    CheckConstraint("(accepted_path is null) = (accepted_sha256 is null)", name="batch_accepted_pair"),
    CheckConstraint("(n_accepted = 0) = (accepted_path is null)", name="batch_accepted_file"),
    sqlite_autoincrement=True,
)
Index("batch_line", batch.c.source, batch.c.dataset, batch.c.partition)
Index("batch_compaction", batch.c.compaction_no)

compaction = Table(
    "compaction",
    metadata,
    Column("compaction_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("source", String(128), nullable=False),
    Column("dataset", String(128), nullable=False),
    Column("partition", String(64), nullable=False),
    Column("n_batches", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("replaced_by", _NUMBER, ForeignKey("compaction.compaction_no")),
    sqlite_autoincrement=True,
)

part = Table(
    "part",
    metadata,
    Column("part_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("compaction_no", _NUMBER, ForeignKey("compaction.compaction_no"), nullable=False, index=True),
    Column("source", String(128), nullable=False),
    Column("dataset", String(128), nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("n_rows", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""Files of compactions that nothing has replaced; what happened to earlier ones stands in the chronicle."""

finding = Table(
    "finding",
    metadata,
    Column("finding_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("batch_no", _NUMBER, ForeignKey("batch.batch_no"), index=True),
    Column("submission_no", _NUMBER, ForeignKey("submission.submission_no"), index=True),
    Column("rule", Text, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("place", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("message_vi", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("time_period", Text, nullable=False),
    Column("finding_group", Text, nullable=False),  # "group" is a word of SQL
    CheckConstraint("batch_no is not null or submission_no is not null", name="finding_of_something"),
    sqlite_autoincrement=True,
)

cursor = Table(
    "cursor",
    metadata,
    Column("source", String(128), primary_key=True),
    Column("dataset", String(128), primary_key=True),
    Column("partition", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("batch_no", _NUMBER, ForeignKey("batch.batch_no"), nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("event_no", _NUMBER, primary_key=True, autoincrement=True),
    Column("happened_at", Instant, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("event_hash", String(64), nullable=False),
    sqlite_autoincrement=True,
)
Index("event_subject", event.c.subject)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
