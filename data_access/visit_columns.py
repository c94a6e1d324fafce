"""The visits that a scope may see as arrays in order of day, so that a day's states are array reads.

SQL answers one question about visits in tens of milliseconds; a screen asks ten. A district's
visits (some 40,000 a year) fit into a few megabytes; what is larger stays with SQL
(docs/decisions/visit-columns.md).
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, case, func, null, select

from data_access.database import Database
from data_access.schema import patrol_visit
from data_access.scope import known, within
from data_access.versions import versions
from rules.discharge import VisitLine
from rules.request import Filters, Scope

MOST_VISITS = 600_000
"""Rows up to which the arrays are made; reading more takes longer than asking SQL."""

CODED = ("grid_code", "neighbourhood_code", "street_code", "agency_code", "target_id", "patrolled", "mode", "target_kind")
GRAVITY = {"none": 1, "suspect": 2, "confirmed": 3}
"""Rank of a finding; 0 where nobody got in (到过，未进入), and of no visit at all."""

_reading = threading.Lock()


@dataclass(frozen=True)
class VisitColumns:
    """One row a visit, by day.

    Attributes:
        day: days since 1970-01-01, int32, rising.
        visits: 户次, int32.
        finding: values of ``GRAVITY``, int8.
        codes: by name in ``CODED``: the place of each row's code in ``names``, int32, -1 where it has none;
            ``target_id`` and ``patrolled`` (the grid) only where one got in, ``grid_code`` of every row.
        names: by name in ``CODED``: the codes that occur.
        id: each visit's id, as objects.
    """

    day: np.ndarray
    visits: np.ndarray
    finding: np.ndarray
    codes: dict[str, np.ndarray]
    names: dict[str, pd.Index]
    id: np.ndarray

    @cached_property
    def line(self) -> VisitLine:
        """The visits in line, by grid and by target."""
        order = np.lexsort((self.id.astype("U"), self.day))
        codes, names = ({key: held[name] for key, name in (("grid", "patrolled"), ("target", "target_id"))} for held in (self.codes, self.names))
        codes = {key: code[order] for key, code in codes.items()}
        return VisitLine(self.day[order].astype("datetime64[D]"), self.id[order], codes, names, self.codes["mode"][order], self.names["mode"])

    def between(self, first: dt.date | None, last: dt.date) -> slice:
        """The rows of the days from ``first`` (None: from the beginning) to ``last``, both included."""
        begin = 0 if first is None else int(np.searchsorted(self.day, _number(first), "left"))
        return slice(begin, max(begin, int(np.searchsorted(self.day, _number(last), "right"))))

    def last_days(self, column: str, until: dt.date) -> pd.Series:
        """The day of the last visit by code, up to a day: datetime64[s], only codes that were visited."""
        rows = self.between(None, until)
        code = self.codes[column][rows]
        last = np.full(len(self.names[column]) + 1, -1, dtype="int64")
        last[code] = self.day[rows]  # rows rise by day, so the last one written is the latest
        seen = np.flatnonzero(last[:-1] >= 0)
        return pd.Series(last[seen].astype("datetime64[D]").astype("datetime64[s]"), index=self.names[column][seen])

    def visited(self, column: str, first: dt.date, last: dt.date) -> set[str]:
        """The codes that were visited between two days, both included."""
        code = self.codes[column][self.between(first, last)]
        return set(self.names[column].to_numpy(object)[np.unique(code[code >= 0])])

    def chosen(self, rows: slice, column: str, wanted: tuple[str, ...] | None) -> np.ndarray:
        """Which of some rows carry one of the codes; with None every one."""
        code = self.codes[column][rows]
        if wanted is None:
            return np.ones(len(code), dtype=bool)
        held = np.append(self.names[column].isin(wanted), False)
        return held[code]

    def inside(self, rows: slice, area: str | None) -> np.ndarray:
        """Which of some rows lie in an area of any level; with None every one."""
        if area is None:
            return np.ones(len(self.day[rows]), dtype=bool)
        return np.logical_or.reduce([self.chosen(rows, name, (area,)) for name in CODED[:3]])

    def sums(self, column: str | None, rows: slice, among: np.ndarray) -> pd.DataFrame:
        """户次 and gravest finding of the chosen rows by code; without a column in one row, code "".

        Returns:
            frame[visits, finding] of int64 by code, only codes with rows.
        """
        visits, finding = self.visits[rows][among], self.finding[rows][among]
        if column is None:
            held = [[visits.sum(), finding.max(initial=0)]]
            return pd.DataFrame(held, columns=["visits", "finding"], index=pd.Index([""], dtype="str")).astype("int64")
        code, size = self.codes[column][rows][among], len(self.names[column]) + 1
        total = np.bincount(code + 1, visits, size).astype("int64")[1:]
        gravest = np.zeros(size, dtype="int64")
        np.maximum.at(gravest, code, finding)
        seen = np.flatnonzero(np.bincount(code + 1, minlength=size)[1:])
        return pd.DataFrame({"visits": total[seen], "finding": gravest[seen]}, index=self.names[column][seen])


def visit_columns(database: Database, filters: Filters, scope: Scope) -> VisitColumns | None:
    """The visits known at ``filters.known_at`` that the scope may see; None where they are too many.

    Kept by scope, instant and data version. The arrays are shared: never change them.
    """
    counters = versions(database, scope.district)
    # What an agency may see hangs on its tasks and transfers too.
    version = tuple(sorted(counters.items())) if scope.agencies else (counters["visit"],)
    key = ("visit columns", scope.district, scope.areas, scope.agencies, filters.known_at, version)
    with _reading:
        return database.visits.get(key, lambda: _read(database, filters, scope))


def visits_between(
    database: Database, filters: Filters, scope: Scope, first: dt.date, last: dt.date
) -> tuple[VisitColumns, slice]:
    """The same visits between two days, both included, however many there are: arrays and the rows meant."""
    columns = visit_columns(database, filters, scope)
    if columns is None:
        columns = _columns(database, (*_mine(filters, scope), patrol_visit.c.day.between(first, last)))
    return columns, columns.between(first, last)


def _mine(filters: Filters, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return known(patrol_visit, filters.known_at), within(patrol_visit, scope, known_at=filters.known_at)


def _read(database: Database, filters: Filters, scope: Scope) -> VisitColumns | None:
    mine = _mine(filters, scope)
    with database.read() as connection:
        if connection.execute(select(func.count()).select_from(patrol_visit).where(*mine)).scalar_one() > MOST_VISITS:
            return None
    return _columns(database, mine)


def _columns(database: Database, mine: tuple[ColumnElement[bool], ...]) -> VisitColumns:
    v = patrol_visit
    names = ("id", "day", "visits", "finding", *CODED)
    # Who could not get in has seen neither the target nor the grid.
    made = {
        "target_id": case((v.c.access.is_(False), null()), else_=v.c.target_id).label("target_id"),
        "patrolled": case((v.c.access.is_(False), null()), else_=v.c.grid_code).label("patrolled"),
        "finding": case((v.c.access.is_(False), "no_access"), else_=v.c.finding).label("finding"),
    }
    rows = database.frame(select(*(made[name] if name in made else v.c[name] for name in names)).where(*mine))
    day = rows["day"].to_numpy("datetime64[D]").astype("int32")
    order = np.argsort(day, kind="stable")
    codes, found = {}, {}
    for name in CODED:
        code, texts = pd.factorize(rows[name].to_numpy(object)[order])
        codes[name], found[name] = code.astype("int32"), pd.Index(texts, dtype="str")
    finding = rows["finding"].map({**GRAVITY, "no_access": 0}).fillna(1).to_numpy("int8")
    return VisitColumns(day[order], rows["visits"].to_numpy("int32")[order], finding[order], codes, found, rows["id"].to_numpy(object)[order])


def _number(day: dt.date) -> int:
    return int(np.datetime64(day, "D").astype("int64"))
