"""Papers from the command line: drafts from today's data, and of a meeting's snapshot with the confirmations that were recorded."""

from __future__ import annotations

import datetime as dt
import getpass
import os

import docx
import pytest
from sqlalchemy import select

import cli
from data_access.database import Database
from data_access.schema import audit_event, paper
from data_access.snapshots import take_snapshot
from rules.request import Actor
from tests.briefing.sample_facts import facts
from tests.town import CHINA, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=CHINA)


@pytest.fixture
def papers(monkeypatch, tmp_path, capsys):
    """Runs ``cli.py papers`` on a town with one snapshot of its meeting; gives the exit code, the words of the made minutes, and what was refused."""
    for name in [name for name in os.environ if name.startswith("ONEMAP_") and not name.startswith("ONEMAP_TEST_")]:
        monkeypatch.delenv(name)
    url = f"sqlite:///{tmp_path / 'town.sqlite'}"
    database = Database.open(url)
    build_town(database)
    frozen = facts(demo=False)
    frozen["meeting"]["id"] = "meeting-M1"
    take_snapshot(database, frozen, "meeting-M1", actor=Actor("a", "打非办", "district", WHOLE), now=NOW)
    for name, value in (("DATABASE_URL", url), ("NOW", "2023-07-31T10:46+08:00"), ("FOLDER", str(tmp_path / "var"))):
        monkeypatch.setenv(f"ONEMAP_{name}", value)

    def run(*options):
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        code = cli.main(["papers", "minutes", "-o", str(out), *options])
        made = list(out.glob("*.docx"))
        words = docx.Document(made[0]).sections[0].header.paragraphs[0].text if made else ""
        return code, words, capsys.readouterr().err

    yield run, database
    database.close()


def test_papers_of_a_snapshot_are_drafts_until_somebody_confirms_and_the_confirmation_is_kept(papers) -> None:
    run, database = papers
    of_snapshot = ("--meeting", "M1", "--snapshot", "1")
    assert "草稿" in run(*of_snapshot)[1]
    code, words, _ = run(*of_snapshot, "--confirm")
    assert code == 0
    assert "草稿" not in words
    assert "草稿" not in run(*of_snapshot)[1]  # it was recorded, not only said
    with database.read() as connection:
        rows = connection.execute(select(paper.c.snapshot_id, paper.c.confirmed_by, paper.c.file_name).order_by(paper.c.made_at, paper.c.id)).all()
        acts = connection.execute(select(audit_event.c.actor_name).where(audit_event.c.action == "confirm")).scalars().all()
    assert sum(row.confirmed_by == f"cli:{getpass.getuser()}" for row in rows) == 3  # the confirmation and two prints under it
    assert acts == [getpass.getuser()]


def test_nothing_is_confirmed_without_a_snapshot(papers) -> None:
    run, _ = papers
    for options, said in ((("--confirm",), "确认要写明会议和快照"), (("--meeting", "M1", "--snapshot", "7"), "没有第 7 号快照"), (("--snapshot", "1", "--confirm"), "没有第 1 号快照")):
        code, _, refused = run(*options)
        assert code == 1
        assert said in refused


def test_what_is_made_from_demo_data_is_never_confirmed(papers) -> None:
    run, database = papers
    frozen = facts(demo=True)
    frozen["meeting"]["id"] = "meeting-M1"
    take_snapshot(database, frozen, "meeting-M1", actor=Actor("a", "打非办", "district", WHOLE), now=NOW)
    code, words, refused = run("--meeting", "M1", "--snapshot", "2", "--confirm")
    assert (code, words) == (1, "")
    assert "演示数据" in refused
    with database.read() as connection:
        assert connection.execute(select(paper.c.id)).all() == []
        assert connection.execute(select(audit_event.c.id).where(audit_event.c.action == "confirm")).all() == []
    assert "演示数据" in run("--meeting", "M1", "--snapshot", "2")[1]


def test_a_red_head_without_a_confirmation_is_refused_not_left_out(papers) -> None:
    for option in ("--red-head", "--number"):
        code, words, refused = papers[0](option, "某办")
        assert (code, words) == (1, "")
        assert "红头和文号只用于已确认的真实数据" in refused


def test_a_name_alone_confirms_nothing(papers) -> None:
    assert papers[0]("--confirmed-by", "某人")[0] == 2
