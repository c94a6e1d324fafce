"""Reads what the duties of a day rest on: places, people, matters, lists, activities and last visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import and_, func, or_, select

from data_access import schema as s
from data_access.areas import areas, places
from data_access.campaign_stages import stages
from data_access.case_state import case_rows, case_states
from data_access.construction import existing_sites
from data_access.database import Database
from data_access.discharges import last_visits
from data_access.last_visits import predecessors
from data_access.narrowing import inside, rows_of
from data_access.organisations import agency_names
from data_access.people import active_people
from data_access.police_transfer import last_agency, police_transfers
from data_access.registers import narrowed, register
from data_access.scope import known, select_columns
from data_access.sites import known_sites
from rules.duties.counted import ACTIVITY
from rules.duties.handing_over import BY_STATE
from rules.duties.papers import LOOK
from rules.lead_state import COMPLAINTS, lead_state
from rules.obligations import DUTY_KINDS, VISITED, Evidence
from rules.quarter import quarter_days
from rules.request import Filters, Scope
from rules.rulebook import Rulebook
from rules.vocabulary import VISIT_MODE

PLACE = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")
OF_GRIDS = frozenset({"grid", "task_target"})
OF_TARGETS = frozenset({*VISITED, "task_target"}) - {"grid", "lead_verify"}
LEAD = (
    "id", "number", "day", "at", "source", "category", "premises", *PLACE, "agency_code", "due_on", "contacted_on",
    "checked_on", "result", "street_notified_on", "feedback_on",
)  # fmt: skip


def evidence_of(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> Evidence:
    """What the duties rest on, as of the day, as known at the instant, as far as the scope sees.

    Args:
        book: tells which modes of visit some rule does not take.
    """
    sites = known_sites(database, filters, scope)
    grids, construction = _grids(database, filters, scope), existing_sites(database, filters, scope)
    construction = construction.assign(label=construction["name"])
    subjects = active_people(database, filters, scope)
    tasks = _tasks(database, filters, scope)
    return Evidence(
        visits=last_visits(database, filters, scope, _modes(book, OF_GRIDS), _modes(book, OF_TARGETS)),
        grids=grids,
        sites=sites.assign(
            label=sites["number"],
            penalised_on=_penalised(database, filters, scope, sites),
            handled_on=_handled(database, filters, scope, sites),
            has_plan=_has_plan(database, filters, scope, sites),
        ),
        construction=construction,
        subjects=subjects.assign(label=subjects["number"], risk=subjects["grade"], closed_on=_closed_on(subjects, sites)),
        leads=_leads(database, filters, scope),
        cases=_cases(database, filters, scope, book),
        transfers=_transfers(database, filters, scope),
        decisions=_decisions(database, filters, scope),
        tasks=_placed(tasks, grids, sites, construction, subjects),
        penalties=_penalties(database, filters, scope, sites),
        complaints=_complaints(database, filters, scope),
        streets=_streets(database, filters, scope),
        activities=_activities(database, filters, scope),
        offenders=_offenders(database, filters, scope, book),
        bodies=bodies(database, filters, scope),
        stages=stages(database, scope, filters.known_at),
        given=_given(database, filters, scope),
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
    found = inside(areas(database, scope, filters.as_of, "grid", known_at=filters.known_at), filters, scope)
    rows = pd.DataFrame(found[["code", "street_code", "neighbourhood_code", "priority"]])
    return rows.assign(id=rows["code"], label=rows["code"], grid_code=rows["code"], lon=found["label_lon"], lat=found["label_lat"], located="area")


def _streets(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The streets, and the district for who answers for all of it."""
    found = inside(areas(database, scope, filters.as_of, "street", known_at=filters.known_at), filters, scope)
    # A grid asked about has its street's duties on another screen.
    rows = pd.DataFrame(
        {"id": found["code"], "label": found["short_name"].fillna(found["name"]), "street_code": found["code"],
         "lon": found["label_lon"], "lat": found["label_lat"], "located": "area", "level": "street"}
    )  # fmt: skip
    whole = _district(database, filters, scope)
    return rows if whole is None else pd.concat([rows, whole], ignore_index=True)


