"""The penalties that entail duties, and what was done about each by a day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import and_, select

from data_access import schema as s
from data_access.database import Database
from data_access.organisations import system_of
from data_access.placed import asked_of
from data_access.registers import kept, register
from data_access.scope import known
from rules.event_line import day_of, days_of
from rules.request import Filters, Scope

OWN = ("row_id", "id", "number", "day", "kind", "agency_code", "pushed_on", "case_id", "site_id", "street_code")
OF_CASE = ("category", "premises", "neighbourhood_code", "grid_code")
Days = tuple[np.ndarray, np.ndarray]
"""Whose event each was, as objects, and its day, datetime64[D]."""


def penalties_to_follow(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> pd.DataFrame:
    """The penalties of the health authority for 无证行医 up to the day, and what was done about each by then.

    Args:
        sites: the sites asked about: id, premises.

    Returns:
        frame as ``rules.duties.aftermath`` takes it, with site_id, category and the places.
    """
    day = np.datetime64(filters.as_of, "D")
    every = kept(database, filters, scope, s.penalty, ("penalties with their cases",), lambda: _with_cases(database, filters, scope))
    systems = system_of(database, scope, filters.as_of, known_at=filters.known_at)
    wanted = (days_of(every["day"]) <= day) & (every["agency_code"].map(systems).fillna("health") == "health").to_numpy(bool)
    mask = asked_of(database, filters, scope, s.penalty, every["row_id"])
    rows = every.take(np.flatnonzero(wanted if mask is None else wanted & mask)).reset_index(drop=True)
    own = sites.drop_duplicates("id").set_index("id")["premises"].reindex(rows["site_id"]).to_numpy(object)
    cases, pushed = rows["case_id"].to_numpy(object), days_of(rows["pushed_on"])

    def told(found: Days, things: np.ndarray, choose: np.ufunc) -> np.ndarray:
        past = found[1] <= day
        return day_of(things, found[0][past], found[1][past], choose).astype("datetime64[s]")

    return rows.assign(
        label=rows["number"],
        agency_code=pd.array(np.full(len(rows), None, dtype=object), dtype="str"),
        premises=rows["premises"].fillna(pd.Series(own, index=rows.index, dtype="str")),
        pushed_on=np.where(pushed <= day, pushed, np.datetime64("NaT")).astype("datetime64[s]"),
        housing_told_on=told(_housing_told(database, filters, scope, systems), cases, np.fmin),
        typical_on=told(_told_as_typical(database, filters, scope), cases, np.fmin),
        committee_notified_on=told(_committees_told(database, filters, scope), rows["site_id"].to_numpy(object), np.fmax),
    )


def penalised_on(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    """The day of the last penalty of each site up to the day, its own or of a case about it: datetime64[s]."""
    wide = replace(scope, areas=(), agencies=())

    def made() -> Days:
        rows = register(database, filters, wide, s.penalty, ("case_id", "site_id", "subject_id", "day"))
        of_case = register(database, filters, wide, s.case, ("id", "site_id", "subject_id")).set_index("id")
        return rows["site_id"].fillna(rows["case_id"].map(of_case["site_id"])).to_numpy(object), days_of(rows["day"])

    site, day = kept(database, filters, wide, s.penalty, ("sites penalised",), made)
    past = day <= np.datetime64(filters.as_of, "D")
    return day_of(sites["id"].to_numpy(object), site[past], day[past], np.fmax).astype("datetime64[s]")


def _with_cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every penalty of no other kind of case, with what its case tells."""
    wide = replace(scope, areas=(), agencies=())
    rows = register(database, filters, scope, s.penalty, OWN)
    cases = register(database, filters, wide, s.case, ("id", *OF_CASE, "site_id", "street_code", "kind")).drop_duplicates("id").set_index("id")
    of_case = cases.reindex(rows["case_id"]).set_index(rows.index)
    found = rows.assign(
        site_id=rows["site_id"].fillna(of_case["site_id"]), street_code=rows["street_code"].fillna(of_case["street_code"]), **{name: of_case[name] for name in OF_CASE}
    )
    return found[of_case["kind"].isna() | (of_case["kind"] == "unlicensed")].reset_index(drop=True)


def _housing_told(database: Database, filters: Filters, scope: Scope, systems: pd.Series) -> Days:
    """When cases were passed to the housing authority."""
    wide = replace(scope, areas=(), agencies=())

    def made() -> tuple[np.ndarray, np.ndarray, pd.Series]:
        rows = register(database, filters, wide, s.transfer, ("case_id", "day", "to_agency"))
        rows = rows[rows["case_id"].notna()]
        return rows["case_id"].to_numpy(object), days_of(rows["day"]), rows["to_agency"]

    case, day, agency = kept(database, filters, wide, s.transfer, ("cases passed on",), made)
    mine = (agency.map(systems) == "housing").to_numpy(bool)
    return case[mine], day[mine]


def _told_as_typical(database: Database, filters: Filters, scope: Scope) -> Days:
    """When cases were told as typical ones, or judged to be none."""
    wide = replace(scope, areas=(), agencies=())

    def made() -> Days:
        rows = register(database, filters, wide, s.case_event, ("case_id", "day", "event"))
        rows = rows[rows["event"].isin(["typical_case", "not_typical"])]
        return rows["case_id"].to_numpy(object), days_of(rows["day"])

    return kept(database, filters, wide, s.case_event, ("cases told as typical",), made)


def _committees_told(database: Database, filters: Filters, scope: Scope) -> Days:
    """When the committees were told of the rented premises at sites' addresses."""
    r, site = s.rented_premises, s.site
    same = and_(site.c.address == r.c.address, site.c.district_code == r.c.district_code, known(site, filters.known_at))

    def made() -> Days:
        rows = database.frame(
            select(site.c.id, r.c.committee_notified_on).select_from(r.join(site, same)).where(
                r.c.district_code == scope.district, known(r, filters.known_at), r.c.committee_notified_on.is_not(None), site.c.address != ""
            )
        )
        return rows["id"].to_numpy(object), days_of(rows["committee_notified_on"])

    return kept(database, filters, replace(scope, areas=(), agencies=()), s.rented_premises, ("committees told",), made)
