"""Who must be handed to the police on a day, by the rule of two penalties, counted per person."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from sqlalchemy import select

from data_access import schema as s
from data_access.database import Database
from data_access.organisations import agency_names
from data_access.registers import narrowed, register, shared
from data_access.rulebooks import rulebook_of
from data_access.scope import known, select_columns, within
from rules.repeat_offence import repeat_offenders
from rules.request import Filters, Scope
from rules.rulebook import Rulebook

RULE = "transfer.twice_penalised"
HARM_RULE = "transfer.harm"
COLUMNS = (
    "subject_id", "number", "kind", "name", "street_code", "neighbourhood_code", "grid_code", "qualification", "penalties",
    "last_penalty_on", "again_on", "transferred_on", "state", "reason", "row_id",
)  # fmt: skip
HARM = ("death", "disability")
HARM_COLUMNS = ("id", "number", "day", "kind", "count", "street_code", "neighbourhood_code", "grid_code")


def police_transfers(database: Database, filters: Filters, scope: Scope, book: Rulebook | None = None) -> pd.DataFrame:
    """The people of the register for whom the rule of two penalties says anything on the day.

    Penalties and signs of practice count wherever in the district they were met; only the people of
    the scope are told. Signs of practice are: a confirmed finding at the person or at one of the
    person's sites, a confirmed complaint, a site found or relapsed, a case of unlicensed practice
    filed, a penalty without a case.

    Args:
        book: another rulebook than the district's of that day.

    Returns:
        ``COLUMNS``, must_transfer first, then check_qualification, watch, transferred, by number:
        name masked by scope, state and reason of ``rules.repeat_offence``. None: no rows.
    """
    asked = filters.of_day()
    if book is not None:
        return _police_transfers(database, asked, scope, book)
    own = rulebook_of(database, asked, scope)
    return shared(database, asked, scope, "police transfers", lambda: _police_transfers(database, asked, scope, own))


def _police_transfers(database: Database, filters: Filters, scope: Scope, book: Rulebook) -> pd.DataFrame:
    rule = book[RULE]
    wide = replace(scope, areas=(), agencies=())
    own = ("id", "row_id", "number", "kind", "name", "street_code", "neighbourhood_code", "grid_code", "qualification", "prior_penalties")
    people = narrowed(register(database, filters, scope, s.subject, own), filters, scope)
    person_of_site = register(database, filters, wide, s.site, ("id", "subject_id")).set_index("id")["subject_id"].dropna()
    cases = register(database, filters, wide, s.case, ("id", "kind", "site_id", "subject_id"))
    cases["subject_id"] = cases["subject_id"].fillna(cases["site_id"].map(person_of_site))
    penalties = _penalties(database, filters, wide, cases, person_of_site)
    events = register(database, filters, wide, s.case_event, ("case_id", "day", "event")).merge(
        cases[["id", "kind", "subject_id"]], left_on="case_id", right_on="id"
    )
    found = repeat_offenders(
        people, penalties, _signs(database, filters, wide, person_of_site, events, penalties), filters.as_of,
        rule.options["reading"], limit=rule.amount or 2, transfers=_transfers(database, filters, wide, events, cases),
        systems=tuple(rule.options["systems"]), kinds=tuple(rule.options["kinds"]),
    )  # fmt: skip
    told = pd.concat([people.drop(columns=["id", "prior_penalties"]), found], axis=1)
    told = told[told["state"] != ""]
    order = told["state"].map({"must_transfer": 0, "check_qualification": 1, "watch": 2, "transferred": 3})
    return told.assign(_order=order).sort_values(["_order", "number", "subject_id"], ignore_index=True)[list(COLUMNS)]


def harm_events(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Deaths and disabilities through unlicensed practice up to the day: to be transferred whatever the count.

    Returns:
        ``HARM_COLUMNS``, by day.
    """
    a = s.adverse_event
    rows = database.frame(
        select(*select_columns(a, HARM_COLUMNS, scope)).where(
            within(a, scope, known_at=filters.known_at), known(a, filters.known_at), a.c.kind.in_(HARM), a.c.day <= filters.as_of
        )
    )
    return narrowed(rows, filters, scope).sort_values(["day", "number"], ignore_index=True)


