"""Gives rows with coordinates the areas that a later import of boundaries drew around them."""

from __future__ import annotations

import datetime as dt

import numpy as np
from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection

from data_access.columns import new_ids
from data_access.importing.bulk import insert_columns
from data_access.importing.gazetteer import Gazetteer
from data_access.importing.known import gazetteer_on
from data_access.schema import LOCATED

DAY_COLUMNS = ("day", "listed_on", "first_seen")


def relocate(connection: Connection, district: str, batch_id: str, now: dt.datetime) -> dict[str, int]:
    """Locate again what has coordinates but no grid, or lies outside; write new versions of what moved.

    A row stays in the street that it is in: a finer area is added only inside it.

    Args:
        batch_id: the import of boundaries; undoing it takes the new versions back.

    Returns:
        How many rows moved, by table; tables without any are left out.
    """
    gazetteer = gazetteer_on(connection, district)
    counts = {}
    for name, table in LOCATED.items():
        asked = select(table).where(
            table.c.district_code == district, table.c.superseded_at.is_(None), table.c.lon.is_not(None),
            or_(table.c.grid_code.is_(None), table.c.located == "outside"),
        )
        rows = [dict(row._mapping) for row in connection.execute(asked)]
        moved = _moved(rows, gazetteer)
        if not moved:
            continue
        counts[name] = len(moved)
        for start in range(0, len(moved), 500):
            ids = [row["row_id"] for row in moved[start : start + 500]]
            connection.execute(update(table).where(table.c.district_code == district, table.c.row_id.in_(ids)).values(superseded_at=now))
        fresh = new_ids(len(moved))
        made = [row | {"row_id": row_id, "batch_id": batch_id, "recorded_at": now} for row, row_id in zip(moved, fresh, strict=True)]
        insert_columns(connection, table, {name: [row[name] for row in made] for name in made[0]})
    return counts


def _moved(rows: list[dict], gazetteer: Gazetteer) -> list[dict]:
    if not rows:
        return []
    days = [next((row[name] for name in DAY_COLUMNS if row.get(name)), None) for row in rows]
    found = gazetteer.locate(np.array([row["lon"] for row in rows]), np.array([row["lat"] for row in rows]), days)
    moved = []
    for row, street, neighbourhood, grid in zip(rows, *(found[name] for name in ("street_code", "neighbourhood_code", "grid_code")), strict=True):
        if street is None and neighbourhood is None and grid is None:
            continue
        if row["street_code"] is not None and street != row["street_code"]:
            continue
        new = {"street_code": street, "neighbourhood_code": neighbourhood, "grid_code": grid, "located": "point"}
        if any(row[name] != value for name, value in new.items()):
            moved.append(row | new)
    return moved
