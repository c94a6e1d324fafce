"""The quarter's task: how much of the list is done, how far the count-only quota is, what is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select

from data_access.construction import construction_sites
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, rows_of
from data_access.people import listed_people
from data_access.schema import patrol_visit
from data_access.sites import sites
from data_access.tasks import distinct_targets, tasks
from rules.catch_up import PACE_DAYS, Effort, effort
from rules.quarter import quarter_days, quarter_of
from rules.ratio import Ratio
from rules.request import Filters, Scope

LEFT_COLUMNS = ("key", "target_kind", "target_id", "label", "grid_code", "street_code", "due_on", "overdue")


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """The task of the quarter that holds the day asked about, as it stands on that day.

    Attributes:
        quarter: ``2023Q3``.
        targets: distinct targets issued: a target on two lists is one.
        done: of them, those visited while their list was open and by its due day; ten visits to one
            count once.
        completion: 完成率, done of targets.
        quota: 户次 of the count-only tasks; 0 where none was given.
        visits: 户次 paid towards them, at most the quota of each list (巡查量进度, apart from 完成率).
        quota_progress: visits of quota.
        elapsed: share of the quarter's days that have begun, the day included, 0..1.
        days_left: days from the day to the quarter's last.
    """

    quarter: str
    targets: int
    done: int
    completion: Ratio
    quota: int
    visits: int
    quota_progress: Ratio
    elapsed: float
    days_left: int


@dataclass(frozen=True, slots=True)
class CatchUp:
    """补巡清单: what the rest of the quarter's task takes.

    Attributes:
        remaining, days_left, needed_per_day, pace_per_day, person_days, enough: of the listed
            targets, see ``rules.catch_up.Effort``; the pace is of places seen a day.
        rows: the targets still to be seen, ``LEFT_COLUMNS``, by due day, grid and label.
        quota: the same of the count-only tasks in 户次, or None where none was given.
    """

    remaining: int
    days_left: int
    needed_per_day: float | None
    pace_per_day: float
    person_days: int | None
    enough: bool
    rows: pd.DataFrame
    quota: Effort | None


def quarter_task(database: Database, filters: Filters, scope: Scope) -> TaskProgress:
    """How far the quarter's task of the area asked about is.

    Source: S1 (每季度下发巡查任务，完成率100%); ratios are None where nothing was issued.
    """
    first, last = quarter_days(quarter_of(filters.as_of))
    issued = _issued(database, filters, scope)
    listed, quotas = distinct_targets(issued), issued[issued["target_kind"] == "quota"]
    targets, done = len(listed), int(listed["done"].sum())
    quota, visits = int(quotas["tasks"].sum()), int(quotas["done"].sum())
    return TaskProgress(
        quarter_of(filters.as_of), targets, done, Ratio(done, targets), quota, visits, Ratio(visits, quota),
        ((filters.as_of - first).days + 1) / ((last - first).days + 1), (last - filters.as_of).days,
    )  # fmt: skip


def catch_up(database: Database, filters: Filters, scope: Scope) -> CatchUp:
    """What is left of the quarter's task, and the visits a day that it needs against the last four weeks.

    The pace counts each place once a day (a target, or the grid of a grid visit), whoever went there
    and got in; that of a quota counts 户次. What one officer sees in a day comes from those weeks' visits that
    name their officers (巡查人员): an agency's day in a street counts as many officer-days as its
    largest visit had officers, because the same people pay several visits. Without any,
    ``person_days`` is None. The day asked about still counts as
    a day to work: ``days_left`` is one more than that of ``quarter_task``.
    """
    _, last = quarter_days(quarter_of(filters.as_of))
    days_left = (last - filters.as_of).days + 1
    issued = _issued(database, filters, scope)
    listed = distinct_targets(issued)
    left = listed[listed["done"] == 0]
    pace = _pace(database, filters, scope)
    own = effort(len(left), days_left, pace.places, per_officer_day=pace.places_per_officer)
    quotas = issued[issued["target_kind"] == "quota"]
    missing = int((quotas["tasks"] - quotas["done"]).sum())
    quota = effort(missing, days_left, pace.visits, per_officer_day=pace.visits_per_officer) if len(quotas) else None
    return CatchUp(
        own.remaining, own.days_left, own.needed_per_day, own.pace_per_day, own.person_days, own.enough,
        _rows(database, filters, scope, left), quota,
    )  # fmt: skip


def _issued(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    quarter = quarter_of(filters.as_of)
    first, last = quarter_days(quarter)
    found = tasks(database, filters.with_(start=first, end=last), scope)
    return found[found["quarter"] == quarter].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Pace:
    places: int
    visits: int
    places_per_officer: float | None
    visits_per_officer: float | None


def _pace(database: Database, filters: Filters, scope: Scope) -> _Pace:
    v = patrol_visit
    since = filters.as_of - dt.timedelta(days=PACE_DAYS - 1)
    place = func.coalesce(v.c.target_id, v.c.grid_code, v.c.id)
    agencies = asked_agencies(database, filters, scope)
    paid = database.frame(
        select(v.c.day, place.label("place"), v.c.visits, v.c.officers, v.c.agency_code, v.c.street_code, v.c.access)
        .where(rows_of(v, filters, scope), v.c.day.between(since, filters.as_of), *by_agencies(v.c.agency_code, agencies))
    )  # fmt: skip
    staffed = paid[paid["officers"].fillna(0) > 0]
    days = float(staffed.groupby(["day", "agency_code", "street_code"], dropna=False)["officers"].max().sum())
    distinct, seen = (len(some[some["access"].fillna(True).astype("bool")].drop_duplicates(["day", "place"])) for some in (paid, staffed))
    if not days:
        return _Pace(distinct, int(paid["visits"].sum()), None, None)
    return _Pace(distinct, int(paid["visits"].sum()), seen / days, float(staffed["visits"].sum()) / days)


def _rows(database: Database, filters: Filters, scope: Scope, left: pd.DataFrame) -> pd.DataFrame:
    places = _places(database, filters, scope, left)
    found = left.assign(label=places["label"], grid_code=left["grid_code"].fillna(places["grid_code"]), overdue=left["overdue"] > 0)
    return found.sort_values(["due_on", "grid_code", "label", "key"], kind="stable", ignore_index=True)[list(LEFT_COLUMNS)]


def _places(database: Database, filters: Filters, scope: Scope, left: pd.DataFrame) -> pd.DataFrame:
    """label (number of a site or person, name of a construction site, else the grid) and grid_code of each."""
    plain = filters.with_(category=None, premises=None)
    named = {"site": (sites, "number"), "construction": (construction_sites, "name"), "subject": (listed_people, "number")}
    found = pd.DataFrame({"label": left["grid_code"].astype("str"), "grid_code": left["grid_code"].astype("str")})
    for kind in sorted(set(left["target_kind"]) & set(named)):
        question, label = named[kind]
        rows, mask = question(database, plain, scope).set_index("id"), left["target_kind"] == kind
        for name, column in (("label", label), ("grid_code", "grid_code")):
            found[name] = found[name].mask(mask, left["target_id"].map(rows[column]).astype("str"))
    return found.assign(label=found["label"].fillna(left["number"].astype("str")))
