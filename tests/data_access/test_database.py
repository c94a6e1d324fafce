"""A database opens by its URL alone, says how far it is, and gives the same frames from both kinds."""

import datetime as dt
import sqlite3
import threading

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select, text

from data_access.database import UNFINISHED, Database, DatabaseProblem
from data_access.district_settings import (
    district_setting,
    drop_setting,
    keep_setting,
    put_setting,
    setting_on,
)
from data_access.migrations import upgrade
from data_access.schema import area, audit_event, data_version, patrol_visit, penalty, site
from data_access.versions import raise_versions, revision, versions
from rules.request import Actor, Scope
from tests import town

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=town.CHINA)
ACTOR = Actor("a", "某人", "operator", town.WHOLE)


def test_a_database_that_is_not_there_is_empty(fresh_url):
    database = Database.open(fresh_url("sqlite"))
    assert database.state().word == "empty"
    assert not database.path.exists()
    assert not database.exists()


def test_an_empty_server_database_is_empty_though_others_have_tables_there(fresh_url):
    database = Database.open(fresh_url("postgresql"))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id int)"))
    assert database.state().word == "empty"
    database.close()


def test_a_migrated_database_is_ready_and_migrating_again_changes_nothing(database):
    assert database.state().is_ready
    database.migrate()
    assert database.state().is_ready


def test_a_database_that_lost_a_table_is_half_made(database):
    with database.write() as connection:
        connection.execute(text('DROP TABLE "seizure"'))
    assert database.state().word == "half-made"


def test_a_database_that_is_being_filled_is_half_made(database):
    with database.write() as connection:
        put_setting(connection, "*", UNFINISHED, {"what": "demo"}, changed_by="cli", now=NOW)
    assert database.state().word == "half-made"
    with database.write() as connection:
        drop_setting(connection, "*", UNFINISHED)
    assert database.state().is_ready


@pytest.mark.parametrize(("revision_there", "word"), [("9999", "newer")])
def test_a_database_of_a_later_program_is_not_touched(database, revision_there, word):
    with database.write() as connection:
        connection.execute(text("UPDATE onemap_revision SET version_num = :r"), {"r": revision_there})
    assert database.state().word == word
    with pytest.raises(DatabaseProblem):
        database.migrate()


