"""今日要去: the places to go, the most urgent first, by group, and the way round them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import dcc, html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.marks import as_day, day, listed, records
from dashboard.street_lead import contact_button, contact_words
from dashboard.street_office import matters
from dashboard.street_route import drawn_route, in_order, route_line, way_round
from dashboard.street_state import HORIZONS, at_home, home, own_work
from dashboard.view_state import go
from data_access.assignments import teams
from data_access.rulebooks import may_change, rulebook_of
from data_access.worklist import worklist
from rules.language import N_
from rules.rule_words import term
from rules.worklist_order import GROUPS, TITLES
from rules.worklist_words import CYCLES, NO_PLACES, SHORT_HOURS, matter_said, state_said

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from dashboard.street_state import StreetState
    from rules.route import Route
    from rules.rulebook import Rule

CHIPS = {
    "lead": N_("投诉"), "site": N_("点位"), "construction": N_("工地"), "grid": N_("网格"),
    "subject": N_("人员"), "task": N_("任务"), "decision": N_("事项"), "police_transfer": N_("移送"), "report": N_("报送"),
}
"""The short names of ``rules.worklist_order.GROUPS`` on the chips."""
ICONS = {
    "lead": "phone-call", "site": "rotate-ccw-clock", "site_high": "shield-alert", "penalised": "scale",
    "construction": "hard-hat", "grid": "footprints", "subject": "user", "task": "clipboard-check", "decision": "users",
    "police_transfer": "scale", "report": "file-spreadsheet",
}
"""By title, else by group."""
AHEAD = {0: N_("今天"), 1: N_("到明天"), 7: N_("到一周后")}
FILES = (
    ("list.xlsx", "file-spreadsheet", N_("今日清单（xlsx）")),
    ("map.html", "map", N_("手机离线地图（html）")),
)
"""Files of the list: name, icon, words (dashboard/worklist_files.py)."""


def listed_work(ask: Ask, state: StreetState) -> Component:
    """The whole left side: head, chips, items in the order of urgency or of the route."""
    asked = own_work(ask)
    every = asked.get(worklist, horizon_days=state.horizon, **({"reference": True} if state.reference else {}))
    found = every[every["owner_code"] == state.owner] if state.owner else every
    shown = found[found["group"] == state.group] if state.group else found
    way = way_round(asked, shown[~shown["group"].isin(NO_PLACES)], state) if state.route else None
    ordered = in_order(shown, way)
    return html.Div(
        [
            _head(ask, state, found, _owners(ask, state, every)),
            _chips(ask, state, found),
            _reference(ask, state, len(every)) if state.reference or len(every) else None,
            route_line(asked, way, state) if way else None,
            _items(ask, ordered, way) if len(ordered) else _nothing(ask, state, len(found)),
            matters(ask),
            drawn_route(asked, ordered, way, state),
            contact_words(ask),
        ],
        className="work",
    )


def state_words(ask: Ask, row: dict[str, Any]) -> tuple[str, str]:
    """How late or how near a duty is, in words, with its tone (bad, warn, never or quiet)."""
    left, hours = row["days_left"], _hours_left(ask, row)
    words = state_said({**row, "hours_left": hours}, ask.t) or number_text.NONE
    if hours is not None and 0 <= hours < SHORT_HOURS:
        return words, "bad"
    if row["state"] == "never" and (left is None or left < 0):
        return words, "never"
    if left is None:
        return words, "quiet"
    return words, "bad" if left < 0 else "warn" if left <= 7 else "quiet"


def fact_words(ask: Ask, row: dict[str, Any]) -> str:
    """Where, and the one fact that says why: 上次 6月4日, 工人约 320 人, 出租房屋 · 口腔诊疗."""
    t, about = ask.t, row["facts"] if isinstance(row["facts"], dict) else {}
    kind = row["target_kind"]
    if kind in NO_PLACES:
        return listed((row["label"] or "", matter_said(row, t)))
    where = ask.name(row["grid_code"]) or ask.name(row["neighbourhood_code"]) or ask.short_name(row["street_code"])
    if kind == "lead":
        why = listed((ask.words("premises", row["premises"]), ask.words("category", row["category"])))
    elif kind == "construction" and about.get("workers"):
        why = t("工人约 {n} 人", n=number_text.count(about["workers"], ask.lang))
    elif as_day(row["last_on"]):
        why = t("上次 {day}", day=day(ask, row["last_on"]))
    else:
        why = t("建格以来无记录") if kind == "grid" else t("还没有巡查记录")
    label = "" if kind == "grid" else row["label"] or ""
    marked = "★ " + t("重点村居") if row.get("priority") or about.get("priority") else ""
    return listed((where, marked, label if label != where and kind in {"construction", "site"} else "", why))


def rules_of(ask: Ask) -> dict[str, Rule]:
    """The rules as this district has them on the day asked about, by id."""
    return at_home(ask).get(rulebook_of).rules


def cycle_words(ask: Ask, rule_id: str) -> str:
    """每月一访, 每 30 天, 15 个工作日内; "" for a rule that there is not."""
    rule = rules_of(ask).get(rule_id)
    if rule is None:
        return ""
    said = CYCLES.get((rule.amount, rule.unit)) if rule.kind == "cycle" else None
    return ask.t(said) if said else term(rule, ask.t)


def _hours_left(ask: Ask, row: dict[str, Any]) -> float | None:
    """Hours until the end of a complaint's due day; None for other rows, or looking back at another day."""
    due = as_day(row["due_on"])
    if row["target_kind"] != "lead" or due is None or ask.filters.as_of != ask.today:
        return None
    end = dt.datetime.combine(due + dt.timedelta(days=1), dt.time(), tzinfo=ask.now.tzinfo)
    return (end - ask.now).total_seconds() / 3600


