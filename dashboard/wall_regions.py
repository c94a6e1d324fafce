"""The regions of the wall: figures, coverage, ranking, cases, agencies, campaign, alerts, sources.

Nothing here can be pressed, nothing names a person or a place below the grid, and a case shows its
street, its count and its days only (DESIGN 12, on the wall).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import base_text, swatch
from dashboard.footer import freshness
from dashboard.kpi_strip import LARGE, Large
from dashboard.marks import (
    GRID_STATES,
    as_day,
    coverage_tone,
    days_left,
    dot_track,
    left_tone,
    nothing,
)
from data_access.agencies import agency_work
from data_access.campaigns import campaign_progress, campaigns
from data_access.cases import cases
from data_access.coverage import coverage
from data_access.figures import daily_visits, figures
from data_access.leads import leads
from rules.indicators import Figure

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

RING_COLOURS = (("ok", "ring-ok"), ("due", "cov-due"), ("over", "cov-over"), ("never", "cov-never"))
GAP_DEGREES = 2.4
LOWEST_SHOWN = 0.70
MOST_STREETS, MOST_CASES, MOST_KEY_PLACES, MOST_SYSTEMS, MOST_ALERTS = 14, 4, 4, 6, 3


def wall_question(ask: Ask) -> tuple[Ask, pd.Series | None]:
    """The wall's own question: the whole scope, the campaign of the day or else the month.

    Returns:
        The question and the running campaign's row; None when no campaign runs that day.
    """
    today = ask.filters.as_of
    asked = ask.with_(
        start=today.replace(day=1), end=today, area=None, system=None, agency=None, category=None, premises=None
    )
    found = asked.get(campaigns)
    running = found[(pd.to_datetime(found["start_on"]) <= pd.Timestamp(today)) & (pd.to_datetime(found["end_on"]) >= pd.Timestamp(today))]
    if running.empty:
        return asked, None
    campaign = running.sort_values("start_on").iloc[-1]
    return asked.with_(start=as_day(campaign["start_on"]), end=as_day(campaign["end_on"])), campaign


def headlines(ask: Ask) -> Component:
    """The seven large figures of the period."""
    found = ask.get(figures)
    return html.Div([_headline(ask, found, large) for large in LARGE], className="wall-kpis")


def _headline(ask: Ask, found: dict[str, Figure], large: Large) -> Component:
    figure, t = found[large.key], ask.t
    shown, unit = _value(ask, figure)
    note = ""
    if large.beside:
        second = found[large.beside]
        note = t(large.beside_label, n=number_text.count(second.value, ask.lang), unit=t(second.unit))
    elif large.key == "K1":
        today = ask.with_(start=ask.filters.as_of, end=ask.filters.as_of).get(figures)["K1"]
        note = t("今日 +{n}", n=number_text.count(today.value, ask.lang))
    return html.Div(
        [
            html.Div([html.Span(t(large.label)), html.Em(note) if note else None], className="wall-kpi-label"),
            html.Div([html.Span(shown, className="num"), html.Small(unit)], className="wall-kpi-value"),
        ],
        className="wall-kpi",
    )


def _value(ask: Ask, figure: Figure) -> tuple[str, str]:
    if figure.unit == "元":
        shown, unit = number_text.money(figure.value, ask.lang)
        return shown, ask.t(unit)
    return number_text.count(figure.value, ask.lang), ask.t(figure.unit)


def coverage_ring(ask: Ask) -> Component:
    """网格按期巡查率 with its four classes, each counted."""
    t = ask.t
    own = ask.get(coverage, by="district")
    if own.empty or not own["grids"].iloc[0]:
        return _panel(t("网格按期巡查率"), "", nothing(t("这个区域还没有网格")))
    row = own.iloc[0]
    names = {state: t(name) for state, name in GRID_STATES.items()} | {"never": t("从未巡查")}
    said = t("，").join(f"{names[state]} {int(row[state])}" for state in GRID_STATES)
    ring = html.Div(
        [
            html.I(className="wall-ring-arcs", style={"background": _arcs(row)}),
            html.Div(
                [
                    html.B([number_text.percent(row["coverage"]), html.Small("%")], className="num"),
                    html.Span(t("按期＋临期")),
                    html.Span(base_text(ask, row["n"], row["grids"]), className="num quiet"),
                ],
                className="wall-ring-words",
            ),
        ],
        className="wall-ring",
        role="img",
        **{"aria-label": said},
    )
    key = [
        html.Div(
            [swatch(f"cov-{state}"), html.Span(names[state]),
             html.B(number_text.count(row[state], ask.lang), className=f"num tone-{state}")],
            className="wall-key-row",
        )
        for state in GRID_STATES
    ]
    aside = t("{n} 个网格 · 周期 {days} 天", n=number_text.count(row["grids"], ask.lang), days=ask.filters.cycle_days)
    return _panel(t("网格按期巡查率"), aside, html.Div([ring, html.Div(key, className="wall-key")], className="wall-cover"))


def _arcs(row: pd.Series) -> str:
    """A conic gradient of the four shares with gaps; a class that is there keeps a visible arc."""
    total, at, parts = float(row["grids"]), 0.0, []
    shown = [(state, token) for state, token in RING_COLOURS if row[state]]
    gap = GAP_DEGREES if len(shown) > 1 else 0.0
    for state, token in shown:
        end = at + 360 * float(row[state]) / total
        parts.append(f"var(--{token}) {at + gap / 2:.2f}deg {max(end - gap / 2, at + gap / 2 + 0.6):.2f}deg")
        parts.append(f"transparent {max(end - gap / 2, at + gap / 2 + 0.6):.2f}deg {end + gap / 2:.2f}deg")
        at = end
    return f"conic-gradient(from 0deg, transparent 0deg {gap / 2:.2f}deg, {', '.join(parts)})"


def street_ranking(ask: Ask) -> Component:
    """Every street on a line with the target; the lowest ones where there are too many."""
    t = ask.t
    frame = ask.get(coverage, by="street")
    frame = frame[frame["grids"] > 0].sort_values(["coverage", "grids"], ascending=False)
    target = number_text.percent(ask.context.target).removesuffix(".0")
    if frame.empty:
        return _panel(t("街镇巡查率"), "", nothing(t("还没有街镇的网格")))
    low = min(LOWEST_SHOWN, float(frame["coverage"].min()) // 0.1 / 10)
    rows = [
        html.Div(
            [
                html.Span(ask.name(row["code"])),
                dot_track(row["coverage"], ask.context.target, low),
                html.B(number_text.percent(row["coverage"]), className="num"),
            ],
            className=f"wall-rank is-{coverage_tone(ask, row['coverage']) or 'fine'}",
        )
        for row in frame.tail(MOST_STREETS).to_dict("records")
    ]
    return _panel(t("街镇巡查率"), t("目标 {target}%", target=target), html.Div(rows, className="wall-ranks"))


def open_cases(ask: Ask) -> Component:
    """Open cases by street, the nearest deadline first: street, count and days (DESIGN 12)."""
    t = ask.t
    found = ask.get(cases)
    found = found[found["state"].eq("open")]
    aside = t("{n} 件 · 办案期限", n=number_text.count(len(found), ask.lang))
    if found.empty:
        return _panel(t("在办案件"), aside, nothing(t("没有在办案件")))
    by_street = (
        found.groupby(found["street_code"].fillna(""), as_index=False)
        .agg(count=("id", "size"), days=("days_left", "min"))
        .sort_values("days", na_position="last")
    )
    rows = [
        html.Div(
            [
                html.Span(ask.name(row["street_code"]) or t("未落入街镇")),
                html.Span(t("{n} 件", n=int(row["count"])), className="quiet"),
                days_left(ask, row["days"]),
            ],
            className=f"wall-case tone-row-{left_tone(row['days']) or 'fine'}",
        )
        for row in by_street.head(MOST_CASES).to_dict("records")
    ]
    return _panel(t("在办案件"), aside, html.Div(rows))


def key_places(ask: Ask) -> Component:
    """重点场所巡查率, the streets furthest behind first, each with what it is a share of."""
    t = ask.t
    frame = ask.get(coverage, by="street")
    frame = frame[frame["key_N"] > 0].sort_values("key_coverage")
    whole = (frame["key_n"].sum(), frame["key_N"].sum())
    if frame.empty:
        return _panel(t("重点场所巡查率"), "", nothing(t("还没有点位、工地和名单人员")))
    rows = [
        html.Div(
            [
                html.Span(ask.name(row["code"])),
                html.Span(base_text(ask, row["key_n"], row["key_N"]), className="num quiet"),
                html.B([number_text.percent(row["key_coverage"]), html.Small("%")], className="num"),
            ],
            className="wall-place",
        )
        for row in frame.head(MOST_KEY_PLACES).to_dict("records")
    ]
    aside = t("全区 {share}%  {base}", share=number_text.percent(whole[0] / whole[1]), base=base_text(ask, *whole))
    return _panel(t("重点场所巡查率"), aside, html.Div(rows))


def agencies(ask: Ask) -> Component:
    """出动执法人员 by system of agencies, in person-occasions."""
    t = ask.t
    total = ask.get(figures)["K6"]
    frame = ask.get(agency_work, by="system")
    frame = frame[frame["people"] > 0].sort_values("people", ascending=False).head(MOST_SYSTEMS)
    aside = t("{n} 人次", n=number_text.count(total.value, ask.lang))
    if frame.empty:
        return _panel(t(total.name), aside, nothing(t("这个时段没有出动记录")))
    most = float(frame["people"].max())
    rows = [
        html.Div(
            [
                html.Span([html.I(className=f"agency-key agency-{row['code']}"), ask.words("agency_system", row["code"])]),
                html.Span(className="wall-bar", style={"--share": f"{row['people'] / most * 100:.2f}%"}),
                html.B(number_text.count(row["people"], ask.lang), className="num"),
            ],
            className="wall-agency",
        )
        for row in frame.to_dict("records")
    ]
    return _panel(t(total.name), aside, html.Div(rows))


def campaign_strip(ask: Ask, campaign: pd.Series | None) -> Component:
    """The days of the campaign, or of the month, as bars; today white, milestones named."""
    t, today = ask.t, ask.filters.as_of
    daily = ask.get(daily_visits)
    counts = {as_day(day): int(visits) for day, visits in zip(daily["day"], daily["visits"], strict=True)}
    days = [ask.filters.start + dt.timedelta(n) for n in range((ask.filters.end - ask.filters.start).days + 1)]
    head: list[object] = [html.H2(t("本月巡排查"))]
    named: dict[dt.date, str] = {}
    if campaign is not None:
        progress = ask.get(campaign_progress, campaign["id"])
        last = t(" · 收官日") if today == days[-1] else ""
        head = [html.H2(campaign["name"]), html.Span([t("第 {n} / {days} 天", n=(today - days[0]).days + 1, days=len(days)), last])]
        head.append(html.Div([_target(ask, row) for row in progress.targets.to_dict("records")], className="wall-targets"))
        for row in progress.milestones.to_dict("records"):
            if row.get("kind", "milestone") == "milestone":
                named[as_day(row["start_on"])] = row["name"]
    most = max(counts.values(), default=0) or 1
    bars = [_bar(ask, day, counts.get(day, 0), most, named.get(day), place, len(days)) for place, day in enumerate(days)]
    return html.Section([html.Div(head, className="wall-strip-head"), html.Div(bars, className="wall-days")], className="wall-strip")


def _target(ask: Ask, row: dict[str, object]) -> Component:
    share = html.Span([ask.t(str(row["name"])), html.B(f" {number_text.percent(row['ratio'])}%", className="num")])
    return html.Div([share, html.Small(base_text(ask, row["value"], row["target"]), className="num")])


def _bar(ask: Ask, day: dt.date, visits: int, most: int, milestone: str | None, place: int, days: int) -> Component:
    today = ask.filters.as_of
    kind = "is-today" if day == today else "is-ahead" if day > today else "is-weekend" if day.weekday() >= 5 else ""
    side = "at-start" if place < 2 else "at-end" if place > days - 3 else ""
    mark = None
    if day == today:
        mark = ask.t("今日 {n}", n=number_text.count(visits, ask.lang))
    elif (place % 10 == 9 and days - place > 4) or place == 0:
        mark = f"{day.month}.{day.day}"
    return html.Div(
        [
            html.Span(milestone, className=f"wall-milestone {side}") if milestone else None,
            html.I(style={"--share": f"{visits / most * 100:.2f}%"}),
            html.Span(mark, className="wall-day num") if mark else None,
        ],
        className=f"wall-bar-day {kind} {side}".strip(),
    )


def alerts(ask: Ask) -> Component:
    """What is most pressing, as short true sentences; the first red when a deadline is near."""
    t, today = ask.t, ask.filters.as_of
    told: list[tuple[str, str]] = []
    found = ask.get(cases)
    for row in found[found["state"].eq("open") & (found["days_left"] <= 7)].sort_values("days_left").head(1).to_dict("records"):
        where = ask.name(row["street_code"]) or t("未落入街镇")
        told.append(("bad", t("{street}一起案件{left}", street=where, left=number_text.days_left(row["days_left"], t))))
    new = ask.with_(start=today, end=today).get(leads)
    for street, rows in new.groupby(new["street_code"].fillna("")):
        told.append(("", t("{street}今日新增线索 {n} 件", street=ask.name(street) or t("未落入街镇"), n=len(rows))))
    streets = ask.get(coverage, by="street")
    late = streets[streets["over"] > 0].sort_values("over", ascending=False)
    for row in late.head(MOST_ALERTS).to_dict("records"):
        told.append(("", t("{street} {n} 个网格逾期", street=ask.name(row["code"]), n=int(row["over"]))))
    if not told:
        return html.Div(html.Span(t("没有需要提醒的事项")), className="wall-alerts")
    return html.Div([html.Span(text, className=f"tone-{tone}" if tone else "") for tone, text in told[:MOST_ALERTS]], className="wall-alerts")


def sources_line(ask: Ask) -> Component:
    """When each source last brought rows; a late one is yellow and hollow."""
    return html.Div(freshness(ask), className="fresh")


def _panel(title: str, aside: str, content: Component) -> Component:
    return html.Section([html.H2([title, html.Span(aside)]), content], className="wall-panel")


def merged(ask: Ask) -> Ask:
    """The question without exact points and without personal data."""
    return ask.with_scope(exact_points=False, personal=False)
