"""Runs the migrations inside the transaction that the ledger opened; there is no other way to run them."""

from alembic import context

from connectors.ledger.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transaction_per_migration=False,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
