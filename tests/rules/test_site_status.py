"""The status of a site on any day, and the stock of risk, from events in any order."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from rules.site_status import closed_all_day, site_status
from rules.stock import Stock, stock_moves, stock_of

EVENTS = ["found", "warned", "ordered", "closed", "self_closed", "relapsed", "cleared", "graded"]


def sites(**first_seen: str | None) -> pd.DataFrame:
    return pd.DataFrame({"id": list(first_seen), "first_seen": pd.to_datetime(pd.Series(list(first_seen.values())))})


def events(*rows: tuple[str, str, str] | tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame([(*row, None)[:4] for row in rows], columns=["site_id", "day", "event", "risk"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def on(day: str, known: pd.DataFrame, happened: pd.DataFrame) -> dict[str, str]:
    return site_status(known, happened, dt.date.fromisoformat(day))["status"].to_dict()


def test_the_status_of_a_day_comes_from_the_events_up_to_that_day() -> None:
    happened = events(("a", "2023-01-05", "found"), ("a", "2023-02-01", "closed"), ("a", "2023-03-01", "relapsed"), ("a", "2023-04-01", "cleared"))
    known = sites(a=None)
    assert on("2023-01-04", known, happened) == {}
    assert on("2023-01-05", known, happened) == {"a": "active"}
    assert on("2023-01-31", known, happened) == {"a": "active"}
    assert on("2023-02-01", known, happened) == {"a": "closed"}
    assert on("2023-03-01", known, happened) == {"a": "active"}
    assert on("2023-12-31", known, happened) == {"a": "cleared"}


def test_found_and_closed_on_one_day_ends_closed_in_either_order() -> None:
    found, closed = ("a", "2023-01-05", "found"), ("a", "2023-01-05", "closed")
    assert on("2023-01-05", sites(a=None), events(found, closed)) == {"a": "closed"}
    assert on("2023-01-05", sites(a=None), events(closed, found)) == {"a": "closed"}


def test_a_warning_does_not_open_a_closed_site_but_as_the_first_event_means_it_was_active() -> None:
    assert on("2023-03-01", sites(a=None), events(("a", "2023-01-01", "closed"), ("a", "2023-02-01", "warned"))) == {"a": "closed"}
    assert on("2023-03-01", sites(a=None), events(("a", "2023-02-01", "ordered"))) == {"a": "active"}


def test_a_site_without_events_is_unknown_from_the_day_it_was_first_seen() -> None:
    known = sites(dated="2023-05-05", undated=None)
    nothing = events()
    assert on("2023-05-04", known, nothing) == {"undated": "unknown"}
    assert on("2023-05-05", known, nothing) == {"dated": "unknown", "undated": "unknown"}


def test_risk_is_the_last_grading_and_ungraded_is_its_own_class() -> None:
    happened = events(("a", "2023-01-01", "graded", "high"), ("a", "2023-02-01", "graded", "low"), ("b", "2023-01-01", "found"))
    known = sites(a=None, b=None)

    def risk(day: str) -> dict[str, str]:
        return site_status(known, happened, dt.date.fromisoformat(day))["risk"].to_dict()

    assert risk("2023-01-31") == {"a": "high", "b": "ungraded"}
    assert risk("2023-02-01") == {"a": "low", "b": "ungraded"}


def test_two_gradings_of_one_day_end_with_the_higher() -> None:
    both = events(("a", "2023-01-01", "graded", "high"), ("a", "2023-01-01", "graded", "low"))
    for happened in (both, both.iloc[::-1]):
        assert site_status(sites(a=None), happened, dt.date(2023, 1, 1))["risk"].tolist() == ["high"]


def visit(site: str | None, day: str) -> pd.DataFrame:
    return pd.DataFrame({"site_id": pd.Series([site], dtype="str"), "day": pd.to_datetime([day])})


def test_a_visit_on_the_day_of_closing_or_of_a_relapse_met_an_open_site() -> None:
    happened = events(("a", "2023-01-01", "found"), ("a", "2023-02-01", "closed"), ("a", "2023-03-01", "relapsed"), ("a", "2023-03-10", "closed"))

    def closed(day: str) -> bool:
        return bool(closed_all_day(visit("a", day), happened).iloc[0])

    assert not closed("2023-01-31")
    assert not closed("2023-02-01")
    assert closed("2023-02-02")
    assert closed("2023-02-28")
    assert not closed("2023-03-01")
    assert not closed("2023-03-05")
    assert not closed("2023-03-10")
    assert closed("2023-03-11")


def test_a_visit_to_a_site_of_which_nothing_is_known_met_an_open_site() -> None:
    assert closed_all_day(visit("x", "2023-01-01"), events(("a", "2022-01-01", "closed"))).tolist() == [False]
    assert closed_all_day(visit(None, "2023-01-01"), events(("a", "2022-01-01", "closed"))).tolist() == [False]
    assert closed_all_day(visit("x", "2023-01-01"), events()).tolist() == [False]


def test_each_visit_is_judged_by_its_own_site() -> None:
    happened = events(("a", "2023-01-01", "closed"), ("b", "2023-01-01", "found"), ("c", "2023-01-01", "cleared"))
    visits = pd.DataFrame({"site_id": ["c", "b", "a", "b"], "day": pd.to_datetime(["2023-05-01"] * 4)})
    assert closed_all_day(visits, happened).tolist() == [True, False, True, False]


def stock(known: pd.DataFrame, happened: pd.DataFrame, start: str, end: str) -> Stock:
    return stock_of(stock_moves(known, happened, dt.date.fromisoformat(start), dt.date.fromisoformat(end)))


def test_the_stock_counts_every_move_of_the_period() -> None:
    happened = events(
        ("old", "2023-01-01", "found"),
        ("back", "2023-01-01", "found"), ("back", "2023-02-01", "closed"), ("back", "2023-07-10", "relapsed"), ("back", "2023-07-15", "closed"),
        ("new", "2023-07-03", "found"),
        ("short", "2023-07-05", "found"), ("short", "2023-07-05", "closed"),
        ("gone", "2023-01-01", "closed"), ("gone", "2023-07-12", "cleared"),
        ("later", "2023-08-01", "found"),
    )  # fmt: skip
    known = sites(old=None, back=None, new=None, short=None, gone=None, later=None, listed="2023-06-01")
    assert stock(known, happened, "2023-07-01", "2023-07-31") == Stock(opening=2, added=2, relapsed=1, cleared=2, closing=3)


def test_found_again_after_being_closed_is_a_relapse_and_found_twice_is_one_site() -> None:
    happened = events(("a", "2023-01-01", "found"), ("a", "2023-02-01", "found"), ("a", "2023-03-01", "closed"), ("a", "2023-04-01", "found"))
    assert stock(sites(a=None), happened, "2023-01-01", "2023-12-31") == Stock(0, 1, 1, 1, 1)


def test_no_sites_have_no_stock() -> None:
    assert stock(sites(), events(), "2023-01-01", "2023-12-31") == Stock(0, 0, 0, 0, 0)


day_of_2023 = st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
happenings = st.lists(st.tuples(st.sampled_from("abc"), day_of_2023.map(dt.date.isoformat), st.sampled_from(EVENTS), st.sampled_from(["high", "mid", "low"])), max_size=25)


@given(happenings, day_of_2023, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list, as_of: dt.date, random: object) -> None:
    known = sites(a="2023-03-01", b=None, c="2022-01-01")
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (site_status(known, events(*some), as_of) for some in (rows, shuffled))
    pd.testing.assert_frame_equal(first, second)


@given(happenings, day_of_2023)
def test_events_after_the_day_do_not_change_its_status(rows: list, as_of: dt.date) -> None:
    known = sites(a="2022-01-01", b="2022-01-01", c="2022-01-01")
    past = [row for row in rows if row[1] <= as_of.isoformat()]
    pd.testing.assert_frame_equal(site_status(known, events(*rows), as_of), site_status(known, events(*past), as_of))


@given(happenings, day_of_2023, day_of_2023)
def test_the_equation_of_the_stock_always_holds_and_periods_join(rows: list, one: dt.date, two: dt.date) -> None:
    first, last = sorted([one, two])
    known, happened = sites(a="2023-03-01", b=None, c="2022-01-01"), events(*rows)
    found = stock_of(stock_moves(known, happened, first, last))
    assert found.opening + found.added + found.relapsed - found.cleared == found.closing
    after = last + dt.timedelta(days=1)
    assert stock_of(stock_moves(known, happened, after, after)).opening == found.closing
    status = site_status(known, happened, last)["status"]
    assert found.closing == (~status.isin(["closed", "self_closed", "cleared"])).sum()
