"""The map over HTTP: what crosses the wire, for whom, how often, and what happens to nonsense."""

import gzip
import json

import pytest

from dashboard.map_wire import ABSENT, unpacked
from data_access.areas import fids
from layers import layers
from tests.town import JULY, ONLY_A, STREET_A, WHOLE

PERIOD = "from=2023-07-01&to=2023-07-31"


def taken(response):
    assert response.status_code == 200, response.get_data(as_text=True)[:300]
    return unpacked(gzip.decompress(response.data))


def classes(visitor, layer, query=PERIOD):
    head, arrays = taken(visitor.get(f"/map/state/{layer}?{query}"))
    keys = [one.key for one in layers()[layer].classes]
    return head, [None if cls == ABSENT else keys[cls] for cls in arrays["class"]]


def codes(database, level):
    known = fids(database, WHOLE, JULY.as_of)
    return known[known["level"] == level]


def test_states_come_in_the_order_of_the_fids(visitor, town_database):
    head, found = classes(visitor, "grid_state")
    level = codes(town_database, "grid")
    assert head["first"] == level["fid"].iloc[0]
    assert dict(zip(level["code"], found, strict=True)) == {
        "DJ-001": "ok", "DJ-002": "due", "DJ-003": "over", "DJ-004": "ok", "XZ-001": "over", "XZ-002": "never",
    }  # fmt: skip


def test_outside_the_scope_and_outside_the_area_asked_about_is_absent(visit, visitor, town_database):
    level = codes(town_database, "grid")["code"].tolist()
    mine = [code.startswith("DJ") for code in level]
    _, of_scope = classes(visit(ONLY_A), "grid_state")
    _, of_area = classes(visitor, "grid_state", f"{PERIOD}&area={STREET_A}")
    assert [one is not None for one in of_scope] == mine
    assert of_area == of_scope


def test_two_people_over_one_cache_never_see_each_other(visit):
    one, other = visit(WHOLE), visit(ONLY_A)
    seen = [classes(who, "grid_state")[1].count(None) for who in (one, other, one, other)]
    assert seen == [0, 2, 0, 2]


