"""On 31 July 2023, 10:46, the demo holds what every panel needs (DESIGN 10)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import pandas as pd
import pytest
from sqlalchemy import text

from data_access.database import Database
from data_access.demo.geography import Geography
from data_access.demo.story import PATCHES, Stage
from data_access.demo.units import FICTIONAL

Rows = Callable[..., pd.DataFrame]
TODAY = pd.Timestamp("2023-07-31")
HEDU = "990114005"


@pytest.fixture(scope="module")
def grid_days(known: Rows) -> pd.Series:
    """Days since the last visit of each of today's grids, NaN where there was none."""
    areas, visits = known("area"), known("patrol_visit")
    grids = areas[(areas["level"] == "grid") & areas["valid_to"].isna()]
    last = visits[visits["day"] <= TODAY].groupby("grid_code")["day"].max().reindex(grids["code"])
    return (TODAY - last).dt.days


def test_grid_states_are_those_of_the_plan(grid_days: pd.Series) -> None:
    never = grid_days.isna()
    assert never.sum() == 8
    assert (grid_days > 30).sum() == sum(unit.overdue for unit in FICTIONAL) == 54
    assert 60 <= grid_days.between(25, 30).sum() <= 75
    assert (grid_days <= 30).mean() == pytest.approx(0.91, abs=0.01)


def test_one_unit_is_far_below_target_two_are_a_little_below_and_two_are_at_100_percent(grid_days: pd.Series) -> None:
    rate = (grid_days <= 30).groupby(grid_days.index.str[:2]).mean()
    assert rate["HD"] < 0.80
    assert sorted(rate[(rate >= 0.85) & (rate < 0.90)].index) == ["BW", "CW"]
    assert sorted(rate[rate == 1.0].index) == ["JT", "WZ"]
    assert (rate.drop(["HD", "BW", "CW"]) >= 0.90).all()


def _stages(known: Rows) -> pd.DataFrame:
    events = known("case_event")
    events = events[events["day"] <= TODAY]
    return events.pivot_table(index="case_id", columns="event", values="day", aggfunc="min")


def test_seven_cases_are_open_with_3_to_63_days_left(known: Rows) -> None:
    steps = _stages(known)
    open_ = steps[steps[["decided", "closed", "transferred", "withdrawn"]].isna().all(axis=1)]
    left = (open_["filed"] + pd.Timedelta(days=90) - TODAY).dt.days
    kinds = known("case").set_index("id")["kind"]
    assert sorted(left) == [3, 9, 26, 34, 41, 58, 63]
    assert kinds[left.index[left == 58]].tolist() == ["advert"]
    assert kinds[left.index[left == 63]].tolist() == ["unlicensed"]


def test_a_case_went_to_the_police_and_waits_for_an_answer(known: Rows) -> None:
    transfers = known("transfer")
    case = transfers[(transfers["kind"] == "case") & (transfers["day"] <= TODAY)]
    assert case["feedback_on"].isna().tolist() == [True]
    assert (case["due_on"] > TODAY).all()
    assert _stages(known).loc[case["case_id"], "transferred"].notna().all()


def test_answers_to_transfers_and_decisions_are_overdue(known: Rows) -> None:
    transfers, decisions = known("transfer"), known("decision")
    assert ((transfers["due_on"] < TODAY) & transfers["feedback_on"].isna() & (transfers["day"] <= TODAY)).sum() == 3
    late = decisions[(decisions["due_on"] < TODAY) & (decisions["state"] == "open")]
    assert sorted(late["due_on"].dt.strftime("%m-%d")) == ["07-24", "07-28"]
    assert (decisions["state"] == "answered").sum() == 1


def test_planted_areas_have_several_times_the_leads_that_their_people_would_give(known: Rows, geography: Geography, scene: Stage) -> None:
    leads = known("lead")
    half_year = leads[(leads["day"] >= "2023-02-01") & (leads["day"] <= TODAY)]
    for patch, grids in zip(PATCHES[:4], scene.patches, strict=False):
        here = half_year["grid_code"].isin(geography.grids["code"][grids]).sum()
        expected = geography.grids["people"][grids].sum() * len(half_year)
        assert here >= patch.leads - 2
        assert here > 3 * expected


