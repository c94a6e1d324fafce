"""What a change of a rule would do, counted by hand in the small town (docstring of tests/town.py)."""

import datetime as dt

import pandas as pd
import pytest

from data_access.obligations import obligations
from data_access.rule_effect import compared, effect_of_adoption, effect_of_change
from data_access.rulebooks import adopt, change_rule
from data_access.scores import score_totals
from data_access.versions import versions
from rules.language import Refusal
from rules.request import Actor
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, STREET_A, WHOLE, build_town

OFFICE = Actor("office", "示例员", "leading", WHOLE)
NOW = dt.datetime(2023, 7, 31, 9, 0, tzinfo=CHINA)


@pytest.fixture
def town(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def grids(effect) -> dict[str, tuple[str, str]]:
    rows = effect.rows[effect.rows["rule_id"] == "visit.grid"]
    return {row.target_id: (row.before, row.after) for row in rows.itertuples()}


def test_a_shorter_grid_cycle_makes_two_grids_overdue(town):
    # Last seen 11, 25, (inherited) 223, 0 and 31 days ago; XZ-002 never.
    found = effect_of_change(town, JULY, WHOLE, "visit.grid", {"amount": 10})
    assert grids(found) == {
        "DJ-001": ("ok", "over"), "DJ-002": ("due", "over"), "DJ-003": ("over", "over"), "DJ-004": ("ok", "ok"), "XZ-001": ("over", "over"),
    }  # fmt: skip
    assert not found.binds


def test_a_longer_cycle_takes_a_grid_out_of_the_late_ones(town):
    found = effect_of_change(town, JULY, WHOLE, "visit.grid", {"amount": 40})
    assert grids(found)["XZ-001"] == ("over", "ok")
    assert grids(found)["DJ-002"] == ("due", "ok")
    assert grids(found)["DJ-003"] == ("over", "over")


def test_no_change_has_no_effect_and_nothing_is_written(town):
    before = versions(town, DISTRICT)
    found = effect_of_change(town, JULY, WHOLE, "visit.grid", {"amount": 30})
    assert found.rows.empty
    assert (found.newly_late, found.no_longer_late, found.newly_due, found.moved, found.reassigned, len(found.scores)) == (0, 0, 0, 0, 0, 0)
    assert versions(town, DISTRICT) == before


def test_a_shorter_case_term_moves_the_open_cases(town):
    # A1 filed 3 May, A2 10 July, A4 decided by its penalty of 25 July: with 60 days A1 was due on 2 July.
    found = effect_of_change(town, JULY, WHOLE, "clock.case", {"amount": 60})
    mine = found.rows[found.rows["rule_id"] == "clock.case"].set_index("target_id")
    assert (mine["before"]["case-A1"], mine["after"]["case-A1"]) == ("due", "over")
    assert (mine["due_before"]["case-A1"], mine["due_after"]["case-A1"]) == (pd.Timestamp("2023-08-01"), pd.Timestamp("2023-07-02"))
    assert mine["after"]["case-A2"] == "ok"


def test_the_case_term_of_one_agency_leaves_the_others(town):
    found = effect_of_change(town, JULY, WHOLE, "clock.case", {"options.days_by_system": {"police": 60}})
    assert found.rows[found.rows["rule_id"] == "clock.case"].empty


def test_a_paper_moves_to_its_new_day(town):
    found = effect_of_change(town, JULY, WHOLE, "report.monthly", {"options.day": 20})
    assert found.moved == 13  # the twelve of the next year and July's, which is late either way
    assert found.newly_late == 0


def test_an_adoption_brings_the_late_ones_into_account(town):
    found = effect_of_adoption(town, JULY, WHOLE, ("visit.grid",))
    assert grids(found) == {code: ("", state) for code, state in (("DJ-001", "ok"), ("DJ-002", "due"), ("DJ-003", "over"), ("DJ-004", "ok"), ("XZ-001", "over"), ("XZ-002", "never"))}
    assert found.newly_late == 3
    adopt(town, list(shipped()), adopter="示例区", document="", valid_from=dt.date(2023, 1, 1), actor=OFFICE, now=NOW)
    assert effect_of_adoption(town, JULY, WHOLE, ("visit.grid",)).rows.empty
    assert effect_of_change(town, JULY, WHOLE, "visit.grid", {"amount": 10}).binds


def test_a_value_that_a_rule_cannot_take_is_refused(town):
    with pytest.raises(Refusal):
        effect_of_change(town, JULY, WHOLE, "visit.grid", {"amount": -1})
    with pytest.raises(Refusal):
        effect_of_change(town, JULY, WHOLE, "no.such", {})


def test_the_order_of_rows_does_not_matter():
    def frame(*rows):
        made = pd.DataFrame(rows, columns=["rule_id", "target_kind", "target_id", "state", "due_on", "owner_code"])
        return made.assign(label=made["target_id"], street_code="A", due_on=pd.to_datetime(made["due_on"]))

    before = frame(("r", "site", "1", "ok", "2023-08-01", "X"), ("r", "site", "2", "over", "2023-07-01", "X"), ("r", "site", "3", "over", "2023-07-01", "X"))
    after = frame(("r", "site", "1", "over", "2023-07-01", "Y"), ("r", "site", "3", "ok", "2023-09-01", "X"))
    found = compared(before, after, binds=True)
    assert (found.newly_late, found.no_longer_late, found.reassigned) == (1, 2, 1)
    assert found.rows["target_id"].tolist() == ["1", "3", "2"]
    again = compared(before.iloc[::-1], after.iloc[::-1], binds=True)
    pd.testing.assert_frame_equal(found.rows, again.rows)


CHANGES = (
    ("visit.site_closed", {"owner_system": "police", "owner": ""}), ("clock.case", {"amount": 60}), ("score.R2.4", {"points": 2.5}),
)  # fmt: skip


def test_what_is_told_before_saving_is_what_is_there_after_saving(town):
    adopt(town, list(shipped()), adopter="示例区", document="", valid_from=dt.date(2023, 1, 1), actor=OFFICE, now=NOW)
    for number, (rule, changes) in enumerate(CHANGES, 1):
        told = effect_of_change(town, JULY, WHOLE, rule, changes)
        before, scored = obligations(town, JULY, WHOLE), score_totals(town, JULY.of_day(), WHOLE)
        change_rule(town, rule, changes, dt.date(2023, 1, 1), "试行", actor=OFFICE, now=NOW + dt.timedelta(minutes=number))
        after, scored_after = obligations(town, JULY, WHOLE), score_totals(town, JULY.of_day(), WHOLE)

        def state(found) -> dict:
            return {tuple(row): found for *row, found in zip(found["rule_id"], found["target_kind"], found["target_id"], zip(found["state"], found["due_on"].astype(str), found["owner_code"], strict=True), strict=True)}

        old, new = state(before), state(after)
        differ = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        assert set(zip(told.rows["rule_id"], told.rows["target_kind"], told.rows["target_id"], strict=True)) == differ, rule
        lost = dict(zip(scored["street_code"], scored_after["score"] - scored["score"], strict=True))
        assert dict(zip(told.scores["street_code"], told.scores["score_after"] - told.scores["score_before"], strict=True)).items() <= lost.items(), rule
        assert {code for code, points in lost.items() if points} <= set(told.scores["street_code"]), rule
        assert len(told.rows) + len(told.scores) > 0, rule


def test_another_reading_of_a_clause_tells_the_streets_whose_score_changes(town):
    adopt(town, list(shipped()), adopter="示例区", document="", valid_from=dt.date(2023, 1, 1), actor=OFFICE, now=NOW)
    rule = effect_of_change(town, JULY, WHOLE, "score.base", {"points": 90})
    assert (rule.scores["score_after"] - rule.scores["score_before"]).tolist() == [-10.0, -10.0]
    assert rule.rows.empty


def test_the_score_of_a_rule_that_binds_nobody_is_told_as_if_it_did(town):
    assert len(effect_of_change(town, JULY, WHOLE, "score.R2.4", {"points": 2}).scores) == len(effect_of_adoption(town, JULY, WHOLE, ("score.R2.4",)).scores) > 0


def test_another_owner_is_told_though_no_day_moves(town):
    # The east street has a police station, the west town none: there its own office goes on owing.
    found = effect_of_change(town, JULY, WHOLE, "visit.site_closed", {"owner_system": "police", "owner": ""})
    assert (found.newly_late, found.moved) == (0, 0)
    assert found.reassigned == len(found.rows) > 0
    assert set(found.rows["street_code"]) == {STREET_A}
    assert set(zip(found.rows["owner_before"], found.rows["owner_after"], strict=True)) == {("JD-A", "PCS1")}
