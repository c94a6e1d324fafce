"""Every number of every panel opens rows that add up to it, and a card that says what it counts."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask

from dashboard.answers import Answers
from dashboard.door import demo_actor
from dashboard.kpi_strip import kpi_strip
from dashboard.panels import panels
from dashboard.question import Context
from dashboard.rows_table import narrowed, table
from dashboard.view_state import read, write_narrowing
from data_access.row_sets import row_set
from rules.definitions import DEFINITIONS
from rules.indicators import indicator
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import changes, of_class, walk, words
from tests.town import STREET_A, WHOLE

PLACES = {
    "district": "", "street": f"?area={STREET_A}", "neighbourhood": "?area=A2",
    "grid": "?area=DJ-001&select=grid:DJ-001", "system": "?system=police", "agency": "?agency=WJS", "category": "?category=dental",
    "case": "?select=case:case-A1", "site": "?select=site:site-S2", "construction": "?select=construction:construction-C1",
    "year": "?from=2022-08-01&to=2023-07-31",
}  # fmt: skip
NOT_A_COUNT = {"missing_to_target"}
AVERAGES = re.compile(r"日均|每网格|全区 [\d.]+%")


@pytest.fixture(scope="module")
def ask(town, tmp_path_factory):
    answers = Answers("memory://")
    answers.start(Flask(__name__))
    actor = demo_actor(WHOLE)
    folder = tmp_path_factory.mktemp("made")
    return Context(database=town, answers=answers, clock=lambda: NOW, actor_of=lambda: actor, folder=folder).ask


def drawings(ask, search):
    yield "kpi_strip", kpi_strip(ask(search))
    for panel in panels():
        made = panel.content(ask(search))
        if made is not None:
            yield panel.name, made


def asked_by(ask, search, pressed):
    """The question that the address asks after a press."""
    query = dict(parse_qsl(search.removeprefix("?")))
    for key, value in pressed.items():
        query.pop(key, None)
        if value is not None:
            query[key] = value
    return ask("?" + urlencode(query))


_OPENED = {}


def opened(ask, search, pressed):
    key = (search, json.dumps(pressed, sort_keys=True))
    if key not in _OPENED:
        _OPENED[key] = _opened(ask, search, pressed)
    return _OPENED[key]


def _opened(ask, search, pressed):
    asked = narrowed(asked_by(ask, search, pressed))
    return table(asked, asked.view.rows, asked.view.narrow)


def amount(text):
    """(value, N) of a number as it stands on the screen; N is None where it has no base."""
    base = re.search(r"(\d[\d,]*)/(\d[\d,]*)", text)
    if base:
        return float(base[1].replace(",", "")), float(base[2].replace(",", ""))
    shown = re.search(r"\d[\d,]*(\.\d+)?", text)
    return (float(shown[0].replace(",", "")) * (10_000 if "万元" in text else 1) if shown else 0.0), None


def counted(found):
    frame, field = found.frame, found.row_set.counts
    return float(frame[field].astype("float64").sum()) if field else float(len(frame))


FIRST = ("district",)
"""Places that every run tries; the others take minutes together."""


@pytest.mark.parametrize("place", [pytest.param(place, marks=() if place in FIRST else pytest.mark.long) for place in PLACES])
def test_the_rows_that_a_number_opens_add_up_to_it(ask, place):
    search, seen = PLACES[place], 0
    for name, drawn in drawings(ask, search):
        for part in of_class(drawn, "number-value"):
            pressed = changes(part)
            if pressed is None:
                pytest.fail(f"{name}: {words(part)!r} opens nothing")
            if pressed.get("card") in NOT_A_COUNT or AVERAGES.search(words(part)) or (name == "selection" and "次" in words(part)):
                continue
            found, (value, base) = opened(ask, search, pressed), amount(words(part))
            seen += 1
            if name == "coverage" and "户次" in words(part):
                grids = len(opened(ask, search, {"rows": "grids"}).frame)
                assert value == round(counted(found) / grids, 1), (name, words(part), pressed)
            elif base is None and found.row_set.sums and any(unit in words(part) for unit in ("元", "人")):
                summed = [float(found.frame[field].fillna(0).sum()) for field in found.row_set.sums]
                assert any(one == pytest.approx(value, abs=51) for one in summed), (name, words(part), pressed)
            elif base is None:
                assert counted(found) == pytest.approx(value, abs=51 if "万元" in words(part) else 0), (name, words(part), pressed)
            elif "base" in found.frame:
                assert (counted(found), float(found.frame["base"].sum())) == (value, base), (name, words(part), pressed)
            elif name in {"figures", "penalties"}:
                assert counted(found) == value, (name, words(part), pressed)
            else:
                assert len(found.frame) == base, (name, words(part), pressed)
    assert seen > (10 if place in {"case", "site", "construction", "grid"} else 40)


def test_the_bars_of_every_chart_open_the_rows_they_stand_for(ask):
    seen = 0
    for name, drawn in drawings(ask, ""):
        for chart in (part for part in walk(drawn) if type(part).__name__ == "Graph"):
            for trace in chart.figure["data"]:
                if name == "agency_chart":
                    continue
                for value, pressed in zip(trace["y"], trace["customdata"], strict=True):
                    found = opened(ask, "", json.loads(pressed))
                    if name == "coverage_trend":
                        kept = found.frame["state"].isin(["按期", "临期"]).sum()
                        assert value is None or round(100 * kept / len(found.frame), 1) == value, (name, pressed)
                    else:
                        assert counted(found) == value, (name, pressed, trace["name"])
                    seen += 1
    assert seen > 60


def test_every_number_and_every_set_of_rows_has_a_definition_card(ask):
    for _, drawn in drawings(ask, ""):
        for part in [*of_class(drawn, "number-card"), *of_class(drawn, "number-value")]:
            pressed = changes(part)
            if pressed.get("card"):
                assert pressed["card"] in DEFINITIONS or indicator(pressed["card"])
            else:
                card = row_set(pressed["rows"]).indicator
                assert card in DEFINITIONS or indicator(card)


def test_a_number_of_another_time_opens_the_rows_of_that_time(ask):
    narrow = write_narrowing({"start": "2023-06-01", "end": "2023-06-30", "as_of": "2023-06-30"})
    asked = narrowed(ask(f"?rows=K1&narrow={narrow}"))
    assert (asked.filters.start.isoformat(), asked.filters.end.isoformat(), asked.filters.as_of.isoformat()) == (
        "2023-06-01", "2023-06-30", "2023-06-30")
    assert asked.view.narrow == ()
    assert read("?as_of=2023-06-30", asked.today)[0].as_of == asked.filters.as_of


def test_no_day_later_than_today_is_asked_through_a_narrowing(ask):
    assert narrowed(ask("?rows=grids&narrow=as_of:2024-01-01")).filters.as_of == ask("").today
