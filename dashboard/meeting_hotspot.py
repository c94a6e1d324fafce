"""The card of one hotspot: a sentence, how chance compares, what lies there, who should lead."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.meeting_evidence import TRENDS
from dashboard.states import empty
from dashboard.view_state import go
from rules.hotspots import CLASSES
from rules.language import N_
from rules.vocabulary import AGENCY_SYSTEM, name_of

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room

CLASS_WORDS = {
    "very_high": CLASSES["h99"], "high": CLASSES["h95"], "tending_high": CLASSES["h90"], "none": CLASSES["ns"], "low": CLASSES["c95"],
    "under_patrolled": CLASSES["missed"],
}  # fmt: skip
MOST_REPEATS = 4
SYSTEM_COLORS = {"health": "wj", "police": "ga", "market": "sj", "urban": "cg", "housing": "fg", "supervision": "jg", "justice": "jg", "leading": "wj"}
_DAY = re.compile(rf"(?:\d{{4}}\u5e74)?\d{{1,2}}\u6708(?:\d{{1,2}}\u65e5)?|\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])})(?: \d{{4}})?")
"""A day in a sentence, in Chinese (year, month and day by their code points) or English."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def hotspot_card(room: Room) -> list[Component]:
    """The card; why there is none where the facts hold no hotspot."""
    t, found = room.ask.t, room.facts["hotspots"]
    if not found:
        return [empty(t("没有超出偶然的聚集"), t("在这一时段，各处发生的事件都在波动范围内。"))]
    one = next((spot for spot in found if spot["rank"] == room.state.hotspot), found[0])
    return [
        html.Div(
            [
                html.Span(one["rank"], className="num meeting-rank"), html.H2(room.called(one)), html.Span(t(CLASS_WORDS[one["class"]]), className=f"meeting-tag is-{one['class']}"),
                _trend(room, one),
                _pager(room, found, one["rank"]),
            ],
            className="meeting-spot-head",
        ),
        html.Div([html.Div([html.P(sentence_parts(room.words(one["sentence"])), className="meeting-sentence"), html.P(room.words(one["detail"]), className="meeting-detail")]), _histogram(room, one)], className="meeting-evidence"),
        html.Div([_repeats(room, one), _inside(room, one), _persons(room, one)], className="meeting-thirds"),
        _who(room, one),
    ]  # fmt: skip


def _trend(room: Room, one: dict[str, Any]) -> Component | None:
    """How its areas came and went over the year; nothing where no month stands out."""
    t, code = room.ask.t, one.get("trend") or "none"
    if code == "none":
        return None
    return html.Span(t("{n} 个月：{trend}", n=len(room.facts["emerging"]["months"]), trend=t(TRENDS[code])), className="meeting-trend", title=t("近一年逐月的聚集程度"))


def _pager(room: Room, found: list[dict[str, Any]], rank: int) -> Component:
    t = room.ask.t
    buttons = [
        html.Button(str(spot["rank"]), type="button", className="num", **{"aria-label": t("热点 {rank}：{name}", rank=spot["rank"], name=room.called(spot))},
                    **({"aria-current": "true"} if spot["rank"] == rank else {}), **go(hotspot=spot["rank"]))
        for spot in found
    ]
    return html.Div([html.Span(t("热点")), *buttons], className="meeting-pager", role="group", **{"aria-label": t("热点")})


def sentence_parts(sentence: str) -> list[Any]:
    """The sentence with its figures set large; days are numerals too, at the size of the words."""
    return [
        html.Span(part, className="num is-day" if _DAY.fullmatch(part) else "num") if _DAY.fullmatch(part) or _NUMBER.fullmatch(part) else part
        for part in re.split(f"({_DAY.pattern}|{_NUMBER.pattern})", sentence) if part
    ]  # fmt: skip


def _histogram(room: Room, one: dict[str, Any]) -> Component | None:
    """The strongest cluster of each simulation as bars, this one as a line; none where nothing was simulated."""
    t, drawn = room.ask.t, one.get("histogram") or {}
    counts, edges = drawn.get("counts") or [], drawn.get("edges") or []
    if not counts or not max(counts):
        return None
    low, high = edges[0], edges[-1]
    at = min(max((drawn["own"] - low) / (high - low or 1), 0), 1) * 100
    # The plot ends a little beyond the last bar, so that the line of the strongest is not cut.
    bars = [html.I(style={"height": f"{max(count / max(counts) * 100, 1.5 if count else 0):.1f}%"}, className="is-as-strong" if edges[n + 1] > drawn["own"] else "") for n, count in enumerate(counts)]
    told = t("随机模拟 {n} 次中每次最强的聚集，由弱到强；本热点在第 {share}% 处。", n=one["simulations"], share=f"{at:.0f}")
    return html.Div(
        [
            html.Div([html.Span(t("随机模拟 {n} 次", n=one["simulations"])), html.B(t("本热点"), style={"left": f"{at:.1f}%"})], className="meeting-hist-top"),
            html.Div([html.Div(bars, className="meeting-hist-bars"), html.Hr(style={"left": f"{at:.1f}%"})], className="meeting-hist-plot"),
            html.Div([html.Span(t("弱")), html.Span(t("每次模拟中最强的聚集")), html.Span(t("强"))], className="meeting-hist-foot"),
        ],
        className="meeting-hist", role="img", **{"aria-label": told},
    )  # fmt: skip


