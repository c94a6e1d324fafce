"""The facts of a meeting stay as they were when it opened, and say so themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
from sqlalchemy import select, update

from data_access.database import Database
from data_access.schema import audit_event, decision, snapshot
from data_access.snapshots import (
    SNAPSHOT_COLUMNS,
    SnapshotRefused,
    read_snapshot,
    snapshots_of,
    take_snapshot,
)
from data_access.versions import versions
from rules.request import Actor
from tests.town import CHINA, DISTRICT, ONLY_A, ONLY_B, POLICE, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 14, 0, tzinfo=CHINA)
CHAIR = Actor("demo", "演示用户", "区打非办", WHOLE)


@pytest.fixture
def town_of_ones_own(database: Database) -> Database:
    build_town(database)
    return database


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


def test_a_street_reads_no_snapshot_of_the_whole_district(town_of_ones_own: Database) -> None:
    made = take_snapshot(town_of_ones_own, facts(), "meeting-M2", actor=CHAIR, now=NOW)
    for scope in (ONLY_A, ONLY_B, POLICE):
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
    for scope, meeting in ((ONLY_B, "meeting-M2"), (WHOLE, "meeting-nowhere")):
        with pytest.raises(SnapshotRefused, match="没有这次会议"):
            take_snapshot(town_of_ones_own, facts(scope), meeting, actor=Actor("b", "街道用户", "街镇", scope), now=NOW)


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
