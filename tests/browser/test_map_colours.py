"""What is seen on the map: the pixel in a grid has its class's colour, whoever keeps the states."""

import pytest

from layers import COLORS, layers
from tests.browser.screen import SHARP
from tests.browser.test_map import AGREES, MAP, STREET, go, idle

HERE = f"""() => {{ const map = {MAP}; return map.areas.codes.filter((code) => map.areas.level(map.areas.fid(code)) === 'grid')
  .map((code) => [map.classOf(code), map.drawnClassOf(code)]).filter(([, drawn]) => drawn !== 'unset'); }}"""
PIXELS = f"""() => new Promise((done) => {{ const map = {MAP}; map.map.once('render', () => {{
  const gl = map.map.getCanvas().getContext('webgl2'); const ratio = map.map.getPixelRatio(); const found = [];
  for (const code of map.areas.codes) {{
    const fid = map.areas.fid(code); const cls = map.classOf(code);
    if (map.areas.level(fid) !== 'grid' || !['ok', 'due', 'over'].includes(cls)) continue;
    const at = map.map.project(map.areas.label(fid)); const pixel = new Uint8Array(4);
    gl.readPixels(Math.round(at.x * ratio), gl.drawingBufferHeight - Math.round(at.y * ratio), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    found.push({{ code, cls, color: '#' + [...pixel.slice(0, 3)].map((one) => one.toString(16).padStart(2, '0')).join('') }});
  }}
  done(found); }}); map.map.triggerRepaint(); }})"""


@pytest.mark.long
def test_a_tile_that_comes_later_has_its_colours(screen):
    overview = screen(device_scale_factor=SHARP).open("/")
    go(overview, paint="patrol_visits", area=overview.page.evaluate(STREET))
    overview.page.evaluate(f"() => {MAP}.map.jumpTo({{ zoom: 14 }})")
    idle(overview)
    here = overview.page.evaluate(HERE)
    assert 0 < len(here) < 400
    assert [pair for pair in here if pair[0] != pair[1]] == []


@pytest.mark.long
def test_after_a_lost_context_the_levels_below_are_right_too(screen):
    overview = screen(device_scale_factor=SHARP).open("/")
    overview.page.evaluate(f"() => {MAP}.loseContext()")
    overview.until("() => document.querySelector('.map').dataset.context === 'lost'")
    overview.page.evaluate(f"() => {MAP}.restoreContext()")
    overview.until("() => document.querySelector('.map').dataset.context === 'restored'")
    street = overview.page.evaluate(STREET)
    grid = overview.page.evaluate(f"(street) => {MAP}.areas.codes.find((code, fid) => {MAP}.areas.level(fid) === 'grid' && {MAP}.areas.codes[{MAP}.areas.above(fid, 'street')] === street)", street)
    go(overview, area=street, select=f"grid:{grid}")
    here = overview.page.evaluate(HERE)
    assert len(here) > 30
    assert [pair for pair in here if pair[0] != pair[1]] == []
    assert len({wanted for wanted, _ in here}) > 2
    lines = f"() => ['focus-street', 'casing-grid', 'select-grid'].map((id) => {MAP}.map.queryRenderedFeatures({{ layers: [id] }}).length > 0)"
    overview.until(f"() => ({lines})().every(Boolean)")
    assert grid in overview.text(".map-card.is-pinned")
    x, y = overview.page.evaluate(f"""() => {{ const map = {MAP}; const box = map.holder.getBoundingClientRect();
      const code = map.areas.codes.find((one) => one !== '{grid}' && map.areas.isInside(map.areas.fid(one), map.areas.fid('{street}')) && map.areas.level(map.areas.fid(one)) === 'grid');
      const at = map.map.project(map.areas.label(map.areas.fid(code))); return [at.x + box.x, at.y + box.y]; }}""")
    overview.page.mouse.move(x - 2, y)
    overview.page.mouse.move(x, y)
    overview.until("() => document.querySelector('.map-card:not(.is-pinned)').hidden === false")


def test_the_middle_of_a_grid_has_the_colour_of_its_class(screen):
    overview = screen(device_scale_factor=SHARP).open("/")
    go(overview, layers="none")
    overview.page.evaluate(f"() => ['names', 'codes'].forEach((id) => {MAP}.map.setLayoutProperty(id, 'visibility', 'none'))")
    idle(overview)
    wanted = {one.key: COLORS[one.color][0] for one in layers()["grid_state"].classes if not one.pattern}
    seen = overview.page.evaluate(PIXELS)
    assert {one["cls"] for one in seen} >= {"ok", "due", "over"}
    right = [one for one in seen if one["color"] == wanted[one["cls"]].lower()]
    assert len(right) > 0.99 * len(seen), [one for one in seen if one not in right][:5]  # a line may run there


@pytest.mark.long
def test_the_map_keeps_its_place_when_a_chart_brings_plotlys_style_sheet(screen):
    seen = screen(device_scale_factor=SHARP).open("/?tab=trend")
    seen.page.wait_for_selector(".chart .js-plotly-plot")
    own, canvas = (seen.page.locator(one).bounding_box() for one in (".map", ".map .maplibregl-canvas"))
    assert canvas["height"] > 300
    assert own["x"] <= canvas["x"] <= own["x"] + 1
    assert own["y"] <= canvas["y"] <= own["y"] + 1
    scale = "() => getComputedStyle(document.querySelector('.maplibregl-ctrl-scale')).backgroundColor"
    assert seen.page.evaluate(scale) == "rgba(0, 0, 0, 0)"


@pytest.mark.long
def test_the_engines_own_states_give_the_same_picture(screen):
    overview = screen(device_scale_factor=SHARP).open("/")
    go(overview, layers="none")
    ours = overview.page.evaluate(PIXELS)
    overview.page.evaluate(f"() => {MAP}.useEngineStates()")
    idle(overview)
    assert overview.page.evaluate(PIXELS) == ours
    go(overview, paint="patrol_visits", **{"from": "2023-06-01", "to": "2023-06-30"})
    assert overview.page.evaluate(AGREES) == []
