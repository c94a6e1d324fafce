"""Reads what the rubric asks about the streets: the assessment year up to the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_, select

from data_access import schema as s
from data_access.areas import places as places_of
from data_access.database import Database
from data_access.evidence_parts import PROVINCIAL
from data_access.narrowing import inside, rows_of
from data_access.people import active_people
from data_access.placed import seen
from data_access.registers import kept, register
from data_access.scope import known
from data_access.sites import site_history
from data_access.versions import versions
from data_access.visit_columns import VisitColumns, visit_columns
from rules.event_line import day_of, days_of
from rules.obligations import VISIT_MODES
from rules.request import Filters, Scope
from rules.rubric import Conduct
from rules.rulebook import Rulebook

CLOSED = ("closed", "self_closed")
FOUND_DAYS = ("since", "handled_on", "warned_on", "applied_on")


def conduct_of(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> Conduct:
    """The conduct of the scope's streets from 1 January to the day asked about.

    A closed place is owed a visit in every calendar month through which it stood closed (S3 附件3
    二.4: the month of its closing was spent with closing it), and so are its people who are still
    active. A scope narrowed to agencies has no street to judge.
    """
    places = inside(places_of(database, scope, filters.as_of, "street", known_at=filters.known_at), filters, replace(scope, agencies=()))
    streets = () if scope.agencies else tuple(places["code"])
    first = dt.date(filters.as_of.year, 1, 1)
    months = tuple(dt.date(filters.as_of.year, number, 1) for number in range(1, filters.as_of.month + 1))
    asked = filters.with_(start=first, end=filters.as_of, category=None, premises=None, agency=None, system=None)
    owed, status = _owed(database, asked, scope, months)
    return Conduct(
        streets=streets,
        months=months,
        as_of=filters.as_of,
        owed=owed[owed["street_code"].isin(streets)].reset_index(drop=True),
        seen=_seen(database, asked, scope, book),
        patrolled=_patrolled(database, asked, scope),
        found=_found(database, asked, scope, status[status["street_code"].isin(streets)]),
        adverse=_of(_adverse(database, asked, scope), streets),
        entries=_of(_entries(database, asked, scope), streets),
        forms_late=_forms_late(database, asked, scope, book, streets),
    )


def _owed(database: Database, filters: Filters, scope: Scope, months: tuple[dt.date, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What had to be visited in each month, and the sites as they are on the day."""
    rows = register(database, filters, scope, s.site, ("id", "street_code", "first_seen", "subject_id"))
    history, people = site_history(database, filters, scope), active_people(database, filters, scope)
    sites = {name: rows[name].to_numpy(object) for name in ("id", "street_code", "subject_id")}
    place, persons = pd.Index(rows["id"]), [people[name].to_numpy(object) for name in ("id", "street_code")]
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []

    def closed_through(month: dt.date, last: dt.date) -> np.ndarray:
        """The positions of the sites that stand closed on a day and did so before the month began."""
        status = history.on(last)
        closed = status["status"].isin(CLOSED).to_numpy(bool) & (days_of(status["status_since"]) < np.datetime64(month, "D"))
        return place.get_indexer(status.index[closed])

    for month in months:
        end = (np.datetime64(month, "M") + 1).astype("datetime64[D]").item() - dt.timedelta(days=1)
        if end <= filters.as_of:
            whole = kept(database, filters, scope, s.site, ("sites closed through", month), lambda month=month, end=end: closed_through(month, end))
        else:
            whole = closed_through(month, filters.as_of)
        bound = pd.Index(persons[0]).isin(sites["subject_id"][whole])
        for kind, ids, streets in (("site", sites["id"][whole], sites["street_code"][whole]), ("subject", *(column[bound] for column in persons))):
            parts.append((np.full(len(ids), kind, dtype=object), ids, streets, np.full(len(ids), month.isoformat(), dtype=object)))
    columns = [np.concatenate(values) for values in zip(*parts, strict=True)]
    owed = pd.DataFrame({name: pd.array(values, dtype="str") for name, values in zip(("target_kind", "target_id", "street_code", "month"), columns, strict=True)})
    return owed, rows.merge(history.on(filters.as_of), left_on="id", right_index=True)


def _visits(filters: Filters, scope: Scope) -> ColumnElement[bool]:
    v = s.patrol_visit
    return and_(rows_of(v, filters, replace(scope, agencies=())), v.c.day >= filters.start, v.c.day <= filters.as_of)


