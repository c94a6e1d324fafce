"""所选对象: the grid, site, case or construction site selected on the map: its state, its dates, its visits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number
from dashboard.marks import (
    body,
    day,
    days_left,
    fact,
    facts,
    left_tone,
    listed,
    month_end,
    nothing,
    records,
    stages,
)
from dashboard.panels import EVERY_TAB, Panel
from dashboard.place import place
from dashboard.steps import STEPS, clock, reached
from dashboard.view_state import go
from data_access.cases import cases
from data_access.construction import construction_sites
from data_access.coverage import grid_states
from data_access.figures import daily_visits
from data_access.leads import leads
from data_access.rows import rows
from data_access.sites import sites
from rules.language import N_
from rules.vocabulary import SITE_STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from data_access.database import Database
    from rules.request import Filters, Scope

MOST_VISITS = 4
HALF_YEAR_DAYS = 183
STANDING = ",".join(word.code for word in SITE_STATUS if word.code != "cleared")
EVERYWHERE = dict.fromkeys(("area", "category", "premises", "system"), "*")
"""Filters that do not bear on a selection, lifted where its rows are opened."""

STATE_WORDS = {"ok": N_("按期"), "due": N_("临期"), "over": N_("逾期"), "never": N_("从未巡查")}
STATE_TONES = {"ok": "good", "due": "warn", "over": "bad", "never": "never"}


def content(ask: Ask) -> tuple[Component, object] | None:
    """What is selected, whatever area or filter is set; the grid drilled to where nothing is."""
    here = place(ask)
    standing = f"grid:{here.code}" if here.level == "grid" else ""
    kind, _, code = (ask.view.select or standing).partition(":")
    drawn = KINDS.get(kind)
    if drawn is None:
        return None
    whole = ask.with_(area=None, category=None, premises=None, system=None, agency=None)
    found = drawn(whole, code)
    if found is None:
        found = nothing(ask.t("没有找到所选对象，它可能不在你的查看范围内"), ask.t("取消选择"), select=None)
    close = html.Button(icon("x"), type="button", className="selection-close", **{"aria-label": ask.t("取消选择")}, **go(select=None))
    return found, close


def _grid(ask: Ask, code: str) -> Component | None:
    t, row = ask.t, _one(ask.get(grid_states), "code", code)
    if row is None:
        return None
    known = ask.get(sites)
    here = known[(known["grid_code"] == code) & (known["status"] != "cleared")]
    every = ask.get(cases)
    opened = every[(every["grid_code"] == code) & (every["state"] == "open")]
    since = ask.filters.as_of - dt.timedelta(days=HALF_YEAR_DAYS)
    half_year = ask.with_(start=since, end=ask.filters.as_of, area=code)
    return body(
        _head(ask, ask.name(code), row["state"], row["days"], ask.filters.cycle_days, listed([ask.short_name(row["street_code"]), ask.name(row["neighbourhood_code"])])),
        facts(
            fact(t("历史点位"), number(ask, len(here), "户", rows="sites", narrow=EVERYWHERE | {"grid_code": code, "status": STANDING}, size="row")),
            fact(t("在办案件"), number(ask, len(opened), "件", rows="cases", narrow=EVERYWHERE | {"grid_code": code, "state": "open"}, size="row")),
            fact(t("近半年线索"), number(ask, len(half_year.get(leads)), "件", rows="leads", narrow=_span(since, ask.filters.as_of, code), size="row")),
            fact(t("上次巡查"), day(ask, row["last_visit"])),
            columns=4,
        ),
        _months(ask, code),
        _visits(ask, grid_code=code),
        kind="selection",
    )


def _site(ask: Ask, code: str) -> Component | None:
    t, row = ask.t, _one(ask.get(sites), "id", code)
    if row is None:
        return None
    late = _days_late(ask, row["due_on"])
    name = listed([row["number"] or t("历史点位"), ask.words("category", row["category"])])
    penalties = number(
        ask, row["penalties"], "次", rows="sites", narrow=EVERYWHERE | {"id": code}, size="row",
        tone="bad" if row["penalties"] >= 2 else None,
    )
    return body(
        _head(ask, name, row["state"], None, None, listed([ask.short_name(row["street_code"]), ask.name(row["grid_code"]), ask.words("premises", row["premises"])]), late),
        facts(
            fact(t("状态"), ask.words("site_status", row["status"]), day(ask, row["status_since"])),
            fact(t("风险"), html.Span(ask.words("risk", row["risk"]), className=f"risk-{row['risk']}")),
            fact(t("行政处罚"), penalties),
            fact(t("下次回访"), day(ask, row["due_on"])),
            columns=4,
        ),
        _visits(ask, target_id=code),
        kind="selection",
    )


def _case(ask: Ask, code: str) -> Component | None:
    t, row = ask.t, _one(ask.get(cases), "id", code)
    if row is None:
        return None
    left = clock(row, ask.filters.as_of)
    name = html.B(listed([ask.words("case_kind", row["kind"]), ask.words("category", row["category"])]))
    state = html.Span(ask.words("case_state", row["state"]), className="tag")
    head = html.Div([name, state, *([] if left is None else [days_left(ask, left)])], className="selection-head")
    moved = row["state"] == "transferred"
    due = fact(t("反馈期限"), day(ask, row["feedback_due"])) if moved else fact(t("办案期限"), day(ask, row["due_on"]), tone=left_tone(left))
    return body(
        head,
        html.P(listed([ask.short_name(row["street_code"]), ask.name(row["grid_code"]), ask.name(row["agency_code"])]), className="note"),
        stages([t(step) for step in STEPS], reached(row["stage"])) if row["state"] in {"open", "decided"} else None,
        facts(
            fact(t("立案"), day(ask, row["filed_on"])),
            due,
            fact(t("决定"), day(ask, row["decided_on"])),
            fact(t("移送"), day(ask, row["transferred_on"])),
            columns=4,
        ),
        None if moved else term_note(ask, row),
        kind="selection",
    )


def term_note(ask: Ask, row: dict[str, object]) -> Component | None:
    """Both last days of an extended case with the document of its extension, and the days that did not count."""
    t, said = ask.t, []
    if row["extended"]:
        document = row["extension_document"] or t("批准文书未登记")
        said.append(t("原期限 {before}，延至 {after}（{document}）", before=day(ask, row["due_plain"]), after=day(ask, row["due_on"]), document=document))
    if row["days_excluded"]:
        said.append(t("中止扣除 {n} 天", n=int(row["days_excluded"])))
    return html.P(listed(said), className="note") if said else None


def _construction(ask: Ask, code: str) -> Component | None:
    t, row = ask.t, _one(ask.get(construction_sites), "id", code)
    if row is None:
        return None
    late = _days_late(ask, row["due_on"])
    return body(
        _head(ask, row["name"], row["state"], None, None, listed([ask.short_name(row["street_code"]), ask.name(row["grid_code"])]), late),
        facts(
            fact(t("施工阶段"), ask.words("construction_phase", row["phase"]) or number_text.NONE),
            fact(t("工人"), number(ask, row["workers"], "人", rows="construction_sites", narrow=EVERYWHERE | {"id": code}, size="row")),
            fact(t("上次巡查"), day(ask, row["last_visit"])),
            fact(t("巡查期限"), day(ask, row["due_on"])),
            columns=4,
        ),
        _visits(ask, target_id=code),
        kind="selection",
    )


KINDS: dict[str, Callable[[Ask, str], Component | None]] = {
    "grid": _grid,
    "site": _site,
    "case": _case,
    "construction": _construction,
}


def _one(frame: pd.DataFrame, field: str, code: str) -> dict[str, object] | None:
    found = frame[frame[field] == code]
    return records(found)[0] if len(found) else None


def _head(
    ask: Ask, name: str, state: str, days: float | None, cycle: int | None, where: str, late: int | None = None
) -> Component:
    """Name, state with its lateness, and where it is."""
    words = ask.t(STATE_WORDS[state]) if state in STATE_WORDS else ""
    if state == "over":
        late = int(days) - cycle if cycle is not None and days is not None else late
        words = ask.t("逾期 {n} 天", n=late) if late else words
    tag = [html.Span(words, className=f"tag tone-{STATE_TONES[state]}")] if words else []
    return html.Div([html.B(name), *tag, html.Span(where, className="selection-where")], className="selection-head")


def _days_late(ask: Ask, due: object) -> int | None:
    return None if number_text.is_missing(due) else max((ask.filters.as_of - due.date()).days, 0)


def _months(ask: Ask, code: str) -> Component:
    """户次 of each of the last twelve months; a month without a visit stands out."""
    as_of = ask.filters.as_of
    first = (as_of.replace(day=1) - dt.timedelta(days=335)).replace(day=1)
    frame = ask.with_(start=first, end=as_of, area=code).get(daily_visits)
    counts: dict[tuple[int, int], int] = {}
    for when, visits in zip(frame["day"], frame["visits"], strict=True):
        counts[when.year, when.month] = counts.get((when.year, when.month), 0) + int(visits)
    months = sorted(counts)[-12:]
    missed = sum(1 for month in months if not counts[month])
    strip = [
        html.Button(
            [html.B(str(counts[year, month])), html.Small(str(month))],
            type="button", className="month num" + ("" if counts[year, month] else " is-zero"),
            **go(rows="K1", narrow=_span(dt.date(year, month, 1), month_end(dt.date(year, month, 1)), code), card=None),
        )
        for year, month in months
    ]
    title = html.Div(
        [html.Span(ask.t("近 12 个月巡查户次（按月）")), html.Span(ask.t("缺 {n} 个月", n=missed) if missed else "")], className="columns-head"
    )
    return html.Div([title, html.Div(strip, className="months")])


def _span(start: dt.date, end: dt.date, code: str) -> dict[str, object]:
    """What narrows rows to a grid and to a period other than the screen's."""
    return EVERYWHERE | {"start": start, "end": end, "area": code}


