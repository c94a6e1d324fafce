"""The demo's four planted clusters and its one under-patrolled area are found, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pytest

from data_access.backtest import backtest
from data_access.database import Database
from data_access.demo import SEED
from data_access.demo.geography import draw
from data_access.demo.story import PATCHES, stage
from data_access.demo.units import units
from data_access.hotspots import CLASSES, Hotspots, hotspots
from data_access.meeting_facts import hotspot_window
from rules.language import Refusal
from rules.request import Filters, Scope

NOW = dt.datetime.fromisoformat("2023-07-31T10:46+08:00")
JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31), known_at=NOW)
WHOLE = Scope("990114")


@pytest.fixture(scope="module")
def demo(demo_file) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{demo_file}")
    yield database
    database.close()


@pytest.fixture(scope="module")
def found(demo) -> Hotspots:
    return hotspots(demo, hotspot_window(JULY), WHOLE, simulations=999)


@pytest.fixture(scope="module")
def planted() -> list[set[str]]:
    """The grids of each patch: four clusters, then the under-patrolled area."""
    of_units = units("fictional")
    geography = draw(of_units, "fictional", SEED)
    return [set(geography.grids["code"].iloc[grids]) for grids in stage(geography, of_units).patches]


def test_hot_spots_look_back_over_half_a_year():
    window = hotspot_window(JULY)
    assert (window.start, window.end) == (dt.date(2023, 2, 1), dt.date(2023, 7, 31))
    long = hotspot_window(JULY.with_(start=dt.date(2022, 1, 1)))
    assert long.start == dt.date(2022, 1, 1)


def test_exactly_the_planted_clusters_are_found(found, planted):
    clusters = [set(one.members) for one in found.found if one.kind == "cluster"]
    assert len(clusters) == 4
    for patch in planted[:4]:
        met = [members for members in clusters if members & patch]
        assert len(met) == 1
        assert len(met[0] & patch) > len(met[0]) / 2
    assert all(one.cluster.p == 0.001 and one.code == "very_high" for one in found.found if one.kind == "cluster")


def test_exactly_the_planted_area_is_likely_under_patrolled(found, planted):
    missed = [one for one in found.found if one.kind == "under_patrolled"]
    assert len(missed) == 1
    assert set(missed[0].members) <= planted[4]
    assert missed[0].thin
    assert missed[0].effort < missed[0].due_effort / 2
    assert PATCHES[4].patrolled < 1


def test_ranks_run_from_one_and_the_clusters_come_first_by_strength(found):
    assert [one.rank for one in found.found] == [1, 2, 3, 4, 5]
    strengths = [one.cluster.log_likelihood_ratio for one in found.found[:4]]
    assert strengths == sorted(strengths, reverse=True)
    assert found.found[-1].kind == "under_patrolled"


def test_the_map_is_coloured_only_around_the_planted_places(found, planted):
    classes = dict(zip(found.units["code"], found.units["class"], strict=True))
    assert set(classes.values()) <= set(CLASSES)
    marked = {code for code, one in classes.items() if one != "none"}
    at = found.units.set_index("code")
    for code in marked:
        away = [np.hypot((at["label_lon"][code] - at["label_lon"][list(patch)].mean()) * 95, (at["label_lat"][code] - at["label_lat"][list(patch)].mean()) * 111) for patch in planted]
        assert min(away) < 3.0
    assert {code for code, one in classes.items() if one == "under_patrolled"} == set(found.found[-1].members)


def test_the_answer_rests_on_people_by_grid_and_says_what_lies_nowhere(found):
    assert (found.level, found.basis, found.year, found.simulations) == ("grid", "own", 2023, 999)
    assert found.units["events"].sum() + found.unplaced == len(found.events)
    assert found.unplaced == 12


def test_the_same_seed_gives_the_same_answer_and_another_the_same_places(demo, found):
    again = hotspots(demo, hotspot_window(JULY), WHOLE, simulations=99, seed=7)
    assert [one.members for one in again.found] == [one.members for one in found.found]


def test_complaints_alone_tell_the_same(demo, planted):
    told = hotspots(demo, hotspot_window(JULY), WHOLE, ("lead",), simulations=99)
    assert sum(one.kind == "cluster" for one in told.found) == 4
    assert all(any(set(one.members) & patch for patch in planted) for one in told.found)


def test_a_streets_scope_scans_its_own_grids_alone(demo):
    own = hotspots(demo, hotspot_window(JULY), Scope("990114", areas=("990114005",)), simulations=99)
    assert set(own.units["street_code"]) == {"990114005"}
    assert set(own.events["street_code"]) == {"990114005"}


def test_a_quiet_half_year_has_no_hot_spot_but_a_full_map(demo):
    quiet = JULY.with_(start=dt.date(2020, 1, 1), end=dt.date(2020, 6, 30), as_of=dt.date(2022, 1, 1), known_at=None)
    found = hotspots(demo, quiet, WHOLE, simulations=9)
    assert found.found == ()
    assert set(found.units["class"]) == {"none"}


def test_the_list_leads_to_more_of_what_was_confirmed_later_than_the_historic_one(demo):
    found = backtest(demo, JULY.with_(known_at=None), WHOLE)
    assert found.rounds[["confirmed", "ours", "theirs"]].sum().tolist() == [found.rate.confirmed, found.rate.ours, found.rate.theirs]
    assert len(found.rounds) == 4
    assert (found.rounds["top"] == 141).all()
    assert found.rate.interval[0] > 0.2
    assert found.rate.ours > found.rate.theirs
    # A list by chance would hold a fifth; the lists rest on nothing later than their day.
    assert found.rounds["first"].tolist() == [dt.date(2022, 8, 1), dt.date(2022, 11, 1), dt.date(2023, 2, 1), dt.date(2023, 5, 1)]


def test_a_back_test_without_data_says_so(demo):
    from rules.language import translator

    empty = backtest(demo, JULY.with_(as_of=dt.date(2010, 1, 1), known_at=None), WHOLE)
    assert empty.rounds.empty
    assert empty.rate.confirmed == 0
    assert "无从回测" in empty.sentence(translator("zh_CN"))
    with pytest.raises(ValueError, match="rounds, months"):
        backtest(demo, JULY, WHOLE, rounds=0)
    for as_of, rounds, months in ((dt.date(1, 1, 1), 4, 3), (JULY.as_of, 500, 12), (JULY.as_of, 10**9, 10**9)):
        with pytest.raises(Refusal, match="1900"):
            backtest(demo, JULY.with_(as_of=as_of), WHOLE, rounds=rounds, months=months)
