"""Every figure of the small town equals what is counted by hand, in every slice of it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.figures import daily_visits, figures, figures_by_agency, figures_by_street, monthly
from rules.indicators import ALWAYS
from rules.request import Scope
from tests.town import CHINA, JULY, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE

COUNTED_BY_HAND = {
    "K1": 18, "K2": 2, "K3": 150, "K4": 1, "K5": 30, "K6": 15, "K7": 3, "K8": 2, "K9": 2, "K10": 2, "K11": 1, "K12": 4,
    "K13": 1, "K14": 2, "K15": 2, "K15_open": 1, "K16": 1, "K17": 50000, "K18": 530, "K18_sites": 2, "K19": 15, "K20": 9,
    "K20_瓶": 4, "K21": 1, "K22": 1, "K23": 1, "K24": 1, "K25": 2, "K26": 2, "K36": 0, "K36_disability": 0, "K37": 1,
    "K38": 2, "K41": 2,
}  # fmt: skip
RATIOS_BY_HAND = {"K26_answered": (1, 2), "K27": (1, 1), "K28": (2, 3), "K29": (1, 2)}


def values(database, filters=JULY, scope=WHOLE, keys=None):
    found = figures(database, filters, scope, keys)
    return {key: one.value for key, one in found.items() if one.N is None}


def some(database, *keys, filters=JULY, scope=WHOLE):
    return list(values(database, filters, scope, keys).values())


def test_july_is_as_counted_by_hand(databases):
    assert values(databases) == COUNTED_BY_HAND


def test_the_ratios_of_july_have_their_numerator_and_denominator(databases):
    found = figures(databases, JULY, WHOLE)
    assert {key: (one.n, one.N) for key, one in found.items() if one.N is not None} == RATIOS_BY_HAND
    assert found["K28"].value == pytest.approx(2 / 3)


def test_targets_and_visits_of_the_quarters_task_are_never_added_up(databases):
    listed, counted = (figures(databases, JULY.with_(area=area), WHOLE, ["K28"])["K28"] for area in (STREET_A, STREET_B))
    assert [(listed.n, listed.N), (counted.n, counted.N)] == [(2, 3), (5, 20)]


def test_the_streets_and_what_lies_outside_add_up(databases):
    east = values(databases, JULY.with_(area=STREET_A))
    west = values(databases, JULY.with_(area=STREET_B))
    assert (east["K1"], west["K1"]) == (12, 5)
    assert (east["K6"], west["K6"]) == (12, 3)
    assert (east["K12"], west["K12"]) == (4, 0)
    assert (east["K15"], west["K15"]) == (1, 1)
    assert (east["K17"], west["K17"]) == (0, 50000)
    assert (east["K18"], west["K18"]) == (430, 100)
    assert (east["K41"], west["K41"]) == (1, 1)


def test_a_street_s_scope_sees_what_asking_for_the_street_shows(databases):
    for scope, street in ((ONLY_A, STREET_A), (ONLY_B, STREET_B)):
        assert values(databases, JULY, scope) == values(databases, JULY.with_(area=street), WHOLE)


def test_neighbourhoods_and_grids_have_their_own_figures(databases):
    assert some(databases, "K1", "K12", "K13", filters=JULY.with_(area="A1")) == [8, 2, 0]
    assert some(databases, "K1", "K12", "K13", filters=JULY.with_(area="A2")) == [4, 2, 1]
    assert some(databases, "K1", "K2", "K21", filters=JULY.with_(area="DJ-001")) == [5, 1, 0]
    assert some(databases, "K1", "K21", filters=JULY.with_(area="XZ-002")) == [0, 1]


def test_a_performing_agency_has_its_own_share(databases):
    assert some(databases, "K1", "K2", "K3", "K4", "K6", filters=JULY.with_(agency="JD-A")) == [6, 1, 100, 0, 2]
    assert some(databases, "K1", "K12", "K13", "K15", "K17", "K19", "K24", filters=JULY.with_(agency="WJS")) == [6, 4, 1, 2, 50000, 15, 1]


def test_an_agency_counts_with_all_under_it_and_a_system_with_all_of_it(databases):
    assert some(databases, "K1", "K6", "K7", filters=JULY.with_(agency="PCS1")) == [1, 2, 0]
    assert some(databases, "K1", "K6", "K7", filters=JULY.with_(agency="GAJ")) == [1, 6, 1]
    assert some(databases, "K1", "K6", "K7", filters=JULY.with_(system="police")) == [1, 6, 1]
    assert some(databases, "K1", "K6", filters=JULY.with_(agency="WJW")) == [6, 4]
    assert some(databases, "K1", filters=JULY.with_(agency="GAJ", system="health")) == [0]


def test_forces_add_up_over_the_systems(databases):
    systems = ("health", "police", "market", "urban", "street", "leading")
    found = [some(databases, "K6", filters=JULY.with_(system=system))[0] for system in systems]
    assert found == [4, 6, 0, 2, 3, 0]
    assert sum(found) == COUNTED_BY_HAND["K6"]


def test_who_took_part_counts_whoever_led(databases):
    taken_part = ("K8", "K9", "K10")
    assert some(databases, *taken_part, filters=JULY.with_(agency="WJS")) == [1, 2, 1]
    assert some(databases, *taken_part, filters=JULY.with_(agency="GAJ")) == [2, 2, 2]
    assert some(databases, *taken_part, filters=JULY.with_(agency="SJJ")) == [0, 1, 0]
    assert some(databases, *taken_part, filters=JULY.with_(agency="JD-B")) == [1, 0, 0]
    assert some(databases, *taken_part, filters=JULY.with_(agency="DFB")) == [0, 0, 1]


def test_adverts_are_those_of_market_regulation(databases):
    assert some(databases, "K21", filters=JULY.with_(agency="SJJ")) == [1]
    assert some(databases, "K21", filters=JULY.with_(agency="WJS")) == [0]


def test_the_kind_of_practice_narrows_what_carries_it(databases):
    dental = JULY.with_(category="dental")
    assert some(databases, "K1", "K12", "K13", "K15", "K26", "K41", filters=dental) == [3, 2, 1, 1, 1, 0]
    rental = JULY.with_(premises="rental")
    assert some(databases, "K12", "K13", "K15_open", "K26", "K41", filters=rental) == [2, 0, 0, 1, 2]
    assert some(databases, "K12", filters=JULY.with_(category="dental", premises="rental")) == [0]
    assert some(databases, "K2", "K8", filters=dental) == [2, 2]


def test_a_day_earlier_knows_nothing_of_later_days(databases):
    before = JULY.with_(as_of=dt.date(2023, 7, 14))
    assert some(databases, "K1", "K12", "K13", "K15", "K15_open", "K8", filters=before) == [5, 1, 0, 0, 1, 0]
    found = figures(databases, before, WHOLE, ["K26_answered", "K27"])
    assert (found["K26_answered"].n, found["K26_answered"].N) == (0, 2)
    assert (found["K27"].n, found["K27"].N, found["K27"].value) == (0, 0, None)


def test_a_case_open_at_the_period_s_end_counts_even_if_it_was_decided_later(databases):
    june = JULY.with_(start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 30))
    # A3, filed on 06-20, was decided on 07-18; A8, filed on 06-01, on 06-20.
    assert some(databases, "K15_open", "K15", "K17", filters=june) == [1, 1, 20000]


def test_what_was_known_then_is_what_is_counted(databases):
    first = JULY.with_(known_at=dt.datetime(2023, 7, 8, 12, tzinfo=CHINA))
    assert some(databases, "K1", filters=first) == [7]
    corrected = JULY.with_(known_at=dt.datetime(2023, 7, 9, 12, tzinfo=CHINA))
    assert some(databases, "K1", filters=corrected) == [3]
    assert some(databases, "K1", filters=JULY.with_(known_at=dt.datetime(2023, 8, 31, tzinfo=CHINA))) == [18]
    assert some(databases, "K1", filters=JULY.with_(known_at=dt.datetime(2020, 1, 1, tzinfo=CHINA))) == [0]


def test_an_empty_period_has_true_zeros_for_every_figure_that_is_always_shown(databases):
    empty = JULY.with_(start=dt.date(2019, 1, 1), end=dt.date(2019, 1, 31), as_of=dt.date(2019, 1, 31))
    found = figures(databases, empty, WHOLE)
    assert set(ALWAYS) <= set(found)
    assert {found[key].value for key in ALWAYS} == {0}
    assert found["K27"].value is None


def test_an_empty_database_shows_the_figures_that_are_always_shown(sqlite_database):
    assert set(values(sqlite_database)) == set(ALWAYS)
    assert set(values(sqlite_database).values()) == {0}


def test_a_period_that_lies_ahead_is_empty(databases):
    ahead = JULY.with_(start=dt.date(2023, 8, 1), end=dt.date(2023, 8, 31))
    assert some(databases, "K1", "K2", "K10", filters=ahead) == [0, 0, 0]
    assert daily_visits(databases, ahead, WHOLE).empty


def test_an_agency_s_scope_counts_its_own_rows(databases):
    assert some(databases, "K1", "K6", "K8", "K9", "K10", "K12", "K17", scope=POLICE) == [1, 6, 2, 2, 2, 0, 0]


def test_a_scope_of_nobody_sees_nothing(databases):
    nobody = Scope(WHOLE.district, areas=("990199009",))
    assert set(values(databases, JULY, nobody, ALWAYS).values()) == {0}
    other = Scope("110000")
    assert set(values(databases, JULY, other, ALWAYS).values()) == {0}


def test_two_scopes_of_one_database_never_share_an_answer(databases):
    alone = {scope: values(databases, JULY, scope) for scope in (WHOLE, ONLY_A, ONLY_B, POLICE)}
    for _ in range(2):
        for scope in (POLICE, ONLY_B, WHOLE, ONLY_A):
            assert values(databases, JULY, scope) == alone[scope]


def test_street_totals_are_open_to_every_street(databases):
    keys = ["K1", "K6", "K12", "K13", "K15", "K15_open", "K18_sites"]
    for scope in (WHOLE, ONLY_A, POLICE):
        found = figures_by_street(databases, JULY, scope, keys).set_index("street_code")
        assert found.loc[STREET_A].tolist() == [12, 12, 4, 1, 1, 1, 1]
        assert found.loc[STREET_B].tolist() == [5, 3, 0, 0, 1, 0, 1]


def test_ratios_have_no_sum_by_street(databases):
    with pytest.raises(ValueError, match="K27"):
        figures_by_street(databases, JULY, WHOLE, ["K1", "K27"])


def test_agencies_with_rows_have_their_figures(databases):
    found = figures_by_agency(databases, JULY, WHOLE, ["K1", "K6"]).set_index("agency_code")
    assert found["K1"].to_dict() == {"JD-A": 6, "WJS": 6, "JD-B": 5, "PCS1": 1, "GAJ": 0, "CGJ": 0}
    assert found["K6"].sum() == 15


def test_every_day_of_the_period_is_there_with_its_findings(databases):
    found = daily_visits(databases, JULY, WHOLE).set_index("day")
    assert len(found) == 31
    assert found["visits"].sum() == 18
    assert found.loc[pd.Timestamp("2023-07-20")].to_dict() == {"visits": 4, "none": 1, "suspect": 2, "confirmed": 1}
    assert found.loc[pd.Timestamp("2023-07-21")].to_dict() == {"visits": 0, "none": 0, "suspect": 0, "confirmed": 0}
    assert (found[["none", "suspect", "confirmed"]].sum(axis=1) == found["visits"]).all()
    assert len(daily_visits(databases, JULY.with_(as_of=dt.date(2023, 7, 10)), WHOLE)) == 10


def test_the_months_before_are_counted_the_same_way(databases):
    found = monthly(databases, JULY, WHOLE).set_index("month")
    assert len(found) == 12
    july, june = found.loc[pd.Timestamp("2023-07-01")], found.loc[pd.Timestamp("2023-06-01")]
    assert july[["visits", "leads", "cases", "penalties"]].tolist() == [18, 3, 1, 2]
    assert june[["visits", "leads", "cases", "penalties"]].tolist() == [1, 1, 2, 1]
    # 07-31: 001, 002, 004 of 6; 06-30: XZ-001 of 6; 2022-12-31: DJ-030 of 5.
    assert found["coverage"].iloc[[-1, -2, 4]].tolist() == pytest.approx([3 / 6, 1 / 6, 1 / 5])
    assert found["visits"].sum() == 20
