"""街镇巡查率: every street, or every 村居 of a street, on one line with the target; a press drills down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import ratio
from dashboard.marks import body, coverage_tone, dot_track, nothing, records
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.coverage import coverage
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_STREETS = 16
MOST_NEIGHBOURHOODS = 5
LOWEST_SHOWN = 0.70


def content(ask: Ask) -> tuple[Component, object] | None:
    here = place(ask)
    if here.level == "district":
        return _streets(ask)
    if here.level == "grid":
        return None
    return _neighbourhoods(ask, here.street, here.neighbourhood)


def _streets(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.with_(area=None).get(coverage, by="street")
    frame = frame[frame["grids"] > 0].sort_values(["coverage", "grids"], ascending=False)
    if frame.empty:
        return nothing(t("还没有街镇的网格"), t("导入街镇和网格边界后显示排名")), ""
    shown = frame if len(frame) <= MOST_STREETS else frame.tail(MOST_STREETS)
    rows = [_row(ask, row, frame) for row in records(shown)]
    return body(*rows, kind="ranking"), _aside(ask)


def _neighbourhoods(ask: Ask, street: str | None, chosen: str | None) -> tuple[Component, object]:
    t = ask.t
    frame = ask.with_(area=street).get(coverage, by="neighbourhood")
    frame = frame[frame["grids"] > 0].sort_values(["coverage", "grids"], ascending=[True, False])
    if frame.empty:
        return nothing(t("这个街镇没有村居的网格")), ""
    shown = frame.head(MOST_NEIGHBOURHOODS)
    if chosen is not None and chosen not in set(shown["code"]):
        shown = frame[frame["code"].isin([*shown["code"][:-1], chosen])]
    rows = [_row(ask, row, frame, chosen) for row in records(shown)]
    aside = t("{n} 个村居中最低的 {shown} 个", n=len(frame), shown=len(shown))
    return body(*rows, kind="ranking is-neighbourhoods"), aside


def _row(ask: Ask, row: dict[str, object], frame: pd.DataFrame, chosen: str | None = None) -> Component:
    low = min(LOWEST_SHOWN, float(frame["coverage"].min()) // 0.1 / 10)
    tone = coverage_tone(ask, row["coverage"])
    head = html.Button(
        [
            html.Span(ask.name(row["code"]), className="rank-name"),
            dot_track(row["coverage"], ask.context.target, low),
        ],
        type="button",
        className="rank-head",
        **go(area=row["code"], select=None),
    )
    value = ratio(ask, row["n"], row["grids"], rows="grids", narrow={"area": row["code"]}, tone=tone, size="row")
    classes = ["rank-row", f"is-{tone}" if tone else "", "is-set" if row["code"] == chosen else ""]
    return html.Div([head, value], className=" ".join(filter(None, classes)))


def _aside(ask: Ask) -> str:
    return ask.t("目标 {target}%", target=number_text.percent(ask.context.target).removesuffix(".0"))


PANEL = Panel(
    name="ranking",
    title=N_("巡查率排名"),
    side="street",
    tab="coverage",
    order=20,
    content=content,
    questions=("coverage",),
)