def _held(database: Database, filters: Filters, scope: Scope) -> tuple[VisitColumns, np.ndarray] | None:
    """The visits of the year in the area as arrays, and the places of those on which one got in; None where they are too many."""
    columns = visit_columns(database, filters, replace(scope, agencies=()))
    if columns is None:
        return None
    rows = columns.between(filters.start, filters.as_of)
    inside = columns.inside(rows, None if filters.area == scope.district else filters.area)
    return columns, rows.start + np.flatnonzero(inside & (columns.finding[rows] > 0))


def _months(columns: VisitColumns, name: str, rows: np.ndarray) -> pd.DataFrame:
    """The codes of a column and the months in which they occur among some visits, each once."""
    rows = rows[columns.codes[name][rows] >= 0]
    month = columns.day[rows].astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    code, month = np.divmod(np.unique(columns.codes[name][rows].astype("int64") * 100_000 + month), 100_000)
    firsts = np.datetime_as_string(month.astype("datetime64[M]").astype("datetime64[D]")).astype(object)
    return pd.DataFrame({name: columns.names[name].to_numpy(object)[code], "month": firsts}).astype("str")


def _seen(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    v, parts = s.patrol_visit, []
    held = _held(database, filters, scope)
    if held is not None:
        columns, rows = held
        for kind, target in (("site", "site_closed"), ("subject", "subject_closed")):
            named = [frozenset(rule.discharged_by) & VISIT_MODES for rule in book.of("cycle", target)]
            modes = frozenset.intersection(*named) if named else VISIT_MODES
            taken = np.append(columns.names["mode"].isin(modes or VISIT_MODES), False)[columns.codes["mode"][rows]]
            taken &= np.append(columns.names["target_kind"] == kind, False)[columns.codes["target_kind"][rows]]
            parts.append(_months(columns, "target_id", rows[taken]))
        return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    for kind, target in (("site", "site_closed"), ("subject", "subject_closed")):
        named = [frozenset(rule.discharged_by) & VISIT_MODES for rule in book.of("cycle", target)]
        modes = frozenset.intersection(*named) if named else VISIT_MODES
        parts.append(
            database.frame(
                select(v.c.target_id, v.c.day).distinct().where(
                    _visits(filters, scope), v.c.target_kind == kind, v.c.target_id.is_not(None), v.c.mode.in_(sorted(modes or VISIT_MODES)),
                    or_(v.c.access.is_(None), v.c.access.is_(True)),
                )
            )
        )  # fmt: skip
    return _by_month(pd.concat(parts, ignore_index=True), "target_id")


def _patrolled(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    held = _held(database, filters, scope)
    if held is not None:
        return _months(held[0], "street_code", held[1])
    v = s.patrol_visit
    rows = database.frame(select(v.c.street_code, v.c.day).distinct().where(_visits(filters, scope), v.c.street_code.is_not(None), v.c.access.is_not(False)))
    return _by_month(rows, "street_code")


def _by_month(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    month = rows["day"].dt.strftime("%Y-%m-01").astype("str")
    return pd.DataFrame({key: rows[key], "month": month}).drop_duplicates(ignore_index=True)


def _found(database: Database, filters: Filters, scope: Scope, status: pd.DataFrame) -> pd.DataFrame:
    """The sites found or found again in the period that still practise, and what was done about each since."""
    open_ = status[(status["status"] == "active") & (status["status_since"] >= pd.Timestamp(filters.start))]
    events = register(database, filters, scope, s.site_event, ("site_id", "day", "event", "risk"))
    warned = events["event"].isin(["warned", "ordered"]).to_numpy(bool) & (days_of(events["day"]) <= np.datetime64(filters.as_of, "D"))
    last = day_of(open_["id"].to_numpy(object), events["site_id"].to_numpy(object)[warned], days_of(events["day"])[warned], np.fmax).astype("datetime64[s]")
    since = open_["status_since"].to_numpy("datetime64[s]")
    handled = np.where(last >= since, last, np.datetime64("NaT", "s"))
    applied = _applied(database, filters, scope, open_["id"].to_numpy(object))
    return pd.DataFrame(
        {"id": open_["id"].to_numpy(object), "street_code": open_["street_code"].to_numpy(object), "since": since, "handled_on": handled,
         "warned_on": handled, "applied_on": np.where(applied >= since, applied, np.datetime64("NaT", "s"))}
    ).astype(dict.fromkeys(FOUND_DAYS, "datetime64[s]") | {"id": "str", "street_code": "str"})  # fmt: skip


def _applied(database: Database, filters: Filters, scope: Scope, sites: np.ndarray) -> np.ndarray:
    """The last day on which joint enforcement was asked for (是否要联合查处) or a case was filed, by site."""
    counters = versions(database, scope.district)
    key = ("joint enforcement asked for", scope.district, filters.known_at, counters["visit"], counters["case"])
    site, day = database.kept.get(key, lambda: _all_applied(database, filters, scope))
    past = day <= np.datetime64(filters.as_of, "D")
    return day_of(sites, site[past], day[past], np.fmax).astype("datetime64[s]")


def _all_applied(database: Database, filters: Filters, scope: Scope) -> tuple[np.ndarray, np.ndarray]:
    form, v, case, event = s.visit_form, s.patrol_visit, s.case, s.case_event
    wanted = select(v.c.target_id.label("site_id"), v.c.day).select_from(
        form.join(v, and_(v.c.id == form.c.visit_id, v.c.district_code == form.c.district_code, known(v, filters.known_at)))
    ).where(form.c.district_code == scope.district, known(form, filters.known_at), form.c.joint_wanted.is_(True))  # fmt: skip
    filed = select(case.c.site_id, event.c.day).select_from(
        event.join(case, and_(case.c.id == event.c.case_id, case.c.district_code == event.c.district_code, known(case, filters.known_at)))
    ).where(event.c.district_code == scope.district, known(event, filters.known_at), event.c.event == "filed", case.c.site_id.is_not(None))  # fmt: skip
    rows = pd.concat([database.frame(wanted), database.frame(filed)], ignore_index=True)
    rows = rows[rows["site_id"].notna()]
    return rows["site_id"].to_numpy(object), days_of(rows["day"])


def _adverse(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    rows = _of_year(seen(database, filters, scope, s.adverse_event, ("id", "street_code", "kind", "count", "level", "day", "verified")), filters)
    rows = rows[rows["verified"].ne(False).fillna(True).to_numpy(bool)][["id", "street_code", "kind", "count", "level"]]
    provincial = rows["level"].isna() | (rows["level"] == "") | rows["level"].fillna("").str.contains("|".join(PROVINCIAL))
    return rows[provincial | rows["kind"].isin(["death", "disability"])]


def _entries(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    return _of_year(seen(database, filters, scope, s.score_entry, ("id", "street_code", "item", "points", "day")), filters)[["id", "street_code", "item", "points"]]


def _of_year(rows: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    day = days_of(rows["day"])
    return rows[(day >= np.datetime64(filters.start, "D")) & (day <= np.datetime64(filters.as_of, "D"))]


def _forms_late(database: Database, filters: Filters, scope: Scope, book: Rulebook, streets: tuple[str, ...]) -> pd.DataFrame | None:
    """Findings without the form F1 in time; None where the district keeps no forms here.

    Findings older than the first one with a form were reported elsewhere: they are not judged.
    """
    form, v = s.visit_form, s.patrol_visit
    mine = and_(form.c.district_code == scope.district, known(form, filters.known_at))
    of_visit = and_(form.c.visit_id == v.c.id, form.c.district_code == v.c.district_code)
    key = ("forms", scope.district, filters.known_at, versions(database, scope.district)["visit"])

    def first_kept() -> dt.date | None:
        asked = select(func.min(v.c.day)).select_from(form.join(v, and_(of_visit, known(v, filters.known_at)))).where(mine)
        with database.read() as connection:
            return connection.execute(asked).scalar()

    first = database.kept.get(key, first_kept)
    if first is None or first > filters.as_of:
        return None
    days = int(book["score.R2.2b"].options.get("timely_days", 5)) if "score.R2.2b" in book.rules else 5
    joined = v.outerjoin(form, and_(of_visit, known(form, filters.known_at)))
    rows = database.frame(
        select(v.c.id, v.c.street_code, v.c.day, form.c.filled_on, form.c.id.label("form_id")).select_from(joined)
        .where(_visits(filters, scope), v.c.finding.in_(["suspect", "confirmed"]), v.c.day >= first)
    )  # fmt: skip
    until = rows["day"] + pd.Timedelta(days=days)
    in_time = rows["form_id"].notna() & ~(rows["filled_on"] > until)
    late = rows[~in_time & (until < pd.Timestamp(filters.as_of))]
    return _of(late.assign(month=late["day"].dt.strftime("%Y-%m-01").astype("str")), streets)


def _of(rows: pd.DataFrame, streets: tuple[str, ...]) -> pd.DataFrame:
    return rows[rows["street_code"].isin(streets)].reset_index(drop=True)
