"""The facts of a meeting about the small town, and what is cut from them for a street's reader."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from data_access.facts_fields import KNOWN, allowed
from data_access.meeting_facts import cut, meeting_facts
from data_access.meeting_record import UnknownMeeting
from data_access.meeting_streets import figure_facts
from data_access.plain import plain, plain_rows
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

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=CHINA)
JUNE = (dt.date(2023, 6, 1), dt.date(2023, 6, 30))


def facts_of(database, scope=WHOLE, **more):
    return meeting_facts(database, JULY, scope, before=JUNE, now=NOW, simulations=9, **more)


@pytest.fixture(scope="module")
def facts(town):
    return facts_of(town, meeting_id="meeting-M1")


def by_code(rows):
    return {one["code"]: one for one in rows}


def test_the_facts_are_json_that_reads_back_the_same(facts):
    assert json.loads(json.dumps(facts, ensure_ascii=False, allow_nan=False)) == facts


def test_the_same_rows_give_the_same_facts_on_both_databases(databases, facts):
    assert facts_of(databases, meeting_id="meeting-M1") == facts


def test_the_head_says_of_when_and_of_what_the_facts_are(facts):
    assert (facts["version"], facts["as_of"], facts["start"], facts["end"]) == (1, "2023-07-31", "2023-07-01", "2023-07-31")
    assert facts["before"] == {"start": "2023-06-01", "end": "2023-06-30", "records_from": None}
    assert facts["taken_at"] == "2023-07-31T10:46:00+08:00"
    assert facts["district"]["name"] == "小镇区"
    assert facts["data_version"]["lead"] == 1
    assert facts["demo"] is False


def test_figures_are_those_of_the_period_and_of_the_one_before(facts):
    assert facts["figures"]["K1"] == {"name": "巡排查", "unit": "户次", "value": 18, "n": None, "N": None}
    assert facts["figures_before"]["K1"]["value"] == 1
    assert list(facts["figures"]) == list(facts["figures_before"])
    assert facts["figures_before"]["K20_瓶"]["value"] == 0


def test_figures_of_a_time_before_the_first_record_are_unknown_not_zero(town):
    now, then = figure_facts(town, JULY, JULY.with_(start=dt.date(2010, 7, 1), end=dt.date(2010, 7, 31)), WHOLE)
    assert now["K1"]["value"] == 18
    assert then["K1"] == {"name": "巡排查", "unit": "户次", "value": None, "n": None, "N": None}
    assert {one["value"] for one in then.values()} == {None}


def test_streets_and_the_district_have_the_same_shape(facts):
    east, west = (by_code(facts["streets"])[code] for code in (STREET_A, STREET_B))
    assert (east["grids"], east["ok"], east["due"], east["over"], east["never"]) == (4, 2, 1, 1, 0)
    assert east["overdue_grids"] == [{"code": "DJ-003", "days": 223, "state": "over"}]
    assert west["overdue_grids"] == [{"code": "XZ-002", "days": None, "state": "never"}, {"code": "XZ-001", "days": 31, "state": "over"}]
    assert (east["events_before"], east["events_after"], west["events_before"], west["events_after"]) == (2, 3, 1, 2)
    assert (east["high_sites"], east["sites"]) == (1, 2)
    assert east["verdict"] == "波动范围内"
    assert set(east) <= set(facts["district"])
    assert facts["district"]["events_after"] == 5
    assert facts["district"]["penalties"] == facts["figures"]["K15"]["value"]


def test_the_meeting_names_who_came_and_who_did_not(facts):
    meeting = facts["meeting"]
    assert (meeting["number"], meeting["day"], meeting["level"], meeting["convener"]["name"]) == ("M1", "2023-07-05", "district", "区打非办")
    assert [one["code"] for one in meeting["present"]] == ["WJS", "GAJ"]
    assert [one["name"] for one in meeting["absent"]] == ["区市场监管局"]


def test_a_liaison_is_named_masked_and_only_while_valid(sqlite_database):
    build_town(sqlite_database)
    rows = [("GAJ", "某例丙", "2022-01-01", None), ("GAJ", "示例丁", "2023-01-01", None), ("WJS", "示例戊", "2022-01-01", "2023-07-04"), ("CGJ", "示例己", "2022-01-01", None)]
    with sqlite_database.write() as connection:
        for place, (agency, name, first, last) in enumerate(rows):
            values = {"agency_code": agency, "name": name, "valid_from": dt.date.fromisoformat(first), "valid_to": last and dt.date.fromisoformat(last)}
            connection.execute(FACTS["liaison"].insert(), [row("liaison", place, **values)])
        raise_versions(connection, DISTRICT, ["liaison"], NOW)
    facts = facts_of(sqlite_database, Scope(DISTRICT, personal=True), meeting_id="meeting-M1")
    assert facts["meeting"]["liaisons"] == [{"agency_code": "GAJ", "agency": "区公安分局", "agency_en": None, "name": "示＊＊"}]


def test_decisions_begin_with_those_that_are_overdue(facts):
    told = [(one["number"], one["state"], one["days_left"], one["carried"]) for one in facts["decisions"]]
    assert told == [("D3", "open", -21, True), ("D1", "open", -11, False), ("D2", "answered", None, False)]
    first = facts["decisions"][1]
    assert (first["kind"], first["agency"], first["street"]) == ("decision", "区公安分局", "东街道")
    assert [one["name"] for one in first["support"]] == ["东街道办事处"]


def test_open_cases_tell_neither_grid_nor_name_before_the_decision(facts):
    assert [(one["number"], one["street"], one["days_left"]) for one in facts["cases"]] == [("A1", "东街道", 1), ("A2", "东街道", 69)]
    assert not {"grid_code", "lon", "lat", "title", "site_id", "subject_id"} & set(facts["cases"][0])


def test_every_fact_is_known_to_the_list_of_who_may_read_it(facts):
    assert allowed(KNOWN, facts) == facts


def test_nobodys_name_is_in_the_facts_whatever_the_scope(town):
    text = json.dumps(facts_of(town, Scope(DISTRICT, personal=True)), ensure_ascii=False)
    assert "示例甲" not in text
    assert "000-0000-0001" not in text
    assert "示例路" not in text


def test_every_grid_has_a_class_and_the_map_says_what_it_rests_on(facts):
    assert set(facts["grid_classes"]) == {"DJ-001", "DJ-002", "DJ-003", "DJ-004", "XZ-001", "XZ-002"}
    assert facts["hotspot_map"]["start"] == "2023-02-01"
    assert (facts["hotspot_map"]["basis"], facts["hotspot_map"]["simulations"]) == ("spread", 9)


def test_recurrence_and_the_campaign_have_their_sentences(facts):
    assert (facts["recurrence"]["closures"], facts["recurrence"]["returned"]) == (3, 2)
    assert facts["recurrence"]["intervals"][-1] == {"days": 365, "n": 1, "N": 2}
    assert facts["campaign_effect"]["campaign"] == "示例行动"
    assert set(facts["campaign_effect"]["sentence"]) == {"zh", "en"}


def test_a_meeting_that_is_not_there_or_a_time_without_a_zone_is_refused(town):
    with pytest.raises(UnknownMeeting):
        facts_of(town, meeting_id="meeting-M9")
    with pytest.raises(UnknownMeeting):
        facts_of(town, ONLY_B, meeting_id="meeting-M2")
    with pytest.raises(ValueError, match="now"):
        meeting_facts(town, JULY, WHOLE, before=JUNE, now=NOW.replace(tzinfo=None))


def test_a_scope_of_one_street_has_no_row_of_another(town):
    facts = facts_of(town, ONLY_B)
    assert [one["code"] for one in facts["streets"]] == [STREET_B]
    assert set(facts["grid_classes"]) == {"XZ-001", "XZ-002"}
    assert facts["cases"] == []
    assert {one["street_code"] for one in facts["decisions"]} == {STREET_B}


def test_a_streets_reader_gets_its_rows_and_the_published_totals_of_others(facts):
    before = json.dumps(facts)
    mine = cut(facts, STREET_A)
    assert json.dumps(facts) == before
    east, west = (by_code(mine["streets"])[code] for code in (STREET_A, STREET_B))
    assert east == by_code(facts["streets"])[STREET_A]
    assert "overdue_grids" not in west
    assert "high_sites" not in west
    assert west["coverage"] == by_code(facts["streets"])[STREET_B]["coverage"]
    assert [one["number"] for one in mine["cases"]] == ["A1", "A2"]
    assert cut(facts, STREET_B)["cases"] == []
    assert cut(facts, STREET_B)["cases_elsewhere"] == [{"street_code": STREET_A, "street": "东街道", "open_cases": 2}]
    assert {one["street_code"] for one in mine["deadlines"]} == {STREET_A}
    assert mine["scope"]["areas"] == [STREET_A]


def test_a_transfer_that_waits_tells_who_sent_it(facts):
    sent = {one["number"]: (one["from_code"], one["from_agency"]) for one in facts["deadlines"] if one["kind"] == "transfer"}
    assert sent == {"T1": ("WJS", "区卫监所"), "T3": ("WJS", "区卫监所")}
    assert {one["from_code"] for one in facts["deadlines"] if one["kind"] != "transfer"} == {None}


def test_the_forms_rows_are_frozen_and_cut_to_the_street(facts):
    assert [one["day"] for one in facts["registered_places"]] == ["2023-07-10", "2023-07-15", "2023-07-20", "2023-07-20", "2023-07-18"]
    assert len(cut(facts, STREET_A)["registered_places"]) == 4
    assert cut(facts, STREET_B)["registered_places"] == []
    assert cut(facts, STREET_A)["joint_needs"] == {STREET_A: {"found": 2, "unheeding": 0}}


def test_a_street_keeps_the_decisions_that_it_owns_helps_or_lies_in(facts):
    assert [one["number"] for one in cut(facts, STREET_A)["decisions"]] == ["D1"]
    assert [one["number"] for one in cut(facts, STREET_B)["decisions"]] == ["D3", "D2"]


def test_plain_values_are_days_as_text_and_nothing_that_json_cannot_hold():
    found = plain({"day": pd.Timestamp("2023-07-31"), "none": [pd.NaT, pd.NA, np.nan, np.inf], "n": np.int64(3), "yes": np.bool_(True), "r": 1 / 3})
    assert found == {"day": "2023-07-31", "none": [None] * 4, "n": 3, "yes": True, "r": 0.333333}
    assert plain_rows(pd.DataFrame({"a": pd.Series([1, None], dtype="Int64"), "b": ["x", None]})) == [{"a": 1, "b": "x"}, {"a": None, "b": None}]
    with pytest.raises(TypeError, match="expected a value that JSON can hold"):
        plain(object())
    assert plain(["甲\x0b乙", "\x00丙\x1b", "丁\ud800", "戊\n\t己"]) == ["甲\n乙", "丙", "丁", "戊\n\t己"]


def test_a_streets_meeting_looks_at_its_street_whoever_opens_it(town):
    opened_by_the_district = facts_of(town, meeting_id="meeting-M2")
    assert opened_by_the_district == facts_of(town, ONLY_A, meeting_id="meeting-M2")
    assert opened_by_the_district["scope"] == {"areas": [STREET_A], "agencies": []}
    assert [one["code"] for one in opened_by_the_district["streets"]] == [STREET_A]
