"""A process reads what every question looks at before anybody asks, and again after the data changed."""

import threading
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from dashboard import readiness
from dashboard.readiness import Readiness
from data_access.database import DatabaseProblem
from data_access.versions import raise_versions
from tests.dashboard.conftest import NOW
from tests.town import WHOLE


@pytest.fixture
def made():
    return []


@pytest.fixture
def kept(context, made, monkeypatch):
    monkeypatch.setattr(readiness, "REST_S", 0.0)
    monkeypatch.setattr(readiness, "REST", 0)
    monkeypatch.setattr(readiness, "gc", SimpleNamespace(collect=lambda: 0, freeze=lambda: None, set_threshold=lambda *_: None))
    return Readiness(context, made.append)


def change(context, table="patrol_visit"):
    with context.database.write() as connection:
        raise_versions(connection, WHOLE.district, [table], NOW)


def test_it_reads_once_at_the_start_and_once_after_each_change(kept, context, made):
    assert [kept.look(), kept.look()] == [True, False]
    change(context)
    assert [kept.look(), kept.look()] == [True, False]
    change(context, "area")
    assert kept.look()
    assert len(made) == 3


def test_many_quick_writes_are_read_together(kept, context, made, monkeypatch):
    kept.look()
    change(context)
    monkeypatch.setattr(readiness, "REST_S", 60.0)
    assert kept.look()
    for _ in range(20):
        change(context)
        assert not kept.look()
    kept._rests_until = 0.0
    assert kept.look()
    assert len(made) == 3


def test_a_database_that_is_away_is_told_once_and_asked_again(kept, context, monkeypatch):
    stopped, looked = threading.Event(), []

    def away() -> bool:
        looked.append(1)
        if len(looked) == 3:
            stopped.set()
        raise DatabaseProblem("连不上数据库 {name}：请检查数据库服务是否启动、地址和口令是否正确。", name="secret-host")

    monkeypatch.setattr(kept, "look", away)
    monkeypatch.setattr(readiness, "LOOK_S", 0.0)
    with capture_logs() as told:
        kept.keep(server_of(context), stopped)
    assert len(looked) == 3
    assert [line["event"] for line in told] == ["not made ready"]
    assert "secret-host" not in str(told)


def server_of(context):
    """A server without a page: the thread needs its context alone."""
    from flask import Flask

    return Flask("ready")
