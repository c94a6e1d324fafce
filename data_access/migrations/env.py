"""Runs the migrations over the connection that ``upgrade`` hands in."""

from __future__ import annotations

from alembic import context

from data_access.migrations import VERSION_TABLE
from data_access.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
