"""The last day in time and the first day late of every kind of rule: leap day, year end, Spring Festival; by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from rules.case_clock import case_clock
from rules.obligations import Evidence, obligations
from rules.rulebook import whole_rulebook
from tests.rules.test_obligations import grid, lead, rows, site, tasks, visits, work

BOOK = whole_rulebook()


def seen(target: str, on: str) -> pd.DataFrame:
    return visits((on, target, None, "patrol"))


def person(on: str, grade: str = "high") -> Evidence:
    return Evidence(visits=seen("p1", on), subjects=rows(id="p1", grade=grade, listed_on="2020-01-01", field_checked_on=None, closed_on=None))


def closed_person(on: str) -> Evidence:
    return Evidence(visits=seen("p1", on), subjects=rows(id="p1", grade="mid", listed_on="2020-01-01", field_checked_on=None, closed_on="2022-12-01"))


def decision(due: str) -> Evidence:
    return Evidence(decisions=rows(id="d1", day="2022-12-01", due_on=due, text="示例"))


def complained(third: str) -> Evidence:
    told = rows(id=["1", "2", "3"], site_id="s1", day=["2023-12-01", "2023-12-02", third], source="hotline_12345")
    return Evidence(sites=site("active", since="2023-12-01"), complaints=told)


def case(filed: str) -> Evidence:
    events = pd.DataFrame({"case_id": ["k1"], "day": pd.to_datetime([filed]).astype("datetime64[s]"), "event": ["filed"], "until": pd.to_datetime([None]).astype("datetime64[s]")})
    found = case_clock(pd.DataFrame({"id": ["k1"], "limit_days": pd.array([None], dtype="Int64")}), events, dt.date.fromisoformat(filed))
    return Evidence(cases=rows(id="k1", filed_on=filed, due_on=str(found["due_on"].iloc[0])[:10], state="open", stage="filed", suspended=False, kind="unlicensed"))


def penalty(on: str) -> Evidence:
    return Evidence(penalties=rows(id="n1", day=on, site_id="s1", premises="rental", pushed_on=None, committee_notified_on=None, housing_told_on=None, typical_on=None, kind="fine"))


def transfer(on: str) -> Evidence:
    return Evidence(transfers=rows(id="t1", day=on, due_on=None, kind="case", from_agency="WJS"))


def active(since: str, **more: object) -> Evidence:
    return Evidence(sites=site("active", since=since, handled_on=None, **more))


def listed(due: str) -> Evidence:
    return Evidence(tasks=tasks().assign(opens_on=pd.Timestamp("2023-10-01").as_unit("s"), due_on=pd.Timestamp(due).as_unit("s")))


CASES = [
    # cycle in days: 30, 14, 7
    ("visit.grid", grid(("2024-01-30", None, "G1")), "2024-02-29"), ("visit.grid", grid(("2023-01-30", None, "G1")), "2023-03-01"),
    ("visit.grid", grid(("2023-12-15", None, "G1")), "2024-01-14"), ("visit.grid", grid(("2023-01-21", None, "G1")), "2023-02-20"),
    ("visit.subject_high", person("2024-02-15"), "2024-02-29"), ("visit.subject_high", person("2023-12-20"), "2024-01-03"),
    ("visit.site_high", Evidence(visits=seen("s1", "2024-02-15"), sites=site("active", "high")), "2024-02-29"),
    ("visit.site", Evidence(visits=seen("s1", "2024-01-30"), sites=site("active", "low")), "2024-02-29"),
    ("visit.subject", person("2023-12-31", "low"), "2024-01-30"),
    ("visit.construction", Evidence(visits=seen("c1", "2024-02-22"), construction=work(started="2023-01-01")), "2024-02-29"),
    ("visit.construction", Evidence(visits=seen("c1", "2023-12-29"), construction=work(started="2023-01-01")), "2024-01-05"),
    # cycle in months; holidays stop no month
    ("visit.site_closed", Evidence(visits=seen("s1", "2024-01-31"), sites=site("closed")), "2024-02-29"),
    ("visit.site_closed", Evidence(visits=seen("s1", "2024-02-29"), sites=site("closed")), "2024-03-29"),
    ("visit.site_closed", Evidence(visits=seen("s1", "2023-01-21"), sites=site("closed")), "2023-02-21"),
    ("visit.penalised", Evidence(visits=seen("s1", "2023-12-31"), sites=site("active", penalised_on="2023-12-01")), "2024-01-31"),
    ("visit.penalised", Evidence(visits=seen("s1", "2024-01-31"), sites=site("active", penalised_on="2024-01-01")), "2024-02-29"),
    ("visit.subject_closed", closed_person("2024-01-31"), "2024-02-29"), ("visit.subject_closed", closed_person("2023-12-31"), "2024-01-31"),
    ("visit.subject_closed", closed_person("2023-01-22"), "2023-02-22"),
    ("visit.site", Evidence(visits=seen("s1", "2023-12-05"), sites=site("active", "low")), "2024-01-04"),
    ("visit.site_high", Evidence(visits=seen("s1", "2023-12-25"), sites=site("active", "high")), "2024-01-08"),
    ("visit.subject", person("2024-01-30", "low"), "2024-02-29"),
    # a decision has its own day
    ("decision.due", decision("2024-02-29"), "2024-02-29"), ("decision.due", decision("2023-12-31"), "2023-12-31"), ("decision.due", decision("2023-01-24"), "2023-01-24"),
    # deadlines in days
    ("visit.construction_first", Evidence(construction=work(started="2024-02-22")), "2024-02-29"),
    ("visit.construction_first", Evidence(construction=work(started="2023-12-25")), "2024-01-01"),
    ("site.clear", active("2023-12-27"), "2024-01-03"), ("site.clear", active("2024-02-22"), "2024-02-29"),
    ("lead.feedback", Evidence(leads=lead(received="2023-12-31")), "2024-02-29"), ("lead.feedback", Evidence(leads=lead(received="2022-12-31")), "2023-03-01"),
    # deadlines in working days: 29 December 2023 is a Friday, 1 January a holiday; 26 February 2024 a Monday
    ("lead.notify_street", Evidence(leads=lead(received="2023-12-29", street_notified_on=None)), "2024-01-04"),
    ("lead.notify_street", Evidence(leads=lead(received="2024-02-26", street_notified_on=None)), "2024-02-29"),
    # Spring Festival 2023: 21 to 27 January off, Saturday 28 and Sunday 29 January worked
    ("lead.notify_street", Evidence(leads=lead(received="2023-01-20", street_notified_on=None)), "2023-01-30"),
    ("lead.contact", Evidence(leads=lead(received="2023-01-20")), "2023-01-28"),
    ("lead.contact", Evidence(leads=lead(received="2023-12-29")), "2024-01-02"), ("lead.contact", Evidence(leads=lead(received="2024-02-28")), "2024-02-29"),
    # 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 22 January 2024
    ("lead.verify", Evidence(leads=lead(received="2023-12-29")), "2024-01-22"),
    # 8, 9 (worked), 18 (worked Sunday), 19 to 23, 26 to 29 February, 1, 4, 5 March 2024; 10 to 17 February off
    ("lead.verify", Evidence(leads=lead(received="2024-02-07")), "2024-03-05"),
    # the quarter's last day
    ("task.quarter", listed("2023-12-31"), "2023-12-31"),
    # clocks
    ("clock.case", case("2023-12-01"), "2024-02-29"), ("clock.case", case("2022-12-01"), "2023-03-01"), ("clock.case", case("2023-10-15"), "2024-01-13"),
    ("clock.transfer_feedback", transfer("2024-01-30"), "2024-02-29"), ("clock.transfer_feedback", transfer("2023-12-10"), "2024-01-09"),
    # what a penalty entails
    ("penalty.push_credit", penalty("2024-01-31"), "2024-02-29"), ("penalty.push_credit", penalty("2023-12-31"), "2024-01-31"),
    ("penalty.notify_committee", penalty("2024-02-22"), "2024-02-29"), ("penalty.notify_housing", penalty("2023-12-28"), "2024-01-04"),
    ("penalty.typical_case", penalty("2023-11-30"), "2024-02-29"), ("penalty.typical_case", penalty("2023-10-01"), "2024-01-01"),
    ("penalty.notify_committee", penalty("2023-12-28"), "2024-01-04"), ("penalty.notify_housing", penalty("2024-02-22"), "2024-02-29"),
    ("penalty.look_back", penalty("2023-11-30"), "2024-02-29"), ("penalty.look_back", penalty("2022-11-30"), "2023-02-28"),
    # thresholds: a plan within 15 days
    ("plan.stubborn", active("2024-02-14", stubborn=True), "2024-02-29"), ("plan.infusion", active("2023-12-20", category="infusion"), "2024-01-04"),
    ("plan.stubborn", active("2023-12-20", stubborn=True), "2024-01-04"), ("plan.infusion", active("2024-02-14", category="infusion"), "2024-02-29"),
    ("plan.repeat_complaints", complained("2024-02-14"), "2024-02-29"), ("plan.repeat_complaints", complained("2023-12-17"), "2024-01-01"),
    ("plan.long_unresolved", active("2023-08-31"), "2024-03-15"), ("plan.long_unresolved", active("2022-08-31"), "2023-03-15"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "known", "due"), CASES, ids=[f"{rule}-{due}" for rule, _, due in CASES])
def test_the_due_day_is_in_time_and_the_next_is_late(rule: str, known: Evidence, due: str) -> None:
    last = dt.date.fromisoformat(due)
    for as_of, left, states in ((last, 0, {"due"}), (last + dt.timedelta(days=1), -1, {"over", "never"})):
        found = obligations(known, BOOK, as_of)
        mine = found[found["rule_id"] == rule]
        assert mine["days_left"].tolist() == [left]
        assert set(mine["state"]) <= states


def test_every_kind_of_rule_that_binds_has_a_boundary_here_or_beside_it() -> None:
    """Counts, papers and hand-overs have theirs in test_obligations, test_papers and test_handing_over."""
    elsewhere = {"count", "report"}
    here = {BOOK[rule].kind for rule, _, _ in CASES}
    assert here | elsewhere == {"cycle", "deadline", "count", "clock", "follow_up", "threshold", "report"}
    named = {rule for rule, _, _ in CASES}
    bound = {rule.id for rule in BOOK if rule.kind in here and not rule.id.startswith("transfer.")}
    assert bound - named == set()
