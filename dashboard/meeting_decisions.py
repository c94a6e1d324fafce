"""The register of decisions (议定事项): what the meeting was shown, what it decided, and what is done about each."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.meeting_state import STEPS
from dashboard.states import empty
from dashboard.view_state import go
from data_access.decisions_write import KINDS
from data_access.organisations import agency_names
from rules.language import N_
from rules.repeat_offence import GROUNDS
from rules.vocabulary import AGENCY_SYSTEM, name_of

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room
    from dashboard.question import Ask
    from rules.language import Translate

SHOWN = 5
SOON_DAYS = 7
STATES = {"answered": N_("已反馈"), "done": N_("已完成"), "cancelled": N_("已取消")}


@dataclass(frozen=True, slots=True)
class Item:
    """One decision on the screen.

    Attributes:
        shown: as the snapshot has it; as the product wrote it where this meeting made it.
        now: as the product wrote it last; None where it did not.
        is_new: whether this meeting made it.
    """

    shown: dict[str, Any]
    now: dict[str, Any] | None
    is_new: bool


def register(room: Room) -> list[Item]:
    """What was carried over, overdue first, then what this meeting decided, by due day."""
    live, meeting = room.live, room.state.meeting
    frozen = {one["id"]: one for one in room.facts["decisions"]}
    items = [Item(one, live.get(code), False) for code, one in frozen.items() if one["meeting_id"] != meeting]
    own = {code: one for code, one in frozen.items() if one["meeting_id"] == meeting} | {code: one for code, one in live.items() if one["meeting_id"] == meeting}
    made = [Item(one, live.get(code), True) for code, one in own.items() if one["state"] != "cancelled"]
    return [*items, *sorted(made, key=lambda item: (item.shown["due_on"] or "", item.shown["number"] or ""))]


def register_panel(room: Room, most: int = SHOWN) -> list[Component]:
    """The bottom panel: the first rows, and how many there are."""
    t, items = room.ask.t, register(room)
    late = sum(is_late(item.shown) for item in items)
    new = [item for item in items if item.is_new]
    open_ = [item for item in items if not item.is_new and item.shown["state"] == "open"]
    answered = [item for item in items if not item.is_new and item.shown["state"] != "open"]
    shown = [*open_[: max(most - len(new), 2)], *new, *answered][:most]
    told = t("{n} 项 · 逾期 {late}", n=len(items), late=late)
    add = html.Button([icon("plus"), t("新增事项")], type="button", className="meeting-add", **to_decide(room)) if room.may_decide else None
    body = _table(room, shown) if items else html.P(_none(room, t("还没有议定事项")), className="quiet meeting-pad")
    more = html.Button(t("全部 {n} 项", n=len(items)), type="button", className="meeting-more", **go(step=1)) if len(items) > len(shown) else None
    return [html.H2([t("议定事项"), html.Span([told, more, add])]), body]


def to_decide(room: Room) -> dict[str, str]:
    """What a press carries that leads to the form: from a hotspot's card that hotspot."""
    return go(step=4, hotspot=room.state.hotspot) if room.state.step == STEPS.index("热点研判") + 1 and room.facts["hotspots"] else go(step=4)


def is_late(one: dict[str, Any]) -> bool:
    return one["state"] == "open" and (one["days_left"] or 0) < 0


def last_card(room: Room) -> list[Any]:
    """上次事项: every decision that was carried over with its feedback, overdue first; who must go to the police."""
    t = room.ask.t
    items = [item for item in register(room) if not item.is_new]
    late = sum(is_late(item.shown) for item in items)
    done = sum(item.shown["state"] in {"done", "answered"} for item in items)
    told = t("共 {n} 项，已反馈或完成 {done} 项，逾期 {late} 项", n=len(items), done=done, late=late)
    part = html.Span(t("只列与本街镇、本单位有关的事项。"), className="quiet") if room.is_part else None
    head = html.Div([html.H2(t("上次事项")), html.Span(told, className="quiet"), part], className="meeting-spot-head")
    body = html.Div(_table(room, items, whole=True), className="meeting-scroll", tabIndex=0, role="region", **{"aria-label": t("上次事项")}) if items else empty(t("没有上次事项"), _none(room, t("这是第一次会议，或上次的事项都已了结。")))
    return [head, body, _tracker(room)]


