"""部门处罚: penalties and fines of the period by the agency that decided them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import bar_row, body, codes, nothing_found
from dashboard.panels import Panel
from data_access.cases import penalties
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 3


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(penalties)
    if frame.empty:
        return nothing_found(ask, t("行政处罚")), t("{n} 件", n=0)
    agencies = codes(frame["agency_code"])
    decided = Counter(agencies).most_common(MOST)
    fines: dict[str, float] = defaultdict(float)
    for code, yuan in zip(agencies, frame["fine_yuan"].fillna(0).tolist(), strict=True):
        fines[code] += float(yuan)
    rows = []
    for code, count in decided:
        value = html.Span(
            [
                number(ask, count, "件", rows="penalties", narrow={"agency_code": code}, size="row"),
                number(ask, fines[code], "元", rows="penalties", narrow={"agency_code": code}, size="row", tone="quiet"),
            ],
            className="pair",
        )
        rows.append(bar_row(ask.short_name(code) or t("部门不明"), count / decided[0][1], value, **({"agency": code} if code else {})))
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    return body(*rows, kind="is-wide-values"), [period, " · ", number(ask, len(frame), "件", rows="penalties")]


PANEL = Panel(
    name="agency_penalties",
    title=N_("部门处罚"),
    side="agency",
    tab="cases",
    order=30,
    content=content,
    questions=("penalties",),
)
