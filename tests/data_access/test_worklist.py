"""The places to go in the small town on 31 July 2023, every rule of visits adopted."""

import datetime as dt

import pytest

from data_access.assignments import Owner, assign_grids
from data_access.rulebooks import adopt
from data_access.schema import FACTS
from data_access.versions import raise_versions
from data_access.worklist import COLUMNS, counts, worklist
from rules.request import Actor, Scope
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, ONLY_B, STREET_B, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
ACTOR = Actor("dfb", "区打非办", "district", WHOLE)


@pytest.fixture
def bound(sqlite_database):
    build_town(sqlite_database)
    adopt(sqlite_database, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    return sqlite_database


def told(found) -> list[tuple]:
    return [(row.key, row.title, row.state, row.days_left) for row in found.itertuples()]


def keys(found) -> set[str]:
    return set(found["key"])


def test_the_list_holds_what_is_late_never_seen_or_due_by_tomorrow(bound):
    found = worklist(bound, JULY, WHOLE, now=NOW)
    assert tuple(found.columns) == (*COLUMNS, "placed", "priority")
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    late = found.set_index("key")
    # L2, a complaint of 07-10 that nobody contacted: one working day was 07-11; its check is due tomorrow.
    assert late.loc["lead:lead-L2", "rule_ids"] == ("lead.contact", "lead.verify")
    assert (late.loc["lead:lead-L2", "days_left"], late.loc["lead:lead-L2", "hours_left"]) == (-20, -20 * 24 + 14)
    # L4 of 06-30 was checked, which is no contact: due on 07-03.
    assert found["key"].tolist()[:2] == ["lead:lead-L4", "lead:lead-L2"]
    # DJ-003 was last seen on 2022-12-20 (due 2023-01-19), XZ-001 on 06-30 (due 07-30), XZ-002 never.
    assert [late.loc[f"grid:{code}", "state"] for code in ("DJ-003", "XZ-001", "XZ-002")] == ["over", "over", "never"]
    assert [int(late.loc[f"grid:{code}", "days_left"]) for code in ("DJ-003", "XZ-001")] == [-193, -1]
    assert not {"grid:DJ-001", "grid:DJ-002", "grid:DJ-004", "site:site-S4", "construction:construction-C2"} & keys(found)
    # C1 was seen on 07-20, a week made it due on 07-27; P1 is high, seen 07-10, due 07-24.
    assert int(late.loc["construction:construction-C1", "days_left"]) == -4
    assert int(late.loc["subject:subject-P1", "days_left"]) == -7


def test_a_wider_horizon_sees_further(bound):
    # S1 is high, last seen on 07-20: due on 08-03.
    assert "site:site-S1" not in keys(worklist(bound, JULY, WHOLE))
    assert "site:site-S1" in keys(worklist(bound, JULY, WHOLE, horizon_days=3))


def test_places_without_a_point_go_to_their_grids_label(bound):
    found = worklist(bound, JULY, WHOLE).set_index("key")
    assert found.loc["grid:DJ-003", "placed"] == "grid"
    assert abs(found.loc["grid:DJ-003", "lon"] - 121.005) < 0.005
    assert found.loc["construction:construction-C1", "placed"] == "point"
    assert found.loc["lead:lead-L2", "placed"] == ""
    assert found.loc["lead:lead-L2", "lon"] != found.loc["lead:lead-L2", "lon"]
    merged = worklist(bound, JULY, Scope(DISTRICT, exact_points=False)).set_index("key")
    assert merged.loc["construction:construction-C1", "placed"] == "grid"


def test_places_in_a_marked_neighbourhood_are_marked(bound):
    table = FACTS["area"]
    with bound.write() as connection:
        connection.execute(table.update().where(table.c.code == "A2").values(priority=True))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    found = worklist(bound, JULY, WHOLE)
    assert set(found.loc[found["priority"], "neighbourhood_code"]) == {"A2"}


def test_a_street_sees_its_own_list_and_filters_narrow_it(bound):
    own = worklist(bound, JULY, ONLY_B)
    assert keys(own) <= keys(worklist(bound, JULY, WHOLE))
    assert set(own["street_code"]) == {STREET_B}
    assert keys(worklist(bound, JULY.with_(area=STREET_B), WHOLE)) == keys(own)
    only = worklist(bound, JULY, WHOLE, kinds=["grid"])
    assert counts(only) == {"grid": 3}
    assert only["rank"].tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="kinds"):
        worklist(bound, JULY, WHOLE, kinds=["case"])


def test_the_list_of_one_owner_holds_what_that_owner_owes(bound):
    assign_grids(bound, ["DJ-003"], Owner("neighbourhood", "A2"), valid_from=dt.date(2023, 7, 1), actor=ACTOR, now=NOW)
    assert keys(worklist(bound, JULY, ONLY_A, owner="A2")) == {"grid:DJ-003"}
    assert worklist(bound, JULY, ONLY_A, owner="nobody").empty


def test_without_any_adopted_rule_nobody_owes_anything(town):
    found = worklist(town, JULY, WHOLE)
    assert found.empty
    assert counts(found) == {}
