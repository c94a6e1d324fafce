"""The map in a browser: every colour right, also after a lost context; keyboard, drill, table, file from a stick."""

import datetime as dt
import re

import pytest

from briefing.folium_map import write_map
from data_access.database import Database
from data_access.districts import only_district
from layers import layers
from rules.request import Filters, Scope
from tests.browser.here import demo_in

JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31))
MAP = "window.onemap.map"
AGREES = f"""() => {{ const map = {MAP}; return map.areas.codes.filter((code) => map.areas.level(map.areas.fid(code)) === 'grid')
  .filter((code) => map.classOf(code) !== map.drawnClassOf(code)); }}"""
CLASSES = f"""() => {{ const map = {MAP}; const found = {{}};
  for (const code of map.areas.codes) if (map.areas.level(map.areas.fid(code)) === 'grid') {{
    const one = map.classOf(code); found[one] = (found[one] || 0) + 1; }}
  return found; }}"""
CENTRE = f"""(code) => {{ const map = {MAP}; const at = map.map.project(map.areas.label(map.areas.fid(code)));
  const box = map.holder.getBoundingClientRect(); return [at.x + box.x, at.y + box.y]; }}"""
CAMERA = f"() => [{MAP}.map.getCenter().lng, {MAP}.map.getCenter().lat, {MAP}.map.getZoom()]"
STREET = f"() => {MAP}.areas.codes[0]"


def idle(seen):
    seen.page.evaluate(f"() => {MAP}.whenIdle().then(() => true)")


def press_area(seen, code):
    x, y = seen.page.evaluate(CENTRE, code)
    seen.page.mouse.click(x, y)


def go(seen, **changes):
    seen.page.evaluate("(changes) => window.onemap.url.with(changes)", changes)
    seen.settle()
    seen.until(f"() => {MAP}.drawnTurn === {MAP}.turn")
    idle(seen)


