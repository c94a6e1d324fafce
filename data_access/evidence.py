"""The rows that each figure counts: one statement a key, from which the figure and its rows both come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Float,
    Select,
    and_,
    case as choose,
    cast,
    distinct,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql import FromClause

from data_access import schema as s
from data_access.case_state import clocks
from data_access.columns import Code, Id
from data_access.database import Database
from data_access.narrowing import by_agencies, in_period, last_day, rows_of
from data_access.scope import known
from rules.indicators import DEVICE_UNITS, DRUG_UNIT, indicator
from rules.lead_state import COMPLAINTS
from rules.request import Filters, Scope
from rules.site_status import closed_all_day

TEN_THOUSAND = 10_000
PROVINCIAL = ("省", "国家", "中央", "全国", "部级")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about figures, with its agencies looked up once.

    Attributes:
        agencies: codes asked about, or None for every agency.
    """

    database: Database
    filters: Filters
    scope: Scope
    agencies: tuple[str, ...] | None

    def rows(self, table: FromClause) -> ColumnElement[bool]:
        return rows_of(table, self.filters, self.scope)

    def period(self, day: ColumnElement) -> ColumnElement[bool]:
        return in_period(day, self.filters)

    def by(self, column: ColumnElement) -> list[ColumnElement[bool]]:
        return by_agencies(column, self.agencies)

    def known(self, table: FromClause) -> ColumnElement[bool]:
        return and_(table.c.district_code == self.scope.district, known(table, self.filters.known_at))


def evidence(asked: Asked, key: str) -> Select | CompoundSelect:
    """The rows that a figure counts.

    Returns:
        A statement with the columns register (table name), row_id, id, day, street_code,
        agency_code, premises (one 户; rows of one count once in a shared figure), counts (what the
        row adds to the figure, or to the numerator) and base (to the denominator, else null).

    Raises:
        KeyError: no figure of that key is made of rows.
    """
    head, _, unit = key.partition("_")
    if head in {"K19", "K20"} and key not in _EVIDENCE:
        return _seized(asked, "device" if head == "K19" else "drug", [unit])
    return _EVIDENCE[key](asked)


def totals(asked: Asked, keys: Iterable[str], by: str | None = None) -> pd.DataFrame:
    """The figures of several keys in one statement.

    Args:
        by: ``street_code`` or ``agency_code``, or None for one total a key.

    Returns:
        frame[key, group, counts, base]: counts 0.0 where no row counts (without ``by``), base NaN
        where the figure is no ratio. With ``by`` only groups that have rows.
    """
    parts = []
    for key in keys:
        rows = evidence(asked, key).subquery()
        shared = indicator(key).shared
        counts = func.count(distinct(rows.c.premises)) if shared else func.coalesce(func.sum(rows.c.counts), 0)
        group = literal("", Code) if by is None else rows.c[by]
        part = select(
            literal(key, Code).label("key"), group.label("group"),
            cast(counts, Float).label("counts"), cast(func.sum(rows.c.base), Float).label("base"),
        )  # fmt: skip
        parts.append(part if by is None else part.group_by(group))
    return asked.database.frame(union_all(*parts))


def register_rows(asked: Asked, key: str) -> pd.DataFrame:
    """The rows of ``evidence`` as a frame; of a shared figure only the first row of a 户 counts."""
    rows = asked.database.frame(evidence(asked, key))
    if indicator(key).shared:
        rows = rows.sort_values(["day", "row_id"], kind="stable").reset_index(drop=True)
        rows["counts"] = (~rows.duplicated("premises")).astype("int64")
    return rows


def _row(
    table: FromClause,
    *,
    day: ColumnElement | None = None,
    street: ColumnElement | None = None,
    agency: ColumnElement | None = None,
    premises: ColumnElement | None = None,
    counts: ColumnElement | None = None,
    base: ColumnElement | None = None,
) -> list[ColumnElement]:
    if agency is None:
        agency = table.c.agency_code if "agency_code" in table.c else cast(null(), Code)
    return [
        literal(getattr(table, "element", table).name, Code).label("register"),
        table.c.row_id,
        table.c.id,
        (table.c.day if day is None else day).label("day"),
        (table.c.street_code if street is None else street).label("street_code"),
        agency.label("agency_code"),
        cast(null() if premises is None else premises, Id).label("premises"),
        cast(literal(1) if counts is None else counts, Float).label("counts"),
        cast(null() if base is None else base, Float).label("base"),
    ]


