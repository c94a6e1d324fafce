"""Coverage of the small town: grids, streets, key places, over a cut and for any cycle."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.construction import construction_sites
from data_access.coverage import coverage, grid_states, key_places
from data_access.people import listed_people
from data_access.schema import FACTS
from tests.town import JULY, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE, build_town
from tests.town import row as town_row


def states(database, filters=JULY, scope=WHOLE):
    return grid_states(database, filters, scope).set_index("code")["state"].to_dict()


def test_every_grid_has_its_state(databases):
    assert states(databases) == {"DJ-001": "ok", "DJ-002": "due", "DJ-003": "over", "DJ-004": "ok", "XZ-001": "over", "XZ-002": "never"}


def test_days_are_counted_from_the_last_visit_of_any_kind_and_a_cut_grid_inherits(databases):
    found = grid_states(databases, JULY, WHOLE).set_index("code")
    assert found["days"].tolist() == [11, 25, 223, 0, 31, pd.NA]
    assert found.loc["DJ-003", "last_visit"] == pd.Timestamp("2022-12-20")


def test_the_state_follows_the_cycle_asked_about(databases):
    assert states(databases, JULY.with_(cycle_days=31))["XZ-001"] == "due"
    assert states(databases, JULY.with_(cycle_days=7))["DJ-001"] == "over"
    assert states(databases, JULY.with_(cycle_days=14))["DJ-001"] == "ok"
    assert states(databases, JULY.with_(cycle_days=13))["DJ-001"] == "due"


def test_before_the_cut_the_old_grid_stands(databases):
    before = JULY.with_(start=dt.date(2022, 12, 1), end=dt.date(2022, 12, 31), as_of=dt.date(2022, 12, 31))
    assert states(databases, before) == {"DJ-001": "never", "DJ-002": "never", "DJ-030": "ok", "XZ-001": "never", "XZ-002": "never"}
    after = states(databases, before.with_(end=dt.date(2023, 1, 1), as_of=dt.date(2023, 1, 1)))
    assert (after["DJ-003"], after["DJ-004"]) == ("ok", "ok")


def test_visits_and_the_gravest_finding_of_the_period(databases):
    found = grid_states(databases, JULY, WHOLE).set_index("code")
    assert found["visits_in_period"].to_dict() == {"DJ-001": 5, "DJ-002": 3, "DJ-003": 0, "DJ-004": 4, "XZ-001": 0, "XZ-002": 0}
    assert found["finding_in_period"].to_dict() == {
        "DJ-001": "confirmed", "DJ-002": "none", "DJ-003": "unvisited", "DJ-004": "confirmed", "XZ-001": "unvisited", "XZ-002": "unvisited",
    }  # fmt: skip


def test_a_street_sees_its_own_grids_only_and_an_area_asked_about_narrows(databases):
    assert set(states(databases, scope=ONLY_B)) == {"XZ-001", "XZ-002"}
    assert set(states(databases, JULY.with_(area="A2"))) == {"DJ-003", "DJ-004"}
    assert states(databases, JULY.with_(area="A2"), ONLY_B) == {}


def test_an_agency_sees_the_grids_by_its_own_visits(databases):
    assert states(databases, scope=POLICE)["DJ-001"] == "never"


def test_streets_are_counted_by_hand(databases):
    found = coverage(databases, JULY, WHOLE).set_index("code")
    east, west = found.loc[STREET_A], found.loc[STREET_B]
    assert east[["grids", "ok", "due", "over", "never", "n"]].tolist() == [4, 2, 1, 1, 0, 3]
    assert west[["grids", "ok", "due", "over", "never", "n"]].tolist() == [2, 0, 0, 1, 1, 0]
    assert (east["coverage"], west["coverage"]) == (0.75, 0)
    assert (east["missing_to_target"], west["missing_to_target"]) == (1, 2)
    assert (east["visited_in_period"], east["period_coverage"]) == (3, 0.75)
    assert (east["visits"], east["visits_per_grid"]) == (12, 3)
    assert (west["visits"], west["visits_per_grid"]) == (5, 2.5)
    assert (east["key_n"], east["key_N"], west["key_n"], west["key_N"]) == (4, 6, 1, 3)
    assert found["rank"].tolist() == [1, 2]


def test_the_target_is_a_setting(databases):
    assert coverage(databases, JULY, WHOLE, target=0.75)["missing_to_target"].tolist() == [0, 2]


def test_the_district_is_the_sum_of_its_streets(databases):
    (row,) = coverage(databases, JULY, WHOLE, "district").itertuples()
    assert (row.grids, row.n, row.coverage, row.visits, row.key_n, row.key_N) == (6, 3, 0.5, 18, 5, 9)


def test_totals_are_the_same_for_every_scope_but_neighbourhoods_are_one_s_own(databases):
    whole = coverage(databases, JULY, WHOLE)
    for scope in (ONLY_A, ONLY_B, POLICE):
        pd.testing.assert_frame_equal(coverage(databases, JULY, scope), whole)
    assert coverage(databases, JULY, ONLY_A, "neighbourhood")["code"].tolist() == ["A1", "A2"]
    found = coverage(databases, JULY, WHOLE, "neighbourhood").set_index("code")
    assert found["coverage"].tolist() == [1, 0.5, 0]
    assert coverage(databases, JULY.with_(area=STREET_B), WHOLE, "neighbourhood")["code"].tolist() == ["B1"]


def test_another_level_is_refused(databases):
    with pytest.raises(ValueError, match="district"):
        coverage(databases, JULY, WHOLE, "grid")


def test_key_places_are_seen_within_their_own_cycles(databases):
    found = key_places(databases, JULY, WHOLE).set_index("id")
    assert found["state"].to_dict() == {
        "site-S1": "ok", "site-S2": "ok", "site-S3": "ok", "site-S5": "never",
        "construction-C1": "over", "construction-C2": "ok", "construction-C4": "ok",
        "subject-P1": "over", "subject-P3": "never",
    }  # fmt: skip
    assert found["seen"].sum() == 5


def test_construction_sites_exist_from_their_start_to_their_finish(databases):
    def there(day: str) -> list[str]:
        asked = JULY.with_(start=dt.date(2022, 1, 1), as_of=dt.date.fromisoformat(day))
        return construction_sites(databases, asked, WHOLE)["number"].tolist()

    assert there("2021-12-31") == []
    assert there("2023-06-30") == ["C1", "C2", "C3"]
    assert there("2023-07-01") == ["C1", "C2"]
    assert there("2023-07-27") == ["C1", "C2"]
    assert there("2023-07-28") == ["C1", "C2", "C4"]


def test_listed_people_are_those_still_active_as_known_on_the_day(databases):
    found = listed_people(databases, JULY, WHOLE).set_index("number")
    assert found["grade"].to_dict() == {"P1": "high", "P3": "ungraded"}
    assert found["name"].to_dict() == {"P1": "示＊＊", "P3": "示＊＊"}
    before_the_check = JULY.with_(start=dt.date(2023, 2, 1), as_of=dt.date(2023, 2, 28))
    assert listed_people(databases, before_the_check, WHOLE)["grade"].tolist() == ["ungraded", "ungraded"]


def test_a_district_without_grids_still_has_its_streets(sqlite_database):
    from sqlalchemy import insert

    from data_access.schema import FACTS
    from tests.town import town_rows

    with sqlite_database.write() as connection:
        streets = [row for row in town_rows()["area"] if row["level"] in {"district", "street"}]
        connection.execute(insert(FACTS["area"]), streets)
        visits = [{**row, "grid_code": None} for row in town_rows()["patrol_visit"]]
        names = set().union(*visits)
        connection.execute(insert(FACTS["patrol_visit"]), [{name: row.get(name) for name in names} for row in visits])
    found = coverage(sqlite_database, JULY, WHOLE)
    assert found["grids"].tolist() == [0, 0]
    assert found["visits"].tolist() == [12, 5]
    assert found["coverage"].isna().all()
    assert found["rank"].isna().all()
    assert grid_states(sqlite_database, JULY, WHOLE).empty


def test_a_person_s_cycle_is_one_in_the_district_and_in_the_street_though_the_closed_site_lies_elsewhere(sqlite_database):
    build_town(sqlite_database)
    site = town_row("site", id="site-S9", number="S9", category="tcm", subject_id="subject-P3", first_seen=dt.date(2023, 6, 1), street_code=STREET_A, located=False)
    events = [town_row("site_event", place, number=f"S9-{place}", site_id="site-S9", day=day, event=event, agency_code="WJS")
              for place, (day, event) in enumerate([(dt.date(2023, 6, 1), "found"), (dt.date(2023, 7, 20), "closed")], 930)]  # fmt: skip
    with sqlite_database.write() as connection:
        connection.execute(FACTS["site"].insert(), [site])
        connection.execute(FACTS["site_event"].insert(), events)
    for asked in (JULY, JULY.with_(area=STREET_B), JULY.with_(category="dental")):
        assert listed_people(sqlite_database, asked, WHOLE).set_index("number").at["P3", "due_on"] == pd.Timestamp("2023-08-20")