@pytest.fixture
def own_demo(demo_file, tmp_path):
    """The demo's rows, to ask directly."""
    demo_in(tmp_path, demo_file)
    database = Database.open(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    yield database
    database.close()



def test_every_grid_is_drawn_in_the_class_of_the_answer(desk, own_demo):
    assert desk.page.evaluate(AGREES) == []
    counted = desk.page.evaluate(CLASSES)
    frame = layers()["grid_state"].ask(own_demo, JULY, Scope(only_district(own_demo)))
    assert counted == frame["class"].value_counts().to_dict()
    assert sum(counted.values()) == 706
    assert counted["never"] > 0


@pytest.mark.long
def test_every_colour_is_right_again_after_the_context_was_lost(screen):
    overview = screen().open("/")
    before = overview.page.evaluate(CLASSES)
    overview.page.evaluate(f"() => {MAP}.loseContext()")
    overview.until("() => document.querySelector('.map').dataset.context === 'lost'")
    overview.page.evaluate(f"() => {MAP}.restoreContext()")
    overview.until("() => document.querySelector('.map').dataset.context === 'restored'")
    assert overview.page.evaluate(AGREES) == []
    assert overview.page.evaluate(CLASSES) == before
    present = f"""() => {MAP}.map.queryRenderedFeatures({{ layers: ['sites', 'cases', 'construction'] }}).length"""
    assert overview.page.evaluate(present) > 50


def test_a_change_of_period_layer_or_theme_fetches_no_tile(screen):
    overview = screen().open("/")
    tiles = [r.url for r in overview.requests if "/map/tiles/" in r.url]
    assert tiles
    assert len(tiles) == len(set(tiles))
    for changes in ({"paint": "days_since_visit"}, {"paint": "patrol_visits", "from": "2023-06-01", "to": "2023-06-30"}, {"theme": "light"}):
        go(overview, **changes)
        assert overview.page.evaluate(AGREES) == []
    assert [r.url for r in overview.requests if "/map/tiles/" in r.url] == tiles


def test_a_change_of_theme_asks_nobody(desk):
    with desk.asked() as asked:
        desk.page.evaluate("() => window.onemap.url.with({ theme: 'light' })")
    assert asked == []
    idle(desk)
    assert desk.page.evaluate(AGREES) == []


def test_a_click_drills_a_second_selects_and_escape_goes_back(desk):
    street = desk.page.evaluate(STREET)
    inside = f"(street) => {MAP}.areas.codes.find((code, fid) => {MAP}.areas.level(fid) === 'grid' && {MAP}.areas.codes[{MAP}.areas.above(fid, 'street')] === street)"
    grid = desk.page.evaluate(inside, street)
    go(desk, layers="none")
    press_area(desk, grid)
    desk.settle()
    assert desk.search()["area"] == street
    idle(desk)
    assert desk.page.evaluate(CLASSES)["neutral"] > 500
    press_area(desk, grid)
    desk.settle()
    assert desk.search()["select"] == f"grid:{grid}"
    assert grid in desk.text(".map-card.is-pinned")
    desk.key("Escape")
    desk.settle()
    assert "select" not in desk.search()
    desk.key("Escape")
    desk.settle()
    assert "area" not in desk.search()


@pytest.mark.long
def test_the_view_of_the_user_stays_when_data_change(desk):
    desk.page.evaluate(f"() => {MAP}.map.jumpTo({{ center: [{MAP}.map.getCenter().lng + 0.02, {MAP}.map.getCenter().lat], zoom: 12.3 }})")
    before = desk.page.evaluate(CAMERA)
    desk.page.evaluate("() => document.dispatchEvent(new CustomEvent('onemap:revision', { detail: 'x' }))")
    desk.settle()
    idle(desk)
    go(desk, paint="days_since_visit")
    assert desk.page.evaluate(CAMERA) == pytest.approx(before)


@pytest.mark.long
def test_what_is_selected_comes_into_view(screen):
    overview = screen((1440, 900), reduced_motion="no-preference").open("/")
    site = f"() => {MAP}.points.sites.places.ids.find((id, at) => {MAP}.points.sites.place(at))"
    go(overview, select=f"site:{overview.page.evaluate(site)}")
    overview.until(f"() => !{MAP}.map.isMoving() && {MAP}.map.getZoom() >= 13.9")
    assert "历史点位" in overview.text(".map-card.is-pinned")
    idle(overview)
    assert overview.page.evaluate(f"() => {MAP}.map.queryRenderedFeatures({{ layers: ['grid-fill'] }}).length") > 0


@pytest.mark.long
def test_reduced_motion_goes_there_at_once(screen):
    seen = screen((1440, 900)).open("/")
    before = seen.page.evaluate(CAMERA)
    seen.page.evaluate(f"() => window.onemap.url.with({{ area: {MAP}.areas.codes[0] }})")
    seen.until(f"() => {MAP}.drawnTurn === {MAP}.turn && {MAP}.view.area !== null")
    assert not seen.page.evaluate(f"() => {MAP}.map.isMoving()")
    assert seen.page.evaluate(CAMERA) != before


def test_the_keyboard_moves_the_map_and_enter_drills(desk):
    go(desk, layers="none")
    before = desk.page.evaluate(CAMERA)
    desk.page.focus(".maplibregl-canvas")
    desk.key("ArrowRight")
    desk.until(f"() => !{MAP}.map.isMoving() && {MAP}.map.getCenter().lng > {before[0]}")
    desk.key("+")
    desk.until(f"() => !{MAP}.map.isMoving() && {MAP}.map.getZoom() > {before[2]}")
    assert desk.page.is_visible(".map-cross")
    desk.key("Enter")
    desk.settle()
    assert "area" in desk.search()


def test_layers_are_switched_by_the_keyboard_and_stand_in_the_url(desk):
    desk.key("l")
    assert desk.page.is_visible("#layers")
    desk.page.locator("#layers input[value=sites]").press("Space")
    desk.settle()
    assert desk.search()["layers"] == "construction,cases"
    assert desk.page.evaluate(f"() => {MAP}.map.getLayoutProperty('sites', 'visibility')") == "none"
    desk.key("Escape")
    assert not desk.page.is_visible("#layers")
    assert "area" not in desk.search()


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh_CN", pytest.param("en", marks=pytest.mark.long)])
def test_the_table_says_the_same_as_every_layer(screen, lang):
    seen = screen((1440, 900)).open(f"/?lang={lang}")
    seen.page.locator(".map-controls button[aria-pressed]").click()
    seen.page.wait_for_selector(".map-table table")
    names = seen.page.locator(".map-table select option").evaluate_all("(options) => options.map((one) => one.value)")
    assert set(names) == set(layers())
    for name in names:
        seen.page.select_option(".map-table select", name)
        seen.settle()
        assert int(re.search(r"\d+", seen.text(".map-table-count"))[0]) > 0
    seen.page.select_option(".map-table select", "grid_state")
    seen.settle()
    code = seen.text(".map-table-go")
    seen.page.locator(".map-table-go").first.press("Enter")
    seen.settle()
    assert seen.search()["select"] == f"grid:{code}"


def test_without_webgl2_the_page_says_so_and_shows_the_table(browser, product):
    from tests.browser.screen import Screen

    seen = Screen(browser, product, (1440, 900))
    seen.page.add_init_script(
        "const real = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind === 'webgl2' ? null : real.call(this, kind, ...rest); };"
    )
    seen.open("/")
    assert "WebGL2" in seen.text(".map-message")
    assert seen.page.locator(".map-table tbody tr").count() == 100
    seen.close()


@pytest.mark.long
def test_a_failing_answer_keeps_the_last_colours_and_comes_back(screen):
    overview = screen().open("/")
    before = overview.page.evaluate(CLASSES)
    overview.page.route("**/map/state/**", lambda route: route.fulfill(status=503, body='{"error": "away"}'))
    overview.page.evaluate("() => document.dispatchEvent(new CustomEvent('onemap:revision', { detail: 'x' }))")
    overview.until("() => document.querySelector('.map').dataset.failed === '503'")
    assert overview.page.evaluate(CLASSES) == before
    overview.page.unroute("**/map/state/**")
    overview.until("() => document.querySelector('.map').dataset.failed === undefined")
    assert overview.page.evaluate(AGREES) == []


@pytest.mark.long
def test_names_follow_the_language(screen):
    texts = f"() => JSON.parse({MAP}.shown.names).features.map((one) => one.properties.name)"
    chinese = screen((1440, 900)).open("/").page.evaluate(texts)
    english = screen((1440, 900)).open("/?lang=en").page.evaluate(texts)
    assert len(chinese) == len(english) == 12
    assert all(name.isascii() for name in english)
    assert not any(name.isascii() for name in chinese)


@pytest.mark.long
def test_plotly_draws_the_same_grids_and_a_click_drills(screen):
    seen = screen((1440, 900)).open("/?map=plotly", map_too=False)
    seen.page.wait_for_selector("#plotly-map .js-plotly-plot")
    trace = seen.page.evaluate("() => { const one = document.querySelector('#plotly-map .js-plotly-plot').data[0]; return [one.locations.length, one.meta.layer]; }")
    assert trace == [706, "grid_state"]
    seen.page.evaluate("""() => window.dash_clientside.onemap_plotly.clicked({ points: [{ customdata: ['grid:' +
      document.querySelector('#plotly-map .js-plotly-plot').data[0].locations[0]] }] })""")
    seen.settle()
    assert seen.search()["select"].startswith("grid:")
    assert seen.strangers() == []


def test_the_file_that_leaves_the_house_opens_without_a_network(browser, own_demo, tmp_path):
    path = write_map(own_demo, JULY, Scope(only_district(own_demo)), tmp_path / "map.html")
    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("path.leaflet-interactive", state="attached")
    assert page.locator("path.leaflet-interactive").count() > 706
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert "演示数据" in page.inner_text("body")
    context.close()
