"""The clauses every question carries: what was known, whose rows may be seen, what is masked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql import FromClause

from data_access import schema
from data_access.schema import FACTS, PERSONAL
from rules.request import Scope

MASK = "＊＊"
REFERENCE = frozenset(
    {
        "area",
        "agency",
        "area_population",
        "campaign",
        "campaign_milestone",
        "campaign_target",
        "source",
        "rule_version",
        "adoption",
        "calendar_day",
        "team",
    }
)
"""Reference data of a whole district, open to each of its scopes (DESIGN 5 and 12)."""


def known(table: FromClause, known_at: dt.datetime | None) -> ColumnElement[bool]:
    """Rows that were known at an instant; with None those known now.

    A row was known at k when ``recorded_at <= k`` and it was not yet superseded at k.
    """
    if known_at is None:
        return table.c.superseded_at.is_(None)
    still = or_(table.c.superseded_at.is_(None), table.c.superseded_at > known_at)
    return and_(table.c.recorded_at <= known_at, still)


def within(
    table: FromClause, scope: Scope, *, known_at: dt.datetime | None = None
) -> ColumnElement[bool]:
    """Rows of a table (or of its alias) that a scope may see.

    By area: the row's street, neighbourhood or grid is one of the scope's; a row without a place
    (an event, a penalty, a transfer) is seen with its parent. By agency: the agency performs,
    handles, supports or must answer (``ANSWERED_FOR``). Both given: both must hold. A table that neither reaches
    is closed to a narrowed scope.

    Args:
        known_at: the instant asked about, for the parents; None is now.
    """
    mine = table.c.district_code == scope.district
    name = _name(table)
    if scope.is_whole_district or name in REFERENCE:
        return mine
    clauses = [mine]
    if scope.areas:
        clauses.append(_by_area(table, scope, known_at))
    if scope.agencies:
        clauses.append(_by_agency(table, scope, known_at))
    return and_(*clauses)


def select_columns(table: FromClause, names: Iterable[str], scope: Scope) -> list[ColumnElement]:
    """The named columns, with personal ones masked inside the query unless the scope may see them.

    A name keeps its first character, a phone its last two digits, every other personal text
    becomes ``＊＊``, hashes and free JSON become NULL; coordinates become NULL where the scope sees
    no exact points. An empty value stays empty.
    """
    return [masked(table, name, scope) for name in names]


def masked(table: FromClause, name: str, scope: Scope) -> ColumnElement:
    """One column as a scope may see it, labelled with its name."""
    column = table.c[name]
    if name in {"lon", "lat"} and not scope.exact_points:
        return case((false(), column)).label(name)
    if scope.personal or (
        (_name(table), name) not in PERSONAL and not name.endswith(("identity_hash", "phone_hash"))
    ):
        return column.label(name)
    if name in {"name", "landlord", "tenant"}:
        shown = case((func.length(column) > 0, func.substr(column, 1, 1) + MASK), else_=column)
    elif name == "phone":
        shown = case(
            (
                func.length(column) > 4,
                literal(MASK) + func.substr(column, func.length(column) - 1, 2),
            ),
            (func.length(column) > 0, MASK),
            else_=column,
        )
    elif name.endswith("_hash") or name == "content":
        shown = case((false(), column))
    else:
        shown = case((func.length(column) > 0, MASK), else_=column)
    return shown.label(name)


def _name(table: FromClause) -> str:
    return getattr(table, "element", table).name


def _by_area(table: FromClause, scope: Scope, known_at: dt.datetime | None) -> ColumnElement[bool]:
    clauses = [table.c[place].in_(scope.areas) for place in PLACE_COLUMNS if place in table.c]
    if "located" not in table.c:
        for column, parent in _parents(table):
            seen = _by_area(parent, scope, known_at)
            clauses.append(table.c[column].in_(_those(parent, "id", seen, scope, known_at)))
    return or_(false(), *clauses)


def _by_agency(
    table: FromClause, scope: Scope, known_at: dt.datetime | None
) -> ColumnElement[bool]:
    clauses = _own_agency(table, scope)
    if _name(table) in ANSWERED_FOR:
        held = select(schema.agency.c.area_code).where(
            schema.agency.c.district_code == scope.district, schema.agency.c.code.in_(scope.agencies), schema.agency.c.level.in_(LOCAL),
            schema.agency.c.system.in_(WHO_VISITS), schema.agency.c.area_code.is_not(None), known(schema.agency, known_at),
        )  # fmt: skip
        clauses += [table.c[place].in_(held) for place in ("street_code", "neighbourhood_code")]
    for column, parent in _parents(table):
        if (_name(table), column) not in NOT_THROUGH:
            seen = _by_agency(parent, scope, known_at)
            clauses.append(table.c[column].in_(_those(parent, "id", seen, scope, known_at)))
    for child, column in CHILDREN.get(_name(table), ()):
        row = child.alias()
        nested = _name(row) in {"case", "lead", "task_target"}
        works = (
            _by_agency(row, scope, known_at) if nested else or_(false(), *_own_agency(row, scope))
        )
        clauses.append(table.c.id.in_(_those(row, column, works, scope, known_at)))
    return or_(false(), *clauses)


def _own_agency(table: FromClause, scope: Scope) -> list[ColumnElement[bool]]:
    named = [table.c[one].in_(scope.agencies) for one in AGENCY_COLUMNS if one in table.c]
    listed = [
        cast(table.c[many], Text).contains(json.dumps(code), autoescape=True)
        for many in AGENCY_LISTS
        if many in table.c
        for code in scope.agencies
    ]
    return named + listed


def _parents(table: FromClause) -> list[tuple[str, FromClause]]:
    return [(column, FACTS[name].alias()) for column, name in PARENTS.get(_name(table), ())]


def _those(
    table: FromClause,
    column: str,
    seen: ColumnElement[bool],
    scope: Scope,
    known_at: dt.datetime | None,
) -> Select:
    return select(table.c[column]).where(
        table.c.district_code == scope.district,
        table.c[column].is_not(None),
        known(table, known_at),
        seen,
    )


PLACE_COLUMNS = ("street_code", "neighbourhood_code", "grid_code")
AGENCY_COLUMNS = ("agency_code", "from_agency", "to_agency", "convener")
AGENCY_LISTS = ("joint_agencies", "support_agencies", "members", "invited", "present")
ANSWERED_FOR = frozenset({"site", "construction_site", "subject"})
"""Places and persons to be visited: an office of a street answers for those of its street, of a neighbourhood for its own.

