"""The record page on a phone: with a thumb, by keyboard, without a network; nothing is sent twice and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select

from data_access.database import Database
from data_access.schema import FACTS, patrol_visit, visit_photo
from tests.browser.here import Here, demo_in
from tests.browser.screen import ARTEFACTS, PATIENCE_MS
from tests.browser.test_overview import AXE

PHONE = {"width": 390, "height": 844}
STREET = "990114005"


@pytest.fixture(scope="module")
def own(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Here, Database]]:
    folder = tmp_path_factory.mktemp("record")
    demo_in(folder, demo_file)
    server, database = Here(folder / "demo.sqlite", folder), Database.open(f"sqlite:///{folder / 'demo.sqlite'}")
    server.start()
    yield server, database
    server.stop()
    database.close()


@pytest.fixture
def server(own: tuple[Here, Database]) -> Here:
    if not own[0].is_running:
        own[0].start()
    return own[0]


@pytest.fixture
def grid(own: tuple[Here, Database]) -> tuple[str, float, float]:
    """A grid of the street and a point in it."""
    area = FACTS["area"]
    with own[1].read() as connection:
        row = connection.execute(select(area.c.code, area.c.label_lon, area.c.label_lat).where(
            area.c.level == "grid", area.c.superseded_at.is_(None), area.c.valid_to.is_(None), area.c.code.startswith("HD-"), area.c.label_lon.is_not(None),
        ).order_by(area.c.code).limit(1)).one()
    return tuple(row)


@pytest.fixture
def phone(browser: Browser, grid) -> Iterator[BrowserContext]:
    """A phone that stands in the grid."""
    made = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, permissions=["geolocation"],
                               geolocation={"longitude": grid[1], "latitude": grid[2], "accuracy": 8})  # fmt: skip
    yield made
    made.close()


class Told(list):
    """What a page complained about."""


def opened(phone: BrowserContext, server: Here, search: str) -> tuple[Page, Told]:
    page, told = phone.new_page(), Told()
    page.on("console", lambda message: message.type in {"error", "warning"} and told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((server.base, "data:", "blob:")) else told.append(request.url))
    page.goto(server.base + search)
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    return page, told


def until(page: Page, what, message: str) -> None:
    """Wait until a plain function says true."""
    for _ in range(PATIENCE_MS // 100):
        if what():
            return
        page.wait_for_timeout(100)
    raise TimeoutError(message)


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.locator("label.choice", has_text=name).tap()


def noted(own, note: str) -> int:
    """How many visits carry a note."""
    with own[1].read() as connection:
        return connection.execute(select(func.count()).select_from(patrol_visit).where(patrol_visit.c.note == note)).scalar()


def waiting(page: Page) -> int:
    return page.evaluate("() => window.onemap.offline.counts().then((c) => c.waiting)")


def axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document)")
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def small_targets(page: Page) -> list[str]:
    """What is pressed and smaller than 44 px (a choice is pressed on its label)."""
    return page.evaluate("""() => [...document.querySelectorAll("a, button, select, input, textarea, summary, .tick, .choice")]
        .filter((one) => one.offsetParent && !one.closest(".visually-hidden, .tick input") && !(one.matches("input") && one.closest(".choice, .tick")))
        .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.height < 44 || box.width < 44)
        .map(([one, box]) => one.outerHTML.slice(0, 90) + " " + Math.round(box.width) + "x" + Math.round(box.height))""")


def photo(folder: Path) -> Path:
    held = io.BytesIO()
    Image.new("RGB", (1200, 900), (120, 140, 130)).save(held, "JPEG")
    (folder / "现场.jpg").write_bytes(held.getvalue())
    return folder / "现场.jpg"


def test_a_suspect_finding_is_recorded_with_a_thumb(phone, server, own, grid, tmp_path):
    page, told = opened(phone, server, f"/record?target=grid:{grid[0]}&area={STREET}")
    until(page, lambda: "误差 8 米" in page.inner_text(".location-text"), "no position")
    assert page.inner_text(".location-text") == f"在 {grid[0]} 内，误差 8 米"
    choose(page, "发现疑似", "口腔")
    page.fill("textarea[name=note]", "二楼出租房内有牙椅 1 台，无人应答")
    page.set_input_files("#photo-picker", photo(tmp_path))
    page.wait_for_selector(".photo canvas")
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "record-390x844.png")
    page.screenshot(path=ARTEFACTS / "record-whole-390.png", full_page=True)
    assert axe(page) == []
    assert small_targets(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert "已形成线索 XC20230731-" in page.inner_text(".done")
    assert axe(page) == []
    assert told == []
    with own[1].read() as connection:
        row = connection.execute(select(patrol_visit).where(patrol_visit.c.note.startswith("二楼出租房"))).one()
        kept = connection.execute(select(visit_photo.c.width, visit_photo.c.height).where(visit_photo.c.visit_id == row.id)).all()
    assert (row.finding, row.grid_code, row.position, row.off_m, row.accuracy_m, row.day.isoformat()) == ("suspect", grid[0], "device", 0.0, 8.0, "2023-07-31")
    assert kept == [(1200, 900)]
    page.locator(".done-links a").tap()
    page.wait_for_selector(".history li", timeout=PATIENCE_MS)
    page.wait_for_selector(".photo img")
    assert axe(page) == []
    page.fill("input[name=visits]", "2")
    page.locator(".record-foot .is-primary").tap()
    until(page, lambda: page.locator(".history > li").count() == 2, "the change is not shown")
    assert "户次：1 → 2" in page.inner_text(".history")
    page.screenshot(path=ARTEFACTS / "record-changed-390.png", full_page=True)


def test_without_a_network_a_record_waits_survives_a_reload_and_is_sent_once(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    server.stop()
    phone.set_offline(True)
    page.reload()
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    until(page, lambda: "没有网络" in page.inner_text(".banner"), "nothing is said of the network")
    assert page.inner_text(".subject") == grid[0]
    assert page.inner_text(".is-submit") == "存本机"
    choose(page, "发现疑似", "口腔")
    page.fill("textarea[name=note]", "没有网络时记下")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert "待传 1 条" in page.inner_text(".banner")
    page.screenshot(path=ARTEFACTS / "record-offline-390.png")
    assert axe(page) == []
    page.reload()
    until(page, lambda: page.locator(".banner").is_visible() and "待传 1 条" in page.inner_text(".banner"), "the record is gone")
    second = phone.new_page()
    server.start()
    phone.set_offline(False)
    second.goto(server.base + "/record")
    until(page, lambda: noted(own, "没有网络时记下") == 1, "not sent")
    until(page, lambda: waiting(page) == 0, "still waits")
    page.wait_for_timeout(2500)
    assert noted(own, "没有网络时记下") == 1
    with own[1].read() as connection:
        lead = FACTS["lead"]
        visit = connection.execute(select(patrol_visit.c.id).where(patrol_visit.c.note == "没有网络时记下")).scalar()
        assert connection.execute(select(func.count()).where(lead.c.visit_id == visit)).scalar() == 1


def test_an_answer_lost_on_its_way_does_not_make_a_second_visit(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/visits?*", lose)
    choose(page, "无异常")
    page.fill("textarea[name=note]", "答复丢失")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert lost == [200]
    until(page, lambda: waiting(page) == 0, "still waits")
    assert noted(own, "答复丢失") == 1


def kept_targets(page: Page) -> list[str]:
    """Addresses of the targets that the device keeps."""
    return page.evaluate("""async () => { const found = [];
        for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys())
            if (new URL(one.url).pathname === "/record/target") found.push(new URL(one.url).searchParams.get("target"));
        return found; }""")


def drafts(page: Page) -> int:
    return page.evaluate("""() => new Promise((done) => { const asked = indexedDB.open("onemap");
        asked.onsuccess = () => { const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
            all.onsuccess = () => { asked.result.close(); done(all.result.length); }; }; })""")


def test_pressed_twice_without_a_network_it_is_sent_once(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    choose(page, "无异常")
    page.fill("textarea[name=note]", "按了两次")
    phone.set_offline(True)
    page.evaluate("() => { const button = document.querySelector('.is-submit'); button.click(); button.click(); }")
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert waiting(page) == 1
    phone.set_offline(False)
    until(page, lambda: waiting(page) == 0, "still waits")
    page.wait_for_timeout(2500)
    assert noted(own, "按了两次") == 1


KEEP_TWO = """async (grid) => {
    const offline = window.onemap.offline, about = { actor: JSON.parse(document.getElementById("record").dataset.about).actor, lang: "zh_CN", label: grid };
    const record = (note) => ({ id: offline.newId(), at: new Date(Date.now() + Number(localStorage.getItem("onemap-clock"))).toISOString(),
        target: { kind: "grid", id: grid }, outcome: "none", note });
    const stays = [await offline.keep(record("绊脚"), [], about)];
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    stays.push(await offline.keep(record("没有空间"), [], about));
    offline.flush();
    return stays;
}"""


def test_an_answer_of_500_is_no_answer_and_the_record_is_sent_again(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    failed = []

    def fail(route):
        if len(failed) < 2:
            failed.append(500)
            route.fulfill(status=500, content_type="text/html", body="<h1>500</h1>")
        else:
            route.continue_()

    page.route("**/visits?*", fail)
    choose(page, "无异常")
    page.fill("textarea[name=note]", "先错后对")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert "已存本机" in page.inner_text(".done")
    until(page, lambda: waiting(page) == 0, "still waits")
    assert failed == [500, 500]
    assert noted(own, "先错后对") == 1
    # What the server stumbles over holds up nobody behind it, and a device without room still sends what is written.
    page.unroute("**/visits?*")
    page.route("**/visits?*", lambda route: route.fulfill(status=500, body="") if "绊脚" in route.request.post_data else route.continue_())
    stays = page.evaluate(KEEP_TWO, grid[0])
    assert stays == [True, False]
    until(page, lambda: waiting(page) == 1, "the second still waits")
    assert (noted(own, "绊脚"), noted(own, "没有空间")) == (0, 1)


def test_a_half_typed_form_survives_a_reload_and_a_closed_tab_until_it_is_cleared(phone, server, own, grid, tmp_path):
    where = f"/record?target=grid:{grid[0]}&area={STREET}"
    page, _ = opened(phone, server, where)
    choose(page, "发现疑似", "口腔")
    page.fill("textarea[name=note]", "写到一半")
    page.locator(".sheet summary").tap()
    page.fill("input[name='form.unit_name']", "示例诊所")
    page.set_input_files("#photo-picker", photo(tmp_path))
    until(page, lambda: "暂存在本机" in page.inner_text(".is-draft"), "not kept")
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    page.close()
    page, _ = opened(phone, server, where)
    assert page.input_value("textarea[name=note]") == "写到一半"
    assert page.input_value("input[name='form.unit_name']") == "示例诊所"
    assert page.locator("input[name=outcome]:checked").get_attribute("value") == "suspect"
    assert page.locator("input[name=category]:checked").get_attribute("value") == "dental"
    assert page.locator(".photo").count() == 1
    assert "已恢复" in page.inner_text(".is-draft")
    assert axe(page) == []
    assert small_targets(page) == []
    page.screenshot(path=ARTEFACTS / "record-draft-390.png")
    page.locator(".is-draft .btn").tap()
    until(page, lambda: page.locator("textarea[name=note]").count() == 1 and page.input_value("textarea[name=note]") == "", "not cleared")
    assert page.locator(".photo").count() == 0
    assert drafts(page) == 0


@pytest.mark.long
def test_a_draft_goes_with_its_record_and_so_does_the_target(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    choose(page, "无异常")
    page.fill("textarea[name=note]", "草稿送出")
    until(page, lambda: drafts(page) == 1, "not kept")
    assert kept_targets(page) == [f"grid:{grid[0]}"]
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert drafts(page) == 0
    until(page, lambda: kept_targets(page) == [], "the target stays on the device")


@pytest.mark.long
def test_only_the_target_in_hand_is_kept_and_another_scope_finds_nothing(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{server.base}/record?target=grid:{STREET}")
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    page.goto(f"{server.base}/record?target=grid:{grid[0]}")
    page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
    until(page, lambda: kept_targets(page) == [f"grid:{grid[0]}"], "an earlier target is kept")
    page.fill("textarea[name=note]", "只给本人看")
    until(page, lambda: drafts(page) == 1, "not kept")
    server.stop()
    server.start(demo_scope=f"street:{STREET}")
    try:
        page.goto(f"{server.base}/record?area={STREET}")
        page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
        until(page, lambda: kept_targets(page) == [], "the other scope's target is kept")
        assert drafts(page) == 0
        page.goto(f"{server.base}/record?target=grid:{grid[0]}")
        page.wait_for_selector("#record[data-ready='1']", timeout=PATIENCE_MS)
        assert "只给本人看" not in page.content()
        assert page.locator("textarea[name=note]").count() == 0 or page.input_value("textarea[name=note]") == ""
    finally:
        server.stop()
        server.start()


@pytest.mark.long
def test_a_refused_record_stays_with_its_reason_and_is_mended(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    choose(page, "无异常")
    page.fill("textarea[name=note]", "改正后收下")
    page.fill("input[name=visits]", "0")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".problem", timeout=PATIENCE_MS)
    assert "户次应为" in page.inner_text(".problem")
    page.goto(server.base + "/record?waiting=1")
    page.wait_for_selector(".queue-item", timeout=PATIENCE_MS)
    assert "户次应为" in page.inner_text(".queue-item")
    assert axe(page) == []
    page.screenshot(path=ARTEFACTS / "record-queue-390.png")
    page.locator(".queue-item a").tap()
    page.wait_for_selector("input[name=visits]", timeout=PATIENCE_MS)
    assert page.input_value("textarea[name=note]") == "改正后收下"
    page.fill("input[name=visits]", "1")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert noted(own, "改正后收下") == 1
    assert page.evaluate("() => window.onemap.offline.all()") == []


@pytest.mark.long
def test_a_record_of_an_unknown_target_is_not_lost_and_takes_another(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    page.evaluate("""() => window.onemap.offline.keep({ id: window.onemap.offline.newId(), at: "2023-07-31T10:40:00+08:00", target: { kind: "site", id: "gone" },
        outcome: "none", note: "换个对象" }, [], { actor: "demo", lang: "zh_CN", label: "gone" }).then(() => window.onemap.offline.flush())""")
    until(page, lambda: "1 条没有被接收" in page.inner_text(".banner"), "not refused")
    item = page.evaluate("() => window.onemap.offline.all().then((list) => list[0].id)")
    page.goto(f"{server.base}/record?queue={item}&area={STREET}")
    page.wait_for_selector("select[name=grid]", timeout=PATIENCE_MS)
    page.select_option("select[name=grid]", grid[0])
    page.locator(".record-foot .btn").tap()
    page.wait_for_selector(".record-form", timeout=PATIENCE_MS)
    assert page.input_value("textarea[name=note]") == "换个对象"
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert noted(own, "换个对象") == 1
    assert page.evaluate("() => window.onemap.offline.all()") == []


def test_a_record_of_somebody_else_is_not_sent(phone, server, own, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}")
    page.evaluate("""(code) => window.onemap.offline.keep({ id: window.onemap.offline.newId(), at: "2023-07-31T10:40:00+08:00", target: { kind: "grid", id: code },
        outcome: "none", note: "别人的登记" }, [], { actor: "somebody", lang: "zh_CN", label: code }).then(() => window.onemap.offline.flush())""", grid[0])
    until(page, lambda: "1 条没有被接收" in page.inner_text(".banner"), "not refused")
    assert noted(own, "别人的登记") == 0


def test_a_position_outside_is_said_and_kept(browser, server, own, grid):
    far = browser.new_context(viewport=PHONE, has_touch=True, permissions=["geolocation"], geolocation={"longitude": grid[1] + 0.1, "latitude": grid[2], "accuracy": 20})
    page, _ = opened(far, server, f"/record?target=grid:{grid[0]}")
    until(page, lambda: "外约" in page.inner_text(".location-text"), "nothing is said")
    page.locator(".small-map").click()
    until(page, lambda: "已点选" in page.inner_text(".location-text"), "the tap did nothing")
    page.locator(".location-tools .btn").first.click()
    until(page, lambda: "外约" in page.inner_text(".location-text"), "not measured again")
    choose(page, "无异常")
    page.fill("textarea[name=note]", "在别处登记")
    # What sends what waits may come first: the page says what became of the record all the same.
    page.evaluate("() => { const { offline } = window.onemap, keep = offline.keep; offline.keep = async (...of) => { const stays = await keep(...of); await offline.flush(); return stays; }; }")
    page.locator(".is-submit").tap()
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert "已照实记下" in page.inner_text(".done")
    with own[1].read() as connection:
        row = connection.execute(select(patrol_visit).where(patrol_visit.c.note == "在别处登记")).one()
    assert row.grid_code == grid[0]
    assert row.off_m > 5_000
    far.close()


def test_without_https_the_page_says_so_and_takes_a_tapped_position_by_keyboard(browser, server, own, grid):
    plain = browser.new_context(viewport=PHONE)
    plain.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page, told = opened(plain, server, f"/record?target=grid:{grid[0]}")
    assert "没有使用 HTTPS" in page.inner_text(".notice")
    assert axe(page) == []
    page.locator(".small-map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert "已点选" in page.inner_text(".location-text")
    page.locator("input[name=outcome][value=none]").focus()
    page.keyboard.press("Space")
    page.fill("textarea[name=note]", "只用键盘")
    page.locator(".is-submit").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".done", timeout=PATIENCE_MS)
    assert noted(own, "只用键盘") == 1
    assert told == []
    plain.close()


@pytest.mark.long
def test_an_unknown_target_is_said_and_another_can_be_chosen(phone, server):
    page, _ = opened(phone, server, f"/record?target=site:nothing&area={STREET}")
    assert "没有这个巡查对象" in page.inner_text(".problem")
    assert axe(page) == []
    page.select_option("select[name=grid]", index=1)
    page.locator(".record-foot .btn").tap()
    page.wait_for_selector(".record-form", timeout=PATIENCE_MS)


def test_the_page_speaks_english_without_a_chinese_word_of_ours(phone, server, grid):
    page, _ = opened(phone, server, f"/record?target=grid:{grid[0]}&lang=en")
    choose(page, "Confirmed")
    page.locator(".sheet summary").tap()
    page.screenshot(path=ARTEFACTS / "record-english-390.png", full_page=True)
    assert axe(page) == []
    words = page.evaluate("() => document.querySelector('.record-form').innerText.match(/[\\u4e00-\\u9fff]+/g) || []")
    assert words == []
