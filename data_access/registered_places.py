"""The rows of the registration form F1 (S3 附件1): places where a patrol suspected or confirmed unlicensed practice."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import select

from data_access import schema as s
from data_access.areas import area_names
from data_access.database import Database
from data_access.narrowing import in_period, rows_of
from data_access.registers import register
from data_access.scope import known, select_columns, within
from data_access.sites import sites
from rules.request import Filters, Scope
from rules.vocabulary import name_of

FORM = ("visit_id", "unit_name", "people", "address", "phone", "school", "major", "qualification", "category", "joint_wanted", "advised_to_stop")
FINDINGS = ("suspect", "confirmed")
WARNINGS = ("warned", "ordered")


def registered_places(database: Database, filters: Filters, scope: Scope) -> tuple[dict[str, Any], ...]:
    """One row a visit of the period with such a finding, by street and day; masked as the scope says.

    What the form leaves empty is taken from the site that was visited.

    Returns:
        Rows of street_code, street, unit_name, people, address, phone, school, major, qualification
        and category (Chinese source words), joint_wanted, advised_to_stop (bool or None), day
        (ISO); unknown texts are empty.
    """
    v, f = s.patrol_visit, s.visit_form
    visits = database.frame(
        select(*select_columns(v, ("id", "day", "target_kind", "target_id", "street_code"), scope)).where(
            in_period(v.c.day, filters), rows_of(v, filters, scope), v.c.finding.in_(FINDINGS)
        )
    )
    forms = database.frame(
        select(*select_columns(f, FORM, scope)).where(known(f, filters.known_at), within(f, scope, known_at=filters.known_at), f.c.visit_id.in_(
            select(v.c.id).where(in_period(v.c.day, filters), rows_of(v, filters, scope), v.c.finding.in_(FINDINGS))
        ))
    ).set_index("visit_id")  # fmt: skip
    places = register(database, filters, scope, s.site, ("id", "name", "address", "category")).set_index("id")
    streets = area_names(database, scope, filters.as_of, known_at=filters.known_at)
    rows = []
    for visit in visits.sort_values(["street_code", "day", "id"]).to_dict("records"):
        form = forms.loc[visit["id"]].to_dict() if visit["id"] in forms.index else {}
        seen = visit["target_kind"] == "site" and visit["target_id"] in places.index
        place = places.loc[visit["target_id"]].to_dict() if seen else {}
        code = visit["street_code"] if isinstance(visit["street_code"], str) else ""
        rows.append({
            "street_code": code, "street": streets.get(code, ("",))[0],
            "unit_name": _text(form.get("unit_name")) or _text(place.get("name")), "people": _text(form.get("people")),
            "address": _text(form.get("address")) or _text(place.get("address")),
            **{name: _text(form.get(name)) for name in ("phone", "school", "major")},
            "qualification": name_of("qualification", _text(form.get("qualification"))),
            "category": name_of("category", _text(form.get("category")) or _text(place.get("category"))),
            **{name: None if pd.isna(form.get(name)) else bool(form[name]) for name in ("joint_wanted", "advised_to_stop")},
            "day": f"{visit['day']:%Y-%m-%d}",
        })  # fmt: skip
    return tuple(rows)


def joint_needs(database: Database, filters: Filters, scope: Scope) -> dict[str, dict[str, int]]:
    """What the letter F2 (S3 附件2) counts, by street: places found at work, and of them those that would not stop.

    Found: sites at work as of the day, and places where a patrol of the period confirmed practice.
    Would not stop: sites at work that were warned or ordered to mend their ways, and places whose
    form says that they were advised or need joint handling. A place counts once, also where a lead led to it.

    Returns:
        Counts ``found`` and ``unheeding`` by street code; streets without either are not in it.
    """
    v, f = s.patrol_visit, s.visit_form
    visits = database.frame(
        select(*select_columns(v, ("id", "target_id", "street_code"), scope)).where(in_period(v.c.day, filters), rows_of(v, filters, scope), v.c.finding == "confirmed")
    )
    told = database.frame(select(f.c.visit_id).where(
        known(f, filters.known_at), within(f, scope, known_at=filters.known_at), f.c.joint_wanted.is_(True) | f.c.advised_to_stop.is_(True)
    ))  # fmt: skip
    known_sites = sites(database, filters, scope)
    at_work = known_sites[known_sites["status"] == "active"]
    events = register(database, filters, scope, s.site_event, ("site_id", "day", "event"))
    warned = set(events.loc[events["event"].isin(WARNINGS) & (events["day"] <= pd.Timestamp(filters.as_of)), "site_id"])
    leads = register(database, filters, scope, s.lead, ("id", "site_id")).set_index("id")["site_id"]
    place = visits["target_id"].map(leads).fillna(visits["target_id"]).fillna(visits["id"])
    found = pd.concat([
        pd.DataFrame({"place": place, "street_code": visits["street_code"], "unheeding": visits["id"].isin(told["visit_id"])}),
        pd.DataFrame({"place": at_work["id"], "street_code": at_work["street_code"], "unheeding": at_work["id"].isin(warned)}),
    ])  # fmt: skip
    each = found.dropna(subset=["street_code"]).groupby(["street_code", "place"])["unheeding"].any()
    by_street = each.groupby(level="street_code").agg(["size", "sum"])
    return {code: {"found": int(row["size"]), "unheeding": int(row["sum"])} for code, row in by_street.iterrows()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
