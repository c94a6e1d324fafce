"""Which joint meetings and decisions a scope may look at: its own, and those that call or name units of its streets."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import Connection

from data_access.schema import agency, decision, meeting
from data_access.scope import known, within
from rules.request import Scope


def seen(connection: Connection, scope: Scope) -> ColumnElement[bool]:
    """Meetings whose row lies in the scope, and the district's that called a unit of its streets.

    Called is who convenes, belongs to, is invited to or came to the meeting. The district's meeting is
    about every street: who reads for agencies within streets sees it where one of the agencies was
    called. What such a reader then gets of its facts is cut (``facts_cut.cut_for``); nobody writes a
    meeting through this clause.
    """
    own = within(meeting, scope)
    if scope.is_whole_district or not scope.areas:
        return own
    if scope.agencies:
        return or_(own, _called(scope, scope.agencies))
    codes = units_of(connection, scope)
    return or_(own, _called(scope, codes)) if codes else own


def concerned(connection: Connection, scope: Scope) -> ColumnElement[bool]:
    """Decisions within the scope, and for streets those that a unit of theirs owns or supports, wherever they lie."""
    own = within(decision, scope)
    codes = () if scope.agencies else units_of(connection, scope)
    return or_(own, within(decision, Scope(scope.district, agencies=codes))) if codes else own


def units_of(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """Codes of the agencies that the scope works for: those it names, or those of its streets; none for the whole district."""
    if scope.agencies or not scope.areas:
        return scope.agencies
    a = agency.c
    found = connection.execute(select(a.code).distinct().where(a.district_code == scope.district, a.area_code.in_(scope.areas), known(agency, None))).scalars()
    return tuple(sorted(found))


def _called(scope: Scope, codes: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(meeting.c.level == "district", within(meeting, Scope(scope.district, agencies=codes)))
