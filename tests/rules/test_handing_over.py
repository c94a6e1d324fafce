"""The duty to hand somebody over: four days from the day that binds, by the rule and article that bind."""

import datetime as dt

import pandas as pd
import pytest

from rules.obligations import Evidence, obligations
from rules.rulebook import whole_rulebook

BOOK = whole_rulebook()


def people(state: str = "must_transfer", rule: str = "transfer.twice_penalised", again: str = "2023-07-10") -> pd.DataFrame:
    return pd.DataFrame({"id": ["p1"], "label": ["M-1"], "street_code": ["S1"], "rule_id": [rule], "state": [state], "ground": ["again"], "penalties": [2],
                         "again_on": pd.to_datetime([again]).astype("datetime64[s]"), "agency_code": ["WJS"]})  # fmt: skip


@pytest.mark.parametrize(
    ("again", "as_of", "stands"),
    [
        ("2023-07-10", "2023-07-12", ("ok", 2)), ("2023-07-10", "2023-07-13", ("due", 1)), ("2023-07-10", "2023-07-14", ("due", 0)),
        ("2023-07-10", "2023-07-15", ("over", -1)), ("2024-02-27", "2024-03-02", ("due", 0)), ("2023-02-27", "2023-03-03", ("due", 0)),
        ("2023-12-29", "2024-01-03", ("over", -1)),
    ],
)  # fmt: skip
def test_a_person_is_handed_over_within_four_days(again, as_of, stands):
    found = obligations(Evidence(offenders=people(again=again)), BOOK, dt.date.fromisoformat(as_of))
    assert found[["rule_id", "target_kind", "target_id", "reason"]].values.tolist() == [["transfer.twice_penalised", "police_transfer", "p1", "police_transfer"]]
    assert (found["state"].iloc[0], int(found["days_left"].iloc[0])) == stands
    assert found["facts"].iloc[0] == {"state": "must_transfer", "ground": "again", "penalties": 2, "again_on": again}


@pytest.mark.parametrize(("state", "reason"), [("check_qualification", "police_check"), ("check_ground", "police_judge")])
def test_what_is_open_about_a_person_is_to_be_settled_in_the_same_days(state, reason):
    found = obligations(Evidence(offenders=people(state, "transfer.other_grounds")), BOOK, dt.date(2023, 7, 15))
    assert found[["rule_id", "reason", "state"]].values.tolist() == [["transfer.other_grounds", reason, "over"]]


def test_who_is_only_watched_binds_nobody():
    assert obligations(Evidence(offenders=people("watch")), BOOK, dt.date(2023, 7, 15)).empty


def test_a_person_bound_by_penalties_of_before_the_register_is_late_without_a_due_day():
    found = obligations(Evidence(offenders=people().assign(again_on=pd.Series([pd.NaT], dtype="datetime64[s]"))), BOOK, dt.date(2023, 7, 10))
    assert found["state"].tolist() == ["over"]
    assert found[["due_on", "days_left"]].isna().all(axis=None)
