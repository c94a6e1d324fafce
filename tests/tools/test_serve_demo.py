"""`make run` never shows a half-made demo, and the environment wins over its defaults."""

from __future__ import annotations

import socket
import sqlite3
import sys
from pathlib import Path

import pytest

from tools import serve_demo
from tools.speech import Stop

WHOLE = """
import os, sqlite3
path = os.environ["ONEMAP_DATABASE_URL"].removeprefix("sqlite:///")
connection = sqlite3.connect(path)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("CREATE TABLE area (code)")
connection.execute("INSERT INTO area VALUES ('990114001')")
connection.commit()
{ending}
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose ``cli.py demo`` writes a one-row database and ends well."""
    monkeypatch.setattr(serve_demo, "ROOT", tmp_path)
    monkeypatch.setattr(serve_demo, "VAR", tmp_path / "var")
    (tmp_path / "cli.py").write_text(WHOLE.format(ending="connection.close()"))
    return tmp_path


def build(url: str = serve_demo.DEFAULT_DATABASE) -> None:
    serve_demo.build_demo_if_absent(sys.executable, {"ONEMAP_DATABASE_URL": url})


def rows(path: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT code FROM area").fetchall()
    connection.close()
    return found


def test_the_demo_is_built_where_there_is_no_database(checkout: Path) -> None:
    build()
    assert rows(checkout / "var" / "onemap.sqlite") == [("990114001",)]
    assert [path.name for path in (checkout / "var").iterdir()] == ["onemap.sqlite"]


def test_a_database_that_exists_is_left_alone(checkout: Path) -> None:
    (checkout / "var").mkdir()
    (checkout / "var" / "onemap.sqlite").write_bytes(b"a district's own")
    build()
    assert (checkout / "var" / "onemap.sqlite").read_bytes() == b"a district's own"


def test_a_database_without_any_table_counts_as_none(checkout: Path) -> None:
    (checkout / "var").mkdir()
    connection = sqlite3.connect(checkout / "var" / "onemap.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    build()
    assert rows(checkout / "var" / "onemap.sqlite") == [("990114001",)]


def test_an_empty_postgresql_database_gets_the_demo_and_a_full_one_does_not(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    monkeypatch.setattr(
        serve_demo,
        "_run_demo",
        lambda _, environment: built.append(environment["ONEMAP_DATABASE_URL"]),
    )
    for word in ("empty", "ready", "half-made", "old", ""):
        monkeypatch.setattr(serve_demo, "_state", lambda *_, word=word: word)
        build(f"postgresql://onemap@localhost/{word}")
    assert built == ["postgresql://onemap@localhost/empty"]


def test_a_build_that_breaks_off_leaves_no_database_and_is_begun_again(checkout: Path) -> None:
    (checkout / "cli.py").write_text(WHOLE.format(ending="os._exit(3)"))
    with pytest.raises(Stop):
        build()
    assert not (checkout / "var" / "onemap.sqlite").exists()
    (checkout / "cli.py").write_text(WHOLE.format(ending="connection.close()"))
    build()
    assert rows(checkout / "var" / "onemap.sqlite") == [("990114001",)]


def test_rows_still_in_the_write_ahead_log_are_kept(checkout: Path) -> None:
    (checkout / "cli.py").write_text(WHOLE.format(ending="os._exit(0)"))
    build()
    assert rows(checkout / "var" / "onemap.sqlite") == [("990114001",)]


def test_a_database_named_by_the_environment_is_used(checkout: Path) -> None:
    build(f"sqlite:///{checkout}/elsewhere/mine.sqlite")
    assert rows(checkout / "elsewhere" / "mine.sqlite") == [("990114001",)]
    assert not (checkout / "var" / "onemap.sqlite").exists()


def test_the_environment_wins_over_the_demo_clock() -> None:
    assert serve_demo.serving_environment({})["ONEMAP_NOW"] == "2023-07-31T10:46+08:00"
    named = serve_demo.serving_environment({"ONEMAP_NOW": "2024-01-01T08:00+08:00"})
    assert named["ONEMAP_NOW"] == "2024-01-01T08:00+08:00"


def test_an_empty_variable_counts_as_not_set() -> None:
    named = serve_demo.serving_environment({"ONEMAP_DATABASE_URL": "", "ONEMAP_PORT": ""})
    assert named["ONEMAP_DATABASE_URL"] == serve_demo.DEFAULT_DATABASE
    assert "ONEMAP_PORT" not in named


def test_a_postgresql_address_is_no_file() -> None:
    assert serve_demo.sqlite_file("postgresql://onemap@/onemap") is None


def test_a_taken_port_gets_one_sentence_that_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as stop:
            serve_demo.check_port("127.0.0.1", str(port))
    text = str(stop.value)
    assert "\n" not in text
    assert str(port) in text
    assert "ONEMAP_PORT=" in text


def test_a_free_port_is_accepted() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    serve_demo.check_port("127.0.0.1", str(port))


@pytest.mark.parametrize("port", ["eighty", "70000", ""])
def test_what_is_no_port_is_said_to_be_none(port: str) -> None:
    with pytest.raises(Stop, match="ONEMAP_PORT="):
        serve_demo.check_port("127.0.0.1", port)


def test_a_missing_build_gets_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="make setup"):
        serve_demo.check_build(tmp_path / "vendor")
