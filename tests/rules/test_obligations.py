"""Every rule on both sides of every boundary, counted by hand; and what holds whatever the data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.discharge import VisitLine
from rules.obligations import DUTY_KINDS, Evidence, obligations
from rules.rulebook import Rulebook, whole_rulebook

BOOK = whole_rulebook()
BADNESS = {"ok": 0, "due": 1, "over": 2, "never": 3}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def rows(**columns: object) -> pd.DataFrame:
    """One row (or several) of things; columns that end in ``_on``, or are ``day``, are days."""
    size = max(len(value) if isinstance(value, list) else 1 for value in columns.values())
    made = {name: value if isinstance(value, list) else [value] * size for name, value in columns.items()}
    frame = pd.DataFrame({name: pd.Series(value, dtype="datetime64[s]" if name == "day" or name.endswith("_on") or name == "status_since" else None) for name, value in made.items()})
    return frame.assign(street_code="S1", label=frame.get("id", ""))


def visits(*listed: tuple[str, str | None, str | None] | tuple[str, str | None, str | None, str] | tuple) -> pd.DataFrame:
    """(day, target, grid, mode, access): the last two may be left out."""
    full = [(*one, *("patrol", True)[len(one) - 3 :]) for one in listed]
    frame = pd.DataFrame(full, columns=["day", "target_id", "grid_code", "mode", "access"])
    frame["id"] = [f"v{place}" for place in range(len(frame))]
    return frame.astype({"day": "datetime64[s]", "target_id": "str", "grid_code": "str", "mode": "str", "access": "boolean"})


def site(status: str = "closed", risk: str = "mid", since: str = "2022-12-01", **more: object) -> pd.DataFrame:
    known = {"status_since": since, "began_on": since, "last_event_on": since, "penalised_on": None, "category": "dental"}
    return rows(id="s1", status=status, risk=risk, **known | more)


def stand(known: Evidence, rule: str, as_of: str, **more: object) -> tuple[str, int | None] | None:
    """(state, days left) of the only row of a rule, None where it binds nobody."""
    found = obligations(known, BOOK, day(as_of), **more)
    mine = found[found["rule_id"] == rule]
    assert len(mine) <= 1
    if not len(mine):
        return None
    left = mine["days_left"].iloc[0]
    return mine["state"].iloc[0], None if left is pd.NA else int(left)


def grid(*listed: tuple, **more: object) -> Evidence:
    return Evidence(visits=visits(*listed), grids=rows(id="G1"), **more)


@pytest.mark.parametrize(
    ("as_of", "stands"),
    [
        ("2023-07-01", ("ok", 30)), ("2023-07-25", ("ok", 6)), ("2023-07-26", ("due", 5)), ("2023-07-31", ("due", 0)),
        ("2023-08-01", ("over", -1)), ("2024-03-01", ("over", -214)),
    ],
)  # fmt: skip
def test_a_grid_is_due_within_thirty_days_of_the_last_visit(as_of: str, stands: tuple) -> None:
    assert stand(grid(("2023-07-01", None, "G1")), "visit.grid", as_of) == stands


def test_a_grid_that_nobody_ever_saw_is_never_and_has_no_due_day() -> None:
    assert stand(grid(("2023-08-01", None, "G1")), "visit.grid", "2023-07-31") == ("never", None)


def test_the_cycle_asked_for_stands_over_the_rulebooks_and_other_sites_follow_it() -> None:
    known = replace(grid(("2023-07-01", "s1", "G1")), sites=site("active"))
    assert stand(known, "visit.grid", "2023-07-16", grid_cycle_days=14) == ("over", -1)
    assert stand(known, "visit.site", "2023-07-16", grid_cycle_days=14) == ("over", -1)


@pytest.mark.parametrize(
    ("seen", "as_of", "stands"),
    [
        ("2023-06-30", "2023-07-24", ("ok", 6)), ("2023-06-30", "2023-07-25", ("due", 5)), ("2023-06-30", "2023-07-30", ("due", 0)),
        ("2023-06-30", "2023-07-31", ("over", -1)),
        ("2023-01-31", "2023-02-28", ("due", 0)), ("2023-01-31", "2023-03-01", ("over", -1)),
        ("2024-01-31", "2024-02-29", ("due", 0)), ("2024-01-31", "2024-03-01", ("over", -1)),
        ("2023-12-31", "2024-01-31", ("due", 0)), ("2023-12-31", "2024-02-01", ("over", -1)),
    ],
)  # fmt: skip
def test_a_closed_site_is_due_on_the_same_day_of_the_next_month(seen: str, as_of: str, stands: tuple) -> None:
    known = Evidence(visits=visits((seen, "s1", None, "revisit")), sites=site("closed"))
    assert stand(known, "visit.site_closed", as_of) == stands
    assert stand(replace(known, sites=site("self_closed")), "visit.site_closed", as_of) == stands


def test_closing_a_site_starts_its_clock_and_never_follows_when_nobody_came() -> None:
    known = Evidence(sites=site("closed", since="2023-06-15"))
    assert stand(known, "visit.site_closed", "2023-07-15") == ("due", 0)
    assert stand(known, "visit.site_closed", "2023-07-16") == ("never", -1)


def test_a_visit_to_the_grid_discharges_no_site_but_a_visit_to_the_site_counts_for_the_grid() -> None:
    known = replace(grid(("2023-07-30", None, "G1")), sites=site("closed", since="2023-01-01"))
    assert stand(known, "visit.site_closed", "2023-07-31") == ("never", -180)
    to_site = replace(known, visits=visits(("2023-07-30", "s1", "G1", "inspection")))
    assert stand(to_site, "visit.site_closed", "2023-07-31") == ("ok", 30)
    assert stand(to_site, "visit.grid", "2023-07-31") == ("ok", 29)


def test_who_could_not_get_in_saw_neither_the_grid_nor_the_site() -> None:
    known = Evidence(visits=visits(("2023-07-30", "s1", "G1", "revisit", False)), grids=rows(id="G1"), sites=site("closed", since="2023-06-15"))
    assert stand(known, "visit.site_closed", "2023-07-31") == ("never", -16)
    assert stand(known, "visit.grid", "2023-07-31") == ("never", None)


def test_a_mode_that_a_rule_does_not_take_discharges_nothing_of_it() -> None:
    """S3 二.4 asks for a patrol: checking a complaint about the place is none; for a high-risk site it counts."""
    listed = visits(("2023-07-30", "s1", None, "verification"), ("2023-07-02", "s1", None, "patrol"))
    assert stand(Evidence(visits=listed, sites=site("closed")), "visit.site_closed", "2023-07-31") == ("due", 2)
    assert stand(Evidence(visits=listed, sites=site("active", "high")), "visit.site_high", "2023-07-31") == ("ok", 13)


@pytest.mark.parametrize(("as_of", "stands"), [("2023-07-12", ("ok", 3)), ("2023-07-13", ("due", 2)), ("2023-07-15", ("due", 0)), ("2023-07-16", ("over", -1))])
def test_a_high_risk_site_and_person_are_due_every_fourteen_days(as_of: str, stands: tuple) -> None:
    seen = visits(("2023-07-01", "s1", None), ("2023-07-01", "p1", None))
    person = rows(id="p1", grade="high", listed_on="2023-01-01", field_checked_on=None, closed_on=None)
    known = Evidence(visits=seen, sites=site("active", "high"), subjects=person)
    assert stand(known, "visit.site_high", as_of) == stands
    assert stand(known, "visit.subject_high", as_of) == stands


def test_a_cleared_site_binds_nobody_and_a_closed_one_only_monthly() -> None:
    assert obligations(Evidence(sites=site("cleared", "high")), BOOK, day("2023-07-31")).empty
    found = obligations(Evidence(sites=site("closed", "high")), BOOK, day("2023-07-31"))
    assert found["rule_id"].tolist() == ["visit.site_closed"]


def test_the_person_of_a_closed_site_is_owed_a_visit_of_their_own() -> None:
    person = rows(id="p1", grade="mid", listed_on="2023-01-01", field_checked_on=None, closed_on="2023-06-15")
    known = Evidence(visits=visits(("2023-07-10", "s1", None)), sites=site("closed", since="2023-06-15"), subjects=person)
    assert stand(known, "visit.site_closed", "2023-07-16") == ("ok", 25)
    assert stand(known, "visit.subject_closed", "2023-07-16") == ("never", -1)
    assert stand(known, "visit.subject", "2023-07-16") is None
    seen = replace(known, visits=visits(("2023-07-10", "p1", None)))
    assert stand(seen, "visit.subject_closed", "2023-07-16") == ("ok", 25)


def test_a_penalised_site_is_followed_up_by_a_later_visit_than_the_penalty() -> None:
    sites = site("active", penalised_on="2023-06-20", since="2023-06-01")
    on_the_day = Evidence(visits=visits(("2023-06-20", "s1", None)), sites=sites)
    assert stand(on_the_day, "visit.penalised", "2023-07-20") == ("due", 0)
    assert stand(on_the_day, "visit.penalised", "2023-07-21") == ("never", -1)
    later = Evidence(visits=visits(("2023-06-21", "s1", None)), sites=sites)
    assert stand(later, "visit.penalised", "2023-07-21") == ("due", 0)
    assert stand(later, "visit.penalised", "2023-07-22") == ("over", -1)


def work(phase: str = "structure", started: str | None = "2023-07-01") -> pd.DataFrame:
    return rows(id="c1", phase=phase, started_on=started, workers=80)


@pytest.mark.parametrize(("as_of", "stands"), [("2023-07-06", ("ok", 2)), ("2023-07-07", ("due", 1)), ("2023-07-08", ("due", 0)), ("2023-07-09", ("over", -1))])
def test_a_construction_site_is_seen_weekly_while_it_is_worked(as_of: str, stands: tuple) -> None:
    known = Evidence(visits=visits(("2023-07-01", "c1", None)), construction=work(started="2023-01-01"))
    assert stand(known, "visit.construction", as_of) == stands
    assert stand(replace(known, construction=work("stopped")), "visit.construction", as_of) is None


@pytest.mark.parametrize(("as_of", "stands"), [("2023-07-06", ("ok", 2)), ("2023-07-07", ("due", 1)), ("2023-07-08", ("due", 0)), ("2023-07-09", ("over", -1))])
def test_a_new_construction_site_is_first_seen_within_a_week(as_of: str, stands: tuple) -> None:
    before = Evidence(visits=visits(("2023-06-30", "c1", None)), construction=work())
    assert stand(before, "visit.construction_first", as_of) == stands
    seen = Evidence(visits=visits(("2023-07-01", "c1", None)), construction=work())
    assert stand(seen, "visit.construction_first", as_of) is None


def lead(source: str = "hotline_12345", received: str = "2023-07-07", **more: object) -> pd.DataFrame:
    known = {"due_on": None, "contacted_on": None, "checked_on": None, "feedback_on": None, "street_notified_on": "2023-07-07", "result": "pending"}
    return rows(id="l1", day=received, source=source, **known | more)


def test_a_complaint_of_friday_is_answered_on_monday_and_checked_within_fifteen_working_days() -> None:
    """Friday 2023-07-07: the first working day after is Monday 10, the fifteenth Friday 28."""
    known = Evidence(leads=lead())
    assert stand(known, "lead.contact", "2023-07-10") == ("due", 0)
    assert stand(known, "lead.contact", "2023-07-11") == ("over", -1)
    assert stand(known, "lead.verify", "2023-07-28") == ("due", 0)
    assert stand(known, "lead.verify", "2023-07-29") == ("over", -1)
    assert stand(known, "lead.verify", "2023-07-24") == ("due", 4)
    assert stand(known, "lead.verify", "2023-07-23") == ("ok", 5)


def test_working_days_skip_spring_festival() -> None:
    """Received on Friday 2023-01-20, before the festival: Saturday 28 January was worked."""
    known = Evidence(leads=lead(received="2023-01-20"))
    assert stand(known, "lead.contact", "2023-01-28") == ("due", 0)
    assert stand(known, "lead.contact", "2023-01-29") == ("over", -1)
    # 28, 29, 30, 31 January, 1 to 3, 6 to 10, 13 to 15 February.
    assert stand(known, "lead.verify", "2023-02-15") == ("due", 0)
    assert stand(known, "lead.verify", "2023-02-16") == ("over", -1)


def test_neither_duty_of_a_complaint_discharges_the_other() -> None:
    called = Evidence(leads=lead(contacted_on="2023-07-10"))
    assert stand(called, "lead.contact", "2023-07-31") is None
    assert stand(called, "lead.verify", "2023-07-31") == ("over", -3)
    for checked in (
        Evidence(leads=lead(checked_on="2023-07-12", result="unfounded")),
        Evidence(leads=lead(), visits=visits(("2023-07-12", "l1", None, "verification"))),
    ):
        assert stand(checked, "lead.contact", "2023-07-31") == ("over", -21)
        assert stand(checked, "lead.verify", "2023-07-31") is None


def test_a_day_set_by_the_register_stands_over_the_rule_and_binds_any_lead() -> None:
    assert stand(Evidence(leads=lead(due_on="2023-07-08")), "lead.verify", "2023-07-09") == ("over", -1)
    assert stand(Evidence(leads=lead("internet")), "lead.verify", "2023-12-31") is None
    assert stand(Evidence(leads=lead("internet", due_on="2023-07-08")), "lead.verify", "2023-07-08") == ("due", 0)
    assert stand(Evidence(leads=lead("internet")), "lead.contact", "2023-12-31") is None


def test_a_case_counts_to_the_day_of_its_clock_and_a_finished_one_binds_nobody() -> None:
    case = rows(id="k1", filed_on="2023-05-02", due_on="2023-07-31", state="open", stage="filed", suspended=False, kind="unlicensed")
    assert stand(Evidence(cases=case), "clock.case", "2023-07-31") == ("due", 0)
    assert stand(Evidence(cases=case), "clock.case", "2023-08-01") == ("over", -1)
    assert stand(Evidence(cases=case), "clock.case", "2023-07-25") == ("ok", 6)
    assert stand(Evidence(cases=case.assign(state="transferred")), "clock.case", "2023-08-01") is None


def test_feedback_is_due_on_its_day_or_thirty_days_after_the_transfer() -> None:
    given = rows(id="t1", day="2023-07-01", due_on="2023-07-10", kind="case", from_agency="WJS")
    assert stand(Evidence(transfers=given), "clock.transfer_feedback", "2023-07-11") == ("over", -1)
    open_ = rows(id="t1", day="2023-07-01", due_on=None, kind="case", from_agency="WJS")
    assert stand(Evidence(transfers=open_), "clock.transfer_feedback", "2023-07-31") == ("due", 0)
    assert stand(Evidence(transfers=open_), "clock.transfer_feedback", "2023-08-01") == ("over", -1)


def test_a_decision_has_the_day_it_was_given_and_none_without() -> None:
    given = rows(id="d1", day="2023-07-01", due_on="2023-07-20", text="示例")
    assert stand(Evidence(decisions=given), "decision.due", "2023-07-20") == ("due", 0)
    assert stand(Evidence(decisions=given), "decision.due", "2023-07-21") == ("over", -1)
    assert stand(Evidence(decisions=given.assign(due_on=pd.NaT)), "decision.due", "2023-07-21") is None


def tasks(kind: str = "site", target: str = "s1", lists: int = 1) -> pd.DataFrame:
    return rows(
        id=[target] * lists, target_kind=kind, opens_on="2023-07-01", due_on=["2023-09-30", "2023-09-15"][:lists],
        list_number=["T1", "T2"][:lists], quarter="2023Q3", task_id=["a", "b"][:lists],
    )  # fmt: skip


def test_a_target_of_the_quarter_is_done_by_a_visit_after_the_list_was_issued() -> None:
    before = Evidence(visits=visits(("2023-06-30", "s1", None)), tasks=tasks())
    assert stand(before, "task.quarter", "2023-09-30") == ("due", 0)
    assert stand(before, "task.quarter", "2023-10-01") == ("over", -1)
    done = Evidence(visits=visits(("2023-07-01", "s1", None)), tasks=tasks())
    assert stand(done, "task.quarter", "2023-09-30") == ("ok", 0)
    assert stand(done, "task.quarter", "2023-10-01") is None
    assert stand(done, "task.quarter", "2023-06-30") is None


def test_a_listed_grid_is_done_by_any_visit_in_it_and_one_target_of_two_lists_is_one_duty() -> None:
    known = Evidence(visits=visits(("2023-07-02", "s9", "G1", "inspection")), tasks=tasks("grid", "G1", 2))
    assert stand(known, "task.quarter", "2023-07-31") == ("ok", 46)
    assert stand(replace(known, visits=visits()), "task.quarter", "2023-09-16") == ("over", -1)


def test_two_trainings_and_two_joint_actions_a_year_are_counted_by_street_and_a_joint_one_for_all() -> None:
    streets = rows(id=["S1", "S2"])
    held = rows(id=["a", "b", "b", "c"], day=["2023-03-01", "2023-05-01", "2023-05-01", "2022-12-31"], kind="joint_enforcement")
    held["street_code"] = ["S1", "S1", "S2", "S2"]
    found = obligations(Evidence(streets=streets, activities=held), BOOK, day("2023-12-31"))
    joint = found[found["rule_id"] == "count.joint_action"].set_index("target_id")
    assert joint["state"].to_dict() == {"S1": "ok", "S2": "due"}
    assert [fact["done"] for fact in joint["facts"]] == [2, 1]
    # The new year counts anew.
    again = obligations(Evidence(streets=streets, activities=held), BOOK, day("2024-01-01"))
    assert {fact["done"] for fact in again.loc[again["rule_id"] == "count.joint_action", "facts"]} == {0}
    # 临期 from 60 days before the year's end: 1 November has 60 left, 31 October 61.
    yearly = ["count.training", "count.joint_action"]
    states = {text: set(counted["state"]) for text in ("2023-10-31", "2023-11-01") if (counted := (found := obligations(Evidence(streets=streets), BOOK, day(text)))[found["rule_id"].isin(yearly)]) is not None}
    assert states == {"2023-10-31": {"ok"}, "2023-11-01": {"due"}}


def test_what_was_found_is_dealt_with_in_seven_days_and_a_warning_does() -> None:
    known = site("active", since="2023-07-01", handled_on=None)
    assert stand(Evidence(sites=known), "site.clear", "2023-07-08") == ("due", 0)
    assert stand(Evidence(sites=known), "site.clear", "2023-07-09") == ("over", -1)
    assert stand(Evidence(sites=site("active", since="2023-07-01", handled_on="2023-07-01")), "site.clear", "2023-07-09") is None
    assert stand(Evidence(sites=site("active", since="2023-07-01", handled_on="2023-06-30")), "site.clear", "2023-07-09") == ("over", -1)


def test_a_third_complaint_within_six_months_asks_for_a_plan() -> None:
    told = rows(id=["1", "2", "3"], site_id="s1", day=["2023-02-01", "2023-03-01", "2023-07-10"], source="hotline_12345")
    known = Evidence(sites=site("active", since="2023-07-01"), complaints=told)
    assert stand(known, "plan.repeat_complaints", "2023-07-25") == ("due", 0)
    assert stand(known, "plan.repeat_complaints", "2023-07-26") == ("over", -1)
    # On 1 August the first lies six months back and no longer counts.
    assert stand(known, "plan.repeat_complaints", "2023-08-01") is None
    assert stand(replace(known, sites=site("active", since="2023-07-01", has_plan=True)), "plan.repeat_complaints", "2023-07-26") is None
    assert stand(replace(known, complaints=told.assign(source="patrol")), "plan.repeat_complaints", "2023-07-26") is None


def test_a_stubborn_an_infusion_and_a_long_unresolved_site_ask_for_a_plan() -> None:
    assert stand(Evidence(sites=site("active", since="2023-07-01", stubborn=True)), "plan.stubborn", "2023-07-16") == ("due", 0)
    assert stand(Evidence(sites=site("active", since="2023-07-01", category="infusion")), "plan.infusion", "2023-07-17") == ("over", -1)
    long = Evidence(sites=site("active", since="2023-01-31"))
    assert stand(long, "plan.long_unresolved", "2023-07-30") is None
    assert stand(long, "plan.long_unresolved", "2023-07-31") == ("ok", 15)
    assert stand(Evidence(sites=site("closed", stubborn=True)), "plan.stubborn", "2023-07-16") is None


def test_a_penalty_is_published_told_to_the_landlords_side_and_looked_back_on() -> None:
    paid = rows(id="n1", day="2023-06-30", site_id="s1", premises="rental", pushed_on=None, committee_notified_on=None, housing_told_on=None, kind="fine")
    known = Evidence(penalties=paid)
    assert stand(known, "penalty.push_credit", "2023-07-30") == ("due", 0)
    assert stand(known, "penalty.push_credit", "2023-07-31") == ("over", -1)
    assert stand(known, "penalty.notify_committee", "2023-07-07") == ("due", 0)
    assert stand(known, "penalty.notify_housing", "2023-07-08") == ("over", -1)
    assert stand(known, "penalty.look_back", "2023-09-30") == ("due", 0)
    done = paid.assign(pushed_on=pd.Timestamp("2023-07-01"), typical_on=pd.Timestamp("2023-07-01"), committee_notified_on=pd.Timestamp("2023-07-01"), housing_told_on=pd.Timestamp("2023-07-01"))
    seen = Evidence(penalties=done, visits=visits(("2023-07-01", "s1", None, "revisit")))
    assert obligations(seen, BOOK, day("2023-07-31")).empty
    shop = obligations(Evidence(penalties=paid.assign(premises="shopfront")), BOOK, day("2023-07-31"))
    assert set(shop["rule_id"]) == {"penalty.push_credit", "penalty.look_back", "penalty.typical_case"}


def test_a_penalised_case_is_told_as_a_typical_one_or_not_until_the_years_number_is_reached() -> None:
    """Decided on 2023-11-30: three months later is 2024-02-29, in a leap year."""
    paid = rows(id="n1", day="2023-11-30", site_id="s1", premises="shopfront", pushed_on=None, committee_notified_on=None, housing_told_on=None, typical_on=None, kind="fine")
    known = Evidence(penalties=paid)
    assert stand(known, "penalty.typical_case", "2024-02-29") == ("due", 0)
    assert stand(known, "penalty.typical_case", "2024-03-01") == ("over", -1)
    assert stand(replace(known, penalties=paid.assign(typical_on=pd.Timestamp("2023-12-05").as_unit("s"))), "penalty.typical_case", "2024-03-01") is None
    told = rows(id=["k1", "k2", "k3"], day=["2023-02-01", "2023-03-01", "2023-12-31"], kind="typical_case")
    assert stand(replace(known, activities=told), "penalty.typical_case", "2023-12-30") == ("ok", 61)
    assert stand(replace(known, activities=told), "penalty.typical_case", "2023-12-31") is None
    # The year of the penalty counts, not the one asked about.
    assert stand(replace(known, activities=told), "penalty.typical_case", "2024-03-01") is None
    assert stand(replace(known, activities=told.iloc[:2]), "penalty.typical_case", "2024-03-01") == ("over", -1)


def test_three_typical_cases_a_year_are_owed_by_the_district_alone() -> None:
    both = rows(id=["S1", "D"]).assign(level=["street", "district"])
    told = rows(id=["k1", "k1", "k2"], day="2023-05-01", kind="typical_case").assign(street_code="D")
    found = obligations(Evidence(streets=both, activities=told), BOOK, day("2023-12-31"))
    mine = found[found["rule_id"] == "count.typical_case"]
    assert mine[["target_kind", "target_id", "state"]].values.tolist() == [["district", "D", "due"]]
    assert mine["facts"].iloc[0] == {"done": 2, "needed": 3}
    again = obligations(Evidence(streets=both, activities=told), BOOK, day("2024-01-01"))
    assert again.loc[again["rule_id"] == "count.typical_case", "facts"].iloc[0]["done"] == 0


@pytest.mark.parametrize(("held", "as_of", "stands"), [
    ("2023-07-01", "2023-09-30", ("ok", 0)), ("2023-06-30", "2023-09-30", ("due", 0)), ("2023-06-30", "2023-09-15", ("due", 15)),
    ("2023-06-30", "2023-09-14", ("ok", 16)), ("2023-09-30", "2023-10-01", ("ok", 91)), ("2024-01-01", "2024-02-29", ("ok", 31)),
])  # fmt: skip
def test_the_work_is_inspected_once_a_quarter(held: str, as_of: str, stands: tuple) -> None:
    known = Evidence(streets=rows(id=["S1"]), activities=rows(id="a", day=held, kind="supervision"))
    assert stand(known, "count.supervision", as_of) == stands


def test_a_rule_binds_where_it_is_adopted_and_is_a_reference_elsewhere() -> None:
    known = Evidence(sites=pd.concat([site("closed"), site("closed").assign(id="s2", street_code="S2")], ignore_index=True))
    book = Rulebook(BOOK.rules, frozenset(), {"visit.site_closed": frozenset({"S2"})})
    found = obligations(known, book, day("2023-07-31")).set_index("target_id")
    assert found["adopted"].to_dict() == {"s1": False, "s2": True}
    assert found["points"].tolist() == [1.0, 1.0]
    assert not found["ours"].any()


def test_a_changed_number_changes_the_answer() -> None:
    changed = {**BOOK.rules, "visit.site_high": replace(BOOK["visit.site_high"], amount=7)}
    known = Evidence(visits=visits(("2023-07-20", "s1", None)), sites=site("active", "high"))
    found = obligations(known, Rulebook(changed, frozenset(changed)), day("2023-07-31"))
    assert found.loc[found["rule_id"] == "visit.site_high", "state"].tolist() == ["over"]
    assert stand(known, "visit.site_high", "2023-07-31") == ("ok", 3)


def test_nothing_known_gives_no_duty_and_keeps_the_columns() -> None:
    found = obligations(Evidence(), BOOK, day("2023-07-31"))
    assert found.empty
    assert {"rule_id", "target_id", "state", "days_left", "adopted", "facts"} <= set(found.columns)
    assert all(rule.kind in DUTY_KINDS for rule in BOOK.of("cycle"))


FIFTHS = st.integers(0, 48).map(lambda n: 5 * n)


@st.composite
def towns(draw: st.DrawFn) -> Evidence:
    count = draw(st.integers(0, 25))
    # Every fifth day, so that things often fall on the very day asked about.
    moments = [dt.date(2023, 1, 1) + dt.timedelta(days=draw(FIFTHS)) for _ in range(count)]
    target = [draw(st.sampled_from([None, "s0", "s1", "s2", "c1", "p1", "l1"])) for _ in range(count)]
    place = [draw(st.sampled_from([None, "G0", "G1"])) for _ in range(count)]
    mode = [draw(st.sampled_from(["patrol", "verification", "joint", "revisit"])) for _ in range(count)]
    access = [draw(st.booleans()) for _ in range(count)]
    seen = visits(*[(str(one), *rest) for one, *rest in zip(moments, target, place, mode, access, strict=True)])
    sites = pd.concat([site(status, risk).assign(id=f"s{n}") for n, (status, risk) in enumerate((("closed", "high"), ("active", "high"), ("active", "low")))], ignore_index=True)
    people = rows(id=["p1", "p2"], grade=["high", "mid"], listed_on="2023-01-01", field_checked_on=None, closed_on=["2023-02-01", None])

    def days(count: int) -> list[str]:
        return [str(dt.date(2023, 1, 1) + dt.timedelta(days=draw(FIFTHS))) for _ in range(count)]

    told, held, fined = days(6), days(6), days(2)
    complaints = rows(id=list("123456"), site_id=["s1", "s1", "s1", "s1", "s1", "s2"], day=told, source="hotline_12345")
    activities = rows(id=[f"a{n}" for n in range(6)], day=held, kind=[draw(st.sampled_from(["training", "joint_enforcement", "supervision", "typical_case"])) for _ in held])
    activities["street_code"] = [draw(st.sampled_from(["S1", "S2", "D"])) for _ in held]
    penalties = rows(id=["n1", "n2"], day=fined, site_id=["s0", "s2"], premises=["rental", "shopfront"], pushed_on=None, committee_notified_on=None, housing_told_on=None, typical_on=None, kind="fine")
    return Evidence(
        visits=seen, grids=rows(id=["G0", "G1"]), sites=sites.assign(penalised_on=pd.Timestamp("2023-03-01").as_unit("s")), construction=work(started="2023-04-01"),
        subjects=people, leads=pd.concat([lead(received="2023-06-01"), lead(received="2023-05-01").assign(id="l2")], ignore_index=True),
        tasks=pd.concat([tasks("grid", "G0", 2), tasks("site", "s1")], ignore_index=True), complaints=complaints, activities=activities, penalties=penalties,
        streets=rows(id=["S1", "S2", "D"]).assign(level=["street", "street", "district"]), predecessors={"G1": ["G0"]},
    )  # fmt: skip


def in_line(seen: pd.DataFrame) -> VisitLine:
    """The same visits as the database gives them: in order of day and id, nobody's where nobody got in."""
    ordered = seen.sort_values(["day", "id"], ignore_index=True)
    shut = ~ordered["access"].fillna(True).to_numpy(bool)
    codes, names = {}, {}
    for key, column in (("grid", "grid_code"), ("target", "target_id")):
        numbers, found = pd.factorize(ordered[column])
        codes[key], names[key] = np.where(shut, -1, numbers), pd.Index(found)
    mode, modes = pd.factorize(ordered["mode"])
    return VisitLine(ordered["day"].to_numpy("datetime64[D]"), ordered["id"].to_numpy(object), codes, names, mode, pd.Index(modes))


