"""Charts are valid Plotly figures with one template, a closed configuration and colours that follow the theme."""

import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from dash import Dash, dcc
from flask import Flask

from dashboard import charts
from dashboard.answers import Answers
from dashboard.door import demo_actor
from dashboard.panels import panels
from dashboard.question import Context
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import of_class, walk, wire
from tests.town import WHOLE

SCRIPT = Path(charts.__file__).resolve().parent.parent / "assets" / "onemap" / "charts.js"


@pytest.fixture(scope="module")
def context(town, tmp_path_factory):
    answers = Answers("memory://")
    answers.start(Flask(__name__))
    actor = demo_actor(WHOLE)
    return Context(
        database=town, answers=answers, clock=lambda: NOW, actor_of=lambda: actor, folder=tmp_path_factory.mktemp("made")
    )


@pytest.fixture(scope="module")
def graphs(context):
    """Every graph of every panel over the town, by theme."""
    found = {}
    for theme in charts.THEMES:
        ask = context.ask(f"?theme={theme}")
        found[theme] = [part for panel in panels() for part in walk(panel.content(ask)) if isinstance(part, dcc.Graph)]
    return found


def test_trend_intervals_and_agencies_are_charts(graphs):
    assert {graph.id["name"] for graph in graphs["dark"]} == {"trend", "months", "coverage_trend", "intervals", "agency_chart"}


@pytest.mark.parametrize("theme", charts.THEMES)
def test_every_figure_is_valid(theme, graphs):
    for graph in graphs[theme]:
        made = go.Figure(json.loads(wire(graph.figure)))
        assert len(made.data) >= 1


@pytest.mark.parametrize("theme", charts.THEMES)
def test_every_figure_has_the_template_of_its_theme(theme, graphs):
    for graph in graphs[theme]:
        assert graph.figure["layout"]["template"] == charts.template(theme)


def test_no_chart_can_send_anything_anywhere(graphs):
    for graph in graphs["dark"]:
        assert graph.config["showSendToCloud"] is False
        assert graph.config["showEditInChartStudio"] is False
        assert graph.config["plotlyServerURL"] == ""
        assert graph.config["displaylogo"] is False
        assert graph.config["displayModeBar"] is False


def test_both_themes_have_the_same_tokens():
    dark, light = (charts.tokens(theme) for theme in charts.THEMES)
    assert dark.keys() == light.keys()
    assert dark["bg"] == "#0A0F14"
    assert light["bg"] == "#F3F5F4"


def test_an_unknown_theme_is_refused():
    with pytest.raises(LookupError, match="sepia"):
        charts.tokens("sepia")


@pytest.mark.parametrize("theme", charts.THEMES)
def test_a_trace_names_the_tokens_of_its_colours(theme, graphs):
    ink = charts.tokens(theme)
    for graph in graphs[theme]:
        for trace in graph.figure["data"]:
            names = trace["meta"]["colours"]
            colours = trace["marker"]["color"]
            if isinstance(names, str):
                assert colours == ink[names]
            else:
                assert list(colours) == [ink[name] for name in names]


@pytest.mark.parametrize("theme", charts.THEMES)
def test_lines_across_a_chart_name_their_tokens(theme, graphs):
    ink = charts.tokens(theme)
    for graph in graphs[theme]:
        for shape in graph.figure["layout"].get("shapes", []):
            assert shape["line"]["color"] == ink[shape["name"]]


def test_a_label_shows_markup_letter_by_letter():
    trace = charts.bars("dark", ["a"], [1], "t1", ["<a href='javascript:alert(1)'>x</a> & y"], name="<b>n</b>")
    assert trace["hovertext"] == ["&lt;a href='javascript:alert(1)'&gt;x&lt;/a&gt; &amp; y"]
    assert trace["name"] == "&lt;b&gt;n&lt;/b&gt;"


def test_only_the_never_visited_are_hatched(graphs):
    (chart,) = [graph for graph in graphs["dark"] if graph.id["name"] == "intervals"]
    (trace,) = chart.figure["data"]
    hatched = [name for name, shape in zip(trace["meta"]["colours"], trace["marker"]["pattern"]["shape"], strict=True) if shape]
    assert hatched == ["cov-never"]


def test_lying_bars_carry_names_and_lengths_the_right_way_round():
    trace = charts.bars("dark", ["卫生监督"], [4], "t1", ["w"], lying=True, changes=[{"system": "health"}])
    assert (trace["x"], trace["y"], trace["orientation"]) == ([4], ["卫生监督"], "h")
    assert json.loads(trace["customdata"][0]) == {"system": "health"}


def test_a_gap_in_a_line_stays_a_gap():
    trace = charts.line("dark", ["a", "b"], [1, None], "good", ["", ""])
    assert trace["y"] == [1, None]
    assert trace["connectgaps"] is False


def test_a_chart_is_said_in_one_sentence(context):
    ask = context.ask("")
    for panel in panels():
        for box in of_class(panel.content(ask), "chart"):
            assert len(box.to_plotly_json()["props"]["aria-label"]) > 5


def test_a_click_is_answered_in_the_browser_alone():
    app = Dash("charts")
    charts.register(app)
    (callback,) = app._callback_list
    assert callback["clientside_function"] == {"namespace": "onemap", "function_name": "chart_clicked"}
    assert "chart_clicked" in SCRIPT.read_text("utf-8")


def test_the_script_recolours_by_the_names_the_server_sends():
    script = SCRIPT.read_text("utf-8")
    assert "meta.colours" in script
    assert re.search(r"shape\.name", script)
