"""The steps that bring a database of any age to the structure of ``data_access.schema``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

FOLDER = Path(__file__).parent
VERSION_TABLE = "onemap_revision"


@cache
def head() -> str:
    """The newest revision that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


@cache
def revisions() -> frozenset[str]:
    """Every revision that this program knows."""
    return frozenset(
        step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def revision_of(connection: Connection) -> str | None:
    """The revision that a database has reached; None before the first."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run what is missing inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
