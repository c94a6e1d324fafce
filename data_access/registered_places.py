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
from rules.request import Filters, Scope
from rules.vocabulary import name_of

FORM = ("visit_id", "unit_name", "people", "address", "phone", "school", "major", "qualification", "category", "joint_wanted", "advised_to_stop")
FINDINGS = ("suspect", "confirmed")


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


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
