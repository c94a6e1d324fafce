"""Hot spots where the district has streets alone, nobody counted, or nothing at all."""

from __future__ import annotations

import datetime as dt

import pytest

from data_access.hotspots import hotspots
from data_access.schema import FACTS
from data_access.versions import raise_versions
from tests.town import CHINA, DISTRICT, JULY, WHOLE, build_town


@pytest.fixture
def streets_alone(sqlite_database):
    build_town(sqlite_database)
    with sqlite_database.write() as connection:
        a = FACTS["area"]
        connection.execute(a.delete().where(a.c.level.in_(["grid", "neighbourhood"])))
        connection.execute(FACTS["area_population"].delete())
        raise_versions(connection, DISTRICT, ["area"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))
    return sqlite_database


def test_with_streets_alone_the_answer_is_by_street_and_says_what_it_rests_on(streets_alone):
    found = hotspots(streets_alone, JULY, WHOLE, simulations=9)
    assert (found.level, found.basis, found.year) == ("street", "area", None)
    assert found.units["events"].tolist() == [3, 2]
    assert found.units["effort"].tolist() == [12, 5]
    assert set(found.units["class"]) == {"none"}


def test_an_area_that_touches_another_is_its_neighbour(town):
    from data_access.hotspots import neighbours_of

    found = hotspots(town, JULY, WHOLE, simulations=9)
    near = neighbours_of(town, JULY, WHOLE, found.units)
    codes = found.units["code"].tolist()
    assert {codes[one] for one in near[codes.index("DJ-002")]} == {"DJ-001", "DJ-003", "DJ-004", "XZ-001"}
    assert {codes[one] for one in near[codes.index("XZ-002")]} == {"XZ-001"}


def test_without_areas_there_is_nothing_to_say(town):
    found = hotspots(town, JULY.with_(start=dt.date(2010, 1, 1), end=dt.date(2010, 1, 31), as_of=dt.date(2010, 1, 31)), WHOLE, simulations=9)
    assert found.units.empty
    assert found.found == ()
