"""The street's screen in a browser: list, map and drawer move together; a phone, a tablet, paper; axe."""

from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.browser.here import demo_in
from tests.browser.screen import SHARP

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']"
STREET = "/street?area=990114005"
SIZES = [(1440, 900), pytest.param((1024, 768), marks=pytest.mark.long), (390, 844)]


def opened(screen, path=STREET, size=(1440, 900), **options):
    """A screen whose list and map stand."""
    seen = screen(size, **options)
    seen.page.goto(seen.base + path)
    seen.page.wait_for_selector("#street-work .item, #street-work .state", state="attached", timeout=60_000)
    seen.page.wait_for_selector(".map[data-ready='1']", state="attached", timeout=60_000)
    seen.settle()
    return seen


def first_grid(seen):
    """Key of the first grid of the list."""
    return seen.page.evaluate("() => document.querySelector('.item[data-key^=\"grid:\"]').dataset.key")


PALE_CELLS = """() => {
  const light = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const under = (node) => { for (let at = node; at; at = at.parentElement) { const color = getComputedStyle(at).backgroundColor; if (!/, 0\\)$/.test(color)) return color; } return "rgb(255, 255, 255)"; };
  return [...document.querySelectorAll(".ag-cell")].filter((cell) => {
    const [a, b] = [light(getComputedStyle(cell).color), light(under(cell))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
  }).map((cell) => cell.textContent);
}"""
"""Cells of a table whose text stands out less than 4.5 : 1 (WCAG 2.2, 1.4.3)."""


def violations(seen):
    seen.page.evaluate(AXE.read_text("utf-8"))
    assert seen.page.evaluate(PALE_CELLS) == []
    # Axe gives up on the contrast of rows that a table keeps below its fold, and with them on everybody's.
    found = seen.page.evaluate(f"async () => {{ const {{ violations, passes }} = await axe.run({{ exclude: ['.ag-row'] }}, {{ {RULES} }}); return [violations, passes]; }}")
    # Where axe takes the page for hidden it checks no contrast at all, and finds nothing.
    assert any(one["id"] == "color-contrast" and len(one["nodes"]) > 10 for one in found[1])
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:4]]}" for one in found[0]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["", pytest.param("&lang=en", marks=pytest.mark.long)])
def test_the_screen_stands_without_errors_and_fits_its_width(screen, size, lang):
    seen = opened(screen, STREET + lang, size, device_scale_factor=SHARP)
    seen.picture(f"my-street-{size[0]}{lang.replace('&lang=', '-')}")
    assert seen.errors == []
    assert seen.failures == []
    assert seen.strangers() == []
    assert seen.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [(390, 844), *(pytest.param(size, marks=pytest.mark.long) for size in ((1440, 900), (1024, 768)))])
@pytest.mark.parametrize("what", ["&select=GRID", *(pytest.param(one, marks=pytest.mark.long) for one in ("", "&tab=sites", "&tab=figures", "&route=1", "&lang=en&select=GRID"))])
def test_axe_finds_no_violation(screen, size, what):
    seen = opened(screen, STREET, size)
    assert seen.page.locator(".item").count() > 5
    if what:
        seen.page.goto(seen.base + STREET + what.replace("GRID", first_grid(seen)))
        seen.page.wait_for_selector(".map[data-ready='1']", state="attached", timeout=60_000)
        seen.settle()
        seen.page.wait_for_timeout(400)
    assert violations(seen) == []


@pytest.mark.long
@pytest.mark.parametrize("pane", ["notes", *(pytest.param(one, marks=pytest.mark.long) for one in ("map", "me"))])
def test_axe_finds_no_violation_on_a_phones_panes(screen, pane):
    seen = opened(screen, f"{STREET}&pane={pane}", (390, 844))
    assert violations(seen) == []


def test_list_map_and_drawer_select_together(screen):
    seen = opened(screen)
    key = first_grid(seen)
    with seen.asked() as asked:
        seen.page.locator(f'.item[data-key="{key}"]').click()
    assert seen.search()["select"] == key
    assert len(asked) == 1, asked
    seen.page.wait_for_selector("#street-detail .detail")
    assert seen.text("#street-detail h2") == key.partition(":")[2]
    assert seen.page.evaluate("() => document.querySelector('.item[aria-current]').dataset.key") == key
    drawn = "() => ['grid', 'street'].map((level) => window.onemap.map.shown['select-' + level])"
    fid = seen.page.evaluate(f"() => window.onemap.map.areas.fid({key.partition(':')[2]!r})")
    assert seen.page.evaluate(drawn) == [fid, -1]
    seen.key("Escape")
    seen.settle()
    assert "select" not in seen.search()
    assert seen.page.locator("#street-detail .detail").count() == 0


def test_a_press_on_the_map_opens_the_drawer_and_marks_the_item(screen):
    seen = opened(screen)
    key = first_grid(seen)
    code = key.partition(":")[2]
    at = seen.page.evaluate(f"""() => {{
        const owner = window.onemap.map, box = owner.holder.getBoundingClientRect();
        const at = owner.map.project(owner.areas.label(owner.areas.fid({code!r})));
        return [box.x + at.x, box.y + at.y];
    }}""")
    # Points stand above grids: press where this grid alone is.
    seen.page.mouse.click(at[0], at[1])
    seen.settle()
    select = seen.search()["select"]
    seen.page.wait_for_selector("#street-detail .detail")
    if select == key:
        assert seen.page.evaluate("() => document.querySelector('.item[aria-current]').dataset.key") == key
    assert seen.search()["area"] == "990114005"


