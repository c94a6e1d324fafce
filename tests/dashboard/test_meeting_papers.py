"""The papers of a meeting over HTTP: from the snapshot alone, draft until confirmed, cut to their reader, packs behind the page."""

from __future__ import annotations

import datetime as dt
import io
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from sqlalchemy import select, update

from briefing.documents import Cancelled, papers
from dashboard.door import demo_actor
from dashboard.meeting_packs import ABANDONED_SECONDS, KEPT_SECONDS, Packs
from data_access.schema import (
    area,
    audit_event,
    decision,
    lead,
    paper,
    patrol_visit,
    site,
    transfer,
)
from data_access.versions import raise_versions
from rules.language import Refusal
from tests.briefing.test_documents_all import words
from tests.dashboard.test_meeting import DECIDED, opened, post
from tests.town import DISTRICT, ONLY_A, STREET_A, STREET_B, WHOLE

MEETING = "meeting-M1"
RED = "red_head=1&number=" + "示打非办〔2023〕6号"
LATER = dt.datetime(2023, 7, 31, 12, tzinfo=dt.UTC)


def printed(seen, snapshot: str, kind: str, query: str = "", meeting: str = MEETING) -> str:
    answer = seen.get(f"/meeting/paper/{snapshot}/{meeting}/{kind}?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return "\n".join(words(kind, answer.data))


def listed(seen, snapshot: str, street: str = "", meeting: str = MEETING) -> dict:
    return seen.get(f"/meeting/papers?snapshot={snapshot}&meeting={meeting}" + (f"&street={street}" if street else "")).json


def confirm(seen, snapshot: str, kind: str, **changes):
    body = {"snapshot": snapshot, "meeting": MEETING, "kind": kind, "digest": listed(seen, snapshot)["digest"]}
    return post(seen, "/papers/confirm", body | changes)


def test_papers_printed_again_after_an_import_say_the_same(meeting, town_database) -> None:
    seen, made = meeting
    kinds = ("notice", "summary", "patrol_form", "lead_transfer", "street_brief", "atlas")
    before = [printed(seen, made, kind) for kind in kinds]
    with town_database.write() as connection:
        connection.execute(update(patrol_visit).values(visits=patrol_visit.c.visits + 500, finding="confirmed", street_code=STREET_B))
        connection.execute(update(site).values(category="other"))
        connection.execute(update(lead).values(number=lead.c.number + "-new", due_on=dt.date(2023, 8, 30)))
        connection.execute(update(transfer).values(number=transfer.c.number + "-new"))
        raise_versions(connection, DISTRICT, ["patrol_visit", "site", "lead", "transfer"], LATER)
    assert [printed(seen, made, kind) for kind in kinds] == before


def test_the_form_s_rows_are_the_snapshot_s(meeting) -> None:
    seen, made = meeting
    text = printed(seen, made, "patrol_form")
    assert [text.count(day) for day in ("2023年7月10日", "2023年7月15日", "2023年7月20日", "2023年7月18日")] == [1, 1, 2, 1]
    assert text.count("口腔诊疗") == 2


def test_a_snapshot_of_another_meeting_prints_nothing(meeting) -> None:
    seen, made = meeting
    assert seen.get(f"/meeting/paper/{made}/meeting-M2/notice").status_code == 422
    assert seen.get(f"/meeting/papers?snapshot={made}&meeting=meeting-M2").status_code == 422
    assert seen.get("/meeting/paper/nowhere/meeting-M1/notice").status_code == 422
    assert seen.get(f"/meeting/papers?snapshot={made}&meeting=<b>").status_code == 400


def test_a_paper_is_a_draft_until_somebody_confirms_it_and_again_when_that_is_taken_back(meeting, town_database) -> None:
    seen, made = meeting
    assert "草稿" in printed(seen, made, "notice", RED)
    told = confirm(seen, made, "notice").json["confirmed"]
    assert (told["who"], told["at"]) == ("演示用户", "2023-07-31 10:46")
    state = {one["kind"]: one["confirmed"] for one in listed(seen, made)["papers"]}
    assert state["notice"] == told
    assert [kind for kind, found in state.items() if found] == ["notice"]
    assert "草稿" not in printed(seen, made, "notice")
    assert "草稿" in printed(seen, made, "minutes")
    withdrawn = {"snapshot": made, "meeting": MEETING, "id": told["id"]}
    assert post(seen, "/papers/withdraw", withdrawn).status_code == 200
    assert post(seen, "/papers/withdraw", withdrawn).status_code == 422
    assert "草稿" in printed(seen, made, "notice")
    with town_database.read() as connection:
        acts = connection.execute(select(audit_event.c.action, audit_event.c.actor_id).where(audit_event.c.subject_id == told["id"]).order_by(audit_event.c.id)).all()
        kept = connection.execute(select(paper.c.confirmed_at, paper.c.confirmed_by).where(paper.c.id == told["id"])).one()
        hashes = connection.execute(select(audit_event.c.detail).where(audit_event.c.action == "confirm")).scalar()
    assert [tuple(one) for one in acts] == [("confirm", "demo"), ("undo", "demo")]
    assert tuple(kept) == (None, None)
    assert hashes["snapshot"] == made
    assert len(hashes["snapshot_hash"]) == len(hashes["printed_hash"]) == 64


def test_to_confirm_twice_is_to_confirm_once(meeting) -> None:
    seen, made = meeting
    assert confirm(seen, made, "notice").json["confirmed"] == confirm(seen, made, "notice").json["confirmed"]


def test_a_decision_made_later_asks_for_another_confirmation(meeting) -> None:
    seen, made = meeting
    old = listed(seen, made)["digest"]
    confirm(seen, made, "minutes")
    assert post(seen, "/decide", {**DECIDED, "snapshot": made}).status_code == 200
    assert "草稿" in printed(seen, made, "minutes")
    assert "核查出租房 12 处" in printed(seen, made, "minutes")
    assert confirm(seen, made, "minutes", digest=old).status_code == 422
    assert confirm(seen, made, "minutes").status_code == 200
    assert "草稿" not in printed(seen, made, "minutes")


def test_what_becomes_of_a_decision_does_not_change_the_meeting_s_papers(meeting, town_database) -> None:
    seen, made = meeting
    post(seen, "/decide", {**DECIDED, "snapshot": made})
    before = printed(seen, made, "summary")
    with town_database.read() as connection:
        id_ = connection.execute(select(decision.c.id).where(decision.c.text == DECIDED["text"])).scalar()
    assert post(seen, "/answer", {"id": id_, "feedback": "已核查"}).status_code == 200
    assert printed(seen, made, "summary") == before
    assert "剩7天" in before


def test_what_is_pasted_with_control_signs_is_printed_without(meeting) -> None:
    seen, snapshot = meeting
    pasted = {"meeting": MEETING, "snapshot": snapshot, "kind": "plan", "text": "第一\x0b第二\x1b", "done_when": "看过", "owner": "GAJ", "support": [], "due_on": "2023-08-07", "grids": ["DJ-001"], "hotspot": None}
    assert post(seen, "/decide", pasted).status_code == 200
    assert "第一" in printed(seen, snapshot, "minutes", "?number=%0B%1B1")


def test_a_red_head_stands_on_confirmed_real_papers_by_choice_alone(meeting) -> None:
    seen, made = meeting
    confirm(seen, made, "notice")
    red = printed(seen, made, "notice", RED)
    assert "小镇区打击非法行医专项行动\n领导小组办公室文件" in red
    assert "示打非办〔2023〕6号" in red
    assert "办公室文件" not in printed(seen, made, "notice")
    assert "办公室文件" not in printed(seen, made, "minutes", RED)


def test_demo_data_never_print_a_red_head_nor_lose_their_mark(visit: Callable) -> None:
    seen = visit(demo=True)
    made = opened(seen)
    assert listed(seen, made)["may_confirm"] is False
    assert confirm(seen, made, "packs").status_code == 422
    for kind in [one.kind for one in papers()]:
        assert confirm(seen, made, kind).status_code == 422
        answer = seen.get(f"/meeting/paper/{made}/{MEETING}/{kind}?{RED}&confirmed_by=A&demo=0")
        if answer.status_code == 422:
            assert kind in {"joint_request", "case_transfer"}  # nobody to ask for, nobody to hand over
            continue
        pages = words(kind, answer.data)
        assert all("演示数据 非公文" in page for page in pages), kind
        assert not any("办公室文件" in page or "〔2023〕6号" in page for page in pages), kind


def test_a_confirmation_of_real_data_does_not_hold_once_they_are_demo_data(meeting, visit: Callable) -> None:
    seen, made = meeting
    confirm(seen, made, "notice")
    text = printed(visit(demo=True), made, "notice", RED)
    assert "演示数据 非公文" in text
    assert "办公室文件" not in text


def test_the_district_prints_a_street_s_papers_and_confirms_each_by_itself(meeting) -> None:
    seen, made = meeting
    confirm(seen, made, "notice")
    own = listed(seen, made, STREET_A)
    assert {one["kind"] for one in own["papers"]} == {one.kind for one in papers() if "street" in one.readers}
    assert not any(one["confirmed"] for one in own["papers"])
    assert own["packs"] is None
    assert "草稿" in printed(seen, made, "notice", f"street={STREET_A}")
    brief = printed(seen, made, "street_brief", f"street={STREET_A}")
    assert "东街道" in brief
    assert "西镇" not in brief
    assert seen.get(f"/meeting/paper/{made}/{MEETING}/minutes?street={STREET_A}").status_code == 404


def test_what_is_no_street_of_the_snapshot_has_no_papers(meeting) -> None:
    seen, made = meeting
    for street in ("990199009", "DJ-001", DISTRICT):
        assert seen.get(f"/meeting/paper/{made}/{MEETING}/notice?street={street}").status_code == 422
        assert seen.get(f"/meeting/papers?snapshot={made}&meeting={MEETING}&street={street}").status_code == 422


def test_a_street_gets_neither_the_district_s_papers_nor_another_street_s(meeting, visit: Callable) -> None:
    made, street = meeting[1], visit(ONLY_A)
    for kind in ("notice", "street_brief", "summary", "patrol_form", "atlas", "map"):
        for query in ("", f"?street={STREET_A}", f"?street={STREET_B}"):
            assert street.get(f"/meeting/paper/{made}/{MEETING}/{kind}{query}").status_code == 422
    assert post(street, "/packs", {"snapshot": made, "meeting": MEETING}).status_code == 422
    assert post(street, "/papers/confirm", {"snapshot": made, "meeting": MEETING, "kind": "notice", "digest": ""}).status_code == 422
    assert post(street, "/papers/withdraw", {"snapshot": made, "meeting": MEETING, "id": "x"}).status_code == 422
    own = opened(street, "meeting-M2")
    assert street.get(f"/meeting/paper/{own}/meeting-M2/notice?street={STREET_B}").status_code == 422
    text = printed(street, own, "summary", meeting="meeting-M2")
    assert "东街道" in text
    assert "西镇" not in text


def test_only_the_page_itself_confirms_and_makes_packs(visitor) -> None:
    for path in ("papers/confirm", "papers/withdraw", "packs", "packs/x/stop"):
        assert visitor.post(f"/meeting/{path}", json={}).status_code == 403


def fetched(seen, snapshot: str, meeting: str = MEETING) -> zipfile.ZipFile:
    token = post(seen, "/packs", {"snapshot": snapshot, "meeting": meeting}).json["token"]
    for _ in range(600):
        state = seen.get(f"/meeting/packs/{token}").json
        if state["state"] != "running":
            break
        time.sleep(0.1)
    assert (state["state"], state["done"]) == ("done", state["of"]), state
    answer = seen.get(f"/meeting/packs/{token}/file")
    assert answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_the_packs_of_all_streets_come_as_one_archive_and_are_written_down(meeting, town_database) -> None:
    seen, made = meeting
    with fetched(seen, made) as archive:
        names = archive.namelist()
        brief = docx.Document(io.BytesIO(archive.read(next(name for name in names if name.startswith(STREET_B) and name.endswith("docx")))))
    assert sorted({name.split("/")[0] for name in names}) == [f"{STREET_A}_东街道", f"{STREET_B}_西镇"]
    text = "\n".join(line.text for line in brief.paragraphs)
    assert "西镇" in text
    assert "东街道" not in text
    with town_database.read() as connection:
        assert connection.execute(select(paper.c.kind, paper.c.snapshot_id, paper.c.confirmed_at)).all() == [("packs", made, None)]


def test_a_street_s_packs_are_its_own_alone(visit: Callable) -> None:
    street = visit(ONLY_A)
    with fetched(street, opened(street, "meeting-M2"), "meeting-M2") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {f"{STREET_A}_东街道"}


def test_packs_are_drafts_until_the_packs_are_confirmed(meeting) -> None:
    seen, made = meeting

    def marks() -> set[bool]:
        with fetched(seen, made) as archive:
            return {"草稿" in "\n".join(words("street_brief", archive.read(name))) for name in archive.namelist() if name.endswith("docx")}

    assert marks() == {True}
    assert confirm(seen, made, "packs").status_code == 200
    assert marks() == {False}


OFFICE, OTHER = demo_actor(WHOLE), demo_actor(ONLY_A)


def until(found: Callable[[], bool]) -> None:
    for _ in range(200):
        if found():
            return
        time.sleep(0.02)
    pytest.fail("waited in vain")


def endless(progress) -> bytes:
    while progress(1, 3) is not False:
        time.sleep(0.01)
    raise Cancelled("stopped")


def test_packs_tell_how_far_they_are_and_nobody_else_sees_them(tmp_path) -> None:
    packs = Packs(tmp_path)
    token = packs.start(OFFICE, "a.zip", endless, lambda content: None, {})
    until(lambda: packs.state(OFFICE, token)["done"] == 1)
    assert packs.state(OFFICE, token)["of"] == 3
    for ask in (packs.state, packs.stop, packs.archive):
        with pytest.raises(Refusal):
            ask(OTHER, token)
    with pytest.raises(Refusal):
        packs.archive(OFFICE, token)
    packs.stop(OFFICE, token)
    until(lambda: not (tmp_path / "packs" / token).exists())


def test_abandoned_packs_stop_and_leave_nothing(tmp_path) -> None:
    packs = Packs(tmp_path)
    token = packs.start(OFFICE, "a.zip", endless, lambda content: None, {})
    until(lambda: packs.state(OFFICE, token)["done"] == 1)
    long_ago = time.time() - ABANDONED_SECONDS - 5
    os.utime(tmp_path / "packs" / token / "seen", (long_ago, long_ago))
    until(lambda: not (tmp_path / "packs" / token).exists())


def test_a_finished_archive_that_nobody_fetched_is_cleared_by_the_next(tmp_path) -> None:
    packs = Packs(tmp_path)
    token = packs.start(OTHER, "a.zip", lambda progress: b"made", lambda content: None, {})
    until(lambda: packs.state(OTHER, token)["state"] == "done")
    assert packs.archive(OTHER, token)[0].read_bytes() == b"made"
    long_ago = time.time() - KEPT_SECONDS - 5
    os.utime(tmp_path / "packs" / token / "seen", (long_ago, long_ago))
    packs.start(OFFICE, "b.zip", lambda progress: b"", lambda content: None, {})
    assert not (tmp_path / "packs" / token).exists()


def test_who_begins_again_stops_what_was_begun_before_and_others_wait_their_turn(tmp_path) -> None:
    packs = Packs(tmp_path)
    third = replace(OFFICE, id="third")
    first = packs.start(OFFICE, "a.zip", endless, lambda content: None, {})
    second = packs.start(OFFICE, "a.zip", endless, lambda content: None, {})
    until(lambda: not (tmp_path / "packs" / first).exists())
    other = packs.start(OTHER, "a.zip", endless, lambda content: None, {})
    with pytest.raises(Refusal, match="其他材料包"):
        packs.start(third, "a.zip", endless, lambda content: None, {})
    packs.stop(OFFICE, second)
    packs.stop(OTHER, other)
    until(lambda: not any((tmp_path / "packs").iterdir()))


def test_packs_that_fail_say_a_number_and_no_more(tmp_path) -> None:
    packs = Packs(tmp_path)
    token = packs.start(OFFICE, "a.zip", lambda progress: 1 / 0, lambda content: None, {})
    until(lambda: packs.state(OFFICE, token)["state"] == "failed")
    assert len(packs.state(OFFICE, token)["reference"]) == 6


def test_an_answer_carries_no_area_of_the_snapshot_s_future(meeting, town_database) -> None:
    """A street renamed after the snapshot keeps its name in the papers."""
    seen, made = meeting
    with town_database.write() as connection:
        connection.execute(update(area).where(area.c.code == STREET_A).values(superseded_at=LATER))
        raise_versions(connection, DISTRICT, ["area"], LATER)
    assert "东街道" in printed(seen, made, "notice")
