"""What a meeting decides is written with owner, day and standard, seen by who must act, and can be taken back."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.decided import decided
from data_access.decisions_write import (
    DecisionEntry,
    DecisionRefused,
    answer_decision,
    change_decision,
    close_decision,
    make_decision,
)
from data_access.importing import undo
from data_access.meetings import decisions, meetings
from data_access.meetings_write import MeetingEntry, MeetingRefused, meeting_of, open_meeting
from data_access.obligations import obligations
from data_access.schema import audit_event, decision
from rules.language import Refusal
from rules.request import Actor
from tests.town import CHINA, JULY, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 14, 0, tzinfo=CHINA)
CHAIR = Actor("demo", "演示用户", "区打非办", WHOLE)
STREET = Actor("a", "街道用户", "街镇", ONLY_A)
OFFICER = Actor("g", "民警用户", "公安", POLICE)
ENTRY = DecisionEntry("decision", "核查出租房 12 处", "12 处全部核查并录入", "GAJ", dt.date(2023, 8, 7), support=("JD-A", "GAJ"), grids=("DJ-001", "DJ-002"))


@pytest.fixture
def own(database: Database) -> Database:
    build_town(database)
    return database


def rows(database: Database, scope=WHOLE, filters=JULY):
    return decisions(database, filters, scope).set_index("text")


def test_a_decision_has_its_owner_day_and_place(own: Database) -> None:
    made, _ = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    found = rows(own).loc["核查出租房 12 处"]
    assert (found["id"], found["agency_code"], found["state"], found["days_left"]) == (made, "GAJ", "open", 7)
    assert found["support_agencies"] == ["JD-A"]
    assert found["street_code"] == STREET_A
    assert found["number"] == "M1-03"  # two of the meeting stand already
    with own.read() as connection:
        kept = connection.execute(select(decision.c.hotspot, decision.c.target_kind, decision.c.done_when).where(decision.c.id == made)).one()
    assert tuple(kept) == ({"members": ["DJ-001", "DJ-002"]}, "grid", "12 处全部核查并录入")


def test_one_grid_is_the_place_and_grids_of_two_streets_have_none(own: Database) -> None:
    make_decision(own, "meeting-M1", replace(ENTRY, text="一格", grids=("XZ-001",)), actor=CHAIR, now=NOW)
    make_decision(own, "meeting-M1", replace(ENTRY, text="两街", grids=("XZ-001", "DJ-001")), actor=CHAIR, now=NOW)
    found = rows(own)
    assert (found.loc["一格", "grid_code"], found.loc["一格", "neighbourhood_code"], found.loc["一格", "street_code"]) == ("XZ-001", "B1", STREET_B)
    assert found.loc["两街", ["grid_code", "street_code"]].isna().all()


def test_a_plan_keeps_the_hotspot_as_it_stood(own: Database) -> None:
    spot = {"rank": 1, "name": "东街片", "snapshot": "s1"}
    made, _ = make_decision(own, "meeting-M1", replace(ENTRY, kind="plan", hotspot=spot), actor=CHAIR, now=NOW)
    with own.read() as connection:
        kept = connection.execute(select(decision.c.kind, decision.c.target_kind, decision.c.hotspot).where(decision.c.id == made)).one()
    assert tuple(kept) == ("plan", "hotspot", {**spot, "members": ["DJ-001", "DJ-002"]})


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"text": " "}, "写明事项"), ({"agency_code": ""}, "责任单位"), ({"done_when": ""}, "完成标准"), ({"due_on": dt.date(2023, 7, 30)}, "早于"),
        ({"agency_code": "NOBODY"}, "没有这个部门"), ({"grids": ("XX-999",)}, "没有这个区域"), ({"grids": (STREET_A,)}, "没有这个区域"),
        ({"kind": "wish"}, "一点一方案"), ({"text": "长" * 501}, "500"), ({"support": ("NOBODY",)}, "没有这个部门"),
    ],
)  # fmt: skip
def test_nothing_is_decided_without_what_a_decision_needs(own: Database, wrong: dict, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        make_decision(own, "meeting-M1", replace(ENTRY, **wrong), actor=CHAIR, now=NOW)
    assert "核查出租房 12 处" not in rows(own).index


def test_the_owner_and_the_support_find_it_among_their_duties(own: Database) -> None:
    made, _ = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    for scope in (POLICE, replace(WHOLE, agencies=("JD-A",)), ONLY_A):
        due = obligations(own, JULY, scope)
        mine = due[(due["target_kind"] == "decision") & (due["target_id"] == made)]
        assert mine["due_on"].dt.date.tolist() == [dt.date(2023, 8, 7)]
    assert made not in set(obligations(own, JULY, ONLY_B)["target_id"])


def test_feedback_and_closure_come_back_to_the_next_meeting(own: Database) -> None:
    made, _ = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    answer_decision(own, made, "已核查 12 处", actor=OFFICER, now=NOW + dt.timedelta(days=2))
    later = JULY.with_(start=dt.date(2023, 8, 1), end=dt.date(2023, 8, 10), as_of=dt.date(2023, 8, 10))
    found = rows(own, filters=later).loc["核查出租房 12 处"]
    assert (found["state"], found["feedback"], bool(found["carried_over"])) == ("answered", "已核查 12 处", True)
    close_decision(own, made, actor=CHAIR, now=NOW + dt.timedelta(days=5))
    assert rows(own, filters=later).loc["核查出租房 12 处", "state"] == "done"
    assert made not in set(obligations(own, later, POLICE)["target_id"])
    with pytest.raises(DecisionRefused, match="办结"):
        answer_decision(own, made, "再报", actor=OFFICER, now=NOW + dt.timedelta(days=6))


def test_an_open_decision_can_be_changed_and_the_version_before_stays_known(own: Database) -> None:
    made, _ = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    change_decision(own, made, replace(ENTRY, text="核查出租房 20 处", due_on=dt.date(2023, 8, 20)), actor=CHAIR, now=NOW + dt.timedelta(hours=1))
    assert rows(own).loc["核查出租房 20 处", "id"] == made
    assert "核查出租房 12 处" in rows(own, filters=JULY.with_(known_at=NOW)).index
    answer_decision(own, made, "已办", actor=OFFICER, now=NOW + dt.timedelta(hours=2))
    with pytest.raises(DecisionRefused, match="不能再改"):
        change_decision(own, made, ENTRY, actor=CHAIR, now=NOW + dt.timedelta(hours=3))


def test_what_was_decided_can_be_taken_back_step_by_step(own: Database) -> None:
    made, first = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    second = close_decision(own, made, actor=CHAIR, now=NOW + dt.timedelta(minutes=1))
    with pytest.raises(Refusal, match="先撤销"):
        undo(own, first, actor=CHAIR, now=NOW + dt.timedelta(minutes=2))
    undo(own, second, actor=CHAIR, now=NOW + dt.timedelta(minutes=2))
    assert rows(own).loc["核查出租房 12 处", "state"] == "open"
    undo(own, first, actor=CHAIR, now=NOW + dt.timedelta(minutes=3))
    assert "核查出租房 12 处" not in rows(own).index


def test_a_closure_taken_back_in_the_same_instant_does_not_return_with_its_decision(own: Database) -> None:
    made, first = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    closed = close_decision(own, made, actor=CHAIR, now=NOW)
    undo(own, closed, actor=CHAIR, now=NOW)
    assert rows(own).loc["核查出租房 12 处", "state"] == "open"
    undo(own, first, actor=CHAIR, now=NOW)
    assert "核查出租房 12 处" not in rows(own).index


def test_a_decision_brought_by_a_file_is_answered_and_closed_alike(own: Database) -> None:
    answer_decision(own, "decision-D1", "已办妥", actor=OFFICER, now=NOW)
    close_decision(own, "decision-D1", cancelled=True, actor=CHAIR, now=NOW)
    assert rows(own).loc["示例事项一", "state"] == "cancelled"


def test_only_who_convenes_decides_and_only_who_is_named_answers(own: Database) -> None:
    with pytest.raises(DecisionRefused):
        make_decision(own, "meeting-M1", ENTRY, actor=STREET, now=NOW)
    made, _ = make_decision(own, "meeting-M2", ENTRY, actor=STREET, now=NOW)
    with pytest.raises(DecisionRefused, match="本街镇"):
        make_decision(own, "meeting-M2", replace(ENTRY, grids=("XZ-001",)), actor=STREET, now=NOW)
    with pytest.raises(DecisionRefused):
        close_decision(own, made, actor=OFFICER, now=NOW)
    with pytest.raises(DecisionRefused, match="没有这项"):
        answer_decision(own, made, "代报", actor=Actor("b", "街道用户", "街镇", ONLY_B), now=NOW)
    with pytest.raises(DecisionRefused, match="办理结果"):
        answer_decision(own, made, "  ", actor=OFFICER, now=NOW)


def test_every_step_is_audited_with_who_and_what(own: Database) -> None:
    made, _ = make_decision(own, "meeting-M1", ENTRY, actor=CHAIR, now=NOW)
    answer_decision(own, made, "已办", actor=OFFICER, now=NOW)
    with own.read() as connection:
        told = connection.execute(select(audit_event.c.actor_id, audit_event.c.detail).where(audit_event.c.action == "decision")).all()
    assert [(row.actor_id, row.detail["decision"], row.detail.get("act")) for row in told] == [("demo", made, None), ("g", made, "feedback")]


MEETING = MeetingEntry(dt.date(2023, 7, 31), "district", "第8次联席会议", "DFB", members=("WJS", "GAJ", "SJJ"), invited=("JD-A",), present=("WJS", "GAJ"))


def test_a_meeting_is_written_and_counted_in_its_year(own: Database) -> None:
    first, _ = open_meeting(own, MEETING, actor=CHAIR, now=NOW)
    second, _ = open_meeting(own, replace(MEETING, day=dt.date(2023, 8, 31)), actor=CHAIR, now=NOW)
    assert (meeting_of(own, WHOLE, first).number, meeting_of(own, WHOLE, second).number) == ("2023-1", "2023-2")
    found = meetings(own, JULY, WHOLE).set_index("id").loc[first]
    assert (found["level"], found["members"], found["invited"], found["present"]) == ("district", ["WJS", "GAJ", "SJJ"], ["JD-A"], ["WJS", "GAJ"])


def test_who_came_and_the_number_of_the_minutes_are_added_later(own: Database) -> None:
    made, _ = open_meeting(own, MEETING, actor=CHAIR, now=NOW)
    changed = replace(meeting_of(own, WHOLE, made), present=("WJS", "GAJ", "SJJ"), minutes_number="纪要2023-1")
    again, batch = open_meeting(own, changed, meeting_id=made, actor=CHAIR, now=NOW + dt.timedelta(hours=1))
    assert again == made
    assert meeting_of(own, WHOLE, made) == changed
    with pytest.raises(MeetingRefused, match="纪要2023-1"):
        open_meeting(own, replace(MEETING, day=dt.date(2023, 8, 31), minutes_number="纪要2023-1"), actor=CHAIR, now=NOW)
    open_meeting(own, replace(MEETING, level="street", street_code=STREET_A, minutes_number="纪要2023-1"), actor=CHAIR, now=NOW)
    undo(own, batch, actor=CHAIR, now=NOW + dt.timedelta(hours=2))
    assert meeting_of(own, WHOLE, made).minutes_number is None


def test_a_street_convenes_its_own_meetings_only(own: Database) -> None:
    mine = replace(MEETING, level="street", street_code=STREET_A, convener="JD-A")
    made, _ = open_meeting(own, mine, actor=STREET, now=NOW)
    assert meeting_of(own, ONLY_A, made).number == f"{STREET_A}-2023-1"
    for other in (MEETING, replace(mine, street_code=STREET_B)):
        with pytest.raises(MeetingRefused, match="本街镇"):
            open_meeting(own, other, actor=STREET, now=NOW)
    with pytest.raises(MeetingRefused):
        open_meeting(own, mine, meeting_id="meeting-M1", actor=STREET, now=NOW)
    with pytest.raises(MeetingRefused):
        meeting_of(own, ONLY_B, made)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"level": "moon"}, "层级"), ({"level": "street"}, "街镇"), ({"street_code": "XZ-001"}, "没有这个街镇"), ({"convener": ""}, "召集"), ({"present": ("NOBODY",)}, "没有这个部门")],
)
def test_a_meeting_needs_a_level_a_convener_and_known_agencies(own: Database, wrong: dict, why: str) -> None:
    with pytest.raises(MeetingRefused, match=why):
        open_meeting(own, replace(MEETING, **wrong), actor=CHAIR, now=NOW)


def test_decisions_written_at_the_same_moment_have_numbers_of_their_own(own: Database) -> None:
    together = threading.Barrier(4)

    def one(text: str) -> str:
        together.wait(20)
        return make_decision(own, "meeting-M1", replace(ENTRY, text=text), actor=CHAIR, now=NOW)[0]

    with ThreadPoolExecutor(4) as people:
        made = list(people.map(one, "甲乙丙丁"))
    found = rows(own)
    mine = found[found["id"].isin(made)]
    assert sorted(mine["number"]) == ["M1-03", "M1-04", "M1-05", "M1-06"]


def test_a_street_answers_what_one_of_its_units_owes_and_nothing_else(own: Database) -> None:
    of_its_office, _ = make_decision(own, "meeting-M1", replace(ENTRY, agency_code="JD-A", support=(), grids=()), actor=CHAIR, now=NOW)
    anothers, _ = make_decision(own, "meeting-M1", replace(ENTRY, agency_code="WJS", support=()), actor=CHAIR, now=NOW)
    assert rows(own, ONLY_A).set_index("id").loc[of_its_office, "street_code"] == STREET_A
    answer_decision(own, of_its_office, "已补巡", actor=STREET, now=NOW)
    assert decided(own, ONLY_A, "meeting-M1", [], NOW.date())[of_its_office]["state"] == "answered"
    with pytest.raises(DecisionRefused, match="责任单位"):
        answer_decision(own, anothers, "代报", actor=STREET, now=NOW)
    with pytest.raises(DecisionRefused, match="没有这项"):
        answer_decision(own, of_its_office, "代报", actor=Actor("b", "街道用户", "街镇", ONLY_B), now=NOW)
