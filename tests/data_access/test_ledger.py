"""The kept rows of figures and SQL give the same totals, whatever the scope, the area, the period and the filters."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access import evidence
from data_access.evidence import KEYS, totals
from data_access.evidence_bases import Asked
from data_access.figures import figures
from tests.conftest import DIALECTS
from tests.data_access.test_visit_columns import FILTERS, SCOPES
from tests.town import JULY, WHOLE

MORE = {
    "a neighbourhood": JULY.with_(area="A1"),
    "a grid": JULY.with_(area="QH-001", start=dt.date(2022, 7, 1)),
    "pharmacies": JULY.with_(premises="pharmacy", start=dt.date(2022, 7, 1)),
    "dental in A": JULY.with_(category="dental", area="A", start=dt.date(2022, 7, 1)),
    "the year": JULY.with_(start=dt.date(2022, 8, 1)),
}


ASKED = {name: FILTERS[name] for name in ("july", "a street", "an agency", "dental", "then")} | MORE


IN_EVERY_RUN = {("postgresql", None)}
"""The commonest way of grouping where the other database adds up; the other seven in the long run."""


@pytest.mark.parametrize(
    ("dialect", "by"),
    [
        pytest.param(dialect, by, marks=() if (dialect, by) in IN_EVERY_RUN else pytest.mark.long)
        for dialect in DIALECTS for by in (None, "agency", "street", "day")
    ],
)  # fmt: skip
def test_kept_rows_and_sql_add_up_to_the_same(towns, monkeypatch, dialect, by):
    database = towns(dialect)
    by_rows = _totals(database, by)
    monkeypatch.setattr(evidence, "can_tell", lambda asked, key: False)
    by_sql = _totals(database, by)
    assert any(len(frame) for frame in by_rows.values())
    for asked, frame in by_rows.items():
        pd.testing.assert_frame_equal(frame, by_sql[asked], obj=str(asked))


def test_what_was_not_known_then_is_not_counted(databases):
    before = figures(databases, JULY, WHOLE, ["K15"])["K15"].value
    penalties = evidence.register_rows(Asked(databases, JULY, WHOLE), "K15")
    assert before == penalties["counts"].sum() > 0
    then = JULY.with_(known_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    assert figures(databases, then, WHOLE, ["K15"])["K15"].value == 0


def _totals(database, by):
    """All totals under all filters and scopes, nothing of them kept from before; in one order."""
    for kept in (database.kept, database.recent, database.visits, database.ledger):
        kept.clear()
    found = {}
    for scope_name, scope in SCOPES.items():
        for name, filters in ASKED.items():
            with database.snapshot():
                frame = totals(Asked(database, filters, scope), [*KEYS, "filed", "leads"], by)
            order = frame.assign(group=frame["group"].astype("str")).sort_values(["key", "group"], ignore_index=True)
            found[scope_name, name] = order
    return found
