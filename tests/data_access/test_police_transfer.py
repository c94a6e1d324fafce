"""Who must go to the police, from the town's registers and rows added to them."""

import datetime as dt
import itertools

import pytest
from sqlalchemy import update

from data_access.police_transfer import (
    both_readings,
    harm_events,
    police_transfers,
    transfer_evidence,
)
from data_access.rulebooks import change_rule
from data_access.schema import FACTS
from rules.request import Actor, Scope
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, ONLY_B, STREET_A, WHOLE, build_town, row

PLACES = itertools.count(950)
OFFICE = Actor("office", "示例员", "leading", WHOLE)


@pytest.fixture
def town(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def add(town, table: str, *rows: dict) -> None:
    with town.write() as connection:
        for values in rows:
            connection.execute(FACTS[table].insert(), [row(table, next(PLACES), **values)])
        # Answers are kept by data version.
        from data_access.versions import raise_versions

        raise_versions(connection, DISTRICT, [table], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def person(town, **values) -> None:
    add(town, "subject", {"id": "subject-Z", "number": "Z", "kind": "person", "qualification": "none", "street_code": STREET_A, "located": "area", **values})


def state(town, filters=JULY, scope=WHOLE) -> str:
    found = police_transfers(town, filters, scope).set_index("subject_id")["state"]
    return found.get("subject-Z", "")


def penalty(day: str, number: str, **values) -> dict:
    return {"number": number, "subject_id": "subject-Z", "day": d(day), "kind": "fine", "agency_code": "WJS", **values}


def confirmed(day: str) -> dict:
    return {"number": "Z-visit", "day": d(day), "agency_code": "WJS", "target_kind": "subject", "target_id": "subject-Z", "mode": "inspection", "finding": "confirmed", "visits": 1, "located": "area", "street_code": STREET_A}


def test_two_penalties_and_a_confirmed_finding_bind(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2"))
    assert state(town) == "watch"
    add(town, "patrol_visit", confirmed("2023-07-30"))
    assert state(town) == "must_transfer"
    assert state(town, JULY.with_(as_of=d("2023-07-29"))) == "watch"
    assert state(town, scope=ONLY_A) == "must_transfer"
    assert state(town, scope=ONLY_B) == ""


def test_a_penalty_of_another_agency_does_not_count(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2", agency_code="SJJ"))
    add(town, "patrol_visit", confirmed("2023-07-30"))
    assert state(town) == ""


def test_a_penalty_counts_for_the_person_of_its_site(town):
    person(town)
    add(town, "site", {"id": "site-Z", "number": "SZ", "subject_id": "subject-Z", "located": "area", "street_code": STREET_A})
    add(town, "penalty", penalty("2022-05-01", "Z1", subject_id=None, site_id="site-Z"), penalty("2023-03-01", "Z2"))
    add(town, "site_event", {"number": "SZ-1", "site_id": "site-Z", "day": d("2023-06-01"), "event": "relapsed"})
    assert state(town) == "must_transfer"


def test_the_stricter_reading_is_a_setting(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2"))
    change_rule(town, "transfer.twice_penalised", {"options.reading": "second_penalty"}, d("2023-07-01"), "从严", actor=OFFICE, now=dt.datetime(2023, 7, 1, 9, tzinfo=CHINA))
    assert state(town) == "must_transfer"
    assert state(town, JULY.with_(as_of=d("2023-06-30"), start=d("2023-06-01"), end=d("2023-06-30"))) == "watch"


def test_an_unknown_qualification_is_to_be_checked_and_prior_penalties_count(town):
    person(town, qualification="unknown", prior_penalties=2)
    add(town, "patrol_visit", confirmed("2023-07-30"))
    assert state(town) == "check_qualification"


def test_harm_is_told_whatever_the_count(town):
    assert harm_events(town, JULY, WHOLE).empty
    add(town, "adverse_event", {"number": "H1", "day": d("2023-07-20"), "kind": "disability", "count": 1, "located": "area", "street_code": STREET_A})
    assert harm_events(town, JULY, ONLY_A)["number"].tolist() == ["H1"]
    assert harm_events(town, JULY, ONLY_B).empty
    assert harm_events(town, JULY.with_(as_of=d("2023-07-19")), WHOLE).empty


def told(town, filters=JULY, scope=WHOLE):
    return police_transfers(town, filters, scope).set_index("subject_id").loc["subject-Z"]


def harm(**values) -> dict:
    return {"number": "H1", "day": d("2023-07-20"), "kind": "disability", "count": 1, "located": "area", "street_code": STREET_A, **values}


SITE_Z = {"id": "site-Z", "number": "SZ", "subject_id": "subject-Z", "located": "area", "street_code": STREET_A}
CASE_Z = {"id": "case-Z", "number": "CZ", "kind": "unlicensed", "site_id": "site-Z", "located": "area", "street_code": STREET_A, "agency_code": "WJS"}


@pytest.mark.parametrize("tie", [{"subject_id": "subject-Z"}, {"site_id": "site-Z"}, {"case_id": "case-Z"}])
def test_harm_leads_to_the_person_it_names_or_that_of_its_site_or_case(town, tie):
    person(town)
    add(town, "site", SITE_Z)
    add(town, "case", CASE_Z)
    add(town, "adverse_event", harm(**tie))
    found = told(town)
    assert found[["state", "ground", "rule_id", "penalties"]].tolist() == ["must_transfer", "harm", "transfer.harm", 0]
    assert found["article"] == "法释〔2016〕27号 第二条（一）"
    assert state(town, JULY.with_(as_of=d("2023-07-19"))) == ""
    rows_ = transfer_evidence(town, JULY, WHOLE, "subject-Z")
    assert rows_[["what", "table", "settled"]].values.tolist() == [["harm", "adverse_event", True]]


def test_harm_that_was_denied_or_of_another_kind_of_case_binds_nobody(town):
    person(town)
    add(town, "case", CASE_Z | {"kind": "licensed"})
    add(town, "adverse_event", harm(subject_id="subject-Z", verified=False), harm(number="H2", case_id="case-Z"))
    add(town, "site", SITE_Z)
    assert state(town) == ""


def test_infectious_spread_and_other_serious_circumstances_bind_by_their_own_article(town):
    person(town)
    add(town, "adverse_event", harm(kind="epidemic", subject_id="subject-Z"))
    assert told(town)[["ground", "rule_id", "article"]].tolist() == ["epidemic", "transfer.other_grounds", "法释〔2016〕27号 第二条（二）"]
    add(town, "adverse_event", harm(number="H0", day=d("2023-07-01"), kind="serious", subject_id="subject-Z"))
    assert told(town)["ground"] == "serious"


def test_counterfeit_goods_bind_once_somebody_judged_that_they_endanger(town):
    person(town)
    add(town, "site", SITE_Z)
    goods = {"number": "G1", "day": d("2023-07-20"), "kind": "drug", "item": "注射剂", "quantity": 3, "unit": "盒", "site_id": "site-Z", "agency_code": "WJS"}
    add(town, "seizure", goods)
    assert state(town) == ""
    add(town, "seizure", goods | {"number": "G2", "quality": "counterfeit", "endangering": False})
    assert state(town) == ""
    add(town, "seizure", goods | {"number": "G3", "quality": "inferior", "day": d("2023-07-21")})
    assert told(town)[["state", "reason", "ground"]].tolist() == ["check_ground", "open_ground", "goods"]
    assert transfer_evidence(town, JULY, WHOLE, "subject-Z")[["what", "settled"]].values.tolist() == [["goods", False]]
    add(town, "seizure", goods | {"number": "G4", "quality": "substandard", "kind": "device", "day": d("2023-07-22"), "endangering": True})
    assert told(town)[["state", "ground", "article"]].tolist() == ["must_transfer", "goods", "法释〔2016〕27号 第二条（三）"]


def test_harm_by_somebody_of_unknown_qualification_is_to_be_checked(town):
    person(town, qualification=None)
    add(town, "adverse_event", harm(subject_id="subject-Z"))
    assert told(town)[["state", "ground"]].tolist() == ["check_qualification", "harm"]


def test_both_readings_stand_side_by_side_where_they_differ(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2"))
    found = both_readings(town, JULY, WHOLE).set_index("subject_id")
    assert found.loc["subject-Z", ["one", "other"]].tolist() == ["watch", "must_transfer"]
    add(town, "patrol_visit", confirmed("2023-07-30"))
    assert "subject-Z" not in both_readings(town, JULY, WHOLE)["subject_id"].tolist()
    assert "subject-Z" not in both_readings(town, JULY, ONLY_B)["subject_id"].tolist()


def test_the_rows_behind_two_penalties_are_the_decisions_and_what_came_after(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2"), penalty("2023-04-01", "Z3", agency_code="SJJ"))
    add(town, "patrol_visit", confirmed("2023-07-30"))
    found = transfer_evidence(town, JULY, WHOLE, "subject-Z")
    assert [(str(each.day)[:10], each.what, each.table) for each in found.itertuples()] == [
        ("2022-05-01", "penalty", "penalty"), ("2023-03-01", "penalty", "penalty"), ("2023-07-30", "again", "patrol_visit"),
    ]  # fmt: skip
    assert transfer_evidence(town, JULY, ONLY_B, "subject-Z").empty


def test_a_superseded_penalty_no_longer_counts(town):
    person(town)
    add(town, "penalty", penalty("2022-05-01", "Z1"), penalty("2023-03-01", "Z2"))
    with town.write() as connection:
        from data_access.versions import raise_versions

        p = FACTS["penalty"]
        connection.execute(update(p).where(p.c.number == "Z2").values(superseded_at=dt.datetime(2023, 4, 1, tzinfo=CHINA)))
        raise_versions(connection, DISTRICT, ["penalty"], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))
    assert state(town) == ""


def test_who_owes_the_transfer_is_told_of_it_though_the_case_alone_names_the_person(town):
    person(town)
    cases = [CASE_Z | {"id": f"case-Z{n}", "number": f"CZ{n}", "site_id": None, "subject_id": "subject-Z"} for n in (1, 2)]
    add(town, "case", *cases)
    add(town, "penalty", *(penalty(f"2023-0{n}-01", f"Z{n}", agency_code="WJW", subject_id=None, case_id=f"case-Z{n}") for n in (1, 2)))
    add(town, "patrol_visit", confirmed("2023-07-10"))
    health = Scope(DISTRICT, agencies=("WJW",))
    assert state(town) == "must_transfer"
    assert state(town, scope=health) == "must_transfer"
    assert state(town, scope=Scope(DISTRICT, agencies=("SJJ",))) == ""
    assert state(town, scope=Scope(DISTRICT, areas=ONLY_B.areas, agencies=("WJW",))) == ""
