"""What each street loses under the rubric, counted by hand, under every reading of the unclear clauses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from rules.rubric import Conduct, after_visits, misses, reading_of, scored, totals
from rules.rulebook import Rulebook, whole_rulebook

BOOK = whole_rulebook()
MONTHS = (dt.date(2023, 5, 1), dt.date(2023, 6, 1), dt.date(2023, 7, 1))
TODAY = dt.date(2023, 7, 20)


def frame(names: str, *rows: tuple) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=names.split())
    days = [name for name in made if name in {"since", "handled_on", "warned_on", "applied_on"}]
    return made.astype(dict.fromkeys(days, "datetime64[s]"))


def owed(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return frame("target_kind target_id street_code month", *[("site", target, street, month) for target, street, month in rows])


# a: missed May and July (July can still be made good); b: missed May; c (of B): missed June.
CLOSED = owed(
    ("a", "A", "2023-05-01"), ("a", "A", "2023-06-01"), ("a", "A", "2023-07-01"), ("b", "A", "2023-05-01"), ("b", "A", "2023-06-01"), ("b", "A", "2023-07-01"), ("c", "B", "2023-06-01")
)
SEEN = frame("target_id month", ("a", "2023-06-01"), ("b", "2023-06-01"), ("b", "2023-07-01"))
PATROLLED = frame("street_code month", *[(street, month.isoformat()) for street in "AB" for month in MONTHS])
CONDUCT = Conduct(("A", "B"), MONTHS, TODAY, owed=CLOSED, seen=SEEN, patrolled=PATROLLED)


def lost(conduct: Conduct, item: str, reading: str | None = None, street: str = "A") -> tuple[float, float]:
    """Points lost and points at risk."""
    found = scored(misses(conduct, BOOK), BOOK, len(conduct.months), {item: reading} if reading else None)
    mine = found[(found["item"] == item) & (found["street_code"] == street)]
    return mine.loc[~mine["avoidable"], "points"].sum(), mine.loc[mine["avoidable"], "points"].sum()


@pytest.mark.parametrize(
    ("reading", "points"),
    [("month", (1, 1)), ("site_month", (2, 1)), ("site", (2, 0)), ("once", (1, 0)), (None, (1, 1))],
)
def test_a_missed_month_costs_by_the_reading(reading: str | None, points: tuple) -> None:
    """May is lost for a and b; July is at risk for a, who under "site" and "once" has lost already."""
    assert lost(CONDUCT, "score.R2.4", reading) == points


def test_a_demerit_can_be_avoided_until_the_months_last_day() -> None:
    found = scored(misses(CONDUCT, BOOK), BOOK, 3)
    ahead = found[found["avoidable"]]
    assert ahead[["street_code", "item"]].values.tolist() == [["A", "score.R2.4"]]
    assert ahead["until"].tolist() == [pd.Timestamp("2023-07-31")]
    assert ahead["targets"].tolist() == [[("site", "a")]]
    last_day, day_after = (replace(CONDUCT, as_of=dt.date(2023, *day)) for day in ((7, 31), (8, 1)))
    assert lost(last_day, "score.R2.4") == (1, 1)
    assert lost(day_after, "score.R2.4") == (2, 0)


def test_every_demerit_names_its_rows() -> None:
    found = scored(misses(CONDUCT, BOOK), BOOK, 3)
    gone = found[(found["street_code"] == "A") & ~found["avoidable"]]
    assert gone["evidence"].tolist() == [[("site", "a"), ("site", "b")]]


def test_the_score_is_the_base_less_what_is_lost() -> None:
    found = scored(misses(CONDUCT, BOOK), BOOK, 3)
    total = totals(found, ["A", "B", "C"], BOOK).set_index("street_code")
    assert total["score"].to_dict() == {"A": 99.0, "B": 99.0, "C": 100.0}
    assert total["score_if_idle"].to_dict() == {"A": 98.0, "B": 99.0, "C": 100.0}


def test_an_item_that_is_not_adopted_is_shown_and_costs_nothing() -> None:
    book = Rulebook(BOOK.rules, frozenset())
    found = scored(misses(CONDUCT, book), book, 3)
    assert not found["adopted"].any()
    assert totals(found, ["A"], book)["score"].tolist() == [100.0]


def test_a_cap_bounds_an_item_what_is_lost_first() -> None:
    capped = replace(BOOK["score.R2.4"], cap=1.0)
    book = Rulebook({**BOOK.rules, "score.R2.4": capped}, BOOK.adopted)
    found = scored(misses(CONDUCT, book), book, 3, {"score.R2.4": "site_month"})
    mine = found[found["street_code"] == "A"].set_index("avoidable")["points"]
    assert mine.to_dict() == {False: 1.0, True: 0.0}


def test_ticking_a_visit_saves_the_point_at_risk_and_nothing_that_is_lost() -> None:
    assert lost(after_visits(CONDUCT, [("site", "a")]), "score.R2.4") == (1, 0)
    assert lost(after_visits(CONDUCT, [("site", "b")]), "score.R2.4") == (1, 1)


def test_a_period_without_any_patrol_costs_once_and_a_month_by_the_other_reading() -> None:
    idle = replace(CONDUCT, patrolled=PATROLLED[PATROLLED["street_code"] == "B"])
    assert lost(idle, "score.R2.2a") == (2, 0)
    assert lost(idle, "score.R2.2a", "month") == (4, 2)
    once = replace(CONDUCT, patrolled=PATROLLED[~((PATROLLED["street_code"] == "A") & (PATROLLED["month"] == "2023-05-01"))])
    assert lost(once, "score.R2.2a") == (0, 0)
    assert lost(once, "score.R2.2a", "month") == (2, 0)


def found_site(handled: str | None = None, warned: str | None = None, applied: str | None = None) -> Conduct:
    row = ("s", "A", "2023-07-01", handled, warned, applied)
    return replace(CONDUCT, found=frame("id street_code since handled_on warned_on applied_on", row))


def test_a_den_found_and_not_warned_costs_after_seven_days() -> None:
    assert lost(replace(found_site(), as_of=dt.date(2023, 7, 8)), "score.R2.3a") == (0, 2)
    assert lost(replace(found_site(), as_of=dt.date(2023, 7, 9)), "score.R2.3a") == (2, 0)
    assert lost(found_site(handled="2023-07-02"), "score.R2.3a") == (0, 0)


def test_a_fruitless_warning_without_an_application_costs_after_thirty_days() -> None:
    warned = found_site("2023-07-02", "2023-07-02")
    assert lost(replace(warned, as_of=dt.date(2023, 8, 1)), "score.R2.3b") == (0, 1)
    assert lost(replace(warned, as_of=dt.date(2023, 8, 2)), "score.R2.3b") == (1, 0)
    assert lost(found_site("2023-07-02", "2023-07-02", "2023-07-10"), "score.R2.3b") == (0, 0)


def test_media_undercover_and_harm_cost_for_each() -> None:
    events = frame("id street_code kind count", ("m", "A", "media", 2), ("u", "A", "undercover", 2), ("d", "A", "death", 1), ("h", "A", "disability", 2))
    conduct = replace(CONDUCT, adverse=events)
    points = {item: lost(conduct, f"score.{item}")[0] for item in ("R2.5", "R2.6", "R2.7a", "R2.7b")}
    assert points == {"R2.5": 6, "R2.6": 2, "R2.7a": 5, "R2.7b": 6}


def test_what_a_person_judged_is_taken_as_entered() -> None:
    entries = frame("id street_code item points", ("e", "A", "R1.1", 1.0), ("x", "A", "R9.9", 1.0))
    assert lost(replace(CONDUCT, entries=entries), "score.R1.1") == (1, 0)


def test_forms_are_judged_only_where_they_are_kept() -> None:
    assert lost(CONDUCT, "score.R2.2b") == (0, 0)
    late = frame("id street_code month", ("v1", "A", "2023-05-01"), ("v2", "A", "2023-05-01"), ("v3", "A", "2023-06-01"))
    conduct = replace(CONDUCT, forms_late=late)
    assert [lost(conduct, "score.R2.2b", reading)[0] for reading in ("once", "month", "event")] == [1, 2, 3]


def test_an_unknown_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="week"):
        reading_of(BOOK["score.R2.4"], {"score.R2.4": "week"})


def test_a_street_without_misses_has_no_demerit() -> None:
    nothing = Conduct(("A",), (), TODAY)
    found = misses(nothing, BOOK)
    assert found.empty
    assert scored(found, BOOK, 0).empty
