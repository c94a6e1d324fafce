"""The score of the small town's streets on 31 July 2023, by hand, and what visits would change."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.rulebooks import adopt
from data_access.schema import FACTS
from data_access.scores import lost_under, not_judged, score_totals, scores, what_if
from data_access.versions import raise_versions
from rules.request import Actor, Filters
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


@pytest.fixture
def bound(database):
    build_town(database)
    adopt(database, list(shipped()), adopter="示例", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    return database


def items(database, filters: Filters = JULY, scope=WHOLE, **readings: str) -> dict[tuple, tuple]:
    """{(street, item, avoidable): (points, times)}."""
    found = scores(database, filters, scope, {f"score.{name.replace('_', '.')}": value for name, value in readings.items()})
    return {(each.street_code, each.item, each.avoidable): (each.points, each.times) for each in found.itertuples()}


def test_a_closed_place_owes_a_visit_in_every_whole_month(bound):
    """S2 (A) was closed from 2022-06 to its relapse on 07-10: January to June missed; S4 (B) was closed
    until 07-12 and seen once, on 06-30: January to May missed. Neither was closed all July."""
    found = items(bound)
    assert found[STREET_A, "score.R2.4", False] == (6.0, 6)
    assert found[STREET_B, "score.R2.4", False] == (5.0, 5)
    assert (STREET_A, "score.R2.4", True) not in found


def test_the_month_at_hand_can_still_be_saved(bound):
    """On 15 August S2 has been closed since 07-15 and S3 since 07-25: both owe a visit in August."""
    august = JULY.with_(as_of=dt.date(2023, 8, 15))
    found = scores(bound, august, WHOLE)
    ahead = found[(found["item"] == "score.R2.4") & found["avoidable"]].set_index("street_code")
    assert ahead["targets"].to_dict() == {STREET_A: [("site", "site-S2")], STREET_B: [("site", "site-S3")]}
    assert set(ahead["until"]) == {pd.Timestamp("2023-08-31")}
    before, after = score_totals(bound, august, ONLY_A), what_if(bound, august, ONLY_A, (("site", "site-S2"),)).totals
    assert after["score_if_idle"].iloc[0] == before["score_if_idle"].iloc[0] + 1
    assert after["score"].tolist() == before["score"].tolist()


def test_media_and_undercover_findings_cost_for_each_and_only_provincial_ones(bound):
    found = items(bound)
    assert found[STREET_A, "score.R2.5", False] == (3.0, 1)
    assert found[STREET_B, "score.R2.6", False] == (2.0, 2)
    assert (STREET_B, "score.R2.5", False) not in found


def test_a_site_found_and_never_warned_costs_and_says_which(bound):
    """S1 (A), found on 02-01, and S5 (B), of which only the listing is known."""
    found = scores(bound, JULY, WHOLE)
    mine = found[found["item"] == "score.R2.3a"].set_index("street_code")["evidence"]
    assert mine.to_dict() == {STREET_A: [("site", "site-S1")]}


def test_the_total_is_the_base_less_what_is_lost(bound):
    """A: R2.4 6, R2.5 3, R2.3a 2. B: R2.4 5, R2.6 2."""
    total = score_totals(bound, JULY, WHOLE).set_index("street_code")
    assert total["score"].to_dict() == {STREET_A: 89.0, STREET_B: 93.0}


def test_both_readings_of_an_unclear_clause_can_be_asked_for(bound):
    asked = JULY.with_(area=STREET_A)
    assert [lost_under(bound, asked, WHOLE, "score.R2.4", reading)[0] for reading in ("month", "site_month", "site", "once")] == [6.0, 6.0, 1.0, 1.0]


def test_a_street_sees_its_own_score_and_an_agency_none(bound):
    assert score_totals(bound, JULY, ONLY_B)["street_code"].tolist() == [STREET_B]
    assert score_totals(bound, JULY, ONLY_B)["score"].tolist() == [93.0]
    assert set(scores(bound, JULY, ONLY_B)["street_code"]) == {STREET_B}
    assert score_totals(bound, JULY, POLICE).empty


def test_ticked_visits_raise_coverage_and_write_nothing(bound):
    """A has 3 of 4 grids on schedule; XZ-001 and XZ-002 of B are late and never seen."""
    found = what_if(bound, JULY, WHOLE, (("grid", "DJ-003"), ("grid", "XZ-002"))).coverage.set_index("street_code")
    assert found["n"].to_dict() == {STREET_A: 4, STREET_B: 1}
    now = what_if(bound, JULY, WHOLE, ()).coverage.set_index("street_code")
    assert now["n"].to_dict() == {STREET_A: 3, STREET_B: 0}
    # C1 is late: a visit to it makes one more key place seen, and its grid was seen anyway.
    work = what_if(bound, JULY, WHOLE, (("construction", "construction-C1"),)).coverage.set_index("street_code")
    assert work.loc[STREET_A, "key_n"] == now.loc[STREET_A, "key_n"] + 1
    assert work["n"].to_dict() == now["n"].to_dict()


def test_without_adoption_the_rubric_is_shown_and_costs_nothing(databases):
    assert not scores(databases, JULY, WHOLE)["adopted"].any()
    assert score_totals(databases, JULY, WHOLE)["score"].tolist() == [100.0, 100.0]


def test_forms_are_judged_once_the_district_keeps_any(bound):
    """V5 of 07-20 (suspect, A) has its form in time; V2, V3, V11 and V18's finding have none."""
    assert not any(item == "score.R2.2b" for _, item, _ in items(bound))
    assert "score.R2.2b" in not_judged(bound, JULY, WHOLE)
    with bound.write() as connection:
        visit = connection.execute(FACTS["patrol_visit"].select().where(FACTS["patrol_visit"].c.number == "V5")).mappings().one()
        connection.execute(FACTS["visit_form"].insert(), [row("visit_form", 1, number="F1", visit_id=visit["id"], filled_on=dt.date(2023, 7, 25))])
        raise_versions(connection, DISTRICT, ["visit_form"], NOW)
    # In A: V11 (07-20); V2 (07-10) and V3 (07-15) are older than the first form kept here, V8 lies in no street.
    assert items(bound, R2_2b="event")[STREET_A, "score.R2.2b", False] == (1.0, 1)
    with bound.write() as connection:
        older = connection.execute(FACTS["patrol_visit"].select().where(FACTS["patrol_visit"].c.number == "V2")).mappings().one()
        connection.execute(FACTS["visit_form"].insert(), [row("visit_form", 2, number="F2", visit_id=older["id"], filled_on=dt.date(2023, 7, 26))])
        raise_versions(connection, DISTRICT, ["visit_form"], NOW)
    assert "score.R2.2b" not in not_judged(bound, JULY, WHOLE)
    # Its form is late too: V2, V3 and V11.
    assert items(bound, R2_2b="event")[STREET_A, "score.R2.2b", False] == (3.0, 3)
    assert items(bound)[STREET_A, "score.R2.2b", False] == (1.0, 1)
