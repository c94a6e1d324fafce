"""考核沙盘: a street's score with every demerit and its rows, both readings of unclear clauses, and what visits would change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel import Locale
from dash import Input, Output, State, dcc, html

from dashboard import entry_server, number_text
from dashboard.figures_view import icon
from dashboard.live import pulse_area
from dashboard.marks import day, nothing, records
from dashboard.panels.duties import table as duty_table
from dashboard.panels.police_transfers import STATE_WORDS, STATES, since
from dashboard.permission import closed, is_outside
from dashboard.place import place
from dashboard.score_entry import judged, papers
from dashboard.view_state import write
from dashboard.views import View
from data_access.obligations import obligations
from data_access.police_transfer import both_readings, police_transfers
from data_access.rulebooks import rulebook_of
from data_access.scores import lost_under, not_judged, score_totals, scores, what_if
from rules.language import N_
from rules.repeat_offence import GROUNDS
from rules.request import UnreadableRequest
from rules.rubric import BASE

if TYPE_CHECKING:
    import pandas as pd
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context
    from rules.rulebook import Rule, Rulebook

READINGS = {
    "once": N_("整个考核期一次"), "month": N_("每月一次"), "site_month": N_("每点每月一次"), "site": N_("每点一次"),
    "event": N_("每起一次"), "person": N_("每人一次"), "task": N_("每项一次"),
}  # fmt: skip
MOST_TICKS, MOST_ROWS = 500, 200
PLACES = ("site", "grid", "construction", "subject", "lead")
ROWS = {"score.R2.2b": "visits", "score.R2.5": "K37", "score.R2.6": "K38", "score.R2.7a": "K36", "score.R2.7b": "K36_disability"}
"""The set of rows in which the evidence of an item stands."""
TABLE_NAMES = {
    "area": N_("当年巡查记录"), "patrol_visit": N_("巡查记录"), "adverse_event": N_("负面事件"), "score_entry": N_("评定记录"), "site": N_("点位"), "subject": N_("人员"),
}  # fmt: skip
TO_TICK = {"grid": N_("网格 {name}"), "site": N_("历史点位 {name}"), "construction": N_("建筑工地 {name}"), "subject": N_("重点人员 {name}")}
_TICK = re.compile(r"(grid|site|construction|subject):[A-Za-z0-9_.\-]{1,64}")


def layout(ask: Ask) -> Component:
    street = _street(ask)
    if street is None:
        inner = _choose(ask, ask.get(score_totals))
    elif is_outside(ask):
        inner = html.Main([closed(ask), _nothing_tried()], className="score-body")
    else:
        inner = _screen(ask, street)
    return html.Div([_head(ask, street), inner, pulse_area(ask)], className="score-page")


def register(app: Dash, context: Context) -> None:
    app.server.register_blueprint(entry_server.blueprint(context))

    @app.callback(Output("score-result", "children"), Input("score-ticks", "value"), State("url", "search"), prevent_initial_call=True)
    def tried(ticks: object, search: str) -> Component:
        ask = context.ask(search)
        with ask.database.snapshot():
            return _result(ask, read_ticks(ticks))


def read_ticks(ticks: object) -> tuple[tuple[str, str], ...]:
    """The ticked targets of a list of ``kind:id``.

    Raises:
        UnreadableRequest: anything else, or more than ``MOST_TICKS``.
    """
    listed = [] if ticks is None else ticks
    if not isinstance(listed, list) or len(listed) > MOST_TICKS or not all(isinstance(one, str) and _TICK.fullmatch(one) for one in listed):
        raise UnreadableRequest("ticks: expected a list of kind:id")
    return tuple(sorted((kind, target) for kind, _, target in (one.partition(":") for one in set(listed))))


def _street(ask: Ask) -> str | None:
    at = place(ask)
    if at.level == "street":
        return at.code
    totals = ask.get(score_totals)
    return totals["street_code"].iloc[0] if len(totals) == 1 else None


def _head(ask: Ask, street: str | None) -> Component:
    t = ask.t
    other = "en" if ask.lang != "en" else "zh"
    area = f"&area={street}" if street else ""
    return html.Header(
        [
            html.A([icon("arrow-left"), t("返回总览")], href="/" + write(ask.filters, ask.view), className="rules-home"),
            html.H1([t("考核沙盘"), html.Small([" · ", ask.name(street)]) if street else None]),
            html.Span(t("截至 {day}", day=number_text.day_text(ask.filters.as_of, ask.lang)), className="quiet"),
            html.Span(t("演示数据 非公文"), className="demo-mark") if ask.context.demo else None,
            html.A([icon("languages"), "EN" if other == "en" else Locale("zh").display_name], href=f"?lang={other}{area}", className="rules-language", lang=other),
        ],
        className="rules-head",
    )


def _choose(ask: Ask, totals: pd.DataFrame) -> Component:
    t = ask.t
    if totals.empty:
        return html.Main([nothing(t("这里没有可以考核的街镇"), t("得分按街镇计算：部门看不到，街镇看本街镇，区打非办看全部")), _nothing_tried()], className="score-body")
    head = html.Tr([html.Th(t(name), scope="col") for name in (N_("街镇"), N_("现在得分"), N_("已扣"), N_("还可避免"))])
    rows = [
        html.Tr([html.Th(html.A(ask.name(row["street_code"]), href=f"/score?area={row['street_code']}&lang={'en' if ask.lang == 'en' else 'zh'}"), scope="row"),
                 *(html.Td(t("{n} 分", n=f"{row[name]:g}"), className="num") for name in ("score", "lost", "at_risk"))])
        for row in records(totals.sort_values(["score", "at_risk"], kind="stable"))
    ]  # fmt: skip
    return html.Main([html.Section([html.H2(t("选择街镇")), html.Table([html.Thead(head), html.Tbody(rows)], className="score-table is-choice")], className="score-card", tabIndex=0), _nothing_tried()], className="score-body")


def _nothing_tried() -> Component:
    """What the callback needs on a page without a sandbox."""
    return html.Div([dcc.Checklist(id="score-ticks", options=[], value=[]), html.Div(id="score-result")], hidden=True)


def _screen(ask: Ask, street: str) -> Component:
    asked = ask.with_(area=street)
    totals = asked.get(score_totals)
    if totals.empty:
        return _choose(ask, totals)
    t, book, found = ask.t, asked.get(rulebook_of), asked.get(scores)
    total, duties = records(totals)[0], asked.get(obligations)
    labels = dict(zip(duties["target_id"], duties["label"], strict=True))
    left = [
        html.Section([html.H2([t("现在得分"), html.Small(t(book[BASE].options.get("rubric", "")), className="quiet")]), _totals(ask, total)], className="score-card", tabIndex=0),
        html.Section([html.H2(t("扣分项")), _demerits(ask, book, found, labels)], className="score-card", tabIndex=0),
        html.Section([html.H2(t("条款不明处的几种读法")), html.P(t("来源没有写清计扣单位的条款，按每种读法各会扣多少。"), className="quiet"), _readings(asked, book)], className="score-card", tabIndex=0),
        html.Section([html.H2(t("人工评定的条款")), judged(asked, book, street)], className="score-card", tabIndex=0, id="judged"),
        html.Section([html.H2(t("材料报送")), papers(asked, book, duties)], className="score-card", tabIndex=0),
        _police(asked),
        html.Section([html.H2(t("制度时钟")), duty_table(asked, book)], className="score-card", tabIndex=0),
    ]
    right = html.Aside(html.Section([html.H2(t("试一试")), html.P(t("勾选今天要去的地方，看得分和巡查率怎样变。不会写入任何记录。"), className="quiet"),
                                     html.Div(_result(asked, ()), id="score-result", **{"aria-live": "polite"}), _ticks(asked, found, duties, labels)], className="score-card", tabIndex=0), className="score-side")  # fmt: skip
    return html.Div([html.Main(left, className="score-main"), right], className="score-body is-street")


def _totals(ask: Ask, total: dict) -> Component:
    t = ask.t
    named = ((N_("得分"), "score"), (N_("基础分"), "base"), (N_("已扣"), "lost"), (N_("还可避免"), "at_risk"), (N_("不再行动则为"), "score_if_idle"))
    return html.Dl([html.Div([html.Dt(t(name)), html.Dd(t("{n} 分", n=f"{total[key]:g}"), className="num")]) for name, key in named], className="score-totals")


def _demerits(ask: Ask, book: Rulebook, found: pd.DataFrame, labels: dict[str, str]) -> Component:
    t = ask.t
    if found.empty:
        return nothing(t("没有扣分项"))
    head = html.Tr([html.Th(t(name), scope="col") for name in (N_("条款"), N_("读法"), N_("次数"), N_("分"), N_("能否避免"), N_("依据"))])
    return html.Table([html.Thead(head), html.Tbody([_demerit(ask, book[row["item"]], row, labels) for row in records(found)])], className="score-table")


def _demerit(ask: Ask, rule: Rule, row: dict, labels: dict[str, str]) -> Component:
    t = ask.t
    hand = html.Small(t("人工评定"), className="badge-hand") if rule.options.get("by_hand") else None
    name = [html.Span([t(rule.name), " ", hand]), html.Small([t(rule.source), "" if row["adopted"] else " · " + t("参考")], className="quiet"), html.Q(t(rule.clause))]
    state = [t("可避免，至 {day}", day=day(ask, row["until"])) if row["avoidable"] else t("已扣")]
    if row["avoidable"] and len(row["targets"]) > row["times"]:
        state.append(html.Small(t("{n} 处都要去到", n=len(row["targets"])), className="quiet"))
    listed = row["evidence"][:MOST_ROWS]
    rows = [html.Li(html.A(_called(ask, table, target, labels), href=_opened(ask, row, table, target))) for table, target in listed]
    evidence = html.Details([html.Summary(t("{n} 条", n=len(row["evidence"]))), html.Ul(rows)])
    return html.Tr([html.Th(name, scope="row"), html.Td(t(READINGS[row["reading"]])), html.Td(row["times"], className="num", **{"data-label": t("次数")}),
                    html.Td(f"−{row['points']:g}", className="num", **{"data-label": t("分")}), html.Td(state, className="is-ahead" if row["avoidable"] else "is-lost"), html.Td(evidence)])  # fmt: skip


def _called(ask: Ask, table: str, target: str, labels: dict[str, str]) -> str:
    """What people read for a row of evidence: its label, or what kind of row it is."""
    return labels.get(target) or ask.t(TABLE_NAMES.get(table, N_("登记的行")))


def _opened(ask: Ask, row: dict, table: str, target: str) -> str:
    """Where a row of evidence opens: a place in the drawer of the street's screen, any other among the rows of its register."""
    street, lang = row["street_code"], "&lang=en" if ask.lang == "en" else ""
    if table in PLACES:
        return f"/street?area={street}&select={table}:{target}{lang}"
    if table == "score_entry":
        return f"#entry-{target}"
    year = ask.filters.with_(start=ask.filters.as_of.replace(month=1, day=1), end=ask.filters.as_of, area=street)
    rows, narrow = ("visits", ()) if table == "area" else (ROWS.get(row["item"], "visits"), (("id", target),))
    return "/" + write(year, ask.view.with_(rows=rows, narrow=narrow, select=None, card=None))