def _visits(ask: Ask, **narrow: str) -> Component | None:
    """The last visits, newest first, of the last year."""
    as_of = ask.filters.as_of
    year = ask.with_(start=as_of - dt.timedelta(days=365), end=as_of)
    frame = year.get(visit_rows, **narrow)
    if frame.empty:
        return html.P(ask.t("近一年没有巡查记录"), className="note")
    frame = frame.sort_values("day", ascending=False, kind="stable").head(MOST_VISITS)
    return html.Div([_visit(ask, row) for row in records(frame)], className="history")


def _visit(ask: Ask, row: dict[str, object]) -> Component:
    said = listed([ask.words("visit_mode", row["mode"]), ask.words("finding", row["finding"]), ask.short_name(row["agency_code"])])
    return html.Div(
        [html.Time(number_text.period_text(row["day"], row["day"], ask.lang), className="num"), html.I(className="dot"), html.Span(said)],
        className=f"history-line is-{row['finding']}",
    )


def visit_rows(database: Database, filters: Filters, scope: Scope, **narrow: str) -> pd.DataFrame:
    """The rows of the set ``visits``, as ``ask.get`` wants a question."""
    return rows(database, "visits", filters, scope, **narrow)


PANEL = Panel(
    name="selection",
    title=N_("所选对象"),
    side="street",
    tab=EVERY_TAB,
    order=0,
    content=content,
    questions=("grid_states", "sites", "cases", "construction_sites", "leads", "daily_visits", "rows"),
)
