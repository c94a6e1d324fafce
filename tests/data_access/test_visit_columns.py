"""The arrays of visits and SQL give the same answers, whatever the scope, the period and the filters."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access import visit_columns as held
from data_access.coverage import coverage, grid_states, key_places
from data_access.figures import daily_visits, monthly
from data_access.tasks import tasks
from tests.town import JULY, ONLY_A, ONLY_B, POLICE, WHOLE

QUESTIONS = {
    "grid states": grid_states,
    "streets": coverage,
    "neighbourhoods": lambda *asked: coverage(*asked, by="neighbourhood"),
    "the district": lambda *asked: coverage(*asked, by="district"),
    "key places": key_places,
    "daily": daily_visits,
    "monthly": lambda *asked: monthly(*asked, months=14),
    "tasks": tasks,
}
FILTERS = {
    "july": JULY,
    "before the cut": JULY.with_(start=dt.date(2022, 12, 1), end=dt.date(2022, 12, 31), as_of=dt.date(2022, 12, 31)),
    "a street": JULY.with_(area="A2"),
    "an agency": JULY.with_(system="police"),
    "an unknown agency": JULY.with_(agency="nobody"),
    "dental": JULY.with_(category="dental"),
    "a day": JULY.with_(start=dt.date(2023, 7, 31), cycle_days=7),
    "then": JULY.with_(known_at=dt.datetime(2023, 7, 15, 12, tzinfo=dt.UTC)),
    "before everything": JULY.with_(start=dt.date(2020, 1, 1), end=dt.date(2020, 1, 31), as_of=dt.date(2020, 1, 31)),
}
SCOPES = {"whole": WHOLE, "A": ONLY_A, "B": ONLY_B, "police": POLICE}
FIRST = ("july", "then")
"""What every run asks PostgreSQL, too: its answers by arrays equal SQLite's in test_contract; the rest takes minutes."""


@pytest.mark.parametrize(
    ("dialect", "filters"),
    [("sqlite", tuple(FILTERS)), ("postgresql", FIRST), pytest.param("postgresql", tuple(name for name in FILTERS if name not in FIRST), marks=pytest.mark.long)],
    ids=["sqlite", "postgresql", "postgresql-rest"],
)
@pytest.mark.parametrize("question", QUESTIONS)
def test_arrays_and_sql_agree(towns, monkeypatch, question, dialect, filters):
    by_arrays = _answers(towns(dialect), question, filters)
    monkeypatch.setattr(held, "MOST_VISITS", -1)
    by_sql = _answers(towns(dialect), question, filters)
    assert len(by_arrays) >= len(filters)
    for asked, frame in by_arrays.items():
        pd.testing.assert_frame_equal(frame, by_sql[asked], obj=str(asked))


def test_a_street_holds_its_own_visits_only(databases):
    databases.visits.clear()
    whole, own = (held.visit_columns(databases, JULY, scope) for scope in (WHOLE, ONLY_B))
    assert set(own.names["street_code"]) <= {"B"} or set(own.names["grid_code"]) <= {"XZ-001", "XZ-002"}
    assert len(own.day) < len(whole.day)
    assert (whole.day[1:] >= whole.day[:-1]).all()


def _answers(database, question, names):
    """The answers to one question under the named filters and all scopes, nothing of them kept from before."""
    for kept in (database.kept, database.recent, database.visits):
        kept.clear()
    ask = QUESTIONS[question]
    return {
        (asked, seen): ask(database, FILTERS[asked], scope)
        for asked in names
        for seen, scope in SCOPES.items()
        if seen == "whole" or asked in {"july", "an agency"}
    }
