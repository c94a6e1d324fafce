"""A scope sees its own rows, in every table, and personal data leaves the query masked."""

import datetime as dt

import pytest
from sqlalchemy import select, true

from data_access.schema import FACTS, PERSONAL, import_batch, refused_row
from data_access.scope import REFERENCE, known, select_columns, within
from rules.request import Scope
from tests import town
from tests.town import DISTRICT, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE

NEIGHBOURHOOD = Scope(DISTRICT, areas=("A2",))
GRID = Scope(DISTRICT, areas=("DJ-001",))
BOTH = Scope(DISTRICT, areas=(STREET_A,), agencies=("GAJ", "PCS1"))
OFFICE, STATION = Scope(DISTRICT, agencies=("JD-A",)), Scope(DISTRICT, agencies=("PCS1",))
SEEN = [
    ("site", OFFICE, "S1 S2"), ("subject", OFFICE, "P1"), ("list_check", OFFICE, "P1"), ("construction_site", OFFICE, "C1 C2 C3 C4"),
    ("site", STATION, ""), ("subject", STATION, ""), ("construction_site", STATION, ""), ("case", OFFICE, ""), ("lead", OFFICE, ""),
    ("site", ONLY_A, "S1 S2"), ("site", ONLY_B, "S3 S4 S5"), ("site", NEIGHBOURHOOD, "S2"), ("site", GRID, "S1"), ("site", POLICE, "S2 S4"),
    ("lead", ONLY_A, "L1 L4"), ("lead", ONLY_B, "L2 L3"), ("lead", POLICE, "L4"),
    ("case", ONLY_A, "A1 A2 A6 A7 A8"), ("case", ONLY_B, "A3 A4 A5"), ("case", POLICE, "A2 A5 A8"), ("case", BOTH, "A2 A8"),
    ("penalty", ONLY_A, "N3 N4"), ("penalty", ONLY_B, "N1 N2"), ("penalty", GRID, ""), ("penalty", NEIGHBOURHOOD, "N3 N4"), ("penalty", POLICE, "N4"),
    ("seizure", ONLY_A, "Z1 Z2 Z3 Z4 Z5"), ("seizure", ONLY_B, ""), ("seizure", NEIGHBOURHOOD, "Z1 Z2 Z3 Z4 Z5"), ("seizure", POLICE, ""),
    ("transfer", ONLY_A, "T3"), ("transfer", ONLY_B, "T1 T2"), ("transfer", POLICE, "T1 T3"),
    ("patrol_visit", GRID, "V11 V13 V15 V5"), ("patrol_visit", POLICE, "V8"), ("patrol_visit", ONLY_B, "V6 V7"),
    ("activity", ONLY_B, "X2 X5"), ("activity", POLICE, "X4 X5 X7"),
    ("activity_agency", ONLY_A, "X1-JD-A X4-CGJ X4-GAJ X4-WJS X7-GAJ"), ("activity_agency", ONLY_B, "X5-JD-B X5-PCS1"),
    ("activity_agency", POLICE, "X4-GAJ X5-PCS1 X7-GAJ"),
    ("meeting", ONLY_A, "M2"), ("meeting", ONLY_B, ""), ("meeting", POLICE, "M1 M2"),
    ("decision", ONLY_A, "D1"), ("decision", ONLY_B, "D2 D3"), ("decision", POLICE, "D1"),
    ("subject", ONLY_A, "P1"), ("subject", ONLY_B, "P2 P3"), ("subject", POLICE, "P2"),
    ("list_check", ONLY_A, "P1"), ("list_check", POLICE, "P2"),
    ("construction_site", ONLY_A, "C1 C2 C3 C4"), ("construction_site", ONLY_B, ""), ("construction_site", POLICE, ""),
    ("task_list", ONLY_A, "TL1"), ("task_list", POLICE, ""), ("task_target", ONLY_A, "1 2 3"), ("task_target", ONLY_B, ""),
    ("adverse_event", ONLY_A, "E1"), ("adverse_event", POLICE, ""),
    ("campaign", ONLY_B, "LD"), ("campaign", POLICE, "LD"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "scope", "expected"), SEEN, ids=lambda one: one if isinstance(one, str) else None)
def test_a_scope_sees_its_own_rows(databases, name, scope, expected):
    assert numbers(databases, name, scope) == expected.split()


@pytest.mark.parametrize("name", sorted(FACTS))
def test_the_whole_district_sees_all_of_its_rows_and_another_none(databases, name):
    known_rows = databases.frame(select(FACTS[name].c.row_id).where(known(FACTS[name], None)))
    assert len(numbers(databases, name, WHOLE)) == len(known_rows)
    assert numbers(databases, name, Scope("999999")) == []
    assert numbers(databases, name, Scope("999999", areas=(STREET_A,), agencies=("GAJ",))) == []


@pytest.mark.parametrize("name", sorted(FACTS))
def test_streets_never_share_a_row_that_is_not_reference_data(databases, name):
    if name not in REFERENCE:
        assert set(numbers(databases, name, ONLY_A)) & set(numbers(databases, name, ONLY_B)) == set()


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_scope_of_nobody_sees_nothing_but_reference_data(databases, name):
    for scope in (Scope(DISTRICT, areas=("nowhere",)), Scope(DISTRICT, agencies=("nobody",))):
        if name not in REFERENCE:
            assert numbers(databases, name, scope) == []