def _none(room: Room, whole: str) -> str:
    """What stands for an empty list: ``whole``, or that nothing concerns a reader who is told part of it."""
    return room.ask.t("没有与本街镇、本单位有关的议定事项。") if room.is_part else whole


def _table(room: Room, items: list[Item], *, whole: bool = False) -> Component:
    t = room.ask.t
    acting = whole and (room.may_decide or any(_may_answer(room, item) for item in items))
    heads = [t("事项"), t("责任单位"), t("期限"), *([t("反馈")] if whole else []), t("状态"), *([html.Span(t("办理"), className="sr-only")] if acting else [])]
    return html.Table([html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody([_row(room, item, whole, acting) for item in items])], className="meeting-register")


def _row(room: Room, item: Item, whole: bool, acting: bool) -> Component:
    t, one = room.ask.t, item.shown
    words, tone = status(room, item)
    helpers = [room.ask.short_name(each["code"]) for each in one["support"]]
    owner = number_text.listed([room.ask.short_name(one["agency_code"]), *helpers[:1]], room.ask.lang) + (" …" if len(helpers) > 1 else "")
    standard = html.Small(t("完成标准：{text}", text=one["done_when"])) if whole and one.get("done_when") else None
    plan = html.Span(t("一点一方案"), className="meeting-plan") if one["kind"] == "plan" else None
    cells = [
        html.Td([plan, html.Span(one["text"]), standard], title=one["text"]),
        html.Td(owner, title=number_text.listed([room.name(one["agency_code"]), *(room.called(each) for each in one["support"])], room.ask.lang)),
        html.Td(number_text.day_text(dt.date.fromisoformat(one["due_on"]), room.ask.lang) if one["due_on"] else number_text.NONE, className="num"),
    ]
    if whole:
        cells.append(html.Td(one["feedback"] or "—", className="meeting-answer"))
    cells.append(html.Td([html.B(words), _undo(room, item)], className=f"meeting-state is-{tone}"))
    if acting:
        cells.append(html.Td(_acts(room, item), className="meeting-acts"))
    return html.Tr(cells, **{"data-decision": one["id"]})


def status(room: Room, item: Item) -> tuple[str, str]:
    """(words, tone) of a decision: as the snapshot has it, and what has changed since."""
    t, one = room.ask.t, item.shown
    if item.is_new and one["state"] == "open":
        return t("本次新增"), "accent"
    words, tone = (t(STATES[one["state"]]), "good") if one["state"] in STATES else (number_text.days_left(one["days_left"], t), "bad" if (one["days_left"] or 0) <= SOON_DAYS else "quiet")
    if item.now and item.now["state"] != one["state"]:
        words = t("{words}，会上改为{now}", words=words, now=t(STATES.get(item.now["state"], N_("办理中"))))
    elif item.now and _rewritten(item):
        words = t("{words}，会上已修改", words=words)
    return words, tone


def _rewritten(item: Item) -> bool:
    return any(item.now[name] != item.shown[name] for name in ("text", "done_when", "agency_code", "due_on", "kind"))


def _undo(room: Room, item: Item) -> Component | None:
    """A press takes back the meeting's own last writing of it."""
    if not room.may_decide or item.now is None or not (item.is_new or item.now["state"] != item.shown["state"] or _rewritten(item)):
        return None
    return html.Button(room.ask.t("撤销"), type="button", className="meeting-undo", **{"data-undo": item.now["batch_id"], "aria-label": room.ask.t("撤销：{text}", text=item.shown["text"])})


def _may_answer(room: Room, item: Item) -> bool:
    """Whether it is this reader's to answer (``decisions_write.answer_decision`` decides again)."""
    now, scope = item.now or item.shown, room.ask.scope
    units = [(now["agency_code"], now.get("agency_area")), *((one["code"], one.get("area_code")) for one in now["support"])]
    return any(code in scope.agencies if scope.agencies else area in scope.areas for code, area in units)


def _acts(room: Room, item: Item) -> list[Component]:
    t, now = room.ask.t, item.now or item.shown
    if now["state"] in {"done", "cancelled"}:
        return []
    if room.may_decide:
        acts = [*([(N_("修改"), "edit")] if now["state"] == "open" else []), (N_("反馈"), "answer"), (N_("办结"), "close")]
    else:
        acts = [(N_("反馈"), "answer")] if _may_answer(room, item) else []
    return [html.Button(t(words), type="button", className="btn", **{"data-act": act, "data-id": now["id"], "aria-label": t("{name}：{words}", name=t(words), words=now["text"])}) for words, act in acts]


