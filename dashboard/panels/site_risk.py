"""历史点位: how many by risk and by status; a press opens the rows behind a number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import bar_row, body, codes, nothing_found, words_that_open
from dashboard.panels import Panel
from data_access.sites import sites
from rules.language import N_
from rules.vocabulary import RISK, SITE_STATUS

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

STANDING = ",".join(word.code for word in SITE_STATUS if word.code != "cleared")
"""Every status of a site that is not yet cleared, as a list to narrow by."""

COLOURS = {"high": "risk-high", "mid": "risk-mid", "low": "risk-low", "ungraded": "risk-closed"}


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(sites)
    if frame.empty:
        return nothing_found(ask, t("历史点位")), t("{n} 户", n=0)
    counts = Counter(codes(frame.loc[frame["status"] != "cleared", "risk"]))
    longest = max(counts.values(), default=1)
    bars = [
        bar_row(
            t(word.name), counts[word.code] / longest,
            number(ask, counts[word.code], rows="sites", narrow={"risk": word.code, "status": STANDING}, size="row"),
            colour=COLOURS[word.code],
        )
        for word in RISK
    ]
    words = t("{n} 户 · 风险等级", n=number_text.count(counts.total(), ask.lang))
    aside = words_that_open(words, "sites", {"status": STANDING})
    return body(*bars, _statuses(ask, frame)), aside


def _statuses(ask: Ask, frame: pd.DataFrame) -> Component:
    t = ask.t
    counts = Counter(codes(frame["status"]))
    parts = [
        html.Span(
            [html.Span(t(word.name)), number(ask, counts[word.code], "户", rows="sites", narrow={"status": word.code})],
            className="key-part",
        )
        for word in SITE_STATUS
        if counts[word.code]
    ]
    for field, name in (("stubborn", N_("钉子户")), ("itinerant", N_("流动"))):
        marked = int(frame[field].eq(True).sum())
        if marked:
            value = number(ask, marked, "户", rows="sites", narrow={field: "true"})
            parts.append(html.Span([html.Span(t(name)), value], className="key-part"))
    return html.Div(parts, className="key is-wrapped")


PANEL = Panel(
    name="site_risk",
    title=N_("历史点位"),
    side="street",
    tab="sites",
    order=20,
    content=content,
    questions=("sites",),
)
