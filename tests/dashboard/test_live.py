"""Every open screen is told, in a few bytes, whether anything it shows may have changed."""

import datetime as dt
from dataclasses import replace

from dashboard import live
from data_access.database import DatabaseProblem
from data_access.versions import raise_versions
from tests.dashboard.conftest import NOW
from tests.town import WHOLE


def change(database, table: str) -> None:
    with database.write() as connection:
        raise_versions(connection, WHOLE.district, [table], NOW)


def test_the_answer_is_small_and_carries_the_clock(visitor):
    answer = visitor.get("/revision")
    assert answer.status_code == 200
    assert len(answer.data) <= 200
    assert answer.headers["X-Onemap-Now"] == NOW.isoformat(timespec="seconds")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_screen_that_is_current_gets_nothing(visitor):
    tag = visitor.get("/revision").headers["ETag"]
    again = visitor.get("/revision", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert "X-Onemap-Now" in again.headers


def test_a_change_of_any_register_changes_the_revision(visitor, context, monkeypatch):
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)
    seen = [visitor.get("/revision").data]
    for table in ("patrol_visit", "case", "site", "area", "setting", "import_batch"):
        change(context.database, table)
        seen.append(visitor.get("/revision").data)
    assert len(set(seen)) == len(seen)


def test_midnight_changes_the_revision(context):
    day = dt.timedelta(days=1)
    today = live.Pulse(context).revision(WHOLE.district)
    tomorrow = live.Pulse(replace(context, clock=lambda: NOW + day)).revision(WHOLE.district)
    assert today != tomorrow


def test_many_screens_cost_one_read_a_second(context, monkeypatch):
    reads = []
    read = live.revision
    monkeypatch.setattr(live, "revision", lambda *asked: reads.append(asked) or read(*asked))
    pulse = live.Pulse(context)
    assert len({pulse.revision(WHOLE.district) for _ in range(100)}) == 1
    assert len(reads) == 1


def test_while_the_database_is_away_the_answer_is_503_without_the_reason(visitor, monkeypatch):
    def away(*_asked: object) -> str:
        raise DatabaseProblem("连不上数据库 {name}：请检查数据库服务是否启动、地址和口令是否正确。", name="secret-host")

    monkeypatch.setattr(live, "revision", away)
    answer = visitor.get("/revision")
    assert answer.status_code == 503
    assert b"secret" not in answer.data


def test_the_page_carries_the_revision_it_was_made_from(visitor):
    shown = visitor.text(visitor.callback("page.children", "/wall", ""))
    assert f'"data-revision": "{visitor.get("/revision").get_data(as_text=True)}"' in shown
