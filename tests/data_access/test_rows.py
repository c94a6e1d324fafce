"""The rows behind every number add up to that number, in every scope and under every filter."""

from __future__ import annotations

import datetime as dt

import pytest

from data_access.coverage import grid_states
from data_access.figures import figures
from data_access.rows import ROW_SETS, rows
from data_access.sites import stock
from rules.definitions import DEFINITIONS
from rules.indicators import INDICATORS, indicator
from rules.request import UnreadableRequest
from rules.stock import PARTS
from rules.vocabulary import TABLES
from tests.town import JULY, ONLY_A, ONLY_B, POLICE, STREET_A, WHOLE

SCOPES = {"whole": WHOLE, "east": ONLY_A, "west": ONLY_B, "police": POLICE}
SLICES = {
    "july": JULY,
    "half": JULY.with_(as_of=dt.date(2023, 7, 14)),
    "year": JULY.with_(start=dt.date(2022, 8, 1)),
    "agency": JULY.with_(agency="WJS"),
    "system": JULY.with_(system="police"),
    "area": JULY.with_(area="A2"),
    "category": JULY.with_(category="dental"),
    "premises": JULY.with_(premises="rental"),
}  # fmt: skip


def added_up(database, name, filters, scope):
    row_set, found = ROW_SETS[name], rows(database, name, filters, scope)
    return found[row_set.counts].sum() if row_set.counts else len(found)


@pytest.mark.parametrize(
    ("scope", "asked"),
    [*(("whole", asked) for asked in SLICES), *((scope, "july") for scope in ("east", "west", "police")), ("east", "category"), ("police", "agency"), ("west", "half")],
)
def test_the_rows_of_every_figure_add_up_to_it(town, scope, asked):
    filters, who = SLICES[asked], SCOPES[scope]
    for key, figure in figures(town, filters, who).items():
        wanted = figure.value if figure.N is None else figure.n
        assert added_up(town, key, filters, who) == pytest.approx(wanted), key
        if figure.N is not None and key != "K28":
            assert rows(town, key, filters, who)["base"].sum() == figure.N, key


def test_the_rows_are_the_same_in_both_databases(databases):
    for key, figure in figures(databases, JULY, WHOLE).items():
        assert added_up(databases, key, JULY, WHOLE) == pytest.approx(figure.value if figure.N is None else figure.n), key


def test_every_figure_has_its_rows():
    assert set(INDICATORS) <= set(ROW_SETS)


@pytest.mark.parametrize("name", ROW_SETS)
def test_every_row_set_has_the_columns_it_declares(town, name):
    for scope in (WHOLE, POLICE):
        found = rows(town, name, JULY, scope)
        assert [column.field for column in ROW_SETS[name].columns if column.field not in found] == []


@pytest.mark.parametrize("name", ROW_SETS)
def test_an_empty_row_set_keeps_its_columns(sqlite_database, name):
    found = rows(sqlite_database, name, JULY, WHOLE)
    assert found.empty
    assert [column.field for column in ROW_SETS[name].columns if column.field not in found] == []


def test_every_row_set_speaks_words_that_exist():
    for row_set in ROW_SETS.values():
        assert row_set.indicator in DEFINITIONS or indicator(row_set.indicator)
        for column in row_set.columns:
            assert column.words in {"", "area", "agency", *TABLES}, (row_set.name, column)


def test_the_parts_of_the_stock_have_their_sites(town):
    found = stock(town, JULY, WHOLE)
    assert {part: len(rows(town, f"stock_{part}", JULY, WHOLE)) for part in PARTS} == {part: getattr(found, part) for part in PARTS}
    assert rows(town, "stock_relapsed", JULY, WHOLE)["number"].tolist() == ["S2"]


def test_rows_are_narrowed_by_equalities(town):
    grids = grid_states(town, JULY, WHOLE)
    for state in ("ok", "due", "over", "never"):
        assert len(rows(town, "grids", JULY, WHOLE, state=state)) == (grids["state"] == state).sum()
    assert rows(town, "grids", JULY, WHOLE, state="over,never")["code"].tolist() == ["DJ-003", "XZ-001", "XZ-002"]
    assert rows(town, "sites", JULY, WHOLE, stubborn="true")["number"].tolist() == ["S1"]
    assert rows(town, "leads", JULY, WHOLE, day="2023-07-10")["number"].tolist() == ["L2"]
    assert rows(town, "leads", JULY, WHOLE, grid_code="")["number"].tolist() == ["L2"]
    assert rows(town, "sites", JULY, WHOLE, penalties="2")["number"].tolist() == ["S2"]
    assert set(rows(town, "visits", JULY, WHOLE, grid_code="DJ-001")["number"]) == {"V5", "V11", "V13", "V15"}
    assert rows(town, "visits", JULY, WHOLE, target_id="site-S1")["number"].tolist() == ["V5"]


def test_a_set_or_column_that_does_not_exist_is_refused(town):
    with pytest.raises(UnreadableRequest, match="nothing"):
        rows(town, "nothing", JULY, WHOLE)
    with pytest.raises(UnreadableRequest, match="secret"):
        rows(town, "sites", JULY, WHOLE, secret="1")


def test_a_scope_never_sees_another_s_rows(town):
    for name in ROW_SETS:
        found = rows(town, name, JULY, ONLY_B)
        if "street_code" in found:
            assert STREET_A not in found["street_code"].tolist(), name
