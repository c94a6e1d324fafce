"""How long persons who must be handed over have waited, and who is one step away."""

from __future__ import annotations

import datetime as dt

import pytest

from data_access.schema import FACTS
from data_access.transfer_tracker import transfer_tracker
from data_access.versions import raise_versions
from tests.town import CHINA, DISTRICT, JULY, ONLY_B, STREET_A, WHOLE, build_town, row


@pytest.fixture
def own(sqlite_database):
    build_town(sqlite_database)
    add(sqlite_database, "subject", {"id": "subject-Z", "number": "Z", "name": "示例庚", "kind": "person", "qualification": "none", "street_code": STREET_A, "located": "area"})
    for number, day, agency in (("Z1", "2022-05-01", "WJW"), ("Z2", "2023-03-01", "WJS")):
        add(sqlite_database, "penalty", {"number": number, "subject_id": "subject-Z", "day": dt.date.fromisoformat(day), "kind": "fine", "agency_code": agency})
    return sqlite_database


def add(database, table: str, values: dict) -> None:
    with database.write() as connection:
        connection.execute(FACTS[table].insert(), [row(table, 900 + len(values["number"]) * 20 + ord(values["number"][-1]), **values)])
        raise_versions(connection, DISTRICT, [table], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def seen(day: str) -> dict:
    target = {"target_kind": "subject", "target_id": "subject-Z", "mode": "inspection", "finding": "confirmed", "visits": 1}
    return {"number": "VZ", "day": dt.date.fromisoformat(day), "street_code": STREET_A, "located": "area", **target}


def test_two_penalties_are_watched_since_the_last_of_them(own):
    told = transfer_tracker(own, JULY, WHOLE).set_index("subject_id").loc["subject-Z"]
    assert (told["state"], told["penalties"], told["age_days"], told["agency_code"], told["name"]) == ("watch", 2, 152, "WJS", "示＊＊")


def test_practising_again_binds_since_that_day(own):
    add(own, "patrol_visit", seen("2023-07-10"))
    told = transfer_tracker(own, JULY, WHOLE).set_index("subject_id").loc["subject-Z"]
    assert (told["state"], told["age_days"], f"{told['again_on']:%m-%d}") == ("must_transfer", 21, "07-10")
    assert transfer_tracker(own, JULY.with_(as_of=dt.date(2023, 7, 9)), WHOLE)["state"].tolist()[0] != "must_transfer"


def test_who_was_handed_over_is_done_and_another_streets_person_is_not_told(own):
    add(own, "patrol_visit", seen("2023-07-10"))
    assert "subject-Z" not in set(transfer_tracker(own, JULY, ONLY_B)["subject_id"])
    add(own, "case", {"number": "AZ", "id": "case-AZ", "kind": "unlicensed", "subject_id": "subject-Z", "street_code": STREET_A, "located": "area"})
    add(own, "case_event", {"number": "AZ-1", "case_id": "case-AZ", "day": dt.date(2023, 7, 20), "event": "transferred"})
    assert "subject-Z" not in set(transfer_tracker(own, JULY, WHOLE)["subject_id"])


def test_nobody_to_tell_of_keeps_the_columns(databases):
    found = transfer_tracker(databases, JULY.with_(as_of=dt.date(2020, 1, 1), start=dt.date(2020, 1, 1), end=dt.date(2020, 1, 1)), WHOLE)
    assert found.empty
    assert "age_days" in found.columns
