"""The list of the small town: P1 and P3 in A and B, P2 who left; counted by hand."""

import datetime as dt

import pytest

from data_access.list_funnel import list_funnel, listed_checks
from data_access.rows import rows
from rules.list_stage import STAGES
from tests.town import JULY, ONLY_A, ONLY_B, STREET_A, STREET_B, WHOLE


def counts(found, code: str = "") -> dict:
    return {row.stage: (row.n, row.N) for row in found.itertuples() if row.code == code}


def test_the_districts_funnel(databases):
    # P1 checked in both ways, active, high, no measure yet; P2 checked in systems only; P3 not at all.
    assert counts(list_funnel(databases, JULY, WHOLE, "district")) == {
        "listed": (3, 3), "system_checked": (2, 3), "field_checked": (1, 3), "active": (1, 1), "graded": (1, 1), "controlled": (0, 1),
        "joint_action": (0, 1),
    }  # fmt: skip


def test_every_street_of_the_scope_has_its_funnel(databases):
    found = list_funnel(databases, JULY, WHOLE)
    assert found["code"].unique().tolist() == [STREET_A, STREET_B]
    assert len(found) == 2 * len(STAGES)
    assert counts(found, STREET_B)["system_checked"] == (1, 2)
    assert list_funnel(databases, JULY, ONLY_A)["code"].unique().tolist() == [STREET_A]


def test_a_past_day_knows_what_was_done_by_then(databases):
    first = dt.date(2023, 3, 1)
    then = JULY.with_(start=first, end=first, as_of=first)
    assert counts(list_funnel(databases, then, WHOLE, "district"))["field_checked"] == (0, 3)
    assert listed_checks(databases, then, WHOLE)["grade"].isna().all()
    before = dt.date(2022, 12, 31)
    assert listed_checks(databases, JULY.with_(start=before, end=before, as_of=before), WHOLE).empty


def test_the_rows_behind_a_stage_add_up_to_it_and_names_are_masked(databases):
    found = list_funnel(databases, JULY, WHOLE, "district").set_index("stage")
    for stage in STAGES:
        if stage != "listed":
            assert len(rows(databases, "listed_checks", JULY, WHOLE, **{f"asked_{stage}": "true"})) == found.loc[stage, "N"]
            assert len(rows(databases, "listed_checks", JULY, WHOLE, **{stage: "true"})) == found.loc[stage, "n"]
    assert set(rows(databases, "listed_checks", JULY, ONLY_B)["name"]) == {"示＊＊"}
    with pytest.raises(ValueError, match="by"):
        list_funnel(databases, JULY, WHOLE, "grid")
