"""Who looks after the grids of the small town, and what is handed on or given back."""

import datetime as dt

import pytest
from sqlalchemy import insert, select

from data_access.assignments import Owner, assign_grids, grid_owners, hand_over, handovers, teams
from data_access.importing import undo
from data_access.obligations import obligations
from data_access.schema import FACTS, audit_event
from data_access.versions import raise_versions, versions
from rules.language import Refusal
from rules.request import Actor
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_A,
    ONLY_B,
    STREET_A,
    STREET_B,
    TODAY,
    WHOLE,
    build_town,
    row,
)

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
LATER = dt.datetime(2023, 7, 31, 11, tzinfo=CHINA)
ACTOR = Actor("dfb", "区打非办", "district", WHOLE)
OF_A = Actor("a", "东街道", "street", ONLY_A)
JULY_1, JULY_10 = dt.date(2023, 7, 1), dt.date(2023, 7, 10)
VISIT = {"rule_id": "visit.grid", "target_kind": "grid", "target_id": "DJ-003", "day": TODAY}


@pytest.fixture
def staffed(database):
    build_town(database)
    with database.write() as connection:
        connection.execute(insert(FACTS["team"]), [
            row("team", 901, number="T1", code="T1", name="东街一队", street_code=STREET_A, valid_from=dt.date(2023, 1, 1), valid_to=None),
            row("team", 902, number="T2", code="T2", name="西镇一队", street_code=STREET_B, valid_from=None, valid_to=None),
            row("team", 903, number="T9", code="T9", name="旧队", street_code=STREET_A, valid_from=None, valid_to=dt.date(2022, 12, 31)),
        ])  # fmt: skip
        raise_versions(connection, DISTRICT, ["team"], NOW)
    return database


def owners(database, scope=WHOLE, filters=JULY, **more) -> dict[str, tuple[str, str]]:
    found = grid_owners(database, filters, scope, **more)
    return {line.code: (line.owner_kind, line.owner_name) for line in found.itertuples() if line.owner_code}


def test_teams_are_those_of_the_day(staffed):
    assert teams(staffed, JULY, ONLY_B)["code"].tolist() == ["T1", "T2"]
    assert "T9" in set(teams(staffed, JULY.with_(start=dt.date(2022, 1, 1), as_of=dt.date(2022, 6, 1)), WHOLE)["code"])


def test_grids_belong_to_nobody_until_they_are_assigned(staffed):
    assert owners(staffed) == {}
    assert len(grid_owners(staffed, JULY, WHOLE)) == 6
    assign_grids(staffed, ["DJ-001", "DJ-002"], Owner("team", "T1"), valid_from=JULY_1, actor=OF_A, now=NOW)
    assert owners(staffed) == {"DJ-001": ("team", "东街一队"), "DJ-002": ("team", "东街一队")}
    assert list(owners(staffed, owner="T1")) == ["DJ-001", "DJ-002"]
    assert owners(staffed, ONLY_B) == {}
    june = JULY.with_(start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 30), as_of=dt.date(2023, 6, 30))
    assert owners(staffed, filters=june) == {}


def test_the_later_assignment_holds_and_the_same_day_is_a_new_version(staffed):
    assign_grids(staffed, ["DJ-001"], Owner("team", "T1"), valid_from=JULY_1, actor=ACTOR, now=NOW)
    assign_grids(staffed, ["DJ-001"], Owner("neighbourhood", "A1"), valid_from=JULY_10, actor=ACTOR, now=NOW)
    assert owners(staffed) == {"DJ-001": ("neighbourhood", "一居委")}
    assert owners(staffed, filters=JULY.with_(as_of=dt.date(2023, 7, 9))) == {"DJ-001": ("team", "东街一队")}
    batch = assign_grids(staffed, ["DJ-001"], Owner("agency", "JD-A"), valid_from=JULY_10, actor=ACTOR, now=LATER)
    assert owners(staffed) == {"DJ-001": ("agency", "东街道办事处")}
    undo(staffed, batch, actor=ACTOR, now=LATER + dt.timedelta(hours=1))
    assert owners(staffed) == {"DJ-001": ("neighbourhood", "一居委")}
    assert owners(staffed, filters=JULY.with_(known_at=LATER)) == {"DJ-001": ("agency", "东街道办事处")}


