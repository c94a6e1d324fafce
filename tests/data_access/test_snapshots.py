"""The facts of a meeting stay as they were when it opened, and say so themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
from sqlalchemy import select, update

from data_access.database import Database
from data_access.meetings import meetings
from data_access.meetings_write import MeetingRefused, meeting_of, open_meeting
from data_access.schema import audit_event, decision, meeting, snapshot
from data_access.snapshots import (
    SNAPSHOT_COLUMNS,
    SnapshotRefused,
    latest_meeting,
    read_snapshot,
    snapshots_of,
    take_snapshot,
)
from data_access.versions import versions
from rules.request import Actor, Scope
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_A,
    ONLY_B,
    POLICE,
    STREET_A,
    STREET_B,
    WHOLE,
    build_town,
)

NOW = dt.datetime(2023, 7, 31, 14, 0, tzinfo=CHINA)
CHAIR = Actor("demo", "演示用户", "区打非办", WHOLE)


@pytest.fixture
def town_of_ones_own(database: Database) -> Database:
    build_town(database)
    return database


CALLED = Scope(DISTRICT, areas=(STREET_B,))
BRIEFED = {
    "streets": [{"code": STREET_A, "name": "东街道", "visits": 5, "high_sites": 7}, {"code": STREET_B, "name": "西镇", "visits": 3, "high_sites": 2}],
    "hotspots": [], "decisions": [], "trackers": {"watch": [{"street_code": STREET_A, "subject": "示＊＊"}, {"street_code": STREET_B, "subject": "某＊＊"}]},
    "recurrence": {"displaced": []}, "cases": [], "deadlines": [], "agencies": [],
}  # fmt: skip


def facts(scope=WHOLE, **changes) -> dict:
    found = {
        "version": 1, "district": {"code": DISTRICT, "name": "示例区", "name_en": None}, "demo": True,
        "scope": {"areas": list(scope.areas), "agencies": list(scope.agencies)}, "as_of": "2023-07-31", "start": "2023-07-01", "end": "2023-07-31",
        "before": {"start": "2023-06-01", "end": "2023-06-30"}, "taken_at": NOW.isoformat(), "data_version": {"visit": 1, "lead": 1},
        "figures": {"K1": {"name": "检查户次", "unit": "户次", "value": 12, "n": None, "N": None}},
    }  # fmt: skip
    return {**found, **changes}


def test_what_is_read_is_what_was_kept(town_of_ones_own: Database) -> None:
    kept = facts()
    made = take_snapshot(town_of_ones_own, kept, "meeting-M1", actor=CHAIR, now=NOW)
    found = read_snapshot(town_of_ones_own, WHOLE, made.id)
    told = found.pop("snapshot")
    assert found == kept
    assert (told["number"], told["hash"]) == (1, made.hash)
    assert dt.datetime.fromisoformat(told["taken_at"]) == NOW


def test_the_hash_is_that_of_the_canonical_text(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(), "meeting-M1", actor=CHAIR, now=NOW)
    text = json.dumps(facts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert made.hash == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert take_snapshot(town_of_ones_own, dict(reversed(facts().items())), "meeting-M1", actor=CHAIR, now=NOW).hash == made.hash


def test_snapshots_are_counted_by_meeting(town_of_ones_own: Database) -> None:
    numbers = [take_snapshot(town_of_ones_own, facts(), meeting, actor=CHAIR, now=NOW).number for meeting in ("meeting-M1", "meeting-M1", "meeting-M2")]
    assert numbers == [1, 2, 1]
    found = snapshots_of(town_of_ones_own, WHOLE, "meeting-M1")
    assert list(found.columns) == list(SNAPSHOT_COLUMNS)
    assert found["number"].tolist() == [2, 1]
    assert found["data_version"].iloc[0] == {"visit": 1, "lead": 1}
    assert snapshots_of(town_of_ones_own, WHOLE, "meeting-M3").empty


def test_later_changes_of_the_data_leave_a_snapshot_alone(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(decisions=[{"id": "decision-D1", "text": "示例事项一"}]), "meeting-M1", actor=CHAIR, now=NOW)
    with town_of_ones_own.write() as connection:
        connection.execute(update(decision).values(text="改过的事项"))
    assert read_snapshot(town_of_ones_own, WHOLE, made.id)["decisions"][0]["text"] == "示例事项一"


@pytest.mark.parametrize("content", [b"not compressed", zlib.compress(b'{"version":1}')])
def test_a_snapshot_that_was_tampered_with_is_refused(town_of_ones_own: Database, content: bytes) -> None:
    made = take_snapshot(town_of_ones_own, facts(), "meeting-M1", actor=CHAIR, now=NOW)
    with town_of_ones_own.write() as connection:
        connection.execute(update(snapshot).values(content=content))
    with pytest.raises(SnapshotRefused, match="校验值不符"):
        read_snapshot(town_of_ones_own, WHOLE, made.id)


def test_facts_of_the_whole_district_are_cut_for_the_street_of_the_meeting_and_closed_to_others(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(**BRIEFED), "meeting-M2", actor=CHAIR, now=NOW)
    assert "high_sites" not in read_snapshot(town_of_ones_own, ONLY_A, made.id)["streets"][1]
    assert read_snapshot(town_of_ones_own, POLICE, made.id)["scope"] == {"areas": [], "agencies": ["GAJ", "PCS1"]}
    assert "high_sites" not in read_snapshot(town_of_ones_own, Scope(DISTRICT, areas=(STREET_A,), agencies=POLICE.agencies), made.id)["streets"][0]
    for scope in (ONLY_B, Scope(DISTRICT, agencies=("SCJ",)), Scope(DISTRICT, areas=(STREET_B,), agencies=POLICE.agencies)):
        with pytest.raises(SnapshotRefused, match="权限"):
            read_snapshot(town_of_ones_own, scope, made.id)


def test_a_street_reads_the_snapshot_of_its_own_meeting(town_of_ones_own: Database) -> None:
    head = Actor("a", "街道用户", "街镇", ONLY_A)
    made = take_snapshot(town_of_ones_own, facts(ONLY_A), "meeting-M2", actor=head, now=NOW)
    assert read_snapshot(town_of_ones_own, ONLY_A, made.id)["version"] == 1
    assert read_snapshot(town_of_ones_own, WHOLE, made.id)["version"] == 1
    with pytest.raises(SnapshotRefused):
        read_snapshot(town_of_ones_own, ONLY_B, made.id)
    assert snapshots_of(town_of_ones_own, ONLY_B, "meeting-M2").empty


def test_nobody_takes_a_snapshot_for_a_meeting_that_is_not_theirs(town_of_ones_own: Database) -> None:
    for scope, held in ((ONLY_B, "meeting-M2"), (WHOLE, "meeting-nowhere")):
        with pytest.raises(SnapshotRefused, match="没有这次会议"):
            take_snapshot(town_of_ones_own, facts(scope), held, actor=Actor("b", "街道用户", "街镇", scope), now=NOW)


def test_a_snapshot_is_audited_and_seen_by_every_screen(town_of_ones_own: Database) -> None:
    before = versions(town_of_ones_own, DISTRICT)["meeting"]
    made = take_snapshot(town_of_ones_own, facts(), "meeting-M1", actor=CHAIR, now=NOW)
    with town_of_ones_own.read() as connection:
        told = connection.execute(select(audit_event.c.action, audit_event.c.subject_id, audit_event.c.detail)).all()
    assert [tuple(row) for row in told] == [("snapshot", "meeting-M1", {"number": 1, "hash": made.hash})]
    assert versions(town_of_ones_own, DISTRICT)["meeting"] == before + 1


def test_facts_that_json_cannot_hold_are_refused_before_anything_is_written(town_of_ones_own: Database) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        take_snapshot(town_of_ones_own, facts(ratio=float("nan")), "meeting-M1", actor=CHAIR, now=NOW)
    assert snapshots_of(town_of_ones_own, WHOLE, "meeting-M1").empty


def call(database: Database, **lists: list[str]) -> None:
    with database.write() as connection:
        connection.execute(update(meeting).where(meeting.c.id == "meeting-M1").values(**lists))


@pytest.mark.parametrize("list_", ["members", "invited", "present"])
def test_a_street_that_was_called_gets_the_districts_facts_cut_to_it(town_of_ones_own: Database, list_: str) -> None:
    made = take_snapshot(town_of_ones_own, facts(**BRIEFED), "meeting-M1", actor=CHAIR, now=NOW)
    with pytest.raises(SnapshotRefused):
        read_snapshot(town_of_ones_own, CALLED, made.id)
    assert latest_meeting(town_of_ones_own, CALLED) is None
    call(town_of_ones_own, **{list_: ["JD-B"]})
    found = read_snapshot(town_of_ones_own, CALLED, made.id)
    assert found["streets"] == [{"code": STREET_A, "name": "东街道", "visits": 5}, BRIEFED["streets"][1]]
    assert found["trackers"] == {"watch": [{"street_code": STREET_B, "subject": "某＊＊"}]}
    assert found["snapshot"]["hash"] == made.hash
    assert snapshots_of(town_of_ones_own, CALLED, "meeting-M1")["id"].tolist() == [made.id]
    assert latest_meeting(town_of_ones_own, CALLED) == "meeting-M1"
    assert meeting_of(town_of_ones_own, CALLED, "meeting-M1").name == "区联席会议"
    with pytest.raises(SnapshotRefused):
        read_snapshot(town_of_ones_own, ONLY_A, made.id)


def test_a_street_that_was_called_writes_nothing_into_the_districts_meeting(town_of_ones_own: Database) -> None:
    call(town_of_ones_own, invited=["JD-B"])
    street = Actor("west", "西镇", "street", CALLED)
    entry = meeting_of(town_of_ones_own, CALLED, "meeting-M1")
    with pytest.raises(MeetingRefused):
        open_meeting(town_of_ones_own, entry, meeting_id="meeting-M1", actor=street, now=NOW)
    with pytest.raises(SnapshotRefused):
        take_snapshot(town_of_ones_own, facts(), "meeting-M1", actor=street, now=NOW)


def test_a_streets_facts_are_not_cut_for_another_street(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(scope=ONLY_A, **BRIEFED), "meeting-M1", actor=CHAIR, now=NOW)
    call(town_of_ones_own, invited=["JD-B"])
    with pytest.raises(SnapshotRefused):
        read_snapshot(town_of_ones_own, CALLED, made.id)


def test_agencies_within_streets_read_the_districts_meeting_where_an_agency_was_called(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(**BRIEFED), "meeting-M1", actor=CHAIR, now=NOW)
    both = Scope(DISTRICT, areas=(STREET_B,), agencies=("GAJ",))
    call(town_of_ones_own, members=[], invited=["JD-B"], present=[])
    with pytest.raises(SnapshotRefused):
        read_snapshot(town_of_ones_own, both, made.id)
    call(town_of_ones_own, invited=["GAJ"])
    found = read_snapshot(town_of_ones_own, both, made.id)
    assert found["scope"] == {"areas": [STREET_B], "agencies": ["GAJ"]}
    assert found["streets"] == [{"code": code, "name": name, "visits": visits} for code, name, visits in ((STREET_A, "东街道", 5), (STREET_B, "西镇", 3))]
    assert found["trackers"] == {"watch": []}


def test_a_streets_own_facts_too_hold_nothing_that_nobody_allowed(town_of_ones_own: Database) -> None:
    head = Actor("a", "街道用户", "街镇", ONLY_A)
    made = take_snapshot(town_of_ones_own, facts(ONLY_A, added_tomorrow=1), "meeting-M2", actor=head, now=NOW)
    assert "added_tomorrow" not in read_snapshot(town_of_ones_own, ONLY_A, made.id)
    assert read_snapshot(town_of_ones_own, WHOLE, made.id)["added_tomorrow"] == 1


def test_a_units_code_is_met_whole(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(**BRIEFED), "meeting-M1", actor=CHAIR, now=NOW)
    for near in ("JD-BB", "XJD-B", "JD_B", "%"):
        call(town_of_ones_own, invited=[near])
        with pytest.raises(SnapshotRefused):
            read_snapshot(town_of_ones_own, CALLED, made.id)


def test_the_list_of_meetings_names_those_a_street_was_called_to_and_counts_its_own(town_of_ones_own: Database) -> None:
    assert "M1" not in meetings(town_of_ones_own, JULY, CALLED, called=True)["number"].tolist()
    call(town_of_ones_own, invited=["JD-B"])
    assert "M1" in meetings(town_of_ones_own, JULY, CALLED, called=True)["number"].tolist()
    assert "M1" not in meetings(town_of_ones_own, JULY, CALLED)["number"].tolist()


def test_facts_of_a_street_are_cut_for_the_agencies_of_its_meeting_and_whole_for_who_has_that_street_and_more(town_of_ones_own: Database) -> None:
    head = Actor("a", "街道用户", "街镇", ONLY_A)
    taken = {**BRIEFED, "streets": BRIEFED["streets"][:1]}
    made = take_snapshot(town_of_ones_own, facts(ONLY_A, **taken), "meeting-M2", actor=head, now=NOW)
    police = read_snapshot(town_of_ones_own, POLICE, made.id)
    assert police["scope"] == {"areas": [STREET_A], "agencies": ["GAJ", "PCS1"]}
    assert police["trackers"] == {"watch": []}
    assert "high_sites" not in police["streets"][0]
    both = read_snapshot(town_of_ones_own, Scope(DISTRICT, areas=(STREET_A, STREET_B)), made.id)
    assert both["streets"] == taken["streets"]
    for scope in (Scope(DISTRICT, agencies=("SCJ",)), Scope(DISTRICT, areas=(STREET_B,), agencies=POLICE.agencies)):
        with pytest.raises(SnapshotRefused):
            read_snapshot(town_of_ones_own, scope, made.id)
