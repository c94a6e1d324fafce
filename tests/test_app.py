"""The door of the server says in one sentence why it cannot serve, and ends with 1."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import text

import app
import dashboard.application
from data_access.database import Database
from tests.town import build_town

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An environment with a town to serve on a free port; tests spoil one thing of it."""
    monkeypatch.setenv("ONEMAP_DATABASE_URL", f"sqlite:///{tmp_path / 'town.sqlite'}")
    monkeypatch.setenv("ONEMAP_FOLDER", str(tmp_path))
    monkeypatch.setenv("ONEMAP_NOW", "2023-07-31T10:46+08:00")
    monkeypatch.setenv("ONEMAP_PORT", str(free_port()))
    monkeypatch.setattr(app, "_serve", lambda _server, _listening: 0)
    return monkeypatch


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def town(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'town.sqlite'}")
    build_town(database)
    return database


def sentence(capsys):
    """What stands on standard error: Chinese, and English below where it is known."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert 1 <= len(lines) <= 2, lines
    return lines[0]


def test_a_good_environment_is_served(environment, tmp_path, capsys):
    town(tmp_path).close()
    assert app.main() == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")


def test_a_taken_port_is_told(environment, tmp_path, capsys):
    town(tmp_path).close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment.setenv("ONEMAP_PORT", str(taken.getsockname()[1]))
        assert app.main() == 1
    assert "已被占用" in sentence(capsys)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_an_address_beyond_this_machine_is_refused(environment, tmp_path, capsys, host):
    town(tmp_path).close()
    environment.setenv("ONEMAP_HOST", host)
    assert app.main() == 1
    assert "127.0.0.1" in sentence(capsys)


def test_an_empty_database_is_told(environment, capsys):
    assert app.main() == 1
    assert "数据库是空的" in sentence(capsys)


def test_a_database_without_areas_is_told(environment, tmp_path, capsys):
    database = Database.open(f"sqlite:///{tmp_path / 'town.sqlite'}")
    database.migrate()
    database.close()
    assert app.main() == 1
    assert "还没有区域" in sentence(capsys)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("insert into setting (district_code, name, value, changed_at, changed_by) "
         "values ('*', 'unfinished', '{}', '2023-07-31', 'x')", "没有建完"),
        ("drop table seizure", "没有建完"),
        ("update onemap_revision set version_num = 'ffffffffffff'", "比程序新"),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_served_is_told(environment, tmp_path, capsys, spoil, told):
    database = town(tmp_path)
    with database.write() as connection:
        connection.execute(text(spoil))
    database.close()
    assert app.main() == 1
    assert told in sentence(capsys)


def test_a_missing_build_is_told(environment, tmp_path, capsys):
    town(tmp_path).close()
    environment.setattr(dashboard.application, "VENDOR", tmp_path / "nothing")
    assert app.main() == 1
    assert "make setup" in sentence(capsys)


def test_a_setting_that_cannot_be_used_is_told(environment, capsys):
    environment.setenv("ONEMAP_NOW", "tomorrow")
    assert app.main() == 1
    assert "ONEMAP_NOW" in sentence(capsys)


@pytest.mark.parametrize("server", ["waitress", "gunicorn"])
def test_both_servers_refuse_what_a_proxy_passed_on(tmp_path, server):
    if server == "gunicorn" and sys.platform == "win32":
        pytest.skip("gunicorn does not run on Windows")
    town(tmp_path).close()
    port = free_port()
    command = {
        "waitress": [sys.executable, "app.py"],
        "gunicorn": [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "2",
                     "--bind", f"127.0.0.1:{port}", "--no-control-socket", "app:server"],
    }[server]  # fmt: skip
    environment = {
        "PATH": "/usr/bin:/bin", "ONEMAP_DATABASE_URL": f"sqlite:///{tmp_path / 'town.sqlite'}",
        "ONEMAP_FOLDER": str(tmp_path), "ONEMAP_PORT": str(port), "ONEMAP_NOW": "2023-07-31T10:46+08:00",
    }  # fmt: skip
    log = tmp_path / "log"
    with log.open("w") as written:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=written)
        try:
            assert answer(port, {}, wait_s=90) == 200, log.read_text()
            for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"):
                assert answer(port, {name: "1.2.3.4"}) == 403, name
            assert answer(port, {"Host": "example.org"}) == 403
        finally:
            running.terminate()
            running.wait(20)


def answer(port, headers, wait_s=0.0):
    """The status of ``/healthz``; waits for a server that is only starting."""
    until = time.monotonic() + wait_s
    while True:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as found:
                return found.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
