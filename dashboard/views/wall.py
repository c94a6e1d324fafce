"""The wall: the overview without controls for a briefing room, which keeps itself current for weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Input, Output, State, html, no_update

from dashboard import number_text, wall_regions
from dashboard.column import LABELS
from dashboard.header import title
from dashboard.live import STORE, pulse_area
from dashboard.map_view import map_area
from dashboard.markup import as_markup
from dashboard.problems import reported
from dashboard.states import failed
from dashboard.views import View
from data_access.database import DatabaseProblem
from data_access.versions import revision
from rules.language import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

REGIONS: tuple[tuple[str, str, str, Callable[..., Component]], ...] = (
    ("kpis", "", N_("主要数字"), wall_regions.headlines),
    ("ring", "left", N_("网格按期巡查率"), wall_regions.coverage_ring),
    ("ranking", "left", N_("街镇巡查率"), wall_regions.street_ranking),
    ("cases", "right", N_("在办案件"), wall_regions.open_cases),
    ("places", "right", N_("重点场所巡查率"), wall_regions.key_places),
    ("agencies", "right", N_("出动执法人员"), wall_regions.agencies),
    ("alerts", "", N_("提醒"), wall_regions.alerts),
    ("sources", "", N_("数据来源"), wall_regions.sources_line),
)
"""(id, column, what it is, how it is drawn), for the regions that ask nothing but the wall's question."""

STRIP = ("strip", N_("行动进展"))


def layout(ask: Ask) -> Component:
    """The whole wall for the question of now."""
    asked, campaign = wall_regions.wall_question(wall_regions.merged(ask))
    drawn = {name: html.Div(_drawn(asked, what, draw), id=f"wall-{name}", className=f"wall-region wall-{name}-region")
             for name, _, what, draw in REGIONS}
    strip = html.Div(_strip(asked, campaign), id="wall-strip")
    columns = {
        side: html.Aside([drawn[name] for name, at, _, _ in REGIONS if at == side], className="wall-column", **{"aria-label": ask.t(label)})
        for side, label in (("left", LABELS["street"]), ("right", LABELS["agency"]))
    }
    return html.Main(
        [
            html.Div(map_area(asked, wall=True), className="wall-map"),
            html.Div(className="wall-scrim"),
            html.Div(
                [
                    _head(asked),
                    drawn["kpis"],
                    columns["left"],
                    html.Div(strip, className="wall-middle"),
                    columns["right"],
                    html.Footer([drawn["alerts"], drawn["sources"]], className="wall-foot"),
                ],
                className="wall-stage",
            ),
            pulse_area(ask),
        ],
        className="wall",
    )


def register(app: Dash, context: Context) -> None:
    """Draw every region again when the revision changes; a region that fails keeps its last good data."""

    @app.callback(
        [Output(f"wall-{name}", "children") for name, *_ in REGIONS] + [Output("wall-strip", "children"), Output("wall-head", "children")],
        Input(STORE, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def draw(told: object, search: str | None) -> list[object]:
        asked, campaign = wall_regions.wall_question(wall_regions.merged(context.ask(search or "")))
        regions = [_drawn(asked, what, draw_region, keep=True) for _, _, what, draw_region in REGIONS]
        return [*regions, _strip(asked, campaign, keep=True), _head_content(asked, str(told))]

    app.clientside_callback(
        ClientsideFunction("onemap_wall", "steady"), Output("wall-clock", "title"), Input("wall-clock", "id")
    )


def _head(ask: Ask) -> Component:
    shown = revision(ask.database, ask.scope.district, ask.today)
    return html.Header(_head_content(ask, shown), id="wall-head", className="wall-head")


def _head_content(ask: Ask, drawn: str) -> list[Component]:
    """The head's parts; ``drawn`` tells the browser which revision this answers (wall.js waits for it)."""
    t = ask.t
    period = number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    marks = [html.Span(t("演示数据 非公文"), className="demo")] if ask.context.demo else []
    return [
        html.Div([html.Span(period, className="num"), *marks], className="wall-period", **{"data-drawn": drawn}),
        html.H1(title(ask)),
        html.Div(
            [
                html.Span(number_text.long_day_text(ask.filters.as_of, ask.lang)),
                html.Span(f"{ask.now:%H:%M}", id="wall-clock", className="num"),
            ],
            className="wall-clock",
        ),
    ]


def _drawn(ask: Ask, what: str, draw: Callable[[Ask], Component], *, keep: bool = False) -> object:
    return _safely(ask, what, lambda: draw(ask), keep)


def _strip(ask: Ask, campaign: pd.Series | None, *, keep: bool = False) -> object:
    return _safely(ask, STRIP[1], lambda: wall_regions.campaign_strip(ask, campaign), keep)


def _safely(ask: Ask, what: str, draw: Callable[[], Component], keep: bool) -> object:
    """A region, or in its place the reason; with ``keep`` what is on the screen stays."""
    try:
        return as_markup(draw())
    except DatabaseProblem:
        raise
    except Exception as error:
        reference = reported(error, region=what)
        return no_update if keep else failed(ask.t, ask.t(what), reference)


VIEW = View(path="/wall", name="wall", title=N_("大屏"), layout=layout, register=register, theme="dark")
