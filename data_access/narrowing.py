"""The clauses by which a request narrows a question: its period, area, agencies, kind of practice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.sql import FromClause

from data_access.database import Database
from data_access.organisations import agencies_of, agencies_under
from data_access.schema import FACTS
from data_access.scope import known, within
from rules.request import Filters, Scope

KIND_PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "patrol_visit": (("target_id", "site"), ("target_id", "lead"), ("target_id", "subject")),
    "site_event": (("site_id", "site"),),
    "case_event": (("case_id", "case"),),
    "penalty": (("case_id", "case"), ("site_id", "site")),
    "seizure": (("case_id", "case"), ("site_id", "site")),
    "transfer": (("case_id", "case"), ("lead_id", "lead")),
}
"""Where the 诊疗类别 and 场所类型 of a row that has none of its own come from."""


OWN_AGENCIES = "_own"
"""What ``Filters.agency`` says for all agencies of the scope together: the joint work of a person of several."""


def last_day(filters: Filters) -> dt.date:
    """The last day whose facts count: the end of the period, or the day asked about if earlier."""
    return min(filters.end, filters.as_of)


def in_period(day: ColumnElement, filters: Filters) -> ColumnElement[bool]:
    """Whether a day lies in the period and is not later than the day asked about."""
    return and_(day >= filters.start, day <= last_day(filters))


def rows_of(table: FromClause, filters: Filters, scope: Scope) -> ColumnElement[bool]:
    """Known rows that the scope may see, in the area and of the kind of practice asked about.

    A table that carries no kind of practice, nor belongs to one that does, is not narrowed by it.
    """
    clauses = [known(table, filters.known_at), within(table, scope, known_at=filters.known_at)]
    if filters.area and filters.area != scope.district:
        asked = replace(scope, areas=(filters.area,), agencies=())
        clauses.append(within(table, asked, known_at=filters.known_at))
    kind = of_kind(table, filters, scope)
    return and_(*clauses) if kind is None else and_(*clauses, kind)


def of_kind(table: FromClause, filters: Filters, scope: Scope) -> ColumnElement[bool] | None:
    """The clause of 诊疗类别 and 场所类型, or None where nothing is asked or nothing carries it."""
    asked = {name: code for name in ("category", "premises") if (code := getattr(filters, name))}
    if not asked:
        return None
    if all(name in table.c for name in asked):
        return and_(*(table.c[name] == code for name, code in asked.items()))
    ways = []
    for column, parent_name in KIND_PARENTS.get(getattr(table, "element", table).name, ()):
        parent = FACTS[parent_name].alias()
        if not all(name in parent.c for name in asked):
            continue
        matching = select(parent.c.id).where(
            parent.c.district_code == scope.district,
            known(parent, filters.known_at),
            *(parent.c[name] == code for name, code in asked.items()),
        )
        ways.append(table.c[column].in_(matching))
    return or_(*ways) if ways else None


def asked_agencies(database: Database, filters: Filters, scope: Scope) -> tuple[str, ...] | None:
    """The agencies asked about: one with all under it, a system's, or both; None is every agency.

    ``OWN_AGENCIES`` asks for each of the scope with all under it; every agency where the scope names none.
    """
    found: set[str] | None = None
    asked = scope.agencies if filters.agency == OWN_AGENCIES else (filters.agency,) if filters.agency else ()
    if asked:
        found = set().union(*(agencies_under(database, scope, filters.as_of, code, known_at=filters.known_at) for code in asked))
    if filters.system:
        system = set(agencies_of(database, scope, filters.as_of, filters.system, known_at=filters.known_at))
        found = system if found is None else found & system
    return None if found is None else tuple(sorted(found))


def by_agencies(column: ColumnElement, agencies: tuple[str, ...] | None) -> list[ColumnElement[bool]]:
    """The clause that a row's agency is one of those asked about; nothing where every agency is."""
    return [] if agencies is None else [column.in_(agencies)]


def inside(places: pd.DataFrame, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The areas (a frame of ``areas``) that lie in the scope and in the area asked about."""
    asked = (filters.area,) if filters.area and filters.area != scope.district else ()
    for codes in (scope.areas, asked):
        if codes:
            own, street, neighbourhood = (places[name].isin(codes) for name in ("code", "street_code", "neighbourhood_code"))
            places = places[own | street | neighbourhood]
    return places.reset_index(drop=True)
