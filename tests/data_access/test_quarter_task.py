"""The third quarter's task of the small town on 31 July 2023."""

import datetime as dt

import pytest
from sqlalchemy import insert

from data_access.figures import figures
from data_access.quarter_task import LEFT_COLUMNS, catch_up, quarter_task
from data_access.rows import rows
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.indicators import INDICATORS
from tests.town import CHINA, JULY, ONLY_A, ONLY_B, STREET_A, STREET_B, WHOLE, build_town, row


def test_the_list_and_the_quota_are_two_indicators(databases):
    found = quarter_task(databases, JULY, WHOLE)
    assert (found.quarter, found.targets, found.done) == ("2023Q3", 3, 2)
    assert (found.completion.n, found.completion.N) == (2, 3)
    assert (found.quota, found.visits, found.quota_progress.value) == (20, 5, 0.25)


def test_31_july_is_day_31_of_92_with_61_to_go(databases):
    found = quarter_task(databases, JULY, WHOLE)
    assert found.elapsed == pytest.approx(31 / 92)
    assert found.days_left == 61
    last = quarter_task(databases, JULY.with_(as_of=dt.date(2023, 9, 30), end=dt.date(2023, 9, 30)), WHOLE)
    assert (last.elapsed, last.days_left) == (1.0, 0)


def test_each_street_has_its_own_task_and_none_is_no_ratio(databases):
    a, b = quarter_task(databases, JULY, ONLY_A), quarter_task(databases, JULY, ONLY_B)
    assert (a.targets, a.quota, a.quota_progress.value) == (3, 0, None)
    assert (b.targets, b.completion.value, b.quota) == (0, None, 20)
    by_area = quarter_task(databases, JULY.with_(area=STREET_A), WHOLE)
    assert (by_area.targets, by_area.quota) == (3, 0)
    spring = quarter_task(databases, JULY.with_(start=dt.date(2023, 4, 1), end=dt.date(2023, 4, 30), as_of=dt.date(2023, 4, 30)), WHOLE)
    assert (spring.quarter, spring.targets, spring.quota) == ("2023Q2", 0, 0)


def test_a_target_on_two_lists_is_one_target_and_ten_visits_are_one_result(sqlite_database):
    build_town(sqlite_database)
    now = dt.datetime(2023, 7, 31, 12, tzinfo=CHINA)
    more = {"mode": "patrol", "finding": "none", "visits": 1, "target_kind": "site", "target_id": "site-S2", "located": "area", "street_code": STREET_A}
    with sqlite_database.write() as connection:
        connection.execute(insert(FACTS["task_list"]), [row("task_list", number="TL9", id="list-TL9", quarter="2023Q3", street_code=STREET_A, due_on=dt.date(2023, 9, 30))])
        connection.execute(insert(FACTS["task_target"]), [row("task_target", number="9", task_list_id="list-TL9", target_kind="grid", grid_code="DJ-003", street_code=STREET_A)])
        connection.execute(insert(FACTS["patrol_visit"]), [row("patrol_visit", 901 + n, number=f"W{n}", day=dt.date(2023, 7, 30), **more) for n in range(10)])
        raise_versions(connection, "990199", ["task_list", "patrol_visit"], now)
    found = quarter_task(sqlite_database, JULY, WHOLE)
    assert (found.targets, found.done) == (3, 2)
    assert catch_up(sqlite_database, JULY, WHOLE).rows["key"].tolist() == ["grid:DJ-003"]
    rate = figures(sqlite_database, JULY, WHOLE, ["K28"])["K28"]
    assert (rate.n, rate.N) == (2, 3)
    behind = rows(sqlite_database, "K28", JULY, WHOLE)
    assert (behind["done"].sum(), behind["tasks"].sum(), len(rows(sqlite_database, "tasks", JULY, WHOLE))) == (2, 3, 5)
    assert "只计1次" in INDICATORS["K28"].counts


def test_a_target_on_the_lists_of_two_quarters_is_a_task_of_each(sqlite_database):
    build_town(sqlite_database)
    with sqlite_database.write() as connection:
        connection.execute(insert(FACTS["task_list"]), [row("task_list", number="TL9", id="list-TL9", quarter="2023Q2", street_code=STREET_A, due_on=dt.date(2023, 6, 30))])
        connection.execute(insert(FACTS["task_target"]), [row("task_target", number="9", task_list_id="list-TL9", target_kind="grid", grid_code="DJ-003", street_code=STREET_A)])
        raise_versions(connection, "990199", ["task_list"], dt.datetime(2023, 7, 31, 12, tzinfo=CHINA))
    both = figures(sqlite_database, JULY.with_(start=dt.date(2023, 4, 1)), WHOLE, ["K28"])["K28"]
    assert (both.n, both.N) == (2, 4)


def test_what_is_left_is_listed_with_the_pace_that_it_needs(databases):
    found = catch_up(databases, JULY, ONLY_A)
    assert found.rows[["key", "label", "grid_code", "overdue"]].values.tolist() == [["grid:DJ-003", "DJ-003", "DJ-003", False]]
    assert (found.remaining, found.days_left) == (1, 62)
    assert found.needed_per_day == pytest.approx(1 / 62)
    # 4 to 31 July in A: DJ-002 07-06, S2 on 07-10, 07-15 and 07-31, S1, L1 and C1 07-20, C2 07-31, P1 07-10.
    assert found.pace_per_day == pytest.approx(9 / 28)
    assert found.enough
    assert found.person_days is None
    assert found.quota is None


def test_a_quota_is_caught_up_in_visits(databases):
    found = catch_up(databases, JULY, ONLY_B)
    assert found.rows.empty
    assert tuple(found.rows.columns) == LEFT_COLUMNS
    assert found.quota.remaining == 15
    assert found.quota.pace_per_day == pytest.approx(5 / 28)
    assert found.quota.needed_per_day == pytest.approx(15 / 62)
    assert not found.quota.enough


def test_officers_tell_what_one_day_of_work_sees(sqlite_database):
    build_town(sqlite_database)
    more = {"mode": "patrol", "finding": "none", "target_kind": "grid", "located": "area", "street_code": STREET_B, "grid_code": "XZ-001"}
    with sqlite_database.write() as connection:
        connection.execute(insert(FACTS["patrol_visit"]), [
            row("patrol_visit", 901, number="W1", day=dt.date(2023, 7, 30), visits=4, officers=2, **more),
            row("patrol_visit", 902, number="W2", day=dt.date(2023, 7, 30), visits=2, officers=1, **more),
            row("patrol_visit", 903, number="W3", day=dt.date(2023, 7, 29), visits=2, officers=2, **more),
        ])  # fmt: skip
        raise_versions(connection, "990199", ["patrol_visit"], dt.datetime(2023, 7, 31, 12, tzinfo=CHINA))
    # 8 户次 by 2 officers on each of two days, 4 officer-days: 2 a day; the quota counts the street's visits by JD-B only: 5 of 20, 15 left.
    assert catch_up(sqlite_database, JULY, ONLY_B).quota.person_days == 8
