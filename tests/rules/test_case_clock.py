"""The stage of a case and the days left of its term, on any day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from rules.case_clock import ORDER, case_clock, with_decisions


def cases(limit_days: int | None = None) -> pd.DataFrame:
    return pd.DataFrame({"id": ["a"], "limit_days": pd.array([limit_days], dtype="Int64")})


def events(*rows: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame([("a", *row, None)[:4] for row in rows], columns=["case_id", "day", "event", "until"])
    return frame.assign(day=pd.to_datetime(frame["day"]), until=pd.to_datetime(frame["until"]), event=frame["event"].astype("str"))


def penalties(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"case_id": pd.Series(["a"] * len(days), dtype="str"), "day": pd.to_datetime(pd.Series(days, dtype="str"))})


def on(day: str, happened: pd.DataFrame, limit_days: int | None = None) -> pd.Series:
    return case_clock(cases(limit_days), happened, dt.date.fromisoformat(day)).loc["a"]


FILED = ("2023-05-03", "filed")


def test_ninety_calendar_days_run_from_the_filing_day() -> None:
    found = on("2023-07-31", events(FILED, ("2023-05-10", "investigating")))
    assert found["due_on"] == pd.Timestamp("2023-08-01")
    assert found["days_left"] == 1
    assert found["stage"] == "investigating"
    assert found["state"] == "open"


def test_the_last_day_leaves_none_and_the_next_is_late() -> None:
    assert on("2023-08-01", events(FILED))["days_left"] == 0
    assert on("2023-08-02", events(FILED))["days_left"] == -1


def test_a_term_over_a_leap_day_and_the_year_s_end() -> None:
    assert on("2023-12-15", events(("2023-12-01", "filed")))["due_on"] == pd.Timestamp("2024-02-29")
    assert on("2022-12-15", events(("2022-12-01", "filed")))["due_on"] == pd.Timestamp("2023-03-01")


def test_a_case_with_its_own_limit_keeps_that() -> None:
    assert on("2023-05-04", events(FILED), limit_days=30)["due_on"] == pd.Timestamp("2023-06-02")


def test_an_extension_sets_a_new_last_day_from_the_day_it_was_given() -> None:
    happened = events(FILED, ("2023-07-20", "extended", "2023-08-31"))
    assert on("2023-07-19", happened)["due_on"] == pd.Timestamp("2023-08-01")
    assert on("2023-07-20", happened)["due_on"] == pd.Timestamp("2023-08-31")


def test_suspended_days_are_added_and_the_days_left_stand_still_meanwhile() -> None:
    happened = events(FILED, ("2023-06-01", "suspended"), ("2023-06-11", "resumed"))
    assert on("2023-05-31", happened)["days_left"] == 62
    assert on("2023-06-01", happened)["days_left"] == 61
    assert on("2023-06-08", happened)["days_left"] == 61
    assert on("2023-06-08", happened)["suspended"]
    assert on("2023-06-11", happened)["days_left"] == 61
    assert on("2023-06-12", happened)["days_left"] == 60
    assert on("2023-06-12", happened)["due_on"] == pd.Timestamp("2023-08-11")
    assert not on("2023-06-12", happened)["suspended"]


def test_days_suspended_after_an_extension_come_on_top_of_it() -> None:
    happened = events(FILED, ("2023-06-01", "extended", "2023-09-01"), ("2023-06-05", "suspended"), ("2023-06-08", "resumed"))
    assert on("2023-06-30", happened)["due_on"] == pd.Timestamp("2023-09-04")


def test_both_days_of_an_extended_case_are_told_and_the_document_of_the_extension() -> None:
    happened = events(FILED, ("2023-07-20", "extended", "2023-08-31"))
    before, after = on("2023-07-19", happened), on("2023-07-20", happened.assign(document=[None, "示延1号"]))
    assert (before["extended"], before["due_plain"], before["due_on"]) == (False, pd.Timestamp("2023-08-01"), pd.Timestamp("2023-08-01"))
    assert (after["extended"], after["due_plain"], after["due_on"]) == (True, pd.Timestamp("2023-08-01"), pd.Timestamp("2023-08-31"))
    assert after["extension_document"] == "示延1号"
    assert on("2023-07-20", happened)["extension_document"] == ""


def test_excluded_days_move_both_days() -> None:
    happened = events(FILED, ("2023-06-01", "suspended"), ("2023-06-11", "resumed"), ("2023-07-20", "extended", "2023-09-30"))
    found = on("2023-07-31", happened)
    assert (found["days_excluded"], found["due_plain"], found["due_on"]) == (10, pd.Timestamp("2023-08-11"), pd.Timestamp("2023-09-30"))
    assert on("2023-06-05", happened)["days_excluded"] == 4
    assert on("2023-05-31", happened)["days_excluded"] == 0


def test_a_decided_case_is_no_longer_counted_down() -> None:
    happened = events(FILED, ("2023-07-18", "decided"), ("2023-07-28", "executed"))
    before, after = on("2023-07-17", happened), on("2023-07-28", happened)
    assert (before["state"], before["days_left"]) == ("open", 15)
    assert (after["state"], after["stage"]) == ("decided", "executed")
    assert pd.isna(after["days_left"])
    assert after["decided_on"] == pd.Timestamp("2023-07-18")


def test_a_penalty_without_a_recorded_decision_is_the_decision() -> None:
    happened = with_decisions(events(FILED), penalties("2023-07-20", "2023-07-01"))
    assert on("2023-06-30", happened)["state"] == "open"
    assert on("2023-07-01", happened)["state"] == "decided"
    recorded = with_decisions(events(FILED, ("2023-06-20", "decided")), penalties("2023-07-01"))
    assert on("2023-07-31", recorded)["decided_on"] == pd.Timestamp("2023-06-20")


def test_a_case_sent_back_by_the_police_is_open_again() -> None:
    happened = events(FILED, ("2023-05-20", "transferred"), ("2023-06-20", "resumed"))
    assert on("2023-06-19", happened)["state"] == "transferred"
    assert on("2023-06-20", happened)[["state", "stage"]].tolist() == ["open", "investigating"]


def test_withdrawn_and_closed_are_states_of_their_own() -> None:
    assert on("2023-06-01", events(FILED, ("2023-05-20", "withdrawn")))["state"] == "withdrawn"
    assert on("2023-06-01", events(FILED, ("2023-05-20", "decided"), ("2023-05-20", "closed")))["state"] == "closed"


def test_a_case_is_not_there_before_its_first_event_and_one_without_events_is_open_without_a_clock() -> None:
    assert case_clock(cases(), events(FILED), dt.date(2023, 5, 2)).empty
    undated = on("2023-05-02", events())
    assert (undated["state"], undated["stage"]) == ("open", "")
    assert pd.isna(undated["due_on"])
    assert pd.isna(undated["days_left"])


day_of_2023 = st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
happenings = st.lists(st.tuples(day_of_2023.map(dt.date.isoformat), st.sampled_from(list(ORDER))), max_size=12, unique=True)


@given(happenings, day_of_2023, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list, as_of: dt.date, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (case_clock(cases(), events(*some), as_of) for some in (rows, shuffled))
    pd.testing.assert_frame_equal(first, second)


@given(happenings, day_of_2023)
def test_events_after_the_day_do_not_change_it(rows: list, as_of: dt.date) -> None:
    past = [row for row in rows if row[0] <= as_of.isoformat()]
    if past:
        pd.testing.assert_frame_equal(case_clock(cases(), events(*rows), as_of), case_clock(cases(), events(*past), as_of))
