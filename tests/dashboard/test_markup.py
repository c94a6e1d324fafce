"""What only shows travels as HTML that says the same as its components; what lives stays a component."""

import re
from html.parser import HTMLParser

from dash import dcc, html

from dashboard.known_ids import _targets
from dashboard.markup import Markup, as_markup
from dashboard.view_state import go
from tests.dashboard.reading import walk


class Seen(HTMLParser):
    """Tags with their attributes, and the texts between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_a_drawing_keeps_its_words_attributes_and_order():
    drawn = html.Div(
        [html.B("网格"), 12, html.Span(className="bar", style={"--share": "3%", "flexGrow": 2.0, "maxWidth": 7}), None, " 处"],
        className="row", id="one", **{"aria-label": "行"},
    )  # fmt: skip
    made = as_markup(drawn)
    assert isinstance(made, Markup)
    assert (made.tag, made.id) == ("div", "one")
    assert made.attributes == {"className": "row", "aria-label": "行"}
    assert made.html == '<b>网格</b>12<span class="bar" style="--share:3%;flex-grow:2.0;max-width:7px"></span> 处'


def test_what_a_press_changes_is_read_back_whole():
    changes = {"narrow": {"name": "O'Hara & <b>\"东\"</b>"}, "area": None}
    made = as_markup(html.P(html.Button("开", disabled=True, hidden=False, tabIndex=0, **go(**changes))))
    ((tag, found),) = Seen(made.html).tags
    assert tag == "button"
    assert found["data-go"] == go(**changes)["data-go"]
    assert found["tabindex"] == "0"
    assert "disabled" in found
    assert "hidden" not in found


def test_no_text_becomes_markup():
    bad = "<img src=x onerror=alert(1)>&\"'"
    made = as_markup(html.Div([html.Span(bad, title=bad), bad]))
    seen = Seen(made.html)
    assert [tag for tag, _ in seen.tags] == ["span"]
    assert seen.tags[0][1] == {"title": bad}
    assert "".join(seen.texts) == bad + bad


def test_an_address_that_runs_a_script_is_left_out():
    made = as_markup(html.Div([html.A("a", href="javascript:alert(1)"), html.A("b", href="?area=1:2"), html.A("c", href="/rows?x=1")]))
    assert [found.get("href") for _, found in Seen(made.html).tags] == [None, "?area=1:2", "/rows?x=1"]


def test_what_lives_stays_a_component_and_its_neighbours_do_not():
    drawn = html.Section([html.H2("趋势"), html.Div(dcc.Graph(id="g")), html.P("说明")], className="panel")
    made = as_markup(drawn)
    assert type(made) is html.Section
    heading, holder, note = made.children
    assert isinstance(heading, Markup)
    assert isinstance(note, Markup)
    assert type(holder.children) is dcc.Graph
    assert type(drawn.children[0]) is html.H2


def test_a_text_alone_and_nothing_stay_as_they_are():
    assert as_markup(["字", None, 3]) == ["字", None, 3]


def test_nothing_that_a_callback_names_is_inside_markup(visitor):
    named = {target["id"] for callback in visitor.app._callback_list for target in _targets(callback)}
    for path in ("/", "/wall"):
        body = visitor.callback("page.children", path, "").get_json()["response"]["page"]["children"]
        inside = [part["props"]["html"] for part in parts(body) if part.get("type") == "Markup"]
        assert inside
        ids = {one for text in inside for one in re.findall(r' id="([^"]+)"', text)}
        assert not ids & named


def parts(body):
    if isinstance(body, dict):
        yield body
        for value in body.values():
            yield from parts(value)
    elif isinstance(body, list):
        for value in body:
            yield from parts(value)


def test_the_walk_of_a_drawing_finds_few_components():
    drawn = html.Div([html.P([html.B(str(n)), html.I("x")]) for n in range(300)])
    assert len(list(walk(as_markup(drawn)))) == 1
