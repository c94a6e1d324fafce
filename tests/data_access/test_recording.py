"""Visits recorded on the spot: taken once, followed by what they open, changed and taken back with every version kept."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image
from sqlalchemy import func, select

from dashboard.door import demo_actor
from data_access.coverage import grid_states
from data_access.figures import figures
from data_access.importing.undoing import undo
from data_access.lead_steps import Contact, last_contact, last_step, mark_lead
from data_access.leads import leads
from data_access.photos import clean_photo, photo_content
from data_access.recording import OtherContent, UnknownTarget, record_visit
from data_access.schema import (
    FACTS,
    audit_event,
    import_batch,
    patrol_visit,
    site_event,
    visit_form,
    visit_photo,
)
from data_access.sites import sites
from data_access.versions import versions
from data_access.visit_edits import UnknownVisit, edit_visit, undo_visit, visit_of
from data_access.visit_history import visit_history
from data_access.visit_targets import find_target
from rules.language import Refusal
from rules.request import Actor, Scope
from rules.visit_record import UnreadableRecord, read_changes, read_record
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, ONLY_B, POLICE, TODAY, WHOLE, build_town
from tests.town import row as town_row

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=CHINA)
LATER = dt.datetime(2023, 8, 1, 9, 0, tzinfo=CHINA)
INSIDE = {"lon": 121.035, "lat": 31.005, "how": "device", "accuracy_m": 8}
"""In the middle of XZ-002."""


@pytest.fixture
def town(database):
    build_town(database)
    return database


def plain(target="grid:XZ-002", outcome="none", **more):
    kind, _, identifier = target.partition(":")
    return {"id": str(uuid.uuid4()), "at": "2023-07-31T10:40:00+08:00", "target": {"kind": kind, "id": identifier}, "outcome": outcome, **more}


def send(database, said, *, photos=(), scope=WHOLE, now=NOW, who="demo"):
    actor = Actor(who, who, "街道", scope)
    return record_visit(database, read_record(said, tuple(photos), now), actor=actor, now=now)


def k1(database, scope=WHOLE):
    return figures(database, JULY, scope)["K1"].value


def count(database, table, **equal):
    asked = select(func.count()).select_from(table).where(*(table.c[name] == value for name, value in equal.items()))
    with database.read() as connection:
        return connection.execute(asked).scalar()


def current(database, table, **equal):
    asked = select(table).where(*(table.c[name] == value for name, value in equal.items()), table.c.superseded_at.is_(None))
    with database.read() as connection:
        return [dict(one._mapping) for one in connection.execute(asked)]


def picture(size=(800, 600), place=None, day=None, kind="JPEG"):
    made, exif = Image.new("RGB", size, (90, 120, 110)), Image.Exif()
    if place:
        lon, lat = place
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (lat, 0.0, 0.0), "E", (lon, 0.0, 0.0)
    if day:
        exif.get_ifd(0x8769)[0x9003] = f"{day:%Y:%m:%d} 09:00:00"
    held = io.BytesIO()
    made.save(held, kind, exif=exif)
    return held.getvalue()


def test_a_record_changes_the_figures_and_the_grid_at_once(town):
    before, counted = k1(town), versions(town, DISTRICT)["visit"]
    assert grid_states(town, JULY, WHOLE).set_index("code").at["XZ-002", "state"] == "never"
    done = send(town, plain(visits=2, position=INSIDE))
    assert (done.already, done.grid_code, done.off_m, done.lead_id) == (False, "XZ-002", 0.0, None)
    assert k1(town) == before + 2
    assert grid_states(town, JULY, WHOLE).set_index("code").at["XZ-002", "state"] == "ok"
    assert versions(town, DISTRICT)["visit"] == counted + 1
    row = current(town, patrol_visit, id=done.visit_id)[0]
    assert (row["street_code"], row["neighbourhood_code"], row["agency_code"], row["located"]) == ("990199002", "B1", "JD-B", "point")
    assert (row["position"], row["accuracy_m"], row["access"], row["seen_closed"], row["mobile"]) == ("device", 8.0, None, None, True)


def test_the_same_record_sent_twice_is_taken_once(town):
    said = plain(outcome="suspect")
    first, second = send(town, said), send(town, said, now=NOW + dt.timedelta(hours=1))
    assert (first.already, second.already) == (False, True)
    assert (first.lead_id, first.lead_number) == (second.lead_id, second.lead_number)
    assert count(town, patrol_visit, id=said["id"]) == 1
    assert count(town, FACTS["lead"], visit_id=said["id"]) == 1
    assert count(town, import_batch, kind="recorded_visit") == 1


def test_many_senders_at_once_make_one_visit(town):
    said = plain(outcome="suspect", visits=2)
    before = k1(town)
    with ThreadPoolExecutor(4) as senders:
        done = list(senders.map(lambda _: send(town, said), range(4)))
    assert sorted(one.already for one in done) == [False, True, True, True]
    assert len({one.lead_id for one in done}) == 1
    assert k1(town) == before + 2


def test_one_id_with_other_content_is_refused_and_writes_nothing(town):
    said = plain()
    send(town, said)
    with pytest.raises(OtherContent):
        send(town, said | {"visits": 2})
    assert [row["visits"] for row in current(town, patrol_visit, id=said["id"])] == [1]


def test_a_record_taken_back_does_not_come_again(town):
    said = plain()
    send(town, said)
    assert undo_visit(town, said["id"], actor=demo_actor(WHOLE) and Actor("demo", "demo", "", WHOLE), now=NOW) is False
    assert send(town, said).already is True
    assert current(town, patrol_visit, id=said["id"]) == []


def test_a_suspect_finding_opens_a_lead_of_its_own(town):
    before = len(leads(town, JULY, WHOLE))
    done = send(town, plain("site:site-S1", "suspect", category="dental", note="有牙椅一台", position={"lon": 121.005, "lat": 31.005, "how": "tapped"}))
    assert done.lead_number == "XC20230731-001"
    lead = current(town, FACTS["lead"], id=done.lead_id)[0]
    assert (lead["source"], lead["visit_id"], lead["site_id"], lead["category"], lead["premises"], lead["result"]) == (
        "patrol", done.visit_id, "site-S1", "dental", "rental", "pending")
    assert (lead["grid_code"], lead["summary"], lead["day"]) == ("DJ-001", "有牙椅一台", TODAY)
    assert len(leads(town, JULY, WHOLE)) == before + 1
    assert send(town, plain(outcome="suspect")).lead_number == "XC20230731-002"


def test_a_finding_at_a_leads_check_opens_no_second_lead(town):
    assert send(town, plain("lead:lead-L1", "suspect", mode="verification")).lead_id is None


@pytest.mark.parametrize(("proposes", "result"), [(False, None), (True, "confirmed")])
def test_a_confirmed_finding_becomes_a_lead_only_where_a_case_is_proposed_and_never_a_case(town, proposes, result):
    cases = count(town, FACTS["case"])
    done = send(town, plain("site:site-S1", "confirmed", propose_case=proposes))
    found = current(town, FACTS["lead"], visit_id=done.visit_id)
    assert [lead["result"] for lead in found] == ([result] if result else [])
    assert count(town, FACTS["case"]) == cases


def test_a_site_seen_shut_is_closed_only_where_that_is_said(town):
    status = lambda: sites(town, JULY, WHOLE).set_index("id").at["site-S1", "status"]  # noqa: E731
    assert send(town, plain("site:site-S1", "closed")).closed is False
    assert status() == "active"
    done = send(town, plain("site:site-S1", "closed", close_site=True))
    assert done.closed is True
    assert status() == "self_closed"
    row = current(town, patrol_visit, id=done.visit_id)[0]
    assert (row["finding"], row["seen_closed"], row["access"]) == ("none", True, None)
    undo_visit(town, done.visit_id, actor=Actor("demo", "demo", "", WHOLE), now=NOW)
    assert status() == "active"


def test_a_closed_site_is_not_closed_again(town):
    before = count(town, site_event, site_id="site-S2")
    assert send(town, plain("site:site-S2", "closed", close_site=True)).closed is False
    assert count(town, site_event, site_id="site-S2") == before


def test_no_access_counts_as_a_visit_and_leaves_the_target_unseen(town):
    before = k1(town)
    seen = sites(town, JULY, WHOLE).set_index("id").at["site-S4", "last_visit"]
    done = send(town, plain("site:site-S4", "no_access"))
    assert k1(town) == before + 1
    row = current(town, patrol_visit, id=done.visit_id)[0]
    assert (row["finding"], row["access"]) == ("none", False)
    assert sites(town, JULY, WHOLE).set_index("id").at["site-S4", "last_visit"] == seen


def test_a_position_beyond_the_area_named_is_kept_with_its_distance(town):
    done = send(town, plain("grid:DJ-001", position=INSIDE))
    row = current(town, patrol_visit, id=done.visit_id)[0]
    assert (row["grid_code"], row["lon"], row["lat"]) == ("DJ-001", 121.035, 31.005)
    # DJ-001 ends at 121.01; 0.025 degrees at latitude 31.005: 111,320 m x cos(31.005°) x 0.025.
    assert done.off_m == pytest.approx(2385.4, abs=0.5)


def test_a_target_without_a_grid_takes_the_one_the_position_falls_in(town):
    done = send(town, plain("site:site-S5", position=INSIDE))
    assert current(town, patrol_visit, id=done.visit_id)[0]["grid_code"] == "XZ-002"
    beyond = send(town, plain("site:site-S5", position={"lon": 121.005, "lat": 31.005, "how": "device"}))
    row = current(town, patrol_visit, id=beyond.visit_id)[0]
    assert (row["street_code"], row["grid_code"]) == ("990199002", None)
    assert row["off_m"] > 1000


@pytest.mark.parametrize("target", ["grid:XZ-002", "grid:990199002", "site:site-S3", "site:nothing", "grid:nothing", "construction:site-S1", "grid:990199", "site:site-S6"])
def test_another_streets_target_answers_like_one_that_is_not_there(town, target):
    with pytest.raises(UnknownTarget):
        send(town, plain(target), scope=ONLY_A)
    assert count(town, import_batch, kind="recorded_visit") == 0


@pytest.mark.parametrize(("scope", "target", "agency"), [
    (ONLY_A, "grid:DJ-001", "JD-A"), (ONLY_A, "grid:A1", "JD-A"), (POLICE, "grid:DJ-001", "GAJ"), (WHOLE, "construction:construction-C1", "JD-A"),
    (WHOLE, "subject:subject-P3", "JD-B"), (Scope(DISTRICT, agencies=("PCS1",)), "grid:DJ-002", "PCS1"),
])  # fmt: skip
def test_a_record_counts_for_the_agency_of_who_records_it(town, scope, target, agency):
    done = send(town, plain(target), scope=scope)
    assert current(town, patrol_visit, id=done.visit_id)[0]["agency_code"] == agency


def test_a_police_station_does_not_record_beyond_its_territory(town):
    assert find_target(town, Scope(DISTRICT, agencies=("PCS1",)), TODAY, "grid", "XZ-001") is None


def test_the_form_is_kept_masked_and_looking_at_it_is_written_down(town):
    form = {"unit_name": "示例诊所", "people": "示例甲", "phone": "000-0000-0009", "qualification": "none", "joint_wanted": True}
    done = send(town, plain("site:site-S1", "confirmed", form=form))
    seen = visit_of(town, done.visit_id, actor=Actor("demo", "demo", "", WHOLE), now=NOW)
    assert seen.form == {"unit_name": "＊＊", "people": "＊＊", "phone": "＊＊09", "qualification": "none", "joint_wanted": True}
    assert count(town, audit_event, action="look", subject_table="visit_form", subject_id=done.visit_id) == 1
    trusted = visit_of(town, done.visit_id, actor=Actor("x", "x", "", Scope(DISTRICT, personal=True)), now=NOW)
    assert trusted.form["phone"] == "000-0000-0009"
    with pytest.raises(UnknownVisit):
        visit_of(town, done.visit_id, actor=Actor("x", "x", "", ONLY_B), now=NOW)


def test_a_photo_is_kept_without_its_metadata_and_with_how_far_it_was_taken_away(town):
    done = send(town, plain(position=INSIDE), photos=[picture((3000, 2000), (121.035, 31.014), TODAY)])
    rows = []
    with town.read() as connection:
        rows = connection.execute(select(visit_photo)).all()
    assert [(row.visit_id, row.width, row.height, row.taken_on) for row in rows] == [(done.visit_id, 1600, 1067, TODAY)]
    # 0.009 degrees of latitude on the mean sphere: 6,371,008.8 m x 0.009 x pi / 180.
    assert rows[0].off_m == pytest.approx(1000.8, abs=0.2)
    kept = Image.open(io.BytesIO(rows[0].content))
    assert (kept.format, dict(kept.getexif()), kept.info.get("comment")) == ("JPEG", {}, None)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGB")])
def test_a_picture_of_any_kind_is_written_upright_as_jpeg(kind, mode):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    held = io.BytesIO()
    Image.new(mode, (300, 200)).save(held, kind, exif=exif)
    photo = clean_photo(held.getvalue())
    assert (photo.width, photo.height, photo.lon, photo.taken_on) == (200, 300, None, None)
    assert Image.open(io.BytesIO(photo.content)).mode == "RGB"


@given(some.binary(max_size=300), some.sampled_from([picture(), picture(kind="PNG"), picture(kind="WEBP")]), some.integers(0, 600))
def test_a_damaged_picture_is_read_or_refused(noise, content, at):
    with contextlib.suppress(UnreadableRecord):
        assert clean_photo(content[:at] + noise + content[at + len(noise) :]).width <= 1600


@pytest.mark.parametrize("content", [
    b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40, picture()[:400], b"%PDF-1.7",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
])  # fmt: skip
def test_what_is_no_photograph_is_refused_and_nothing_is_written(town, content):
    with pytest.raises(UnreadableRecord) as refused:
        send(town, plain(), photos=[content])
    assert refused.value.field == "photos"
    assert count(town, import_batch, kind="recorded_visit") == 0


def test_a_picture_that_unpacks_to_a_giant_is_refused_before_it_is_unpacked(town):
    held = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(held, "PNG")
    assert len(held.getvalue()) < 100_000
    with pytest.raises(UnreadableRecord, match="像素"):
        send(town, plain(), photos=[held.getvalue()])


def test_a_photo_is_given_within_the_scope_alone_and_every_look_is_written_down(town):
    send(town, plain("grid:DJ-001"), photos=[picture()])
    with town.read() as connection:
        photo = connection.execute(select(visit_photo.c.id)).scalar()
    see = lambda scope: photo_content(town, photo, actor=Actor("x", "x", "", scope), now=NOW)  # noqa: E731
    assert see(ONLY_A)[:2] == b"\xff\xd8"
    assert see(ONLY_B) is None
    assert see(Scope(DISTRICT, exact_points=False)) is None
    assert photo_content(town, "nothing", actor=Actor("x", "x", "", WHOLE), now=NOW) is None
    assert count(town, audit_event, action="look", subject_table="visit_photo") == 1


ME, OTHER = Actor("me", "甲", "", WHOLE), Actor("other", "乙", "", WHOLE)


def edit(database, visit_id, actor=ME, now=NOW, reason=None, photos=(), **changes):
    edit_visit(database, visit_id, read_changes(changes), photos, reason=reason, actor=actor, now=now)


def test_an_edit_on_the_day_is_free_and_every_version_is_shown(town):
    before = k1(town)
    done = send(town, plain(visits=1), who="me")
    edit(town, done.visit_id, visits=3, note="补记")
    assert k1(town) == before + 3
    history = visit_history(town, done.visit_id, WHOLE)
    assert [(change.action, change.actor) for change in history] == [("record", "me"), ("edit_record", "甲")]
    assert {name: (old, new) for name, old, new in history[1].fields} == {"visits": (1, 3), "note": (None, "补记")}
    assert count(town, patrol_visit, id=done.visit_id) == 2
    assert visit_history(town, done.visit_id, ONLY_A) == []


@pytest.mark.parametrize(("actor", "now"), [(ME, LATER), (OTHER, NOW), (ME, dt.datetime(2023, 8, 1, 0, 0, tzinfo=CHINA))])
def test_a_later_edit_or_somebody_elses_needs_a_reason(town, actor, now):
    done = send(town, plain(), who="me")
    with pytest.raises(UnreadableRecord) as refused:
        edit(town, done.visit_id, actor, now, visits=2)
    assert refused.value.field == "reason"
    with pytest.raises(UnreadableRecord):
        undo_visit(town, done.visit_id, actor=actor, now=now)
    edit(town, done.visit_id, actor, now, "数错了", visits=2)
    assert visit_history(town, done.visit_id, WHOLE)[-1].reason == "数错了"


def test_the_last_second_of_the_day_is_still_free(town):
    done = send(town, plain(), who="me")
    edit(town, done.visit_id, now=dt.datetime(2023, 7, 31, 23, 59, 59, tzinfo=CHINA), visits=2)


def test_an_edit_taken_back_gives_what_stood_before_and_then_the_record_goes(town):
    before = k1(town)
    done = send(town, plain(visits=1), who="me")
    edit(town, done.visit_id, visits=5)
    assert undo_visit(town, done.visit_id, actor=ME, now=NOW) is True
    assert k1(town) == before + 1
    assert undo_visit(town, done.visit_id, actor=ME, now=NOW) is False
    assert k1(town) == before
    with pytest.raises(UnknownVisit):
        undo_visit(town, done.visit_id, actor=ME, now=NOW)
    assert [change.action for change in visit_history(town, done.visit_id, WHOLE)] == ["record", "edit_record", "undo_record", "undo_record"]
    assert count(town, import_batch, kind="recorded_visit", undone_by="me") == 2


def test_the_lead_follows_the_finding_while_nobody_works_on_it(town):
    done = send(town, plain(outcome="suspect", category="dental"), who="me")
    edit(town, done.visit_id, category="infusion")
    assert [lead["category"] for lead in current(town, FACTS["lead"], id=done.lead_id)] == ["infusion"]
    edit(town, done.visit_id, outcome="none")
    assert current(town, FACTS["lead"], id=done.lead_id) == []
    undo_visit(town, done.visit_id, actor=ME, now=NOW)
    assert [(lead["category"], lead["number"]) for lead in current(town, FACTS["lead"], visit_id=done.visit_id)] == [("infusion", done.lead_number)]
    undo_visit(town, done.visit_id, actor=ME, now=NOW)
    assert [lead["category"] for lead in current(town, FACTS["lead"], visit_id=done.visit_id)] == ["dental"]
    undo_visit(town, done.visit_id, actor=ME, now=NOW)
    assert current(town, FACTS["lead"], visit_id=done.visit_id) == []


def test_a_lead_that_is_worked_on_holds_its_record(town):
    done = send(town, plain(outcome="suspect"), who="me")
    with town.write() as connection:
        connection.execute(FACTS["case"].insert(), [town_row("case", 901, kind="unlicensed", lead_id=done.lead_id, located="area")])
    with pytest.raises(Refusal, match=done.lead_number):
        undo_visit(town, done.visit_id, actor=ME, now=NOW)
    with pytest.raises(Refusal, match=done.lead_number):
        edit(town, done.visit_id, outcome="none")
    edit(town, done.visit_id, visits=2)
    assert current(town, patrol_visit, id=done.visit_id)[0]["visits"] == 2


def test_the_form_is_changed_field_by_field(town):
    done = send(town, plain("site:site-S1", "confirmed", form={"people": "示例甲", "phone": "000-0000-0001"}), who="me")
    edit(town, done.visit_id, form={"phone": "000-0000-0002", "school": "示例卫校"})
    row = current(town, visit_form, visit_id=done.visit_id)[0]
    assert (row["people"], row["phone"], row["school"]) == ("示例甲", "000-0000-0002", "示例卫校")
    edit(town, done.visit_id, form={"school": ""})
    assert current(town, visit_form, visit_id=done.visit_id)[0]["school"] is None
    fields = {name for name, _, _ in visit_history(town, done.visit_id, WHOLE)[1].fields}
    assert fields == {"phone", "school"}


def test_a_masked_change_is_shown_as_a_change_without_its_content(town):
    done = send(town, plain("site:site-S1", "confirmed", form={"people": "示例甲"}), who="me")
    edit(town, done.visit_id, form={"people": "示例乙"})
    assert visit_history(town, done.visit_id, WHOLE)[1].fields == (("people", "＊＊", "＊＊"),)
    assert visit_history(town, done.visit_id, Scope(DISTRICT, personal=True))[1].fields == (("people", "示例甲", "示例乙"),)


def test_photos_are_added_and_removed_up_to_four(town):
    done = send(town, plain(), photos=[picture(), picture((50, 60))], who="me")
    see = lambda: visit_of(town, done.visit_id, actor=ME, now=NOW).photos  # noqa: E731
    first = see()
    assert len(first) == 2
    edit(town, done.visit_id, photos=(picture((70, 70)),), remove_photos=[first[0]])
    assert len(see()) == 2
    assert first[0] not in see()
    with pytest.raises(UnreadableRecord):
        edit(town, done.visit_id, photos=(picture(), picture(), picture()))
    assert len(see()) == 2
    undo_visit(town, done.visit_id, actor=ME, now=NOW)
    assert set(see()) == set(first)


def test_an_imported_visit_is_not_edited_here(town):
    with pytest.raises(UnknownVisit):
        edit(town, "visit-V1", visits=2)


def test_yesterdays_answer_asked_today_is_the_same(town):
    before = k1(town)
    send(town, plain(visits=4))
    asked = JULY.with_(known_at=NOW - dt.timedelta(seconds=1))
    assert figures(town, asked, WHOLE)["K1"].value == figures(town, JULY.with_(known_at=dt.datetime(2023, 7, 31, 9, tzinfo=CHINA)), WHOLE)["K1"].value
    assert k1(town) == before + 4


OPEN_LEAD = "lead-L2"


def lead_now(database, identifier):
    [lead] = current(database, FACTS["lead"], id=identifier)
    return lead


@pytest.mark.parametrize(("outcome", "result", "day"), [("none", "unfounded", dt.date(2023, 7, 31)), ("confirmed", "confirmed", dt.date(2023, 7, 31)), ("none", "pending", None)])
def test_the_check_of_a_lead_writes_its_result_into_the_lead(town, outcome, result, day):
    before = lead_now(town, OPEN_LEAD)
    said = plain(f"lead:{OPEN_LEAD}", outcome, lead_result=result)
    send(town, said)
    lead = lead_now(town, OPEN_LEAD)
    assert (lead["result"], lead["checked_on"]) == (result, day)
    assert lead["contacted_on"] is None
    assert (lead["source_code"], lead["content_hash"], lead["number"]) == (before["source_code"], before["content_hash"], before["number"])
    assert visit_of(town, said["id"], actor=demo_actor(WHOLE), now=NOW).lead_result == result
    assert undo_visit(town, said["id"], actor=Actor("demo", "demo", "街道", WHOLE), now=NOW) is False
    lead = lead_now(town, OPEN_LEAD)
    assert (lead["result"], lead["checked_on"], lead["batch_id"]) == (before["result"], before["checked_on"], before["batch_id"])


def test_an_edit_of_a_check_changes_the_lead_and_its_undo_gives_the_first_result_back(town):
    said, actor = plain(f"lead:{OPEN_LEAD}", "none", lead_result="pending"), Actor("demo", "demo", "街道", WHOLE)
    send(town, said)
    edit_visit(town, said["id"], read_changes({"lead_result": "unfounded"}), actor=actor, now=NOW)
    assert lead_now(town, OPEN_LEAD)["result"] == "unfounded"
    assert undo_visit(town, said["id"], actor=actor, now=NOW) is True
    assert lead_now(town, OPEN_LEAD)["result"] == "pending"
    with pytest.raises(UnreadableRecord, match="核查结果不能是不属实"):
        edit_visit(town, said["id"], read_changes({"lead_result": "unfounded", "outcome": "confirmed"}), actor=actor, now=NOW)


def test_a_contact_is_no_check_and_a_check_no_contact(town):
    actor = Actor("demo", "demo", "街道", WHOLE)
    before = lead_now(town, OPEN_LEAD)["checked_on"]
    batch = mark_lead(town, OPEN_LEAD, "contacted", actor=actor, now=NOW)
    lead = lead_now(town, OPEN_LEAD)
    assert (lead["contacted_on"], lead["checked_on"], lead["feedback_on"]) == (dt.date(2023, 7, 31), before, None)
    assert last_step(town, WHOLE, OPEN_LEAD) == batch
    assert count(town, audit_event, action="lead_step") == 1
    with pytest.raises(Refusal, match="已在 2023-07-31 登记过"):
        mark_lead(town, OPEN_LEAD, "contacted", actor=actor, now=NOW)
    # A check after it is taken back alone: the contact stays.
    said = plain(f"lead:{OPEN_LEAD}", "none", lead_result="unfounded")
    send(town, said, now=NOW + dt.timedelta(minutes=1))
    assert last_step(town, WHOLE, OPEN_LEAD) is None
    undo_visit(town, said["id"], actor=actor, now=NOW + dt.timedelta(minutes=2))
    lead = lead_now(town, OPEN_LEAD)
    assert (lead["contacted_on"], lead["checked_on"]) == (dt.date(2023, 7, 31), before)
    undo(town, batch, actor=actor, now=NOW + dt.timedelta(minutes=3))
    assert lead_now(town, OPEN_LEAD)["contacted_on"] is None


def test_a_contact_tells_when_how_and_with_what_result_and_one_that_reached_nobody_leaves_the_duty_open(town):
    actor = Actor("demo", "demo", "街道", WHOLE)
    at = NOW - dt.timedelta(minutes=30)
    missed = mark_lead(town, OPEN_LEAD, "contacted", actor=actor, now=NOW, contact=Contact(at, "phone", "missed"))
    assert lead_now(town, OPEN_LEAD)["contacted_on"] is None
    assert last_contact(town, WHOLE, OPEN_LEAD) == Contact(at, "phone", "missed")
    later = NOW + dt.timedelta(minutes=5)
    mark_lead(town, OPEN_LEAD, "contacted", actor=actor, now=later, contact=Contact(later, "in_person", "reached"))
    assert lead_now(town, OPEN_LEAD)["contacted_on"] == dt.date(2023, 7, 31)
    reached = last_step(town, WHOLE, OPEN_LEAD)
    undo(town, reached, actor=actor, now=NOW + dt.timedelta(minutes=6))
    assert lead_now(town, OPEN_LEAD)["contacted_on"] is None
    assert last_contact(town, WHOLE, OPEN_LEAD) == Contact(at, "phone", "missed")
    undo(town, missed, actor=actor, now=NOW + dt.timedelta(minutes=7))
    assert last_contact(town, WHOLE, OPEN_LEAD) is None


def test_yesterdays_contact_counts_for_yesterday(town):
    actor, yesterday = Actor("demo", "demo", "街道", WHOLE), NOW - dt.timedelta(days=1)
    mark_lead(town, OPEN_LEAD, "contacted", actor=actor, now=NOW, contact=Contact(yesterday, "message", "appointed"))
    assert lead_now(town, OPEN_LEAD)["contacted_on"] == dt.date(2023, 7, 30)


@pytest.mark.parametrize(("at", "how", "result", "said"), [
    (NOW + dt.timedelta(minutes=1), "phone", "reached", "不能晚于现在"),
    (NOW - dt.timedelta(days=400), "phone", "reached", "不能早于受理时间"),
    (NOW, "pigeon", "reached", "请选择"),
    (NOW, "phone", "", "请选择"),
])  # fmt: skip
def test_a_contact_that_cannot_have_been_is_refused(town, at, how, result, said):
    with pytest.raises(Refusal, match=said):
        mark_lead(town, OPEN_LEAD, "contacted", actor=Actor("demo", "demo", "街道", WHOLE), now=NOW, contact=Contact(at, how, result))


@pytest.mark.parametrize(("lead", "step", "scope"), [("nobody", "contacted", WHOLE), (None, "contacted", "other"), (None, "eaten", WHOLE)])
def test_a_step_of_a_lead_that_is_not_there_is_refused(town, lead, step, scope):
    where = lead_now(town, OPEN_LEAD)["street_code"]
    other = ONLY_B if where.endswith("001") else ONLY_A
    with pytest.raises(Refusal):
        mark_lead(town, lead or OPEN_LEAD, step, actor=Actor("x", "x", "街道", other if scope == "other" else scope), now=NOW)


@pytest.mark.parametrize(("outcome", "result"), [("confirmed", "unfounded"), ("no_access", "confirmed")])
def test_a_result_that_cannot_go_with_the_finding_is_refused(town, outcome, result):
    with pytest.raises(UnreadableRecord) as refused:
        read_record(plain(f"lead:{OPEN_LEAD}", outcome, lead_result=result), (), NOW)
    assert refused.value.field == "lead_result"
