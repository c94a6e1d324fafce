"""The registers that figures count from, each narrowed to the request: period, area, agencies, scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, cast, exists, func, null, or_, select
from sqlalchemy.sql import FromClause

from data_access import schema as s
from data_access.columns import Code
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, in_period, rows_of
from data_access.scope import known
from rules.request import Filters, Scope


@dataclass(frozen=True, slots=True)
class Base:
    """A register narrowed to a request.

    Attributes:
        table: whose rows are counted.
        source: what is read: the table, or the table joined to what it needs.
        clauses: the narrowing.
        day, street, agency: of a row.
        premises: the one 户 (or case) a row is about, or None where none is.
    """

    table: FromClause
    source: FromClause
    clauses: tuple[ColumnElement[bool], ...]
    day: ColumnElement
    street: ColumnElement
    agency: ColumnElement
    premises: ColumnElement | None = None


class Asked:
    """A question about figures; its agencies are looked up once, each of its bases is made once.

    Attributes:
        database, filters, scope: of the question.
        agencies: codes asked about, or None for every agency.
        wanted: which rows of a register lie in the area asked about, by register (``ledger``).
    """

    def __init__(self, database: Database, filters: Filters, scope: Scope) -> None:
        self.database, self.filters, self.scope = database, filters, scope
        self.agencies = asked_agencies(database, filters, scope)
        self._bases: dict[str, Base] = {}
        self.wanted: dict[int, tuple] = {}

    def base(self, name: str) -> Base:
        """The register of that name, narrowed to the question."""
        if name not in self._bases:
            self._bases[name] = _BASES[name](self)
        return self._bases[name]

    def known(self, table: FromClause) -> ColumnElement[bool]:
        """Rows of the district that were known, whoever may see them."""
        return and_(table.c.district_code == self.scope.district, known(table, self.filters.known_at))

    def clauses(
        self, table: FromClause, day: ColumnElement, agency: ColumnElement | None
    ) -> tuple[ColumnElement[bool], ...]:
        """The period, the scope and the filters; with ``agency`` narrowed to the agencies asked about."""
        mine = [] if agency is None else by_agencies(agency, self.agencies)
        return (in_period(day, self.filters), rows_of(table, self.filters, self.scope), *mine)


def _plain(table: FromClause) -> Callable[[Asked], Base]:
    def base(asked: Asked) -> Base:
        c = table.c
        return Base(table, table, asked.clauses(table, c.day, c.agency_code), c.day, c.street_code, c.agency_code)

    return base


def _activities_taken_part_in(asked: Asked) -> Base:
    t, part = s.activity, s.activity_agency
    took_part = exists().where(
        part.c.activity_id == t.c.id, part.c.agency_code.in_(asked.agencies or ()), asked.known(part)
    )
    mine = or_(t.c.agency_code.in_(asked.agencies or ()), took_part)
    return Base(t, t, (*asked.clauses(t, t.c.day, None), mine), t.c.day, t.c.street_code, t.c.agency_code)


def _sent_out(asked: Asked) -> Base:
    part, t = s.activity_agency, s.activity
    joined = part.join(t, and_(part.c.activity_id == t.c.id, asked.known(t)))
    return Base(part, joined, asked.clauses(part, t.c.day, part.c.agency_code), t.c.day, t.c.street_code, part.c.agency_code)


def _site_events(asked: Asked) -> Base:
    t, site = s.site_event, s.site
    joined = t.outerjoin(site, and_(site.c.id == t.c.site_id, asked.known(site)))
    return Base(t, joined, asked.clauses(t, t.c.day, t.c.agency_code), t.c.day, site.c.street_code, t.c.agency_code, t.c.site_id)


def _of_unlicensed(table: FromClause) -> Callable[[Asked], Base]:
    """Penalties or seizures of 无证行医: those of a case of another kind are left out."""

    def base(asked: Asked) -> Base:
        t, c = table.c, s.case.c
        own = [t[name] for name in ("site_id", "subject_id") if name in t]
        premises = func.coalesce(own[0], c.site_id, *own[1:], c.subject_id, t.case_id, t.id)
        joined = table.outerjoin(s.case, and_(c.id == t.case_id, asked.known(s.case)))
        clauses = (*asked.clauses(table, t.day, t.agency_code), or_(c.kind.is_(None), c.kind == "unlicensed"))
        return Base(table, joined, clauses, t.day, func.coalesce(t.street_code, c.street_code), t.agency_code, premises)

    return base


def _first_filed(asked: Asked) -> FromClause:
    e = s.case_event
    return (
        select(e.c.case_id, func.min(e.c.day).label("filed_on"))
        .where(asked.known(e), e.c.event == "filed")
        .group_by(e.c.case_id)
        .subquery()
    )


def _filed_cases(asked: Asked) -> Base:
    t, filed = s.case, _first_filed(asked)
    premises = func.coalesce(t.c.site_id, t.c.subject_id, t.c.id)
    clauses = asked.clauses(t, filed.c.filed_on, t.c.agency_code)
    return Base(t, t.join(filed, filed.c.case_id == t.c.id), clauses, filed.c.filed_on, t.c.street_code, t.c.agency_code, premises)


def _joint_cases(asked: Asked) -> Base:
    """Every case by the day its joint handling began, else by its filing day; for any agency."""
    t, filed = s.case, _first_filed(asked)
    day = func.coalesce(t.c.joint_on, filed.c.filed_on)
    joined = t.outerjoin(filed, filed.c.case_id == t.c.id)
    return Base(t, joined, asked.clauses(t, day, None), day, t.c.street_code, t.c.agency_code)


def _case_events(asked: Asked) -> Base:
    e, t = s.case_event, s.case
    joined = e.join(t, and_(t.c.id == e.c.case_id, asked.known(t)))
    clauses = (in_period(e.c.day, asked.filters), asked.known(e), rows_of(t, asked.filters, asked.scope))
    return Base(e, joined, (*clauses, *by_agencies(t.c.agency_code, asked.agencies)), e.c.day, t.c.street_code, t.c.agency_code, t.c.id)


def _meetings(asked: Asked) -> Base:
    t = s.meeting
    return Base(t, t, asked.clauses(t, t.c.day, None), t.c.day, t.c.street_code, t.c.convener)


def _institutions(asked: Asked) -> Base:
    e, t = s.institution_check, s.licensed_institution
    joined = e.join(t, and_(t.c.id == e.c.institution_id, asked.known(t)))
    clauses = (in_period(e.c.day, asked.filters), asked.known(e), rows_of(t, asked.filters, asked.scope))
    return Base(e, joined, clauses, e.c.day, t.c.street_code, cast(null(), Code), e.c.institution_id)


def _adverse(asked: Asked) -> Base:
    t = s.adverse_event
    return Base(t, t, asked.clauses(t, t.c.day, None), t.c.day, t.c.street_code, cast(null(), Code))


_BASES: dict[str, Callable[[Asked], Base]] = {
    "visits": _plain(s.patrol_visit),
    "activities": _plain(s.activity),
    "activities_taken_part_in": _activities_taken_part_in,
    "sent_out": _sent_out,
    "site_events": _site_events,
    "penalties": _of_unlicensed(s.penalty),
    "seizures": _of_unlicensed(s.seizure),
    "filed_cases": _filed_cases,
    "joint_cases": _joint_cases,
    "case_events": _case_events,
    "meetings": _meetings,
    "leads": _plain(s.lead),
    "institutions": _institutions,
    "adverse": _adverse,
}
