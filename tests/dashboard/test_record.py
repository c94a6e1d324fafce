"""The routes behind the record page: within the scope, once, with a sentence for everything refused."""

import base64
import io
import json
import uuid

import pytest
from PIL import Image
from sqlalchemy import func, select

from dashboard import visit_server
from dashboard.record_page import FORM_ORDER, WORDS
from data_access.figures import figures
from data_access.schema import audit_event, patrol_visit
from rules.visit_record import FORM_FIELDS
from tests.town import JULY, ONLY_A, ONLY_B, WHOLE

OURS = {"X-Onemap-Request": "1"}


def plain(target="grid:DJ-001", outcome="none", **more):
    kind, _, identifier = target.partition(":")
    return {"id": str(uuid.uuid4()), "at": "2023-07-31T10:40:00+08:00", "target": {"kind": kind, "id": identifier}, "outcome": outcome, **more}


def send(visitor, said, **headers):
    return visitor.post("/visits", json=said, headers={**OURS, **headers})


def picture():
    held = io.BytesIO()
    Image.new("RGB", (64, 48), (1, 2, 3)).save(held, "PNG")
    return base64.b64encode(held.getvalue()).decode()


def rows(context, identifier):
    with context.database.read() as connection:
        return connection.execute(select(func.count()).where(patrol_visit.c.id == identifier)).scalar()


def test_a_record_sent_twice_counts_once_and_other_content_is_a_conflict(visitor, context):
    said = plain(visits=2)
    before = figures(context.database, JULY, WHOLE)["K1"].value
    first, second = send(visitor, said), send(visitor, said)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json["already"], second.json["already"]) == (False, True)
    other = send(visitor, said | {"visits": 3})
    assert other.status_code == 409
    assert len(other.json["error"]) > 8
    assert figures(context.database, JULY, WHOLE)["K1"].value == before + 2


def test_a_suspect_finding_tells_the_number_of_its_lead(visitor):
    told = send(visitor, plain(outcome="suspect")).json
    assert told["lead"]["number"] in told["sentence"]
    assert told["offers"] == []


def test_a_confirmed_finding_offers_the_letter_with_its_data(visitor):
    told = send(visitor, plain("site:site-S2", "confirmed", form={"joint_wanted": True})).json
    letter = visitor.get(told["offers"][0]["href"]).json
    # In the quarter up to 07-31 in 东街道: S2 on 07-10, 07-15 and now, and the check of lead L1 on 07-20.
    assert (letter["start"], letter["end"], letter["found"], letter["unheeding"]) == ("2023-07-01", "2023-07-31", 2, 1)
    assert (letter["from"], letter["agencies"]) == ("东街道", ["卫生监督", "公安", "市场监管"])


@pytest.mark.parametrize("target", ["grid:XZ-001", "site:site-S3", "site:nothing", "lead:lead-L3", "case:case-A1", "grid:", ""])
def test_what_is_elsewhere_answers_exactly_like_what_is_nowhere(visit, target):
    mine = visit(ONLY_A)
    nowhere = mine.get("/record/target?target=site:no-such-site")
    answer = mine.get(f"/record/target?target={target}")
    assert (answer.status_code, answer.data) == (404, nowhere.data)
    if target.count(":") == 1 and not target.endswith(":") and not target.startswith("case"):
        sent, other = send(mine, plain(target)), send(mine, plain("site:no-such-site"))
        assert (sent.status_code, sent.data) == (404, other.data)


def test_a_target_is_shown_without_anything_personal(visitor):
    told = visitor.get("/record/target?target=site:site-S1").json
    assert (told["label"], told["grid"], told["agency"], told["can_close"], told["mode"]) == ("S1", "DJ-001", "东街道办事处", True, "patrol")
    assert "示例诊所一" not in json.dumps(told, ensure_ascii=False)
    assert [one["code"] for one in told["outlines"] if one["here"]] == ["DJ-001"]
    assert {"DJ-002", "DJ-003"} < {one["code"] for one in told["outlines"]}


@pytest.mark.parametrize(("scope", "area", "codes"), [
    (ONLY_A, "", ["DJ-001", "DJ-002", "DJ-003", "DJ-004"]), (ONLY_A, "990199002", []), (WHOLE, "B1", ["XZ-001", "XZ-002"]),
])  # fmt: skip
def test_areas_to_choose_from_lie_within_the_scope(visit, scope, area, codes):
    assert [one["code"] for one in visit(scope).get(f"/record/areas?area={area}").json["areas"]] == codes


