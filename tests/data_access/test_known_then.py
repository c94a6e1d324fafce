"""Yesterday's answer asked today, with what was known then, is the same whatever was written since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import pytest

from data_access.obligations import obligations
from data_access.patrol_rates import patrol_rates
from data_access.police_transfer import police_transfers
from data_access.quarter_task import quarter_task
from data_access.reports_given import hand_in
from data_access.rulebooks import adopt, change_rule, end_adoption, set_calendar_days
from data_access.schema import FACTS
from data_access.score_entries import judge
from data_access.scores import score_totals
from data_access.versions import raise_versions
from rules.request import Actor
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, STREET_A, WHOLE, build_town, row

THEN = dt.datetime(2023, 7, 31, 8, tzinfo=CHINA)
NOW = dt.datetime(2023, 8, 1, 10, tzinfo=CHINA)
OFFICE = Actor("dfb", "区打非办", "district", WHOLE)
YESTERDAY = JULY.with_(as_of=dt.date(2023, 7, 31), known_at=THEN + dt.timedelta(hours=1))


@pytest.fixture
def town(sqlite_database):
    build_town(sqlite_database)
    adopt(sqlite_database, list(shipped()), adopter="示例", document="示例", valid_from=dt.date(2023, 1, 1), actor=OFFICE, now=THEN)
    return sqlite_database


def fact(table: str, **values: object) -> Callable:
    def write(town) -> None:
        with town.write() as connection:
            connection.execute(FACTS[table].insert(), [row(table, 980, recorded_at=NOW, **values)])
            raise_versions(connection, DISTRICT, [table], NOW)

    return write


WRITTEN: dict[str, Callable] = {
    "a visit of yesterday entered today": fact("patrol_visit", number="N1", day=dt.date(2023, 7, 30), agency_code="WJS", target_kind="grid", mode="patrol", finding="none",
                                               visits=1, grid_code="DJ-003", neighbourhood_code="A2", street_code=STREET_A, located="area"),
    "a complaint of last week": fact("lead", number="N2", day=dt.date(2023, 7, 24), source="hotline_12345", street_code=STREET_A, located="area", agency_code="WJS"),
    "harm": fact("adverse_event", number="N3", day=dt.date(2023, 7, 20), kind="death", count=1, subject_id="subject-P1", street_code=STREET_A, located="area"),
    "a joint action": fact("activity", number="N4", day=dt.date(2023, 7, 20), kind="joint_enforcement", street_code=STREET_A, located="area"),
    "another cycle": lambda town: change_rule(town, "visit.grid", {"amount": 7}, dt.date(2023, 7, 1), "示例", actor=OFFICE, now=NOW),
    "an adoption that ends": lambda town: end_adoption(town, "visit.grid", dt.date(2023, 7, 15), actor=OFFICE, now=NOW),
    "a day off": lambda town: set_calendar_days(town, {dt.date(2023, 7, 10): False}, "示例", actor=OFFICE, now=NOW),
    "a judgement": lambda town: judge(town, street_code=STREET_A, item="score.R1.1", day=dt.date(2023, 7, 30), points=1.0, document="示例", actor=OFFICE, now=NOW),
    "a paper": lambda town: hand_in(town, rule_id="report.first_half", target_id=f"{STREET_A}.2023-06-30", day=dt.date(2023, 7, 20), document="示例", actor=OFFICE, now=NOW),
}  # fmt: skip


def answers(town, filters) -> dict[str, pd.DataFrame]:
    asked = {name: question(town, filters, WHOLE) for name, question in
             (("duties", obligations), ("totals", score_totals), ("police", police_transfers), ("rates", patrol_rates))}  # fmt: skip
    return {name: frame.astype(str) for name, frame in asked.items()} | {"task": pd.DataFrame([str(quarter_task(town, filters, WHOLE))])}


def test_what_was_known_yesterday_is_told_today_whatever_was_written_since(town):
    before, known = answers(town, YESTERDAY), answers(town, YESTERDAY.with_(known_at=None))
    assert len(before["duties"]) > 30
    for write in WRITTEN.values():
        write(town)
    after, changed = answers(town, YESTERDAY), answers(town, YESTERDAY.with_(known_at=None))
    for name in before:
        pd.testing.assert_frame_equal(after[name], before[name], obj=name)
    assert {name for name in known if not changed[name].equals(known[name])} == {"duties", "totals", "police", "rates", "task"}


def test_what_is_entered_today_about_yesterday_was_not_known_then(town):
    """The same visit of 30 July: in today's answer the grid is in time, in yesterday's it is late."""
    WRITTEN["a visit of yesterday entered today"](town)

    def stands(filters) -> str:
        found = obligations(town, filters, WHOLE)
        return found.loc[(found["rule_id"] == "visit.grid") & (found["target_id"] == "DJ-003"), "state"].iloc[0]

    assert stands(YESTERDAY) == "over"
    assert stands(YESTERDAY.with_(known_at=NOW)) == stands(YESTERDAY.with_(known_at=None)) == "ok"
