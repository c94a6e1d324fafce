"""The rows of the form F1 and the counts of the letter F2, counted by hand in the small town."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from data_access.registered_places import joint_needs, registered_places
from data_access.schema import site_event, visit_form
from tests.town import JULY, ONLY_B, STREET_A, WHOLE, build_town, row


@pytest.fixture
def own(sqlite_database):
    build_town(sqlite_database)
    return sqlite_database


def form(database, **values):
    with database.write() as connection:
        connection.execute(insert(visit_form).values(row("visit_form", visit_id="patrol_visit-V11", **values)))


def test_a_row_is_a_visit_of_the_period_that_found_something(own):
    rows = registered_places(own, JULY, WHOLE)
    assert [(one["street_code"], one["day"]) for one in rows] == [
        (STREET_A, "2023-07-10"), (STREET_A, "2023-07-15"), (STREET_A, "2023-07-20"), (STREET_A, "2023-07-20"), ("", "2023-07-18"),
    ]  # fmt: skip
    assert [one["category"] for one in rows] == ["口腔诊疗", "口腔诊疗", "", "静脉输液", ""]


def test_names_and_addresses_are_masked_as_the_scope_says(own):
    form(own, unit_name="示例店", people="示例甲", phone="000-0000-0001")
    masked = registered_places(own, JULY, WHOLE)
    assert [one["people"] for one in masked] == ["", "", "", "＊＊", ""] or [one["people"] for one in masked] == ["", "", "＊＊", "", ""]
    assert not [value for one in masked for value in one.values() if isinstance(value, str) and ("示例甲" in value or "0001" in value)]


def test_a_street_sees_its_own_places_alone(own):
    assert registered_places(own, JULY, ONLY_B) == ()
    assert joint_needs(own, JULY, ONLY_B).keys() <= {"990199002"}


def test_a_place_that_a_lead_led_to_counts_once(own):
    """S2 was confirmed twice; S1 is at work, and its lead was confirmed."""
    assert joint_needs(own, JULY, WHOLE)[STREET_A] == {"found": 2, "unheeding": 0}


def test_a_place_would_not_stop_where_its_form_or_an_order_says_so(own):
    form(own, joint_wanted=True)
    assert joint_needs(own, JULY, WHOLE)[STREET_A] == {"found": 2, "unheeding": 1}
    with own.write() as connection:
        connection.execute(insert(site_event).values(row("site_event", site_id="site-S2", day=JULY.end, event="warned")))
    assert joint_needs(own, JULY, WHOLE)[STREET_A] == {"found": 2, "unheeding": 1}  # S2 is closed: no order stands against it
