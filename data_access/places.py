"""Where the things of a table stand, whatever is asked about them: crosses the wire once a data version."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import exists, or_, select
from sqlalchemy.sql import FromClause

from data_access.database import Database
from data_access.schema import FACTS
from data_access.scope import known, select_columns, within
from rules.request import Filters, Scope

BEGINS = {"site": "first_seen", "construction_site": "started_on"}
"""The column that says since when a thing exists; it is not told before that day."""
EVENTS = {"site": ("site_event", "site_id"), "case": ("case_event", "case_id")}
"""The events of a thing: (table, column); one of them on or before the day tells of it, too."""


def places(
    database: Database, filters: Filters, scope: Scope, table: str, columns: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Every thing of a table that the scope may see and that is known by ``filters.as_of``.

    Args:
        filters: only ``as_of`` (the product's today) and ``known_at`` count; a thing's place does
            not depend on the period or the area asked about.
        table: ``site``, ``case``, ``construction_site`` or another located table.
        columns: further columns of the table; personal ones come masked by scope.

    Returns:
        ``id``, the columns, ``street_code``, ``grid_code``, ``lon``, ``lat`` (EPSG:4326, NA where
        unknown or not to be told), ordered by id. Nothing known: no rows.
    """
    thing = FACTS[table]
    names = ("id", *dict.fromkeys(columns), "street_code", "grid_code", "lon", "lat")
    asked = (
        select(*select_columns(thing, names, scope))
        .where(known(thing, filters.known_at), within(thing, scope, known_at=filters.known_at))
        .where(_begun(thing, table, filters))
        .order_by(thing.c.id)
    )
    return database.frame(asked).drop_duplicates("id", ignore_index=True)


def _begun(thing: FromClause, table: str, filters: Filters) -> object:
    told = []
    if table in BEGINS:
        day = thing.c[BEGINS[table]]
        told += [day <= filters.as_of]
        if table not in EVENTS:
            told += [day.is_(None)]
    if table in EVENTS:
        name, column = EVENTS[table]
        event = FACTS[name]
        told.append(
            exists().where(
                event.c.district_code == thing.c.district_code,
                event.c[column] == thing.c.id,
                event.c.day <= filters.as_of,
                known(event, filters.known_at),
            )
        )
    return or_(*told) if told else thing.c.id.is_not(None)
