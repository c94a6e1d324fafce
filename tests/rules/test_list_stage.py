"""Five listed people at five points of the funnel, counted by hand."""

import datetime as dt

import pandas as pd

from rules.list_stage import STAGES, funnel, list_stages

DAY = dt.date(2023, 7, 31)
COLUMNS = ("listed_on", "system_checked_on", "field_checked_on", "still_active", "graded_on", "grade", "control_measure", "control_on", "joint_action_on", "due_on")


def people(*rows: dict) -> pd.DataFrame:
    made = pd.DataFrame([dict.fromkeys(COLUMNS) | {"street": "A"} | row for row in rows], columns=[*COLUMNS, "street"])
    for name in COLUMNS:
        if name.endswith("_on"):
            made[name] = pd.to_datetime(made[name])
    return made.assign(still_active=made["still_active"].astype("boolean"), grade=made["grade"].astype("str"), control_measure=made["control_measure"].astype("str"))


CHECKED = {"system_checked_on": "2023-07-01", "field_checked_on": "2023-07-05"}
FIVE = people(
    {"due_on": "2023-07-30"},
    {"system_checked_on": "2023-07-01", "due_on": "2023-08-10"},
    {**CHECKED, "still_active": False},
    {**CHECKED, "still_active": True, "graded_on": "2023-07-06", "grade": "low", "control_on": "2023-07-07", "street": "B"},
    {**CHECKED, "still_active": True, "graded_on": "2023-07-06", "grade": "high", "control_measure": "每周走访", "due_on": "2023-07-31"},
)


def counts(found: pd.DataFrame) -> dict:
    return {row.stage: (row.n, row.N) for row in found.itertuples()}


def test_each_stage_counts_of_its_own_base():
    assert counts(funnel(list_stages(FIVE, DAY))) == {
        "listed": (5, 5), "system_checked": (4, 5), "field_checked": (3, 5), "active": (2, 3), "graded": (2, 2), "controlled": (2, 2), "joint_action": (0, 1),
    }  # fmt: skip


def test_who_waits_waits_for_one_step_and_is_late_after_its_day():
    staged = list_stages(FIVE, DAY)
    assert staged["pending"].tolist() == ["system_checked", "field_checked", "", "", "joint_action"]
    assert staged["overdue"].tolist() == [True, False, False, False, False]
    assert list_stages(FIVE, dt.date(2023, 8, 1))["overdue"].tolist() == [True, False, False, False, True]
    found = funnel(staged).set_index("stage")
    assert found.loc["field_checked", "next_due"] == pd.Timestamp(2023, 8, 10)
    assert (found.loc["system_checked", "pending"], found.loc["system_checked", "overdue"]) == (1, 1)


def test_what_is_dated_later_has_not_been_done():
    assert counts(funnel(list_stages(FIVE, dt.date(2023, 7, 4))))["field_checked"] == (0, 5)
    assert counts(funnel(list_stages(FIVE, dt.date(2023, 7, 5))))["field_checked"] == (3, 5)


def test_by_street_and_of_nobody():
    found = funnel(list_stages(FIVE, DAY), "street")
    assert found["code"].unique().tolist() == ["A", "B"]
    assert len(found) == 2 * len(STAGES)
    nobody = list_stages(FIVE.head(0), DAY)
    assert funnel(nobody, "street").empty
    assert set(funnel(nobody)["N"]) == {0}
