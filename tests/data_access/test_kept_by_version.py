"""What is read once for every day gives each day the answer that it would have alone."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access import visit_columns as held
from data_access.obligations import duty_counts, obligations
from data_access.patrol_quality import patrol_questions
from data_access.police_transfer import transfer_evidence
from data_access.schema import FACTS
from data_access.scores import scores
from data_access.versions import raise_versions
from rules.obligations import counted
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, STREET_A, WHOLE, build_town, row

NEW_YEAR = JULY.with_(start=dt.date(2022, 12, 1), end=dt.date(2022, 12, 31), as_of=dt.date(2022, 12, 31))
ASKED = {
    "july": (JULY, WHOLE), "before the cut": (NEW_YEAR, WHOLE), "a street's": (JULY, ONLY_A),
    "then": (JULY.with_(area=STREET_A, known_at=dt.datetime(2023, 7, 15, 12, tzinfo=dt.UTC)), WHOLE),
}  # fmt: skip
OF_DISTRICT = (patrol_questions,)


def forget(database) -> None:
    for kept in (database.kept, database.recent, database.visits, database.ledger):
        kept.clear()


def answers(database, questions, names, *, alone: bool = False) -> dict:
    forget(database)
    found = {}
    for name in names:
        filters, scope = ASKED[name]
        if alone:
            forget(database)
        for question in questions:
            if question not in OF_DISTRICT or scope is WHOLE:
                found[name, question.__name__] = question(database, filters, scope)
    return found


def assert_same(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    for asked, frame in one.items():
        pd.testing.assert_frame_equal(frame, other[asked], check_exact=True, obj=str(asked))


def test_what_was_asked_before_changes_no_answer(town):
    questions = (obligations, transfer_evidence, scores, patrol_questions)
    names = ("july", "before the cut", "a street's")
    after_others, alone = answers(town, questions, names), answers(town, questions, reversed(names), alone=True)
    assert len(after_others["july", "obligations"]) > 40
    assert_same(after_others, alone)


def test_duties_are_the_same_whether_visits_are_held_as_arrays_or_read_by_sql(town, monkeypatch):
    by_arrays = answers(town, (obligations, scores), ("then",))
    monkeypatch.setattr(held, "MOST_VISITS", -1)
    by_sql = answers(town, (obligations, scores), ("then",))
    forget(town)
    assert_same(by_arrays, by_sql)


def test_duties_are_counted_by_rule(town):
    found, counts = obligations(town, JULY, WHOLE), duty_counts(town, JULY, WHOLE).set_index("rule_id")
    assert counts["every"].sum() == len(found)
    pd.testing.assert_frame_equal(counts.reset_index(), counted(found, JULY.as_of))
    grids = found[found["rule_id"] == "visit.grid"]
    # By hand (tests/data_access/test_obligations.py): one due, two over, one never, the next on 5 August; nobody adopted it.
    assert counts.loc["visit.grid", ["due", "over", "never", "every", "late"]].tolist() == [1, 2, 1, 6, 0]
    assert counts.loc["visit.grid", "next_on"] == pd.Timestamp("2023-08-05") == grids.loc[grids["days_left"] >= 0, "due_on"].min()


@pytest.mark.parametrize("most", [held.MOST_VISITS, -1], ids=["arrays", "sql"])
def test_a_patrol_after_a_revisit_does_not_hide_that_one_looked_back(sqlite_database, monkeypatch, most):
    """N3 fined S2 on 15 July; only a revisit discharges the look-back, whatever came after it."""
    monkeypatch.setattr(held, "MOST_VISITS", most)
    town, day = sqlite_database, dt.date(2023, 8, 20)
    build_town(town)
    later = JULY.with_(end=day, as_of=day)

    def owed() -> bool:
        found = obligations(town, later, WHOLE)
        return "penalty-N3" in set(found.loc[found["rule_id"] == "penalty.look_back", "target_id"])

    with town.write() as connection:
        connection.execute(FACTS["patrol_visit"].delete().where(FACTS["patrol_visit"].c.target_id == "site-S2"))
        raise_versions(connection, DISTRICT, ["patrol_visit"], dt.datetime(2023, 8, 20, 8, tzinfo=CHINA))
    assert owed()
    with town.write() as connection:
        for place, (mode, on) in enumerate((("revisit", "08-01"), ("patrol", "08-10"))):
            connection.execute(FACTS["patrol_visit"].insert(), [row("patrol_visit", 970 + place, number=f"B{place}", day=dt.date.fromisoformat(f"2023-{on}"), agency_code="WJS",
                target_kind="site", target_id="site-S2", mode=mode, finding="none", visits=1, street_code=STREET_A, located="area")])  # fmt: skip
        raise_versions(connection, DISTRICT, ["patrol_visit"], dt.datetime(2023, 8, 20, 9, tzinfo=CHINA))
    assert not owed()
