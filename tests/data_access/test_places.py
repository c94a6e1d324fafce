"""A place is told by scope and by the day it was first known, whatever the period."""

from dataclasses import replace

from data_access.places import places
from tests.town import JULY, ONLY_A, WHOLE


def ids(database, table, filters=JULY, scope=WHOLE, columns=()):
    return places(database, filters, scope, table, columns)["id"].tolist()


def test_everything_known_by_the_day_has_its_place_in_order_of_id(databases):
    assert ids(databases, "site") == ["site-S1", "site-S2", "site-S3", "site-S4", "site-S5"]
    assert ids(databases, "case") == sorted(ids(databases, "case"))
    assert "case-A7" not in ids(databases, "case")


def test_a_later_thing_is_not_told_before_its_day(databases):
    early = replace(JULY, as_of=JULY.start, end=JULY.start)
    assert "site-S3" not in ids(databases, "site", early)
    assert "site-S3" in ids(databases, "site")


def test_a_street_gets_its_own_places_only(databases):
    assert set(ids(databases, "site", scope=ONLY_A)) == {"site-S1", "site-S2"}


def test_a_period_or_an_area_asked_about_changes_nothing(databases):
    narrowed = JULY.with_(area="DJ-001", start=JULY.end, category="dental")
    assert ids(databases, "site", narrowed) == ids(databases, "site")


def test_personal_columns_come_masked_and_points_are_kept_back_where_they_must_be(databases):
    shared = replace(WHOLE, exact_points=False)
    found = places(databases, JULY, shared, "site", ("name",))
    assert found["lon"].isna().all()
    assert found["lat"].isna().all()
    assert all("＊" in name for name in found["name"].dropna() if name)
