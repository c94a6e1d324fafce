"""The duties of the small town on 31 July 2023, by hand; owners, scope, what was known, other numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from data_access.coverage import coverage, grid_states, key_places
from data_access.cycles import with_cycle
from data_access.obligations import obligations
from data_access.rulebooks import adopt, change_rule, changed_rulebook, rulebook_of
from data_access.schema import FACTS
from data_access.sites import sites
from data_access.versions import raise_versions
from rules.obligations import COLUMNS, DUTY_KINDS
from rules.request import Actor, Scope
from rules.rulebook import shipped
from tests.town import (
    CHINA,
    DISTRICT,
    JULY,
    ONLY_A,
    ONLY_B,
    POLICE,
    STREET_A,
    STREET_B,
    WHOLE,
    build_town,
    row,
)

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
ACTOR = Actor("dfb", "区打非办", "district", WHOLE)


def standing(database, rule: str, filters=JULY, scope=WHOLE, **more) -> dict[str, tuple]:
    """{target: (state, days left)} of a rule."""
    found = obligations(database, filters, scope, **more)
    mine = found[found["rule_id"] == rule]
    return {row.target_id: (row.state, None if row.days_left is pd.NA else int(row.days_left)) for row in mine.itertuples()}


def test_every_grid_stands_as_its_coverage_says(databases):
    assert standing(databases, "visit.grid") == {
        "DJ-001": ("ok", 19), "DJ-002": ("due", 5), "DJ-003": ("over", -193), "DJ-004": ("ok", 30), "XZ-001": ("over", -1), "XZ-002": ("never", None),
    }  # fmt: skip
    assert {code: state for code, (state, _) in standing(databases, "visit.grid").items()} == grid_states(databases, JULY, WHOLE).set_index("code")["state"].to_dict()


def test_sites_people_and_construction_sites_stand_as_the_registers_say(databases):
    # S2 was closed on 07-15 and seen on 07-31; S3 closed itself on 07-25 and nobody came since.
    assert standing(databases, "visit.site_closed") == {"site-S2": ("ok", 31), "site-S3": ("ok", 25)}
    assert standing(databases, "visit.site_high") == {"site-S1": ("ok", 3)}
    assert standing(databases, "visit.site") == {"site-S5": ("never", -57)}
    assert standing(databases, "visit.construction") == {"construction-C1": ("over", -4), "construction-C2": ("ok", 7), "construction-C4": ("ok", 4)}
    assert standing(databases, "visit.construction_first") == {"construction-C4": ("ok", 4)}
    assert standing(databases, "visit.subject_high") == {"subject-P1": ("over", -7)}
    found = obligations(databases, JULY, WHOLE)
    key = key_places(databases, JULY, WHOLE).set_index("id")["state"]
    mine = found[found["rule_id"].isin(["visit.site_closed", "visit.site_high", "visit.site", "visit.construction", "visit.subject_high", "visit.subject"])]
    assert mine.set_index("target_id")["state"].to_dict() == key.to_dict()


def test_matters_stand_by_their_own_days(databases):
    # A4 was penalised on 07-25, which decided it.
    assert standing(databases, "clock.case") == {"case-A1": ("due", 1), "case-A2": ("ok", 69)}
    assert standing(databases, "clock.transfer_feedback") == {"transfer-T1": ("ok", 10), "transfer-T3": ("over", -21)}
    assert standing(databases, "decision.due") == {"decision-D1": ("over", -11), "decision-D3": ("over", -21)}
    # L1 and L4 were never contacted; L1 was answered on 07-21, which is a contact. L2 is due on 08-01.
    assert standing(databases, "lead.contact") == {"lead-L2": ("over", -20), "lead-L4": ("over", -28)}
    assert standing(databases, "lead.verify") == {"lead-L2": ("due", 1)}


def test_the_quarters_targets_are_done_by_visits_of_the_quarter(databases):
    """DJ-001 and S2 were seen in July, DJ-003 only on 5 August."""
    assert standing(databases, "task.quarter") == {"DJ-001": ("ok", 61), "DJ-003": ("ok", 61), "site-S2": ("ok", 61)}
    found = obligations(databases, JULY, WHOLE)
    done = found[found["rule_id"] == "task.quarter"].set_index("target_id")["last_on"]
    assert done.isna().to_dict() == {"DJ-001": False, "DJ-003": True, "site-S2": False}
    october = JULY.with_(as_of=dt.date(2023, 10, 1))
    assert standing(databases, "task.quarter", october) == {}
    before = JULY.with_(as_of=dt.date(2023, 8, 4))
    assert obligations(databases, before, WHOLE).query("rule_id == 'task.quarter' and target_id == 'DJ-003'")["last_on"].isna().all()


def test_a_joint_action_counts_for_every_street_that_took_part(databases):
    """X4 lies in A. X5 lies in B and the police station of A was there: A has two, B one."""
    found = obligations(databases, JULY, WHOLE)
    done = {row.target_id: row.facts["done"] for row in found[found["rule_id"] == "count.joint_action"].itertuples()}
    assert done == {STREET_A: 2, STREET_B: 1}
    own = obligations(databases, JULY, ONLY_A)
    assert {row.target_id: row.facts["done"] for row in own[own["rule_id"] == "count.joint_action"].itertuples()} == {STREET_A: 2}


def test_a_scope_sees_its_own_duties_only(databases):
    assert tuple(obligations(databases, JULY, ONLY_B).columns) == COLUMNS
    whole, own = obligations(databases, JULY, WHOLE), obligations(databases, JULY, ONLY_B)
    of_b = whole[whole["street_code"] == STREET_B]
    keys = ["rule_id", "target_id", "state"]
    assert set(map(tuple, own[keys].to_numpy())) == set(map(tuple, of_b[keys].to_numpy()))
    assert set(own["street_code"]) == {STREET_B}
    asked = obligations(databases, JULY.with_(area=STREET_B), WHOLE)
    assert set(map(tuple, asked[keys].to_numpy())) == set(map(tuple, own[keys].to_numpy()))
    assert obligations(databases, JULY.with_(area=STREET_A), ONLY_B).empty


def test_an_agency_knows_that_others_were_there(databases):
    """DJ-001 was last seen by the health inspectors: the police need not go."""
    assert standing(databases, "visit.grid", scope=POLICE)["DJ-001"] == ("ok", 19)


def test_without_exact_points_only_grids_keep_a_point(databases):
    found = obligations(databases, JULY, replace(WHOLE, exact_points=False))
    assert found.loc[~found["target_kind"].isin(["grid", "street", "task"]) & (found["rule_id"] != "task.quarter"), "lon"].isna().all()
    assert obligations(databases, JULY, WHOLE).query("rule_id == 'visit.construction'")["lon"].notna().all()


def test_no_label_holds_personal_data(databases):
    found = obligations(databases, JULY, WHOLE)
    assert not found["label"].fillna("").str.contains("示例甲|示例诊所|示例路").any()
    assert not found["facts"].astype(str).str.contains("示例甲|示例诊所|示例路|0000-0001").any()


def test_the_street_owes_where_nobody_holds_the_grid_and_the_named_agency_its_own(databases):
    found = obligations(databases, JULY, WHOLE).set_index(["rule_id", "target_id"])
    assert found.loc[("visit.grid", "DJ-001"), ["owner_kind", "owner_code"]].tolist() == ["agency", "JD-A"]
    assert found.loc[("visit.grid", "XZ-001"), "owner_code"] == "JD-B"
    assert found.loc[("clock.case", "case-A1"), "owner_code"] == "WJS"
    assert found.loc[("clock.transfer_feedback", "transfer-T3"), "owner_code"] == "PCS1"
    assert set(obligations(databases, JULY.with_(agency="PCS1"), WHOLE)["owner_code"]) == {"PCS1"}


def test_nothing_binds_before_it_is_adopted(databases):
    found = obligations(databases, JULY, WHOLE)
    assert len(found)
    assert not found["adopted"].any()


@pytest.fixture
def own(database):
    build_town(database)
    return database


def put(database, table: str, place: int = 900, **values) -> None:
    with database.write() as connection:
        connection.execute(FACTS[table].insert(), [row(table, place, **values)])
        raise_versions(connection, DISTRICT, [table], NOW)


def test_an_adopted_rule_binds_in_its_street(own):
    adopt(own, ["visit.grid"], adopter="西镇", document="示例", valid_from=dt.date(2023, 7, 1), area_code=STREET_B, actor=ACTOR, now=NOW)
    found = obligations(own, JULY, WHOLE)
    assert set(found.loc[found["adopted"], "target_id"]) == {"XZ-001", "XZ-002"}


def test_who_holds_the_grid_owes_what_lies_in_it(own):
    put(own, "assignment", number="Z1", grid_code="DJ-001", owner_kind="team", owner_code="T1", valid_from=dt.date(2023, 7, 1), valid_to=dt.date(2023, 7, 31))
    found = obligations(own, JULY, WHOLE).set_index(["rule_id", "target_id"])
    assert found.loc[("visit.grid", "DJ-001"), ["owner_kind", "owner_code"]].tolist() == ["team", "T1"]
    assert found.loc[("visit.site_high", "site-S1"), "owner_code"] == "T1"
    assert found.loc[("clock.case", "case-A1"), "owner_code"] == "WJS"
    assert found.loc[("visit.grid", "DJ-002"), "owner_code"] == "JD-A"
    later = obligations(own, JULY.with_(as_of=dt.date(2023, 8, 1)), WHOLE).set_index(["rule_id", "target_id"])
    assert later.loc[("visit.grid", "DJ-001"), "owner_code"] == "JD-A"


def test_a_duty_handed_over_is_owed_by_whom_it_was_handed_to(own):
    put(own, "handover", number="H1", day=dt.date(2023, 7, 30), action="reassign", rule_id="visit.grid", target_kind="grid", target_id="DJ-001",
        to_kind="agency", to_code="PCS1", reason="示例", recorded_at=NOW)  # fmt: skip
    found = obligations(own, JULY, WHOLE).set_index(["rule_id", "target_id"])
    assert found.loc[("visit.grid", "DJ-001"), "owner_code"] == "PCS1"
    before = obligations(own, JULY.with_(as_of=dt.date(2023, 7, 29)), WHOLE).set_index(["rule_id", "target_id"])
    assert before.loc[("visit.grid", "DJ-001"), "owner_code"] == "JD-A"


def test_another_rulebook_shows_what_a_change_would_do_and_changes_nothing(own):
    book = changed_rulebook(rulebook_of(own, JULY, WHOLE), "visit.construction", {"amount": 3})
    assert standing(own, "visit.construction", book=book)["construction-C4"] == ("due", 0)
    assert standing(own, "visit.construction")["construction-C4"] == ("ok", 4)


def test_a_changed_rule_holds_from_its_day_in_duties_and_in_coverage_alike(own):
    change_rule(own, "visit.grid", {"amount": 10}, dt.date(2023, 7, 31), "示例", actor=ACTOR, now=NOW)
    change_rule(own, "visit.site_high", {"amount": 10}, dt.date(2023, 7, 31), "示例", actor=ACTOR, now=NOW)
    assert standing(own, "visit.grid")["DJ-001"] == ("over", -1)
    assert grid_states(own, JULY, WHOLE).set_index("code").loc["DJ-001", "state"] == "over"
    assert with_cycle(own, JULY, WHOLE).cycle_days == 10
    assert coverage(own, JULY, WHOLE, by="district")["n"].tolist() == [1]
    # "Other sites" follow the grid's cycle: S5, known since 05-05, was due on 05-15.
    assert standing(own, "visit.site") == {"site-S5": ("never", -77)}
    assert sites(own, JULY, WHOLE).set_index("id").loc["site-S1", "state"] == "over"
    before = JULY.with_(as_of=dt.date(2023, 7, 30))
    assert standing(own, "visit.grid", before)["DJ-001"] == ("ok", 20)
    # A cycle asked for stands over the rulebook's.
    assert standing(own, "visit.grid", JULY.with_(cycle_days=31))["XZ-001"] == ("due", 0)


def test_with_the_same_known_at_an_answer_does_not_change(own):
    then = JULY.with_(known_at=NOW)
    before = obligations(own, then, WHOLE)
    put(own, "patrol_visit", number="LATE", day=dt.date(2023, 7, 29), agency_code="JD-B", target_kind="grid", mode="patrol", finding="none", visits=1,
        street_code=STREET_B, neighbourhood_code="B1", grid_code="XZ-002", located="area", recorded_at=NOW + dt.timedelta(hours=1))  # fmt: skip
    put(own, "site_event", number="LATE", site_id="site-S1", day=dt.date(2023, 7, 29), event="closed", recorded_at=NOW + dt.timedelta(hours=1))
    pd.testing.assert_frame_equal(before, obligations(own, then, WHOLE))
    assert standing(own, "visit.grid")["XZ-002"] == ("ok", 28)
    assert "site-S1" in standing(own, "visit.site_closed")


def test_who_could_not_get_in_discharged_nothing_whatever_came_before(own):
    put(own, "patrol_visit", number="SHUT", day=dt.date(2023, 7, 31), agency_code="JD-B", target_kind="site", target_id="site-S5", mode="patrol", finding="none",
        visits=1, access=False, street_code=STREET_B, located="area")  # fmt: skip
    assert standing(own, "visit.site") == {"site-S5": ("never", -57)}
    put(own, "patrol_visit", 901, number="OPEN", day=dt.date(2023, 7, 20), agency_code="JD-B", target_kind="site", target_id="site-S5", mode="patrol", finding="none",
        visits=1, access=True, street_code=STREET_B, located="area")  # fmt: skip
    assert standing(own, "visit.site") == {"site-S5": ("ok", 19)}


def test_every_shipped_duty_is_known_to_the_engine(databases):
    """A rule about places or matters that the engine does not read would bind nobody unseen."""
    read = {
        "grid", "site_closed", "site_high", "site", "penalised", "construction", "construction_first", "subject_closed", "subject_high", "subject", "lead_contact",
        "lead_verify", "lead_feedback", "lead_notify", "case", "transfer_feedback", "decision", "task_target", "training", "joint_action", "site_found", "plan",
        "penalty", "penalty_rental", "supervision", "typical_case", "police_transfer", "report",
    }  # fmt: skip
    targets = {rule.target for rule in shipped().values() if rule.kind in DUTY_KINDS}
    assert targets == read
    assert Scope(DISTRICT) == WHOLE


def test_visits_to_a_kind_of_premises_are_owed_by_its_office_once_that_is_adopted(own):
    put(own, "agency", number="JG-A", code="JG-A", name="东街道建管中心", short_name="东街建管中心", system="housing", area_code=STREET_A, level="street", aliases=[])
    put(own, "agency", 901, number="GL-A", code="GL-A", name="东街道管理办", short_name="东街管理办", system="street", parent_code="JD-A", area_code=STREET_A, level="street", aliases=[])
    before = obligations(own, JULY, WHOLE).set_index(["rule_id", "target_id"])
    assert before.loc[("visit.site_high", "site-S1"), "owner_code"] == "JD-A"
    adopt(own, ["owner.rental"], adopter="区打非办", document="示例", valid_from=dt.date(2023, 7, 1), actor=ACTOR, now=NOW)
    found = obligations(own, JULY, WHOLE).set_index(["rule_id", "target_id"])
    assert found.loc[("visit.site_high", "site-S1"), ["owner_kind", "owner_code"]].tolist() == ["agency", "JG-A"]
    # Who holds the grid goes before the default.
    put(own, "assignment", number="Z1", grid_code="DJ-001", owner_kind="team", owner_code="T1", valid_from=dt.date(2023, 7, 1), valid_to=dt.date(2023, 7, 31))
    assert obligations(own, JULY, WHOLE).set_index(["rule_id", "target_id"]).loc[("visit.site_high", "site-S1"), "owner_code"] == "T1"
