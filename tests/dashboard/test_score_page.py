"""The sandbox page: a street's demerits with their clauses and rows, and ticks that write nothing."""

import datetime as dt
import shutil
from dataclasses import replace

import pytest

from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.door import demo_actor
from dashboard.question import Context
from dashboard.views.score import VIEW, read_ticks
from data_access.database import Database
from data_access.rulebooks import adopt
from data_access.score_entries import joint_actions
from data_access.versions import versions
from rules.request import Actor, UnreadableRequest
from rules.rulebook import shipped
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import words
from tests.town import DISTRICT, JULY, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE


@pytest.fixture(scope="module")
def context(town_file, tmp_path_factory):
    """One town for all: nothing here writes."""
    folder = tmp_path_factory.mktemp("score")
    shutil.copy(town_file, folder / "town.sqlite")
    database, actor = Database.open(f"sqlite:///{folder / 'town.sqlite'}"), demo_actor(WHOLE)
    yield Context(database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: actor, folder=folder)
    database.close()


@pytest.fixture(scope="module")
def bound(context):
    create_app(context)
    adopt(context.database, list(shipped()), adopter="示例", document="示例", valid_from=dt.date(2023, 1, 1),
          actor=Actor("dfb", "区打非办", "district", WHOLE), now=NOW)  # fmt: skip
    return context


def page(context, search: str = "", scope=WHOLE) -> str:
    return words(VIEW.layout(replace(context, actor_of=lambda: demo_actor(scope)).ask(search)))


def test_a_street_sees_each_demerit_with_its_clause_and_whether_it_is_lost(bound):
    said = page(bound, f"?area={STREET_A}")
    assert "R2.4 未每月巡查已取缔或自行歇业的机构和人员" in said
    assert "扣1分" in said
    assert "已扣" in said
    assert "仙居县2020（参考）" in said


def test_every_reading_of_an_unclear_clause_stands_side_by_side(bound):
    said = page(bound, f"?area={STREET_A}")
    assert all(reading in said for reading in ("每月一次（现用）", "每点每月一次", "每点一次", "整个考核期一次"))


def test_what_nobody_could_know_is_no_zero_among_the_readings(bound):
    said = page(bound, f"?area={STREET_A}")
    assert "还没有在本系统登记过巡查登记表，不评定" in said
    assert "今年尚未评定" in said


def test_the_turnout_at_joint_actions_is_judged_by_hand_with_what_the_register_says(bound):
    found = joint_actions(bound.database, JULY, WHOLE)
    assert found[["id", "street_code", "local"]].values.tolist() == [["activity-X5", STREET_B, True], ["activity-X4", STREET_A, False]]
    assert "今年在本街镇登记联合执法 1 次，其中 1 次没有登记本街镇单位参加" in page(bound, f"?area={STREET_A}")


def test_the_district_chooses_a_street_and_a_street_has_its_own_at_once(bound):
    assert "选择街镇" in page(bound)
    own = page(bound, scope=ONLY_B)
    assert "西镇" in own
    assert "东街道" not in own
    assert "这里没有可以考核的街镇" in page(bound, scope=POLICE)


def test_ticking_a_visit_shows_the_rate_after_it_and_writes_nothing(bound, visit):
    visitor, before = visit(), versions(bound.database, DISTRICT)
    told = visitor.text(visitor.callback("score-result.children", ["grid:DJ-003"], f"?area={STREET_A}"))
    assert "75.0% (3/4)" in told
    assert "100.0% (4/4)" in told
    assert versions(bound.database, DISTRICT) == before


def test_another_streets_place_cannot_be_ticked(bound, visit):
    visitor = visit(scope=ONLY_B)
    told = visitor.text(visitor.callback("score-result.children", ["grid:DJ-003"], f"?area={STREET_B}"))
    assert "0.0% (0/2)" in told
    assert "4/4" not in told
    assert "去过 0 处后" in told


@pytest.mark.parametrize("scope", [ONLY_B, POLICE])
def test_another_streets_score_stays_shut_whoever_asks_for_it(bound, visit, scope):
    said = page(bound, f"?area={STREET_A}", scope)
    assert "R2.4" not in said
    assert "现在得分" not in said
    visitor = visit(scope=scope)
    told = visitor.text(visitor.callback("score-result.children", ["grid:DJ-003"], f"?area={STREET_A}"))
    assert "得分" not in told


@pytest.mark.parametrize("ticks", ["grid:a", [1], ["case:a"], ["grid:<script>"], {"a": 1}, ["grid:a"] * 501])
def test_ticks_of_another_form_are_refused(ticks):
    with pytest.raises(UnreadableRequest):
        read_ticks(ticks)


def test_ticks_are_each_counted_once():
    assert read_ticks(["site:b", "grid:a", "site:b"]) == (("grid", "a"), ("site", "b"))
    assert read_ticks(None) == ()
