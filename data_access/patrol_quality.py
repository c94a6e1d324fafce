"""防走过场: the supervisor's private list of what to ask about, and the visits behind each entry."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pandas as pd
from sqlalchemy import select

from data_access.areas import areas
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, last_day, rows_of
from data_access.organisations import agencies_of
from data_access.registers import shared
from data_access.schema import patrol_visit
from rules.language import N_, Refusal
from rules.patrol_quality import COLUMNS, to_ask_about
from rules.quarter import quarter_days, quarter_of
from rules.request import Filters, Scope

VISIT = (
    "id", "row_id", "number", "day", "at", "agency_code", "street_code", "neighbourhood_code", "grid_code", "target_kind", "target_id", "mode",
    "finding", "visits", "lon", "lat", "note", "off_m", "accuracy_m",
)  # fmt: skip


class ForSupervisorsOnly(Refusal):
    """The list is open to the district's office and to supervision agencies alone."""


def may_supervise(database: Database, filters: Filters, scope: Scope) -> bool:
    """Whether a scope is the whole district's, or every agency in it is of the supervision system (监察)."""
    if scope.is_whole_district:
        return True
    supervisors = set(agencies_of(database, scope, filters.as_of, "supervision"))
    return bool(scope.agencies) and set(scope.agencies) <= supervisors


def patrol_questions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What to ask about in the visits of the period, the latest first (``rules.patrol_quality``).

    A supervision agency sees every agency's visits in its areas: supervising them is its work.

    Returns:
        ``rules.patrol_quality.COLUMNS`` and matter, a short key that stays with its evidence. None: no rows.

    Raises:
        ForSupervisorsOnly: anybody else asks.
    """
    wide = _widened(database, filters, scope)
    return shared(database, filters, wide, "patrol questions", lambda: _questions(database, filters, wide)[0])


def patrol_evidence(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The visits behind the entries of ``patrol_questions``: one row an entry and visit, the entry's order.

    Returns:
        frame[matter, kind, measure, ``VISIT``]. None, or who asks may not supervise: no rows.
    """
    allowed = may_supervise(database, filters, scope)
    wide = replace(scope, agencies=()) if allowed else scope
    found, visits = _questions(database, filters, wide)
    found = found if allowed else found.head(0)
    spread = found[["matter", "kind", "measure", "ids"]].explode("ids").rename(columns={"ids": "id"})
    spread["id"] = spread["id"].astype("str")
    return spread.merge(visits[list(VISIT)], on="id", how="left").reset_index(drop=True)


def _widened(database: Database, filters: Filters, scope: Scope) -> Scope:
    if not may_supervise(database, filters, scope):
        raise ForSupervisorsOnly(N_("这份清单只供区打非办和监察部门查看。"))
    return replace(scope, agencies=())


def _questions(database: Database, filters: Filters, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    end = last_day(filters)
    since = quarter_days(quarter_of(filters.start))[0]
    visits = _visits(database, filters, scope, since, end)
    grids = areas(database, scope, filters.as_of, "grid", known_at=filters.known_at)
    grids = grids[grids.geometry.notna()]
    found = to_ask_about(visits, dict(zip(grids["code"], grids.geometry, strict=True)), filters.start, end)
    found["matter"] = pd.Series([_key(row.kind, row.ids) for row in found.itertuples()], dtype="str", index=found.index)
    return found[["matter", *COLUMNS]], visits


def _visits(database: Database, filters: Filters, scope: Scope, since: dt.date, end: dt.date) -> pd.DataFrame:
    v = patrol_visit
    agencies = asked_agencies(database, filters, scope)
    return database.frame(
        select(*(v.c[name] for name in VISIT)).where(rows_of(v, filters, scope), v.c.day.between(since, end), *by_agencies(v.c.agency_code, agencies))
    )


def _key(kind: str, ids: tuple[str, ...]) -> str:
    return f"{kind}-{hashlib.blake2b('|'.join(ids).encode(), digest_size=4).hexdigest()}"
