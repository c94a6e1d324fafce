"""Copies everything from one database to another, such as from one PC's SQLite to a server."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, insert, select

from data_access.database import Database, DatabaseProblem
from data_access.partitions import ensure_partitions
from data_access.planner import tell_planner
from data_access.schema import metadata, patrol_visit
from rules.language import N_

CHUNK = 2_000


def copy_database(
    source: Database, target: Database, progress: Callable[[str, int], None] = lambda table, rows: None
) -> int:
    """Copy every row of every table in one transaction; the tables are made where missing.

    Args:
        source: a database that is ready; it is only read, as of one moment.
        target: an empty database.
        progress: called with a table's name and its number of rows.

    Returns:
        How many rows were copied.

    Raises:
        DatabaseProblem: the source is not ready, or the target holds rows already.
    """
    state = source.state()
    if not state.is_ready:
        raise DatabaseProblem(state.message)
    target.migrate()
    copied = 0
    with source.snapshot() as reading, target.write() as writing:
        for table in metadata.sorted_tables:
            if writing.execute(select(func.count()).select_from(table)).scalar_one():
                raise DatabaseProblem(N_("目标数据库不是空的：请换一个空的数据库。"))
        ensure_partitions(writing, reading.execute(select(patrol_visit.c.day).distinct()).scalars())
        for table in metadata.sorted_tables:
            rows = 0
            for chunk in reading.execute(select(table)).mappings().partitions(CHUNK):
                writing.execute(insert(table), [dict(row) for row in chunk])
                rows += len(chunk)
            progress(table.name, rows)
            copied += rows
        tell_planner(writing, metadata.tables)
    return copied
