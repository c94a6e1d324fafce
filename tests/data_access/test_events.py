"""Matters of the small town, counted by hand: what is linked counts once, on its first day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.events import events
from data_access.schema import FACTS
from data_access.versions import raise_versions
from rules.request import Scope
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_A,
    ONLY_B,
    STREET_A,
    STREET_B,
    WHOLE,
    build_town,
    row,
)

JUNE = JULY.with_(start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 30))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2023-{text}")


def add(database, table: str, *rows: dict) -> None:
    with database.write() as connection:
        for place, values in enumerate(rows):
            connection.execute(FACTS[table].insert(), [row(table, 950 + place, **values)])
        raise_versions(connection, DISTRICT, [table], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


@pytest.fixture
def own(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def told(found: pd.DataFrame) -> list[tuple]:
    return [(f"{one.day:%m-%d}", one.leads, one.findings, one.cases, one.street_code) for one in found.itertuples()]


def test_a_lead_with_its_finding_and_a_finding_with_its_case_are_one_matter_each(databases):
    # L1 was verified by V11; A2 was filed on the day on which V2 found its site open.
    assert sorted(told(events(databases, JULY, WHOLE))) == [
        ("07-02", 1, 1, 0, STREET_A), ("07-10", 0, 1, 1, STREET_A), ("07-10", 1, 0, 0, STREET_B), ("07-12", 1, 0, 0, STREET_B),
        ("07-15", 0, 1, 0, STREET_A),
    ]  # fmt: skip


def test_which_kinds_count_is_asked(databases):
    assert len(events(databases, JULY, WHOLE, ("lead",))) == 3
    assert len(events(databases, JULY, WHOLE, ("finding",))) == 3
    assert len(events(databases, JULY, WHOLE, ("case",))) == 1
    assert len(events(databases, JULY, WHOLE, ("case",), case_kinds=("advert",))) == 2
    with pytest.raises(ValueError, match="kinds: expected"):
        events(databases, JULY, WHOLE, ("complaint",))


def test_a_matter_counts_in_the_period_of_its_first_day_alone(own):
    add(own, "case", {"number": "A9", "id": "case-A9", "kind": "unlicensed", "lead_id": "lead-L4", "street_code": STREET_A, "located": "area"})
    add(own, "case_event", {"number": "A9-0", "case_id": "case-A9", "day": d("07-25"), "event": "filed"})
    assert len(events(own, JULY, WHOLE)) == 5
    june = events(own, JUNE.with_(end=dt.date(2023, 7, 31)), WHOLE)
    assert june[june["id"] == "lead-L4"][["leads", "cases"]].to_numpy().tolist() == [[1, 1]]
    # The case alone is a matter of its own day.
    assert len(events(own, JULY, WHOLE, ("case",))) == 2


def test_a_finding_long_after_the_lead_of_its_site_is_another_matter(own):
    site = {"target_kind": "site", "target_id": "site-S1", "mode": "inspection", "finding": "confirmed", "visits": 1, "street_code": STREET_A, "grid_code": "DJ-001", "located": "area"}
    add(own, "lead", {"number": "L9", "id": "lead-L9", "day": d("05-01"), "source": "letter", "site_id": "site-S1", "street_code": STREET_A, "located": "area"})
    add(own, "patrol_visit", {"number": "V91", "day": d("05-31"), **site}, {"number": "V92", "day": d("06-01"), **site})
    spring = JULY.with_(start=dt.date(2023, 5, 1), end=dt.date(2023, 6, 1))
    found = sorted(one for one in told(events(own, spring, WHOLE)) if one[4] == STREET_A)
    # 30 days are near enough, 31 are not; A1 of 05-03 is the lead's, A8 of 06-01 stands alone at S2.
    assert found == [("05-01", 1, 1, 1, STREET_A), ("06-01", 0, 0, 1, STREET_A), ("06-01", 0, 1, 0, STREET_A)]


def test_repeated_complaints_about_one_site_count_each(own):
    complaint = {"source": "letter", "site_id": "site-S1", "street_code": STREET_A, "located": "area"}
    add(own, "lead", *({"number": f"L9{n}", "day": d(f"07-2{n}"), **complaint} for n in range(3)))
    assert len(events(own, JULY, WHOLE)) == 8


def test_a_scope_sees_its_own_matters(databases):
    assert len(events(databases, JULY, ONLY_A)) == 3
    assert len(events(databases, JULY, ONLY_B)) == 2
    assert len(events(databases, JULY.with_(area="DJ-004"), WHOLE)) == 2
    assert len(events(databases, JULY.with_(category="cosmetic"), WHOLE)) == 1


def test_points_leave_only_where_exact_points_may(databases):
    assert events(databases, JULY, WHOLE)["lon"].notna().sum() == 4
    assert events(databases, JULY, Scope(DISTRICT, exact_points=False))["lon"].isna().all()


def test_later_days_and_later_knowledge_are_not_there(databases):
    assert len(events(databases, JULY.with_(as_of=dt.date(2023, 7, 11)), WHOLE)) == 3
    assert len(events(databases, JULY.with_(known_at=dt.datetime(2023, 7, 13, tzinfo=CHINA)), WHOLE, ("lead",))) == 2


def test_a_period_without_events_keeps_its_columns(databases):
    ahead = JULY.with_(start=dt.date(2019, 1, 1), end=dt.date(2019, 1, 31))
    found, full = events(databases, ahead, WHOLE), events(databases, JULY, WHOLE)
    assert found.empty
    assert list(found.columns) == list(full.columns)
    assert found["leads"].dtype == full["leads"].dtype
