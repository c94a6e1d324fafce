"""Which visit counts for which duty."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import VisitLine, last_of, last_of_grids

TODAY = dt.date(2023, 7, 31)


def visits(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["id", "day", "grid_code", "target_id"]).astype({"grid_code": "str", "target_id": "str"})
    return found.assign(day=pd.to_datetime(found["day"]).astype("datetime64[s]"))


def test_the_last_visit_up_to_the_day_counts_and_later_ones_do_not():
    known = visits(("a", "2023-07-01", None, "s1"), ("b", "2023-07-31", None, "s1"), ("c", "2023-08-01", None, "s1"), ("d", "2023-06-01", None, "s2"))
    found = last_of(pd.Index(["s1", "s2", "s3"]), known["target_id"], known, TODAY)
    assert [str(day) for day in found.day] == ["2023-07-31", "2023-06-01", "NaT"]
    assert found.id.tolist() == ["b", "d", None]


def test_of_two_visits_of_one_day_the_greater_id_is_named_whatever_the_order():
    one = visits(("a", "2023-07-01", None, "s1"), ("b", "2023-07-01", None, "s1"))
    for known in (one, one.iloc[::-1]):
        assert last_of(pd.Index(["s1"]), known["target_id"], known, TODAY).id.tolist() == ["b"]


def test_a_grid_counts_what_lies_in_it_and_inherits_from_those_before():
    known = visits(("a", "2022-12-20", "OLD", None), ("b", "2023-02-01", "NEW-1", "s1"), ("c", "2022-01-01", "OLDEST", None))
    codes = pd.Index(["NEW-1", "NEW-2", "LONE"])
    found = last_of_grids(codes, known, {"NEW-1": ["OLD"], "NEW-2": ["OLD"], "OLD": ["OLDEST"]}, TODAY)
    assert [str(day) for day in found.day] == ["2023-02-01", "2022-12-20", "NaT"]
    assert found.id.tolist() == ["b", "a", None]


def test_without_visits_nothing_is_discharged():
    nothing = visits()
    assert last_of(pd.Index(["s1"]), nothing["target_id"], nothing, TODAY).id.tolist() == [None]
    assert last_of(pd.Index([], dtype="str"), nothing["target_id"], nothing, TODAY).day.tolist() == []


def test_visits_in_line_give_the_last_of_any_day_and_of_the_modes_that_count():
    line = VisitLine(
        np.array(["2023-07-01", "2023-07-01", "2023-07-05", "2023-08-02"], dtype="datetime64[D]"), np.array(["a", "b", "c", "d"], dtype=object),
        {"target": np.array([0, 0, -1, 0])}, {"target": pd.Index(["s1"])}, np.array([1, 0, 0, 1]), pd.Index(["patrol", "revisit"]),
    )  # fmt: skip
    asked = pd.Index(["s2", "s1"])
    assert line.last("target", asked, None, TODAY).id.tolist() == [None, "b"]
    assert line.last("target", asked, frozenset({"revisit"}), TODAY).id.tolist() == [None, "a"]
    assert line.last("target", asked, frozenset({"joint"}), TODAY).id.tolist() == [None, None]
    later = line.last("target", asked, None, dt.date(2023, 8, 2))
    assert [str(day) for day in later.day] == ["NaT", "2023-08-02"]
    assert line.last("target", asked, None, dt.date(2023, 6, 30)).id.tolist() == [None, None]
