"""The rules page over HTTP: everybody sees, only the district changes, the effect comes first."""

import datetime as dt
import json

import pytest

from data_access.rulebooks import rulebook_of, working_days
from data_access.schema import FACTS
from data_access.versions import raise_versions
from tests.dashboard.conftest import NOW
from tests.town import DISTRICT, JULY, ONLY_A, POLICE, STREET_A, WHOLE, row

OURS = {"X-Onemap-Request": "1"}
CHANGE = {"rule": "visit.grid", "changes": {"amount": "10"}, "valid_from": "2023-07-01", "reason": "加密"}


def post(visitor, path: str, body: object, headers=OURS):
    return visitor.post(f"/rules{path}", json=body, headers=headers)


def amount(context) -> int:
    return rulebook_of(context.database, JULY, WHOLE)["visit.grid"].amount


def page(visitor, search: str = "") -> str:
    return json.dumps(visitor.callback("page.children", "/rules", search).json, ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_lists_every_rule_with_its_source(visitor, lang):
    text = page(visitor, f"?lang={lang}")
    assert text.count("data-rule") == 68
    assert ("S3 附件3 二.4" if lang == "zh" else "S3 Annex 3 II.4") in text


def test_a_rule_tells_its_clause_its_fields_and_who_adopted_it(visitor):
    found = visitor.get("/rules/item/visit.site_closed").json
    assert found["clause"].startswith("未对已经被取缔")
    assert found["editable"] is True
    assert found["adopted"] is False
    assert [one["name"] for one in found["fields"]][:2] == ["amount", "unit"]
    assert visitor.get("/rules/item/no.such").status_code == 404


def test_the_effect_is_told_before_anything_is_saved(visitor, context):
    found = post(visitor, "/effect", CHANGE).json
    assert any("变为逾期" in sentence for sentence in found["sentences"])
    assert found["rows"]
    assert amount(context) == 30


def test_a_change_makes_a_version_and_is_undone_from_the_history(visitor, context):
    answer = post(visitor, "/change", CHANGE)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert amount(context) == 10
    history = visitor.get("/rules/item/visit.grid").json["history"]
    assert (history[0]["changes"], history[0]["reason"]) == (["数量 30 → 10"], "加密")
    assert post(visitor, "/undo", {"batch": history[0]["batch"]}).status_code == 200
    assert amount(context) == 30
    assert visitor.get("/rules/item/visit.grid").json["history"][0]["undone"] is True


def test_a_later_version_keeps_an_earlier_one_from_being_undone_and_says_so(visitor):
    post(visitor, "/change", CHANGE)
    assert "已有另一个版本" not in "".join(post(visitor, "/effect", CHANGE).json["sentences"])
    post(visitor, "/change", {**CHANGE, "changes": {"note": "说明"}, "valid_from": "2023-07-20"})
    first = visitor.get("/rules/item/visit.grid").json["history"][1]["batch"]
    assert "沿用了这次修改的 数量" in post(visitor, "/undo", {"batch": first}).json["error"]
    assert post(visitor, "/effect", CHANGE).json["sentences"][0] == "2023-07-20 起已有另一个版本：这次修改只管到 2023-07-19，那个版本不变"


def test_the_slower_of_two_editors_is_told_and_changes_nothing(visitor, context):
    mark = visitor.get("/rules/item/visit.grid").json["mark"]
    assert post(visitor, "/change", {**CHANGE, "mark": mark}).status_code == 200
    slower = post(visitor, "/change", {**CHANGE, "changes": {"amount": "20"}, "mark": mark})
    assert slower.status_code == 422
    assert "它又有了改动（" in slower.json["error"]
    assert amount(context) == 10
    again = visitor.get("/rules/item/visit.grid").json["mark"]
    assert again != mark
    assert post(visitor, "/undo", {"batch": visitor.get("/rules/item/visit.grid").json["history"][0]["batch"]}).status_code == 200
    assert post(visitor, "/change", {**CHANGE, "mark": again}).status_code == 422


def test_a_reading_of_the_rubric_tells_the_streets_before_it_is_saved(visitor):
    found = post(visitor, "/effect", {"rule": "score.base", "changes": {"points": "90"}, "valid_from": "2023-07-01"}).json
    assert "会使 2 个街镇的得分改变，合计 −20 分" in found["sentences"]
    assert [row["place"] for row in found["rows"]] == ["得分", "得分"]
    assert found["worse"] is True


def test_words_to_change_stand_in_the_reader_s_language(visitor):
    fields = {one["name"]: one for one in visitor.get("/rules/item/visit.construction?lang=en").json["fields"]}
    assert fields["owner"]["value"] == fields["owner"]["default"] == "管理办"
    assert not any("\u4e00" <= letter <= "\u9fff" for name in ("owner", "note") for letter in fields[name]["shown"] + fields[name]["shown_default"])


def test_an_adoption_is_shown_with_its_document_and_can_be_ended(visitor, context):
    body = {"rules": ["visit.grid"], "adopter": "示例区打非办", "document": "示例1号", "valid_from": "2023-01-01", "valid_to": ""}
    assert post(visitor, "/adopt", body).status_code == 200
    assert visitor.get("/rules/item/visit.grid").json["adoptions"][0]["document"] == "示例1号"
    assert post(visitor, "/end", {"rule": "visit.grid", "last_day": "2023-06-30"}).status_code == 200
    assert visitor.get("/rules/item/visit.grid").json["adopted"] is False
    assert visitor.get("/rules/item/visit.grid?as_of=2023-06-30").json["adopted"] is True


def test_an_adoption_and_its_end_are_taken_back_from_where_they_are_shown(visitor):
    body = {"rules": ["visit.grid", "visit.construction"], "adopter": "示例区打非办", "document": "示例1号", "valid_from": "2023-01-01", "valid_to": ""}
    post(visitor, "/adopt", body)
    post(visitor, "/end", {"rule": "visit.grid", "last_day": "2023-06-30"})
    (ended,) = visitor.get("/rules/item/visit.grid").json["adoptions"]
    assert (ended["to"], ended["together"]) == ("2023-06-30", 1)
    assert post(visitor, "/undo", {"batch": ended["batch"]}).status_code == 200
    (first,) = visitor.get("/rules/item/visit.grid").json["adoptions"]
    assert (first["to"], first["together"]) == ("", 2)
    assert post(visitor, "/undo", {"batch": first["batch"]}).status_code == 200
    assert visitor.get("/rules/item/visit.construction").json["adoptions"] == []


@pytest.mark.parametrize("working", [None, 1, "true", [], {}])
def test_a_day_is_worked_or_not_and_nothing_else(visitor, working):
    assert post(visitor, "/days", {"day": "2027-01-04", "working": working, "name": "补班"}).status_code == 400


def test_a_change_of_nothing_makes_no_version(visitor):
    assert post(visitor, "/change", CHANGE | {"changes": {}}).json["error"] == "没有改动。"
    assert visitor.get("/rules/item/visit.grid").json["history"] == []


@pytest.mark.parametrize("scope", [ONLY_A, POLICE])
def test_who_is_not_the_district_sees_rules_and_cannot_change_them(visit, context, scope):
    narrow = visit(scope=scope)
    assert narrow.get("/rules/item/visit.grid").json["editable"] is False
    assert "规则由区打非办统一设置" in page(narrow)
    for path, body in (
        ("/change", CHANGE), ("/effect", CHANGE), ("/adopt", {"rules": ["visit.grid"], "adopter": "甲", "document": "", "valid_from": "2023-01-01"}),
        ("/days", {"day": "2027-02-08", "working": False, "name": ""}), ("/undo", {"batch": "x"}), ("/end", {"rule": "visit.grid", "last_day": "2023-06-30"}),
    ):  # fmt: skip
        assert post(narrow, path, body).status_code == 422, path
    assert amount(context) == 30


@pytest.mark.parametrize(("path", "body", "status"), [
    ("/change", [], 400), ("/change", {"rule": "visit.grid"}, 400), ("/change", {**CHANGE, "rule": 7}, 400), ("/change", {**CHANGE, "valid_from": "heute"}, 422),
    ("/change", {**CHANGE, "reason": ""}, 422), ("/change", {**CHANGE, "changes": {"amount": "1e9"}}, 422), ("/change", {**CHANGE, "changes": {"id": "x"}}, 422),
    ("/change", {**CHANGE, "rule": "no.such"}, 422), ("/effect", {"rules": "visit.grid"}, 400), ("/undo", {"batch": "batch-town"}, 422),
    ("/days", {"day": "1900-01-01", "working": True, "name": ""}, 422),
])  # fmt: skip
def test_a_malformed_request_is_answered_with_a_sentence_and_writes_nothing(visitor, context, path, body, status):
    answer = post(visitor, path, body)
    assert answer.status_code == status
    assert answer.json["error"]
    assert amount(context) == 30


def test_a_form_of_another_site_changes_nothing(visitor, context):
    assert post(visitor, "/change", CHANGE, headers={}).status_code == 403
    assert amount(context) == 30


def test_a_huge_body_is_refused(visitor):
    assert post(visitor, "/change", {**CHANGE, "reason": "长" * 100_000}).status_code == 413


def test_words_of_a_reason_stay_words(visitor):
    post(visitor, "/change", {**CHANGE, "reason": "<img src=x onerror=alert(1)>"})
    found = visitor.get("/rules/item/visit.grid")
    assert found.json["history"][0]["reason"] == "<img src=x onerror=alert(1)>"
    assert found.mimetype == "application/json"


def test_a_day_off_is_entered_and_shown(visitor):
    assert post(visitor, "/days", {"day": "2027-02-08", "working": False, "name": "春节"}).status_code == 200
    assert "2027-02-08" in page(visitor)


def test_a_holiday_of_several_days_is_entered_at_once(visitor, context):
    holiday = {"day": "2027-02-05", "last_day": "2027-02-12", "working": False, "name": "春节"}
    assert post(visitor, "/days", holiday).status_code == 200
    calendar = working_days(context.database, WHOLE)
    assert [calendar.is_working(dt.date(2027, 2, day)) for day in (4, 5, 12, 15)] == [True, False, False, True]
    for last in ("2027-02-04", "2027-03-08"):
        assert post(visitor, "/days", {**holiday, "last_day": last}).status_code == 422


def write(context, table: str, **values) -> None:
    with context.database.write() as connection:
        connection.execute(FACTS[table].insert(), [row(table, 970, **values)])
        raise_versions(connection, DISTRICT, [table], NOW)


def test_an_extended_case_shows_both_days_and_its_document(visitor, context):
    write(context, "case_event", number="A1-x", case_id="case-A1", day=dt.date(2023, 7, 20), event="extended", until=dt.date(2023, 8, 31), document="示延1号")
    text = visitor.street("?select=case:case-A1") + visitor.agency("?select=case:case-A1")
    assert "原期限 8月1日，延至 8月31日（示延1号）" in text


def test_who_must_go_to_the_police_stands_in_the_panel_by_number_alone(visitor, context):
    assert "没有应移送公安的人员" in visitor.agency("?tab_agency=transfers")
    write(context, "subject", id="subject-Z", number="R-9", kind="person", name="示例某", qualification="none", prior_penalties=2, street_code=STREET_A, located="area")
    write(context, "patrol_visit", number="V-Z", day=dt.date(2023, 7, 30), agency_code="WJS", target_kind="subject", target_id="subject-Z", mode="inspection", finding="confirmed", visits=1, located="area", street_code=STREET_A)
    text = visitor.agency("?tab_agency=transfers")
    assert "R-9" in text
    assert "2 次处罚后再次行医 7月30日" in text
    assert "示例某" not in text


def test_a_fresh_district_is_told_that_nothing_binds_and_adopts_everything_at_once(visitor, visit, context):
    assert "还没有采纳任何规则" in page(visitor)
    assert '"rules-adopt"' in page(visitor)
    narrow = page(visit(scope=ONLY_A))
    assert "由区打非办采纳后生效" in narrow
    assert '"rules-adopt"' not in narrow
    every = list(rulebook_of(context.database, JULY, WHOLE).rules)
    body = {"rules": every, "adopter": "示例区打非办", "document": "示例1号", "valid_from": "2023-01-01", "valid_to": ""}
    assert post(visitor, "/adopt", body).status_code == 200
    assert rulebook_of(context.database, JULY, WHOLE).adopted == frozenset(every)
    assert '"rules-adopt"' not in page(visitor)


@pytest.mark.parametrize("said", ["half \ud800", "nul \0"])
@pytest.mark.parametrize("path", ["/rules/change", "/rules/adopt", "/rules/days", "/rules/undo", "/rules/effect", "/import/undo", "/import/take", "/street/handover"])
def test_a_text_that_cannot_be_kept_is_no_failure_of_the_server(visitor, path, said):
    named = ("rule", "reason", "adopter", "document", "batch", "name", "token", "rule_id", "target_kind", "target_id", "action", "to")
    body = {**dict.fromkeys(named, said), "rules": [said], "changes": {"amount": said}, "valid_from": "2023-07-01", "day": "2023-07-01"}
    answer = visitor.post(path, data=json.dumps(body), headers=OURS, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"].startswith("请求读不懂")
    assert "JSON" in answer.json["detail"]


@pytest.mark.parametrize("path", ["/rules/change", "/rules/undo", "/import/undo", "/import/take", "/street/handover"])
def test_a_body_nested_without_end_is_no_failure_of_the_server(visitor, path):
    answer = visitor.post(path, data=b"[" * 15_000, headers=OURS, content_type="application/json")
    assert answer.status_code == 400


def test_options_that_are_no_fields_are_refused_with_a_sentence(visitor):
    answer = post(visitor, "/change", {**CHANGE, "changes": {"options": [1]}})
    assert answer.status_code == 422
    assert "不能修改" in answer.json["error"]