def _visits(asked: Asked) -> Select:
    t = s.patrol_visit
    return select(*_row(t, counts=t.c.visits)).where(asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code))


def _mobile_visits(asked: Asked) -> Select:
    t = s.patrol_visit
    used = choose((t.c.mobile.is_(True), 1), else_=0)
    return select(*_row(t, counts=used, base=literal(1))).where(
        t.c.mobile.is_not(None), asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code)
    )


def _inspections(asked: Asked) -> Select:
    t, e = s.patrol_visit, s.site_event
    wanted = and_(
        t.c.mode == "inspection", t.c.target_kind == "site", asked.period(t.c.day), asked.rows(t),
        *asked.by(t.c.agency_code),
    )  # fmt: skip
    met = asked.database.frame(select(t.c.row_id, t.c.target_id.label("site_id"), t.c.day).where(wanted))
    there = select(t.c.target_id).where(wanted)
    events = asked.database.frame(
        select(e.c.site_id, e.c.day, e.c.event).where(asked.known(e), e.c.day <= last_day(asked.filters), e.c.site_id.in_(there))
    )
    closed = met.loc[closed_all_day(met, events), "row_id"].tolist()
    return select(*_row(t, counts=t.c.visits)).where(wanted, t.c.row_id.not_in(closed))


def _activities(kind: str) -> Callable[[Asked], Select]:
    def rows(asked: Asked) -> Select:
        t = s.activity
        return select(*_row(t)).where(
            t.c.kind == kind, asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code)
        )

    return rows


def _materials(asked: Asked) -> Select:
    t = s.activity
    return select(*_row(t, counts=t.c.materials)).where(
        t.c.materials > 0, asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code)
    )


def _trained(asked: Asked) -> Select:
    t = s.activity
    return _activities("training")(asked).with_only_columns(*_row(t, counts=func.coalesce(t.c.attendees, 0)))


def _sent_out(column: str) -> Callable[[Asked], Select]:
    def rows(asked: Asked) -> Select:
        part, t = s.activity_agency, s.activity
        row = _row(part, day=t.c.day, street=t.c.street_code, counts=part.c[column])
        joined = part.join(t, and_(part.c.activity_id == t.c.id, asked.known(t)))
        return select(*row).select_from(joined).where(
            part.c[column] > 0, asked.period(t.c.day), asked.rows(part), *asked.by(part.c.agency_code)
        )

    return rows


def _joint_actions(asked: Asked) -> Select:
    t, part = s.activity, s.activity_agency
    clauses = [t.c.kind == "joint_enforcement", asked.period(t.c.day), asked.rows(t)]
    if asked.agencies is not None:
        took_part = exists().where(
            part.c.activity_id == t.c.id, part.c.agency_code.in_(asked.agencies), asked.known(part)
        )
        clauses.append(or_(t.c.agency_code.in_(asked.agencies), took_part))
    return select(*_row(t)).where(*clauses)


def _filed(asked: Asked) -> FromClause:
    e = s.case_event
    return (
        select(e.c.case_id, func.min(e.c.day).label("filed_on"))
        .where(asked.known(e), e.c.event == "filed")
        .group_by(e.c.case_id)
        .subquery()
    )


def _premises(t: FromClause) -> ColumnElement:
    return func.coalesce(t.c.site_id, t.c.subject_id, t.c.id)


def _joint_cases(asked: Asked) -> Select:
    t, filed = s.case, _filed(asked)
    day = func.coalesce(t.c.joint_on, filed.c.filed_on)
    joint = or_(t.c.joint.is_(True), and_(t.c.joint.is_(None), t.c.joint_on.is_not(None)))
    joined = t.outerjoin(filed, filed.c.case_id == t.c.id)
    found = select(*_row(t, day=day)).select_from(joined).where(joint, asked.period(day), asked.rows(t))
    return found if asked.agencies is None else found.where(
        t.c.row_id.in_(_taking_part(asked, found, t, "joint_agencies", "agency_code"))
    )


