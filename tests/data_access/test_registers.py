"""Sites, cases, leads, agencies, campaigns, meetings of the small town, as counted by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import insert

from data_access.agencies import agency_work, deadlines, transfers
from data_access.campaigns import UnknownCampaign, campaign_progress, campaigns
from data_access.cases import cases, open_cases, penalties
from data_access.leads import leads, leads_by
from data_access.meetings import decisions, meetings
from data_access.rows import rows
from data_access.schema import FACTS
from data_access.sites import risk_counts, sites, stock
from data_access.tasks import tasks
from data_access.unlocated import unlocated, unlocated_counts
from data_access.versions import raise_versions
from rules.stock import Stock
from tests.town import (
    CHINA,
    JULY,
    ONLY_A,
    ONLY_B,
    POLICE,
    STREET_A,
    STREET_B,
    TODAY,
    WHOLE,
    build_town,
    d,
    row,
)


def by_number(found: pd.DataFrame, column: str) -> dict:
    return found.set_index("number")[column].to_dict()


def test_sites_have_the_status_and_the_risk_of_the_day(databases):
    found = sites(databases, JULY, WHOLE)
    assert by_number(found, "status") == {"S1": "active", "S2": "closed", "S3": "self_closed", "S4": "cleared", "S5": "unknown"}
    assert by_number(found, "risk") == {"S1": "high", "S2": "mid", "S3": "ungraded", "S4": "ungraded", "S5": "ungraded"}
    june = sites(databases, JULY.with_(start=dt.date(2023, 6, 1), as_of=dt.date(2023, 6, 30)), WHOLE)
    assert by_number(june, "status") == {"S1": "active", "S2": "closed", "S4": "closed", "S5": "unknown"}


def test_sites_must_be_seen_again_by_their_own_day(databases):
    found = sites(databases, JULY, WHOLE)
    due = {number: None if pd.isna(day) else day.strftime("%m-%d") for number, day in by_number(found, "due_on").items()}
    assert due == {"S1": "08-03", "S2": "08-31", "S3": "08-25", "S4": None, "S5": "06-04"}
    assert by_number(found, "state") == {"S1": "ok", "S2": "ok", "S3": "ok", "S4": "", "S5": "never"}
    assert by_number(found, "penalties") == {"S1": 1, "S2": 2, "S3": 1, "S4": 0, "S5": 0}


def test_names_and_addresses_are_masked_unless_the_scope_says_otherwise(databases):
    masked = sites(databases, JULY, WHOLE).iloc[0]
    assert (masked["name"], masked["address"]) == ("示＊＊", "＊＊")
    open_to_me = sites(databases, JULY, replace(WHOLE, personal=True)).iloc[0]
    assert (open_to_me["name"], open_to_me["address"]) == ("示例诊所一", "示例路1号")
    assert sites(databases, JULY, WHOLE).iloc[0]["name"] == "示＊＊"


def test_where_exact_points_are_not_shown_no_coordinates_leave(databases):
    wall = sites(databases, JULY, replace(WHOLE, exact_points=False))
    assert wall["lon"].isna().all()
    assert sites(databases, JULY, WHOLE)["lon"].notna().any()


def test_sites_are_narrowed_by_area_kind_and_scope(databases):
    assert sites(databases, JULY.with_(area="XZ-001"), WHOLE)["number"].tolist() == ["S3", "S4"]
    assert sites(databases, JULY.with_(category="infusion"), WHOLE)["number"].tolist() == ["S1", "S4"]
    assert sites(databases, JULY.with_(category="infusion", area=STREET_A), WHOLE)["number"].tolist() == ["S1"]
    assert sites(databases, JULY, ONLY_B)["number"].tolist() == ["S3", "S4", "S5"]
    assert sites(databases, JULY.with_(area=STREET_A), ONLY_B).empty


def test_the_stock_of_july(databases):
    assert stock(databases, JULY, WHOLE) == Stock(opening=2, added=1, relapsed=1, cleared=2, closing=2)
    assert stock(databases, JULY, ONLY_A) == Stock(1, 0, 1, 1, 1)
    assert stock(databases, JULY, ONLY_B) == Stock(1, 1, 0, 1, 1)
    assert stock(databases, JULY.with_(as_of=dt.date(2023, 7, 14)), WHOLE) == Stock(2, 1, 1, 0, 4)
    ahead = JULY.with_(start=dt.date(2023, 8, 1), end=dt.date(2023, 8, 31))
    assert stock(databases, ahead, WHOLE) == Stock(2, 0, 0, 0, 2)


def test_sites_not_yet_cleared_are_counted_by_risk(databases):
    assert risk_counts(databases, JULY, WHOLE).to_dict("list") == {"risk": ["high", "mid", "low", "ungraded"], "sites": [1, 1, 0, 2]}


def test_cases_have_the_state_of_the_day(databases):
    found = cases(databases, JULY, WHOLE)
    assert by_number(found, "state") == {
        "A1": "open", "A2": "open", "A3": "decided", "A4": "decided", "A5": "transferred", "A6": "closed", "A8": "closed",
    }  # fmt: skip
    assert by_number(found, "joint") == {"A1": False, "A2": True, "A3": False, "A4": False, "A5": False, "A6": False, "A8": True}
    earlier = cases(databases, JULY.with_(as_of=dt.date(2023, 7, 4)), WHOLE)
    assert by_number(earlier, "state") == {"A1": "open", "A3": "open", "A5": "open", "A8": "decided"}


def test_the_list_of_cases_begins_with_what_is_to_do_and_ends_with_the_oldest(databases):
    found = rows(databases, "cases", JULY, WHOLE)
    assert found["number"].tolist() == ["A1", "A2", "A5", "A6", "A4", "A8", "A3"]
    assert found["state"].tolist()[:3] == ["open", "open", "transferred"]
    assert found["days_left"].tolist()[:2] == [1, 69]
    ended = found.loc[3:, ["decided_on", "closed_on"]].max(axis=1)
    assert ended.is_monotonic_decreasing
    before = JULY.with_(start=dt.date(2020, 1, 1), end=dt.date(2020, 1, 1), as_of=dt.date(2020, 1, 1))
    assert rows(databases, "cases", before, WHOLE).empty


def test_open_cases_come_by_the_days_that_are_left(databases):
    assert by_number(open_cases(databases, JULY, WHOLE), "days_left") == {"A1": 1, "A2": 69}


def test_a_transferred_case_has_the_clock_of_its_feedback(databases):
    found = cases(databases, JULY, WHOLE).set_index("number")
    assert found.loc["A5", "feedback_due"] == pd.Timestamp("2023-08-10")
    assert pd.isna(found.loc["A5", "days_left"])
    assert found["feedback_due"].notna().sum() == 1


def test_cases_are_those_of_the_handling_agency(databases):
    assert cases(databases, JULY.with_(system="market"), WHOLE)["number"].tolist() == ["A4"]
    assert cases(databases, JULY.with_(agency="WJW"), WHOLE)["number"].nunique() == 6


def test_penalties_of_the_period_name_their_case(databases):
    found = penalties(databases, JULY, WHOLE)
    assert found["number"].tolist() == ["N3", "N1", "N2"]
    assert found["fine_yuan"].sum() == 59999
    assert found["case_kind"].tolist()[1:] == ["unlicensed", "advert"]
    assert found["street_code"].tolist() == [STREET_A, STREET_B, STREET_B]


def test_leads_and_their_rates(databases):
    assert leads(databases, JULY, WHOLE)["number"].tolist() == ["L3", "L2", "L1"]
    found = leads_by(databases, JULY, WHOLE, "street").set_index("code")
    assert found.loc[STREET_A].tolist() == [1, 1, 1, 1, 1, 1, 1]
    assert found.loc[STREET_B].tolist() == [2, 1, 2, 0, 1, 0, 2]
    assert leads_by(databases, JULY, WHOLE)["code"].tolist() == ["hotline_12345", "patrol", "reward"]
    assert leads_by(databases, JULY.with_(agency="WJS"), WHOLE, "category")["code"].tolist() == ["infusion"]
    with pytest.raises(ValueError, match="source"):
        leads_by(databases, JULY, WHOLE, "summary")


def test_a_lead_s_words_are_masked(databases):
    assert leads(databases, JULY, WHOLE)["summary"].dropna().tolist() == ["＊＊"]


def test_agencies_by_system(databases):
    found = agency_work(databases, JULY, WHOLE).set_index("code")
    assert found.index.tolist() == ["health", "police", "market", "urban", "street", "leading"]
    assert found["visits"].tolist() == [6, 1, 0, 0, 11, 0]
    assert found["people"].tolist() == [4, 6, 0, 2, 3, 0]
    assert found["joint_actions"].tolist() == [1, 2, 0, 1, 1, 0]
    assert found["cases_handled"].tolist() == [5, 0, 1, 0, 0, 0]
    assert found["cases_decided"].tolist() == [1, 0, 1, 0, 0, 0]
    assert found[["transfers_in", "transfers_out"]].to_numpy().tolist() == [[0, 2], [2, 0], [1, 0], [0, 0], [0, 1], [0, 0]]
    assert found[["feedback_n", "feedback_N"]].to_numpy().tolist() == [[0, 0], [0, 2], [1, 1], [0, 0], [0, 0], [0, 0]]
    assert found[["on_time_n", "on_time_N"]].to_numpy().tolist() == [[2, 3], [0, 2], [2, 2], [0, 0], [0, 1], [0, 0]]
    assert found["on_time"].isna().tolist() == [False, False, False, True, False, True]
    assert found[["tasks", "done", "overdue"]].to_numpy().tolist() == [[7, 5, 0], [3, 0, 2], [3, 3, 0], [0, 0, 0], [2, 0, 1], [0, 0, 0]]


def test_agencies_one_by_one_add_up_to_their_system(databases):
    found = agency_work(databases, JULY, WHOLE, "agency").set_index("code")
    assert found.loc[["GAJ", "PCS1"], "visits"].tolist() == [0, 1]
    assert found.loc[["GAJ", "PCS1"], "people"].sum() == 6
    assert found["visits"].sum() == 18
    assert agency_work(databases, JULY.with_(agency="GAJ"), WHOLE, "agency")["code"].tolist() == ["GAJ", "PCS1"]
    with pytest.raises(ValueError, match="system or agency"):
        agency_work(databases, JULY, WHOLE, "street")


def test_deadlines_come_most_urgent_first(databases):
    found = deadlines(databases, JULY, WHOLE)
    assert found[["number", "days_left"]].to_numpy().tolist() == [
        ["D3", -21], ["T3", -21], ["D1", -11], ["A1", 1], ["L2", 1], ["T1", 10], ["A2", 69],
    ]  # fmt: skip
    assert deadlines(databases, JULY.with_(system="police"), WHOLE)["number"].tolist() == ["T3", "D1", "T1"]


def test_transfers_are_seen_from_both_sides(databases):
    assert transfers(databases, JULY.with_(agency="SJJ"), WHOLE)["number"].tolist() == ["T2"]
    assert transfers(databases, JULY.with_(agency="JD-B"), WHOLE)["number"].tolist() == ["T2"]
    found = transfers(databases, JULY, WHOLE).set_index("number")
    assert found["days_left"].tolist() == [pd.NA, 10, -21]
    assert pd.isna(found.loc["T3", "feedback_on"])


def test_tasks_of_the_quarter(databases):
    found = tasks(databases, JULY, WHOLE)
    assert found[["number", "tasks", "done", "overdue"]].to_numpy().tolist() == [["1", 1, 1, 0], ["2", 1, 0, 0], ["3", 1, 1, 0], ["TL2", 20, 5, 0]]
    over = tasks(databases, JULY.with_(start=dt.date(2023, 9, 1), end=dt.date(2023, 12, 31), as_of=dt.date(2023, 10, 1)), WHOLE)
    assert over[["number", "done", "overdue"]].to_numpy().tolist() == [["1", 1, 0], ["2", 1, 0], ["3", 1, 0], ["TL2", 5, 15]]
    assert tasks(databases, JULY.with_(start=dt.date(2023, 1, 1), end=dt.date(2023, 3, 31)), WHOLE).empty
    assert tasks(databases, JULY, ONLY_B)["number"].tolist() == ["TL2"]


def test_a_campaign_is_counted_in_its_own_days_and_area(databases):
    assert campaigns(databases, JULY, WHOLE)[["name", "area_codes"]].to_numpy().tolist() == [["示例行动", [STREET_A]]]
    found = campaign_progress(databases, JULY.with_(start=TODAY, as_of=dt.date(2023, 7, 20)), WHOLE, "campaign-LD")
    assert (found.day, found.days) == (20, 31)
    assert found.targets["value"].tolist() == [10, 1]
    assert found.targets["ratio"].tolist() == pytest.approx([10 / 24, 1])
    assert found.daily["visits"].sum() == 10
    assert found.milestones["name"].tolist() == ["启动", "联合执法"]
    over = campaign_progress(databases, JULY, WHOLE, "campaign-LD")
    assert (over.day, over.targets["value"].tolist()) == (31, [12, 1])
    with pytest.raises(UnknownCampaign, match="nothing"):
        campaign_progress(databases, JULY, WHOLE, "nothing")


def test_a_campaign_elsewhere_shows_a_street_nothing_of_it(databases):
    found = campaign_progress(databases, JULY, ONLY_B, "campaign-LD")
    assert found.targets["value"].tolist() == [0, 0]
    inside = campaign_progress(databases, JULY, replace(WHOLE, areas=("A2",)), "campaign-LD")
    assert inside.targets["value"].tolist() == [4, 0]


def test_meetings_and_their_decisions(databases):
    assert meetings(databases, JULY, WHOLE)[["number", "decisions"]].to_numpy().tolist() == [["M2", 0], ["M1", 2]]
    assert meetings(databases, JULY.with_(agency="WJS"), WHOLE)["number"].tolist() == ["M1"]
    found = decisions(databases, JULY, WHOLE)
    assert found[["number", "state", "carried_over"]].to_numpy().tolist() == [["D3", "open", True], ["D1", "open", False], ["D2", "answered", False]]
    assert found["days_left"].tolist() == [-21, -11, pd.NA]
    later = decisions(databases, JULY.with_(start=dt.date(2023, 8, 1), end=dt.date(2023, 8, 31), as_of=dt.date(2023, 8, 31)), WHOLE)
    assert later[["number", "state"]].to_numpy().tolist() == [["D3", "done"], ["D1", "open"]]
    assert decisions(databases, JULY.with_(agency="JD-A"), WHOLE)["number"].tolist() == ["D1"]


def test_what_is_not_on_the_map_is_listed(databases):
    found = unlocated(databases, JULY, WHOLE)
    assert found[["table", "number", "reason"]].to_numpy().tolist() == [
        ["lead", "L2", "no_point"], ["patrol_visit", "V8", "outside"], ["patrol_visit", "V7", "no_point"], ["site", "S5", "no_point"],
    ]  # fmt: skip
    assert unlocated_counts(databases, JULY, WHOLE)["rows"].tolist() == [1, 1, 1, 1]
    assert "V8" not in unlocated(databases, JULY, ONLY_B)["number"].tolist()


def test_the_police_see_what_they_perform_handle_support_or_must_answer(databases):
    assert cases(databases, JULY, POLICE)["number"].tolist() == ["A5", "A8", "A2"]
    assert transfers(databases, JULY, POLICE)["number"].tolist() == ["T1", "T3"]
    assert decisions(databases, JULY, POLICE)["number"].tolist() == ["D1"]
    assert penalties(databases, JULY, POLICE)["number"].tolist() == []


def test_what_is_recorded_later_never_changes_what_was_known(migrated):
    database = migrated("sqlite")
    build_town(database)
    then = JULY.with_(known_at=dt.datetime(2023, 8, 31, tzinfo=CHINA))
    questions = (sites, cases, leads, decisions, agency_work, unlocated)
    before = [question(database, then, WHOLE) for question in questions]
    later = dt.datetime(2023, 9, 2, tzinfo=CHINA)
    added = {
        "site_event": row("site_event", site_id="site-S1", day=d("07-02"), event="closed", recorded_at=later),
        "case_event": row("case_event", case_id="case-A1", day=d("07-02"), event="decided", recorded_at=later),
        "lead": row("lead", number="L9", day=d("07-09"), source="patrol", result="pending", located="outside", recorded_at=later),
        "patrol_visit": row("patrol_visit", day=d("07-09"), agency_code="WJS", target_kind="site", target_id="site-S5", mode="patrol", finding="none", visits=9, located="outside", recorded_at=later),
    }  # fmt: skip
    with database.write() as connection:
        for table, values in added.items():
            connection.execute(insert(FACTS[table]), [values])
        raise_versions(connection, WHOLE.district, list(added), later)
    for question, kept in zip(questions, before, strict=True):
        pd.testing.assert_frame_equal(question(database, then, WHOLE), kept)
    assert by_number(sites(database, JULY, WHOLE), "status")["S1"] == "closed"
    assert by_number(cases(database, JULY, WHOLE), "state")["A1"] == "decided"
    assert "L9" in leads(database, JULY, WHOLE)["number"].tolist()


def test_an_empty_database_answers_every_question_with_its_columns(sqlite_database):
    for question in (sites, cases, open_cases, penalties, leads, leads_by, agency_work, deadlines, transfers, tasks, campaigns, meetings, decisions, unlocated):
        found = question(sqlite_database, JULY, WHOLE)
        assert found.empty, question.__name__
        assert len(found.columns) > 3, question.__name__
    assert stock(sqlite_database, JULY, WHOLE) == Stock(0, 0, 0, 0, 0)
    assert risk_counts(sqlite_database, JULY, WHOLE)["sites"].tolist() == [0, 0, 0, 0]