def _penalties(database: Database, filters: Filters, wide: Scope, cases: pd.DataFrame, person_of_site: pd.Series) -> pd.DataFrame:
    """subject_id, day, system, case_kind, case_id, document of every penalty that leads to a person."""
    rows = register(database, filters, wide, s.penalty, ("subject_id", "site_id", "case_id", "day", "agency_code", "document"))
    of_case = cases.set_index("id")
    subject = rows["subject_id"].fillna(rows["case_id"].map(of_case["subject_id"])).fillna(rows["site_id"].map(person_of_site))
    systems = agency_names(database, wide, filters.as_of).set_index("code")["system"]
    # A penalty that stands under no case is one of unlicensed practice: the register holds nothing else.
    kind = rows["case_id"].map(of_case["kind"]).fillna("unlicensed")
    return rows.assign(subject_id=subject, system=rows["agency_code"].map(systems), case_kind=kind)[subject.notna()]


def _signs(
    database: Database, filters: Filters, wide: Scope, person_of_site: pd.Series, events: pd.DataFrame, penalties: pd.DataFrame
) -> pd.DataFrame:
    v = s.patrol_visit
    visits = database.frame(
        select(v.c.target_kind, v.c.target_id, v.c.day).where(
            v.c.district_code == wide.district, known(v, filters.known_at), v.c.finding == "confirmed",
            v.c.target_kind.in_(("site", "subject")), v.c.target_id.is_not(None), v.c.day <= filters.as_of,
        )
    )  # fmt: skip
    met = visits["target_id"].where(visits["target_kind"] == "subject", visits["target_id"].map(person_of_site))
    c = s.lead.c
    leads = database.frame(
        select(c.subject_id, c.site_id, c.day, c.checked_on).where(
            c.district_code == wide.district, known(s.lead, filters.known_at), c.result == "confirmed", c.day <= filters.as_of
        )
    )
    sites = register(database, filters, wide, s.site_event, ("site_id", "day", "event"))
    sites = sites[sites["event"].isin(["found", "relapsed"])]
    filed = events[(events["event"] == "filed") & (events["kind"] == "unlicensed")]
    alone = penalties[penalties["case_id"].isna() & (penalties["case_kind"] == "unlicensed") & (penalties["system"] == "health")]
    parts = [
        (met, visits["day"]),
        (leads["subject_id"].fillna(leads["site_id"].map(person_of_site)), leads["checked_on"].fillna(leads["day"])),
        (sites["site_id"].map(person_of_site), sites["day"]),
        (filed["subject_id"], filed["day"]),
        (alone["subject_id"], alone["day"]),
    ]
    return _rows(parts)


def _transfers(database: Database, filters: Filters, wide: Scope, events: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    moved = events[events["event"] == "transferred"]
    t = s.transfer
    rows = database.frame(
        select(t.c.case_id, t.c.day, t.c.to_agency).where(
            t.c.district_code == wide.district, known(t, filters.known_at), t.c.case_id.is_not(None), t.c.day <= filters.as_of
        )
    )
    systems = agency_names(database, wide, filters.as_of).set_index("code")["system"]
    rows = rows[rows["to_agency"].map(systems) == "police"]
    return _rows([(moved["subject_id"], moved["day"]), (rows["case_id"].map(cases.set_index("id")["subject_id"]), rows["day"])])


def _rows(parts: list[tuple[pd.Series, pd.Series]]) -> pd.DataFrame:
    made = [pd.DataFrame({"subject_id": who.to_numpy(object), "day": when.to_numpy("datetime64[s]")}) for who, when in parts]
    return pd.concat(made, ignore_index=True).dropna(subset=["subject_id"])