def _police(asked: Ask) -> Component:
    """应移送公安 here, with the article; and whom only the stricter reading binds."""
    t = asked.t
    found = asked.get(police_transfers)
    found = found[found["state"].isin(STATES)]
    rows = [
        html.Tr([html.Th(html.A(row["number"], href=f"/street?area={row['street_code']}&select=police_transfer:{row['subject_id']}" + ("&lang=en" if asked.lang == "en" else "")), scope="row"),
                 html.Td(t(STATES[row["state"]]), className="is-lost" if row["state"] == "must_transfer" else ""),
                 html.Td([t(GROUNDS[row["ground"]].name), html.Small(t(row["article"]), className="quiet")]), html.Td(row["penalties"], className="num"), html.Td(since(asked, row["again_on"]), className="num")])
        for row in records(found)
    ]  # fmt: skip
    head = html.Thead(html.Tr([html.Th(t(name), scope="col") for name in (N_("人员"), N_("状态"), N_("情形"), N_("处罚次数"), N_("自"))]))
    table = html.Table([head, html.Tbody(rows)], className="score-table") if rows else nothing(t("没有应移送公安的人员"))
    both = asked.get(both_readings)
    more = [html.Tr([html.Th(row["number"], scope="row"), html.Td(t(STATE_WORDS[row["one"]])), html.Td(t(STATE_WORDS[row["other"]]))]) for row in records(both)]
    heads = html.Thead(html.Tr([html.Th(t(name), scope="col") for name in (N_("人员"), N_("法释〔2016〕27号"), N_("S4 较严读法"))]))
    differ = [html.H3(t("两种读法不同的 {n} 人", n=len(more))), html.Table([heads, html.Tbody(more)], className="score-table")] if more else []
    return html.Section([html.H2(t("应移送公安")), table, *differ], className="score-card", tabIndex=0, id="police")


