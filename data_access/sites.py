"""The sites (点位) as they were on a day: status, risk, when each must be seen again; the stock of risk."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from sqlalchemy import and_, select

from data_access import schema as s
from data_access.database import Database
from data_access.last_visits import last_visits_of_targets
from data_access.narrowing import last_day, rows_of
from data_access.scope import known, select_columns, within
from rules import stock as rules_stock
from rules.request import Filters, Scope
from rules.revisit import duty_state, next_due, site_cycle
from rules.site_status import site_status
from rules.stock import Stock, stock_of
from rules.vocabulary import RISK

OWN = (
    "id", "row_id", "number", "name", "address", "street_code", "neighbourhood_code", "grid_code", "lon",
    "lat", "located", "premises", "category", "stubborn", "itinerant", "first_seen", "subject_id",
)  # fmt: skip
COLUMNS = (
    "id", "number", "name", "address", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "premises", "category", "status", "status_since", "risk", "last_visit", "due_on", "state",
    "days", "subject_id", "penalties", "stubborn", "itinerant", "began_on", "cycle", "row_id",
)  # fmt: skip


def sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every site known on the day asked about, in the area and of the kind of practice asked about.

    A site is a place, not an agency's: ``filters.agency`` and ``filters.system`` do not narrow it.

    Returns:
        ``COLUMNS``, by number: status (``vocabulary.SITE_STATUS``) and status_since; risk; last_visit
        and days since it (Int64); cycle (code of ``rules.cycles.CYCLES``), due_on and state (ok, due,
        over, never; empty for a cleared site); penalties, the number on record for its person (or,
        where none is named, for the site) with those before the register began; name and address
        masked by scope; days are datetime64[s]. No sites: no rows.
    """
    rows = _rows(database, filters, scope)
    status = site_status(rows, _events(database, filters, scope, rows), filters.as_of)
    found = rows.merge(status, left_on="id", right_index=True).reset_index(drop=True)
    visited = last_visits_of_targets(database, filters, scope, found["id"])
    found["last_visit"] = visited.to_numpy()
    known_since = found["last_event_on"].fillna(found["began_on"])
    last_seen = found["last_visit"].where(~(found["last_visit"] < known_since), known_since).fillna(known_since)
    found["cycle"] = site_cycle(found["status"], found["risk"])
    found["due_on"] = next_due(last_seen, found["cycle"], filters.cycle_days)
    state = duty_state(found["last_visit"], last_seen, found["due_on"], filters.as_of)
    found["state"] = state.where(found["cycle"] != "", "")
    found["days"] = (pd.Timestamp(filters.as_of) - found["last_visit"]).dt.days.astype("Int64")
    found["penalties"] = _penalties(database, filters, scope, found)
    return found.sort_values(["number", "id"], ignore_index=True)[list(COLUMNS)]


def stock_moves(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every site of the opening and closing stock and every move of the period: frame[site_id, day, part]."""
    rows = _rows(database, filters, scope)
    events = _events(database, filters, scope, rows)
    until = max(last_day(filters), filters.start)
    if filters.as_of < filters.start:
        until = filters.as_of
    return rules_stock.stock_moves(rows, events, filters.start, until)


def stock(database: Database, filters: Filters, scope: Scope) -> Stock:
    """风险点存量 of the period, up to the day asked about; in 个."""
    return stock_of(stock_moves(database, filters, scope))


def risk_counts(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Sites not yet cleared by risk: frame[risk, sites], high, mid, low, ungraded, zeros included."""
    return risk_counts_of(sites(database, filters, scope))


def risk_counts_of(found: pd.DataFrame) -> pd.DataFrame:
    """``risk_counts`` of an answer of ``sites`` that is already there."""
    counts = found.loc[found["status"] != "cleared", "risk"].value_counts()
    codes = [word.code for word in RISK]
    return pd.DataFrame({"risk": codes, "sites": counts.reindex(codes, fill_value=0).to_numpy("int64")})


def _rows(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    return database.frame(select(*select_columns(s.site, OWN, scope)).where(rows_of(s.site, filters, scope)))


def _events(database: Database, filters: Filters, scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    e = s.site_event
    mine = [e.c.district_code == scope.district, known(e, filters.known_at)]
    if not scope.is_whole_district or filters.area:
        t = s.site
        mine.append(e.c.site_id.in_(select(t.c.id).where(rows_of(t, filters, scope))))
    events = database.frame(select(e.c.site_id, e.c.day, e.c.event, e.c.risk).where(*mine))
    return events[events["site_id"].isin(rows["id"])]


def _penalties(database: Database, filters: Filters, scope: Scope, found: pd.DataFrame) -> pd.Series:
    p, c, person = s.penalty, s.case, s.subject
    wide = replace(scope, areas=(), agencies=())
    joined = p.outerjoin(c, and_(c.c.id == p.c.case_id, within(c, wide), known(c, filters.known_at)))
    rows = database.frame(
        select(p.c.site_id, p.c.subject_id, c.c.site_id.label("case_site"), c.c.subject_id.label("case_subject"))
        .select_from(joined)
        .where(known(p, filters.known_at), within(p, wide), p.c.day <= filters.as_of)
    )  # fmt: skip
    before = database.frame(
        select(person.c.id, person.c.prior_penalties).where(
            within(person, wide), known(person, filters.known_at), person.c.prior_penalties > 0
        )
    )
    of_subject = rows["subject_id"].fillna(rows["case_subject"]).value_counts()
    of_site = rows["site_id"].fillna(rows["case_site"]).value_counts()
    prior = before.set_index("id")["prior_penalties"]
    named = found["subject_id"].map(of_subject).fillna(0) + found["subject_id"].map(prior).fillna(0)
    return named.where(found["subject_id"].notna(), found["id"].map(of_site).fillna(0)).astype("int64")
