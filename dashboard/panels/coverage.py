"""网格按期巡查率: how much of the area was visited within the cycle, and what is missing to the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number, ratio, swatch
from dashboard.marks import (
    GRID_STATES,
    body,
    coverage_tone,
    fact,
    facts,
    nothing,
    stack,
    words_that_open,
)
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.coverage import coverage
from rules.language import N_
from rules.request import DEFAULT_CYCLE_DAYS

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask


def content(ask: Ask) -> tuple[Component, object] | None:
    """The rate of the area asked about; a single grid has no rate and is shown as the selection."""
    t = ask.t
    if place(ask).level == "grid":
        return None
    streets = ask.with_(area=None).get(coverage, by="street")
    own = _own(ask, streets)
    if own.empty or not own["grids"].iloc[0]:
        return nothing(t("这个区域还没有网格"), t("导入网格边界后显示按期巡查率")), t("0 个网格")
    row = own.iloc[0]
    return body(_headline(ask, row, streets), *_states(ask, row), _beside(ask, row)), _aside(ask, row, streets)


def _own(ask: Ask, streets: pd.DataFrame) -> pd.DataFrame:
    """One row, or none: the district's, the street's or the 村居's."""
    here = place(ask)
    if here.level == "district":
        return ask.with_(area=None).get(coverage, by="district")
    if here.level == "neighbourhood":
        beside = ask.with_(area=here.street).get(coverage, by="neighbourhood")
        return beside[beside["code"] == here.code]
    return streets[streets["code"] == here.street]


def _headline(ask: Ask, row: pd.Series, streets: pd.DataFrame) -> Component:
    t, target = ask.t, number_text.percent(ask.context.target).removesuffix(".0")
    missing = int(row["missing_to_target"])
    sentences = [_compared(ask, row, streets)]
    if missing:
        before, after = t("还差|个网格达 {target}%", target=target).split("|")
        open_card = go(card="missing_to_target", rows=None, narrow=None)
        count = html.Button(html.B(number_text.count(missing), className="num"), type="button", className="number-value", **open_card)
        sentences.append([before, count, after])
    else:
        sentences.append(t("已达 {target}% 目标", target=target))
    sentences.append(_cycle(ask))
    return html.Div(
        [
            ratio(ask, row["n"], row["grids"], rows="grids", card="coverage", size="big", tone=coverage_tone(ask, row["coverage"])),
            html.Div([html.P(sentence) for sentence in sentences if sentence], className="headline-words"),
        ],
        className="headline",
    )


def _compared(ask: Ask, row: pd.Series, streets: pd.DataFrame) -> list[object] | None:
    """低于全区 91.1 %, once something smaller than the district is asked for."""
    if place(ask).level == "district" or not streets["grids"].sum():
        return None
    whole = streets["n"].sum() / streets["grids"].sum()
    here, there = number_text.percent(row["coverage"]), number_text.percent(whole)
    words = ask.t("与全区持平") if here == there else ask.t("低于全区") if row["coverage"] < whole else ask.t("高于全区")
    return [words, " ", html.B(f"{there}%", className="num")]


def _states(ask: Ask, row: pd.Series) -> tuple[Component, Component]:
    names = {state: ask.t(name) for state, name in GRID_STATES.items()}
    parts = [(f"cov-{state}", row[state], f"{names[state]} {int(row[state])}") for state in GRID_STATES]
    tones = {"over": "bad", "never": "never"}
    key = [
        html.Span(
            [
                swatch(f"cov-{state}"), html.Span(names[state]),
                number(ask, row[state], rows="grids", narrow={"state": state}, tone=tones.get(state) if row[state] else None),
            ],
            className="key-part",
        )
        for state in GRID_STATES
    ]
    return stack(parts), html.Div(key, className="key")


def _beside(ask: Ask, row: pd.Series) -> Component:
    """One visit does not cover a grid: what else must be looked at beside the rate (DESIGN 12)."""
    t = ask.t
    return facts(
        fact(t("期内巡查率"), ratio(ask, row["visited_in_period"], row["grids"], rows="grids", card="period_coverage", size="stat")),
        fact(t("重点场所巡查率"), ratio(ask, row["key_n"], row["key_N"], rows="key_places", card="key_coverage", size="stat")),
        fact(t("每网格"), number(ask, row["visits_per_grid"], "户次", rows="K1", narrow={"category": "*", "premises": "*"}, card="visits_per_grid", size="stat")),
    )


def _cycle(ask: Ask) -> str:
    days = ask.filters.cycle_days
    return ask.t("周期 {n} 天（本系统默认）", n=days) if days == DEFAULT_CYCLE_DAYS else ask.t("周期 {n} 天", n=days)


def _aside(ask: Ask, row: pd.Series, streets: pd.DataFrame) -> object:
    here = place(ask)
    if here.level == "street":
        found = streets.loc[streets["code"] == here.code, "rank"]
        if len(found) and not number_text.is_missing(found.iloc[0]):
            return ask.t("{n} 个街镇中第 {rank}", n=len(streets), rank=int(found.iloc[0]))
    return words_that_open(ask.t("{n} 个网格", n=number_text.count(row["grids"], ask.lang)), "grids")


PANEL = Panel(
    name="coverage",
    title=N_("网格按期巡查率"),
    side="street",
    tab="coverage",
    order=10,
    content=content,
    questions=("coverage",),
)
