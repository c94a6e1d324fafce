"""The score page tells what is judged by hand and takes it; papers are recorded; the rows of the score open."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from dashboard.door import demo_actor
from dashboard.panels.police_transfers import what_said
from dashboard.views.score import VIEW
from data_access.rulebooks import adopt
from data_access.schema import FACTS
from data_access.score_entries import judgements
from data_access.versions import raise_versions
from rules.language import translator
from rules.repeat_offence import GROUNDS
from rules.request import Actor
from rules.rulebook import shipped
from tests.dashboard.conftest import NOW
from tests.dashboard.reading import walk, words
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, ONLY_B, STREET_A, STREET_B, WHOLE, row

OURS = {"X-Onemap-Request": "1"}
JUDGED = {"street": STREET_A, "item": "score.R1.1", "day": "2023-07-30", "points": "1", "document": "示例通报1号", "note": ""}
GIVEN = {"rule": "report.first_half", "target": f"{STREET_A}.2023-06-30", "day": "2023-07-20", "document": "示例〔2023〕1号"}


@pytest.fixture
def bound(visit, context):
    visit()
    adopt(context.database, list(shipped()), adopter="示例", document="示例", valid_from=dt.date(2023, 1, 1),
          actor=Actor("dfb", "区打非办", "district", WHOLE), now=NOW)  # fmt: skip
    return context


def page(context, scope=WHOLE, search: str = f"?area={STREET_A}"):
    return VIEW.layout(replace(context, actor_of=lambda: demo_actor(scope)).ask(search))


def links(drawn) -> list[str]:
    return [one.href for one in walk(drawn) if type(one).__name__ == "A" and getattr(one, "href", None)]


def test_the_page_says_which_items_a_person_judges(bound):
    said = words(page(bound))
    for item in ("R1.1 未制定下发文件", "R1.2 领导组织机构没有专人负责", "R2.1 未纳入网格化管理", "R2.3 申请后未组织配合联合行动"):
        assert item in said
    # The four, and the table of readings where the last of them stands among the computed ones.
    assert said.count("今年尚未评定") == 5


def test_a_judgement_is_sent_shown_with_its_document_and_taken_back(bound, visit):
    visitor = visit()
    answer = visitor.post("/entries/score", json=JUDGED, headers=OURS)
    assert (answer.status_code, answer.json["sentence"]) == (200, "已评定。")
    said = words(page(bound))
    assert "扣 1 分" in said
    assert "示例通报1号" in said
    undone = visitor.post("/entries/score/undo", json={"batch": answer.json["batch"]}, headers=OURS)
    assert undone.json["sentence"] == "已撤销"
    assert "示例通报1号" not in words(page(bound))


@pytest.mark.parametrize(("path", "body", "status"), [
    ("/entries/score", JUDGED | {"points": "many"}, 422), ("/entries/score", JUDGED | {"points": "9"}, 422), ("/entries/score", JUDGED | {"day": "never"}, 422),
    ("/entries/score", JUDGED | {"item": "score.R2.4"}, 422), ("/entries/score", JUDGED | {"document": ["x"]}, 400), ("/entries/score", [], 400),
    ("/entries/score/undo", {"batch": "nothing"}, 422), ("/entries/report", GIVEN | {"target": "nothing"}, 422), ("/entries/report/undo", {"batch": "x"}, 422),
    ("/entries/score", JUDGED | {"points": "nan"}, 422), ("/entries/score", JUDGED | {"points": "inf"}, 422),
])  # fmt: skip
def test_a_malformed_entry_is_answered_with_a_sentence_and_writes_nothing(bound, visit, path, body, status):
    answer = visit().post(path, json=body, headers=OURS)
    assert answer.status_code == status
    assert answer.json["error"]
    assert judgements(bound.database, JULY, WHOLE).empty


def test_a_form_of_another_site_changes_nothing(bound, visit):
    assert visit().post("/entries/score", json=JUDGED).status_code == 403
    assert judgements(bound.database, JULY, WHOLE).empty


def test_a_street_judges_nobody_and_records_its_own_papers_alone(bound, visit):
    own, other = visit(scope=ONLY_A), visit(scope=ONLY_B)
    assert own.post("/entries/score", json=JUDGED, headers=OURS).status_code == 422
    assert other.post("/entries/report", json=GIVEN, headers=OURS).status_code == 422
    assert own.post("/entries/report", json=GIVEN, headers=OURS).json["sentence"] == "已登记报送。"
    assert own.post("/entries/report", json=GIVEN, headers=OURS).status_code == 422
    said = words(page(bound, ONLY_A))
    assert "只有区打非办可以评定考核细则。" in said
    assert "今年尚未评定" in said


def test_the_rows_of_the_score_open_in_the_drawer_or_their_register(bound):
    found = links(page(bound))
    assert f"/street?area={STREET_A}&select=site:site-S2" in found
    media = next(one for one in found if "rows=K37" in one)
    assert re.search(r"narrow=id:", media)
    assert f"/street?area={STREET_A}&select=grid:DJ-003" in found
    ticks = next(one for one in walk(page(bound)) if getattr(one, "id", None) == "score-ticks")
    boxes = [one.to_plotly_json()["props"]["data-tick"] for one in walk(page(bound)) if getattr(one, "className", None) == "tick"]
    assert boxes == [option["value"] for option in ticks.options]
    assert "grid:DJ-003" in boxes


def test_who_must_go_to_the_police_stands_on_the_page_with_the_article_and_both_readings(bound):
    day = dt.datetime(2023, 7, 31, 9, tzinfo=CHINA)
    with bound.database.write() as connection:
        person = {"kind": "person", "qualification": "none", "street_code": STREET_A, "located": "area"}
        for place, (table, values) in enumerate((
            ("subject", {"id": "subject-Z", "number": "Z", **person}), ("subject", {"id": "subject-Y", "number": "Y", **person}),
            ("adverse_event", {"number": "H1", "day": dt.date(2023, 7, 20), "kind": "disability", "count": 1, "located": "area", "street_code": STREET_A, "subject_id": "subject-Z"}),
            ("penalty", {"number": "P1", "subject_id": "subject-Y", "day": dt.date(2022, 5, 1), "kind": "fine", "agency_code": "WJS"}),
            ("penalty", {"number": "P2", "subject_id": "subject-Y", "day": dt.date(2023, 3, 1), "kind": "fine", "agency_code": "WJS"}),
        )):  # fmt: skip
            connection.execute(FACTS[table].insert(), [row(table, 970 + place, **values)])
        raise_versions(connection, DISTRICT, ["subject", "adverse_event", "penalty"], day)
    said = words(page(bound))
    assert "法释〔2016〕27号 第二条（一）" in said
    assert "致人死亡或残疾" in said
    assert "两种读法不同的 1 人" in said
    other = words(page(bound, search=f"?area={STREET_B}"))
    assert "两种读法不同" not in other


@pytest.mark.parametrize("ground", list(GROUNDS))
def test_every_ground_is_said_with_its_article(ground):
    said = what_said(translator("zh_CN"), {"what": ground, "table": "seizure" if ground != "again" else "lead", "settled": False})
    assert ("待认定危害" in said) is (ground != "again")
