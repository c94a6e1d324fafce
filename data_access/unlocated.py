"""What is not on the map (未上图清单): rows without coordinates, and points outside every area."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Date, cast, literal, null, or_, select, union_all
from sqlalchemy import case as choose

from data_access import schema as s
from data_access.columns import Code
from data_access.database import Database
from data_access.narrowing import in_period, rows_of
from rules.request import Filters, Scope

COLUMNS = ("table", "id", "number", "reason", "street_code", "day", "row_id")


def unlocated(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Rows that count in every figure but have no point, or one that fell in no area.

    Sites, cases and construction sites that exist on the day asked about; leads and visits of the
    period. A scope sees those it may see: rows outside every area only with the whole district.

    Returns:
        ``COLUMNS``, by table, day and number: reason is no_point or outside
        (``vocabulary.UNLOCATED_REASON``); day is NaT where the row carries none.
    """
    until = filters.as_of
    days = {
        s.site: (s.site.c.first_seen, or_(s.site.c.first_seen.is_(None), s.site.c.first_seen <= until)),
        s.case: (None, None),
        s.construction_site: (
            s.construction_site.c.started_on,
            or_(s.construction_site.c.started_on.is_(None), s.construction_site.c.started_on <= until)
            & or_(s.construction_site.c.finished_on.is_(None), s.construction_site.c.finished_on >= until),
        ),
        s.lead: (s.lead.c.day, in_period(s.lead.c.day, filters)),
        s.patrol_visit: (s.patrol_visit.c.day, in_period(s.patrol_visit.c.day, filters)),
    }
    parts = []
    for table, (day, there) in days.items():
        clauses = [rows_of(table, filters, scope), or_(table.c.located != "point", table.c.lon.is_(None))]
        parts.append(
            select(
                literal(table.name, Code).label("table"), table.c.id, table.c.number,
                choose((table.c.located == "outside", "outside"), else_="no_point").label("reason"),
                table.c.street_code, (cast(null(), Date) if day is None else day).label("day"), table.c.row_id,
            ).where(*clauses, *([] if there is None else [there]))
        )  # fmt: skip
    found = database.frame(union_all(*parts))
    return found.sort_values(["table", "day", "number", "row_id"], ignore_index=True)[list(COLUMNS)]


def unlocated_counts(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """``unlocated`` counted: frame[table, reason, rows]; nothing missing gives no rows."""
    found = unlocated(database, filters, scope)
    counts = found.groupby(["table", "reason"], as_index=False).size()
    return pd.DataFrame({"table": counts["table"], "reason": counts["reason"], "rows": counts["size"].astype("int64")})