def test_batches_and_their_refused_rows_are_closed_to_a_narrow_scope(databases):
    for table in (import_batch, refused_row):
        assert databases.frame(select(table).where(within(table, ONLY_A))).empty


@pytest.mark.parametrize("code", ["G", "GA", "AJ", "%", "_", '"', "GAJ,PCS1", "' OR '1'='1"])
def test_part_of_an_agency_code_or_a_pattern_is_another_agency(databases, code):
    assert numbers(databases, "case", Scope(DISTRICT, agencies=(code,))) == []
    assert numbers(databases, "meeting", Scope(DISTRICT, agencies=(code,))) == []


def test_a_chinese_agency_code_is_found_in_a_list(database):
    rows = [town.row("case", 1, number="K", kind="unlicensed", agency_code="卫监", joint_agencies=["公安"], located="outside")]
    with database.write() as connection:
        connection.execute(FACTS["case"].insert(), rows)
    assert numbers(database, "case", Scope(DISTRICT, agencies=("公安",))) == ["K"]
    assert numbers(database, "case", Scope(DISTRICT, agencies=("公",))) == []


def test_what_was_known_is_reproduced(databases):
    visit = FACTS["patrol_visit"]

    def visits(known_at):
        asked = select(visit.c.visits).where(visit.c.number == "V1", known(visit, known_at))
        return databases.frame(asked)["visits"].tolist()

    recorded, corrected = (dt.datetime(2023, 7, day, 8, tzinfo=town.CHINA) for day in (7, 9))
    second = dt.timedelta(seconds=1)
    assert visits(recorded - second) == []
    assert visits(recorded) == [7]
    assert visits(corrected - second) == [7]
    assert visits(corrected) == [3]
    assert visits(None) == [3]


def test_the_parents_are_those_known_then(databases):
    event = FACTS["site_event"]
    before = dt.datetime(2020, 1, 1, tzinfo=town.CHINA)
    asked = select(event.c.number).where(within(event, ONLY_A, known_at=before))
    assert databases.frame(asked).empty


@pytest.mark.parametrize(("table", "column"), sorted(PERSONAL))
def test_no_personal_text_leaves_unmasked(databases, table, column):
    whole = FACTS.get(table, refused_row)
    open_scope = Scope(DISTRICT, personal=True)
    plain = databases.frame(select(*select_columns(whole, [column], open_scope)))[column]
    shown = databases.frame(select(*select_columns(whole, [column], WHOLE)))[column]
    assert len(plain) == len(shown)
    for was, is_ in zip(plain, shown, strict=True):
        if isinstance(was, str) and was:
            assert is_ != was
            assert "＊＊" in is_
            assert len(set(is_) - {"＊"}) <= 2


def test_masks_keep_just_enough_to_tell_rows_apart(databases):
    subject = FACTS["subject"]
    asked = select(*select_columns(subject, ["number", "name", "phone", "address", "phone_hash"], WHOLE)).order_by(subject.c.number)
    found = databases.frame(asked).astype(object).where(lambda frame: frame.notna(), None)
    assert found.values.tolist() == [
        ["P1", "示＊＊", "＊＊01", "＊＊", None], ["P2", "示＊＊", None, None, None], ["P3", "示＊＊", None, None, None],
    ]  # fmt: skip


def test_a_scope_that_may_sees_the_names(databases):
    subject = FACTS["subject"]
    asked = select(*select_columns(subject, ["name", "phone"], Scope(DISTRICT, personal=True))).where(subject.c.number == "P1")
    assert databases.frame(asked).values.tolist() == [["示例甲", "000-0000-0001"]]


def test_a_short_phone_is_not_shown_by_its_last_digits(database):
    rows = [town.row("subject", n, kind="person", located="outside", phone=phone) for n, phone in enumerate(["1234", "12345", ""])]
    with database.write() as connection:
        connection.execute(FACTS["subject"].insert(), rows)
    subject = FACTS["subject"]
    asked = select(*select_columns(subject, ["phone"], WHOLE)).order_by(subject.c.row_number)
    assert database.frame(asked)["phone"].tolist() == ["＊＊", "＊＊45", ""]


def test_true_coordinates_stay_where_exact_points_may_not_leave(databases):
    site = FACTS["site"]
    merged = Scope(DISTRICT, exact_points=False)
    found = databases.frame(select(*select_columns(site, ["lon", "lat", "grid_code"], merged)).where(true()))
    assert found[["lon", "lat"]].isna().all(axis=None)
    assert str(found["lon"].dtype) == "float64"
    assert "DJ-001" in set(found["grid_code"])


def test_clauses_work_on_an_alias(databases):
    other = FACTS["site_event"].alias()
    asked = select(*select_columns(other, ["number"], ONLY_A)).where(known(other, None), within(other, ONLY_A))
    assert len(databases.frame(asked)) == 7


def test_narrowing_twice_is_the_intersection(databases):
    table = FACTS["site"]
    asked = select(table.c.number).where(within(table, ONLY_A), within(table, Scope(DISTRICT, areas=(STREET_B,))))
    assert databases.frame(asked).empty


def numbers(database, name, scope):
    table = FACTS[name]
    found = database.frame(select(table.c.number).where(known(table, None), within(table, scope)))
    return sorted(found["number"].dropna())