def _meetings(asked: Asked) -> Select:
    t = s.meeting
    found = select(*_row(t, agency=t.c.convener)).where(asked.period(t.c.day), asked.rows(t))
    return found if asked.agencies is None else found.where(
        t.c.row_id.in_(_taking_part(asked, found, t, "present", "convener"))
    )


def _taking_part(asked: Asked, found: Select, t: FromClause, listed: str, named: str) -> list[str]:
    rows = asked.database.frame(found.with_only_columns(t.c.row_id, t.c[named], t.c[listed]))
    codes = set(asked.agencies or ())
    present = [codes.intersection([one, *(many or ())]) for one, many in zip(rows[named], rows[listed], strict=True)]
    return rows.loc[[bool(some) for some in present], "row_id"].tolist()


def _site_events(*events: str) -> Callable[[Asked], Select]:
    def rows(asked: Asked) -> Select:
        t, site = s.site_event, s.site
        joined = t.outerjoin(site, and_(site.c.id == t.c.site_id, asked.known(site)))
        return select(*_row(t, street=site.c.street_code, premises=t.c.site_id)).select_from(joined).where(
            t.c.event.in_(events), asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code)
        )

    return rows


def _of_case(t: FromClause, asked: Asked, clauses: list[ColumnElement[bool]], **row: ColumnElement) -> Select:
    """Penalties or seizures of 无证行医: those of a case of another kind are left out."""
    c = s.case
    own = [t.c[name] for name in ("site_id", "subject_id") if name in t.c]
    premises = func.coalesce(own[0], c.c.site_id, *own[1:], c.c.subject_id, t.c.case_id, t.c.id)
    joined = t.outerjoin(c, and_(c.c.id == t.c.case_id, asked.known(c)))
    street = func.coalesce(t.c.street_code, c.c.street_code)
    return select(*_row(t, street=street, premises=premises, **row)).select_from(joined).where(
        or_(c.c.kind.is_(None), c.c.kind == "unlicensed"),
        asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code), *clauses,
    )  # fmt: skip


def _penalties(asked: Asked) -> Select:
    return _of_case(s.penalty, asked, [])


def _fines(asked: Asked) -> Select:
    t = s.penalty
    return _of_case(t, asked, [t.c.fine_yuan > 0], counts=t.c.fine_yuan)


def _warnings(asked: Asked) -> CompoundSelect:
    return union_all(_site_events("ordered")(asked), _of_case(s.penalty, asked, [s.penalty.c.kind == "warning"]))


def _income(asked: Asked) -> CompoundSelect:
    t, p = s.seizure, s.penalty
    yuan = choose((t.c.unit == "万元", t.c.quantity * TEN_THOUSAND), else_=t.c.quantity)
    return union_all(
        _of_case(t, asked, [t.c.kind == "income", t.c.quantity > 0], counts=yuan),
        _of_case(p, asked, [p.c.confiscated_yuan > 0], counts=p.c.confiscated_yuan),
    )


def _seized(asked: Asked, kind: str, units: Iterable[str]) -> Select:
    t = s.seizure
    return _of_case(t, asked, [t.c.kind == kind, t.c.unit.in_(list(units))], counts=t.c.quantity)


def _filed_cases(asked: Asked, kind: str) -> Select:
    t, filed = s.case, _filed(asked)
    return select(*_row(t, day=filed.c.filed_on, premises=_premises(t))).select_from(
        t.join(filed, filed.c.case_id == t.c.id)
    ).where(t.c.kind == kind, asked.period(filed.c.filed_on), asked.rows(t), *asked.by(t.c.agency_code))  # fmt: skip


def _adverts(asked: Asked) -> Select:
    a = s.agency
    market = select(a.c.code).where(asked.known(a), a.c.system == "market")
    return _filed_cases(asked, "advert").where(s.case.c.agency_code.in_(market))


def _dealt_with(asked: Asked) -> CompoundSelect:
    return union_all(_site_events("closed")(asked), _filed_cases(asked, "unlicensed"), _penalties(asked))