def _title(code: str) -> str:
    return TITLES.get(code) or TITLES["site"]


def _head(ask: Ask, state: StreetState, found: pd.DataFrame, owners: Component | None) -> Component:
    desk = int(found["group"].isin(NO_PLACES).sum())
    heading = [ask.t("今日要去 {n} 处", n=len(found) - desk), html.Small(ask.t("另办 {n} 项", n=desk)) if desk else None]
    ahead = html.Details(
        [html.Summary([ask.t(AHEAD[state.horizon]), icon("chevron-down")], title=ask.t("看多远")),
         html.Div([
             html.Button(ask.t(AHEAD[days]), type="button", className="menu-item",
                         **({"aria-current": "true"} if days == state.horizon else {}),
                         **go(horizon=None if days == 1 else days))
             for days in HORIZONS], className="menu")],
        className="pop ahead",
    )
    by_route = html.Button(
        [icon("route"), ask.t("按紧急程度") if state.route else ask.t("规划路线")], type="button", className="link route-link",
        **{"aria-pressed": str(state.route).lower()}, **go(route=None if state.route else 1, start=None, travel=None),
    )
    return html.Header([html.H2(heading), ahead, owners, find_button(ask), _take_along(ask), by_route], className="work-head")


def find_button(ask: Ask) -> Component:
    """Opens the search in the list (assets/onemap/street_find.js)."""
    return html.Button(icon("search"), type="button", className="quiet-button find-open", title=ask.t("在清单里查找"),
                       **{"aria-label": ask.t("在清单里查找"), "aria-expanded": "false", "data-find-open": ""})


def find_row(ask: Ask) -> Component:
    """The search in the list: what is typed stays in the browser."""
    t = ask.t
    return html.Div(
        [
            dcc.Input(id="street-find-text", type="search", className="find-text", autoComplete="off", maxLength=60, placeholder=t("网格、编号、村居、事项")),
            html.Button(icon("x"), type="button", className="find-close", **{"aria-label": t("关闭查找"), "data-find-close": ""}),
            html.Span(className="find-said", role="status"),
        ],
        id="street-find", className="street-find", hidden=True, role="search",
        **{"aria-label": t("在清单里查找"), "data-found": t("找到 {n} 项", n="{n}"), "data-none": t("没有找到，换个词试试")},
    )


