"""The URL is the page's whole state: what is written is read back, what is malformed is refused."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view_state import LEFT_OUT, ViewState, go, part, read, read_narrowing, write
from rules.request import Filters, UnreadableRequest

TODAY = dt.date(2023, 7, 31)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
URL_JS = Path(__file__).resolve().parents[2] / "assets" / "onemap" / "url.js"


def test_an_empty_query_asks_for_this_month_up_to_today():
    filters, view = read("", TODAY)
    assert (filters.start, filters.end, filters.as_of) == (dt.date(2023, 7, 1), TODAY, TODAY)
    assert view == ViewState()


@given(
    st.builds(
        ViewState,
        layers=st.none() | st.lists(NAMES, max_size=5).map(tuple),
        paint=NAMES,
        tab_street=NAMES,
        tab_agency=NAMES,
        select=st.none() | st.sampled_from(["grid:JQ-025", "case:0192f3a0-1111-7000-8000-000000000001"]),
        rows=st.none() | NAMES,
        narrow=st.just(()) | st.just((("kind", "advert"), ("state", "open"))),
        card=st.none() | st.sampled_from(["K15_open", "K20_瓶(盒)"]),
        lang=st.sampled_from(["zh_CN", "en"]),
        theme=st.sampled_from(["dark", "light"]),
        map=st.sampled_from(["maplibre", "plotly"]),
    )
)
def test_what_is_written_is_read_back(view):
    filters = Filters(
        dt.date(2023, 6, 1), dt.date(2023, 6, 30), dt.date(2023, 7, 2), area="990114005",
        system="health", category="dental", cycle_days=14, by="neighbourhood",
    )  # fmt: skip
    assert read(write(filters, view), TODAY) == (filters, view)


@pytest.mark.parametrize(
    "search",
    [
        "?from=2023-02-30", "?from=2023-08-01&to=2023-07-01", "?cycle=0", "?cycle=x", "?by=house",
        "?area=%3Cscript%3E", "?select=grid", "?paint=1", "?theme=pink", "?lang=fr", "?map=google",
        "?narrow=a", "?rows=../etc/passwd", "?known_at=2023-07-31T10:00", "?" + "a=b&" * 2000,
        "?narrow=" + ",".join(f"a{chr(97 + i)}:1" for i in range(9)),
    ],
)  # fmt: skip
def test_a_malformed_query_is_refused(search):
    with pytest.raises(UnreadableRequest):
        read(search, TODAY)


def test_no_day_later_than_today_is_asked_about():
    assert read("?as_of=2024-01-01", TODAY)[0].as_of == TODAY


def test_keys_nobody_knows_are_ignored():
    assert read("?utm_source=x&foo=1", TODAY) == read("", TODAY)


def test_a_part_asks_again_only_when_what_it_depends_on_changes():
    base = "?from=2023-07-01&to=2023-07-31&as_of=2023-07-31&area=990114005"
    for name in ("street", "agency"):
        for look in ("theme=light", "layers=sites", "paint=street_state", "rows=K1", "narrow=a:b", "card=K1"):
            assert part(f"{base}&{look}", name) == part(base, name)
        assert part(base + "&category=dental", name) != part(base, name)
    assert part(base + "&tab=leads", "agency") == part(base, "agency")
    assert part(base + "&tab=leads", "street") != part(base, "street")
    assert part(base + "&select=grid:JQ-025", "agency") == part(base, "agency")
    assert part(base + "&tab=leads", "drawer") == ""
    assert part(base + "&rows=K1&tab=leads", "drawer") == part(base + "&rows=K1", "drawer") != ""


def test_the_browser_leaves_the_same_keys_out():
    script = URL_JS.read_text("utf-8")
    constants = {"LOOKS": ["layers", "paint", "theme", "map"], "OPEN": ["rows", "narrow", "card"]}
    for name, keys in constants.items():
        assert f"{name} = {json.dumps(keys)}" in script
    for name, keys in LEFT_OUT.items():
        line = next(line for line in script.splitlines() if line.strip().startswith(f"{name}: ["))
        found = {key.strip(' "') for key in line.split("[")[1].split("]")[0].split(",")}
        listed = {key for key in found if not key.startswith("...")}
        for spread in (key for key in found if key.startswith("...")):
            listed |= set(constants[spread.removeprefix("...")])
        assert listed == set(keys)


def test_a_press_says_what_it_changes():
    assert json.loads(go(area="990114003", select=None)["data-go"]) == {"area": "990114003", "select": None}
    assert json.loads(go(rows="cases", narrow={"state": "open", "kind": "advert"})["data-go"]) == {
        "rows": "cases", "narrow": "kind:advert,state:open",
    }  # fmt: skip
    assert read_narrowing("state:over|never,kind:advert") == (("kind", "advert"), ("state", "over,never"))
