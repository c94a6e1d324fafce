"""A shut door (进不去): somebody went there, and nothing was seen; counted in 户次, discharging nothing anywhere."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from data_access import last_visits as last_visits_of_day
from data_access import visit_columns as columns
from data_access.coverage import coverage, grid_states, key_places
from data_access.figures import figures
from data_access.grid_history import history
from data_access.months import coverage_at, month_starts
from data_access.obligations import obligations
from data_access.patrol_rates import patrol_rates
from data_access.quarter_task import catch_up, quarter_task
from data_access.schema import FACTS
from data_access.versions import raise_versions
from tests.town import CHINA, DISTRICT, JULY, STREET_A, STREET_B, WHOLE, build_town, row

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)


@pytest.fixture(params=[True, False], ids=["arrays", "sql"])
def town(request, sqlite_database, monkeypatch):
    """The small town, asked by arrays of visits and by SQL alone."""
    build_town(sqlite_database)
    if not request.param:
        monkeypatch.setattr(columns, "MOST_VISITS", -1)
    return sqlite_database


def went(town, grid: str, street: str, access: bool | None, *, target: str | None = None, kind: str = "grid", number: str = "N1") -> None:
    with town.write() as connection:
        visit = row("patrol_visit", 970, number=number, day=dt.date(2023, 7, 30), agency_code="WJS", target_kind=kind, target_id=target, mode="revisit",
                    finding="none", visits=1, access=access, grid_code=grid, neighbourhood_code="B1" if street == STREET_B else "A2", street_code=street, located="area")  # fmt: skip
        connection.execute(FACTS["patrol_visit"].insert(), [visit])
        raise_versions(connection, DISTRICT, ["patrol_visit"], NOW)


def opened(town) -> None:
    """Somebody got in after all: the same record, changed."""
    v = FACTS["patrol_visit"]
    with town.write() as connection:
        connection.execute(update(v).where(v.c.number == "N1").values(access=True))
        raise_versions(connection, DISTRICT, ["patrol_visit"], NOW)


def stands(town) -> dict[str, object]:
    """Everything that asks whether XZ-002 was patrolled."""
    states = grid_states(town, JULY, WHOLE).set_index("code").loc["XZ-002"]
    street = coverage(town, JULY, WHOLE).set_index("code").loc[STREET_B]
    rates = {by: patrol_rates(town, JULY, WHOLE, by).set_index("code") for by in ("grid", "street", "agency")}
    duties = obligations(town, JULY, WHOLE)
    mine = duties[(duties["rule_id"] == "visit.grid") & (duties["target_id"] == "XZ-002")]
    return {
        "state": states["state"], "finding": states["finding_in_period"], "covered": int(street["n"]), "in period": int(street["visited_in_period"]),
        "rate": [int(rates["grid"].loc["XZ-002", name]) for name in ("in_time_n", "in_period_n")],
        "street rate": [int(rates["street"].loc[STREET_B, name]) for name in ("in_time_n", "in_period_n")],
        "agency rate": int(rates["agency"].loc["WJS", "in_time_n"]) if "WJS" in rates["agency"].index else 0,
        "duty": mine["state"].iloc[0], "month": coverage_at(town, JULY, WHOLE, month_starts(JULY.as_of, 1))[0],
    }  # fmt: skip


def test_a_shut_door_leaves_the_grid_as_it_was_and_counts_in_the_visits(town):
    before, visits = stands(town), figures(town, JULY, WHOLE, ["K1"])["K1"].value
    went(town, "XZ-002", STREET_B, False)
    assert stands(town) == before
    assert (before["state"], before["finding"], before["duty"]) == ("never", "unvisited", "never")
    assert figures(town, JULY, WHOLE, ["K1"])["K1"].value == visits + 1
    opened(town)
    after = stands(town)
    assert (after["state"], after["finding"], after["duty"], after["rate"]) == ("ok", "none", "ok", [1, 1])
    assert after["covered"] == before["covered"] + 1
    assert after["street rate"] == [one + 1 for one in before["street rate"]]
    assert after["agency rate"] == before["agency rate"] + 1
    assert after["month"] > before["month"]


def test_a_shut_door_leaves_the_place_unseen_by_street_and_by_agency(town):
    def seen() -> tuple:
        duties = obligations(town, JULY, WHOLE)
        duty = duties[(duties["rule_id"] == "visit.site_closed") & (duties["target_id"] == "site-S3")]
        agency = patrol_rates(town, JULY, WHOLE, "agency").set_index("code")
        return (key_places(town, JULY, WHOLE).set_index("id").loc["site-S3", "due_on"], duty["due_on"].iloc[0], int(agency.loc["WJS", "key_n"]))

    before = seen()
    went(town, "XZ-001", STREET_B, False, target="site-S3", kind="site")
    assert seen() == before
    opened(town)
    assert seen() != before
    assert seen()[2] == before[2] + 1


def test_a_shut_door_is_no_result_of_the_quarters_task(town):
    done, pace = quarter_task(town, JULY, WHOLE).done, catch_up(town, JULY, WHOLE).pace_per_day
    rate = figures(town, JULY, WHOLE, ["K28"])["K28"].value
    assert [each.grid_code for each in catch_up(town, JULY, WHOLE).rows.itertuples()] == ["DJ-003"]
    went(town, "DJ-003", STREET_A, False)
    assert (quarter_task(town, JULY, WHOLE).done, catch_up(town, JULY, WHOLE).pace_per_day) == (done, pace)
    assert figures(town, JULY, WHOLE, ["K28"])["K28"].value == rate
    opened(town)
    assert quarter_task(town, JULY, WHOLE).done == done + 1
    assert figures(town, JULY, WHOLE, ["K28"])["K28"].value > rate
    assert catch_up(town, JULY, WHOLE).pace_per_day > pace


def test_the_history_of_the_grid_says_been_there_not_inside(town):
    went(town, "XZ-002", STREET_B, False)
    _, events = history(town, JULY, WHOLE, "XZ-002")
    assert events.iloc[0]["title"] == "到过，未进入"
    assert "无发现" not in str(events.iloc[0]["detail"])
    opened(town)
    assert history(town, JULY, WHOLE, "XZ-002")[1].iloc[0]["title"] != "到过，未进入"


def test_the_last_visit_before_a_shut_door_still_counts(town):
    """DJ-001 was patrolled in July; a shut door on the 30th is not its last visit."""
    before = last_visits_of_day.last_visits_of_grids(town, JULY, WHOLE, ["DJ-001"]).iloc[0]
    assert before < dt.datetime(2023, 7, 30)
    went(town, "DJ-001", STREET_A, False)
    assert last_visits_of_day.last_visits_of_grids(town, JULY, WHOLE, ["DJ-001"]).iloc[0] == before
    assert obligations(town, JULY, WHOLE).set_index(["rule_id", "target_id"]).loc[("visit.grid", "DJ-001"), "last_on"] == before