def _district(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame | None:
    """One row for the district where all of it is asked about by who may see all of it."""
    if scope.areas or filters.area not in (None, scope.district):
        return None
    found = areas(database, scope, filters.as_of, "district", known_at=filters.known_at)
    if found.empty:
        return None
    own = found.iloc[0]
    return pd.DataFrame({"id": [own["code"]], "label": [own["short_name"] if isinstance(own["short_name"], str) else own["name"]], "located": ["area"], "level": ["district"]})


def _penalised(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    """The day of the last penalty of each site, its own or of a case about it."""
    wide = replace(scope, areas=(), agencies=())
    rows = register(database, filters, wide, s.penalty, ("case_id", "site_id", "subject_id", "day"))
    rows = rows[rows["day"] <= pd.Timestamp(filters.as_of)]
    of_case = register(database, filters, wide, s.case, ("id", "site_id", "subject_id")).set_index("id")
    site = rows["site_id"].fillna(rows["case_id"].map(of_case["site_id"]))
    last = rows["day"].groupby(site.to_numpy(object)).max()
    return last.reindex(pd.Index(sites["id"])).to_numpy("datetime64[s]")


def _handled(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    """The last day on which each site was warned or ordered."""
    events = register(database, filters, scope, s.site_event, ("site_id", "day", "event", "risk"))
    mine = events[events["event"].isin(["warned", "ordered"]) & (events["day"] <= pd.Timestamp(filters.as_of))]
    return mine["day"].groupby(mine["site_id"].to_numpy(object)).max().reindex(pd.Index(sites["id"])).to_numpy("datetime64[s]")


def _has_plan(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> np.ndarray:
    plans = register(database, filters, scope, s.site, ("id", "plan")).set_index("id")["plan"]
    return plans.reindex(pd.Index(sites["id"])).fillna("").str.strip().ne("").to_numpy(bool)


def _penalties(database: Database, filters: Filters, scope: Scope, sites: pd.DataFrame) -> pd.DataFrame:
    """The penalties of the health authority for 无证行医, and what was done about each by the day."""
    p, c, day = s.penalty, s.case, pd.Timestamp(filters.as_of)
    joined = p.outerjoin(c, and_(c.c.id == p.c.case_id, c.c.district_code == p.c.district_code, known(c, filters.known_at)))
    rows = database.frame(
        select(
            p.c.id, p.c.number, p.c.day, p.c.kind, p.c.agency_code, p.c.pushed_on, p.c.case_id, c.c.category, c.c.premises,
            func.coalesce(p.c.site_id, c.c.site_id).label("site_id"), func.coalesce(p.c.street_code, c.c.street_code).label("street_code"),
            c.c.neighbourhood_code, c.c.grid_code,
        ).select_from(joined).where(p.c.day <= filters.as_of, rows_of(p, filters, scope), or_(c.c.kind.is_(None), c.c.kind == "unlicensed"))
    )  # fmt: skip
    systems = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["system"]
    rows = rows[rows["agency_code"].map(systems).fillna("health") == "health"].reset_index(drop=True)
    own = sites.drop_duplicates("id").set_index("id")["premises"].reindex(rows["site_id"]).to_numpy(object)
    told, typical = _housing_told(database, filters, scope, systems), _told_as_typical(database, filters, scope)
    return rows.assign(
        label=rows["number"],
        agency_code=pd.Series(pd.NA, index=rows.index, dtype="str"),
        premises=rows["premises"].fillna(pd.Series(own, index=rows.index, dtype="str")),
        pushed_on=rows["pushed_on"].where(rows["pushed_on"] <= day),
        housing_told_on=told.reindex(pd.Index(rows["case_id"])).to_numpy("datetime64[s]"),
        typical_on=typical.reindex(pd.Index(rows["case_id"])).to_numpy("datetime64[s]"),
        committee_notified_on=_committees_told(database, filters, scope).reindex(pd.Index(rows["site_id"])).to_numpy("datetime64[s]"),
    )


def _housing_told(database: Database, filters: Filters, scope: Scope, systems: pd.Series) -> pd.Series:
    """The first day on which a case, or the lead it came from, was passed to the housing authority."""
    t = s.transfer
    rows = database.frame(
        select(t.c.case_id, t.c.day, t.c.to_agency).where(
            t.c.district_code == scope.district, known(t, filters.known_at), t.c.day <= filters.as_of, t.c.case_id.is_not(None)
        )
    )
    mine = rows[rows["to_agency"].map(systems) == "housing"]
    return mine["day"].groupby(mine["case_id"].to_numpy(object)).min()


def _told_as_typical(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    """The first day on which each case was told as a typical one, or judged to be none."""
    e = s.case_event
    rows = database.frame(
        select(e.c.case_id, e.c.day).where(
            e.c.district_code == scope.district, known(e, filters.known_at), e.c.event.in_(("typical_case", "not_typical")), e.c.day <= filters.as_of
        )
    )
    return rows["day"].groupby(rows["case_id"].to_numpy(object)).min()


def _offenders(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    """Who must be handed over, or be settled first; the health authority of the last penalty owes it."""
    found = police_transfers(database, filters, scope, book)
    found = found[found["state"].isin(BY_STATE)]
    places_of = register(database, filters, scope, s.subject, ("id", "lon", "lat", "located")).drop_duplicates("id").set_index("id")
    located = places_of.reindex(found["subject_id"]).reset_index(drop=True)
    found = found.reset_index(drop=True)
    return found.assign(
        id=found["subject_id"], label=found["number"], lon=located["lon"], lat=located["lat"], located=located["located"],
        agency_code=found["subject_id"].map(last_agency(database, filters, scope)).astype("str"),
    )  # fmt: skip


def bodies(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Who hands papers in: frame[code, level, label, street_code]: streets, the district, the city where it has an office here."""
    streets = _streets(database, filters, scope)
    rows = pd.DataFrame({"code": streets["id"], "level": streets["level"], "label": streets["label"], "street_code": streets["street_code"]})
    district = rows[rows["level"] == "district"]
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at)
    if len(district) and (agencies["level"] == "city").any():
        rows = pd.concat([rows, district.assign(level="city")], ignore_index=True)
    return rows


def _given(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The papers on record (活动 材料报送): code of the street that handed each in, or of the district."""
    t = s.activity
    rows = database.frame(
        select(t.c.id, t.c.number, t.c.name, t.c.day, t.c.street_code, t.c.agency_code).where(
            t.c.district_code == scope.district, known(t, filters.known_at), t.c.kind == "report", t.c.day <= filters.as_of,
            t.c.day >= filters.as_of - 2 * LOOK,
        )
    )  # fmt: skip
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")
    streets = set(places(database, replace(scope, areas=(), agencies=()), filters.as_of, "street", known_at=filters.known_at)["code"])
    of_agency = rows["agency_code"].map(agencies["area_code"])
    own = rows["street_code"].fillna(of_agency.where(of_agency.isin(streets)))
    return rows.assign(code=own.fillna(scope.district))[["id", "number", "name", "day", "code"]]


def _committees_told(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    """The last day on which the committee was told of the rented premises at a site's address."""
    r, site = s.rented_premises, s.site
    same = and_(site.c.address == r.c.address, site.c.district_code == r.c.district_code, known(site, filters.known_at))
    rows = database.frame(
        select(site.c.id, r.c.committee_notified_on).select_from(r.join(site, same)).where(
            r.c.district_code == scope.district, known(r, filters.known_at), r.c.committee_notified_on <= filters.as_of, site.c.address != ""
        )
    )
    return rows["committee_notified_on"].groupby(rows["id"].to_numpy(object)).max()


def _complaints(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t = s.lead
    return database.frame(
        select(t.c.site_id, t.c.day, t.c.source).where(
            t.c.site_id.is_not(None), t.c.day <= filters.as_of, t.c.source.in_(COMPLAINTS),
            t.c.district_code == scope.district, known(t, filters.known_at),
        )
    )  # fmt: skip


def _closed_on(subjects: pd.DataFrame, sites: pd.DataFrame) -> np.ndarray:
    """The last day on which a site of each person, still closed, was closed."""
    closed = sites[sites["status"].isin(["closed", "self_closed"]) & sites["subject_id"].notna()]
    last = closed["status_since"].groupby(closed["subject_id"].to_numpy(object)).max()
    return last.reindex(pd.Index(subjects["id"])).to_numpy("datetime64[s]")


def _leads(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t, day = s.lead, filters.as_of
    unchecked = or_(t.c.checked_on.is_(None), t.c.checked_on > day)
    uncalled = and_(
        t.c.source.in_(COMPLAINTS), or_(t.c.contacted_on.is_(None), t.c.contacted_on > day),
        or_(t.c.feedback_on.is_(None), t.c.feedback_on > day),
    )  # fmt: skip
    unanswered = and_(t.c.source.in_(COMPLAINTS), or_(t.c.feedback_on.is_(None), t.c.feedback_on > day))
    untold = or_(t.c.street_notified_on.is_(None), t.c.street_notified_on > day)
    rows = database.frame(
        select(*select_columns(t, LEAD, scope)).where(t.c.day <= day, or_(unchecked, uncalled, unanswered, untold), rows_of(t, filters, scope))
    )
    found = lead_state(rows, day)
    return found.assign(label=found["number"]).reset_index(drop=True)


def _cases(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    rows = narrowed(case_rows(database, filters, scope), filters, scope)
    state = case_states(database, filters, scope, filters.as_of, book)
    found = rows.merge(state[state["state"] == "open"], left_on="id", right_index=True).reset_index(drop=True)
    return found.assign(label=found["number"])


def _transfers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t, day = s.transfer, filters.as_of
    names = ("id", "number", "kind", "day", "due_on", "accepted_on", "from_agency", "street_code")
    found = database.frame(
        select(*(t.c[name] for name in names), t.c.to_agency.label("agency_code")).where(
            rows_of(t, filters, scope), t.c.day <= day, or_(t.c.feedback_on.is_(None), t.c.feedback_on > day)
        )
    )
    accepted = found["accepted_on"].where(found["accepted_on"] <= pd.Timestamp(day))
    return found.assign(label=found["number"], accepted_on=accepted)


def _decisions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t, day = s.decision, filters.as_of
    names = ("id", "number", "day", "due_on", "agency_code", "text", "done_when", *PLACE)
    ended = [or_(t.c[name].is_(None), t.c[name] > day) for name in ("feedback_on", "closed_on")]
    dated = or_(t.c.feedback_on.is_not(None), t.c.closed_on.is_not(None))
    found = database.frame(
        select(*select_columns(t, names, scope)).where(
            rows_of(t, filters, scope), t.c.day <= day, t.c.state != "cancelled", *ended, or_(t.c.state == "open", dated)
        )
    )
    return found.assign(label=found["number"])


def _tasks(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The targets of the lists in force on the day, and of the last list before where none is in force yet."""
    lists, t = s.task_list, s.task_target
    rows = database.frame(
        select(lists.c.id, lists.c.number, lists.c.quarter, lists.c.street_code, lists.c.agency_code, lists.c.issued_on, lists.c.due_on)
        .where(lists.c.district_code == scope.district, known(lists, filters.known_at), rows_of(lists, filters, scope))
    )  # fmt: skip
    spans = rows["quarter"].map(quarter_days)
    first = pd.Series([span[0] for span in spans], dtype="datetime64[s]", index=rows.index)
    last = pd.Series([span[1] for span in spans], dtype="datetime64[s]", index=rows.index)
    rows = rows.assign(opens_on=rows["issued_on"].fillna(first), due_on=rows["due_on"].fillna(last))
    rows = rows[rows["opens_on"] <= pd.Timestamp(filters.as_of)]
    keys = [rows[name].fillna("") for name in ("street_code", "agency_code")]
    newest = rows.groupby(keys)["quarter"].transform("max") if len(rows) else rows["quarter"]
    rows = rows[rows["quarter"] == newest].set_index("id")
    targets = database.frame(
        select(t.c.id.label("task_id"), t.c.task_list_id, t.c.number, t.c.target_kind, t.c.target_id, t.c.grid_code, t.c.street_code)
        .where(t.c.district_code == scope.district, known(t, filters.known_at), t.c.task_list_id.in_(rows.index.tolist()))
    )  # fmt: skip
    of_list = rows.reindex(targets["task_list_id"]).reset_index(drop=True)
    named = targets["target_kind"].isin(["grid", "site", "construction", "subject", "lead"])
    place = targets["target_id"].where(targets["target_kind"] != "grid", targets["grid_code"])
    return targets.assign(
        id=place.fillna(targets["task_id"]), target_kind=targets["target_kind"].where(named & place.notna(), "task"),
        label=targets["number"], street_code=targets["street_code"].fillna(of_list["street_code"]), agency_code=of_list["agency_code"],
        opens_on=of_list["opens_on"], due_on=of_list["due_on"], list_number=of_list["number"], quarter=of_list["quarter"],
    )  # fmt: skip


def _placed(tasks: pd.DataFrame, *registers: pd.DataFrame) -> pd.DataFrame:
    """Each task at the place of its thing; a cleared site or one outside the area asked about leaves it where the list says."""
    names = ["label", *PLACE, "risk", "category", "premises"]
    things = pd.concat([_of_things(rows, names) for rows in registers], ignore_index=True).drop_duplicates("id").set_index("id")
    found = things.reindex(tasks["id"]).reset_index(drop=True)
    given = {name: found[name] if name not in tasks else found[name].combine_first(tasks[name]) for name in names}
    return tasks.assign(**given)


def _of_things(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    rows = rows.assign(label=rows["number"] if "number" in rows and "label" not in rows else rows.get("label"))
    texts = {name: pd.Series(np.nan, index=rows.index, dtype="str") for name in names if name not in rows}
    return pd.DataFrame(rows).assign(**texts)[["id", *names]]


def _activities(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Trainings, joint actions... of this year and the last: one row a street that took part, by its place or by its agencies.

    Typical cases are the district's, whether told as an activity or as a step of a case.
    """
    # Totals of streets are published: a joint action counts for each street, whoever asks.
    scope, filters = replace(scope, areas=(), agencies=()), filters.with_(area=None, category=None, premises=None)
    t, part = s.activity, s.activity_agency
    wanted = (
        t.c.day >= dt.date(filters.as_of.year - 1, 1, 1), t.c.day <= filters.as_of, t.c.kind.in_(list(ACTIVITY.values())),
        rows_of(t, filters, scope),
    )  # fmt: skip
    held = database.frame(select(t.c.id, t.c.day, t.c.kind, t.c.street_code, t.c.agency_code).where(*wanted))
    joined = part.join(t, and_(part.c.activity_id == t.c.id, part.c.district_code == t.c.district_code))
    took_part = database.frame(
        select(t.c.id, t.c.day, t.c.kind, part.c.agency_code).select_from(joined)
        .where(*wanted, t.c.kind == ACTIVITY["joint_action"], known(part, filters.known_at))
    )  # fmt: skip
    streets = set(places(database, scope, filters.as_of, "street", known_at=filters.known_at)["code"])
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["area_code"]
    own = held["street_code"].fillna(held["agency_code"].map(agencies))
    e = s.case_event
    typical = database.frame(
        select(e.c.case_id.label("id"), e.c.day).where(
            e.c.district_code == scope.district, known(e, filters.known_at), e.c.event == "typical_case", e.c.day <= filters.as_of,
            e.c.day >= dt.date(filters.as_of.year - 1, 1, 1),
        )
    ).assign(kind="typical_case", street_code=scope.district)  # fmt: skip
    own = own.where(held["kind"] != "typical_case", scope.district)
    rows = pd.concat(
        [held.assign(street_code=own), took_part.assign(street_code=took_part["agency_code"].map(agencies)), typical], ignore_index=True
    )[["id", "day", "kind", "street_code"]]
    return rows[rows["street_code"].isin({*streets, scope.district})].reset_index(drop=True)
