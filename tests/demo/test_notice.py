"""July 2023 of the demo adds up to the published notice (S0), straight from the rows."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

Rows = Callable[..., pd.DataFrame]


def test_patrols_are_3175_visits_of_which_117_on_the_last_day_before_ten_forty_two(july: Rows) -> None:
    visits = july("patrol_visit")
    last = visits[visits["day"] == "2023-07-31"]
    assert visits["visits"].sum() == 3175
    assert last["visits"].sum() == 117
    assert last["at"].max() < "2023-07-31 02:42"


def test_weekends_are_quiet(july: Rows) -> None:
    visits = july("patrol_visit")
    a_day = visits.groupby("day")["visits"].sum()
    assert len(a_day) == 31
    assert a_day[a_day.index.day_of_week >= 5].max() < a_day[a_day.index.day_of_week < 5].min()


@pytest.mark.parametrize(("kind", "times"), [
    ("publicity", 103), ("training", 45), ("joint_enforcement", 20), ("drill", 1),
])  # fmt: skip
def test_activities_are_as_often_as_the_notice_says(july: Rows, kind: str, times: int) -> None:
    assert (july("activity")["kind"] == kind).sum() == times


def test_materials_are_15599_and_trained_people_1378(july: Rows) -> None:
    activities = july("activity")
    assert activities["materials"].sum() == 15599
    assert activities["attendees"].sum() == 1378
    assert set(activities.loc[activities["attendees"].notna(), "kind"]) == {"training"}


def test_officers_are_171_shared_among_the_systems_as_on_the_wall(july: Rows, known: Rows) -> None:
    parts = known("activity_agency").merge(july("activity")[["id"]], left_on="activity_id", right_on="id")
    systems = known("agency").set_index("code")["system"]
    sent = parts.groupby(parts["agency_code"].map(systems))["people"].sum()
    assert sent[sent > 0].to_dict() == {"health": 62, "police": 38, "market": 29, "urban": 21, "street": 12, "housing": 9}
    assert sent.sum() == 171


def test_seven_cases_are_handled_jointly_and_eight_meetings_held(july: Rows, known: Rows) -> None:
    cases = known("case")
    joint = cases[(cases["joint"] == 1) & (cases["joint_on"] >= "2023-07-01") & (cases["joint_on"] <= "2023-07-31")]
    assert len(joint) == 7
    assert july("meeting")["level"].value_counts().to_dict() == {"street": 6, "district": 2}


def test_fifty_inspections_met_sites_that_were_open_and_revisits_the_closed_ones(july: Rows, known: Rows) -> None:
    visits = july("patrol_visit")
    visits = visits[visits["target_kind"] == "site"]
    events = known("site_event")
    events = events[events["event"].isin(["found", "relapsed", "closed", "self_closed", "cleared"])].sort_values(["day", "number"])
    merged = pd.merge_asof(
        visits.sort_values("day"), events.rename(columns={"site_id": "target_id"})[["target_id", "day", "event"]],
        on="day", by="target_id",
    )  # fmt: skip
    open_ = merged["event"].isin(["found", "relapsed"])
    inspected = merged["mode"] == "inspection"
    assert merged.loc[inspected, "visits"].sum() == 50
    assert open_[inspected].all()
    assert set(merged.loc[~open_, "mode"]) == {"revisit"}
    assert set(july("patrol_visit").query("mode == 'inspection'")["target_kind"]) == {"site"}


def test_six_sites_are_closed_with_530_yuan_15_devices_and_9_boxes(july: Rows) -> None:
    assert (july("site_event")["event"] == "closed").sum() == 6
    seized = july("seizure").astype({"quantity": float})
    assert seized.groupby(["kind", "unit"])["quantity"].sum().to_dict() == {
        ("device", "件"): 15, ("drug", "盒"): 9, ("income", "元"): 530}  # fmt: skip


def test_two_penalties_fine_310000_yuan_in_all(july: Rows, known: Rows) -> None:
    penalties = july("penalty").merge(known("case")[["id", "kind"]], left_on="case_id", right_on="id", suffixes=("", "_case"))
    unlicensed = penalties[penalties["kind_case"] == "unlicensed"].astype({"fine_yuan": float})
    assert sorted(unlicensed["fine_yuan"]) == [140000, 170000]
    assert unlicensed["confiscated_yuan"].isna().all()
    assert penalties[penalties["kind_case"] != "unlicensed"]["fine_yuan"].isna().all()


def test_one_unlicensed_case_is_filed_and_still_open_and_two_adverts_are_filed_by_market_regulation(july: Rows, known: Rows) -> None:
    filed = july("case_event").query("event == 'filed'").merge(known("case"), left_on="case_id", right_on="id", suffixes=("_event", ""))
    assert filed["kind"].value_counts().to_dict() == {"advert": 2, "unlicensed": 1}
    assert set(filed.loc[filed["kind"] == "advert", "agency_code"]) == {"SCJ"}
    case = filed.loc[filed["kind"] == "unlicensed", "case_id"].item()
    steps = known("case_event")
    steps = steps[(steps["case_id"] == case) & (steps["day"] <= "2023-07-31")]
    assert set(steps["event"]) == {"filed", "investigating"}


def test_visits_of_the_units_are_in_proportion_to_their_grids(july: Rows, known: Rows) -> None:
    areas = known("area")
    grids = areas[(areas["level"] == "grid") & areas["valid_to"].isna()]
    of_grid = grids["parent_code"].str[:9].value_counts()
    visits = july("patrol_visit").groupby("street_code")["visits"].sum()
    assert len(visits) == 12
    per_grid = visits / of_grid
    assert per_grid.between(4.35, 4.65).all()


def test_other_months_are_of_the_same_order(known: Rows) -> None:
    visits = known("patrol_visit", "2024-01-01 00:00:00")
    months = visits.groupby(visits["day"].dt.to_period("M"))["visits"].sum()
    assert len(months) == 21
    assert months.between(2000, 3300).all()