def test_a_database_of_the_first_release_is_old_until_it_is_migrated_and_keeps_its_rows(tmp_path):
    old = Database.open(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with old.write() as connection:
        upgrade(connection, "0001")
        connection.execute(text(
            "INSERT INTO decision (district_code, row_id, id, source_code, batch_id, content_hash, recorded_at, text, day, state, located)"
            " VALUES ('990114', 'r1', 'd1', 's', 'b', 'h', '2023-07-01 00:00:00', '核查出租房', '2023-07-01', 'open', 'area')"))
    assert old.state().word == "old"
    old.migrate()
    assert old.state().is_ready
    with old.read() as connection:
        assert connection.execute(text("SELECT text, done_when FROM decision")).all() == [("核查出租房", None)]


@pytest.mark.parametrize(
    "url",
    ["", "mysql://a@b/c", "onemap.sqlite", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://a@b/c", "redis://x"],
)
def test_an_address_of_something_else_is_refused(url):
    with pytest.raises(DatabaseProblem):
        Database.open(url)


def test_a_refused_address_does_not_show_its_password():
    with pytest.raises(DatabaseProblem) as refused:
        Database.open("mysql://user:geheim@host/name")
    assert "geheim" not in str(refused.value)
    assert "geheim" not in Database.open("postgresql://user:geheim@host/name").name


def test_several_hosts_reach_the_driver_in_both_forms():
    libpq = Database.open("postgresql://u:p@a:5432,b/name?target_session_attrs=read-write")
    query = Database.open("postgresql://u:p@/name?host=a,b&port=5432,5432&target_session_attrs=read-write")
    for database in (libpq, query):
        _, arguments = database.engine.dialect.create_connect_args(database.engine.url)
        assert arguments["host"].split(",") == ["a", "b"]
        assert str(arguments["port"]).split(",") == ["5432", "5432"]
        assert arguments["target_session_attrs"] == "read-write"
        assert arguments["dbname"] == "name"


def test_a_server_that_is_away_gets_one_sentence():
    with pytest.raises(DatabaseProblem, match="连不上"):
        Database.open("postgresql://u:geheim@127.0.0.1:1/name").state()


def test_a_file_that_is_no_database_gets_one_sentence(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"\x89PNG" * 4000)
    with pytest.raises(DatabaseProblem, match="不是数据库文件"):
        Database.open(f"sqlite:///{tmp_path / 'x.sqlite'}").state()


def test_a_damaged_file_gets_one_sentence(sqlite_database):
    path = sqlite_database.path
    sqlite_database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x00" * (len(whole) - 4096))
    with pytest.raises(DatabaseProblem, match="损坏"):
        Database.open(f"sqlite:///{path}").state()


def test_tables_that_went_away_are_told(database):
    database.erase()
    with pytest.raises(DatabaseProblem, match="没有需要的表"):
        versions(database, town.DISTRICT)


def test_a_table_of_somebody_else_under_our_name_is_left_alone(fresh_url):
    for dialect in ("sqlite", "postgresql"):
        database = Database.open(fresh_url(dialect))
        with database.write() as connection:
            connection.execute(text('CREATE TABLE "user" (id int)'))
        assert database.state().word == "half-made"
        with pytest.raises(DatabaseProblem):
            database.migrate()
        database.close()


def test_a_server_where_postgis_may_not_be_made_is_told_so(fresh_url):
    url = fresh_url("postgresql")
    owner = Database.open(url)
    with owner.write() as connection:
        connection.execute(text("CREATE ROLE nobody_special LOGIN"))
    database = Database.open(url.replace("onemap@", "nobody_special@"))
    with pytest.raises(DatabaseProblem, match="授权"):
        database.migrate()
    with owner.write() as connection:
        connection.execute(text("GRANT CREATE ON SCHEMA public TO nobody_special"))
    with pytest.raises(DatabaseProblem, match="PostGIS"):
        database.migrate()
    for one in (owner, database):
        one.close()


def test_a_mistake_of_ours_is_not_called_a_server_that_is_away(migrated):
    database = migrated("postgresql")
    with pytest.raises(Exception, match="no_such_column") as raised:
        database.frame(text("SELECT no_such_column"))
    assert not isinstance(raised.value, DatabaseProblem)


def test_the_folder_of_a_new_file_is_made(tmp_path):
    Database.open(f"sqlite:///{tmp_path / 'deep' / 'down' / 'x.sqlite'}").migrate()
    assert (tmp_path / "deep" / "down" / "x.sqlite").exists()


def test_sqlite_writes_ahead_and_waits_for_another_writer(sqlite_database):
    with sqlite_database.read() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "busy_timeout", "foreign_keys")}
    assert asked == {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1}


def test_a_failed_write_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        put_setting(connection, town.DISTRICT, "x", 1, changed_by="a", now=NOW) or 1 / 0
    assert district_setting(database, town.DISTRICT, "x") is None


def test_a_snapshot_sees_one_moment_while_others_write(database):
    with database.snapshot():
        before = versions(database, town.DISTRICT)

        def write():
            with database.write() as connection:
                raise_versions(connection, town.DISTRICT, ["site"], NOW)

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert versions(database, town.DISTRICT) == before
    assert versions(database, town.DISTRICT)["site"] == 1


def test_reading_cannot_write_on_the_server(migrated):
    database = migrated("postgresql")
    with pytest.raises(Exception, match="read-only"), database.read() as connection:
        connection.execute(data_version.delete())
    database.close()


