"""Which joint meetings a scope may look at: its own, and those of the district to which its streets were called."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.engine import Connection

from data_access.schema import agency, meeting
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
    a = agency.c
    units = connection.execute(
        select(a.code).distinct().where(a.district_code == scope.district, a.area_code.in_(scope.areas), known(agency, None))
    ).scalars()  # fmt: skip
    codes = tuple(sorted(units))
    if not codes:
        return own
    return or_(own, _called(scope, codes))


def _called(scope: Scope, codes: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(meeting.c.level == "district", within(meeting, Scope(scope.district, agencies=codes)))
