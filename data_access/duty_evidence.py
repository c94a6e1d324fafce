"""Reads what the duties of a day rest on: places, people, matters, lists, activities and last visits."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.sql import FromClause

from data_access import schema as s
from data_access.areas import areas_kept
from data_access.campaign_stages import stages
from data_access.case_state import asked_cases, case_states
from data_access.construction import existing_sites
from data_access.database import Database
from data_access.discharges import last_visits
from data_access.duty_activities import activities, bodies, papers_given
from data_access.duty_lists import listed_targets
from data_access.duty_penalties import penalised_on, penalties_to_follow
from data_access.last_visits import predecessors
from data_access.narrowing import inside
from data_access.people import active_people, closed_on
from data_access.placed import asked_of
from data_access.police_transfer import last_agency, police_transfers
from data_access.registers import kept, register
from data_access.rulebooks import rulebook_of
from data_access.sites import known_sites
from rules.duties.handing_over import BY_STATE
from rules.event_line import day_of, days_of
from rules.lead_state import COMPLAINTS, lead_state
from rules.obligations import DUTY_KINDS, VISITED, Evidence
from rules.request import Filters, Scope
from rules.rulebook import Rulebook
from rules.vocabulary import VISIT_MODE

PLACE = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")
OF_GRIDS = frozenset({"grid", "task_target"})
OF_TARGETS = frozenset({*VISITED, "task_target", "penalty"}) - {"grid", "lead_verify"}
LEAD = (
    "row_id", "id", "number", "day", "at", "source", "category", "premises", *PLACE, "agency_code", "due_on", "contacted_on",
    "checked_on", "result", "street_notified_on", "feedback_on",
)  # fmt: skip
TRANSFER = ("row_id", "id", "number", "kind", "day", "due_on", "accepted_on", "from_agency", "street_code", "to_agency", "feedback_on")
DECISION = ("row_id", "id", "number", "day", "due_on", "agency_code", "text", "done_when", *PLACE, "feedback_on", "closed_on", "state")


def evidence_of(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> Evidence:
    """What the duties rest on, as of the day, as known at the instant, as far as the scope sees.

    Registers are read whole and kept by data version (``registers``); here the day, the area and the
    kind of practice cut them.

    Args:
        book: tells which modes of visit some rule does not take.
    """
    sites = known_sites(database, filters, scope)
    grids, construction = _grids(database, filters, scope), existing_sites(database, filters, scope)
    construction = construction.assign(label=construction["name"])
    subjects, streets = active_people(database, filters, scope), _streets(database, filters, scope)
    return Evidence(
        visits=last_visits(database, filters, scope, _modes(book, OF_GRIDS), _modes(book, OF_TARGETS)),
        grids=grids,
        sites=sites.assign(
            label=sites["number"],
            penalised_on=penalised_on(database, filters, scope, sites),
            handled_on=_handled(database, filters, scope, sites),
            has_plan=_has_plan(database, filters, scope, sites),
        ),
        construction=construction,
        subjects=subjects.assign(label=subjects["number"], risk=subjects["grade"], closed_on=closed_on(database, filters, scope, subjects)),
        leads=_leads(database, filters, scope),
        cases=_cases(database, filters, scope, book),
        transfers=_transfers(database, filters, scope),
        decisions=_decisions(database, filters, scope),
        tasks=listed_targets(database, filters, scope, grids, sites, construction, subjects),
        penalties=penalties_to_follow(database, filters, scope, sites),
        complaints=_complaints(database, filters, scope),
        streets=streets,
        activities=activities(database, filters, scope),
        offenders=_offenders(database, filters, scope, book),
        bodies=bodies(database, filters, scope, streets),
        stages=stages(database, scope, filters.known_at),
        given=papers_given(database, filters, scope),
        predecessors=predecessors(database, scope, filters.as_of, known_at=filters.known_at),
    )


def _modes(book: Rulebook, targets: frozenset[str]) -> frozenset[str]:
    """The modes of visit that every rule about some targets takes."""
    modes = frozenset(word.code for word in VISIT_MODE)
    for rule in book:
        named = frozenset(rule.discharged_by) & modes
        if rule.target in targets and rule.kind in DUTY_KINDS and named:
            modes = named
    return modes


def _grids(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    def made(areas: gpd.GeoDataFrame) -> pd.DataFrame:
        found = areas[areas["level"] == "grid"].reset_index(drop=True)
        rows = pd.DataFrame(found[["code", "street_code", "neighbourhood_code", "priority"]])
        return rows.assign(id=rows["code"], label=rows["code"], grid_code=rows["code"], lon=found["label_lon"], lat=found["label_lat"], located="area")

    return _inside(areas_kept(database, scope, filters.as_of, "duty grids", made, known_at=filters.known_at), filters, scope)


def _streets(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The streets, and the district for who answers for all of it: where all of it is asked about by who may see it."""

    def made(areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        named = areas["short_name"].where(areas["short_name"].notna(), areas["name"])
        rows = pd.DataFrame(
            {"id": areas["code"], "label": named, "street_code": areas["code"].where(areas["level"] == "street"), "lon": areas["label_lon"],
             "lat": areas["label_lat"], "located": "area", "level": areas["level"], "code": areas["code"], "neighbourhood_code": areas["neighbourhood_code"]}
        )  # fmt: skip
        return rows[rows["level"] == "street"].reset_index(drop=True), rows[rows["level"] == "district"].head(1).assign(lon=np.nan, lat=np.nan)

    streets, district = areas_kept(database, scope, filters.as_of, "duty streets", made, known_at=filters.known_at)
    # A grid asked about has its street's duties on another screen.
    found = _inside(streets, filters, scope)
    whole = not scope.areas and filters.area in (None, scope.district) and len(district)
    return (pd.concat([found, district], ignore_index=True) if whole else found).drop(columns=["code", "neighbourhood_code"])


def _inside(rows: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    asked = scope.areas or (filters.area and filters.area != scope.district)
    return inside(rows, filters, scope) if asked else rows.copy(deep=False)


def _handled(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    """The last day on which each site was warned or ordered."""

    def made() -> tuple[np.ndarray, np.ndarray]:
        events = register(database, filters, scope, s.site_event, ("site_id", "day", "event", "risk"))
        mine = events[events["event"].isin(["warned", "ordered"])]
        return mine["site_id"].to_numpy(object), days_of(mine["day"])

    site, day = kept(database, filters, scope, s.site_event, ("sites handled",), made)
    past = day <= np.datetime64(filters.as_of, "D")
    return day_of(sites["id"].to_numpy(object), site[past], day[past], np.fmax).astype("datetime64[s]")


def _has_plan(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    def made() -> pd.Index:
        rows = register(database, filters, scope, s.site, ("id", "plan"))
        return pd.Index(rows["id"][rows["plan"].fillna("").str.strip() != ""])

    return sites["id"].isin(kept(database, filters, scope, s.site, ("sites with a plan",), made)).to_numpy(bool)


def _offenders(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    """Who must be handed over, or be settled first; the health authority of the last penalty owes it."""
    found = police_transfers(database, filters, scope, None if book is rulebook_of(database, filters, scope) else book)
    found = found[found["state"].isin(BY_STATE)]

    def places() -> pd.DataFrame:
        return register(database, filters, scope, s.subject, ("id", "lon", "lat", "located")).drop_duplicates("id").set_index("id")

    located = kept(database, filters, scope, s.subject, ("places of people",), places).reindex(found["subject_id"])
    found = found.reset_index(drop=True)
    return found.assign(
        id=found["subject_id"], label=found["number"], **{name: located[name].array for name in ("lon", "lat", "located")},
        agency_code=found["subject_id"].map(last_agency(database, filters, scope)).astype("str"),
    )  # fmt: skip


def _complaints(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Complaints about sites, whatever their day."""
    wide = replace(scope, areas=(), agencies=())

    def made() -> pd.DataFrame:
        rows = register(database, filters, wide, s.lead, ("site_id", "day", "source"))
        return rows[rows["site_id"].notna() & rows["source"].isin(COMPLAINTS)].reset_index(drop=True)

    return kept(database, filters, wide, s.lead, ("complaints about sites",), made)


def _leads(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The leads received up to the day of which anything may still be owed, as they stood."""
    rows, day = register(database, filters, scope, s.lead, LEAD), np.datetime64(filters.as_of, "D")

    def missing(name: str) -> np.ndarray:
        return ~(days_of(rows[name]) <= day)

    complaint = rows["source"].isin(COMPLAINTS).to_numpy(bool)
    wanted = missing("checked_on") | missing("street_notified_on") | (complaint & missing("feedback_on"))
    found = lead_state(_asked(database, filters, scope, s.lead, rows, wanted & (days_of(rows["day"]) <= day)), filters.as_of)
    return found.assign(label=found["number"]).reset_index(drop=True)


def _cases(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    rows = asked_cases(database, filters, scope)
    state = case_states(database, filters, scope, filters.as_of, book)
    at = state.index.get_indexer(pd.Index(rows["id"]))
    here = np.flatnonzero((at >= 0) & np.append(state["state"].to_numpy(object) == "open", False)[at])
    parts = ((rows, here), (state, at[here]))
    found = {name: part[name].array.take(place) for part, place in parts for name in part}
    return pd.DataFrame(found | {"label": found["number"]})


def _transfers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    rows, day = register(database, filters, scope, s.transfer, TRANSFER), np.datetime64(filters.as_of, "D")
    found = _asked(database, filters, scope, s.transfer, rows, (days_of(rows["day"]) <= day) & ~(days_of(rows["feedback_on"]) <= day))
    accepted = found["accepted_on"].where(days_of(found["accepted_on"]) <= day)
    return found.rename(columns={"to_agency": "agency_code"}).assign(label=found["number"], accepted_on=accepted)


def _decisions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    rows, day = register(database, filters, scope, s.decision, DECISION), np.datetime64(filters.as_of, "D")
    ended = [days_of(rows[name]) for name in ("feedback_on", "closed_on")]
    dated = ~np.isnat(ended[0]) | ~np.isnat(ended[1])
    open_ = ((rows["state"] == "open").to_numpy(bool) | dated) & (rows["state"] != "cancelled").to_numpy(bool)
    found = _asked(database, filters, scope, s.decision, rows, open_ & (days_of(rows["day"]) <= day) & ~(ended[0] <= day) & ~(ended[1] <= day))
    return found.assign(label=found["number"])


def _asked(database: Database, filters: Filters, scope: Scope, table: FromClause, rows: pd.DataFrame, wanted: np.ndarray) -> pd.DataFrame:
    """Those of the wanted rows that lie in the area and are of the kind of practice asked about."""
    mask = asked_of(database, filters, scope, table, rows["row_id"])
    return rows.take(np.flatnonzero(wanted if mask is None else wanted & mask)).reset_index(drop=True)