def _readings(asked: Ask, book: Rulebook) -> Component:
    t, rows = asked.t, []
    rules = book.of("score")
    most, unknown = max((len(rule.options.get("readings", ())) for rule in rules), default=0), asked.get(not_judged)
    for rule in rules:
        readings = tuple(rule.options.get("readings", ()))
        if len(readings) > 1 and rule.id in unknown:
            why = t("今年尚未评定") if rule.options.get("by_hand") else t("还没有在本系统登记过巡查登记表，不评定")
            rows.append(html.Tr([html.Th(t(rule.name), scope="row"), html.Td(why, colSpan=most, className="quiet")]))
            continue
        parts = []
        for reading in readings:
            found = asked.get(lost_under, rule.id, reading)
            mark = t("（现用）") if reading == rule.options.get("reading") else ""
            parts.append(html.Td([html.Span(t(READINGS[reading]) + mark), html.B(f"−{found[0]:g}" if found[0] else "0", className="num"),
                                  html.Small(t("还可避免 {n} 分", n=f"{found[1]:g}"), className="quiet")]))  # fmt: skip
        if len(readings) > 1:
            rest = [html.Td(colSpan=most - len(parts))] if len(parts) < most else []
            rows.append(html.Tr([html.Th(t(rule.name), scope="row"), *parts, *rest]))
    return html.Table(html.Tbody(rows), className="score-table score-readings")


