"""The meeting over HTTP: opened once, everything from its snapshot, decisions with owner and day, nothing exact or personal."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest
from sqlalchemy import select, update

from dashboard.map_wire import ABSENT, unpacked
from dashboard.meeting_compare import boundary_days, change_words
from dashboard.meeting_decisions import decide_card
from dashboard.meeting_hotspot import sentence_parts
from dashboard.meeting_state import MeetingState, read_meeting
from data_access.schema import decision, paper, patrol_visit, site_event, snapshot
from data_access.versions import raise_versions
from rules.request import Scope, UnreadableRequest
from rules.snapshot_changes import snapshot_changes
from tests.dashboard.conftest import PERIODS
from tests.town import DISTRICT, ONLY_A, ONLY_B, STREET_A

HEADERS = {"X-Onemap-Request": "1"}
DECIDED = {
    "meeting": "meeting-M1", "kind": "decision", "text": "核查出租房 12 处", "done_when": "12 处全部核查", "owner": "GAJ", "support": ["JD-A"],
    "due_on": "2023-08-07", "grids": ["DJ-001"], "hotspot": None,
}  # fmt: skip


def post(seen, path: str, body: object, **options):
    return seen.post(f"/meeting{path}", json=body, headers=HEADERS, **options)


def opened(seen, meeting: str = "meeting-M1", **changes) -> str:
    answer = post(seen, "/open", {"meeting": meeting, **PERIODS, **changes})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json["snapshot"]


def page(seen, search: str = "") -> str:
    return seen.text(seen.callback("page.children", "/meeting", search))


def test_without_any_meeting_opened_one_is_chosen(visitor) -> None:
    shown = page(visitor)
    assert "选择会议" in shown
    assert "区联席会议" in shown
    assert "meeting-M3" not in shown  # it lies in the future


def test_a_meeting_that_did_not_open_says_what_opening_does(visitor) -> None:
    shown = page(visitor, "?meeting=meeting-M1")
    assert "固定为一份快照" in shown
    assert "meeting-open" in shown


def test_opening_keeps_a_numbered_snapshot_and_the_screen_says_so(meeting) -> None:
    seen, made = meeting
    shown = page(seen)
    found = seen.get(f"/meeting/map/{made}/state/hotspots")
    assert found.status_code == 200
    assert "快照 1" in shown
    assert "第 1 号" in shown
    assert "议定事项" in shown


def test_the_screen_stays_as_it_was_when_the_data_change(meeting, town_database) -> None:
    seen, _ = meeting
    before = page(seen, "?step=2")
    with town_database.write() as connection:
        connection.execute(update(patrol_visit).values(visits=patrol_visit.c.visits + 1000))
        connection.execute(update(decision).where(decision.c.id == "decision-D2").values(text="改过的"))
        raise_versions(connection, DISTRICT, ["patrol_visit"], dt.datetime(2023, 7, 31, 12, tzinfo=dt.UTC))
    after = page(seen, "?step=2")
    assert "此后数据已有更新：巡查" in after
    assert "此后数据没有变化" in before
    cut = [text[text.index("meeting-card") : text.index("data-revision")] for text in (before, after)]
    assert cut[0] == cut[1]
    assert "改过的" not in page(seen, "?step=1")


def test_a_new_snapshot_is_asked_for_and_says_what_changed(meeting, town_database) -> None:
    seen, first = meeting
    with town_database.write() as connection:
        connection.execute(update(patrol_visit).values(visits=patrol_visit.c.visits + 1))
        raise_versions(connection, DISTRICT, ["patrol_visit"], dt.datetime(2023, 7, 31, 12, tzinfo=dt.UTC))
    answer = post(seen, "/open", {"meeting": "meeting-M1", **PERIODS}).json
    assert answer["number"] == 2
    assert any("由" in text and "户次" in text for text in answer["changes"])
    assert "现在显示的不是最新快照（第 2 号）" in page(seen, f"?meeting=meeting-M1&snapshot={first}")
    assert post(seen, "/open", {"meeting": "meeting-M1", **PERIODS}).json["changes"] == ["与上一份快照没有差别"]


def test_a_snapshot_that_was_tampered_with_is_not_shown(meeting, town_database) -> None:
    seen, made = meeting
    with town_database.write() as connection:
        connection.execute(update(snapshot).values(hash="0" * 64))
    shown = page(seen, f"?meeting=meeting-M1&snapshot={made}")
    assert "校验值不符" in shown
    assert seen.get(f"/meeting/map/{made}/state/hotspots").status_code == 422


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize("lang", ["", "&lang=en"])
def test_every_step_is_drawn_in_both_languages(meeting, step: int, lang: str) -> None:
    shown = page(meeting[0], f"?step={step}{lang}")
    assert "state-failed" not in shown
    assert ("Joint meeting" in shown) is bool(lang)


def test_the_last_decisions_come_overdue_first(meeting) -> None:
    shown = page(meeting[0], "?step=1")
    card = shown[shown.index("meeting-card") :]
    assert card.index("示例事项三") < card.index("示例事项二")
    assert "逾期 21 天" in card  # due on 10 July


def test_a_decision_is_shown_as_new_and_seen_by_its_owner(meeting, visit: Callable) -> None:
    seen, made = meeting
    answer = post(seen, "/decide", {**DECIDED, "snapshot": made})
    assert answer.status_code == 200
    shown = page(seen)
    assert "核查出租房 12 处" in shown
    assert "本次新增" in shown
    back = post(seen, "/undo", {"batch": answer.json["batch"]})
    assert back.json["sentence"].startswith("已撤销")
    assert "核查出租房 12 处" not in page(seen)


@pytest.mark.parametrize("missing", ["owner", "due_on", "done_when", "text"])
def test_nothing_is_decided_without_owner_day_and_standard(meeting, missing: str) -> None:
    seen, made = meeting
    answer = post(seen, "/decide", {**DECIDED, "snapshot": made, missing: ""})
    assert answer.status_code == 422
    assert answer.json["error"].startswith("请")


def test_feedback_and_closure_show_beside_the_frozen_state(meeting) -> None:
    seen, _ = meeting
    assert post(seen, "/answer", {"id": "decision-D3", "feedback": "已办妥"}).status_code == 200
    assert "逾期 21 天，会上改为已反馈" in page(seen, "?step=1")
    assert post(seen, "/close", {"id": "decision-D3"}).status_code == 200
    assert "逾期 21 天，会上改为已完成" in page(seen, "?step=1")


def test_an_open_decision_is_put_in_other_words_and_back(meeting) -> None:
    seen, made = meeting
    assert post(seen, "/decide", {**DECIDED, "snapshot": made}).status_code == 200
    shown = page(seen, "?step=1&meeting=meeting-M1")
    assert "修改：示例事项三" in shown
    held = seen.get("/meeting/decision/decision-D3").json
    assert (held["text"], held["kind"]) == ("示例事项三", "decision")
    changed = {"id": "decision-D3", "kind": "plan", "text": "改好的事项", "done_when": "全部到位", "owner": "WJS", "support": ["GAJ"], "due_on": "2023-08-20"}
    answer = post(seen, "/change", changed)
    assert answer.status_code == 200
    assert "会上已修改" in page(seen, "?step=1")
    again = seen.get("/meeting/decision/decision-D3").json
    assert (again["text"], again["owner"], again["support"], again["grids"]) == ("改好的事项", "WJS", ["GAJ"], held["grids"])
    assert post(seen, "/undo", {"batch": answer.json["batch"]}).status_code == 200
    assert {**seen.get("/meeting/decision/decision-D3").json, "version": held["version"]} == held
    assert "会上已修改" not in page(seen, "?step=1")


def test_what_two_people_write_about_one_decision_at_once_is_not_lost(meeting) -> None:
    seen, _ = meeting
    changed = {"id": "decision-D3", "kind": "decision", "text": "先存的", "done_when": "全部到位", "owner": "WJS", "support": [], "due_on": "2023-08-20"}
    version = seen.get("/meeting/decision/decision-D3").json["version"]
    assert post(seen, "/change", {**changed, "version": version}).status_code == 200
    late = post(seen, "/change", {**changed, "text": "后存的", "version": version})
    assert (late.status_code, "已被别人改过" in late.json["error"]) == (422, True)
    assert post(seen, "/answer", {"id": "decision-D3", "feedback": "按旧的办了", "version": version}).status_code == 422
    held = seen.get("/meeting/decision/decision-D3").json
    assert (held["text"], held["feedback"]) == ("先存的", "")
    assert post(seen, "/answer", {"id": "decision-D3", "feedback": "已办 3 处", "version": held["version"]}).status_code == 200
    assert seen.get("/meeting/decision/decision-D3").json["feedback"] == "已办 3 处"


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [("/answer", {"feedback": "办" * 501}, "500"), ("/decide", {"due_on": "9999-12-31"}, "2199"), ("/decide", {"text": "\u200b\u202e"}, "请写明事项"), ("/new", {"day": "0001-01-01"}, "1900"),
     ("/new", {"name": "长" * 241}, "240"), ("/open", {"before_start": "0001-01-01", "before_end": "0001-02-01"}, "1900"), ("/attend", {"minutes_number": "9" * 61}, "60")],
)  # fmt: skip
def test_what_is_too_long_too_far_or_invisible_is_refused_and_nothing_cut(meeting, path: str, wrong: dict, said: str) -> None:
    new = {"day": "2023-07-31", "level": "district", "name": "例会", "convener": "DFB"}
    good = {"/answer": {"id": "decision-D3"}, "/decide": {**DECIDED, "snapshot": meeting[1]}, "/new": new, "/open": {"meeting": "meeting-M1", **PERIODS}, "/attend": {"meeting": "meeting-M1"}}
    answer = post(meeting[0], path, {**good[path], **wrong})
    assert answer.status_code == 422
    assert said in answer.json["error"]


def test_a_meeting_of_the_district_is_no_streets_whatever_is_sent(visitor, visit: Callable) -> None:
    made = post(visitor, "/new", {"day": "2023-07-31", "level": "district", "street": STREET_A, "name": "例会", "convener": "DFB"}).json["meeting"]
    assert visit(ONLY_A).get(f"/meeting/attend/{made}").status_code == 422


@pytest.mark.parametrize("wrong", [{"due_on": ""}, {"owner": ""}, {"text": " "}, {"owner": "XXX"}, {"due_on": "2020-01-01"}, {"grids": ["XX-999"]}])
def test_a_change_is_refused_like_a_new_decision(meeting, wrong: dict) -> None:
    changed = {"id": "decision-D3", "kind": "decision", "text": "改好的事项", "done_when": "全部到位", "owner": "WJS", "support": [], "due_on": "2023-08-20"}
    assert post(meeting[0], "/change", {**changed, **wrong}).status_code == 422


def test_a_decision_of_the_district_is_not_a_streets_to_change(meeting, visit: Callable) -> None:
    street = visit(ONLY_A)
    changed = {"id": "decision-D1", "kind": "decision", "text": "改好的事项", "done_when": "全部到位", "owner": "WJS", "support": [], "due_on": "2023-08-20"}
    assert post(street, "/change", changed).status_code == 422
    assert street.get("/meeting/decision/decision-D2").status_code == 422  # another street's
    assert street.get("/meeting/decision/nothing").get_data() == street.get("/meeting/decision/decision-D2").get_data()


def test_the_tables_behind_the_sentences_are_the_snapshots(meeting, town_database) -> None:
    seen, made = meeting
    path = f"/meeting/evidence/meeting-M1/{made}"
    tables = {one["title"]: one for one in seen.get(path).json["tables"]}
    assert tables["取缔后再现"]["rows"][-1] == ["365 天内", "1/2", "50.0%"]
    assert "取缔 3 户，再现迹象 2 户" in tables["取缔后再现"]["told"]
    assert len(tables["近重复"]["rows"]) == 6
    assert tables["示例行动的效果"]["heads"][-1] in {"行动以外的街镇", "上年同期", "对照"}
    before = seen.get(path).get_data()
    with town_database.write() as connection:
        connection.execute(update(site_event).where(site_event.c.event == "closed").values(event="found"))
        raise_versions(connection, DISTRICT, ["site_event"], dt.datetime(2023, 7, 31, 12, tzinfo=dt.UTC))
    assert seen.get(path).get_data() == before
    assert "Recurrence after closure" in seen.get(path + "?lang=en").get_data(as_text=True)


def test_a_chance_is_said_in_words_with_its_p(meeting) -> None:
    seen, made = meeting
    rows = next(one for one in seen.get(f"/meeting/evidence/meeting-M1/{made}").json["tables"] if one["title"] == "近重复")["rows"]
    assert all(re.fullmatch(r"(多于偶然|倾向多于偶然|与偶然无异)（p=\d\.\d{3}）", row[-1]) for row in rows)


def test_what_was_imported_cannot_be_taken_back_here(meeting) -> None:
    answer = post(meeting[0], "/undo", {"batch": "batch-town"})
    assert answer.status_code == 422


def test_the_map_of_a_meeting_is_frozen_with_its_facts(meeting, town_database) -> None:
    seen, made = meeting
    before = seen.get(f"/meeting/map/{made}/state/hotspots?from=2020-01-01&to=2020-12-31&as_of=2020-12-31")
    head, arrays = unpacked(__import__("gzip").decompress(before.data))
    assert (head["layer"], head["level"], head["as_of"][:10]) == ("hotspots", "grid", "2023-07-31")
    assert len(arrays["class"]) == 6
    assert (arrays["class"] != ABSENT).all()
    with town_database.write() as connection:
        connection.execute(update(patrol_visit).values(visits=500))
        raise_versions(connection, DISTRICT, ["patrol_visit"], dt.datetime(2023, 7, 31, 12, tzinfo=dt.UTC))
    assert seen.get(f"/meeting/map/{made}/state/hotspots").data == before.data


def test_the_table_of_the_map_says_the_same(meeting) -> None:
    table = meeting[0].get(f"/meeting/map/{meeting[1]}/table/hotspots").json
    assert table["total"] == 6
    assert meeting[0].get(f"/meeting/map/{meeting[1]}/table/hotspots?page=x").status_code == 400
    assert meeting[0].get(f"/meeting/map/{meeting[1]}/state/sites").status_code == 400


def test_no_point_and_nothing_personal_reaches_the_screen(meeting, town_database) -> None:
    seen, _ = meeting
    names = [one["name"] for one in town_rows_of("subject")]
    lons = {f"{one['lon']}" for table in ("site", "lead") for one in town_rows_of(table) if one.get("lon")}
    for step in (1, 2, 3, 4):
        shown = page(seen, f"?step={step}")
        assert not [name for name in names if name and name in shown]
        assert not [lon for lon in lons if len(lon) > 7 and lon in shown]
    with town_database.read() as connection:
        kept = connection.execute(select(snapshot.c.content)).scalar()
    text = __import__("zlib").decompress(kept).decode()
    assert not [name for name in names if name and name in text]


def town_rows_of(table: str) -> list[dict]:
    from tests.town import town_rows

    return town_rows()[table]


def test_every_paper_is_made_from_the_snapshot_and_written_down(meeting, town_database) -> None:
    seen, made = meeting
    listed = seen.get("/meeting/papers").json["papers"]
    assert {"notice", "minutes"} <= {one["kind"] for one in listed}
    answer = seen.get(f"/meeting/paper/{made}/meeting-M1/minutes")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert all(value.encode("latin-1") for value in answer.headers.values())  # what a server sends
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    with town_database.read() as connection:
        kept = connection.execute(select(paper.c.kind, paper.c.snapshot_id, paper.c.hash, paper.c.confirmed_at)).one()
    assert tuple(kept) == ("minutes", made, hashlib.sha256(answer.data).hexdigest(), None)
    assert seen.get(f"/meeting/paper/{made}/meeting-M1/nothing").status_code == 404


def test_who_was_not_called_neither_sees_nor_opens_the_districts_meeting(meeting, visit: Callable) -> None:
    made = meeting[1]
    for scope in (ONLY_A, Scope(DISTRICT, agencies=("PCS1",))):
        other = visit(scope)
        assert other.get(f"/meeting/map/{made}/state/hotspots").status_code == 422
        assert other.get(f"/meeting/paper/{made}/meeting-M1/minutes").status_code == 422
        assert post(other, "/open", {"meeting": "meeting-M1", **PERIODS}).status_code == 422
        assert post(other, "/decide", {**DECIDED, "snapshot": made}).status_code == 422
        assert "快照 1" not in page(other, f"?meeting=meeting-M1&snapshot={made}")


AN_AGENCY = Scope(DISTRICT, agencies=("WJS",))
AN_AGENCY_OF_A = Scope(DISTRICT, agencies=("PCS1",))


@pytest.fixture
def member(visitor, visit: Callable) -> tuple:
    """The health inspectorate, called to a district meeting that opened and gave it one task and the police another."""
    made = post(visitor, "/new", {"day": "2023-07-31", "level": "district", "name": "第8次", "convener": "DFB", "members": ["WJS", "GAJ"]}).json["meeting"]
    frozen = opened(visitor, made)
    for text, owner, support in (("卫监的一项", "WJS", []), ("公安的一项", "GAJ", ["WJS"]), ("别家的一项", "GAJ", ["JD-B"])):
        assert post(visitor, "/decide", {**DECIDED, "meeting": made, "snapshot": frozen, "text": text, "owner": owner, "support": support}).status_code == 200
    return visit(AN_AGENCY), made, frozen


def test_a_member_agency_reads_the_meeting_cut_to_what_it_answers_for(member) -> None:
    seen, made, frozen = member
    for step in (1, 2, 3, 4):
        shown = page(seen, f"?meeting={made}&step={step}")
        assert "快照 1" in shown
        assert "state-failed" not in shown
        assert "别家的一项" not in shown
        assert ("卫监的一项" in shown) == ("公安的一项" in shown)
    assert "卫监的一项" in page(seen, f"?meeting={made}&step=3")
    last = page(seen, f"?meeting={made}&step=1")
    assert "只列与本街镇、本单位有关的事项。" in last
    assert "这是第一次会议" not in last
    assert seen.get(f"/meeting/map/{frozen}/state/hotspots").status_code == 200
    for path, body in (("/open", {"meeting": made, **PERIODS}), ("/decide", {**DECIDED, "meeting": made, "snapshot": frozen}), ("/attend", {"meeting": made, "present": ["WJS"]})):
        assert post(seen, path, body).status_code == 422


def test_a_member_agency_gets_its_own_papers_and_no_street_s(member) -> None:
    seen, made, frozen = member
    listed = seen.get(f"/meeting/papers?snapshot={frozen}&meeting={made}").json
    kinds = {one["kind"] for one in listed["papers"]}
    assert {"slides", "pack", "minutes"} <= kinds
    assert not kinds & {"notice", "street_brief", "joint_request", "atlas"}
    for kind in kinds:
        assert seen.get(f"/meeting/paper/{frozen}/{made}/{kind}").status_code in {200, 422}, kind
    assert (listed["packs"], listed["streets"], listed["may_confirm"]) == (None, [], False)
    assert seen.get(f"/meeting/paper/{frozen}/{made}/minutes").status_code == 200
    assert seen.get(f"/meeting/paper/{frozen}/{made}/notice").status_code == 404
    assert seen.get(f"/meeting/paper/{frozen}/{made}/minutes?street=990199001").status_code == 422
    assert post(seen, "/packs", {"snapshot": frozen, "meeting": made}).status_code == 422


def test_what_an_agency_answers_comes_back_to_the_next_meeting(member, visitor) -> None:
    seen = member[0]
    due = {"day": "2023-07-31", "level": "district", "name": "第9次", "convener": "DFB", "members": ["WJS"]}
    later = post(visitor, "/new", due).json["meeting"]
    frozen = opened(visitor, later)
    shown = page(seen, f"?meeting={later}&snapshot={frozen}&step=1")
    found = re.findall(r'data-act=\\?"answer\\?" data-id=\\?"([\w-]+)', shown)
    assert found[-1] == "decision-D2"
    assert len(found) == 3
    assert post(seen, "/answer", {"id": found[0], "feedback": "已核查"}).status_code == 200
    opened(visitor, later)
    assert "已核查" in page(visitor, f"?meeting={later}&step=1")


def test_a_street_opens_its_own_meeting(visit: Callable) -> None:
    street = visit(ONLY_A)
    opened(street, "meeting-M2")
    assert "state-failed" not in page(street, "?step=3")
    assert post(street, "/decide", {**DECIDED, "meeting": "meeting-M2", "snapshot": ""}).status_code == 200


def test_a_meeting_is_made_with_its_members_and_who_came(visitor) -> None:
    made = post(visitor, "/new", {"day": "2023-07-31", "level": "district", "name": "第8次", "convener": "DFB", "members": ["WJS", "GAJ"]}).json["meeting"]
    assert post(visitor, "/attend", {"meeting": made, "present": ["GAJ"], "minutes_number": "纪要8"}).status_code == 200
    found = visitor.get(f"/meeting/attend/{made}").json
    assert [(code, came) for code, _, came in found["called"]] == [("WJS", False), ("GAJ", True)]
    assert found["minutes_number"] == "纪要8"
    opened(visitor, made)
    shown = page(visitor, f"?meeting={made}")
    assert "1/2" in shown
    assert "缺席" in shown


@pytest.mark.parametrize(
    ("body", "status"),
    [([], 400), ({"meeting": 5}, 400), ({"meeting": "meeting-M1"}, 422), ({"meeting": "nowhere", **PERIODS}, 422), ({"meeting": "meeting-M1", **PERIODS, "end": "2023-08-30"}, 422),
     ({"meeting": "meeting-M1", **PERIODS, "before_end": "2023-07-02"}, 422), ({"meeting": "meeting-M1", **PERIODS, "boundaries": "moon"}, 400)],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused_with_one_sentence(visitor, body: object, status: int) -> None:
    answer = post(visitor, "/open", body)
    assert answer.status_code == status
    assert answer.json["error"]


def test_only_the_page_itself_may_write(visitor) -> None:
    for path in ("open", "new", "decide", "answer", "close", "undo", "attend"):
        assert visitor.post(f"/meeting/{path}", json={}).status_code == 403


@pytest.mark.parametrize("search", ["?step=5", "?step=x", "?hotspot=0", "?meeting=<b>", "?snapshot=a.b/c", "?grids=" + ",".join(f"G{n}" for n in range(201))])
def test_a_link_that_cannot_be_read_says_so(visitor, search: str) -> None:
    with pytest.raises(UnreadableRequest):
        read_meeting(search)
    assert "这个链接读不懂" in page(visitor, search)


def test_the_state_is_read_from_the_url() -> None:
    assert read_meeting("?meeting=m1&step=4&hotspot=2&grids=A,B,A") == MeetingState("m1", "", 4, 2, ("A", "B"), chosen=True)
    assert not read_meeting("?meeting=m1&step=4").chosen


def test_the_form_proposes_owners_only_for_a_hotspot_that_was_chosen() -> None:
    agencies = pd.DataFrame({"code": ["WJS"], "name": ["区卫监所"], "name_en": [""], "short_name": ["卫监"], "system": ["health_inspection"], "level": ["district"], "area_code": [None], "active": [True]})
    spot = {"rank": 2, "name": "西片", "name_en": "West", "members": ["DJ-001"], "street_codes": [], "lead_system": "health_inspection", "support_systems": []}
    ask = SimpleNamespace(t=lambda text, **_: text, today=dt.date(2023, 7, 31), lang="en", look_up=lambda _: agencies, short_name=lambda code: code)
    offers = []
    for search in ("?step=4", "?step=4&hotspot=2"):
        state = read_meeting(search)
        room = SimpleNamespace(ask=ask, state=state, may_decide=True, facts={"hotspots": [spot]}, entry=SimpleNamespace(members=()), called=lambda one: one["name_en"])
        offers.append(json.loads(decide_card(room)[1].to_plotly_json()["props"]["data-offer"]))
    assert [one["hotspot"] for one in offers] == [None, {"rank": 2, "name": "West", "members": ["DJ-001"], "lead": "health_inspection", "support": []}]
    assert offers[0]["hotspots"] == [[2, "West"]]


def test_the_hotspot_of_a_plan_is_the_snapshots_own(meeting, town_database) -> None:
    seen, made = meeting
    answer = post(seen, "/decide", {**DECIDED, "kind": "plan", "snapshot": made, "hotspot": 99})
    assert answer.status_code == 400


def test_what_changed_between_two_snapshots_is_said_one_by_one() -> None:
    old = {"as_of": "2023-07-31", "start": "2023-07-01", "end": "2023-07-31", "before": {"start": "2023-06-01", "end": "2023-06-30"}, "boundaries": "now",
           "taken_at": "2023-07-31T10:00", "streets": [1], "figures": {"K1": {"name": "巡排查", "unit": "户次", "value": 10}},
           "hotspots": [{"name": "东片", "class": "high"}], "decisions": [{"id": "a", "state": "open"}]}  # fmt: skip
    new = {**old, "figures": {"K1": {"name": "巡排查", "unit": "户次", "value": 12}}, "hotspots": [{"name": "西片", "class": "high"}],
           "decisions": [{"id": "a", "state": "done"}, {"id": "b", "state": "open"}]}  # fmt: skip
    said = [text.format(**values) for text, values in snapshot_changes(old, new)]
    assert said == ["巡排查由 10 改为 12户次", "新增热点：西片", "不再是热点：东片", "1 项议定事项的状态改变", "新增议定事项 1 项"]
    again = {**old, "before": {"start": "2022-07-01", "end": "2022-07-31"}, "boundaries": "then", "streets": [2]}
    assert [text.format(**values) for text, values in snapshot_changes(old, again)] == ["对比期由 2023-06-01 – 2023-06-30 改为 2022-07-01 – 2022-07-31", "对比用的边界由 今天的边界 改为 当年的边界"]


def test_equal_facts_alone_are_said_to_be_without_difference() -> None:
    old = {"as_of": 1, "start": 1, "end": 1, "before": 1, "boundaries": "now", "figures": {}, "hotspots": [], "decisions": [], "streets": [1], "taken_at": 1}
    assert snapshot_changes(old, {**old, "taken_at": 2}) == [("与上一份快照没有差别", {})]
    assert snapshot_changes(old, {**old, "streets": [2], "tomorrow": 1}) == [("各街镇的数字有变化", {}), ("其他内容有变化", {})]


def test_a_change_is_said_with_its_p() -> None:
    class Room:
        class ask:
            t = staticmethod(lambda text, **values: text.format(**values))

    assert change_words(Room, {"ratio": 43 / 68, "p": 0.02}) == "下降 37%（p=0.02）"
    assert change_words(Room, {"ratio": 1.5, "p": 0.0004}) == "上升 50%（p<0.001）"
    assert change_words(Room, {"ratio": None, "p": None}) == ""


def test_the_meetings_screen_serves_the_whole_answer_as_one_callback(meeting) -> None:
    answer = meeting[0].callback("meeting-card.children", "?step=2", None)
    assert answer.status_code == 200
    assert json.loads(answer.data)["response"]["meeting-card"]["data-step"] == "2"


def test_each_map_has_the_boundaries_that_its_numbers_were_counted_by():
    told = {"as_of": "2023-07-31", "end": "2023-07-31", "before": {"start": "2021-07-01", "end": "2021-07-31"}}
    assert boundary_days(told | {"boundaries": "now"}) == dict.fromkeys(("before", "after"), dt.date(2023, 7, 31))
    assert boundary_days(told | {"boundaries": "then"}) == {"before": dt.date(2021, 7, 31), "after": dt.date(2023, 7, 31)}


@pytest.mark.parametrize(("told", "large", "days"), [
    ("2023年2月1日至7月31日发生 23 件，是预期的 9.8 倍。", ["23", "9.8"], ["2023年2月1日", "7月31日"]),
    ("23 events from 1 February 2023 to 31 July; 1,204 would be expected.", ["23", "1,204"], ["1 February 2023", "31 July"]),
])  # fmt: skip
def test_a_sentence_sets_its_figures_large_and_its_days_not(told: str, large: list[str], days: list[str]) -> None:
    parts = sentence_parts(told)
    assert [part.children for part in parts if getattr(part, "className", None) == "num"] == large
    assert [part.children for part in parts if getattr(part, "className", None) == "num is-day"] == days
    assert "".join(getattr(part, "children", part) for part in parts) == told


def test_a_streets_meeting_shows_its_street_alone_and_the_agencies_that_it_called_see_it(visitor, visit) -> None:
    made = opened(visitor, "meeting-M2")
    shown = page(visitor, f"?meeting=meeting-M2&snapshot={made}&step=2")
    drawn = re.findall(r'class=\\*"ramp-\d\\*" data-street=\\*"([^"\\]+)', shown)
    assert set(drawn) == {STREET_A}
    assert "全区" not in shown[shown.index("meeting-compare") : shown.index("meeting-register")]
    police = visit(AN_AGENCY_OF_A)
    for step in (2, 3):
        assert "快照 1" in page(police, f"?meeting=meeting-M2&snapshot={made}&step={step}")
    assert police.get(f"/meeting/paper/{made}/meeting-M2/summary").status_code == 200
    for other in (ONLY_B, Scope(DISTRICT, agencies=("SCJ",))):
        assert visit(other).get(f"/meeting/paper/{made}/meeting-M2/summary").status_code in {404, 422}


def test_from_an_open_meeting_the_others_are_one_press_away(meeting) -> None:
    shown = page(meeting[0])
    assert re.search(r'href[\\":= ]+\?meeting=none', shown)
    assert "选择会议" in page(meeting[0], "?meeting=none")


def test_a_new_meeting_offers_a_streets_own_units_and_an_agency_none(visit) -> None:
    shown = page(visit(), "?meeting=none")
    offer = json.loads(json.loads('"' + re.search(r'data-offer": "((?:[^"\\]|\\.)*)"', shown).group(1) + '"'))
    assert {"PCS1", "JD-A"} <= {code for code, _ in offer["units"][STREET_A]}
    assert not {"PCS1", "JD-A"} & {code for code, _ in offer["agencies"]}
    assert "JD-A" in {code for code, _ in offer["governments"]}
    assert offer["last"][""] == {"convener": "DFB", "members": ["WJS", "GAJ", "SJJ"], "invited": [], "day": "2023年7月5日"}
    assert offer["last"][STREET_A]["members"] == ["PCS1"]
    assert "meeting-new" not in page(visit(AN_AGENCY), "?meeting=none")
