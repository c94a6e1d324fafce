"""What the map's module is told once: both languages, addresses by scope, legal words, a background map."""

import json

import pytest

from dashboard.map_view import basemap_address, map_settings
from dashboard.question import Notices
from layers import layers
from tests.town import STREET_A


@pytest.fixture
def served(visit):
    return visit().app.context


def settings(served, search="", **options):
    return map_settings(served.ask(search), **options)


def test_every_layer_is_told_with_its_words_in_both_languages(served):
    found = settings(served)
    assert [layer["name"] for layer in found["layers"]] == list(layers())
    for words in found["words"].values():
        assert [layer["name"] for layer in words["layers"]] == list(layers())
        for layer, told in zip(layers().values(), words["layers"], strict=True):
            assert len(told["classes"]) == len(layer.classes)


def test_a_wall_asks_under_the_shared_address_and_looks_dark(served):
    assert settings(served)["base"] == "/map/"
    wall = settings(served, "?theme=light", wall=True)
    assert (wall["base"], wall["theme"]) == ("/map/shared/", "dark")


def test_the_first_view_is_the_area_of_the_url_within_the_whole(served):
    found = settings(served, f"?area={STREET_A}")
    assert found["box"] == pytest.approx([121.0, 31.0, 121.02, 31.02])
    assert found["bounds"] == pytest.approx([121.0, 31.0, 121.04, 31.02])
    assert found["drawn"] == ["district", "grid", "neighbourhood", "street"]


def test_legal_words_stand_beside_the_map(visit):
    served = visit(demo=True, notices=Notices("示例（2023）001号", "示例来源", "界线为示意")).app.context
    assert settings(served)["notices"]["zh_CN"] == ["审图号：示例（2023）001号", "底图来源：示例来源", "界线为示意", "演示数据"]


def test_what_is_told_is_plain_json(served):
    assert json.loads(json.dumps(settings(served)))


@pytest.mark.parametrize(
    ("setting", "address"),
    [("", None), ("/tiles/{z}/{x}/{y}.png", "/tiles/{z}/{x}/{y}.png"), ("wmts:https://m/{z}/{y}/{x}", "https://m/{z}/{y}/{x}"),
     ("/data/district.mbtiles", None)],
)  # fmt: skip
def test_a_basemap_is_an_address_pattern(setting, address):
    assert basemap_address(setting) == address


@pytest.mark.parametrize(
    ("setting", "allowed"), [("", "connect-src 'self';"), ("https://m.example:8443/{z}/{x}/{y}.png", "connect-src 'self' https://m.example:8443;")]
)
def test_the_content_policy_lets_in_the_basemap_that_is_set_and_nothing_else(visit, setting, allowed):
    policy = visit(basemap=setting).get("/").headers["Content-Security-Policy"]
    assert allowed in policy


def test_a_tianditu_key_becomes_its_address_and_cannot_break_out_of_it():
    found = basemap_address("tianditu:a&b{z}")
    assert found.endswith("&tk=a%26b%7Bz%7D")
    assert "{z}" in found.split("&tk=")[0]
