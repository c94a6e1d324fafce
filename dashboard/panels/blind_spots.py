"""巡查盲区: grids where risk is known and nobody came within the cycle, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import body, list_row, listed, more, nothing, records, words_that_open
from dashboard.panels import Panel
from dashboard.place import place
from data_access.blind_spots import blind_spots
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_SHOWN = 6
PARTS = (
    (N_("高风险 · 逾期"), {"risk": "high", "state": "over"}, "bad"), (N_("高风险 · 从未巡查"), {"risk": "high", "state": "never"}, "never"),
    (N_("中风险 · 逾期"), {"risk": "mid", "state": "over"}, "warn"), (N_("中风险 · 从未巡查"), {"risk": "mid", "state": "never"}, "never"),
)  # fmt: skip


def content(ask: Ask) -> tuple[Component, object] | None:
    """How many blind spots by kind, and which; a single grid is shown as the selection."""
    if place(ask).level == "grid":
        return None
    t = ask.t
    frame = ask.get(blind_spots)
    if frame.empty:
        return nothing(t("这个区域还没有网格")), ""
    blind = frame[frame["is_blind"]]
    counts = blind.groupby(["risk", "state"]).size()
    key = [
        html.Span([html.Span(t(words)), number(ask, int(counts.get((narrow["risk"], narrow["state"]), 0)), rows="blind_spots", narrow=narrow, tone=tone)],
                  className="key-part")
        for words, narrow, tone in PARTS
    ]  # fmt: skip
    lines = [_line(ask, row) for row in records(blind.head(MOST_SHOWN))]
    if not lines:
        risky = frame["risk"].isin(["high", "mid"]).any()
        lines = [html.P(t("有中高风险的网格都在周期内去过") if risky else t("没有已知中高风险的网格"), className="hint")]
    aside = words_that_open(t("{n} 个网格", n=number_text.count(len(blind), ask.lang)), "blind_spots", {"is_blind": "true"})
    return body(html.Div(key, className="key is-wrapped"), *lines, more(ask, len(lines), len(blind), "blind_spots", {"is_blind": "true"})), aside


def _line(ask: Ask, row: dict) -> Component:
    t = ask.t
    known = listed((
        t("未消除点位 {n}", n=row["sites"]) if row["sites"] else "", t("近期线索 {n}", n=row["leads"]) if row["leads"] else "",
    ))  # fmt: skip
    never = row["state"] == "never"
    late = t("从未巡查") if never else t("{n} 天未巡查", n=number_text.count(row["days"], ask.lang))
    what = listed((ask.name(row["code"]), ask.words("risk", row["risk"])))
    return list_row(what, known, late, tone="never" if never else "bad", changes={"select": f"grid:{row['code']}"})


PANEL = Panel(
    name="blind_spots",
    title=N_("巡查盲区"),
    side="street",
    tab="blind",
    order=40,
    content=content,
    questions=("blind_spots",),
)