def test_the_under_patrolled_area_has_leads_but_few_visits(known: Rows, geography: Geography, scene: Stage) -> None:
    here = geography.grids["code"][scene.patches[4]]
    leads, visits = known("lead"), known("patrol_visit")
    visits = visits[(visits["day"] >= "2023-02-01") & (visits["day"] <= TODAY)]
    leads = leads[(leads["day"] >= "2023-02-01") & (leads["day"] <= TODAY)]
    unit = visits[visits["grid_code"].astype(str).str.startswith("CW")]
    per_grid = visits["grid_code"].isin(here).sum() / len(here)
    assert per_grid < 0.4 * len(unit) / 88
    assert leads["grid_code"].isin(here).sum() >= 8


def test_exactly_one_person_relapsed_after_two_penalties_and_was_not_handed_over(known: Rows) -> None:
    events = known("site_event").merge(known("site")[["id", "subject_id"]], left_on="site_id", right_on="id", suffixes=("", "_site"))
    events = events[events["event"].isin(["found", "relapsed"]) & (events["day"] <= TODAY)]
    prior = known("subject").set_index("id")["prior_penalties"].fillna(0)
    penalties = known("penalty").dropna(subset=["subject_id"])
    handed_over = set(known("case").set_index("id").loc[_stages(known)["transferred"].dropna().index, "subject_id"])
    due = []
    for person, count in prior.items():
        days = sorted(penalties.loc[penalties["subject_id"] == person, "day"])
        needed = max(0, 2 - int(count))
        if len(days) < needed:
            continue
        second = days[needed - 1] if needed else pd.Timestamp("1900-01-01")
        if (events.loc[events["subject_id"] == person, "day"] > second).any():
            due.append(person)
    assert len(due) == 2
    assert len(set(due) - handed_over) == 1


def test_people_with_two_penalties_are_on_the_list(known: Rows) -> None:
    penalties = known("penalty")["subject_id"].value_counts()
    total = known("subject").set_index("id")["prior_penalties"].fillna(0).add(penalties, fill_value=0)
    assert (total >= 2).sum() == 8


def test_the_same_premises_are_complained_about_again_and_again(known: Rows) -> None:
    leads = known("lead")
    recent = leads[(leads["day"] >= "2023-02-01") & (leads["day"] <= TODAY)]
    assert (recent["site_id"].value_counts() >= 3).sum() >= 4


def test_the_day_brought_two_complaints_before_half_past_ten(known: Rows) -> None:
    leads = known("lead")
    assert sorted(leads.loc[leads["day"] == TODAY, "at"].str[11:16]) == ["01:12", "02:21"]
    assert set(leads.loc[leads["day"] == TODAY, "result"]) == {"pending"}


def test_third_quarter_lists_have_targets_and_a_count_only_list_in_every_unit(known: Rows) -> None:
    lists = known("task_list").query("quarter == '2023Q3'")
    assert lists["street_code"].value_counts().eq(2).all()
    assert lists["quota"].notna().sum() == 12
    targets = known("task_target").merge(lists[["id", "street_code"]], left_on="task_list_id", right_on="id", suffixes=("", "_list"))
    assert targets["street_code_list"].nunique() == 12
    assert {"site", "construction", "grid"} <= set(targets["target_kind"])


def test_an_undercover_finding_is_on_record(known: Rows) -> None:
    events = known("adverse_event")
    assert ((events["kind"] == "undercover") & (events["level"] == "省级") & (events["verified"] == 1)).sum() == 1


def test_some_points_lie_outside_and_some_rows_have_none(known: Rows) -> None:
    leads, visits = known("lead"), known("patrol_visit")
    assert (leads["located"] == "outside").sum() == 3
    assert (visits.query("day >= '2023-07-01'")["located"] == "outside").sum() == 3
    assert leads["lon"].isna().sum() > 50
    assert (visits["grid_code"].isna() & visits["street_code"].notna()).sum() > 20


def test_the_register_of_building_sites_is_three_days_old_and_the_others_are_fresh(demo_database: Database) -> None:
    with demo_database.read() as connection:
        taken = dict(connection.execute(text(
            "select source_code, max(taken_at) from import_batch where taken_at <= '2023-07-31 02:46:00.000000' group by 1")).all())  # fmt: skip
        late = dict(connection.execute(text("select code, expected_every_hours from source where shown")).all())
    assert {code: taken[code][:16] for code in late} == {
        "patrol": "2023-07-31 02:42", "hotline": "2023-07-31 02:30", "penalty": "2023-07-30 23:00", "construction": "2023-07-28 01:00"}  # fmt: skip
    assert late["construction"] == 48


