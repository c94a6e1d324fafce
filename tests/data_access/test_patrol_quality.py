"""The supervisor's list over the small town with a few visits added."""

import datetime as dt

import pytest
from sqlalchemy import insert, update

from data_access.patrol_quality import (
    ForSupervisorsOnly,
    may_supervise,
    patrol_evidence,
    patrol_questions,
)
from data_access.rows import rows
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.request import Scope
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
    d,
    row,
)

NOW = dt.datetime(2023, 7, 31, 12, tzinfo=CHINA)
SUPERVISORS = Scope(DISTRICT, agencies=("CGJ",))


@pytest.fixture
def asked_about(database):
    build_town(database)
    minute = dt.datetime(2023, 7, 20, 9, 13, tzinfo=CHINA)
    plain = {"day": d("07-20"), "agency_code": "JD-A", "target_kind": "grid", "mode": "patrol", "finding": "none", "visits": 1, "street_code": STREET_A, "located": "point"}
    with database.write() as connection:
        connection.execute(insert(FACTS["patrol_visit"]), [
            row("patrol_visit", 901, **plain | {"number": "W1", "at": minute, "grid_code": "DJ-001", "lon": 121.001, "lat": 31.005}),
            row("patrol_visit", 902, **plain | {"number": "W2", "at": minute, "grid_code": "DJ-002", "lon": 121.019, "lat": 31.005}),
            row("patrol_visit", 903, **plain | {"number": "W3", "at": None, "grid_code": "DJ-001", "lon": 121.005, "lat": 31.015}),
        ])  # fmt: skip
        agency = FACTS["agency"]
        connection.execute(update(agency).where(agency.c.code == "CGJ").values(system="supervision"))
        raise_versions(connection, DISTRICT, ["patrol_visit", "agency"], NOW)
    return database


def test_each_entry_comes_with_its_visits(asked_about):
    found = patrol_questions(asked_about, JULY, WHOLE)
    # W1 and W2 are 1.72 km apart; W3 says DJ-001 and lies 553 m north of it, in DJ-003.
    assert found[["kind", "agency_code", "street_code", "count"]].values.tolist() == [["same_minute", "JD-A", STREET_A, 2], ["outside", "JD-A", STREET_A, 1]]
    assert found["measure"].round(1).tolist() == [1.7, 552.9]
    shown = patrol_evidence(asked_about, JULY, WHOLE)
    assert shown[["matter", "number"]].values.tolist() == [[found["matter"][0], "W1"], [found["matter"][0], "W2"], [found["matter"][1], "W3"]]
    assert rows(asked_about, "patrol_evidence", JULY, WHOLE, matter=found["matter"][1])["number"].tolist() == ["W3"]


def test_it_is_for_the_district_and_for_supervisors_alone(asked_about):
    assert may_supervise(asked_about, JULY, WHOLE)
    assert may_supervise(asked_about, JULY, SUPERVISORS)
    for scope in (ONLY_A, POLICE, Scope(DISTRICT, agencies=("CGJ", "GAJ")), Scope(DISTRICT, areas=(STREET_A,), agencies=("GAJ",))):
        assert not may_supervise(asked_about, JULY, scope)
        with pytest.raises(ForSupervisorsOnly):
            patrol_questions(asked_about, JULY, scope)
        assert patrol_evidence(asked_about, JULY, scope).empty
    # Supervising is about others' visits; an area still bounds it.
    assert len(patrol_questions(asked_about, JULY, SUPERVISORS)) == 2
    assert patrol_questions(asked_about, JULY, Scope(DISTRICT, areas=(STREET_B,), agencies=("CGJ",))).empty


def test_a_street_s_supervision_office_sees_its_own_street_alone(asked_about):
    agency = FACTS["agency"]
    with asked_about.write() as connection:
        connection.execute(update(agency).where(agency.c.code.in_(["JD-A", "JD-B"])).values(system="supervision"))
        raise_versions(connection, DISTRICT, ["agency"], NOW + dt.timedelta(minutes=1))

    def seen(*codes: str) -> tuple[int, int]:
        scope = Scope(DISTRICT, agencies=codes)
        return len(patrol_questions(asked_about, JULY, scope)), len(patrol_evidence(asked_about, JULY, scope))

    assert [seen("JD-A"), seen("JD-B"), seen("JD-A", "JD-B"), seen("CGJ", "JD-B")] == [(2, 3), (0, 0), (2, 3), (2, 3)]


def test_the_period_the_agency_and_the_instant_narrow_it(asked_about):
    assert patrol_questions(asked_about, JULY.with_(end=dt.date(2023, 7, 19)), WHOLE).empty
    assert patrol_questions(asked_about, JULY.with_(agency="GAJ"), WHOLE).empty
    assert patrol_questions(asked_about, JULY.with_(known_at=dt.datetime(2023, 7, 19, tzinfo=CHINA)), WHOLE).empty


def test_the_quiet_town_has_nothing_to_ask_about(databases):
    assert patrol_questions(databases, JULY, WHOLE).empty