def test_other_peoples_grids_and_unknown_owners_are_refused(staffed):
    for grids, owner in (
        (["XZ-001"], Owner("team", "T1")), (["NO-001"], Owner("team", "T1")), ([], Owner("team", "T1")),
        (["DJ-001"], Owner("team", "T2")), (["DJ-001"], Owner("team", "T9")), (["DJ-001"], Owner("neighbourhood", "B1")),
        (["DJ-001"], Owner("agency", "NO")), (["DJ-001"], Owner("person", "T1")),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            assign_grids(staffed, grids, owner, valid_from=JULY_1, actor=OF_A, now=NOW)
    assert owners(staffed) == {}


def test_a_duty_handed_on_is_owed_by_who_got_it(staffed):
    before = versions(staffed, DISTRICT)["assignment"]
    batch = hand_over(staffed, **VISIT, action="reassign", to=Owner("team", "T1"), reason="人手不足", actor=OF_A, now=NOW, came_from=Owner("agency", "JD-A"))
    assert versions(staffed, DISTRICT)["assignment"] == before + 1
    told = handovers(staffed, JULY, ONLY_A).iloc[0]
    assert (told["action"], told["from_code"], told["to_code"], told["reason"], told["street_code"], told["batch_id"]) == (
        "reassign", "JD-A", "T1", "人手不足", STREET_A, batch)  # fmt: skip
    assert owes(staffed) == ("team", "T1")
    hand_over(staffed, **VISIT, action="return", to=Owner("agency", "JD-A"), reason="不属本队", actor=OF_A, now=LATER)
    assert handovers(staffed, JULY, WHOLE)["action"].tolist() == ["return", "reassign"]
    assert owes(staffed) == ("agency", "JD-A")
    assert handovers(staffed, JULY, ONLY_B).empty


def owes(database) -> tuple[str, str]:
    duties = obligations(database, JULY, WHOLE)
    mine = duties[(duties["rule_id"] == "visit.grid") & (duties["target_id"] == "DJ-003")].iloc[0]
    return mine["owner_kind"], mine["owner_code"]


def test_handing_on_takes_a_reason_and_a_target_of_ones_own(staffed):
    to = Owner("team", "T1")
    refused = [
        {**VISIT, "action": "reassign", "to": to, "reason": "  "}, {**VISIT, "action": "give", "to": to, "reason": "x"},
        {**VISIT, "action": "reassign", "to": to, "reason": "长" * 401}, {**VISIT, "target_id": "XZ-001", "action": "reassign", "to": to, "reason": "x"},
        {**VISIT, "target_kind": "site", "target_id": "site-S3", "action": "reassign", "to": to, "reason": "x"},
        {**VISIT, "target_kind": "site", "target_id": "nothing", "action": "reassign", "to": to, "reason": "x"},
        {**VISIT, "target_kind": "secret", "action": "reassign", "to": to, "reason": "x"},
    ]  # fmt: skip
    sentences = set()
    for one in refused:
        with pytest.raises(Refusal) as told:
            hand_over(staffed, **one, actor=OF_A, now=NOW)
        sentences.add(str(told.value))
    # Another street's thing and one that does not exist get the same answer.
    assert len(sentences) == 4
    hand_over(staffed, **{**VISIT, "target_kind": "site", "target_id": "site-S2"}, action="reassign", to=to, reason="x", actor=OF_A, now=NOW)
    assert handovers(staffed, JULY, WHOLE)["grid_code"].tolist() == ["DJ-004"]


def test_a_duty_is_not_handed_to_whom_it_is_with(staffed):
    team = Owner("team", "T1")
    with pytest.raises(Refusal, match="已经由所选的责任方负责"):
        hand_over(staffed, **VISIT, action="reassign", to=team, reason="人手不足", actor=OF_A, now=NOW, came_from=team)


def test_every_write_is_audited_and_a_street_may_take_its_own_back(staffed):
    batch = hand_over(staffed, **VISIT, action="reassign", to=Owner("team", "T1"), reason="人手不足", actor=OF_A, now=NOW)
    with staffed.read() as connection:
        told = connection.execute(select(audit_event.c.actor_id, audit_event.c.detail).where(audit_event.c.subject_id == batch)).one()
    assert told.actor_id == "a"
    assert "人手不足" not in str(told.detail)
    assert told.detail["to"] == "team:T1"
    with pytest.raises(Refusal):
        undo(staffed, batch, actor=Actor("b", "西镇", "street", ONLY_B), now=LATER)
    undo(staffed, batch, actor=OF_A, now=LATER)
    assert handovers(staffed, JULY, WHOLE).empty


def test_grids_of_a_marked_neighbourhood_are_marked(staffed):
    table = FACTS["area"]
    with staffed.write() as connection:
        connection.execute(table.update().where(table.c.code == "A2").values(priority=True))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    found = grid_owners(staffed, JULY, WHOLE)
    assert found.loc[found["priority"], "code"].tolist() == ["DJ-003", "DJ-004"]
