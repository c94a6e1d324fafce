"""Which rows of which register each figure counts: one declaration a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import case as choose

from data_access import schema as s
from data_access.case_state import case_states
from data_access.columns import Code, Id
from data_access.evidence_bases import Asked, Base
from data_access.narrowing import last_day
from data_access.registers import register
from rules.indicators import DEVICE_UNITS, DRUG_UNIT
from rules.lead_state import COMPLAINTS
from rules.site_status import closed_all_day

TEN_THOUSAND = 10_000
PROVINCIAL = ("省", "国家", "中央", "全国", "部级")
ONE = literal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one register that a figure counts.

    Attributes:
        base: the register, already narrowed to the request (``evidence_bases.Asked.base``).
        where: which of its rows.
        counts: what a row adds to the figure, or to the numerator of a ratio.
        denominator: what a row adds to the denominator; None where the figure is no ratio.
    """

    base: Base
    where: ColumnElement[bool]
    counts: ColumnElement = ONE
    denominator: ColumnElement | None = None

    def rows(self) -> Select:
        """The rows one by one, with the columns of ``evidence``."""
        base = self.base
        columns = [
            literal(base.table.name, Code).label("register"),
            base.table.c.row_id,
            base.table.c.id,
            base.day.label("day"),
            base.street.label("street_code"),
            base.agency.label("agency_code"),
            cast(null() if base.premises is None else base.premises, Id).label("one"),
            cast(self.counts, Float).label("counts"),
            cast(null() if self.denominator is None else self.denominator, Float).label("base"),
        ]
        return select(*columns).select_from(base.source).where(*base.clauses, self.where)


def parts_of(asked: Asked, key: str) -> tuple[Part, ...]:
    """The parts a figure is made of.

    Raises:
        KeyError: no figure of that key is made of rows.
    """
    head, _, unit = key.partition("_")
    if head in {"K19", "K20"} and key not in _PARTS:
        return (_seized(asked, "device" if head == "K19" else "drug", [unit]),)
    return _PARTS[key](asked)


def _visits(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.base("visits"), true(), s.patrol_visit.c.visits),)


def _mobile_visits(asked: Asked) -> tuple[Part, ...]:
    used = s.patrol_visit.c.mobile
    return (Part(asked.base("visits"), used.is_not(None), choose((used.is_(True), 1), else_=0), ONE),)


def _inspections(asked: Asked) -> tuple[Part, ...]:
    t, base = s.patrol_visit, asked.base("visits")
    wanted = and_(t.c.mode == "inspection", t.c.target_kind == "site")
    met = asked.database.frame(
        select(t.c.row_id, t.c.target_id.label("site_id"), t.c.day).where(*base.clauses, wanted)
    )
    wide = replace(asked.scope, areas=(), agencies=())
    events = register(asked.database, asked.filters, wide, s.site_event, ("site_id", "day", "event", "risk"))
    closed = met.loc[closed_all_day(met, events), "row_id"].tolist()
    return (Part(asked.base("visits"), and_(wanted, t.c.row_id.not_in(closed)) if closed else wanted, t.c.visits),)


def _activities(kind: str) -> Callable[[Asked], tuple[Part, ...]]:
    return lambda asked: (Part(asked.base("activities"), s.activity.c.kind == kind),)


def _materials(asked: Asked) -> tuple[Part, ...]:
    t = s.activity
    return (Part(asked.base("activities"), t.c.materials > 0, t.c.materials),)


def _trained(asked: Asked) -> tuple[Part, ...]:
    t = s.activity
    return (Part(asked.base("activities"), t.c.kind == "training", func.coalesce(t.c.attendees, 0)),)


def _sent_out(column: str) -> Callable[[Asked], tuple[Part, ...]]:
    t = s.activity_agency
    return lambda asked: (Part(asked.base("sent_out"), t.c[column] > 0, t.c[column]),)


def _joint_actions(asked: Asked) -> tuple[Part, ...]:
    base = asked.base("activities" if asked.agencies is None else "activities_taken_part_in")
    return (Part(base, s.activity.c.kind == "joint_enforcement"),)


def _joint_cases(asked: Asked) -> tuple[Part, ...]:
    t, base = s.case, asked.base("joint_cases")
    joint = or_(t.c.joint.is_(True), and_(t.c.joint.is_(None), t.c.joint_on.is_not(None)))
    return (Part(base, and_(joint, _taking_part(asked, base, joint, "joint_agencies")),),)


def _meetings(asked: Asked) -> tuple[Part, ...]:
    base = asked.base("meetings")
    return (Part(base, _taking_part(asked, base, true(), "present")),)


