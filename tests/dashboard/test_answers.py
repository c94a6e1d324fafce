"""An answer is computed once a data version, kept apart by whoever may see it, and never blocks."""

import threading

import pandas as pd
import pytest
from flask import Flask

from dashboard.answers import Answers
from dashboard.question import Ask
from dashboard.view_state import ViewState
from rules.request import Scope
from tests.town import JULY, ONLY_A, ONLY_B, WHOLE


def started(url="memory://", seconds=600):
    answers = Answers(url, seconds)
    answers.start(Flask(__name__))
    return answers


def test_the_same_key_is_computed_once():
    answers, calls = started(), []
    assert [answers.get("k", lambda: calls.append(1) or 7) for _ in range(3)] == [7, 7, 7]
    assert len(calls) == 1


def test_an_answer_of_nothing_is_kept_too():
    answers, calls = started(), []
    assert [answers.get("k", lambda: calls.append(1)) for _ in range(2)] == [None, None]
    assert len(calls) == 1


def test_two_who_ask_at_once_compute_once():
    answers, calls, gate = started(), [], threading.Event()

    def slow():
        calls.append(1)
        gate.wait(5)
        return "done"

    found = []
    people = [threading.Thread(target=lambda: found.append(answers.get("k", slow))) for _ in range(5)]
    for person in people:
        person.start()
    gate.set()
    for person in people:
        person.join(5)
    assert found == ["done"] * 5
    assert len(calls) == 1


def test_a_kept_frame_comes_back_equal():
    answers, frame = started(), pd.DataFrame({"a": [1, 2], "b": ["甲", None]})
    answers.get("k", lambda: frame)
    pd.testing.assert_frame_equal(answers.get("k", lambda: None), frame)


def test_a_redis_that_is_away_costs_the_cache_and_not_the_answer():
    answers = started("redis://127.0.0.1:1/0")
    assert answers.get("k", lambda: 7) == 7
    assert answers.is_there() is False


def test_without_keeping_everything_is_computed():
    answers, calls = started(seconds=0), []
    for _ in range(2):
        answers.get("k", lambda: calls.append(1) or 7)
    assert len(calls) == 2
    assert answers.is_there() is True


def test_an_unknown_cache_address_is_refused():
    with pytest.raises(ValueError, match="memory://"):
        started("mongodb://x")


def asked(context, scope=WHOLE, filters=JULY):
    from dashboard.door import demo_actor
    from tests.dashboard.conftest import NOW

    return Ask(context, filters, ViewState(), demo_actor(scope), NOW)


def who_asks(_database, filters, scope, note=""):
    """Answers with everything that the key must hold."""
    return (filters.to_json(), scope.to_json(), note)


def test_whoever_asks_gets_the_answer_to_their_own_question(context):
    context.answers.start(Flask(__name__))
    questions = [
        (scope, filters, note)
        for scope in (WHOLE, ONLY_A, ONLY_B, Scope(WHOLE.district, personal=True), Scope(WHOLE.district, exact_points=False))
        for filters in (JULY, JULY.with_(area="A1"), JULY.with_(cycle_days=14), JULY.with_(category="dental"))
        for note in ("", "x")
    ]
    for _ in range(2):
        for scope, filters, note in questions:
            assert asked(context, scope, filters).get(who_asks, note) == (filters.to_json(), scope.to_json(), note)


def test_names_are_said_in_the_readers_language(context):
    context.answers.start(Flask(__name__))
    ask = asked(context)
    english = Ask(context, JULY, ViewState(lang="en"), ask.actor, ask.now)
    assert (ask.name("990199001"), english.name("990199001")) == ("东街道", "East Subdistrict")
    assert ask.name("nowhere") == "nowhere"
    assert ask.name(None) == ""
    assert ask.words("risk", "high") == "高风险"


def which_file(database, _filters, _scope):
    """Answers with what only this database can say."""
    return str(database.path)


def test_two_databases_that_share_a_cache_never_share_an_answer(context, tmp_path):
    """Of one district, with equal counters; even where one is a plain copy of the other's file."""
    from dataclasses import replace

    from data_access.database import Database
    from data_access.identity import identity

    context.answers.start(Flask(__name__))
    asked(context).get(which_file)
    first, drawn = identity(context.database, asked(context).now), []
    with context.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = tmp_path / "copied.sqlite"
    copied.write_bytes(context.database.path.read_bytes())
    other = replace(context, database=Database.open(f"sqlite:///{copied}"))
    try:
        assert asked(other).versions == asked(context).versions
        for _ in range(2):
            assert asked(context).get(which_file) == str(context.database.path)
            assert asked(other).get(which_file) == str(copied)
        for one in (context, other, context):
            drawn.append(asked(one).drawing("it", lambda one=one: [str(one.database.path)]))
        assert drawn == [[str(context.database.path)], [str(copied)], [str(context.database.path)]]
        context.database.kept.clear()
        assert identity(context.database, asked(context).now) == first != identity(other.database, asked(other).now)
    finally:
        other.database.close()