def test_chips_filter_by_the_url_and_back_comes_back(screen):
    seen = opened(screen)
    every = seen.page.locator(".item").count()
    chip = seen.page.locator(".chip", has_text="网格")
    counted = int(chip.locator(".num").inner_text())
    chip.click()
    seen.until("() => [...document.querySelectorAll('.item')].every((item) => item.dataset.key.startsWith('grid:'))")
    assert seen.search()["group"] == "grid"
    assert seen.page.locator(".item").count() == counted < every
    seen.page.go_back()
    seen.until(f"() => document.querySelectorAll('.item').length === {every}")


@pytest.mark.long
def test_the_route_is_drawn_with_a_number_a_stop_and_its_length(screen):
    seen = opened(screen)
    seen.press("[data-route-switch]")
    seen.until("() => document.querySelectorAll('.route-stop').length > 1")
    stops = seen.page.evaluate("() => window.onemap.street.stops().length")
    numbers = seen.page.locator(".route-number").all_text_contents()
    assert numbers == [str(place) for place in range(1, stops + 1)]
    assert "公里" in seen.text(".route-line")
    seen.press("[data-route-switch]")
    seen.until("() => document.querySelectorAll('.route-stop').length === 0")


@pytest.mark.long
@pytest.mark.parametrize("tab", ["sites", *(pytest.param(one, marks=pytest.mark.long) for one in ("construction", "cases"))])
def test_a_tab_is_a_list_with_rows_and_the_map_stays_mounted(screen, tab):
    seen = opened(screen)
    seen.page.evaluate("() => { window.kept = document.querySelector('.map canvas'); }")
    seen.press(f".top-tab[data-tab='{tab}']")
    seen.page.wait_for_selector(".ag-row, .sheet .state", timeout=30_000)
    assert seen.search()["tab"] == tab
    seen.press(".top-tab[data-tab='grids']")
    seen.until("() => getComputedStyle(document.getElementById('street-over')).display === 'none'")
    assert seen.page.evaluate("() => window.kept === document.querySelector('.map canvas')")


def test_everything_that_a_finger_presses_is_44_px_high(screen):
    seen = opened(screen, size=(390, 844), has_touch=True, is_mobile=True)
    small = """() => [...document.querySelectorAll('.street button, .street a, .street summary')]
        .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest('.map, .sum, .number, .month'))
        .map((one) => [one.className, Math.round(one.getBoundingClientRect().height)]).filter(([, high]) => high < 44)"""
    assert seen.page.evaluate(small) == []
    key = first_grid(seen)
    seen.page.locator(f'.item[data-key="{key}"]').tap()
    seen.page.wait_for_selector("#street-detail .detail")
    seen.settle()
    assert seen.page.evaluate(small) == []
    foot = seen.page.locator(".detail-foot").bounding_box()
    assert foot["y"] + foot["height"] <= 844


@pytest.mark.long
def test_a_phone_has_every_tab_it_shows(screen):
    seen = opened(screen, size=(390, 844), has_touch=True, is_mobile=True)
    for pane, place in (("notes", ".pane-notes"), ("me", ".pane-me"), ("map", ".map-tools"), ("today", ".items")):
        seen.press(f".bottom-tab[data-pane='{pane}']")
        seen.until(f"() => document.querySelector('{place}').checkVisibility()")
        assert seen.page.evaluate("() => document.querySelector('.bottom-tab[aria-current]').dataset.pane") == pane
    assert seen.page.locator(".bottom-tab.is-add").get_attribute("href").startswith("/record")


@pytest.mark.long
def test_on_paper_there_is_the_list_alone(screen):
    seen = opened(screen)
    seen.page.emulate_media(media="print")
    shown = "(name) => document.querySelector(name).checkVisibility()"
    assert seen.page.evaluate(shown, ".items")
    assert not any(seen.page.evaluate(shown, name) for name in ("#street-map", ".street-top", ".chips"))
    last = seen.page.locator(".item").last.bounding_box()
    assert last["y"] + last["height"] <= seen.page.evaluate("() => document.documentElement.scrollHeight")


@pytest.mark.long
def test_the_list_says_what_the_map_shows(screen):
    seen = opened(screen)
    seen.page.locator(".map-controls [aria-label='表格']").click()
    seen.page.wait_for_selector(".map-table tbody tr")
    assert "81" in seen.text(".map-table-count")


@pytest.mark.long
def test_a_chosen_street_opens_from_the_chooser(screen):
    seen = screen((1440, 900))
    seen.page.goto(seen.base + "/street")
    seen.page.wait_for_selector(".choose-row", timeout=60_000)
    assert violations(seen) == []
    seen.press(".choose-row")
    seen.page.wait_for_selector("#street-work .item, #street-work .state", timeout=60_000)
    assert seen.search()["area"]
    assert seen.errors == []


@pytest.mark.long
def test_leaving_a_closed_street_leads_home(screen, demo_file, tmp_path):
    demo_in(tmp_path, demo_file)
    with serving(tmp_path / "demo.sqlite", tmp_path, ONEMAP_DEMO_SCOPE="street:990114005") as base:
        seen = screen((1440, 900))
        seen.page.goto(base + "/street?area=990114003")
        seen.page.wait_for_selector(".state-closed", timeout=60_000)
        assert "JT-" not in seen.page.content()
        seen.press(".state-closed .btn")
        seen.page.wait_for_selector("#street-work .item", timeout=60_000)
        assert seen.text(".sum-name h1") == "荷渡镇"
