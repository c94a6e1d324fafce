"""Before a meeting opens: which one, over which periods; opening it freezes the facts."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.meeting_header import back, language, to_lobby
from data_access.areas import areas
from data_access.meetings import meetings
from data_access.organisations import agency_names
from data_access.snapshots import snapshots_of
from rules.language import N_
from rules.vocabulary import TABLES, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room
    from dashboard.question import Ask

LOOKED_BACK_DAYS = 366
MOST_LISTED = 40


def choosing(ask: Ask) -> list[Component]:
    """The meetings of a year, newest first, and a new one."""
    t = ask.t
    held = ask.with_(start=ask.today - dt.timedelta(days=LOOKED_BACK_DAYS), end=ask.today, area=None).get(meetings, called=True)
    # The office convenes the district's; a street sees its own, and those it was called to.
    last = _last(ask, held)
    held = held.assign(rank=held["level"].map({"city": 0, "district": 0, "street": 1})).sort_values(["rank", "day"], ascending=[True, False], kind="stable").head(MOST_LISTED)
    rows = []
    for row in held.itertuples(index=False):
        taken = len(snapshots_of(ask.database, ask.scope, row.id))
        where = ask.name(row.street_code) if isinstance(row.street_code, str) else t("全区")
        href = f"?meeting={row.id}" + ("&lang=en" if ask.lang == "en" else "")
        rows.append(html.Tr([
            html.Td(number_text.whole_day_text(row.day.date(), ask.lang), className="num"), html.Th(html.A(row.name or row.number, href=href), scope="row"),
            html.Td(t(name_of("meeting_level", row.level))), html.Td(where), html.Td(t("到会 {n}/{N}", n=len(row.present or []), N=len(row.members)) if row.members else number_text.NONE),
            html.Td(t("{n} 份快照", n=taken) if taken else t("未开会取数"), className="" if taken else "quiet"),
        ]))  # fmt: skip
    heads = (N_("日期"), N_("会议"), N_("层级"), N_("范围"), N_("到会"), N_("快照"))
    table = html.Table([html.Thead(html.Tr([html.Th(t(head), scope="col") for head in heads])), html.Tbody(rows)], className="meeting-list") if rows else html.P(t("一年内没有会议"), className="quiet")
    return [
        html.Header([html.Div([back(ask), html.H1(t("联席会议"))], className="meeting-title"), html.Span(), html.Div(language(ask), className="meeting-tools")], className="meeting-head"),
        html.Main([
            html.Section([html.H2(t("选择会议")), html.P(t("开会时把当时的数据固定为一份快照：此后屏上显示的和印出的都来自它。"), className="quiet"), html.Div(table, className="meeting-scroll", tabIndex=0, role="region", **{"aria-label": t("选择会议")})], className="meeting-card"),
            html.Section([html.H2(t("新建会议")), html.P(t("区级会议由区打非办召集，街镇只能召集本街镇的会议。"))], className="meeting-card") if ask.scope.agencies else
            html.Section([html.H2(t("新建会议")), html.Div(id="meeting-new", className="meeting-form", **{"data-offer": json.dumps(_offer(ask) | {"last": last}, ensure_ascii=False)})], className="meeting-card"),
        ], className="meeting-lobby"),
    ]  # fmt: skip


def opening(room: Room) -> list[Component]:
    """A meeting that did not open yet: who was called, and the periods whose facts are frozen."""
    ask, entry = room.ask, room.entry
    t = ask.t
    named = [
        (t("日期"), number_text.long_day_text(entry.day, ask.lang)), (t("层级"), t(name_of("meeting_level", entry.level))),
        (t("范围"), ask.name(entry.street_code) if entry.street_code else t("全区")),
        (t("召集单位"), ask.name(entry.convener)), *((t(words), number_text.listed([ask.name(code) for code in codes], ask.lang) or number_text.NONE)
        for words, codes in ((N_("成员单位"), entry.members), (N_("邀请单位"), entry.invited), (N_("到会单位"), entry.present))),
        (t("纪要编号"), entry.minutes_number or number_text.NONE),
    ]  # fmt: skip
    return [
        html.Header([html.Div([to_lobby(ask), html.H1(entry.name or t("联席会议"))], className="meeting-title"), html.Span(), html.Div(language(ask), className="meeting-tools")], className="meeting-head"),
        html.Main([
            html.Section([html.H2(t("会议")), html.Dl([part for name, value in named for part in (html.Dt(name), html.Dd(value))], className="meeting-facts")], className="meeting-card"),
            html.Section([
                html.H2(t("开会")), html.P(t("开会时把当时的数据固定为一份快照：此后屏上显示的和印出的都来自它。"), className="quiet"),
                html.Div(id="meeting-open", className="meeting-form", **{"data-offer": json.dumps({"meeting": room.state.meeting, **periods(ask)}, ensure_ascii=False)})
                if room.may_decide else html.P(t("区级会议由区打非办召集，街镇只能召集本街镇的会议。")),
            ], className="meeting-card"),
        ], className="meeting-lobby"),
    ]  # fmt: skip


def periods(ask: Ask) -> dict[str, str]:
    """The periods proposed: the month up to today against the month before; hot spots look back further by themselves."""
    end = ask.today
    start = end.replace(day=1)
    before_end = start - dt.timedelta(days=1)
    before_start = before_end.replace(day=1)
    return {"start": start.isoformat(), "end": end.isoformat(), "before_start": before_start.isoformat(), "before_end": before_end.isoformat(), "today": ask.today.isoformat()}


def _offer(ask: Ask) -> dict[str, object]:
    """What a new meeting is chosen from: levels, streets, the district's agencies and the units of each street."""
    t, agencies = ask.t, ask.look_up(agency_names)
    active = agencies[agencies["active"]]
    streets = list(ask.scope.areas) or _streets(ask)
    levels = [word for word in TABLES["meeting_level"] if not ask.scope.areas or word.code == "street"]
    return {
        "today": ask.today.isoformat(), "levels": [[word.code, t(word.name)] for word in levels if word.code != "city"],
        "agencies": _named(ask, active.loc[active["level"].isin(["district", "city"]), "code"]),
        "units": {street: _named(ask, active.loc[active["area_code"] == street, "code"]) for street in streets},
        "governments": _named(ask, _governments(active, streets)),
        "streets": [[code, ask.name(code)] for code in streets], **periods(ask),
    }  # fmt: skip


def _last(ask: Ask, held: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Who convened and was called to the latest meeting of each street, and, under an empty code, of the district: the next one begins with them."""
    newest = held[held["level"] != "city"].sort_values("day", ascending=False, kind="stable")
    newest = newest.assign(place=newest["street_code"].where(newest["level"] == "street", "")).drop_duplicates("place")
    return {
        row.place: {"convener": row.convener, "members": list(row.members or []), "invited": list(row.invited or []), "day": number_text.whole_day_text(row.day.date(), ask.lang)}
        for row in newest.itertuples(index=False)
    }


def _governments(active: pd.DataFrame, streets: list[str]) -> list[str]:
    """The unit of each street that no other unit of it stands above: what the district invites."""
    own = active[active["area_code"].isin(streets) & (active["system"] == "street")]
    above = own["parent_code"].map(active.set_index("code")["area_code"])
    return own.loc[above != own["area_code"], "code"].tolist()


def _named(ask: Ask, codes: Iterable[str]) -> list[list[str]]:
    return [[code, ask.short_name(code)] for code in codes]


def _streets(ask: Ask) -> list[str]:
    found = ask.look_up(areas)
    return found.loc[found["level"] == "street", "code"].tolist()
