"""The line above a meeting: which meeting, its four steps, the snapshot it stands on, its papers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from babel import Locale
from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.meeting_decisions import to_decide
from dashboard.meeting_state import STEPS
from dashboard.view_state import go
from data_access.versions import versions
from rules.language import N_
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room
    from dashboard.question import Ask

GROUPS = {
    "visit": N_("巡查"), "lead": N_("线索"), "case": N_("案件"), "site": N_("点位"), "transfer": N_("移送"), "construction": N_("工地"), "task": N_("任务清单"),
    "activity": N_("活动"), "campaign": N_("专项行动"), "adverse": N_("负面情况"), "area": N_("区域"), "agency": N_("部门"), "rule": N_("规则"),
    "assignment": N_("分工"), "setting": N_("设置"),
}  # fmt: skip
"""Groups of tables whose change means that the facts would be others; the meeting's own writing does not."""


def head(room: Room) -> list[Component]:
    t = room.ask.t
    return [
        html.Div([back(room.ask), html.H1(t("联席会议")), html.A(_which(room), href=lobby(room.ask), title=t("换一次会议"), className="meeting-which")], className="meeting-title"),
        html.Nav([_step(room, at, words) for at, words in enumerate(STEPS, 1)], className="meeting-steps", **{"aria-label": t("会议步骤")}),
        html.Div(
            [
                _snapshot(room),
                language(room.ask),
                html.Button([icon("maximize"), html.Span(t("放映"))], type="button", className="btn", **{"data-present": "1", "aria-pressed": "false"}),
                html.Button([icon("file-text"), html.Span(t("生成会议材料"))], type="button", className="btn is-primary", **{"data-papers": "1", "aria-haspopup": "dialog"}),
            ],
            className="meeting-tools",
        ),
    ]


def back(ask: Ask) -> Component:
    href = "/?lang=en" if ask.lang == "en" else "/"
    return html.A(icon("arrow-left"), href=href, className="btn btn-square", title=ask.t("返回总览"), **{"aria-label": ask.t("返回总览")})


def lobby(ask: Ask) -> str:
    """Where the meetings are listed."""
    return "?meeting=none" + ("&lang=en" if ask.lang == "en" else "")


def to_lobby(ask: Ask) -> Component:
    return html.A(icon("arrow-left"), href=lobby(ask), className="btn btn-square", title=ask.t("换一次会议"), **{"aria-label": ask.t("换一次会议")})


def language(ask: Ask) -> Component:
    other = "en" if ask.lang != "en" else "zh"
    return html.A("EN" if other == "en" else Locale("zh").display_name, href=f"?lang={other}", className="btn btn-language", lang=other,
                  title=ask.t("切换语言"), **{"data-reload": f'{{"lang": "{other}"}}'})  # fmt: skip


def _which(room: Room) -> str:
    """2023年7月区打非工作联席会议 · 7月31日 10:46; the level and the day where it has no name."""
    entry = room.entry
    name = entry.name or f"{room.ask.t(name_of('meeting_level', entry.level))} {entry.number or ''}".strip()
    at = instant(room)
    return f"{name} · {number_text.day_text(at.date(), room.ask.lang)} {at:%H:%M}"


def instant(room: Room) -> dt.datetime:
    """When the snapshot was taken, in the zone of the product's clock."""
    return dt.datetime.fromisoformat(room.facts["snapshot"]["taken_at"]).astimezone(room.ask.now.tzinfo)


def _step(room: Room, at: int, words: str) -> Component:
    here = room.state.step
    number = icon("check") if at < here else html.Span(str(at), className="num")
    shape = "is-on" if at == here else "is-past" if at < here else ""
    return html.Button([number, room.ask.t(words)], type="button", className=shape, **({"aria-current": "step"} if at == here else {}), **(to_decide(room) if at == len(STEPS) else go(step=at)))


def _snapshot(room: Room) -> Component:
    """Number, time, data version and hash; what has changed since; the way to a new one."""
    t, told, at = room.ask.t, room.facts["snapshot"], instant(room)
    newer = changed_groups(room)
    newest = int(room.taken["number"].iloc[0]) if len(room.taken) else told["number"]
    rows = [
        (t("快照"), t("第 {n} 号", n=told["number"])), (t("取数时间"), at.strftime("%Y-%m-%d %H:%M:%S")),
        (t("数据截至"), room.facts["as_of"]), (t("本期"), f"{room.facts['start']} – {room.facts['end']}"),
        (t("对比期"), f"{room.facts['before']['start']} – {room.facts['before']['end']}"),
        (t("数据版本"), " ".join(f"{name}={count}" for name, count in sorted(room.facts["data_version"].items()))),
        ("SHA-256", html.Code(told["hash"])),
    ]  # fmt: skip
    said = t("此后数据已有更新：{groups}。屏上和材料仍用本快照。", groups=number_text.listed([t(one) for one in newer], room.ask.lang)) if newer else t("此后数据没有变化。")
    others = [
        html.A(t("第 {n} 号", n=int(row.number)), href=f"?meeting={room.state.meeting}&snapshot={row.id}" + ("&lang=en" if room.ask.lang == "en" else ""))
        for row in room.taken.itertuples(index=False) if row.id != told["id"]
    ]
    return html.Details(
        [
            html.Summary(
                [icon("lock"), html.Span([t("快照 {n}", n=told["number"]), html.Small(f"{told['hash'][:8]}", className="num")])], className="btn meeting-snapshot" + (" is-behind" if newer else ""),
                title=t("屏上和材料都用这份快照"),
            ),
            html.Div(
                [
                    html.Dl([part for name, value in rows for part in (html.Dt(name), html.Dd(value, className="num"))]),
                    _attendance(room),
                    html.P(said, className="meeting-since"),
                    html.P([t("其他快照："), *others], className="meeting-others") if others else None,
                    html.P(t("现在显示的不是最新快照（第 {n} 号）。", n=newest), className="meeting-since") if newest != told["number"] else None,
                    html.Button([icon("refresh-cw"), t("重新取数，生成新快照")], type="button", className="btn", **{"data-retake": "1"}) if room.may_decide else None,
                    html.Button([icon("users"), t("到会情况")], type="button", className="btn", **{"data-attend": "1"}) if room.may_decide else None,
                    html.A([icon("list"), t("换一次会议")], href=lobby(room.ask), className="btn"),
                ],
                className="menu",
            ),
        ],
        className="pop", **{"data-key": "meeting-snapshot"},
    )  # fmt: skip


def _attendance(room: Room) -> Component | None:
    """Who came, who did not, and each unit's liaison, as frozen."""
    t, held, lang = room.ask.t, room.facts.get("meeting"), room.ask.lang
    if not held:
        return None
    absent = number_text.listed([room.ask.short_name(one["code"]) for one in held["absent"]], lang)
    liaisons = number_text.listed([f"{room.ask.short_name(one['agency_code'])} {one['name']}" for one in held["liaisons"]], lang)
    rows = [(t("到会"), f"{len(held['present'])}/{len(held['members'])}"), (t("缺席"), absent), (t("联络员"), liaisons), (t("纪要编号"), held["minutes_number"])]
    return html.Dl([part for name, value in rows if value for part in (html.Dt(name), html.Dd(value))])


def changed_groups(room: Room) -> list[str]:
    """Chinese names of what has changed in the data since the snapshot."""
    now = versions(room.ask.database, room.ask.scope.district)
    then = room.facts["data_version"]
    return [words for group, words in GROUPS.items() if group in then and now.get(group, 0) != then[group]]