def test_an_unchanged_answer_is_304(visitor):
    first = visitor.get(f"/map/state/grid_state?{PERIOD}")
    again = visitor.get(f"/map/state/grid_state?{PERIOD}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    assert first.headers["Content-Encoding"] == "gzip"


def test_points_follow_the_order_of_their_places(visitor):
    head, arrays = taken(visitor.get(f"/map/points?layers=sites,cases&{PERIOD}"))
    places = json.loads(gzip.decompress(visitor.get("/map/places?layers=sites,cases").data))["layers"]
    keys = [one.key for one in layers()["sites"].classes]
    assert head["layers"]["sites"]["places"] == places["sites"]["version"]
    assert dict(zip(places["sites"]["ids"], [keys[cls] for cls in arrays["sites.class"]], strict=True)) == {
        "site-S1": "high_active", "site-S2": "mid", "site-S3": "ungraded", "site-S4": "cleared", "site-S5": "ungraded",
    }  # fmt: skip
    shown = [at for at, cls in enumerate(arrays["cases.class"]) if cls != ABSENT]
    labels = dict(zip([places["cases"]["ids"][at] for at in shown], head["layers"]["cases"]["labels"], strict=True))
    assert labels == {"case-A1": "1", "case-A2": "69", "case-A5": "10"}


def test_places_do_not_change_with_the_period(visitor):
    july = taken(visitor.get(f"/map/points?layers=sites&{PERIOD}"))[0]
    march = taken(visitor.get("/map/points?layers=sites&from=2023-03-01&to=2023-03-31&as_of=2023-03-31"))
    assert march[0]["layers"]["sites"]["places"] == july["layers"]["sites"]["places"]
    assert (march[1]["sites.class"] == ABSENT).any()


def test_a_street_gets_every_street_total_and_only_its_own_points(visit):
    _, arrays = taken(visit(ONLY_A).get(f"/map/points?layers=sites&{PERIOD}"))
    assert arrays["streets.value"].tolist() == [750, 0]
    assert len(arrays["sites.class"]) == 2


def test_no_true_coordinate_and_no_id_leaves_for_a_shared_screen(visitor):
    head, arrays = taken(visitor.get(f"/map/shared/points?{PERIOD}"))
    assert head["merged"] is True
    assert arrays["sites.count"].sum() == 5
    assert json.loads(gzip.decompress(visitor.get("/map/shared/places").data)) == {"layers": {}}
    assert b"site-S" not in gzip.decompress(visitor.get(f"/map/shared/points?{PERIOD}").data)


def test_on_a_shared_screen_a_case_is_told_by_its_street_alone(visitor, town_database):
    _, arrays = taken(visitor.get(f"/map/shared/points?layers=cases&{PERIOD}"))
    streets = codes(town_database, "street")["fid"].tolist()
    assert set(arrays["cases.at"].tolist()) <= set(streets)
    assert arrays["cases.count"].sum() == 3


def test_the_register_of_areas_is_kept_for_ever_under_its_version(visitor):
    version = classes(visitor, "grid_state")[0]["geometry"]
    response = visitor.get(f"/map/areas/{version}?as_of=2023-07-31")
    head, arrays = taken(response)
    assert "immutable" in response.headers["Cache-Control"]
    assert head["codes"][-1] == "XZ-002"
    west = arrays["west"][-1] / 1_000_000 - 180
    assert west == pytest.approx(121.03)
    assert "immutable" not in visitor.get("/map/areas/0123456789abcdef").headers["Cache-Control"]


def test_the_geometry_version_follows_the_day(visitor):
    now = classes(visitor, "grid_state")[0]["geometry"]
    before = classes(visitor, "grid_state", "as_of=2022-12-31&from=2022-12-01&to=2022-12-31")
    assert before[0]["geometry"] != now
    assert len(before[1]) == 5


def test_a_tile_is_kept_for_ever_and_an_empty_or_unknown_one_is_204(visitor):
    version = classes(visitor, "grid_state")[0]["geometry"]
    tile = visitor.get(f"/map/tiles/{version}/10/856/419.pbf")
    assert tile.status_code == 200
    assert "immutable" in tile.headers["Cache-Control"]
    for path in (f"{version}/10/0/0", f"{version}/10/999999/1", f"{version}/99/1/1", f"{version}/x/y/z", "0123456789abcdef/1/1/1", "..%2f..%2fetc/1/1/1"):
        empty = visitor.get(f"/map/tiles/{path}.pbf")
        assert empty.status_code in {204, 404}, path
    assert "immutable" not in visitor.get("/map/tiles/0123456789abcdef/1/1/1.pbf").headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    ["/map/state/nothing", "/map/state/sites", "/map/points?layers=nothing", "/map/points?layers=grid_state", "/map/places?layers=x",
     "/map/state/grid_state?from=yesterday", "/map/state/grid_state?from=2023-07-31&to=2023-07-01", "/map/state/grid_state?cycle=0",
     "/map/state/grid_state?area=%27%3Bdrop", "/map/table/nothing", "/map/table/grid_state?page=-1", "/map/table/grid_state?page=99",
     "/map/table/grid_state?sort=secret", "/map/state/grid_state?known_at=2023-07-01T00:00", "/map/outlines/1/planet.geojson"],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_400_with_one_sentence(visitor, path):
    response = visitor.get(path)
    assert response.status_code == 400, response.get_data(as_text=True)[:200]
    assert response.json["error"]


@pytest.mark.parametrize("name", sorted(layers()))
def test_every_layer_has_a_table_with_the_same_rows(visitor, town_database, name):
    table = visitor.get(f"/map/table/{name}?{PERIOD}").json
    frame = layers()[name].ask(town_database, JULY, WHOLE)
    assert table["total"] == len(frame) == len(table["rows"])
    assert {row["select"].split(":", 1)[1] for row in table["rows"]} == set(frame["feature_id"])
    assert all(len(row["cells"]) == len(table["columns"]) for row in table["rows"])
    assert not any(cell in {"nan", "NaT", "None", "<NA>"} for row in table["rows"] for cell in row["cells"])


def test_a_table_puts_what_needs_somebody_first_and_sorts_when_asked(visitor):
    first = [row["cells"][0] for row in visitor.get(f"/map/table/grid_state?{PERIOD}").json["rows"]]
    assert first[:2] == ["DJ-003", "XZ-001"]
    by_days = visitor.get(f"/map/table/grid_state?{PERIOD}&sort=value&down=0").json["rows"]
    assert [row["cells"][0] for row in by_days][:3] == ["DJ-004", "DJ-001", "DJ-002"]


def test_a_table_speaks_english_when_asked(visitor):
    table = visitor.get(f"/map/table/cases?{PERIOD}&lang=en").json
    text = json.dumps(table, ensure_ascii=False)
    assert table["columns"][1]["header"].isascii()
    assert "Unlicensed" in text or "unlicensed" in text.lower()
