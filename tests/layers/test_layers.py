"""Every layer keeps what it declares, for every scope and for an empty district; the town's classes by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from layers import COLORS, BrokenLayer, Layer, LayerClass, layers, paints, points
from rules.vocabulary import TABLES
from tests.town import JULY, ONLY_A, POLICE, STREET_A, WHOLE

EVERY = sorted(layers())


def classes(town, name, filters=JULY, scope=WHOLE):
    frame = layers()[name].ask(town, filters, scope)
    return dict(zip(frame["feature_id"], frame["class"], strict=True))


@pytest.mark.parametrize("scope", [WHOLE, ONLY_A, POLICE], ids=["whole", "street", "police"])
@pytest.mark.parametrize("name", EVERY)
def test_a_layer_keeps_its_promise_for_every_scope(town, name, scope):
    frame = layers()[name].ask(town, JULY, scope)
    assert frame["feature_id"].is_unique
    assert set(frame["class"]) <= {one.key for one in layers()[name].classes}


@pytest.mark.parametrize("name", EVERY)
def test_a_layer_of_an_empty_district_is_an_empty_frame_with_its_columns(sqlite_database, name):
    frame = layers()[name].ask(sqlite_database, JULY, WHOLE)
    assert len(frame) == 0


@pytest.mark.parametrize("name", EVERY)
def test_a_declaration_names_colours_words_and_classes_that_exist(name):
    layer = layers()[name]
    assert {one.color for one in layer.classes} <= COLORS.keys()
    assert len({one.key for one in layer.classes}) == len(layer.classes) <= 250
    for column in (*layer.columns, *layer.facts):
        assert column.words in {"", "class", "area", "agency", *TABLES}
    assert layer.is_point == bool(layer.table)


def test_the_grids_of_the_town_are_as_counted_by_hand(town):
    assert classes(town, "grid_state") == {
        "DJ-001": "ok", "DJ-002": "due", "DJ-003": "over", "DJ-004": "ok", "XZ-001": "over", "XZ-002": "never",
    }  # fmt: skip


def test_days_and_visits_fall_into_their_classes(town):
    assert classes(town, "days_since_visit") == {
        "DJ-001": "d8", "DJ-002": "d15", "DJ-003": "d61", "DJ-004": "d0", "XZ-001": "d31", "XZ-002": "never",
    }  # fmt: skip
    assert classes(town, "patrol_visits") == {
        "DJ-001": "v4", "DJ-002": "v2", "DJ-003": "unvisited", "DJ-004": "v4", "XZ-001": "unvisited", "XZ-002": "unvisited",
    }  # fmt: skip


def test_visited_without_a_finding_is_never_the_class_of_not_visited(town):
    found = classes(town, "patrol_findings")
    assert found["DJ-002"] == "none"
    assert found["DJ-003"] == "unvisited"
    for name in paints():
        by_key = {one.key: one for one in layers()[name].classes}
        hatched = {key for key, one in by_key.items() if one.pattern}
        assert hatched <= {"never", "unvisited"}
        assert not {by_key[key].color for key in hatched} & {by_key[key].color for key in by_key.keys() - hatched}


def test_streets_stand_in_the_class_of_their_rate(town):
    assert classes(town, "street_state") == {STREET_A: "below80", "990199002": "below80"}
    assert classes(town, "neighbourhood_state") == {"A1": "from95", "A2": "below80", "B1": "below80"}


@pytest.mark.parametrize(
    ("rate", "key"),
    [(0.7999, "below80"), (0.8, "from80"), (0.85, "from85"), (9 / 10, "from90"), (19 / 20, "from95"), (1.0, "from95"), (None, "none")],
)
def test_a_rate_on_a_break_belongs_above_it(rate, key):
    from layers.street_state import with_rate_class

    found = with_rate_class(pd.DataFrame({"code": ["S"], "coverage": pd.array([rate], dtype="Float64")}))
    assert found["class"].tolist() == [key]


def test_sites_show_risk_and_status(town):
    assert classes(town, "sites") == {
        "site-S1": "high_active", "site-S2": "mid", "site-S3": "ungraded", "site-S4": "cleared", "site-S5": "ungraded",
    }  # fmt: skip


def test_cases_show_days_left_and_the_transferred_one_its_feedback(town):
    frame = layers()["cases"].ask(town, JULY, WHOLE).set_index("feature_id")
    assert frame["class"].to_dict() == {"case-A1": "urgent", "case-A2": "open", "case-A5": "transferred"}
    assert frame["label"].to_dict() == {"case-A1": "1", "case-A2": "69", "case-A5": "10"}


@pytest.mark.parametrize(("day", "key"), [("2023-07-25", "urgent"), ("2023-07-24", "open"), ("2023-08-02", "late")])
def test_a_case_turns_urgent_at_seven_days_and_late_after_its_day(town, day, key):
    import datetime as dt

    on = dt.date.fromisoformat(day)
    assert classes(town, "cases", replace(JULY, as_of=on, end=max(on, JULY.end)))["case-A1"] == key


def test_a_street_sees_its_own_grids_and_every_street_total(town):
    assert set(classes(town, "grid_state", scope=ONLY_A)) == {"DJ-001", "DJ-002", "DJ-003", "DJ-004"}
    assert set(classes(town, "street_state", scope=ONLY_A)) == {STREET_A, "990199002"}


def test_areas_are_exclusive_and_points_are_not():
    assert {layers()[name].group for name in paints()} == {"paint"}
    assert {layers()[name].group for name in points()} == {"points"}
    assert list(layers()) == [*paints(), *points()]


def broken(frame: dict) -> Layer:
    made = pd.DataFrame(frame)
    return Layer(
        name="broken", title="", unit="", geometry="grid", kind="grid", classes=(LayerClass("a", "", "ink"),),
        frame=lambda *_: made, columns=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "frame",
    [{"feature_id": ["g"], "class": ["a"]}, {"feature_id": ["g"], "class": ["b"], "value": [1]},
     {"feature_id": ["g"], "class": [None], "value": [1]}, {"feature_id": ["g", "g"], "class": ["a", "a"], "value": [1, 2]}],
    ids=["column", "class", "no class", "twice"],
)  # fmt: skip
def test_a_frame_that_breaks_the_promise_is_refused(town, frame):
    with pytest.raises(BrokenLayer):
        broken(frame).ask(town, JULY, WHOLE)
