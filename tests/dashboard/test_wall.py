"""The wall shows the true figures of the district, and nothing that a visitor of the room may not see."""

import json
import re

from dashboard import wall_regions
from dashboard.kpi_strip import LARGE
from data_access.cases import cases
from data_access.coverage import coverage
from data_access.figures import figures
from data_access.sites import sites
from tests.town import WHOLE

PAGE = "page.children"


def wall(visitor) -> str:
    return visitor.text(visitor.callback(PAGE, "/wall", ""))


def question(context):
    asked, _ = wall_regions.wall_question(wall_regions.merged(context.ask("")))
    return asked


def flat(component) -> str:
    return json.dumps(component.to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def test_the_seven_large_figures_are_those_of_the_running_period(visitor, context):
    asked = question(context)
    found = figures(context.database, asked.filters, WHOLE)
    shown = flat(wall_regions.headlines(asked))
    for large in LARGE:
        value, unit = wall_regions._value(asked, found[large.key])
        assert f'"children": "{value}"' in shown
        assert unit in shown
    assert "取缔率" not in wall(visitor)


def test_the_ring_counts_every_grid_once(visitor, context):
    asked = question(context)
    row = coverage(context.database, asked.filters, WHOLE, by="district").iloc[0]
    assert row["ok"] + row["due"] + row["over"] + row["never"] == row["grids"]
    shown = flat(wall_regions.coverage_ring(asked))
    assert f'{int(row["n"]):,}/{int(row["grids"]):,}' in shown


def test_a_ring_with_one_class_has_no_gap(visitor, context):
    asked = question(context)
    row = coverage(context.database, asked.filters, WHOLE, by="district").iloc[0].copy()
    row[["ok", "due", "over", "never"]] = [row["grids"], 0, 0, 0]
    assert "0.00deg 360.00deg" in wall_regions._arcs(row)


def test_a_case_shows_its_street_its_count_and_its_days_only(visitor, context):
    found = cases(context.database, question(context).filters, WHOLE)
    assert found["state"].eq("open").any()
    shown = flat(wall_regions.open_cases(question(context)))
    for row in found.to_dict("records"):
        assert row["id"] not in shown
        assert str(row["number"]) not in shown


def test_no_name_no_address_and_no_exact_place_is_on_the_wall(visitor, context):
    shown = wall(visitor)
    everything = context.ask("").with_scope(personal=True)
    found = sites(context.database, everything.filters, everything.scope)
    for column in ("name", "address", "number"):
        for text in found[column].dropna():
            assert str(text) not in shown or not str(text)


def test_the_wall_has_nothing_to_press(visitor):
    page = json.loads(visitor.callback(PAGE, "/wall", "").data)
    stage = next(part for part in _parts(page) if "wall-stage" in str(part.get("props", {}).get("className", "")))
    parts = list(_parts(stage))
    assert not [part for part in parts if part.get("type") in {"Button", "A", "Input", "Select"}]
    inside = "".join(part["html"] for part in parts if "html" in part)
    assert "wall-kpi-value" in inside
    assert not re.search(r"<(button|a|input|select|details)\b", inside)


def test_a_region_that_fails_keeps_its_last_good_data(visitor, monkeypatch):
    def broken(_ask):
        raise RuntimeError("no luck")

    kept = [(name, side, what, broken if name == "agencies" else draw) for name, side, what, draw in _regions()]
    monkeypatch.setattr("dashboard.views.wall.REGIONS", tuple(kept))
    answer = visitor.callback("wall-agencies.children", "changed", "")
    assert answer.status_code == 200
    told = json.loads(answer.data)["response"]
    assert "wall-agencies" not in told
    assert "wall-kpis" in told


def _regions():
    from dashboard.views.wall import REGIONS

    return REGIONS


def _parts(node):
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value)
