"""Whose data a database holds: what would be lost if it were erased."""

from __future__ import annotations

from sqlalchemy import inspect

from data_access.database import Database
from data_access.schema import import_batch


def held_data(database: Database) -> str:
    """``nothing``, ``demo`` where every batch is demonstration data, or ``real``; an unfinished database counts, too."""
    with database.read() as connection:
        if not inspect(connection).has_table(import_batch.name):
            return "nothing"
        if connection.execute(import_batch.select().limit(1)).first() is None:
            return "nothing"
        real = connection.execute(import_batch.select().where(import_batch.c.demo.is_(False)).limit(1)).first()
    return "demo" if real is None else "real"
