"""The rules page: every duty with its source and number, what binds, and the district's changes to it."""

from __future__ import annotations

import datetime as dt
import json
import string
from typing import TYPE_CHECKING

from babel import Locale
from dash import ClientsideFunction, Input, Output, html

from dashboard import number_text, rule_server
from dashboard.figures_view import icon
from dashboard.live import pulse_area
from dashboard.markup import as_markup
from dashboard.rule_text import is_changed
from dashboard.view_state import write
from dashboard.views import View
from data_access.campaign_stages import stages
from data_access.rulebooks import (
    ONLY_THE_DISTRICT,
    calendar_days,
    may_change,
    rulebook_of,
    working_days,
)
from rules.language import N_
from rules.report_deadlines import report_deadlines
from rules.rule_words import KINDS, points, term

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context
    from rules.rulebook import Rule, Rulebook

AHEAD_DAYS = 92
"""How far ahead the list of papers looks."""

WORDS = {
    "reference": N_("参考"), "ours": N_("本系统默认"), "close": N_("关闭"), "clause": N_("原文"),
    "adoption": N_("采纳"), "not_adopted": N_("尚未采纳：只作参考，不计入逾期和扣分。"), "until": N_("{from} 起至 {to}"), "since": N_("{from} 起"),
    "adopt": N_("采纳这条规则"), "adopt_shown": N_("采纳所列 {n} 条"), "none_to_adopt": N_("所列规则都已采纳"), "end": N_("定截止日"), "adopter": N_("采纳单位"), "document": N_("采纳文件"), "from": N_("起始日"), "to": N_("截止日（可空）"),
    "edit": N_("修改"), "preview": N_("看影响"), "save": N_("保存为新版本"), "cancel": N_("取消"), "reason": N_("修改理由"), "valid_from": N_("生效日"),
    "effect": N_("保存前的影响"), "more": N_("还有 {n} 项"), "due": N_("到期"), "before": N_("现在"), "after": N_("修改后"), "default": N_("原文或默认：{value}"),
    "history": N_("历史版本"), "no_history": N_("没有修改过"), "carried": N_("后来的版本沿用先前版本改过的数值：要撤销先前的版本，先撤销后来的版本。"), "undo": N_("撤销"), "undo_ask": N_("确认撤销？"), "undo_together": N_("确认撤销同一次采纳的 {n} 条？"), "no_document": N_("没有写明采纳文件"), "undone": N_("已撤销"), "replaced": N_("已被取代"),
    "restore": N_("恢复原文数值"), "working": N_("正在计算"), "offline": N_("连不上服务器，请稍后重试。"), "none_found": N_("没有符合的规则"), "same": N_("没有改动"),
}  # fmt: skip
"""What the page's script says."""


def layout(ask: Ask) -> Component:
    t, book = ask.t, ask.get(rulebook_of)
    words = {name: t(text, **{part: "{" + part + "}" for part in _parts(text)}) for name, text in WORDS.items()}
    words["adopted"] = _bound(ask)
    mine = may_change(ask.scope)
    return html.Div(
        [
            as_markup(_head(ask)),
            as_markup(html.Div(
                [
                    html.Main([_tools(ask, book), *(_section(ask, book, kind, heading) for kind, heading in KINDS.items() if book.of(kind)),
                               html.P(t("没有符合的规则"), className="rules-none", hidden=True)], className="rules-list", id="rules-list"),
                    html.Aside([html.Div(id="rules-drawer", className="rules-drawer", hidden=True, **{"aria-live": "polite"}),
                                html.Div([_who(ask, mine), _adopt_together(ask, book, mine), _sum(ask, book), _papers(ask, book), _calendar(ask, mine)], id="rules-side")],
                               className="rules-side"),
                ],
                className="rules-body",
            )),
            pulse_area(ask),
            html.Div(id="rules-ready", hidden=True),
        ],
        className="rules-page",
        **{"data-words": json.dumps(words, ensure_ascii=False), "data-lang": ask.lang, "data-as-of": ask.filters.as_of.isoformat()},
    )  # fmt: skip


def register(app: Dash, context: Context) -> None:
    """The routes behind the page, and its script once the page stands."""
    app.server.register_blueprint(rule_server.blueprint(context))
    app.clientside_callback(ClientsideFunction("onemap_rules", "start"), Output("rules-ready", "title"), Input("rules-ready", "id"))


