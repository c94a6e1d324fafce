"""The sites (点位) as they were on a day: status, risk, when each must be seen again; the stock of risk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from data_access import schema as s
from data_access.cycles import cycle_rules
from data_access.database import Database
from data_access.last_visits import last_visits_of_targets
from data_access.narrowing import last_day
from data_access.registers import by_number, kept, narrowed_register, register, shared
from rules import stock as rules_stock
from rules.event_line import days_of, days_since
from rules.request import Filters, Scope
from rules.revisit import dues_of, site_cycle, states_of
from rules.site_status import SiteHistory, history_of
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
        and days since it (Int64); cycle (target of the cycle that binds it, ``rules.cycles.PLACES``), due_on and state (ok, due,
        over, never; empty for a cleared site); penalties, the number on record for its person (or,
        where none is named, for the site) with those before the register began; name and address
        masked by scope; days are datetime64[s]. No sites: no rows.
    """
    asked = filters.of_day().with_(agency=None, system=None)
    return shared(database, asked, scope, "sites", lambda: _sites(database, asked, scope))


def known_sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The sites as they were on the day, before any visit is looked at.

    Returns:
        frame of ``OWN`` with status, status_since, risk, began_on, last_event_on
        (``rules.site_status``) and penalties.
    """
    asked = filters.of_day().with_(agency=None, system=None)
    return shared(database, asked, scope, "known sites", lambda: _known_sites(database, asked, scope))


def _known_sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    rows = _rows(database, filters, scope)
    status = site_history(database, filters, scope).on(filters.as_of)
    at = status.index.get_indexer(pd.Index(rows["id"]))
    here = np.flatnonzero(at >= 0)
    told = {name: status[name].array.take(at[here]) for name in status}
    found = pd.DataFrame({name: rows[name].array.take(here) for name in rows} | told)
    found["penalties"] = _penalties(database, filters, scope, found)
    return found


def site_history(database: Database, filters: Filters, scope: Scope) -> SiteHistory:
    """What happened to every site that the scope may see, whatever the day and the area asked about."""

    def made() -> SiteHistory:
        return history_of(register(database, filters, scope, s.site, OWN), _events(database, filters, scope))

    return kept(database, filters, scope, s.site, ("site history",), made)


def _sites(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    found = known_sites(database, filters, scope)
    visited = days_of(last_visits_of_targets(database, filters, scope, found["id"]))
    met, began = days_of(found["last_event_on"]), days_of(found["began_on"])
    seen = np.fmax(visited, np.where(np.isnat(met), began, met))
    cycle = site_cycle(found["status"], found["risk"]).array
    codes = cycle.to_numpy(object)
    due = dues_of(seen, codes, cycle_rules(database, filters, scope))
    state = np.where(codes == "", "", states_of(visited, seen, due, filters.as_of))
    told = {
        "last_visit": visited.astype("datetime64[s]"), "cycle": cycle, "due_on": due.astype("datetime64[s]"), "state": pd.array(state, dtype="str"),
        "days": days_since(visited, filters.as_of).array,
    }  # fmt: skip
    return by_number(found, told, COLUMNS)


def stock_moves(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every site of the opening and closing stock and every move of the period: frame[site_id, day, part]."""
    rows = _rows(database, filters, scope)
    events = _events(database, filters, scope)
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
    return narrowed_register(database, filters, scope, s.site, OWN)


def _events(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    return register(database, filters, scope, s.site_event, ("site_id", "day", "event", "risk"))


def _penalties(database: Database, filters: Filters, scope: Scope, found: pd.DataFrame) -> np.ndarray:
    """Penalties up to the day by person, else by site, whoever decided them: 两次处罚 is about the person."""
    wide = replace(scope, areas=(), agencies=())

    def by_day() -> tuple[np.ndarray, tuple[np.ndarray, pd.Index], tuple[np.ndarray, pd.Index], pd.Series]:
        rows = register(database, filters, wide, s.penalty, ("case_id", "site_id", "subject_id", "day"))
        of_case = register(database, filters, wide, s.case, ("id", "site_id", "subject_id")).set_index("id")
        before = register(database, filters, wide, s.subject, ("id", "prior_penalties")).set_index("id")["prior_penalties"]
        person, persons = pd.factorize(rows["subject_id"].fillna(rows["case_id"].map(of_case["subject_id"])))
        place, places = pd.factorize(rows["site_id"].fillna(rows["case_id"].map(of_case["site_id"])))
        return days_of(rows["day"]), (person, pd.Index(persons)), (place, pd.Index(places)), before.fillna(0)

    day, person, place, before = kept(database, filters, wide, s.penalty, ("penalties of people and places",), by_day)
    past = day <= np.datetime64(filters.as_of, "D")
    subject = found["subject_id"]
    named = _counted(subject, person[1], _each(person, past)) + _counted(subject, before.index, before.to_numpy("int64"))
    return np.where(subject.notna(), named, _counted(found["id"], place[1], _each(place, past)))


def _each(coded: tuple[np.ndarray, pd.Index], among: np.ndarray) -> np.ndarray:
    """How often each thing is named among some rows; a code of -1 names none."""
    codes, things = coded
    return np.bincount(codes[among & (codes >= 0)], minlength=len(things))


def _counted(keys: pd.Series, things: pd.Index, counts: np.ndarray) -> np.ndarray:
    return np.append(counts, 0)[things.get_indexer(pd.Index(keys))]
