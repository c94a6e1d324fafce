"""The door serves this machine only, and refuses what no page of ours would send."""

import json

import pytest

from dashboard import door
from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.question import Context
from data_access.database import Database
from rules.language import Refusal
from tests.dashboard.conftest import NOW, Visitor
from tests.town import WHOLE


@pytest.fixture(scope="module")
def visitor(town_file, tmp_path_factory):
    """One application for all: nothing here writes."""
    database = Database.open(f"sqlite:///{town_file}")
    actor = door.demo_actor(WHOLE)
    context = Context(
        database=database, answers=Answers("memory://"), clock=lambda: NOW, actor_of=lambda: actor,
        folder=tmp_path_factory.mktemp("door"),
    )  # fmt: skip
    app = create_app(context)
    yield Visitor(app.server, app)
    database.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_loopback_is_served(host):
    door.loopback_only(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.1.5", "10.0.0.1", "example.org", "127.0.0.1.example.org"])
def test_beyond_loopback_is_refused_with_a_sentence(host):
    with pytest.raises(Refusal, match=r"127\.0\.0\.1"):
        door.loopback_only(host)


@pytest.mark.parametrize("path", ["/", "/wall", "/healthz", "/revision", "/_dash-layout", "/assets/onemap/page.css", "/nowhere"])
@pytest.mark.parametrize("header", [*door.FORWARDING, "X-Forwarded-Anything"])
def test_a_request_that_was_passed_on_is_refused(visitor, path, header):
    answer = visitor.get(path, headers={header: "1.2.3.4"})
    assert answer.status_code == 403
    assert "代理" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "host",
    ["example.org", "192.168.1.5:8050", "127.0.0.1.example.org", "localhost.example.org:80", "0.0.0.0:8050", "",
     "[2001:db8::1]:8050", "127.0.0.1@example.org"],
)  # fmt: skip
def test_a_foreign_host_is_refused(visitor, host):
    answer = visitor.client.get("/", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code in (400, 403)
    assert "<html" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1:8050", "[::1]:8050", "LOCALHOST"])
def test_our_own_names_are_served(visitor, host):
    assert visitor.client.get("/", environ_overrides={"HTTP_HOST": host}).status_code == 200


@pytest.mark.parametrize("address", ["192.168.1.7", "2001:db8::7", "", "10.1.1.1"])
def test_another_computer_is_refused(visitor, address):
    answer = visitor.get("/", environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == 403
    assert "别的电脑" in answer.get_json()["error"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5"])
def test_a_server_bound_beyond_this_machine_is_refused(visitor, address):
    answer = visitor.get("/", environ_overrides={"SERVER_NAME": address})
    assert answer.status_code == 403
    assert "监听" in answer.get_json()["error"]


def test_a_mapped_loopback_address_is_this_machine(visitor):
    assert visitor.get("/", environ_overrides={"REMOTE_ADDR": "::ffff:127.0.0.1"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://example.org"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_another_site_cannot_ask(visitor, headers):
    body = visitor.body("street-column.children", "", None)
    assert visitor.post("/_dash-update-component", json=body, headers=headers).status_code == 403
    assert visitor.get("/export/figures.csv", headers=headers).status_code == 403


def test_another_site_may_link_here(visitor):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert visitor.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/record?target=site:x", "/street", "/wall/"])
def test_another_site_may_link_to_every_page(visitor, path):
    assert visitor.get(path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code in (200, 308)


@pytest.mark.parametrize("path", ["/worklist/list.xlsx", "/worklist/map.html", "/visits/x", "/visits/photos/x", "/import/refused/x", "/export/figures.csv", "/map/table/sites"])
def test_another_site_opens_no_file_and_no_record_here(visitor, path):
    answer = visitor.get(path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/visits/%00", "/visits/photos/a%00", "/record/target?target=site:%00", "/?area=%00", "/export/visits.csv?narrow=number:%00"])
def test_a_nul_is_in_no_address(visitor, path):
    assert visitor.get(path).status_code == 400


def test_an_instant_beyond_all_calendars_cannot_be_asked_about(visitor):
    for known_at in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"):
        assert visitor.get(f"/map/state/grid_state?known_at={known_at}").status_code == 400


def malformed(good):
    yield b"", "application/json"
    yield b"{", "application/json"
    yield b"[]", "application/json"
    yield b"null", "application/json"
    yield b'"x"', "application/json"
    yield b"\xff\xfe", "application/json"
    yield b"[" * 50_000, "application/json"
    yield b'{"output": NaN}', "application/json"
    yield json.dumps(good).encode(), "text/plain"
    yield json.dumps(good).encode(), "application/x-www-form-urlencoded"
    for changes in (
        {"output": None}, {"output": "nobody.children"}, {"output": ["street-column.children"]}, {"output": ""},
        {"inputs": None}, {"inputs": []}, {"inputs": "x"}, {"inputs": [None, None]}, {"inputs": good["inputs"][:1]},
        {"inputs": [{**good["inputs"][0], "id": "url"}, good["inputs"][1]]},
        {"inputs": [{**good["inputs"][0], "property": "style"}, good["inputs"][1]]},
        {"inputs": [[good["inputs"][0]], good["inputs"][1]]},
        {"state": [{"id": "url", "property": "search", "value": ""}]}, {"state": {}},
        {"outputs": None}, {"outputs": []}, {"outputs": {"id": "url", "property": "href"}}, {"outputs": "x"},
        {"outputs": [*good["outputs"], {"id": "url", "property": "href"}]},
        {"changedPropIds": ["nobody.children"]}, {"changedPropIds": "x"}, {"changedPropIds": [{}]}, {"changedPropIds": None},
    ):  # fmt: skip
        yield json.dumps({**good, **changes}).encode(), "application/json"
    for value in (5, True, [], {}, ["?"], {"a": 1}, "?from=x", "?area=%00", "?" + "x" * 5000, "?select=a:b:c:d", 1e308, "?rows=sites&narrow=state:\ud800", "?narrow=a:\0"):
        inputs = [{**good["inputs"][0], "value": value}, good["inputs"][1]]
        yield json.dumps({**good, "inputs": inputs}).encode(), "application/json"


def test_a_malformed_callback_answers_400_and_never_500(visitor):
    good = visitor.body("street-column.children", "", None)
    seen = []
    for data, kind in malformed(good):
        answer = visitor.post("/_dash-update-component", data=data, content_type=kind)
        seen.append((answer.status_code, data[:200]))
        assert answer.is_json
    assert [entry for entry in seen if entry[0] != 400] == []


def test_a_callback_that_is_too_large_is_refused(visitor):
    data = b'{"output": "' + b"x" * door.MOST_CALLBACK_BYTES + b'"}'
    assert visitor.post("/_dash-update-component", data=data, content_type="application/json").status_code == 400


def test_a_page_that_is_not_there_answers_404(visitor):
    for path in ("/nowhere", "/admin", "/_reload-hash", "/wall/x", "/assets/../app.py", "/assets/onemap/nothing.css"):
        answer = visitor.get(path)
        assert answer.status_code == 404, path


def test_no_mcp_and_no_debugging_is_served(visitor):
    for path in ("/_mcp", "/mcp", "/_dash-mcp", "/console", "/_alive"):
        assert visitor.get(path).status_code == 404
    assert not visitor.app._enable_mcp
    assert visitor.app._dev_tools.ui is not True
    assert visitor.app.config.suppress_callback_exceptions is False


def test_every_answer_carries_the_security_headers(visitor):
    for path in ("/", "/healthz", "/assets/onemap/page.css", "/nowhere"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "'unsafe-eval'" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Server-Timing" not in headers


def test_the_page_tells_no_version_of_python_and_names_no_other_host(visitor):
    import sys

    page = visitor.get("/").get_data(as_text=True)
    assert sys.version.split()[0] not in page
    assert "https://" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
