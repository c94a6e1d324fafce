"""Every Plotly chart: one template made from the design tokens and one graph with a closed config.

A figure is a plain dict (building ``plotly.graph_objects`` costs more than a whole tab may take); a
test proves that each of them is a valid Plotly figure. A trace keeps the names of its colours in
``meta``, so that ``assets/onemap/charts.js`` can recolour a chart in the browser when the theme
changes, without asking the server.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dash import ClientsideFunction, Dash, Input, dcc
from dash import html as tags
from dash.dependencies import ALL

from dashboard.view_state import go

TOKENS = Path(__file__).resolve().parent.parent / "assets" / "onemap" / "tokens.css"
THEMES = ("dark", "light")

CONFIG: Mapping[str, Any] = MappingProxyType(
    {
        "displayModeBar": False,
        "displaylogo": False,
        "showSendToCloud": False,
        "showEditInChartStudio": False,
        "plotlyServerURL": "",
        "showTips": False,
        "scrollZoom": False,
        "doubleClick": "reset",
        "responsive": True,
    }
)
"""What a chart may do: nothing that leaves the machine (Plotly 7 offers its cloud by default)."""

Trace = dict[str, Any]


@cache
def tokens(theme: str) -> Mapping[str, str]:
    """The colours of a theme by token name (``cov-ok``, ``t1``, ...) as the style sheet has them."""
    sheet = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    block = re.compile(rf"\[data-theme=[\"']?{re.escape(theme)}[\"']?\]\s*\{{(.*?)\}}", re.DOTALL)
    found: dict[str, str] = {}
    for body in block.findall(sheet):
        found.update(re.findall(r"--([\w-]+)\s*:\s*(#[0-9A-Fa-f]{3,8})", body))
    if not found:
        raise LookupError(f"{TOKENS.name} has no theme {theme!r}: expected one of {', '.join(THEMES)}")
    return MappingProxyType(found)


@cache
def template(theme: str) -> dict[str, Any]:
    """The one Plotly template of a theme: type, ink, hairlines, hover label, no background."""
    ink = tokens(theme)
    axis = {
        "gridcolor": ink["line"],
        "linecolor": ink["line-2"],
        "tickcolor": ink["line-2"],
        "zerolinecolor": ink["line-2"],
        "tickfont": {"color": ink["t3"]},
        "automargin": True,
        "fixedrange": True,
        "zeroline": False,
    }
    return {
        "layout": {
            "font": {
                "family": "'Barlow Semi Condensed','Barlow','Noto Sans SC Variable','Noto Sans SC',"
                "'Microsoft YaHei',sans-serif",
                "size": 14,
                "color": ink["t2"],
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [ink[name] for name in ("neutral-bar", "accent", "good", "warn", "bad")],
            "margin": {"l": 4, "r": 4, "t": 8, "b": 4},
            "bargap": 0.24,
            "hoverlabel": {
                "bgcolor": ink["raised"],
                "bordercolor": ink["line-2"],
                "font": {"color": ink["t1"]},
                "align": "left",
            },
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"color": ink["t2"]},
            },
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "rangemode": "tozero", "nticks": 5},
        }
    }


def bars(
    theme: str,
    x: Sequence[object],
    y: Sequence[float | int | None],
    colours: str | Sequence[str],
    words: Sequence[str],
    *,
    name: str = "",
    hatched: Sequence[bool] | None = None,
    changes: Sequence[Mapping[str, object]] | None = None,
    lying: bool = False,
) -> Trace:
    """A bar trace.

    Args:
        theme: ``dark`` or ``light``.
        x, y: the bars' places and heights (with ``lying``, their lengths and names' places).
        colours: one token name for all bars, or one for each.
        words: what the hover label says, one text a bar; shown as it is, never as markup.
        name: the legend's text; empty keeps the trace out of the legend.
        hatched: which bars carry the hatch of 从未巡查.
        changes: what a click on each bar changes in the address.
        lying: whether the bars lie.
    """
    ink = tokens(theme)
    single = isinstance(colours, str)
    trace: Trace = {
        "type": "bar",
        "x": list(y if lying else x),
        "y": list(x if lying else y),
        "name": plain(name),
        "showlegend": bool(name),
        "hoverinfo": "text",
        "hovertext": [plain(word) for word in words],
        "textposition": "none",
        "marker": {"color": ink[colours] if single else [ink[c] for c in colours], "line": {"width": 0}},
        "meta": {"colours": colours if single else list(colours)},
    }
    if lying:
        trace["orientation"] = "h"
    if hatched is not None:
        trace["marker"]["pattern"] = {
            "shape": ["/" if hatch else "" for hatch in hatched],
            "fillmode": "replace",
            "size": 6,
            "solidity": 0.4,
        }
    if changes is not None:
        trace["customdata"] = _pressed(changes)
    return trace


def line(
    theme: str,
    x: Sequence[object],
    y: Sequence[float | int | None],
    colour: str,
    words: Sequence[str],
    *,
    name: str = "",
    second_axis: bool = False,
    changes: Sequence[Mapping[str, object]] | None = None,
) -> Trace:
    """A line trace with dots; a missing value is a gap in the line, never a zero.

    ``changes`` is what a click on each dot changes in the address.
    """
    ink = tokens(theme)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(x),
        "y": list(y),
        "name": plain(name),
        "showlegend": bool(name),
        "connectgaps": False,
        "hoverinfo": "text",
        "hovertext": [plain(word) for word in words],
        "line": {"color": ink[colour], "width": 2},
        "marker": {"color": ink[colour], "size": 6},
        "meta": {"colours": colour},
        **({"yaxis": "y2"} if second_axis else {}),
        **({} if changes is None else {"customdata": _pressed(changes)}),
    }


def _pressed(changes: Sequence[Mapping[str, object]]) -> list[str]:
    """What a click on each bar or dot changes in the address, as ``charts.js`` reads it."""
    return [go(**change)["data-go"] for change in changes]


def graph(
    name: str,
    traces: Sequence[Trace],
    *,
    theme: str,
    label: str,
    height_rem: float,
    layout: Mapping[str, Any] | None = None,
) -> tags.Div:
    """A chart on the page.

    Args:
        name: unique on the page; part of the component's id.
        traces: from ``bars`` and ``line``.
        theme: ``dark`` or ``light``.
        label: the chart in one sentence, for those who hear the page.
        height_rem: height in root units, so that the chart grows with the screen.
        layout: what differs from the template.
    """
    figure = {"data": list(traces), "layout": {"template": template(theme), **(layout or {})}}
    chart = dcc.Graph(
        id={"type": "chart", "name": name},
        figure=figure,
        config=dict(CONFIG),
        responsive=True,
        style={"height": "100%", "width": "100%"},
        className="chart-graph",
    )
    return tags.Div(
        chart,
        className="chart",
        role="img",
        style={"height": f"{height_rem}rem"},
        **{"aria-label": label},
    )


def plain(text: str) -> str:
    """A text that Plotly shows letter by letter: its own markup (``<b>``, ``<a>``) is not read."""
    return html.escape(text, quote=False)


def register(app: Dash) -> None:
    """Let a click on a bar change the address (``customdata`` says what), in the browser."""
    app.clientside_callback(
        ClientsideFunction("onemap", "chart_clicked"),
        Input({"type": "chart", "name": ALL}, "clickData"),
        prevent_initial_call=True,
    )
