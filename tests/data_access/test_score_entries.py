"""What a person judges under the rubric, and papers recorded as handed in: who, when, on what, and taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from data_access.importing.problems import ImportRefused
from data_access.obligations import obligations
from data_access.reports_given import ReportRefused, hand_in, take_back
from data_access.rulebooks import adopt
from data_access.schema import audit_event
from data_access.score_entries import EntryRefused, judge, judgements, may_judge, withdraw
from data_access.scores import score_totals, scores
from data_access.worklist import worklist
from rules.request import Actor
from rules.rulebook import shipped
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

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
OFFICE = Actor("dfb", "区打非办", "district", WHOLE)
STREET = Actor("a", "东街用户", "street", ONLY_A)


@pytest.fixture
def town(sqlite_database):
    build_town(sqlite_database)
    adopt(sqlite_database, list(shipped()), adopter="示例", document="示例", valid_from=dt.date(2023, 1, 1), actor=OFFICE, now=NOW)
    return sqlite_database


def given(town, item: str = "score.R2.1", points: float = 2.0, document: str = "示例通报1号", day: dt.date = dt.date(2023, 7, 30), **more) -> str:
    return judge(town, **({"street_code": STREET_A, "item": item, "day": day, "points": points, "document": document, "actor": OFFICE, "now": NOW} | more))


def lost(town, item: str = "score.R2.1") -> list[float]:
    found = scores(town, JULY, ONLY_A)
    return found.loc[found["item"] == item, "points"].tolist()


def test_a_judgement_costs_its_points_says_who_when_and_on_what_and_is_taken_back(town):
    before = score_totals(town, JULY, ONLY_A)["score"].iloc[0]
    batch = given(town, note="会议抽查")
    assert lost(town) == [2.0]
    assert score_totals(town, JULY, ONLY_A)["score"].iloc[0] == before - 2
    found = judgements(town, JULY, WHOLE)
    assert found[["street_code", "item", "points", "document", "note", "entered_by", "batch_id"]].values.tolist() == [
        [STREET_A, "score.R2.1", 2.0, "示例通报1号", "会议抽查", "区打非办", batch]
    ]
    assert str(found["day"].iloc[0])[:10] == "2023-07-30"
    withdraw(town, batch, actor=OFFICE, now=NOW + dt.timedelta(minutes=5))
    assert lost(town) == []
    assert judgements(town, JULY, WHOLE).empty
    with pytest.raises(ImportRefused):
        withdraw(town, batch, actor=OFFICE, now=NOW + dt.timedelta(minutes=6))
    # What was known in between is still told.
    assert len(judgements(town, JULY.with_(known_at=NOW + dt.timedelta(minutes=1)), WHOLE)) == 1
    with town.read() as connection:
        told = connection.execute(select(audit_event.c.action, audit_event.c.actor_name).where(audit_event.c.subject_id == batch).order_by(audit_event.c.at)).all()
    assert [tuple(one) for one in told] == [("score_entry", "区打非办"), ("undo", "区打非办")]


def test_fewer_points_than_the_items_own_count_and_none_says_nothing_was_missed(town):
    given(town, points=0.5)
    assert lost(town) == [0.5]
    given(town, "score.R1.1", points=0.0)
    assert lost(town, "score.R1.1") == []
    assert len(judgements(town, JULY, WHOLE)) == 2


def test_a_once_item_is_lost_once_and_an_event_item_for_each_event(town):
    given(town, points=1.0)
    given(town, document="示例通报2号", day=dt.date(2023, 6, 1))
    assert lost(town) == [2.0]
    given(town, "score.R2.3c", points=2.0)
    given(town, "score.R2.3c", points=1.0, document="示例通报3号")
    assert lost(town, "score.R2.3c") == [3.0]


@pytest.mark.parametrize("wrong", [
    {"points": 2.5}, {"points": -1.0}, {"item": "score.R2.4"}, {"item": "visit.grid"}, {"document": "  "}, {"document": "长" * 201},
    {"street_code": "nowhere"}, {"street_code": DISTRICT}, {"day": dt.date(2023, 8, 1)}, {"actor": STREET}, {"points": float("nan")},
])  # fmt: skip
def test_what_cannot_be_judged_is_refused_and_writes_nothing(town, wrong):
    with pytest.raises(EntryRefused):
        given(town, **wrong)
    assert judgements(town, JULY, WHOLE).empty


def test_only_the_district_judges_and_a_street_sees_its_own(town):
    assert (may_judge(WHOLE), may_judge(ONLY_A), may_judge(POLICE)) == (True, False, False)
    batch = given(town)
    assert judgements(town, JULY, ONLY_B).empty
    assert len(judgements(town, JULY, ONLY_A)) == 1
    with pytest.raises(EntryRefused):
        withdraw(town, batch, actor=STREET, now=NOW)


def paper(town, scope=WHOLE, street: str = STREET_A):
    found = obligations(town, JULY, scope)
    mine = found[(found["rule_id"] == "report.first_half") & (found["street_code"] == street)]
    return mine.iloc[0] if len(mine) else None


def test_a_paper_is_owed_by_its_street_in_its_worklist_until_it_is_recorded(town):
    """1—6月考核资料 were due on 15 July: 16 days late."""
    owed = paper(town)
    assert (owed["state"], int(owed["days_left"]), owed["target_id"], owed["adopted"]) == ("over", -16, f"{STREET_A}.2023-06-30", True)
    listed = worklist(town, JULY, ONLY_A)
    assert f"report:{STREET_A}.2023-06-30" in listed["key"].tolist()
    assert not any(STREET_B in key for key in worklist(town, JULY, ONLY_A).loc[listed["group"] == "report", "key"])
    batch = hand_in(town, rule_id="report.first_half", target_id=owed["target_id"], day=dt.date(2023, 7, 20), document="示例〔2023〕1号", actor=STREET, now=NOW)
    assert paper(town) is None
    assert paper(town, street=STREET_B) is not None
    # On the 19th it was not handed in yet.
    assert obligations(town, JULY.with_(as_of=dt.date(2023, 7, 19)), WHOLE).query("rule_id == 'report.first_half'")["state"].tolist() == ["over", "over"]
    take_back(town, batch, actor=STREET, now=NOW + dt.timedelta(minutes=1))
    assert paper(town)["state"] == "over"


@pytest.mark.parametrize("wrong", [
    {"document": " "}, {"day": dt.date(2023, 8, 1)}, {"day": dt.date(2023, 6, 30)}, {"target_id": "nothing"}, {"rule_id": "report.final"},
    {"actor": Actor("b", "西镇用户", "street", ONLY_B)},
])  # fmt: skip
def test_what_is_not_owed_here_cannot_be_recorded(town, wrong):
    with pytest.raises(ReportRefused):
        hand_in(town, **({"rule_id": "report.first_half", "target_id": f"{STREET_A}.2023-06-30", "day": dt.date(2023, 7, 20), "document": "示例",
                          "actor": STREET, "now": NOW} | wrong))  # fmt: skip


def test_without_adoption_a_paper_is_a_reference_and_late_nowhere(sqlite_database):
    build_town(sqlite_database)
    found = obligations(sqlite_database, JULY, WHOLE)
    assert not found.loc[found["target_kind"] == "report", "adopted"].any()
    assert "report" not in set(worklist(sqlite_database, JULY, WHOLE)["group"])


def test_a_street_s_reader_is_not_told_what_the_district_owes(town):
    assert "district" not in set(obligations(town, JULY, ONLY_A)["target_kind"])
    whole = obligations(town, JULY, WHOLE)
    assert whole.loc[whole["target_kind"] == "district", "rule_id"].tolist() == ["count.typical_case"]
    assert whole.loc[whole["rule_id"] == "report.monthly", "target_id"].tolist() == [f"{DISTRICT}.2023-07-31"]