def _head(ask: Ask) -> Component:
    t = ask.t
    other = "en" if ask.lang != "en" else "zh"
    return html.Header(
        [
            html.A([icon("arrow-left"), t("返回总览")], href="/" + write(ask.filters, ask.view), className="rules-home"),
            html.H1(t("规则")),
            html.Span(t("截至 {day}", day=number_text.day_text(ask.filters.as_of, ask.lang)), className="quiet"),
            html.Span(t("演示数据 非公文"), className="demo-mark") if ask.context.demo else None,
            html.A([icon("languages"), "EN" if other == "en" else Locale("zh").display_name], href=f"?lang={other}", className="rules-language", lang=other),
        ],
        className="rules-head",
    )


def _tools(ask: Ask, book: Rulebook) -> Component:
    t = ask.t
    chips = [html.Button([t("全部"), html.B(len(list(book)), className="num")], type="button", className="rules-chip", **{"data-kind": "", "aria-pressed": "true"})]
    chips += [
        html.Button([t(heading), html.B(len(book.of(kind)), className="num")], type="button", className="rules-chip", **{"data-kind": kind, "aria-pressed": "false"})
        for kind, heading in KINDS.items() if book.of(kind)
    ]  # fmt: skip
    marks = [
        html.Button(t(text), type="button", className="rules-chip", **{"data-mark": mark, "aria-pressed": "false"})
        for mark, text in (("ours", N_("本系统默认")), ("reference", N_("参考")), ("changed", N_("已修改")))
    ]
    return html.Div(
        [
            html.Div(icon("search"), id="rules-search", className="rules-search", **{"data-words": t("查找规则、出处、责任单位")}),
            html.Div([*chips, html.I(className="rules-split"), *marks], className="rules-chips", role="group", **{"aria-label": t("筛选")}),
        ],
        className="rules-tools",
    )  # fmt: skip


def _section(ask: Ask, book: Rulebook, kind: str, heading: str) -> Component:
    rules = book.of(kind)
    rows = [_row(ask, book, rule) for rule in rules]
    named = next((rule.options["rubric"] for rule in rules if "rubric" in rule.options), "")
    title = [ask.t(heading), html.Span(len(rules), className="num quiet"), html.Small(ask.t(named), className="quiet") if named else None]
    return html.Section([html.H2(title), html.Ul(rows)], className="rules-group", **{"data-kind": kind})


def _bound(ask: Ask) -> str:
    """A demonstration binds nobody, and says so at every rule."""
    return ask.t("演示采纳") if ask.context.demo else ask.t("已采纳")


def _row(ask: Ask, book: Rulebook, rule: Rule) -> Component:
    t = ask.t
    bound, changed = book.is_adopted(rule.id), is_changed(rule)
    marks = [name for name, is_so in (("ours", rule.ours), ("reference", not bound), ("changed", changed)) if is_so]
    badges = [
        html.Span(t("已修改"), className="rules-badge is-changed") if changed else None,
        html.Span(t("本系统默认"), className="rules-badge is-ours") if rule.ours else None,
        html.Span(_bound(ask) if bound else t("参考"), className="rules-badge " + ("is-adopted" if bound else "is-reference")),
    ]
    scored = points(rule, t) if rule.kind != "score" else ""
    text = " ".join((rule.id, t(rule.name), t(rule.source), t(rule.owner), t(rule.clause), t(rule.note))).lower()
    return html.Li(
        html.Button(
            [
                html.Span([html.B(t(rule.name)), html.Small(" · ".join(filter(None, (t(rule.source), t(rule.owner))))),
                           html.Small(t(rule.note), className="rules-note") if rule.note and (rule.ours or rule.kind in ("cycle", "score")) else None], className="rules-what"),
                html.Span([html.B(term(rule, t)), html.Small(scored)] if scored else html.B(term(rule, t)), className="rules-term"),
                html.Span(badges, className="rules-badges"),
            ],
            type="button", className="rules-row", **{"data-rule": rule.id},
        ),
        className="rules-item", **{"data-text": text, "data-marks": " ".join(marks)},
    )  # fmt: skip


def _who(ask: Ask, mine: bool) -> Component | None:
    if mine:
        return None
    return html.Section([icon("lock"), html.P(ask.t(ONLY_THE_DISTRICT))], className="rules-panel rules-locked")


