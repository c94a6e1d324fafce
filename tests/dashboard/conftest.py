"""The page over the small known town, asked over HTTP without a browser."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.door import demo_actor
from dashboard.question import Context
from data_access.database import Database
from rules.request import Scope
from tests.town import WHOLE, build_town

PERIODS = {"start": "2023-07-01", "end": "2023-07-31", "before_start": "2023-06-01", "before_end": "2023-06-30"}
"""What a meeting compares."""
NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's SQLite file; read only, copied by whoever writes."""
    file = tmp_path_factory.mktemp("town") / "town.sqlite"
    database = Database.open(f"sqlite:///{file}")
    build_town(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture
def town_database(request: pytest.FixtureRequest, town_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A town of one's own; where the test asks for ``meeting``, one whose meeting was opened."""
    own = tmp_path / "own.sqlite"
    source = request.getfixturevalue("opened_town")[0] if "meeting" in request.fixturenames else town_file
    own.write_bytes(source.read_bytes())
    database = Database.open(f"sqlite:///{own}")
    yield database
    database.close()


class Visitor:
    """Somebody in front of the page: loads it, presses, and reads what comes back."""

    def __init__(self, server: Flask, app: Any) -> None:
        self.client: FlaskClient = server.test_client()
        self.app = app

    def get(self, path: str, **options: Any) -> Any:
        return self._sendable(self.client.get(path, base_url="http://127.0.0.1:8050", buffered=True, **options))

    def post(self, path: str, **options: Any) -> Any:
        return self._sendable(self.client.post(path, base_url="http://127.0.0.1:8050", buffered=True, **options))

    @staticmethod
    def _sendable(answer: Any) -> Any:
        """The answer, whose headers a real server could send too (PEP 3333: Latin-1)."""
        for name, value in answer.headers:
            assert (name + value).encode("latin-1"), name
        return answer

    def callback(self, output: str, *values: Any) -> Any:
        """The answer of one callback as Dash's browser side would ask it; values in declared order."""
        return self.post("/_dash-update-component", json=self.body(output, *values))

    def body(self, output: str, *values: Any) -> dict[str, Any]:
        full = next(name for name in self.app.callback_map if output in name)
        known = self.app.callback_map[full]
        asked = [*known["inputs"], *known["state"]]
        filled = [{**one, "value": value} for one, value in zip(asked, values, strict=True)]
        names = full.removeprefix("..").removesuffix("..").split("...")
        outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
        return {
            "output": full,
            "outputs": outputs if full.startswith("..") else outputs[0],
            "inputs": filled[: len(known["inputs"])],
            "state": filled[len(known["inputs"]) :],
            "changedPropIds": [f"{one['id']}.{one['property']}" for one in known["inputs"][:1]],
        }

    def street(self, search: str) -> str:
        """Everything the left column's callback answers, as text."""
        return self.text(self.callback("street-column.children", search, None))

    def agency(self, search: str) -> str:
        return self.text(self.callback("agency-column.children", search, None))

    @staticmethod
    def text(response: Any) -> str:
        assert response.status_code == 200, response.get_data(as_text=True)[:500]
        return json.dumps(json.loads(response.data), ensure_ascii=False)


@pytest.fixture(scope="module")
def reader(town_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """One visitor for all tests of a file that only ask: what one of them asked stays answered for the others."""
    database, actor = Database.open(f"sqlite:///{town_file}"), demo_actor(WHOLE)
    app = create_app(Context(
        database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: actor, folder=tmp_path_factory.mktemp("reader"),
    ))  # fmt: skip
    yield Visitor(app.server, app)
    database.close()


@pytest.fixture
def context(town_database: Database, tmp_path: Path) -> Context:
    actor = demo_actor(WHOLE)
    return Context(
        database=town_database, answers=Answers("memory://"), clock=lambda: NOW,
        actor_of=lambda: actor, folder=tmp_path,
    )  # fmt: skip


@pytest.fixture
def visit(context: Context) -> Callable[..., Visitor]:
    """``visit(scope=..., **context_fields)``: an application for that person over the same town."""

    def come(scope: Scope = WHOLE, **changes: Any) -> Visitor:
        actor = demo_actor(scope)
        app = create_app(replace(context, actor_of=lambda: actor, **changes))
        return Visitor(app.server, app)

    return come


@pytest.fixture(scope="session")
def opened_town(town_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The town after its district's meeting was opened over HTTP: its file (read only), and the snapshot."""
    folder = tmp_path_factory.mktemp("opened")
    file, actor = folder / "town.sqlite", demo_actor(WHOLE)
    file.write_bytes(town_file.read_bytes())
    database = Database.open(f"sqlite:///{file}")
    app = create_app(Context(database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: actor, folder=folder))
    answer = Visitor(app.server, app).post("/meeting/open", json={"meeting": "meeting-M1", **PERIODS}, headers={"X-Onemap-Request": "1"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file, answer.json["snapshot"]


@pytest.fixture
def meeting(opened_town: tuple[Path, str], visitor: Visitor) -> tuple[Visitor, str]:
    """The district's office in front of its opened meeting, and the snapshot of it."""
    return visitor, opened_town[1]


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()
