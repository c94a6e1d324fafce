"""Two periods of the small town side by side; July against June, and across the cut of DJ-030."""

from __future__ import annotations

import datetime as dt
import math

import pytest
import shapely

from data_access.comparison import NOT_COMPARABLE, compare_streets
from data_access.relocated import relocated, shared_out, successors
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.compare import WITHIN, two_periods
from rules.request import Scope
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_B,
    STREET_A,
    STREET_B,
    TODAY,
    WHOLE,
    build_town,
    row,
)

JUNE = (dt.date(2023, 6, 1), dt.date(2023, 6, 30))


def rows(database, **more):
    return compare_streets(database, JULY, more.pop("scope", WHOLE), more.pop("before", JUNE), **more).set_index("code")


def test_events_are_held_against_people_and_days(databases):
    found = rows(databases)
    # June: L4 and A8 in the east, A3 in the west; 5,000 and 1,000 people.
    assert found[["events_before", "events_after"]].to_numpy().tolist() == [[2, 3], [1, 2], [3, 5]]
    assert found.index.tolist() == [STREET_A, STREET_B, DISTRICT]
    assert found["exposure_before"].tolist() == [150.0, 30.0, 180.0]
    assert found["exposure_after"].tolist() == [155.0, 31.0, 186.0]
    assert found.loc[DISTRICT, "ratio"] == pytest.approx((5 / 186) / (3 / 180))
    assert found.loc[DISTRICT, "p"] == two_periods(3, 5, 180, 186).p
    assert set(found["verdict"]) == {WITHIN}


def test_findings_are_held_against_visits(databases):
    found = rows(databases, kinds=("finding",), per="visits")
    # July: 12 户次 in the east, 5 in the west, one outside; June: V6 alone, in the west.
    assert found["exposure_after"].tolist() == [12.0, 5.0, 18.0]
    assert found["exposure_before"].tolist() == [0.0, 1.0, 1.0]
    assert found.loc[STREET_A, "verdict"] == NOT_COMPARABLE
    assert math.isnan(found.loc[STREET_A, "ratio"])


def test_a_period_before_the_first_record_is_no_period_without_events(databases):
    found = rows(databases, before=(dt.date(2010, 1, 1), dt.date(2010, 1, 31)))
    assert set(found["verdict"]) == {NOT_COMPARABLE}
    assert found[["ratio", "low", "high", "p"]].isna().all(axis=None)
    assert found["events_after"].tolist() == [3, 2, 5]
    assert found[["events_before", "exposure_before"]].isna().all(axis=None)


def test_days_before_the_first_record_are_not_held_against_its_events(databases):
    # The register begins with V9 on 2022-12-20: 12 days of December are known, not 31.
    found = rows(databases, before=(dt.date(2022, 12, 1), dt.date(2022, 12, 31)), kinds=("finding",))
    assert found["exposure_before"].tolist() == [60.0, 12.0, 72.0]


def test_nothing_in_either_period_has_no_ratio_and_no_verdict_of_change(databases):
    found = rows(databases, before=(dt.date(2023, 5, 1), dt.date(2023, 5, 31)), kinds=("case",), scope=ONLY_B)
    assert found.loc[STREET_B, "verdict"] == WITHIN
    assert math.isnan(found.loc[STREET_B, "ratio"])


def test_a_scope_has_its_own_street_and_its_own_total(databases):
    found = rows(databases, scope=ONLY_B)
    assert found.index.tolist() == [STREET_B, DISTRICT]
    assert found.loc[DISTRICT, ["events_before", "events_after"]].tolist() == [1, 2]


def test_what_cannot_be_asked_is_refused(databases):
    with pytest.raises(ValueError, match="per, boundaries"):
        rows(databases, per="money")
    with pytest.raises(ValueError, match="before: 2023-06-30 is after"):
        rows(databases, before=JUNE[::-1])


@pytest.fixture
def moved(sqlite_database):
    """A town whose west was called by another code until 2022, with two complaints there, one without a point."""
    build_town(sqlite_database)
    old = "990199009"
    with sqlite_database.write() as connection:
        a = FACTS["area"]
        west = connection.execute(a.select().where(a.c.code == STREET_B)).mappings().one()
        connection.execute(a.update().where(a.c.code == STREET_B).values(valid_from=dt.date(2023, 1, 1), predecessors=[old]))
        former = {**west, "row_id": "area-old", "id": "area-old", "number": old, "code": old, "name": "旧西镇", "valid_to": dt.date(2022, 12, 31)}
        connection.execute(a.insert(), [former])
        of_2022 = {"source": "letter", "street_code": old, "day": dt.date(2022, 7, 5)}
        connection.execute(FACTS["lead"].insert(), [row("lead", 960, number="L60", **of_2022, located="area")])
        connection.execute(FACTS["lead"].insert(), [row("lead", 961, number="L61", **of_2022, located="point", lon=121.025, lat=31.005)])
        raise_versions(connection, DISTRICT, ["area", "lead"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))
    return sqlite_database


