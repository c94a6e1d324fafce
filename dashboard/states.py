"""What stands where an answer is missing: empty, partly failed, not permitted, unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import icon
from dashboard.view_state import go

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from rules.language import Translate


def failed(t: Translate, what: str, reference: str) -> Component:
    """One part failed, the others stay: what, its reference number, and another try."""
    return html.Div(
        [icon("triangle-alert"),
         html.Div([html.B(t("{what}没有取到", what=what)), html.Small(t("编号 {reference}", reference=reference))]),
         html.Button([icon("refresh-cw"), t("重试")], type="button", className="btn", **{"data-retry": "1"})],
        className="state state-failed", role="alert",
    )


def empty(title: str, why: str = "", button: str = "", **changes: object) -> Component:
    """Nothing to show: why, then the next thing to do."""
    parts: list[Any] = [html.Span(icon("search-x"), className="state-badge"), html.B(title)]
    if why:
        parts.append(html.P(why))
    if button:
        parts.append(html.Button(button, type="button", className="btn", **go(**changes)))
    return html.Div(parts, className="state state-empty")


def not_permitted(t: Translate, what: str, who: str, sees: str, seen_area: str | None = None) -> Component:
    """What is blocked, why, what can be seen, and who approves; the button leads to ``seen_area``."""
    facts = ((t("当前身份"), who), (t("可看范围"), sees), (t("审批单位"), t("区打非办")))
    return html.Div(
        [html.Span(icon("lock"), className="state-badge"),
         html.B(t("你不能查看{what}", what=what)),
         html.P(t("明细和当事人信息仅限本辖区及区打非办查看。你可以查看全区各街镇的汇总数字。")),
         html.Dl([part for name, value in facts for part in (html.Dt(name), html.Dd(value))]),
         html.Button(t("返回"), type="button", className="btn",
                     **go(rows=None, narrow=None, card=None, select=None, area=seen_area))],
        className="state state-closed",
    )


def unreadable(t: Translate, reason: str) -> Component:
    """A link that cannot be read: what is wrong with it, and the way back."""
    return html.Div(
        [html.Span(icon("search-x"), className="state-badge"), html.B(t("这个链接读不懂")),
         html.P(reason, className="num"), html.A(t("打开总览"), href="/", className="btn")],
        className="state state-empty is-page",
    )
