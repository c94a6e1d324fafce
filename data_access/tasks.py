"""The quarter's task lists and how far each target has been done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, func, select

from data_access import schema as s
from data_access.database import Database
from data_access.narrowing import asked_agencies, last_day
from data_access.registers import register
from data_access.schema import patrol_visit
from data_access.scope import known
from data_access.versions import versions
from data_access.visit_columns import VisitColumns, visit_columns
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
    lists, until = _open_lists(database, filters, scope), pd.Timestamp(last_day(filters))
    targets = _with_done(database, filters, scope, lists)
    quotas = _quotas(database, filters, scope, lists)
    found = pd.concat([part for part in (targets, quotas) if len(part)] or [targets], ignore_index=True)
    late = found["due_on"] < until
    found["overdue"] = (found["tasks"] - found["done"]).where(late, 0)
    return found.sort_values(["list_id", "number"], kind="stable", ignore_index=True)[list(COLUMNS)]


def completion_tasks(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The tasks that 完成率 is of: the listed targets, each once a quarter; the count-only tasks where no target is listed.

    Targets and 户次 are two units and never added up; beside a list a quota is an indicator of its own (巡查量进度).
    """
    every = tasks(database, filters, scope)
    listed = distinct_targets(every)
    return listed if len(listed) else every


def distinct_targets(issued: pd.DataFrame) -> pd.DataFrame:
    """The listed targets of an answer of ``tasks``, one row a target and quarter, with ``key`` (``kind:id``).

    A target on several lists of a quarter is one (DESIGN 12): done where any of them has it done; the
    row that stays is a done one, else the one due first.
    """
    listed = issued[issued["target_kind"] != "quota"]
    listed = listed.assign(key=_keys(listed, listed["list_id"]))
    listed = listed.sort_values(["quarter", "key", "done", "due_on"], ascending=[True, True, False, True], kind="stable")
    found = listed.drop_duplicates(["quarter", "key"])
    return found.sort_values(["list_id", "number"], kind="stable", ignore_index=True)


def _keys(targets: pd.DataFrame, lists: pd.Series) -> pd.Series:
    """What each target is, on whichever list; one that names no thing is its own."""
    thing = targets["target_id"].fillna(targets["grid_code"]).fillna(lists + "/" + targets["number"].astype("str"))
    return targets["target_kind"] + ":" + thing.astype("str")


def task_totals(database: Database, filters: Filters, scope: Scope) -> tuple[int, int]:
    """How many tasks are done, of how many: the sums of ``completion_tasks``."""
    columns = visit_columns(database, filters, Scope(scope.district))
    if columns is None:
        every = completion_tasks(database, filters, scope)
        return int(every["done"].sum()), int(every["tasks"].sum())
    lists = _open_lists(database, filters, scope)
    targets = _coded_targets(database, filters, scope, columns)
    listed, done = (np.zeros(len(targets.list), dtype=bool) for _ in range(2))
    windows = lists.groupby(["opens_on", "due_on"])["id"].agg(list)
    for (opens_on, due_on), ids in windows.items():
        mine = np.isin(targets.list, targets.lists.get_indexer(ids))
        listed |= mine
        for key, code in targets.codes.items():
            met = np.zeros(len(columns.names[key]) + 1, dtype=bool)
            met[columns.codes[key][columns.between(opens_on.date(), min(due_on.date(), last_day(filters)))]] = True
            met[-1] = False
            done |= mine & met[code]
    if listed.any():
        quarter = pd.factorize(lists["quarter"])[0][pd.Index(lists["id"]).get_indexer(targets.lists)][targets.list]
        once = quarter * len(targets.thing) + targets.thing
        return len(np.unique(once[done])), len(np.unique(once[listed]))
    quotas = _quotas(database, filters, scope, lists)
    return int(quotas["done"].sum()), int(quotas["tasks"].sum())


@dataclass(frozen=True, slots=True)
class _Targets:
    """Every target of every list as arrays.

    Attributes:
        list: the place of its list in ``lists``.
        lists: ids of the lists.
        thing: a number for what each is, the same on every list that names it.
        codes: by ``patrolled`` (the grid) and ``target_id``: the place of what must be visited in the names of the visits, -1
            where the target is of the other sort or was never visited.
    """

    list: np.ndarray
    lists: pd.Index
    thing: np.ndarray
    codes: dict[str, np.ndarray]


def _coded_targets(database: Database, filters: Filters, scope: Scope, columns: VisitColumns) -> _Targets:
    rows = _targets(database, filters, scope)
    counters = versions(database, scope.district)

    def coded() -> _Targets:
        place, lists = pd.factorize(rows["task_list_id"].to_numpy(object))
        of_grid = (rows["target_kind"] == "grid").to_numpy()
        codes = {
            key: np.where(mask, columns.names[key].get_indexer(pd.Index(rows[column])), -1)
            for key, column, mask in (("patrolled", "grid_code", of_grid), ("target_id", "target_id", ~of_grid))
        }
        return _Targets(place, pd.Index(lists), pd.factorize(_keys(rows, rows["task_list_id"]))[0], codes)

    key = ("task targets", scope.district, filters.known_at, counters["task"], counters["visit"])
    return database.ledger.get(key, coded)


def _targets(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = ("task_list_id", "number", "target_kind", "target_id", "grid_code", "street_code")
    return register(database, filters, Scope(scope.district), s.task_target, names)


def _open_lists(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The lists whose days meet the period."""
    lists = _lists(database, filters, scope)
    return lists[(lists["opens_on"] <= pd.Timestamp(last_day(filters))) & (lists["due_on"] >= pd.Timestamp(filters.start))]


def _lists(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = ("id", "number", "quarter", "street_code", "agency_code", "issued_on", "due_on", "quota")
    lists = register(database, filters, scope, s.task_list, names)
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        lists = lists[lists["agency_code"].isin(agencies)]
    if filters.area and filters.area != scope.district:
        lists = lists[lists["street_code"] == filters.area]
    days = lists["quarter"].map(quarter_days)
    first = pd.Series([pair[0] for pair in days], dtype="datetime64[s]", index=lists.index)
    last = pd.Series([pair[1] for pair in days], dtype="datetime64[s]", index=lists.index)
    return lists.assign(opens_on=lists["issued_on"].fillna(first), due_on=lists["due_on"].fillna(last))


def _with_done(database: Database, filters: Filters, scope: Scope, lists: pd.DataFrame) -> pd.DataFrame:
    every = _targets(database, filters, scope).rename(columns={"street_code": "own_street"})
    targets = every[every["task_list_id"].isin(lists["id"])].reset_index(drop=True)
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
                met = columns.visited("patrolled" if key == "grid_code" else key, opens_on.date(), until)
                done[some.index] = some[key].isin(met).astype("int64")
                continue
            met = set()
            with database.read() as connection:
                for begin in range(0, len(wanted), MOST_KEYS):
                    asked = select(column).where(
                        *_seen(filters, scope), v.c.access.is_not(False), v.c.day >= opens_on.date(), v.c.day <= until,
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