LAST_JULY = (dt.date(2022, 7, 1), dt.date(2022, 7, 31))


def test_by_todays_boundaries_an_earlier_event_lies_where_its_street_is_now(moved):
    found = rows(moved, before=LAST_JULY, boundaries="now")
    assert found.index.tolist() == [STREET_A, STREET_B, DISTRICT]
    assert found["events_before"].tolist() == [0, 2, 2]
    # The register begins on 5 July 2022.
    assert found.loc[STREET_B, "exposure_before"] == 27.0
    shared = rows(moved, before=LAST_JULY, boundaries="now", scope=Scope(DISTRICT, exact_points=False))
    assert shared["events_before"].tolist() == [0, 2, 2]


def test_by_the_boundaries_of_then_each_period_keeps_its_own_streets(moved):
    found = rows(moved, before=LAST_JULY, boundaries="then")
    assert found.index.tolist() == [STREET_A, STREET_B, "990199009", DISTRICT]
    # 旧西镇 became 西镇: neither has a count in a period in which it did not exist.
    assert found["events_before"].fillna(-1).tolist() == [0, -1, 2, 2]
    assert found["events_after"].fillna(-1).tolist() == [3, 2, -1, 5]
    assert found.loc["990199009", ["name", "verdict"]].tolist() == ["旧西镇", NOT_COMPARABLE]
    assert found.loc[STREET_B, "verdict"] == NOT_COMPARABLE


def test_a_street_counted_in_one_year_alone_has_its_people_in_both_periods(moved):
    p = FACTS["area_population"]
    with moved.write() as connection:
        connection.execute(p.insert(), [row("area_population", 990, number="A1-2022", area_code="A1", year=2022, residents=2000)])
        connection.execute(p.insert(), [row("area_population", 991, number="A2-2022", area_code="A2", year=2022, residents=3000)])
        raise_versions(connection, DISTRICT, ["area_population"], dt.datetime(2023, 7, 31, 9, tzinfo=CHINA))
    found = rows(moved, before=LAST_JULY)
    # Nobody counted the west in 2022; its two events of that year must not stand against the people of the east alone.
    assert found["exposure_before"].tolist() == pytest.approx([27 * 5.0, 27 * 1.0, 27 * 6.0])


def test_people_of_one_period_alone_measure_neither(moved):
    # Nobody counted the people of what stood in 2022: once 2023's numbers belong to no area of 2022, days measure both.
    with moved.write() as connection:
        a = FACTS["area"]
        connection.execute(a.update().where(a.c.level == "neighbourhood").values(valid_from=dt.date(2023, 1, 1)))
        raise_versions(connection, DISTRICT, ["area"], dt.datetime(2023, 7, 31, 9, tzinfo=CHINA))
    found = rows(moved, before=LAST_JULY, boundaries="then")
    assert found.loc[[STREET_A, DISTRICT], ["exposure_before", "exposure_after"]].to_numpy().tolist() == [[27.0, 31.0], [27.0, 31.0]]


def test_a_point_says_where_a_thing_lies_before_the_heirs_of_its_area_do(town):
    import pandas as pd

    units = pd.DataFrame({"code": ["DJ-003", "DJ-004"], "geometry": [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]})
    things = pd.DataFrame({"grid_code": ["DJ-030", "DJ-030", "DJ-004", "XZ-009"], "lon": [1.5, None, 0.5, None], "lat": [0.5, None, 0.5, None]})
    heirs = successors(town, WHOLE, TODAY, "grid")
    assert heirs == {"DJ-030": ("DJ-003", "DJ-004")}
    # Without a point an area that became two tells nothing; one that still stands keeps what was written.
    assert relocated(things, units, "grid_code", heirs).fillna("").tolist() == ["DJ-004", "", "DJ-004", ""]
    shared = shared_out(pd.DataFrame({"visits": [3.0, 5.0]}, index=["DJ-030", "DJ-004"]), units, heirs)
    assert shared["visits"].tolist() == [1.5, 6.5]
