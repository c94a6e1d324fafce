"""Writes many rows at once: SQLAlchemy's types are applied a column at a time instead of a cell at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import TypeEngine

CHUNK = 5_000
"""Rows of one statement."""


def insert_columns(connection: Connection, table: Table, columns: Mapping[str, list]) -> None:
    """Insert rows given as lists of equal length, one for each column that is filled.

    PostgreSQL takes them in SQLAlchemy's own multi-row statements. SQLite's driver takes tuples
    directly, which is several times faster than binding a dictionary for each row.
    """
    names = list(columns)
    if connection.dialect.name != "sqlite":
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        for start in range(0, len(rows), CHUNK):
            connection.execute(insert(table), rows[start : start + CHUNK])
        return
    prepared = [_prepared(table.c[name].type, columns[name], connection.dialect) for name in names]
    statement = insert(table).compile(dialect=connection.dialect, column_keys=names)
    order = [names.index(name) for name in statement.positiontup or names]
    tuples = list(zip(*(prepared[index] for index in order), strict=True))
    for start in range(0, len(tuples), CHUNK):
        connection.exec_driver_sql(str(statement), tuples[start : start + CHUNK])


def _prepared(kind: TypeEngine, values: list, dialect: Dialect) -> list:
    """The values as the driver takes them; each distinct object is turned once."""
    process: Callable | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    made: dict[int, object] = {}
    for value in values:
        if id(value) not in made:
            made[id(value)] = process(value)
    return [made[id(value)] for value in values]
