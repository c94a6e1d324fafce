"""The worklist for the phone: one file, nothing loaded, nothing personal, the list's own order."""

import datetime as dt
import json
import re

import pytest

from briefing.folium_page import POLICY
from briefing.worklist_map import document
from briefing.worklist_xlsx import Wanted
from data_access.rulebooks import adopt
from data_access.schema import FACTS
from data_access.versions import raise_versions
from data_access.worklist import worklist
from rules.language import Refusal
from rules.request import Actor, Scope
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, ONLY_B, STREET_A, STREET_B, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
ACTOR = Actor("dfb", "区打非办", "district", WHOLE)


@pytest.fixture(scope="module")
def bound(migrated):
    made = migrated("sqlite")
    build_town(made)
    adopt(made, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    return made


def places(page: str) -> list[dict]:
    return json.loads(re.search(r"var places = (\[.*?\]), colors = ", page, re.S)[1])


def test_the_file_loads_nothing_and_its_places_are_the_list(bound):
    page = document(bound, JULY, WHOLE, now=NOW)
    assert f'content="{POLICY}"' in page
    assert "inline:" not in page
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?!data:)", page)
    found = worklist(bound, JULY, WHOLE, now=NOW)
    listed = places(page)
    assert [one["number"] for one in listed] == list(range(1, len(found) + 1))
    assert [one["lat"] is not None for one in listed] == (found["placed"] != "").tolist()
    assert page.count("<li><button") == len(found)
    desk = found["group"].isin(["police_transfer", "report"]).sum()
    assert 0 < desk < len(found)
    assert f"小镇区今日要去 {len(found) - desk} 处" in page
    assert f"另办 {desk} 项" in page
    assert '<html lang="zh-CN">' in page
    assert "user-scalable" not in page


def test_nobody_is_named_and_another_streets_places_are_not_there(bound):
    page = document(bound, JULY, ONLY_A, now=NOW)
    body = page[page.index("<body"):]
    assert not re.search("示例甲|示例路|000-0000|XZ-00|西镇", body)
    assert "DJ-003" in body
    assert "DJ-003" not in document(bound, JULY, ONLY_B, now=NOW)


def test_a_round_is_drawn_with_its_length(bound):
    page = document(bound, JULY, WHOLE, Wanted(by_route=True, start=(121.0, 31.0)), now=NOW)
    assert "公里" in page
    assert "[31.0, 121.0]" in page
    assert "poly_line_" in page
    assert "poly_line_" not in document(bound, JULY, WHOLE, now=NOW)


def test_without_exact_points_places_stand_at_their_grids(bound):
    exact = {one["where"]: (one["lat"], one["lon"]) for one in places(document(bound, JULY, WHOLE, now=NOW))}
    merged = places(document(bound, JULY, Scope(WHOLE.district, exact_points=False), now=NOW))
    assert {one["near"] for one in merged if "示例工地C1" in one["where"]} == {"位置为网格中心"}
    assert exact


def test_an_area_without_any_outline_has_no_map(bound):
    with pytest.raises(Refusal, match="导入边界"):
        document(bound, JULY.with_(as_of=dt.date(2019, 1, 1), start=dt.date(2019, 1, 1), end=dt.date(2019, 1, 1)), WHOLE, now=NOW)


def test_markup_in_a_name_stays_text(bound):
    from sqlalchemy import update

    from data_access.schema import FACTS
    from data_access.versions import raise_versions

    with bound.write() as connection:
        site = FACTS["construction_site"]
        connection.execute(update(site).where(site.c.number == "C1").values(name="</script><img src=x onerror=alert(1)>{{ 77771 * 3 }}{% nothing %}"))
        raise_versions(connection, WHOLE.district, ["construction_site"], NOW)
    page = document(bound, JULY, WHOLE, now=NOW)
    assert "<img src=x" not in page
    assert "{% nothing %}" in page
    assert "233313" not in page


def test_with_street_outlines_alone_the_places_stand_on_the_streets(migrated):
    made = migrated("sqlite")
    build_town(made)
    adopt(made, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    area = FACTS["area"]
    with made.write() as connection:
        connection.execute(area.delete().where(area.c.level.in_(["grid", "neighbourhood"])))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    page = document(made, JULY, ONLY_A, now=NOW)
    assert STREET_A in page
    assert STREET_B not in page
    assert any(one["lat"] is not None for one in places(page))
    with made.write() as connection:
        connection.execute(area.delete())
        raise_versions(connection, DISTRICT, ["area"], NOW)
    with pytest.raises(Refusal, match="导入边界"):
        document(made, JULY, WHOLE, now=NOW)
