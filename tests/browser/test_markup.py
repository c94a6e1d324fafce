"""A new answer leaves the focus and an open menu where they are; a chart is never seen in the other theme's ink."""

import pytest

WATCH = """() => { window.inks = new Set(); const look = () => {
  for (const chart of document.querySelectorAll('.chart .js-plotly-plot')) {
    const word = chart.querySelector('.xtick text');
    if (word && getComputedStyle(chart).visibility === 'visible') window.inks.add(getComputedStyle(word).fill); }
  requestAnimationFrame(look); }; look(); }"""


def test_the_focus_and_an_open_menu_outlive_a_new_answer(desk):
    seen = desk
    before = seen.text("#street-column")
    seen.page.focus("#street-tab-coverage")
    seen.page.evaluate("() => { document.querySelector('details.pop.period').open = true; }")
    seen.until("() => document.querySelectorAll('.day-field input').length === 3")
    seen.page.evaluate("() => window.onemap.url.with({ as_of: '2023-06-15' })")
    seen.settle()
    assert seen.text("#street-column") != before
    assert seen.page.evaluate("() => document.activeElement.id") == "street-tab-coverage"
    assert seen.page.evaluate("() => document.querySelector('details.pop.period').open") is True
    assert seen.page.evaluate("() => document.querySelectorAll('.day-field input').length") == 3


@pytest.mark.long
def test_what_a_changed_column_says_is_what_a_fresh_page_says(desk, screen):
    seen = desk
    for changes in ({"as_of": "2023-05-02"}, {"tab": "leads"}, {"from": "2023-04-01", "to": "2023-04-30"}, {"tab": "sites"}):
        seen.page.evaluate("(changes) => window.onemap.url.with(changes)", changes)
        seen.settle()
    fresh = screen((1440, 900)).open(seen.page.url.removeprefix(seen.base))
    for place in ("#street-column", "#agency-column", "#overview-header"):
        inside = f"() => document.querySelector('{place}').innerText"
        assert seen.page.evaluate(inside) == fresh.page.evaluate(inside)


@pytest.mark.long
def test_a_chart_is_first_seen_in_the_ink_of_the_light_page(screen):
    seen = screen((1440, 900)).open("/?theme=light")
    seen.page.evaluate(WATCH)
    seen.page.evaluate("() => window.onemap.url.with({ tab: 'trend' })")
    seen.until("() => window.inks.size > 0")
    seen.settle()
    wanted = """() => { const one = document.createElement('i'); one.style.color = 'var(--t3)'; document.body.append(one);
      const found = getComputedStyle(one).color; one.remove(); return found; }"""
    assert seen.page.evaluate("() => [...window.inks]") == [seen.page.evaluate(wanted)]
