"""Everything the server answers, asked by a street, by an agency and by the district: nobody sees a row of elsewhere."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from briefing.documents import papers
from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.door import demo_actor
from dashboard.panels import TABS
from dashboard.question import Context
from dashboard.views import views
from data_access.database import Database
from data_access.row_sets import ROW_SETS
from data_access.rulebooks import adopt
from data_access.schema import FACTS, data_version, snapshot
from data_access.tiles import tiles_version
from layers import layers
from rules.request import Actor, Scope
from rules.rulebook import shipped
from tests.dashboard.conftest import NOW, Visitor
from tests.dashboard.marked_town import MARK, marked_rows, marks_in, of_elsewhere
from tests.town import DISTRICT, JULY, ONLY_A, ONLY_B, POLICE, STREET_A, STREET_B, WHOLE

OURS = {"X-Onemap-Request": "1"}
SCOPES = {"a street": ONLY_A, "an agency": POLICE, "the other street": ONLY_B, "a neighbourhood": Scope(DISTRICT, areas=("A2",))}
FIRST = ("a street",)
"""Who every run asks as; the others take their minutes in the long run."""
EACH = [pytest.param(name, marks=() if name in FIRST else pytest.mark.long) for name in SCOPES]
STRANGERS = [pytest.param(name, marks=() if name == FIRST[0] else pytest.mark.long) for name in SCOPES]
SAYS_NOTHING = ("/_dash-component-suites/", "/assets/", "/_favicon", "/_reload-hash", "/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/<path:path>")
"""Routes that answer the same bytes to everybody, and those that the callbacks and the pages below go through."""
PERIODS = {"start": "2023-07-01", "end": "2023-07-31", "before_start": "2023-06-01", "before_end": "2023-06-30"}
DAY = "2023-07-31T10:40:00+08:00"
PEOPLES_ROWS = ("visits", "leads", "cases", "sites", "people", "decisions", "meetings", "grids")
"""Row sets that the drawer opens; each of all row sets is handed out as a file below."""


@dataclass
class Things:
    """The ids that addresses and bodies may name, by kind; each exists somewhere in the town."""

    database: Database
    ids: dict[str, list[str]] = field(default_factory=dict)

    def of(self, table: str) -> list[str]:
        if table not in self.ids:
            source = FACTS.get(table, snapshot)
            self.ids[table] = sorted(set(self.database.frame(select(source.c.id))["id"]))
        return self.ids[table]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[tuple[Context, Things]]:
    """The marked town behind one shared cache, with every rule adopted and three meetings opened."""
    folder = tmp_path_factory.mktemp("marked")
    database = Database.open(f"sqlite:///{folder / 'town.sqlite'}")
    database.migrate()
    with database.write() as connection:
        for table, rows in marked_rows().items():
            names = set().union(*rows)
            connection.execute(FACTS[table].insert(), [{name: row.get(name) for name in names} for row in rows])
        groups = sorted({"area", "agency", "site", "lead", "case", "transfer", "construction", "visit", "task", "activity", "campaign", "meeting", "adverse", "setting", "source"})
        connection.execute(data_version.insert(), [{"district_code": DISTRICT, "group": one, "counter": 1, "changed_at": NOW} for one in groups])
    adopt(database, list(shipped()), adopter="示例", document="示例", valid_from=JULY.start.replace(month=1), actor=Actor("dfb", "打非办", "district", WHOLE), now=NOW)
    context = Context(database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: demo_actor(WHOLE), folder=folder)
    things, district = Things(database), _visitor(context, WHOLE)
    for meeting in things.of("meeting"):
        district.post("/meeting/open", json={"meeting": meeting, **PERIODS}, headers=OURS)
    assert len(things.of("snapshot")) >= 3
    yield context, things
    database.close()


def _visitor(context: Context, scope: Scope) -> Visitor:
    actor = demo_actor(scope)
    app = create_app(replace(context, actor_of=lambda: actor))
    return Visitor(app.server, app)


def searches(things: Things) -> list[str]:
    """Questions of the page, each about something that lies with somebody."""
    kinds = (("site", "site"), ("case", "case"), ("construction", "construction_site"), ("lead", "lead"), ("subject", "subject"))
    selected = [f"{kind}:{one}" for kind, table in kinds for one in (things.of(table)[0], things.of(table)[2])]  # one of each street
    return ["", f"?area={STREET_A}", f"?area={STREET_B}", "?area=XZ-001&select=grid:XZ-001", "?agency=GAJ", *(f"?select={one}" for one in selected)]


def addresses(rule: str, things: Things, version: str) -> list[str]:
    """Every address of a route that gives something back; a route that nobody described here fails."""
    places = ["", f"?area={STREET_A}", f"?area={STREET_B}", "?agency=GAJ"]
    known: dict[str, list[str]] = {
        "<decision>": things.of("decision"), "<visit_id>": things.of("patrol_visit"), "<photo_id>": ["no-photo"], "<name>": [*(name for name in ROW_SETS if not name.startswith("K") or name in {"K1", "K12", "K15", "K28"}), "figures"], "<form>": ["csv"], "<version>": [version], "<z>": ["12"], "<x>": ["3424"], "<y>": ["1674"],
        "<layer>": list(layers()), "<level>": ["street", "grid"], "<token>": ["0" * 32], "<meeting>": things.of("meeting"), "<snapshot>": things.of("snapshot"), "<rule_id>": ["visit.grid", "clock.case"],
    }  # fmt: skip
    asked = {
        "/": places, "/map/table/<layer>": ["", f"?area={STREET_B}"], "/map/points": places, "/map/places": places,
        "/worklist/list.xlsx": ["?horizon=7&reference=1", f"?area={STREET_B}"], "/worklist/map.html": [f"?area={STREET_B}", "?horizon=7&reference=1"], "/record/areas": ["", f"?area={STREET_B}"],
        "/record/target": [f"?target={kind}:{one}" for kind in ("site", "lead", "subject", "case", "construction") for one in things.of({"construction": "construction_site"}.get(kind, kind))] + ["?target=grid:XZ-001"],
    }  # fmt: skip
    if rule == "/import/template/<kind>":
        return ["/import/template/visits"]
    if rule == "/meeting/paper/<snapshot>/<meeting>/<kind>":
        return [f"/meeting/paper/{held}/{met}/{one.kind}" for held, met in _opened(things) for one in papers()]
    found = [rule]
    for name in re.findall(r"<\w+>", rule):
        assert name in known, f"{rule}: say in this test what {name} may be"
        found = [one.replace(name, quote(value)) for one in found for value in known[name]]
    return [one + query for one in found for query in asked.get(rule, [""])]


def bodies(rule: str, things: Things) -> list[tuple[str, dict[str, Any]]]:
    """(address, body) of everything that a route which writes may be told; a new route fails until it is described."""
    sites, leads, visits, decisions, meetings = (things.of(name) for name in ("site", "lead", "patrol_visit", "decision", "meeting"))
    due = {"text": "核查", "done_when": "查完", "owner": "GAJ", "due_on": "2023-08-07", "kind": "decision"}
    batches = [("batch", "batch-town")]
    told: dict[str, list[dict[str, Any]]] = {
        "/visits": [_visit(kind, one) for kind, listed in (("site", sites), ("lead", leads), ("grid", ["XZ-001"])) for one in listed],
        "/visits/<visit_id>/edit": [{"visits": 2, "reason": "改"}], "/visits/<visit_id>/undo": [{"reason": "改"}],
        "/import/preview": [{}], "/import/take": [{"token": "0" * 32, "hash": ""}], "/import/undo": [dict(batches)],
        "/meeting/new": [{"day": "2023-07-31", "level": "street", "name": "会", "convener": "JD-B", "street": STREET_B}],
        "/meeting/open": [{"meeting": one, **PERIODS} for one in meetings], "/meeting/attend": [{"meeting": one, "present": ["GAJ"]} for one in meetings],
        "/meeting/decide": [{"meeting": one, **due, "grids": ["XZ-001"]} for one in meetings],
        "/meeting/answer": [{"id": one, "feedback": "好"} for one in decisions], "/meeting/close": [{"id": one} for one in decisions], "/meeting/undo": [dict(batches)],
        "/meeting/change": [{"id": one, **due} for one in decisions], "/meeting/papers/confirm": [{"snapshot": held, "meeting": one, "kind": "notice", "digest": ""} for held, one in _opened(things)],
        "/meeting/papers/withdraw": [{"snapshot": held, "meeting": one, "id": "nobody"} for held, one in _opened(things)],
        "/meeting/packs": [{"snapshot": held, "meeting": one} for held, one in _opened(things)], "/meeting/packs/<token>/stop": [{}],
        "/entries/score": [{"street": STREET_B, "item": "R2.4", "day": "2023-07-20", "points": -1, "document": "甲", "note": "乙"}], "/entries/score/undo": [dict(batches)],
        "/entries/report": [{"rule": "report.monthly", "target": STREET_B, "day": "2023-07-20", "document": "甲"}], "/entries/report/undo": [dict(batches)],
        "/rules/effect": [{"rule": "visit.grid", "changes": {"amount": 10}}], "/rules/change": [{"rule": "visit.grid", "changes": {"amount": 10}, "valid_from": "2023-08-01", "reason": "改"}],
        "/rules/adopt": [{"rules": ["visit.grid"], "adopter": "甲", "document": "乙", "valid_from": "2023-08-01"}], "/rules/end": [{"rule": "visit.grid", "last_day": "2023-12-31"}],
        "/rules/days": [{"day": "2027-01-04", "working": True, "name": "补班"}], "/rules/undo": [dict(batches)],
        "/street/handover": [{"rule_id": "visit.grid", "target_kind": "grid", "target_id": one, "action": "reassign", "to": "neighbourhood:A1", "reason": "转给村居"} for one in ("XZ-001", "DJ-003")],
        "/street/lead": [{"lead": one, "step": step, "batch": "batch-town"} for one in leads for step in ("contacted", "answered", "undo")],
        "/street/assign": [{"grid": one, "reach": "neighbourhood", "to": "neighbourhood:A1"} for one in ("XZ-001", "DJ-003")],
    }  # fmt: skip
    assert rule in told, f"{rule}: say in this test what may be sent to it"
    where = [rule.replace("<visit_id>", quote(one)) for one in visits] if "<visit_id>" in rule else [rule.replace("<token>", "0" * 32)]
    return [(address, body) for address in where for body in told[rule]]


def callbacks(visitor: Visitor, things: Things) -> Iterator[tuple[str, Any]]:
    """(what was asked, the answer) of every callback that the server answers, with every question."""
    every = searches(things)
    tabs = [f"?tab={one.name}" for one in TABS["street"]] + [f"?tab_agency={one.name}" for one in TABS["agency"]]
    opened = [f"?rows={one}" for one in PEOPLES_ROWS] + [f"?area={STREET_B}&rows=sites", "?card=K1&area=B1"]
    met = [f"?meeting={one}&snapshot={held}&step={1 + at % 4}" for at, (held, one) in enumerate(_opened(things) * 2)]
    rows_asked = {"startRow": 0, "endRow": 500, "sortModel": [], "filterModel": {}}
    values: dict[str, list[Any]] = {
        "url.pathname": [view.path for view in views()], "url.search": every, "street-request.data": [*every, *tabs], "agency-request.data": [*every[:5], *tabs], "drawer-request.data": opened,
        "revision.data": [None], "rows-grid.getRowsRequest": [rows_asked], "street-grid.getRowsRequest": [rows_asked], "plotly-map.id": ["plotly-map"], "meeting-request.data": ["", *met],
        "score-ticks.value": [[], ["grid:XZ-001", f"site:{things.of('site')[2]}"]], "street-work-request.data": [*every[:5], f"?area={STREET_B}&route=1&horizon=7&reference=1"],
        "street-detail-request.data": every, "street-over-request.data": [f"?area={street}&tab={tab}" for street in (STREET_A, STREET_B) for tab in ("sites", "construction", "cases", "figures")],
    }  # fmt: skip
    for output, known in visitor.app.callback_map.items():
        if "callback" not in known:
            continue
        names = [f"{one['id']}.{one['property']}" for one in (*known["inputs"], *known["state"])]
        unknown = [name for name in names if name not in values]
        assert not unknown, f"{output}: say in this test what {unknown} may be"
        for asked in _every_other(values, names):
            yield f"{output} {asked}", visitor.callback(output, *asked)


WHOLE_PAGE = ("url.search", "drawer-request.data", "street-over-request.data", "plotly-map.id")
"""What the drawing of a whole region depends on; its parts are asked with every question."""


def _every_other(values: dict[str, list[Any]], names: list[str]) -> Iterator[list[Any]]:
    """Each value of each name with some value of the others, and each path with the questions of the whole and of a street."""
    if names == ["url.pathname", "url.search"]:
        yield from ([path, search] for path in values[names[0]] for search in (values[names[1]][0], values[names[1]][2]))
        return
    fewer = [name for name in names if name in WHOLE_PAGE] and names[0] not in {"street-request.data", "street-detail-request.data"}
    most = max(min(len(values[name]), 4) if fewer else len(values[name]) for name in names)
    yield from ([values[name][at % len(values[name])] for name in names] for at in range(most))


def _opened(things: Things) -> list[tuple[str, str]]:
    """(snapshot, meeting) of every meeting that was opened."""
    found = things.database.frame(select(snapshot.c.id, snapshot.c.meeting_id).order_by(snapshot.c.id))
    return list(found.itertuples(index=False, name=None))


def _visit(kind: str, one: str) -> dict[str, Any]:
    return {"id": f"00000000-0000-4000-8000-{zlib.crc32(f'{kind}:{one}'.encode()):012d}", "at": DAY, "target": {"kind": kind, "id": one}, "outcome": "none"}


def _routes(visitor: Visitor, method: str) -> list[str]:
    rules = [rule for rule in visitor.app.server.url_map.iter_rules() if method in rule.methods]
    return [rule.rule for rule in rules if not rule.rule.startswith(SAYS_NOTHING)]


def _answers(context: Context, things: Things, scope: Scope) -> Iterator[tuple[str, Any]]:
    """(what was asked, the answer) of everything that one person can ask without changing anything."""
    visitor = _visitor(context, scope)
    yield from callbacks(visitor, things)
    version = _version(context, scope)
    for rule in _routes(visitor, "GET"):
        for address in addresses(rule, things, version):
            yield address, visitor.get(address)


def _version(context: Context, scope: Scope) -> str:
    actor = demo_actor(scope)
    return replace(context, actor_of=lambda: actor).ask("").look_up(tiles_version)


def test_what_the_sweep_looks_for_can_be_seen_by_the_district(world):
    """Else the sweep below would prove nothing."""
    context, _ = world
    district = _visitor(context, WHOLE)
    handed_out = [f"/export/{name}.csv?from=2022-01-01" for name in ROW_SETS] + ["/map/places", "/worklist/map.html"]
    seen = set().union(*(marks_in(district.get(address).data) for address in handed_out))
    for name, scope in SCOPES.items():
        assert len(of_elsewhere(context.database, scope) & seen) > 20, name


@pytest.mark.parametrize("name", EACH)
def test_nothing_that_is_asked_shows_a_row_of_elsewhere(world, name):
    context, things = world
    elsewhere = of_elsewhere(context.database, SCOPES[name])
    leaks = {}
    for asked, answer in _answers(context, things, SCOPES[name]):
        assert answer.status_code < 500, asked
        # An address that names a row of elsewhere may come back in the sentence that refuses it.
        shown = (marks_in(answer.data) & elsewhere) - marks_in(asked.encode())
        if shown:
            leaks[asked] = shown
    assert leaks == {}


NOWHERE = "z000000000z"


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_elsewhere_answers_like_what_is_nowhere(world, name):
    """No route tells a stranger that a thing exists: the same status and, but for the id itself, the same body."""
    context, things = world
    visitor, elsewhere = _visitor(context, SCOPES[name]), of_elsewhere(context.database, SCOPES[name])

    def send(said: str) -> Any:
        address, body = json.loads(said)
        return visitor.post(address, json=body, headers=OURS)

    told = {}
    for rule in _routes(visitor, "GET"):
        for address in addresses(rule, things, _version(context, SCOPES[name])):
            if marks_in(address.encode()) & elsewhere:
                told[address] = _like(elsewhere, visitor.get, address)
    for rule in _routes(visitor, "POST"):
        for address, body in bodies(rule, things):
            if marks_in(f"{address} {json.dumps(body)}".encode()) & elsewhere:
                told[f"{address} {body}"] = _like(elsewhere, send, json.dumps([address, body]))
    assert len(told) > 20
    assert {asked: pair for asked, pair in told.items() if pair[0] != pair[1]} == {}


def _like(elsewhere: set[str], ask: Callable[[str], Any], asked: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """(status, body without ids) as asked, and with ids that nothing has in the place of those of elsewhere."""
    found = []
    for one in (asked, MARK.sub(lambda mark: NOWHERE if mark[0] in elsewhere else mark[0], asked)):
        answer = ask(one)
        found.append((answer.status_code, MARK.sub(NOWHERE, answer.get_data(as_text=True))))
    return found[0], found[1]


@pytest.mark.parametrize("name", STRANGERS)
def test_no_write_reaches_a_row_of_elsewhere(world, name):
    """Every write about a thing of elsewhere is refused."""
    context, things = world
    visitor, elsewhere = _visitor(context, SCOPES[name]), of_elsewhere(context.database, SCOPES[name])
    for rule in _routes(visitor, "POST"):
        for address, body in bodies(rule, things):
            said = f"{address} {json.dumps(body)}"
            if marks_in(said.encode()) & elsewhere or (SCOPES[name] is ONLY_A and re.search(rf'"(XZ-001|{STREET_B})"', said)):
                answer = visitor.post(address, json=body, headers=OURS)
                assert 400 <= answer.status_code < 500, (address, body, answer.get_data(as_text=True)[:200])
