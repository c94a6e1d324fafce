"""The map that leaves the house holds what the screen holds, nothing personal, and loads nothing."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import update

from briefing.folium_map import document, write_map
from briefing.folium_page import POLICY
from dashboard.plotly_map import area_traces, point_traces
from data_access.areas import areas
from data_access.schema import FACTS
from layers import NEUTRAL, layers, placed
from rules.language import Refusal, translator
from tests.town import JULY, ONLY_A, STREET_A, WHOLE, build_town

T = translator("zh_CN")


@pytest.fixture(scope="module")
def page(town) -> str:
    return document(town, JULY, WHOLE, notices=("界线为示意",))


def collections(page: str) -> list[dict]:
    """Every GeoJSON collection that the file draws."""
    found = re.findall(r"_add\((\{\"features\".*?\}|\{.*?\"FeatureCollection\".*?\})\);\n", page)
    return [json.loads(one) for one in found]


def test_the_file_loads_nothing_from_anywhere(page):
    assert f'content="{POLICY}"' in page
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?!data:)", page)
    assert not re.search(r"url\((?!data:|#|&quot;#)", re.sub(r"<script.*?</script>", "", page, flags=re.S))
    assert "inline:" not in page


@pytest.mark.parametrize("name", [name for name, layer in layers().items() if not layer.is_point])
def test_areas_have_the_same_classes_and_values_on_all_three_maps(town, page, name):
    layer = layers()[name]
    frame = layer.ask(town, JULY, WHOLE).set_index("feature_id")
    plotly = area_traces(town, JULY, WHOLE, layer, "light", T)[0]
    of_plotly = {code: plotly["meta"]["classes"][at] if at < len(plotly["meta"]["classes"]) else NEUTRAL
                 for code, at in zip(plotly["locations"], plotly["z"], strict=True)}
    drawn = [one for one in collections(page) if {f.get("id") for f in one["features"]} == set(of_plotly)]
    of_folium = [{f["id"]: f["properties"]["class"] for f in one["features"]} for one in drawn]
    expected = {code: frame["class"].get(code, NEUTRAL) for code in of_plotly}
    assert of_plotly == expected
    assert expected in of_folium
    values = {code: frame["value"].get(code) for code in of_plotly}
    mine = drawn[of_folium.index(expected)]
    for feature in mine["features"]:
        value = values[feature["id"]]
        assert feature["properties"]["value"] == (None if value is None or pd.isna(value) else float(value))


@pytest.mark.parametrize("name", [name for name, layer in layers().items() if layer.is_point])
def test_points_stand_at_the_same_places_on_folium_and_plotly(town, page, name):
    layer = layers()[name]
    frame = placed(layer, town, JULY, WHOLE)
    plotly = {(x, y) for trace in point_traces(town, JULY, WHOLE, layer, "light", T)
              for x, y in zip(trace["lon"], trace["lat"], strict=True)}
    assert plotly == set(zip(frame["lon"], frame["lat"], strict=True))
    for lon, lat in plotly:
        assert f"[{lat}, {lon}]" in page


def test_a_street_gets_a_file_with_its_own_rows_only(town):
    page = document(town, JULY, ONLY_A)
    for layer in layers().values():
        if layer.is_point:
            every = placed(layer, town, JULY, WHOLE)
            outside = every[every["street_code"] != STREET_A]
            for lon, lat in zip(outside["lon"], outside["lat"], strict=True):
                assert f"[{lat}, {lon}]" not in page


def test_without_exact_points_no_true_coordinate_is_in_the_file(town):
    page = document(town, JULY, replace(WHOLE, exact_points=False))
    known = areas(town, WHOLE, JULY.as_of)
    labels = set(zip(known["label_lon"], known["label_lat"], strict=True))
    for layer in layers().values():
        if layer.is_point:
            for lon, lat in placed(layer, town, JULY, WHOLE)[["lon", "lat"]].to_numpy():
                assert (lon, lat) in labels or f"[{lat}, {lon}]" not in page


def test_the_file_says_what_it_is_and_until_when(page):
    assert "截至 2023-07-31，期间 2023-07-01 至 2023-07-31" in page
    assert "界线为示意" in page


def test_hostile_words_stay_words(town):
    page = document(town, JULY, WHOLE, notices=('<script>alert("x")</script>',))
    assert "<script>alert(" not in page


def test_english_has_no_chinese_class_names(town):
    page = document(town, JULY, WHOLE, "en")
    for layer in layers().values():
        for one in layer.classes:
            assert not re.search("[一-鿿]", one.label) or f">{one.label}<" not in page


def test_the_file_is_written_whole(town, tmp_path):
    path = write_map(town, JULY, WHOLE, tmp_path / "deep" / "map.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert list(path.parent.iterdir()) == [path]


def test_a_district_without_boundaries_is_told_what_to_import(sqlite_database, tmp_path):
    with pytest.raises(Refusal, match="边界"):
        write_map(sqlite_database, JULY, WHOLE, tmp_path / "map.html")


def test_no_imported_name_is_run_as_a_script(sqlite_database):
    build_town(sqlite_database)
    evil = "{{ 77771 * 3 }}{% nothing %}甲${window.ran=1}\\\\`+(window.ran=2)+`</script>"
    with sqlite_database.write() as connection:
        connection.execute(update(FACTS["area"]).values(name=evil))
        connection.execute(update(FACTS["agency"]).values(name=evil))
    made = document(sqlite_database, JULY, WHOLE)
    assert "233313" not in made
    literals = re.findall(r"\$\((`.*?`)\)\[0\]", made, re.S)
    assert len(literals) > 5
    assert any("window.ran" in literal for literal in literals)
    for literal in literals:
        assert not re.search(r"[`$\\]", literal[1:-1])