def _undecided(asked: Asked) -> Select:
    filed = _filed_cases(asked, "unlicensed")
    found = clocks(asked.database, asked.filters, asked.scope, filed.with_only_columns(s.case.c.id), last_day(asked.filters))
    return filed.where(s.case.c.id.in_(found.index[found["state"] == "open"].tolist()))


def _case_events(event: str) -> Callable[[Asked], Select]:
    def rows(asked: Asked) -> Select:
        e, t = s.case_event, s.case
        first = (
            select(e.c.case_id, func.min(e.c.day).label("day"))
            .where(asked.known(e), e.c.event == event)
            .group_by(e.c.case_id)
            .subquery()
        )
        return select(*_row(t, day=first.c.day, premises=_premises(t))).select_from(
            t.join(first, first.c.case_id == t.c.id)
        ).where(t.c.kind == "unlicensed", asked.period(first.c.day), asked.rows(t), *asked.by(t.c.agency_code))

    return rows


def _complaints(asked: Asked) -> Select:
    t = s.lead
    return select(*_row(t)).where(
        t.c.source.in_(COMPLAINTS), asked.period(t.c.day), asked.rows(t), *asked.by(t.c.agency_code)
    )


def _answered(asked: Asked) -> Select:
    t = s.lead
    answered = choose((t.c.feedback_on <= asked.filters.as_of, 1), else_=0)
    return _complaints(asked).with_only_columns(*_row(t, counts=answered, base=literal(1)))


def _confirmed(asked: Asked) -> Select:
    t = s.lead
    checked = or_(t.c.checked_on.is_(None), t.c.checked_on <= asked.filters.as_of)
    confirmed = choose((t.c.result == "confirmed", 1), else_=0)
    return _complaints(asked).with_only_columns(*_row(t, counts=confirmed, base=literal(1))).where(
        t.c.result.in_(["confirmed", "unfounded"]), checked
    )


def _inspected_institutions(asked: Asked) -> Select:
    t = s.licensed_institution
    return select(*_row(t, day=t.c.checked_on)).where(asked.period(t.c.checked_on), asked.rows(t))


def _adverse(kind: str, provincial: bool = False) -> Callable[[Asked], Select]:
    def rows(asked: Asked) -> Select:
        t = s.adverse_event
        clauses = [t.c.kind == kind, t.c.verified.is_not(False), asked.period(t.c.day), asked.rows(t)]
        if provincial:
            named = [t.c.level.contains(word, autoescape=True) for word in PROVINCIAL]
            clauses.append(or_(t.c.level.is_(None), t.c.level == "", *named))
        return select(*_row(t, counts=t.c.count)).where(*clauses)

    return rows


_EVIDENCE: dict[str, Callable[[Asked], Select | CompoundSelect]] = {
    "K1": _visits,
    "K2": _activities("publicity"),
    "K3": _materials,
    "K4": _activities("training"),
    "K5": _trained,
    "K6": _sent_out("people"),
    "K7": _sent_out("vehicles"),
    "K8": _joint_actions,
    "K9": _joint_cases,
    "K10": _meetings,
    "K11": _activities("drill"),
    "K12": _inspections,
    "K13": _site_events("closed"),
    "K14": _dealt_with,
    "K15": _penalties,
    "K15_open": _undecided,
    "K16": _fines,
    "K17": _fines,
    "K18": _income,
    "K18_sites": _income,
    "K19": lambda asked: _seized(asked, "device", DEVICE_UNITS),
    "K20": lambda asked: _seized(asked, "drug", [DRUG_UNIT]),
    "K21": _adverts,
    "K22": _activities("assistance"),
    "K23": _case_events("transferred"),
    "K24": _case_events("closed"),
    "K25": _warnings,
    "K26": _complaints,
    "K26_answered": _answered,
    "K27": _confirmed,
    "K29": _mobile_visits,
    "K34": _inspected_institutions,
    "K36": _adverse("death"),
    "K36_disability": _adverse("disability"),
    "K37": _adverse("media", provincial=True),
    "K38": _adverse("undercover", provincial=True),
    "filed": lambda asked: _filed_cases(asked, "unlicensed"),
}
KEYS = tuple(key for key in _EVIDENCE if key != "filed")
"""Keys of the figures that are made of rows of registers (K28 and K41 are made by rules)."""
