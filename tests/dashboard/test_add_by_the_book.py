"""Who follows docs/add-a-layer.md and docs/add-a-panel.md to the letter has a layer and a panel."""

import importlib
import re
import sys
from pathlib import Path

import pytest

import dashboard.panels
import layers
from briefing.folium_map import document
from dashboard.plotly_map import area_traces
from rules.language import translator
from tests.town import JULY, ONLY_A, WHOLE

DOCS = Path(__file__).resolve().parents[2] / "docs"


def example(document_name: str) -> str:
    return re.search(r"```python\n(.*?)```", (DOCS / document_name).read_text(encoding="utf-8"), re.DOTALL)[1]


def added(monkeypatch, tmp_path, package, finder, file: str, text: str):
    """Put a file where the finder of a folder looks; taken away with the test."""
    (tmp_path / f"{file}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    finder.cache_clear()


@pytest.fixture
def layer(monkeypatch, tmp_path):
    added(monkeypatch, tmp_path, layers, layers.layers, "leads_received", example("add-a-layer.md"))
    yield layers.layers()["leads_received"]
    sys.modules.pop("layers.leads_received", None)
    layers.layers.cache_clear()


@pytest.fixture
def panel(monkeypatch, tmp_path):
    added(monkeypatch, tmp_path, dashboard.panels, dashboard.panels.panels, "meetings_held", example("add-a-panel.md"))
    yield next(one for one in dashboard.panels.panels() if one.name == "meetings_held")
    sys.modules.pop("dashboard.panels.meetings_held", None)
    dashboard.panels.panels.cache_clear()


def test_the_layer_counts_what_the_register_holds(layer, town):
    frame = layer.ask(town, JULY, WHOLE)
    assert len(frame) == 6
    assert frame["value"].sum() > 0
    assert set(layer.ask(town, JULY, ONLY_A)["feature_id"]) < set(frame["feature_id"])


def test_the_layer_is_drawn_three_ways(layer, town, visitor):
    classes = layer.ask(town, JULY, WHOLE).set_index("feature_id")["class"]
    plotly = area_traces(town, JULY, WHOLE, layer, "dark", translator("zh_CN"))[0]
    assert {code: plotly["meta"]["classes"][at] for code, at in zip(plotly["locations"], plotly["z"], strict=True)} == classes.to_dict()
    assert "期内线索" in document(town, JULY, WHOLE)
    answer = visitor.get("/map/state/leads_received?from=2023-07-01&to=2023-07-31")
    assert answer.status_code == 200
    assert len(answer.data) > 20


def test_the_layer_stands_in_the_switch_of_the_page(layer, visitor):
    assert "期内线索" in visitor.text(visitor.callback("page.children", "/", ""))


def test_the_panel_hangs_in_its_tab_and_opens_its_rows(panel, visitor):
    shown = visitor.agency("?tab_agency=transfers&from=2023-07-01&to=2023-07-31")
    assert "本期召开" in shown
    assert 'rows\\": \\"K10\\"' in shown.replace('\\\\"', '\\"')