Which office owes which visit the rules say (S1 三: 工地 = 管理办, 出租房 = 建管中心, ...; ``data_access.duty_owners``).
What others did there (cases, leads, visits, penalties) stays theirs.
"""
LOCAL = ("street", "neighbourhood")
WHO_VISITS = ("street", "housing", "urban", "market", "health")
"""Systems whose offices the rules charge with visits; the others (公安, 监察, ...) see what they work on."""
PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "site_event": (("site_id", "site"),),
    "case_event": (("case_id", "case"),),
    "penalty": (("case_id", "case"), ("site_id", "site"), ("subject_id", "subject")),
    "seizure": (("case_id", "case"), ("site_id", "site")),
    "transfer": (("case_id", "case"), ("lead_id", "lead")),
    "task_target": (("task_list_id", "task_list"),),
    "activity_agency": (("activity_id", "activity"),),
    "list_check": (("subject_id", "subject"),),
    "visit_form": (("visit_id", "patrol_visit"),),
    "institution_check": (("institution_id", "licensed_institution"),),
}
"""Where the place and the agency of a row that has none of its own come from: (column, table)."""
NOT_THROUGH = frozenset({
    ("activity_agency", "activity_id"),
    ("penalty", "site_id"), ("penalty", "subject_id"), ("seizure", "site_id"),
})  # fmt: skip
"""Parents that open a row to the parent's street but not to every agency that works there.

A part in an activity is one agency's own (K6 adds up); a penalty is its case's agencies'.
"""
CHILDREN: dict[str, tuple[tuple[FromClause, str], ...]] = {
    "site": (
        (schema.site_event, "site_id"),
        (schema.case, "site_id"),
        (schema.lead, "site_id"),
        (schema.patrol_visit, "target_id"),
        (schema.task_target, "target_id"),
    ),
    "subject": (
        (schema.case, "subject_id"),
        (schema.lead, "subject_id"),
        (schema.patrol_visit, "target_id"),
        (schema.task_target, "target_id"),
    ),
    "construction_site": ((schema.patrol_visit, "target_id"), (schema.task_target, "target_id")),
    "activity": ((schema.activity_agency, "activity_id"),),
    "case": ((schema.transfer, "case_id"), (schema.case_event, "case_id")),
    "lead": ((schema.transfer, "lead_id"),),
}
"""Rows through which an agency works on a thing it does not handle: (table, column)."""
