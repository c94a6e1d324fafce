"""The quarter's task lists and how far each target has been done."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import and_, func, select

from data_access import schema as s
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, last_day, rows_of
from data_access.scope import known
from rules.quarter import quarter_days
from rules.request import Filters, Scope

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
    named = lists.rename(columns={"id": "list_id"}).drop(columns=["number", "quota", "issued_on"])
    found = targets.merge(named, left_on="task_list_id", right_on="list_id")
    found["street_code"] = found["own_street"].fillna(found["street_code"])
    visited = _visited(database, filters, scope, found)
    return found.assign(tasks=1, done=visited)


def _visited(database: Database, filters: Filters, scope: Scope, targets: pd.DataFrame) -> pd.Series:
    if targets.empty:
        return pd.Series(dtype="int64", index=targets.index)
    v = s.patrol_visit
    first, until = targets["opens_on"].min().date(), min(targets["due_on"].max().date(), last_day(filters))
    span = and_(v.c.day >= first, v.c.day <= until, v.c.district_code == scope.district, known(v, filters.known_at))
    seen = database.frame(
        select(v.c.target_kind, v.c.target_id, v.c.day).where(span, v.c.target_id.is_not(None)).distinct()
    )
    grids = database.frame(select(v.c.grid_code, v.c.day).where(span, v.c.grid_code.is_not(None)).distinct())
    of_grid = targets["target_kind"].eq("grid").to_numpy()
    key = targets["target_id"].where(~of_grid, targets["grid_code"])
    asked = targets.assign(_key=key, _row=range(len(targets)))[["_key", "_row", "opens_on", "due_on"]]
    by_target = asked[~of_grid].merge(seen.rename(columns={"target_id": "_key"}), on="_key")
    by_grid = asked[of_grid].merge(grids.rename(columns={"grid_code": "_key"}), on="_key")
    met = pd.concat([part[["_row", "opens_on", "due_on", "day"]] for part in (by_target, by_grid)])
    rows = met.loc[(met["day"] >= met["opens_on"]) & (met["day"] <= met["due_on"]), "_row"]
    done = pd.Series(range(len(targets)), index=targets.index).isin(rows)
    return done.astype("int64")


def _quotas(database: Database, filters: Filters, scope: Scope, lists: pd.DataFrame) -> pd.DataFrame:
    v = s.patrol_visit
    found = lists[lists["quota"].fillna(0) > 0].rename(columns={"id": "list_id"})
    made = []
    for row in found.itertuples():
        clauses = [v.c.day >= row.opens_on.date(), v.c.day <= min(row.due_on.date(), last_day(filters))]
        if isinstance(row.street_code, str):
            clauses.append(v.c.street_code == row.street_code)
        if isinstance(row.agency_code, str):
            clauses.append(v.c.agency_code == row.agency_code)
        total = database.frame(
            select(func.coalesce(func.sum(v.c.visits), 0).label("visits"))
            .where(v.c.district_code == scope.district, known(v, filters.known_at), *clauses)
        )  # fmt: skip
        made.append(min(int(total["visits"].iloc[0]), int(row.quota)))
    return found.assign(
        target_kind="quota", target_id=pd.NA, grid_code=pd.NA,
        tasks=found["quota"].astype("int64"), done=pd.Series(made, index=found.index, dtype="int64"),
    ).drop(columns=["quota", "issued_on"])  # fmt: skip
