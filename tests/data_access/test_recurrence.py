"""Closures of the small town and what followed them, counted by hand; persons and telephones that move on."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from data_access.recurrence import closures, displaced, near_repeats, recurrence
from data_access.schema import FACTS
from data_access.versions import raise_versions
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, STREET_A, STREET_B, WHOLE, build_town, row

ALWAYS = dt.date(2020, 1, 1)


@pytest.fixture
def own(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def add(database, table: str, *rows: dict) -> None:
    with database.write() as connection:
        for place, values in enumerate(rows):
            connection.execute(FACTS[table].insert(), [row(table, 950 + place, **values)])
        raise_versions(connection, DISTRICT, [table], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def spells(database, filters=JULY, scope=WHOLE, since=ALWAYS):
    found = closures(database, filters, scope, since)
    return [(one.site_id, f"{one.closed_on:%y-%m-%d}", one.watched_days, one.returned) for one in found.itertuples()]


def test_a_closure_lasts_until_the_next_sign_of_life_or_is_watched_still(databases):
    # S2 closed on 2022-06-01; A8 was filed on 2023-06-01. S4 closed on 2022-02-28; A5 was filed on 2023-03-01.
    assert spells(databases) == [
        ("site-S4", "22-02-28", 366, True), ("site-S2", "22-06-01", 365, True), ("site-S2", "23-07-15", 16, False),
    ]  # fmt: skip


def test_later_signs_are_not_looked_at(databases):
    before = JULY.with_(start=d("2023-02-01"), end=d("2023-02-28"), as_of=d("2023-02-28"))
    assert spells(databases, before) == [("site-S4", "22-02-28", 365, False), ("site-S2", "22-06-01", 272, False)]


def test_a_lead_that_proved_untrue_is_no_sign_and_one_that_is_open_is(own):
    lead = {"source": "letter", "site_id": "site-S2", "street_code": STREET_A, "located": "area"}
    add(own, "lead", {"number": "L80", "day": d("2023-07-20"), "result": "unfounded", "checked_on": d("2023-07-22"), **lead})
    assert spells(own)[-1] == ("site-S2", "23-07-15", 16, False)
    add(own, "lead", {"number": "L81", "id": "lead-L81", "row_id": "lead-81", "day": d("2023-07-25"), **lead})
    assert spells(own)[-1] == ("site-S2", "23-07-15", 10, True)


def test_a_cleared_site_is_watched_no_longer(own):
    add(own, "site_event", {"number": "S2-9", "site_id": "site-S2", "day": d("2023-07-20"), "event": "cleared"})
    assert spells(own)[-1] == ("site-S2", "23-07-15", 5, False)


def test_only_the_closures_of_the_scope_and_since_the_day_count(databases):
    assert [one[0] for one in spells(databases, scope=ONLY_A)] == ["site-S2", "site-S2"]
    assert [one[1] for one in spells(databases, since=d("2022-06-01"))] == ["22-06-01", "23-07-15"]


def test_the_whole_answer_says_how_many_are_still_watched(databases):
    known = recurrence(databases, JULY, WHOLE, permutations=9).returned
    assert (known.closures, known.returned, known.censored, known.longest_days) == (3, 2, 1, 366)
    assert known.within == ((30, 0, 2), (90, 0, 2), (180, 0, 2), (365, 1, 2))
    assert known.median_days == 365


def test_near_repeats_count_pairs_of_events_with_points(own):
    place = {"source": "letter", "street_code": STREET_A, "grid_code": "DJ-002", "located": "point"}
    # 100 m and 5 days apart, and 400 m and 20 days from the first.
    add(own, "lead", {"number": "N1", "day": d("2023-05-01"), "lon": 121.015, "lat": 31.005, **place},
        {"number": "N2", "day": d("2023-05-06"), "lon": 121.015, "lat": 31.005 + 100 / 110_574, **place},
        {"number": "N3", "day": d("2023-05-21"), "lon": 121.015, "lat": 31.005 - 400 / 110_574, **place})  # fmt: skip
    may = JULY.with_(start=d("2023-05-01"), end=d("2023-05-31"), as_of=d("2023-05-31"))
    located, found = near_repeats(own, may, WHOLE, ("lead",), permutations=99)
    counted = {(one.distance_m, one.days): one.observed for one in found.itertuples() if one.observed}
    assert located == 3
    assert counted == {(200.0, 14.0): 1, (500.0, 30.0): 2}


def test_the_same_person_met_in_another_street_has_moved(own):
    lead = {"source": "letter", "subject_id": "subject-P1", "street_code": STREET_B, "located": "area", "day": d("2023-07-25")}
    add(own, "lead", {"number": "L90", **lead})
    assert displaced(own, JULY, WHOLE).to_dict("records") == [{"from_street": STREET_A, "to_street": STREET_B, "by": "person", "count": 1}]
    assert displaced(own, JULY.with_(as_of=d("2023-07-24")), WHOLE).empty


def test_a_telephone_links_two_persons_whatever_the_scope_may_see_of_it(own):
    with own.write() as connection:
        s = FACTS["subject"]
        connection.execute(update(s).where(s.c.id.in_(["subject-P1", "subject-P2"])).values(phone_hash="7f"))
        raise_versions(connection, DISTRICT, ["subject"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))
    # P2 was met in the west in 2021, P1 in the east in 2023.
    assert displaced(own, JULY, WHOLE).to_dict("records") == [{"from_street": STREET_B, "to_street": STREET_A, "by": "phone", "count": 1}]
    assert len(displaced(own, JULY, ONLY_A)) == 1


def test_nobody_has_moved_in_the_small_town(databases):
    assert displaced(databases, JULY, WHOLE).columns.tolist() == ["from_street", "to_street", "by", "count"]
    assert displaced(databases, JULY, WHOLE).empty