def test_the_campaign_runs_in_four_units_with_its_milestones_and_targets(known: Rows) -> None:
    campaigns = known("campaign").sort_values("start_on")
    last = campaigns.iloc[-1]
    assert campaigns["name"].tolist() == ["蓝盾6号", "蓝盾7号", "蓝盾8号", "蓝盾9号"]
    assert (last["start_on"], last["end_on"]) == (pd.Timestamp("2023-07-01"), TODAY)
    assert len(json.loads(last["area_codes"])) == 4
    marks = known("campaign_milestone").query("kind == 'milestone'").sort_values("start_on")["name"].tolist()
    assert marks == ["启动", "集中排查", "联合执法", "应急演练"]
    assert sorted(known("campaign_target")["indicator"]) == ["K1", "K2", "K4"]


def test_430_sites_are_known_and_most_are_graded_14_36_50(known: Rows) -> None:
    sites, events = known("site"), known("site_event")
    assert len(sites) == 430
    graded = events[events["event"] == "graded"].sort_values(["day", "number"]).drop_duplicates("site_id", keep="last")
    share = graded["risk"].value_counts(normalize=True)
    assert share["high"] == pytest.approx(0.14, abs=0.01)
    assert share["mid"] == pytest.approx(0.36, abs=0.01)
    assert 20 <= len(sites) - len(graded) <= 80


def test_520_persons_are_in_every_stage_of_the_check(known: Rows) -> None:
    checks = known("list_check")
    stages = [checks[column].notna().sum() for column in ("listed_on", "system_checked_on", "field_checked_on", "graded_on", "control_on", "joint_action_on")]
    assert stages[0] == 520
    assert all(before > after > 0 for before, after in itertools.pairwise(stages))


def test_300_building_sites_are_under_way(known: Rows) -> None:
    assert known("construction_site")["finished_on"].isna().sum() == pytest.approx(300, abs=10)


def test_population_of_two_years_adds_up_from_grids_to_the_district(known: Rows) -> None:
    people = known("area_population")
    for year in (2022, 2023):
        levels = people[people["year"] == year].groupby(people["area_code"].str.len().where(~people["area_code"].str.contains("-"), 0))
        assert levels["residents"].sum().nunique() == 1
        assert levels.size().to_dict() == {0: 705 if year == 2022 else 706, 6: 1, 9: 12, 12: 399}


def test_every_body_of_the_plan_is_an_agency_of_every_unit(known: Rows) -> None:
    agencies = known("agency").set_index("code")
    for unit in FICTIONAL:
        for body in ("FWB", "WSZX", "PCS", "SCS", "JGZX", "ZFD", "PAB", "GLB", "ZZB", "JCB"):
            assert agencies.loc[f"{unit.code}-{body}", "area_code"] == unit.code
    assert (agencies["level"] == "neighbourhood").sum() == 399
    below = agencies[agencies["parent_code"].notna()]
    assert below["parent_code"].isin(agencies.index).all()
    assert {"区工商分局", "区食药监局"} <= {alias["name"] for alias in json.loads(agencies.loc["SCJ", "aliases"])}


def test_what_came_later_is_not_known_on_the_day_shown(known: Rows) -> None:
    assert known("patrol_visit")["day"].max() == TODAY
    assert known("lead")["day"].max() == TODAY
    assert known("patrol_visit", "2024-01-01 00:00:00")["day"].max() == pd.Timestamp("2023-09-30")


def test_corrected_rows_tell_what_was_known_before(known: Rows) -> None:
    def june(at: str) -> int:
        visits = known("patrol_visit", at)
        return visits.loc[(visits["day"] >= "2023-06-01") & (visits["day"] <= "2023-06-30"), "visits"].sum()

    assert june("2023-07-20 00:00:00") - june("2023-07-31 02:46:00") == 10


def test_everything_is_marked_as_demonstration_and_nothing_was_refused(demo_database: Database) -> None:
    with demo_database.read() as connection:
        batches = connection.execute(text("select count(*), sum(demo), sum(rows_refused) from import_batch")).one()
    assert batches[0] == batches[1]
    assert batches[0] <= 160
    assert batches[2] == 0


def test_names_and_telephones_are_obviously_invented(known: Rows) -> None:
    people = known("subject")
    assert people["name"].str.startswith("示例").all()
    assert people["name"].is_unique
    assert people["phone"].dropna().str.contains("000").all()