def _ticks(asked: Ask, found: pd.DataFrame, duties: pd.DataFrame, labels: dict[str, str]) -> Component:
    """What may be ticked: first what saves points, then late and unseen grids and places."""
    saving = [target for targets in found.loc[found["avoidable"], "targets"] for target in targets if target[0] in {"site", "subject"}]
    late = duties[duties["state"].isin(["over", "never"]) & duties["target_kind"].isin(["grid", "site", "construction", "subject"])]
    listed = dict.fromkeys([*saving, *zip(late["target_kind"], late["target_id"], strict=True)])
    gained, shown = set(saving), list(listed)[:MOST_TICKS]
    options = [{"label": f"{kind}:{target}", "value": f"{kind}:{target}"} for kind, target in shown]
    # Dash's own list of boxes is no list that can be read out; it holds what the visible one chose (assets/onemap/entries.js).
    held = html.Div(dcc.Checklist(id="score-ticks", options=options, value=[]), hidden=True)
    if not options:
        return html.Div([held, nothing(asked.t("今天没有可以补救的地方"))])
    return html.Div([held, html.Ul([_tick(asked, kind, target, labels, (kind, target) in gained) for kind, target in shown], className="score-ticks")])


def _tick(asked: Ask, kind: str, target: str, labels: dict[str, str], saves: bool) -> Component:
    """A place to tick, whether a visit saves points, and the way to its drawer on the street's screen."""
    t, name = asked.t, asked.t(TO_TICK[kind], name=labels.get(target, ""))
    opened = f"/street?area={asked.filters.area}&select={kind}:{target}" + ("&lang=en" if asked.lang == "en" else "")
    box = html.Button(name + (" · " + t("可挽回扣分") if saves else ""), type="button", role="checkbox", className="tick", **{"aria-checked": "false", "data-tick": f"{kind}:{target}"})
    return html.Li([box, html.A(icon("arrow-right"), href=opened, className="tick-open", **{"aria-label": t("打开 {name}", name=name)})])


def _result(ask: Ask, ticks: tuple[tuple[str, str], ...]) -> Component:
    t, street = ask.t, _street(ask)
    asked = ask.with_(area=street)
    if street is None or asked.get(score_totals).empty:
        return html.Div()
    duties = asked.get(obligations)
    here = set(zip(duties["target_kind"], duties["target_id"], strict=True))
    ticks = tuple(one for one in ticks if one in here)
    before, after = (what_if(ask.database, asked.filters, ask.scope, chosen) for chosen in ((), ticks))
    rows = []
    for name, key in ((N_("得分"), "score"), (N_("不再行动则为"), "score_if_idle")):
        old, new = (float(found.totals[key].iloc[0]) for found in (before, after))
        rows.append((t(name), t("{n} 分", n=f"{old:g}"), t("{n} 分", n=f"{new:g}"), new != old))
    for name, n, base in ((N_("网格按期巡查率"), "n", "grids"), (N_("重点场所巡查率"), "key_n", "key_N")):
        (old, total), (new, _) = ((int(found.coverage[n].iloc[0]), int(found.coverage[base].iloc[0])) for found in (before, after))
        rows.append((t(name), _share(old, total), _share(new, total), new != old))
    head = html.Tr([html.Td(), html.Th(t("现在"), scope="col"), html.Th(t("去过 {n} 处后", n=len(ticks)), scope="col")])
    cells = [html.Tr([html.Th(name, scope="row"), html.Td(old, className="num"), html.Td(new, className="num is-better" if changed else "num")]) for name, old, new, changed in rows]
    return html.Table([html.Thead(head), html.Tbody(cells)], className="score-table")


def _share(n: int, base: int) -> str:
    return f"{n / base:.1%} ({n}/{base})" if base else number_text.NONE


VIEW = View(path="/score", name="score", title=N_("考核沙盘"), layout=layout, register=register, theme="light")