def _line(name: Any, value: Any, unit: str, quiet: bool = False) -> Component:
    return html.Li([html.Span(name), html.B([html.Span(number_text.NONE if value is None else str(value), className="num"), html.Small(unit)])], className="is-zero" if quiet else "")


def _unit(room: Room, word: str) -> str:
    """件, 户, 处, 格; in English the name before the number says what is counted."""
    return "" if room.ask.lang == "en" else room.ask.t(word)


def _repeats(room: Room, one: dict[str, Any]) -> Component:
    t = room.ask.t
    rows = [
        _line([html.Span(row["grid"], className="num meeting-grid"), html.Span(t(name_of("premises", row["premises"])) if row["premises"] else "", className="quiet")], row["count"], _unit(room, N_("件")))
        for row in one["repeat"][:MOST_REPEATS]
    ]
    title = html.H3([t("反复投诉"), html.Small(hotspot_period(room))])
    none = t("明细只给属地街镇和召集会议的单位") if one.get("elsewhere") else t("没有两次以上的投诉")
    return html.Div([title, html.Ul(rows) if rows else html.P(none, className="quiet")])


def hotspot_period(room: Room) -> str:
    start, end = (dt.date.fromisoformat(room.facts["hotspot_map"][name]) for name in ("start", "end"))
    return number_text.period_text(start, end, room.ask.lang)


def _inside(room: Room, one: dict[str, Any]) -> Component:
    t = room.ask.t
    rows = [
        _line(t("历史点位"), one["sites"], _unit(room, N_("户"))), _line(t("其中高风险"), one["high_risk_sites"], _unit(room, N_("户"))),
        _line(t("建筑工地"), one["construction_sites"], _unit(room, N_("处"))), _line(t("逾期网格"), one["overdue_grids"], _unit(room, N_("格"))),
    ]  # fmt: skip
    return html.Div([html.H3(t("片区情况")), html.Ul(rows)])


def _persons(room: Room, one: dict[str, Any]) -> Component:
    """应移送 loudest, 重点盯防 below, cases by street and days alone (DESIGN 12: before their decision)."""
    t = room.ask.t
    parts: list[Component] = []
    if one["must_transfer"]:
        parts.append(html.Div([html.B(t("应移送公安 {n} 人", n=one["must_transfer"])), html.P(t("涉嫌非法行医犯罪，依法移送公安机关"))], className="meeting-alarm"))
    rows = [_line(t("已受两次处罚，重点盯防"), one["watch"], _unit(room, N_("人")))]
    cases = sorted(one["open_cases"], key=lambda case: (case["days_left"] is None, case["days_left"] or 0))
    rows += [_line(f"{t('在办案件')} {room.name(case['street_code'])}", _days(room, case["days_left"]), "") for case in cases[:2]]
    if len(cases) > 2:
        rows.append(_line(t("其余在办案件"), len(cases) - 2, _unit(room, N_("件"))))
    if one.get("elsewhere"):
        rows.append(_line(t("在办案件"), None, ""))
    withheld = html.P(t("少于 3 人的人数不显示"), className="quiet") if one.get("suppressed") else None
    return html.Div([*parts, html.Ul(rows), withheld])


def _days(room: Room, days: int | None) -> str:
    return number_text.days_left(days, room.ask.t)


def _who(room: Room, one: dict[str, Any]) -> Component:
    t = room.ask.t
    lead = [html.Em(t("牵头")), chip(room, one["lead_system"], one)] if one["lead_system"] else []
    support = [html.Em(t("配合")), *(chip(room, system, one) for system in one["support_systems"])] if one["support_systems"] else []
    thin = html.Span(t("此处巡查投入偏少"), className="meeting-thin") if one.get("thin_effort") else None
    return html.Div([html.Div([*lead, *support, thin], className="meeting-chips"), html.P(room.words(one.get("reason")), className="meeting-reason")], className="meeting-who")


def chip(room: Room, system: str, one: dict[str, Any]) -> Component:
    """An agency system with its glyph; of the streets the street itself where it is one."""
    t = room.ask.t
    word = next((word for word in AGENCY_SYSTEM if word.code == system), None)
    name = room.name(one["street_codes"][0]) if system == "street" and len(one["street_codes"]) == 1 else t(word.name if word else system)
    glyph = html.I(t(word.short) if word else "", style={"background": f"var(--ag-{SYSTEM_COLORS.get(system, 'jz')})"}, **{"aria-hidden": "true"})
    return html.Span([glyph, name], className="meeting-chip")

