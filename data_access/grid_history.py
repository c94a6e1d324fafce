"""What happened in one grid: twelve months of visits, and one timeline of everything that came up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select

from data_access import schema as s
from data_access.areas import areas
from data_access.database import Database
from data_access.last_visits import predecessors
from data_access.months import month_starts
from data_access.narrowing import inside
from data_access.organisations import agency_names
from data_access.scope import known, select_columns, within
from rules.grid_state import ancestors
from rules.language import N_, Translate
from rules.lead_state import COMPLAINTS
from rules.request import Filters, Scope
from rules.vocabulary import name_of

EVENT_COLUMNS = ("day", "kind", "title", "detail", "table", "id", "code")
_ORDER = ("visit", "site", "lead", "check", "activity", "case")
_VISITED = {
    "grid": N_("网格巡查"), "site": N_("点位巡查"), "construction": N_("工地巡查"), "subject": N_("重点人员走访"),
    "lead": N_("线索核查"), "other": N_("场所巡查"),
}  # fmt: skip
NOT_ENTERED = N_("到过，未进入")
_FOUND = {"suspect": N_("巡查发现疑似"), "confirmed": N_("巡查有发现")}

Detail = tuple[tuple[str, dict[str, Any]], ...]
"""What is said of an event: source strings with the values of their placeholders."""


def history(
    database: Database, filters: Filters, scope: Scope, grid_code: str, months: int = 12
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The months up to the day asked about, and what happened in them in one grid.

    A grid that was cut from others has their past too, up to the day it began.

    Args:
        months: how many, the month of ``filters.as_of`` last; at least 1.

    Returns:
        frame[month (first day), visits (户次), times (visits paid)], one row a month, zeros included; and
        frame[day, kind, title, detail, table, id, code], the newest first: kind is visit, lead,
        check (of a lead), case, site (event) or activity; title a Chinese source string; detail a
        ``Detail`` for ``said``; code the finding, result or event. A grid that does not exist on
        the day, or lies outside the scope: no rows in either.
    """
    if months < 1:
        raise ValueError(f"months: expected at least 1, found {months}")
    grids = inside(areas(database, scope, filters.as_of, "grid", known_at=filters.known_at), filters.with_(area=None), scope)
    if grid_code not in set(grids["code"]):
        return _no_months(), pd.DataFrame({name: [] for name in EVENT_COLUMNS})
    codes = [grid_code, *sorted(ancestors(predecessors(database, scope, filters.as_of, known_at=filters.known_at)).get(grid_code, ()))]
    starts = month_starts(filters.as_of, months)
    asked = _Asked(database, filters, scope, codes, starts[0].date())
    return _months(asked, starts), _events(asked)


def said(detail: Detail, t: Translate) -> str:
    """The detail of an event in the reader's language: 口腔诊疗 · 属实."""
    pieces = (t(text, **{name: t(value) if isinstance(value, str) else value for name, value in values.items()}) for text, values in detail)
    return " · ".join(piece for piece in pieces if piece)


class _Asked:
    """One grid and its past asked about over a span of days."""

    def __init__(self, database: Database, filters: Filters, scope: Scope, codes: list[str], first: dt.date) -> None:
        self.database, self.filters, self.scope, self.codes, self.first = database, filters, scope, codes, first

    def rows(self, table: Any, names: tuple[str, ...], *clauses: ColumnElement[bool]) -> pd.DataFrame:
        return self.database.frame(self.select(table, select_columns(table, names, self.scope), *clauses))

    def select(self, table: Any, columns: list, *clauses: ColumnElement[bool]) -> Select:
        seen = known(table, self.filters.known_at), within(table, self.scope, known_at=self.filters.known_at)
        return select(*columns).where(*seen, *clauses)

    def during(self, day: ColumnElement) -> ColumnElement[bool]:
        return day.between(self.first, self.filters.as_of)


def _no_months() -> pd.DataFrame:
    empty = pd.Series([], dtype="int64")
    return pd.DataFrame({"month": pd.Series([], dtype="datetime64[s]"), "visits": empty, "times": empty})


def _months(asked: _Asked, starts: list[pd.Timestamp]) -> pd.DataFrame:
    v = s.patrol_visit
    paid = asked.select(v, [v.c.day, func.sum(v.c.visits).label("visits"), func.count().label("times")],
                        v.c.grid_code.in_(asked.codes), asked.during(v.c.day)).group_by(v.c.day)
    days = asked.database.frame(paid)
    month = days["day"].dt.to_period("M").dt.to_timestamp()
    index = pd.DatetimeIndex(starts, name="month")
    summed = days.groupby(month)[["visits", "times"]].sum().reindex(index).fillna(0).astype("int64").reset_index()
    return summed.assign(month=summed["month"].astype("datetime64[s]"))


def _events(asked: _Asked) -> pd.DataFrame:
    parts = [*_visits(asked), *_leads(asked), *_case_events(asked), *_site_events(asked), *_activities(asked)]
    found = pd.DataFrame(parts, columns=list(EVENT_COLUMNS))
    found["day"] = pd.to_datetime(found["day"]).astype("datetime64[s]")
    rank = found["kind"].map({kind: place for place, kind in enumerate(_ORDER)})
    order = found.assign(rank=rank).sort_values(["day", "rank", "id"], ascending=[False, False, True], kind="stable")
    return order[list(EVENT_COLUMNS)].reset_index(drop=True)