def by_duty(found: pd.DataFrame) -> dict[tuple, tuple]:
    return {(row.rule_id, row.target_id): (row.state, row.due_on, row.last_on) for row in found.itertuples()}


@settings(max_examples=20)
@given(towns(), FIFTHS, st.integers(0, 240), st.sampled_from(["s0", "s1", "s2", "c1", "p1", "p2", "l1", None]), st.booleans())
def test_a_visit_that_finds_nothing_never_worsens_a_state(known: Evidence, ahead: int, when: int, target: str | None, entered: bool) -> None:
    as_of = dt.date(2023, 1, 1) + dt.timedelta(days=ahead)
    on = str(dt.date(2023, 1, 1) + dt.timedelta(days=when))
    more = visits((on, target, "G1", "patrol", entered)).assign(id="new")
    before = by_duty(obligations(known, BOOK, as_of))
    after = by_duty(obligations(replace(known, visits=pd.concat([known.visits, more], ignore_index=True)), BOOK, as_of))
    assert after.keys() <= before.keys()
    assert all(BADNESS[after[duty][0]] <= BADNESS[before[duty][0]] for duty in after)
    assert entered or after == before  # who could not get in (进不去) saw nothing


@settings(max_examples=12)
@given(towns(), FIFTHS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(known: Evidence, ahead: int, random) -> None:
    as_of = dt.date(2023, 1, 1) + dt.timedelta(days=ahead)

    def mixed(frame: pd.DataFrame) -> pd.DataFrame:
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order].reset_index(drop=True)

    names = ("visits", "grids", "sites", "subjects", "leads", "tasks", "complaints", "activities", "penalties", "streets")
    shuffled = replace(known, **{name: mixed(getattr(known, name)) for name in names})
    lined = replace(known, visits=in_line(known.visits))
    one, *others = (obligations(each, BOOK, as_of).sort_values(["rule_id", "target_id"], ignore_index=True) for each in (known, shuffled, lined))
    for other in others:
        pd.testing.assert_frame_equal(one, other)


@settings(max_examples=12)
@given(towns(), FIFTHS)
def test_what_happens_later_does_not_change_the_answer_about_a_day(known: Evidence, ahead: int) -> None:
    as_of = dt.date(2023, 1, 1) + dt.timedelta(days=ahead)
    names = ("visits", "activities", "complaints")
    until = {name: (rows_ := getattr(known, name))[rows_["day"] <= pd.Timestamp(as_of)].reset_index(drop=True) for name in names}
    then, now, lined = (
        obligations(each, BOOK, as_of) for each in (replace(known, **until), known, replace(known, visits=in_line(known.visits)))
    )  # fmt: skip
    assert by_duty(then) == by_duty(now) == by_duty(lined)
    assert np.isin(now["state"].to_numpy(object), list(BADNESS)).all()
