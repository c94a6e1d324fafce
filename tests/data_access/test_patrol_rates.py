"""The rates of the small town for different visits, cycles and readers, counted by hand."""

import datetime as dt

import pytest

from data_access.coverage import coverage
from data_access.patrol_rates import patrol_rates
from data_access.rulebooks import change_rule
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.request import Actor
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_A,
    POLICE,
    STREET_A,
    STREET_B,
    WHOLE,
    build_town,
)


def counts(found) -> dict:
    return {row.code: (row.in_time_n, row.in_period_n, row.grids) for row in found.itertuples()}


def test_with_every_visit_the_rates_are_those_of_the_coverage(databases):
    found = patrol_rates(databases, JULY, WHOLE).set_index("code")
    known = coverage(databases, JULY, WHOLE).set_index("code")
    assert found["in_time_n"].to_dict() == known["n"].to_dict() == {STREET_A: 3, STREET_B: 0}
    assert found["in_period_n"].to_dict() == known["visited_in_period"].to_dict()
    assert found["key_n"].to_dict() == known["key_n"].to_dict()
    assert found["key_N"].to_dict() == known["key_N"].to_dict()
    assert found["visits"].to_dict() == known["visits"].to_dict()


def test_by_neighbourhood_and_by_grid(databases):
    # DJ-001 07-20, DJ-002 07-06, DJ-004 07-31; DJ-003 2022-12-20, XZ-001 06-30 (31 days), XZ-002 never.
    assert counts(patrol_rates(databases, JULY, WHOLE, "neighbourhood")) == {"A1": (2, 2, 2), "A2": (1, 1, 2), "B1": (0, 0, 2)}
    grids = counts(patrol_rates(databases, JULY, WHOLE, "grid"))
    assert grids == {"DJ-001": (1, 1, 1), "DJ-002": (1, 1, 1), "DJ-003": (0, 0, 1), "DJ-004": (1, 1, 1), "XZ-001": (0, 0, 1), "XZ-002": (0, 0, 1)}


def test_the_cycle_may_be_any(databases):
    # Within 10 days of 07-31: DJ-004 alone; within 31: XZ-001 of 06-30 too.
    assert counts(patrol_rates(databases, JULY.with_(cycle_days=10), WHOLE))[STREET_A] == (1, 3, 4)
    assert counts(patrol_rates(databases, JULY.with_(cycle_days=31), WHOLE))[STREET_B] == (1, 0, 2)
    # 223 days reach 2022-12-20 in DJ-030, from which DJ-003 and DJ-004 were cut.
    assert counts(patrol_rates(databases, JULY.with_(cycle_days=223), WHOLE))[STREET_A] == (4, 3, 4)


def test_only_chosen_visits_count(databases):
    # Patrols of grids alone: V1 in DJ-002.
    assert counts(patrol_rates(databases, JULY, WHOLE, "grid", kinds=["grid"]))["DJ-001"] == (0, 0, 1)
    found = patrol_rates(databases, JULY, WHOLE, modes=["inspection"]).set_index("code")
    # V2, V3, V4, V5: DJ-004 and DJ-001, 5 户次.
    assert (found.loc[STREET_A, "in_time_n"], found.loc[STREET_A, "visits"]) == (2, 5)
    for wrong in ({"modes": ["walk"]}, {"kinds": ["moon"]}):
        with pytest.raises(ValueError, match="expected some of"):
            patrol_rates(databases, JULY, WHOLE, **wrong)


def test_by_agency_only_its_own_visits_over_its_own_area_count(databases):
    found = patrol_rates(databases, JULY, WHOLE, "agency").set_index("code")
    # JD-A looks after the four grids of A: DJ-001 (V13, V15), DJ-002 (V1), DJ-004 (V14). WJS has the district.
    assert found.loc["JD-A", ["in_time_n", "grids", "visits", "name"]].tolist() == [3, 4, 6, "东街道办事处"]
    assert found.loc["WJS", ["in_time_n", "grids"]].tolist() == [2, 6]
    # Key places of A: S1, S2, C1, C2, C4, P1; JD-A went to C1, C2 and P1 within 30 days.
    assert found.loc["JD-A", ["key_n", "key_N"]].tolist() == [3, 6]
    assert set(found.index) == {"JD-A", "JD-B", "WJS", "PCS1"}
    # In B alone: JD-B's own two grids; WJS paid no visit there, JD-A's area lies elsewhere.
    of_b = patrol_rates(databases, JULY.with_(area=STREET_B, cycle_days=31), WHOLE, "agency").set_index("code")
    assert of_b[["in_time_n", "grids"]].to_dict("index") == {"JD-B": {"in_time_n": 1, "grids": 2}}


def test_an_agency_of_the_district_is_measured_by_all_of_it(sqlite_database):
    build_town(sqlite_database)
    agency = FACTS["agency"]
    with sqlite_database.write() as connection:
        connection.execute(agency.update().where(agency.c.code == "WJS").values(area_code=DISTRICT))
        raise_versions(connection, DISTRICT, ["agency"], dt.datetime(2023, 7, 31, 12, tzinfo=CHINA))
    assert patrol_rates(sqlite_database, JULY, WHOLE, "agency").set_index("code").loc["WJS", "grids"] == 6


def test_a_scope_gets_its_own_rows_and_nothing_is_no_ratio(databases, database):
    assert patrol_rates(databases, JULY, ONLY_A)["code"].tolist() == [STREET_A]
    assert set(patrol_rates(databases, JULY, POLICE, "agency")["code"]) <= {"PCS1", "GAJ"}
    for by in ("street", "neighbourhood", "grid", "agency"):
        assert patrol_rates(database, JULY, WHOLE, by).empty
    with pytest.raises(ValueError, match="by"):
        patrol_rates(databases, JULY, WHOLE, "moon")


def test_the_cycle_is_the_rulebooks_where_the_request_names_none(database):
    build_town(database)
    before = patrol_rates(database, JULY, WHOLE).set_index("code")["in_time_n"]
    actor, now = Actor("a", "a", "区打非办", WHOLE), dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
    change_rule(database, "visit.grid", {"amount": 10}, dt.date(2023, 7, 1), "加密", actor=actor, now=now)
    after = patrol_rates(database, JULY, WHOLE).set_index("code")["in_time_n"]
    asked = patrol_rates(database, JULY.with_(cycle_days=10), WHOLE).set_index("code")["in_time_n"]
    assert after.to_dict() == asked.to_dict() != before.to_dict()