def _taking_part(asked: Asked, base: Base, where: ColumnElement[bool], listed: str) -> ColumnElement[bool]:
    """Rows whose agency, or one of those listed, is asked about."""
    if asked.agencies is None:
        return true()
    t = base.table
    rows = asked.database.frame(
        select(t.c.row_id, base.agency.label("named"), t.c[listed]).select_from(base.source).where(*base.clauses, where)
    )
    codes = set(asked.agencies)
    present = [bool(codes.intersection([one, *(many or ())])) for one, many in zip(rows["named"], rows[listed], strict=True)]
    return t.c.row_id.in_(rows.loc[present, "row_id"].tolist())


def _site_events(event: str) -> Callable[[Asked], tuple[Part, ...]]:
    return lambda asked: (Part(asked.base("site_events"), s.site_event.c.event == event),)


def _penalties(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.base("penalties"), true()),)


def _fines(asked: Asked) -> tuple[Part, ...]:
    t = s.penalty
    return (Part(asked.base("penalties"), t.c.fine_yuan > 0, t.c.fine_yuan),)


def _warnings(asked: Asked) -> tuple[Part, ...]:
    return (*_site_events("ordered")(asked), Part(asked.base("penalties"), s.penalty.c.kind == "warning"))


def _income(asked: Asked) -> tuple[Part, ...]:
    t, p = s.seizure, s.penalty
    yuan = choose((t.c.unit == "万元", t.c.quantity * TEN_THOUSAND), else_=t.c.quantity)
    return (
        Part(asked.base("seizures"), and_(t.c.kind == "income", t.c.quantity > 0), yuan),
        Part(asked.base("penalties"), p.c.confiscated_yuan > 0, p.c.confiscated_yuan),
    )


def _seized(asked: Asked, kind: str, units: Iterable[str]) -> Part:
    t = s.seizure
    return Part(asked.base("seizures"), and_(t.c.kind == kind, t.c.unit.in_(list(units))), t.c.quantity)


def _filed(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.base("filed_cases"), s.case.c.kind == "unlicensed"),)


def _adverts(asked: Asked) -> tuple[Part, ...]:
    a = s.agency
    market = select(a.c.code).where(asked.known(a), a.c.system == "market")
    return (Part(asked.base("filed_cases"), and_(s.case.c.kind == "advert", s.case.c.agency_code.in_(market))),)


def _dealt_with(asked: Asked) -> tuple[Part, ...]:
    return (*_site_events("closed")(asked), *_filed(asked), *_penalties(asked))


def _undecided(asked: Asked) -> tuple[Part, ...]:
    (filed,) = _filed(asked)
    found = case_states(asked.database, asked.filters, asked.scope, last_day(asked.filters))
    still = found.index[(found["state"] == "open") & (found["filed_on"] >= pd.Timestamp(asked.filters.start))].tolist()
    return (Part(filed.base, and_(filed.where, s.case.c.id.in_(still))),)


def _case_events(event: str) -> Callable[[Asked], tuple[Part, ...]]:
    e, t = s.case_event, s.case
    return lambda asked: (Part(asked.base("case_events"), and_(t.c.kind == "unlicensed", e.c.event == event)),)


def _complaints(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.base("leads"), s.lead.c.source.in_(COMPLAINTS)),)


def _answered(asked: Asked) -> tuple[Part, ...]:
    t = s.lead
    answered = choose((t.c.feedback_on <= asked.filters.as_of, 1), else_=0)
    return (Part(asked.base("leads"), t.c.source.in_(COMPLAINTS), answered, ONE),)


def _confirmed(asked: Asked) -> tuple[Part, ...]:
    t = s.lead
    checked = or_(t.c.checked_on.is_(None), t.c.checked_on <= asked.filters.as_of)
    where = and_(t.c.source.in_(COMPLAINTS), t.c.result.in_(["confirmed", "unfounded"]), checked)
    return (Part(asked.base("leads"), where, choose((t.c.result == "confirmed", 1), else_=0), ONE),)


def _inspected_institutions(asked: Asked) -> tuple[Part, ...]:
    return (Part(asked.base("institutions"), true()),)


def _adverse(kind: str, provincial: bool = False) -> Callable[[Asked], tuple[Part, ...]]:
    t = s.adverse_event
    clauses = [t.c.kind == kind, t.c.verified.is_not(False)]
    if provincial:
        named = [t.c.level.contains(word, autoescape=True) for word in PROVINCIAL]
        clauses.append(or_(t.c.level.is_(None), t.c.level == "", *named))
    return lambda asked: (Part(asked.base("adverse"), and_(*clauses), t.c.count),)


_PARTS: dict[str, Callable[[Asked], tuple[Part, ...]]] = {
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
    "K19": lambda asked: (_seized(asked, "device", DEVICE_UNITS),),
    "K20": lambda asked: (_seized(asked, "drug", [DRUG_UNIT]),),
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
    "filed": _filed,
    "leads": lambda asked: (Part(asked.base("leads"), true()),),
}
KEYS = tuple(key for key in _PARTS if key.startswith("K"))
"""Keys of the figures that are made of rows of registers (K28 and K41 are made by rules)."""