@pytest.mark.parametrize("path", ["/visits", "/visits/x/edit", "/visits/x/undo"])
def test_a_post_of_another_site_is_refused(visitor, path):
    assert visitor.post(path, json={}).status_code == 403
    assert visitor.post(path, json={}, headers={**OURS, "Origin": "https://example.org"}).status_code == 403
    assert visitor.post(path, json={}, headers={**OURS, "Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_record_that_somebody_else_wrote_is_not_sent_in_my_name(visitor, context):
    said = plain()
    assert send(visitor, said, **{"X-Onemap-Actor": "somebody"}).status_code == 403
    assert rows(context, said["id"]) == 0
    assert send(visitor, said, **{"X-Onemap-Actor": "demo"}).status_code == 200


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b'{"photos": 5}', b'{"photos": ["@@"]}', b'{"photos": [1]}', b"\xff\xfe", b'{"id": "\\ud800", "outcome": "\\udfff"}',
    b'{"\\ud800": 1}',
])  # fmt: skip
def test_a_body_that_is_no_record_is_refused_with_a_sentence(visitor, body):
    answer = visitor.post("/visits", data=body, headers={**OURS, "Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert len(answer.json["error"]) > 4


def test_a_field_to_mend_is_named(visitor):
    answer = send(visitor, plain(visits=0))
    assert (answer.status_code, answer.json["field"]) == (422, "visits")
    assert "1" in answer.json["error"]
    english = visitor.post("/visits?lang=en", json=plain(visits=0), headers=OURS)
    assert english.json["error"].isascii()


def test_a_body_larger_than_four_photos_is_not_read(visitor):
    claimed = {"CONTENT_LENGTH": str(visit_server.MOST_BYTES + 1)}
    answer = visitor.post("/visits", data=b"{}", content_type="application/json", headers=OURS, environ_overrides=claimed)
    assert answer.status_code in (413, 422)
    assert "MB" in answer.json["error"]


def test_a_photo_is_served_as_jpeg_within_the_scope_and_never_kept_by_a_cache(visit, context):
    said = plain(photos=[picture()])
    mine, other = visit(ONLY_A), visit(ONLY_B)
    assert send(mine, said).status_code == 200
    seen = mine.get(f"/visits/{said['id']}").json
    answer = mine.get(f"/visits/photos/{seen['photos'][0]}")
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert other.get(f"/visits/photos/{seen['photos'][0]}").status_code == 404
    assert other.get(f"/visits/{said['id']}").data == other.get(f"/visits/{uuid.uuid4()}").data
    with context.database.read() as connection:
        looks = connection.execute(select(func.count()).where(audit_event.c.action == "look", audit_event.c.subject_table == "visit_photo")).scalar()
    assert looks == 1


def test_an_edit_and_an_undo_are_shown_in_the_history(visitor):
    said = plain("site:site-S1", "suspect", form={"people": "示例甲"})
    send(visitor, said)
    seen = visitor.post(f"/visits/{said['id']}/edit", json={"visits": 2, "form": {"people": "示例乙"}}, headers=OURS).json
    assert (seen["visits"], seen["form"]["people"], seen["masked"], seen["free"]) == (2, "＊＊", True, True)
    assert [change["action"] for change in seen["history"]] == ["登记", "修改"]
    assert {"name": "户次", "old": "1", "new": "2"} in seen["history"][1]["fields"]
    assert "示例乙" not in json.dumps(seen, ensure_ascii=False)
    assert visitor.post(f"/visits/{said['id']}/undo", json={}, headers=OURS).json["stands"] is True
    assert visitor.post(f"/visits/{said['id']}/undo", json={}, headers=OURS).json["stands"] is False
    assert visitor.get(f"/visits/{said['id']}").status_code == 404


@pytest.mark.parametrize("scope", [ONLY_B, ONLY_A])
def test_a_visit_of_elsewhere_cannot_be_changed_or_taken_back(visit, scope):
    said = plain("grid:DJ-001")
    send(visit(WHOLE), said)
    status = 200 if scope is ONLY_A else 404
    assert visit(scope).post(f"/visits/{said['id']}/edit", json={"visits": 2}, headers=OURS).status_code == status
    assert visit(scope).post(f"/visits/{said['id']}/undo", json={}, headers=OURS).status_code == status


def test_the_page_stands_alone_and_only_it_and_the_street_s_screen_may_ask_for_the_position(visitor):
    page = visitor.get("/record?target=grid:DJ-001")
    assert page.status_code == 200
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert "geolocation=(self)" in visitor.get("/street").headers["Permissions-Policy"]
    assert "geolocation=()" in visitor.get("/").headers["Permissions-Policy"]
    text = page.get_data(as_text=True)
    assert "<script>" not in text
    assert "DJ-001" not in text  # what a device keeps is the same for every target
    for address in {part.split('"')[0] for part in text.split('src="')[1:]} | {part.split('"')[0] for part in text.split('stylesheet" href="')[1:]}:
        assert visitor.get(address).status_code == 200, address
    worker = visitor.get("/service-worker.js")
    assert worker.mimetype == "text/javascript"


def test_what_a_device_keeps_is_marked_for_one_person_with_one_scope(visit):
    one, other = (visit(scope).get("/record").headers["X-Onemap-Owner"] for scope in (ONLY_A, ONLY_B))
    assert one != other
    assert visit(ONLY_A).get("/record/target?target=grid:DJ-001").headers["X-Onemap-Owner"] == one
    assert one in visit(ONLY_A).get("/record").get_data(as_text=True)


def test_the_page_speaks_english(visitor):
    text = visitor.get("/record?lang=en").get_data(as_text=True)
    assert 'lang="en"' in text
    for word in ("登记巡查", "提交登记", "情况说明", "毕业院校"):
        assert word not in text


def test_every_form_field_has_its_words():
    assert set(FORM_FIELDS) <= set(visit_server.FIELDS)
    assert sorted(FORM_ORDER) == sorted(FORM_FIELDS)
    assert WORDS["waiting"] == "待传 {n} 条"


@pytest.mark.parametrize("path", ["/record/target", "/record/areas", "/visits/x", "/visits/photos/x", "/record", "/service-worker.js"])
def test_nothing_is_served_to_somebody_beyond_this_machine(visitor, path):
    assert visitor.get(path, headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 403
