"""The quarter's task lists and how far each target has been done."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, func, select

from data_access import schema as s
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, last_day, rows_of
from data_access.schema import patrol_visit
from data_access.scope import known
from data_access.visit_columns import visit_columns
from rules.quarter import quarter_days
from rules.request import Filters, Scope

MOST_KEYS = 1_000
COLUMNS = (
    "list_id", "number", "quarter", "street_code", "agency_code", "opens_on", "due_on",
    "target_kind", "target_id", "grid_code", "tasks", "done", "overdue",
)  # fmt: skip


def tasks(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every task of the lists whose days meet the period, as it stood on the period's last day.

    A target is done when it was visited between the day the list was issued (else the quarter's
    first day) and its due day (else the quarter's last). A count-only task (数量任务) of q 户次 is
    one row with ``tasks`` q and ``done`` the 户次 in its street (by its agency, where it names one).

    Returns:
        ``COLUMNS``, by list and number: tasks and done are counts, ``overdue`` what was left
        undone when the due day had passed. No lists: no rows.
    """
    lists = _lists(database, filters, scope)
    until = pd.Timestamp(last_day(filters))
    lists = lists[(lists["opens_on"] <= until) & (lists["due_on"] >= pd.Timestamp(filters.start))]
    targets = _with_done(database, filters, scope, lists)
    quotas = _quotas(database, filters, scope, lists)
    found = pd.concat([part for part in (targets, quotas) if len(part)] or [targets], ignore_index=True)
    late = found["due_on"] < until
    found["overdue"] = (found["tasks"] - found["done"]).where(late, 0)
    return found.sort_values(["list_id", "number"], kind="stable", ignore_index=True)[list(COLUMNS)]


def _lists(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t = s.task_list
    agencies = asked_agencies(database, filters, scope)
    lists = database.frame(
        select(t.c.id, t.c.number, t.c.quarter, t.c.street_code, t.c.agency_code, t.c.issued_on, t.c.due_on, t.c.quota)
        .where(rows_of(t, filters, scope), *by_agencies(t.c.agency_code, agencies))
    )  # fmt: skip
    days = lists["quarter"].map(quarter_days)
    first = pd.Series([pair[0] for pair in days], dtype="datetime64[s]", index=lists.index)
    last = pd.Series([pair[1] for pair in days], dtype="datetime64[s]", index=lists.index)
    return lists.assign(opens_on=lists["issued_on"].fillna(first), due_on=lists["due_on"].fillna(last))


def _with_done(database: Database, filters: Filters, scope: Scope, lists: pd.DataFrame) -> pd.DataFrame:
    t = s.task_target
    targets = database.frame(
        select(t.c.task_list_id, t.c.number, t.c.target_kind, t.c.target_id, t.c.grid_code, t.c.street_code.label("own_street"))
        .where(t.c.district_code == scope.district, known(t, filters.known_at), t.c.task_list_id.in_(lists["id"].tolist()))
    )  # fmt: skip
    place = pd.Index(lists["id"]).get_indexer(pd.Index(targets["task_list_id"]))
    of_list = lists[["quarter", "street_code", "agency_code", "opens_on", "due_on"]].take(place).set_axis(targets.index)
    found = targets.rename(columns={"task_list_id": "list_id"}).join(of_list)
    found["street_code"] = found["own_street"].fillna(found["street_code"])
    visited = _visited(database, filters, scope, found)
    return found.assign(tasks=1, done=visited)


def _visited(database: Database, filters: Filters, scope: Scope, targets: pd.DataFrame) -> pd.Series:
    """1 for each target that was visited between the days of its list, else 0."""
    v, done = patrol_visit, pd.Series(0, index=targets.index, dtype="int64")
    of_grid = targets["target_kind"] == "grid"
    columns = visit_columns(database, filters, Scope(scope.district))
    for mask, column, key in ((of_grid, v.c.grid_code, "grid_code"), (~of_grid, v.c.target_id, "target_id")):
        for (opens_on, due_on), some in targets[mask].groupby(["opens_on", "due_on"]):
            until = min(due_on.date(), last_day(filters))
            wanted = some[key].dropna().unique().tolist()
            if columns is not None:
                met = columns.visited(key, opens_on.date(), until)
                done[some.index] = some[key].isin(met).astype("int64")
                continue
            met = set()
            with database.read() as connection:
                for begin in range(0, len(wanted), MOST_KEYS):
                    asked = select(column).where(
                        *_seen(filters, scope), v.c.day >= opens_on.date(), v.c.day <= until,
                        column.in_(wanted[begin : begin + MOST_KEYS]),
                    ).distinct()  # fmt: skip
                    met.update(connection.execute(asked).scalars())
            done[some.index] = some[key].isin(met).astype("int64")
    return done


def _quotas(database: Database, filters: Filters, scope: Scope, lists: pd.DataFrame) -> pd.DataFrame:
    found = lists[lists["quota"].fillna(0) > 0].rename(columns={"id": "list_id"})
    done = pd.Series(0, index=found.index, dtype="int64")
    for (opens_on, due_on), some in found.groupby(["opens_on", "due_on"]):
        until = min(due_on.date(), last_day(filters))
        visits: dict[tuple[str | None, str | None], int] = {}
        for street, agency, count in _by_street_and_agency(database, filters, scope, opens_on.date(), until):
            # A list may name a street, an agency, both or neither.
            for key in ((street, agency), (street, None), (None, agency), (None, None)):
                visits[key] = visits.get(key, 0) + count
        keys = some[["street_code", "agency_code"]].astype(object)
        named = keys.where(keys.notna(), None).itertuples(index=False, name=None)
        done[some.index] = np.minimum([visits.get(key, 0) for key in named], some["quota"].to_numpy("int64"))
    made = found.assign(target_kind="quota", target_id=pd.NA, grid_code=pd.NA, tasks=found["quota"].astype("int64"), done=done)
    return made.drop(columns=["quota", "issued_on"])


def _by_street_and_agency(
    database: Database, filters: Filters, scope: Scope, first: dt.date, last: dt.date
) -> list[tuple[str | None, str | None, int]]:
    """户次 of each street and agency between two days, both included."""
    columns = visit_columns(database, filters, Scope(scope.district))
    if columns is not None:
        rows = columns.between(first, last)
        streets, agencies = (columns.codes[name][rows].astype("int64") for name in ("street_code", "agency_code"))
        named = [(*columns.names[name], None) for name in ("street_code", "agency_code")]
        pair = (streets + 1) * len(named[1]) + agencies + 1
        counts = np.bincount(pair, columns.visits[rows])
        return [
            (named[0][place // len(named[1]) - 1], named[1][place % len(named[1]) - 1], int(counts[place]))
            for place in np.unique(pair)
        ]
    v = patrol_visit
    asked = select(v.c.street_code, v.c.agency_code, func.sum(v.c.visits).label("visits")).where(
        *_seen(filters, scope), v.c.day >= first, v.c.day <= last
    ).group_by(v.c.street_code, v.c.agency_code)  # fmt: skip
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(asked)]


def _seen(filters: Filters, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Visits of the whole district: a target is done whoever went there."""
    return patrol_visit.c.district_code == scope.district, known(patrol_visit, filters.known_at)