def _adopt_together(ask: Ask, book: Rulebook, mine: bool) -> Component | None:
    """What does not bind yet, adopted at once; the script names those that the filters leave."""
    t, open_ = ask.t, [rule for rule in book if not book.is_adopted(rule.id)]
    if not open_:
        return None
    nothing = len(open_) == len(list(book))
    said = t("还没有采纳任何规则：全部只作参考，不产生待办，也不计入逾期和扣分。") if nothing else t("还有 {n} 条规则没有采纳，只作参考。", n=len(open_))
    foreign = sum(rule.kind == "score" for rule in open_)
    caution = html.P(t("其中考核评分 {n} 条出自外地的评分办法，采纳前请确认适用。", n=foreign)) if foreign and mine else None
    return html.Section(
        [html.H2(t("采纳规则")), html.P(said, className="rules-warning", role="status") if nothing else html.P(said),
         caution, html.Div(id="rules-adopt", className="rules-adopt") if mine else html.P(t("由区打非办采纳后生效。"))],
        className="rules-panel",
    )


def _sum(ask: Ask, book: Rulebook) -> Component:
    t, every = ask.t, list(book)
    facts = (
        (_bound(ask), f"{sum(book.is_adopted(rule.id) for rule in every)}/{len(every)}"),
        (t("本系统默认"), str(sum(rule.ours for rule in every))),
        (t("已修改"), str(sum(is_changed(rule) for rule in every))),
    )
    told = [html.Div([html.Dt(name), html.Dd(value, className="num")]) for name, value in facts]
    return html.Section(
        [html.H2(t("规则从哪里来")), html.P(t("每条规则都有出处和原文；来源没有写数字的，用本系统默认并标明。规则采纳后才有约束力，未采纳的只作参考。")), html.Dl(told, className="rules-facts")],
        className="rules-panel",
    )


def _papers(ask: Ask, book: Rulebook) -> Component:
    t, start = ask.t, ask.filters.as_of
    calendar = working_days(ask.database, ask.scope, ask.filters.known_at)
    found = report_deadlines(book, calendar, start, start + dt.timedelta(days=AHEAD_DAYS), stages(ask.database, ask.scope, ask.filters.known_at))
    rows = [
        html.Li(
            [
                html.Span([html.B(t(row.name)), html.Small(" · ".join(filter(None, (str(row.stage), t(row.source)))))]),
                html.Span([html.B(number_text.day_text(row.due_on.date(), ask.lang), className="num"),
                           html.Small(number_text.days_left((row.due_on.date() - start).days, t))], className="rules-due"),
            ]
        )
        for row in found.itertuples(index=False)
    ]
    shown = html.Ul(rows, className="rules-papers") if rows else html.P(t("三个月内没有要报送的材料"), className="quiet")
    return html.Section([html.H2(t("近期报送")), shown], className="rules-panel")


def _calendar(ask: Ask, mine: bool) -> Component:
    t, today = ask.t, ask.filters.as_of
    calendar = working_days(ask.database, ask.scope, ask.filters.known_at)
    unknown = calendar.unknown_years(today, today + dt.timedelta(days=366))
    said = t("节假日和调休按国务院公布的安排计算，已知到 {day}；以后的年份请在这里补录，补录前只按周末计算。",
             day=calendar.known_until.isoformat())  # fmt: skip
    warning = html.P([icon("triangle-alert"), t("{years} 年的节假日还不全，工作日期限只按周末和已补录的日子计算。", years="、".join(map(str, unknown)))], className="rules-warning", role="status")
    own = [
        html.Li([html.B(row.day.strftime("%Y-%m-%d"), className="num"), t("上班") if row.working else t("放假"), html.Small("" if number_text.is_missing(row.name) else row.name),
                 html.Button(t("撤销"), type="button", className="btn rules-undo-day", **{"data-batch": row.batch_id, "aria-label": t("撤销 {day}", day=row.day.strftime("%Y-%m-%d"))}) if mine else None])
        for row in calendar_days(ask.database, ask.scope, ask.filters.known_at).itertuples(index=False)
    ]
    form = html.Div(id="rules-days", className="rules-days", **{"data-day": t("日期"), "data-last": t("至（可空）"), "data-off": t("放假"), "data-on": t("上班"), "data-name": t("名称"), "data-add": t("补录")})
    return html.Section(
        [html.H2(t("工作日历")), warning if unknown else None, html.P(said), html.Ul(own, className="rules-own-days") if own else None, form if mine else None],
        className="rules-panel",
    )


def _parts(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


VIEW = View(path="/rules", name="rules", title=N_("规则"), layout=layout, register=register, theme="light")