def test_two_writers_wait_for_each_other(sqlite_database):
    def count():
        for _ in range(20):
            with sqlite_database.write() as connection:
                raise_versions(connection, town.DISTRICT, ["site"], NOW)

    writers = [threading.Thread(target=count) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert versions(sqlite_database, town.DISTRICT)["site"] == 80


def test_a_file_that_stays_locked_gets_one_sentence(sqlite_database):
    held = sqlite3.connect(sqlite_database.path, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    sqlite_database.close()
    try:
        with sqlite_database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            connection.rollback()
        with pytest.raises(DatabaseProblem, match="另一个程序"), sqlite_database.write():
            pass
    finally:
        held.close()


def test_frames_have_the_same_types_on_both_databases_and_when_empty(databases):
    columns = [
        area.c.code, area.c.name_en, area.c.valid_from, area.c.valid_to, area.c.geometry, area.c.priority,
        area.c.label_lon, area.c.aliases, area.c.recorded_at, area.c.row_number, area.c.superseded_at,
    ]  # fmt: skip
    for asked in (select(*columns), select(*columns).where(area.c.code == "none")):
        frame = databases.frame(asked)
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
            "code": "str", "name_en": "str", "valid_from": "datetime64[s]", "valid_to": "datetime64[s]", "geometry": "object",
            "priority": "boolean", "label_lon": "float64", "aliases": "object", "recorded_at": "datetime64[us, UTC]",
            "row_number": "int64", "superseded_at": "datetime64[us, UTC]",
        }  # fmt: skip
    assert list(frame.columns) == [column.name for column in columns]


def test_a_frame_holds_what_was_written(databases):
    frame = databases.frame(select(area).where(area.c.code == "DJ-030"))
    row = frame.iloc[0]
    assert row["valid_from"] == pd.Timestamp("2020-01-01")
    assert row["valid_to"] == pd.Timestamp("2022-12-31")
    assert row["recorded_at"] == pd.Timestamp("2021-01-01T08:00+08:00")
    assert shapely.equals(row["geometry"], shapely.box(121.0, 31.01, 121.02, 31.02))
    assert shapely.get_srid(row["geometry"]) == 0
    assert row["aliases"] == []
    assert pd.isna(row["superseded_at"])


def test_missing_integers_stay_missing_and_sums_are_numbers(databases):
    officers = databases.frame(select(patrol_visit.c.officers))["officers"]
    assert officers.isna().all()
    assert str(officers.dtype) == "Int64"
    visits = databases.frame(select(func.sum(patrol_visit.c.visits).label("n")))["n"]
    assert visits.dtype == np.int64
    fines = databases.frame(select(func.sum(penalty.c.fine_yuan).label("yuan")))["yuan"]
    assert fines.tolist() == [79999.0]


def test_a_frame_of_raw_sql_is_left_to_pandas(databases):
    assert databases.frame(text("SELECT 1 AS one, 'a' AS letter")).to_dict("records") == [{"one": 1, "letter": "a"}]


def test_two_columns_of_one_name_both_stay(databases):
    joined = site.join(area, area.c.code == "DJ-001")
    frame = databases.frame(select(site.c.id, area.c.id).select_from(joined).where(site.c.id == "site-S1"))
    assert list(frame.columns) == ["id", "id_1"]
    assert frame.iloc[0].tolist() == ["site-S1", "area-DJ-001"]


def test_versions_count_changes_by_group(database):
    assert set(versions(database, town.DISTRICT).values()) == {0}
    with database.write() as connection:
        raise_versions(connection, town.DISTRICT, ["case", "penalty", "patrol_visit"], NOW)
    with database.write() as connection:
        raise_versions(connection, town.DISTRICT, ["case_event"], NOW)
    found = versions(database, town.DISTRICT)
    assert (found["case"], found["visit"], found["site"]) == (2, 1, 0)
    assert set(versions(database, "another").values()) == {0}


def test_the_revision_changes_with_data_day_and_district(database):
    before = revision(database, town.DISTRICT, town.TODAY)
    assert revision(database, town.DISTRICT, town.TODAY) == before
    assert revision(database, town.DISTRICT, town.TODAY + dt.timedelta(days=1)) != before
    assert revision(database, "another", town.TODAY) != before
    with database.write() as connection:
        raise_versions(connection, town.DISTRICT, ["site"], NOW)
    assert revision(database, town.DISTRICT, town.TODAY) != before


def test_a_setting_is_kept_counted_and_audited(database):
    with database.write() as connection:
        keep_setting(connection, "target", {"coverage": 0.9}, actor=ACTOR, now=NOW)
        keep_setting(connection, "target", {"coverage": 0.8}, actor=ACTOR, now=NOW)
        assert setting_on(connection, town.DISTRICT, "target") == {"coverage": 0.8}
    assert district_setting(database, town.DISTRICT, "target") == {"coverage": 0.8}
    assert district_setting(database, "another", "target", 1) == 1
    assert versions(database, town.DISTRICT)["setting"] == 2
    rows = database.frame(select(audit_event))
    assert rows["action"].tolist() == ["setting", "setting"]
    assert rows["at"].tolist() == [pd.Timestamp(NOW)] * 2
    assert rows["scope"].tolist() == [{"district": town.DISTRICT, "areas": [], "agencies": [], "personal": False, "exact_points": True}] * 2


def test_the_scope_of_whoever_acts_is_written_down(database):
    with database.write() as connection:
        keep_setting(connection, "x", 1, actor=Actor("b", "某街", "street", Scope(town.DISTRICT, areas=("A",))), now=NOW)
    assert database.frame(select(audit_event))["scope"].iloc[0]["areas"] == ["A"]