def _event(day: pd.Timestamp, kind: str, title: str, detail: list, table: str, thing: str, code: str) -> dict[str, Any]:
    pieces = tuple(piece if isinstance(piece, tuple) else (piece, {}) for piece in detail if piece and not _missing(piece))
    return {"day": day, "kind": kind, "title": title, "detail": pieces, "table": table, "id": thing, "code": code}


def _missing(value: object) -> bool:
    return not isinstance(value, (str, tuple)) or value == ""


def _visits(asked: _Asked) -> list[dict[str, Any]]:
    v = s.patrol_visit
    rows = asked.rows(v, ("id", "day", "target_kind", "mode", "finding", "visits", "note", "access"), v.c.grid_code.in_(asked.codes), asked.during(v.c.day))
    return [
        _event(row.day, "visit", NOT_ENTERED if _shut(row.access) else _FOUND.get(row.finding) or _VISITED.get(row.target_kind, _VISITED["other"]),
               [row.note, (N_("{n} 户次"), {"n": row.visits}), name_of("visit_mode", row.mode), "" if _shut(row.access) else name_of("finding", row.finding)],
               "patrol_visit", row.id, row.finding)
        for row in rows.itertuples(index=False)
    ]  # fmt: skip


def _shut(access: object) -> bool:
    """Whether nobody could get in (进不去)."""
    return not pd.isna(access) and not access


def _leads(asked: _Asked) -> list[dict[str, Any]]:
    t = s.lead
    names = ("id", "number", "day", "source", "category", "due_on", "checked_on", "result", "summary")
    rows = asked.rows(t, names, t.c.grid_code.in_(asked.codes), t.c.day <= asked.filters.as_of)
    first, until = pd.Timestamp(asked.first), pd.Timestamp(asked.filters.as_of)
    found = []
    for row in rows.itertuples(index=False):
        if row.day >= first:
            title = N_("新增投诉举报") if row.source in COMPLAINTS else N_("新增线索")
            due = (N_("核查期限 {day}"), {"day": f"{row.due_on:%Y-%m-%d}"}) if pd.notna(row.due_on) else None
            named = [name_of("lead_source", row.source), _word("category", row.category), row.summary, due]
            found.append(_event(row.day, "lead", title, named, "lead", row.id, row.source))
        if pd.notna(row.checked_on) and first <= row.checked_on <= until:
            result = row.result if isinstance(row.result, str) else "pending"
            named = [name_of("lead_result", result), _word("category", row.category), row.number]
            found.append(_event(row.checked_on, "check", N_("线索核查结果"), named, "lead", row.id, result))
    return found


def _case_events(asked: _Asked) -> list[dict[str, Any]]:
    c, e = s.case, s.case_event
    cases = asked.rows(c, ("id", "number", "category"), c.c.grid_code.in_(asked.codes)).set_index("id")
    steps = asked.rows(e, ("case_id", "day", "event", "until"), e.c.case_id.in_(cases.index.tolist()), asked.during(e.c.day))
    return [
        _event(row.day, "case", name_of("case_event", row.event),
               [_word("category", cases["category"][row.case_id]), cases["number"][row.case_id],
                (N_("延至 {day}"), {"day": f"{row.until:%Y-%m-%d}"}) if pd.notna(row.until) else None],
               "case", row.case_id, row.event)
        for row in steps.itertuples(index=False)
    ]  # fmt: skip


def _site_events(asked: _Asked) -> list[dict[str, Any]]:
    t, e = s.site, s.site_event
    sites = asked.rows(t, ("id", "number", "category"), t.c.grid_code.in_(asked.codes)).set_index("id")
    steps = asked.rows(e, ("site_id", "day", "event", "risk"), e.c.site_id.in_(sites.index.tolist()), asked.during(e.c.day))
    return [
        _event(row.day, "site", name_of("site_event", row.event),
               [_word("risk", row.risk), _word("category", sites["category"][row.site_id]), sites["number"][row.site_id]],
               "site", row.site_id, row.event)
        for row in steps.itertuples(index=False)
    ]  # fmt: skip


def _activities(asked: _Asked) -> list[dict[str, Any]]:
    a, p = s.activity, s.activity_agency
    rows = asked.rows(a, ("id", "day", "kind", "name"), a.c.grid_code.in_(asked.codes), asked.during(a.c.day))
    parts = asked.rows(p, ("activity_id", "agency_code"), p.c.activity_id.in_(rows["id"].tolist()))
    systems = agency_names(asked.database, asked.scope, asked.filters.as_of, known_at=asked.filters.known_at).set_index("code")["system"]
    took_part = parts.assign(system=parts["agency_code"].map(systems)).dropna(subset=["system"])
    by_activity = took_part.groupby("activity_id")["system"].agg(lambda codes: list(dict.fromkeys(codes)))
    return [
        _event(row.day, "activity", name_of("activity_kind", row.kind),
               [row.name, *(name_of("agency_system", code) for code in by_activity.get(row.id, []))], "activity", row.id, row.kind)
        for row in rows.itertuples(index=False)
    ]  # fmt: skip


def _word(table: str, code: object) -> str:
    return name_of(table, code) if isinstance(code, str) else ""
