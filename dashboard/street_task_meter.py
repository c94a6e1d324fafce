"""The quarter's task of a street: how much of the list is done against how much of the time is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import words_that_open
from dashboard.street_state import own_work
from data_access.quarter_task import quarter_task
from rules.language import N_
from rules.quarter import quarter_days

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

LEVEL = 0.02
"""A share of the list within this distance of the share of the time is level with it."""
QUARTERS = {"1": N_("一季度排查任务"), "2": N_("二季度排查任务"), "3": N_("三季度排查任务"), "4": N_("四季度排查任务")}


def task_meter(ask: Ask) -> Component:
    """完成率 of the listed targets as a bar with a tick at the time gone; 巡查量进度 apart from it."""
    asked = own_work(ask)
    found = asked.get(quarter_task)
    t = ask.t
    name = t(QUARTERS[found.quarter[-1]])
    if not found.targets and not found.quota:
        return html.Div([html.Div([html.Span(name), html.Span(t("本季度没有下发名单"), className="quiet")], className="task-line")],
                        className="task")
    if found.targets:
        share, unit, n, base = found.completion.value, t("个对象"), found.done, found.targets
    else:
        share, unit, n, base = found.quota_progress.value, t("户次"), found.visits, found.quota
    words, tone = _against_time(ask, share, found.elapsed)
    first, last = quarter_days(found.quarter)
    own = {"agency": asked.filters.agency} if asked.filters.agency else {}
    opened = words_that_open(number_text.count(n, ask.lang), "K28", {"quarter": found.quarter, "start": first.isoformat(), "end": last.isoformat(), **own})
    head = [html.Span(name), html.Span([opened, html.Span(f" / {number_text.count(base, ask.lang)} {unit} · ", className="num"),
                                        html.B(f"{number_text.percent(share)}%", className="num")], className="task-number")]
    foot: list[Any] = [html.Span(words, className=f"tone-{tone}" if tone else None)]
    if found.targets and found.quota:
        foot.append(html.Span([t("巡查量进度"), " ", number(ask, found.visits, n=found.visits, N=found.quota, unit="户次")], className="task-quota"))
    foot.append(html.Span(t("距季末 {n} 天", n=found.days_left)))
    style = {"--share": f"{min(1, share) * 100:.2f}%", "--time": f"{found.elapsed * 100:.2f}%"}
    bar = html.Div(html.I(), className="task-bar", style=style, role="img",
                   **{"aria-label": t("完成 {share}%，时间过去 {time}%", share=number_text.percent(share), time=number_text.percent(found.elapsed))})
    return html.Div([html.Div(head, className="task-line"), bar, html.Div(foot, className="task-line is-small")], className="task")


def _against_time(ask: Ask, share: float, elapsed: float) -> tuple[str, str]:
    """Ahead of, level with or behind the time gone; only behind has a tone."""
    time = number_text.percent(elapsed)
    if abs(share - elapsed) <= LEVEL:
        return ask.t("与时间进度持平（{time}%）", time=time), ""
    if share > elapsed:
        return ask.t("快于时间进度（{time}%）", time=time), "good"
    return ask.t("慢于时间进度（{time}%）", time=time), "bad"