def _tracker(room: Room) -> Component | None:
    """Who must be handed to the police (二次处罚→移送公安, or a ground that needs no count), and how long that has stood."""
    t, found = room.ask.t, room.facts.get("trackers") or {}
    due, watch = found.get("must_transfer") or [], found.get("watch") or []
    if not due and not watch:
        return None
    said = [
        html.Li([html.B(one["subject"]), html.Span(room.name(one["street_code"])), html.Span(t(GROUNDS[one["ground"]].name)) if one.get("ground") in GROUNDS else None,
                 html.Span(t("处罚 {n} 次", n=one["penalties"])),
                 html.Span(t("自 {day} 已 {days} 天", day=one["again_on"], days=one["age_days"]), className="is-bad") if one["again_on"] else None])
        for one in due[:3]
    ]  # fmt: skip
    head = html.H3([t("应移送公安 {n} 人", n=len(due)), html.Small(t("已受两次处罚，重点盯防 {n} 人", n=len(watch)))])
    return html.Div([head, html.Ul(said)], className="meeting-tracker")


def decide_card(room: Room) -> list[Any]:
    """议定事项: the place of the form (built in the browser) with everything it offers."""
    t = room.ask.t
    if not room.may_decide:
        return _decided_card(room)
    spot = next((one for one in room.facts["hotspots"] if one["rank"] == room.state.hotspot), None) if room.state.chosen else None
    offered = _active(room.ask)
    told = {
        "kinds": kinds_offered(t), "agencies": agencies_offered(room.ask),
        "today": room.ask.today.isoformat(), "meeting": room.state.meeting, "snapshot": room.state.snapshot,
        "hotspot": spot and {"rank": spot["rank"], "name": room.called(spot), "members": spot["members"], "lead": spot["lead_system"], "support": spot["support_systems"]},
        "hotspots": [[one["rank"], room.called(one)] for one in room.facts["hotspots"]],
        "owners": _first_of_system(offered, spot), "present": list(room.entry.members),
    }  # fmt: skip
    head = html.Div([html.H2(t("议定事项")), html.Span(t("在地图上点选、框选网格，或选一个热点，再写事项；没有责任单位和期限的事项不能记。"), className="quiet")], className="meeting-spot-head")
    return [head, html.Div(id="meeting-form", className="meeting-form", **{"data-offer": json.dumps(told, ensure_ascii=False)})]


def _decided_card(room: Room) -> list[Any]:
    """What this meeting decided, for a reader who writes none: with a way to answer what is theirs."""
    t = room.ask.t
    own = [item for item in register(room) if item.is_new]
    head = html.Div([html.H2(t("议定事项")), html.Span(t("只有召集会议的单位可以记议定事项。"), className="quiet")], className="meeting-spot-head")
    body = html.Div(_table(room, own, whole=True), className="meeting-scroll", tabIndex=0, role="region", **{"aria-label": t("议定事项")}) if own else empty(_none(room, t("本次会议还没有议定事项")))
    return [head, body]


def kinds_offered(t: Translate) -> list[list[str]]:
    """Code and word of each kind of decision."""
    return [[kind, t(words)] for kind, words in KINDS.items()]


def agencies_offered(ask: Ask) -> list[list[Any]]:
    """Name of each system with its agencies (code, short name), in the order of the systems."""
    offered, order = _active(ask), {word.code: n for n, word in enumerate(AGENCY_SYSTEM)}
    groups: dict[str, list[list[str]]] = {}
    for code, system in sorted(zip(offered["code"], offered["system"], strict=True), key=lambda one: (order.get(one[1], 99), one[0])):
        groups.setdefault(ask.t(name_of("agency_system", system)), []).append([code, ask.short_name(code)])
    return [[name, codes] for name, codes in groups.items()]


def _active(ask: Ask) -> pd.DataFrame:
    agencies = ask.look_up(agency_names)
    return agencies[agencies["active"]]


def _first_of_system(agencies: Any, spot: dict[str, Any] | None) -> dict[str, str]:
    """System -> the code of its agency that the form proposes: the district's, or of 街镇 the hotspot's own street's."""
    found: dict[str, str] = {}
    for row in agencies.itertuples(index=False):
        if row.system == "street":
            if spot and row.area_code in spot["street_codes"]:
                found.setdefault("street", row.code)
        elif row.level == "district":
            found.setdefault(row.system, row.code)
    return found