def _owners(ask: Ask, state: StreetState, every: pd.DataFrame) -> Component | None:
    """Whose places are shown; None where one owes them all."""
    counted = every.groupby(["owner_kind", "owner_code"]).size().sort_values(ascending=False)
    if len(counted) < 2 and not state.owner:
        return None
    named = {code: owner_name(ask, kind, code) for kind, code in counted.index}
    choices = [("", ask.t("全部责任方"), len(every)), *((code, named[code], n) for (_, code), n in counted.items())]
    return html.Details(
        [html.Summary([html.Span(named.get(state.owner, state.owner) or ask.t("责任方")), icon("chevron-down")], title=ask.t("按责任方筛选")),
         html.Div([html.Button([name, html.Small(str(n), className="num quiet")], type="button", className="menu-item",
                               **({"aria-current": "true"} if code == state.owner else {}), **go(owner=code or None))
                   for code, name, n in choices], className="menu")],
        className="pop ahead owners",
    )


def owner_name(ask: Ask, kind: str, code: str) -> str:
    """The name of whoever owes; the code itself when unknown."""
    if kind != "team":
        return ask.name(code)
    found = teams(ask.database, ask.filters, ask.scope)
    named = found.loc[found["code"] == code, "name_en" if ask.lang == "en" else "name"].dropna()
    return named.iloc[0] if len(named) else code


def _take_along(ask: Ask) -> Component:
    """The list on paper, as Excel, and as one file for a phone without a network."""
    t = ask.t
    ways = [html.Button([icon("printer"), t("打印清单")], type="button", className="menu-item", **{"data-print": "1"})]
    ways += [
        html.Button([icon(name), t(words)], type="button", className="menu-item", **{"data-download": f"/worklist/{file}"})
        for file, name, words in FILES
    ]
    return html.Details(
        [html.Summary(icon("arrow-down-to-line"), className="quiet-button", title=t("带走清单"), **{"aria-label": t("带走清单")}),
         html.Div([*ways, html.P(t("导出内容限于你的范围，并记入审计日志。"), className="hint")], className="menu take-menu")],
        className="pop take",
    )


def _chips(ask: Ask, state: StreetState, found: pd.DataFrame) -> Component:
    counted = found["group"].value_counts()
    chips = [("", ask.t("全部"), len(found))]
    chips += [(name, ask.t(CHIPS[name]), int(counted.get(name, 0))) for name in GROUPS if counted.get(name, 0) or name == state.group]
    return html.Div(
        [
            html.Button([words, html.Span(f" {number_text.count(n, ask.lang)}", className="num")], type="button", className="chip",
                        **{"aria-pressed": str(state.group == name).lower()}, **go(group=name or None))
            for name, words, n in chips
        ],
        className="chips", role="group", **{"aria-label": ask.t("按种类筛选")},
    )


def _reference(ask: Ask, state: StreetState, count: int) -> Component | None:
    """The switch for what nobody adopted yet; None where nothing of it is due."""
    t = ask.t
    if state.reference:
        return html.Button([icon("clipboard-check"), t("只看已采纳的规则")], type="button", className="link reference-switch", **go(reference=None))
    more = len(own_work(ask).get(worklist, horizon_days=state.horizon, reference=True)) - count
    return _show_reference(ask, more, "link reference-switch") if more > 0 else None


def _show_reference(ask: Ask, count: int, look: str) -> Component:
    return html.Button([icon("eye"), ask.t("显示未采纳规则的 {n} 处（参考）", n=count)], type="button", className=look, **go(reference=1))


def _nothing_adopted(ask: Ask, state: StreetState) -> Component:
    """No rule binds here yet: why the list is empty, who can change that, and where."""
    t = ask.t
    mine = may_change(ask.scope)
    count = len(own_work(ask).get(worklist, horizon_days=state.horizon, reference=True))
    way = html.A(t("去采纳规则") if mine else t("查看规则"), href="/rules?lang=en" if ask.lang == "en" else "/rules", className="btn btn-primary")
    return html.Div(
        [html.Span(icon("scale"), className="state-badge"), html.B(t("还没有采纳任何规则")),
         html.P(t("规则采纳后才有约束力，才有待办。区打非办可在规则页采纳。")), way,
         _show_reference(ask, count, "btn") if count else None],
        className="state is-filtered",
    )


def _items(ask: Ask, frame: pd.DataFrame, way: Route | None) -> Component:
    places = {key: at for at, key in enumerate(way.keys, start=1)} if way else {}
    return html.Ol([_item(ask, row, places.get(row["key"])) for row in records(frame)], className="items")


def _item(ask: Ask, row: dict[str, Any], place: int | None) -> Component:
    when, tone = state_words(ask, row)
    name = ICONS.get(row["title"]) or ICONS.get(row["group"], "map-pin")
    mark = html.B(str(place), className="num") if place else icon(name)
    small = _small(ask, row)
    cells = [
        html.Span(mark, className=f"item-mark tone-{tone}" + (" is-stop" if place else "")),
        html.Span([html.B([ask.t(_title(row["title"])), None if row["adopted"] else html.Span(ask.t("参考"), className="mark")]), html.Small(fact_words(ask, row))], className="item-what"),
        html.Span([html.B(when, className=f"tone-{tone}"), html.Small(small)], className="item-when"),
    ]
    at = {} if row["lon"] is None else {"data-lon": f"{row['lon']:.6f}", "data-lat": f"{row['lat']:.6f}"}
    item = html.Button(
        cells, type="button", className="item", **{"data-key": row["key"], "data-grid": row["grid_code"] or "", "data-find": _also_called(ask, row), **at}, **go(select=row["key"]),
    )
    contact = contact_button(ask, row)
    return html.Li([item, contact] if contact else item)


def _also_called(ask: Ask, row: dict[str, Any]) -> str:
    """What an item is found by besides the words that it shows."""
    names = (row["label"], row["grid_code"], ask.name(row["neighbourhood_code"]), ask.t(GROUPS[row["group"]]), ask.words("risk", row["risk"]))
    return " ".join(dict.fromkeys(name for name in names if name))


def _small(ask: Ask, row: dict[str, Any]) -> str:
    about = row["facts"] if isinstance(row["facts"], dict) else {}
    received = str(about.get("received_at") or "")
    if row["target_kind"] == "lead" and len(received) >= 16:
        return ask.t("{time} 受理", time=received[11:16] if received[:10] == ask.filters.as_of.isoformat() else received[5:10])
    rules = row["rule_ids"] or ()
    words = cycle_words(ask, rules[0]) if rules else ""
    return f"{words} +{len(rules) - 1}" if len(rules) > 1 and words else words


def _nothing(ask: Ask, state: StreetState, count: int) -> Component:
    """Filtered out is said differently from finished."""
    t = ask.t
    if (state.group and (count or state.owner)) or state.owner:
        by = listed((t(GROUPS[state.group]) if state.group else "", ask.name(state.owner)))
        what, why, button, changes = t("没有符合条件的地方"), t("筛选：{group}", group=by), t("清除筛选"), {"group": None, "owner": None}
        badge, kind = "search-x", "is-filtered"
    elif home(ask) is not None and not state.reference and _binds_nothing(ask):
        return _nothing_adopted(ask, state)
    elif home(ask) is None:
        what, why, button, changes, badge, kind = t("先选一个街镇"), "", "", {}, "map", "is-filtered"
    else:
        following = _following(ask, state)
        what, badge, kind = t("今天没有要去的地方"), "clipboard-check", "is-done"
        why = following or t("没有到期、逾期或从未巡查的事项。")
        longer = next((days for days in HORIZONS if days > state.horizon), None)
        button, changes = (t("往后看"), {"horizon": longer}) if longer else ("", {})
    parts: list[Any] = [html.Span(icon(badge), className="state-badge"), html.B(what)]
    if why:
        parts.append(html.P(why))
    if button:
        parts.append(html.Button(button, type="button", className="btn", **go(**changes)))
    return html.Div(parts, className=f"state {kind}")


def _binds_nothing(ask: Ask) -> bool:
    book = at_home(ask).get(rulebook_of)
    return not book.adopted and not book.adopted_in


def _following(ask: Ask, state: StreetState) -> str:
    """下一项：JQ-054 关停点位回访，8月1日到期; "" when nothing comes within the longest look ahead."""
    if state.horizon == HORIZONS[-1]:
        return ""
    ahead = records(own_work(ask).get(worklist, horizon_days=HORIZONS[-1]).head(1))
    if not ahead:
        return ""
    row = ahead[0]
    return ask.t("下一项：{what}，{day}到期", what=f"{row['label']} {ask.t(TITLES.get(row['title'], TITLES['site']))}", day=day(ask, row["due_on"]))
