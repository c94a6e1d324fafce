"""A record says what it may say, and everything else is refused with the field to mend."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.language import translator
from rules.visit_record import (
    FINDINGS,
    OUTCOMES,
    UnreadableRecord,
    read_changes,
    read_form,
    read_reason,
    read_record,
)
from rules.vocabulary import TABLES

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=ZoneInfo("Asia/Shanghai"))
ID = "0189a2c4-0000-7000-8000-000000000001"


def plain(**more):
    return {"id": ID, "at": "2023-07-31T10:40:00+08:00", "target": {"kind": "site", "id": "S-1"}, "outcome": "none", **more}


def field_of(**more):
    with pytest.raises(UnreadableRecord) as refused:
        read_record(plain(**more), (), NOW)
    return refused.value.field


def test_the_smallest_record_counts_one_patrol_visit():
    read = read_record(plain(), (), NOW)
    assert (read.finding, read.visits, read.mode, read.day, read.position, dict(read.form)) == ("none", 1, "patrol", dt.date(2023, 7, 31), None, {})


def test_every_outcome_is_kept_as_a_known_finding():
    assert OUTCOMES.keys() == FINDINGS.keys()
    assert set(FINDINGS.values()) == {word.code for word in TABLES["finding"]}


@pytest.mark.parametrize(("at", "day"), [
    ("2023-07-30T16:00:00+00:00", dt.date(2023, 7, 31)), ("2023-07-30T15:59:59+00:00", dt.date(2023, 7, 30)), ("2023-07-31T00:00:00+08:00", dt.date(2023, 7, 31)),
])  # fmt: skip
def test_the_day_is_that_of_the_products_zone(at, day):
    assert read_record(plain(at=at), (), NOW).day == day


def test_a_clock_a_little_ahead_is_taken_back_to_now_and_one_far_ahead_is_refused():
    assert read_record(plain(at="2023-07-31T10:56:00+08:00"), (), NOW).at == NOW
    assert field_of(at="2023-07-31T10:56:01+08:00") == "at"


@pytest.mark.parametrize("at", [None, "", "yesterday", "2023-07-31T10:40:00", 1690771200, "2022-07-29T10:00:00+08:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_record_without_a_usable_time_is_refused(at):
    assert field_of(at=at) == "at"


@pytest.mark.parametrize(("more", "field"), [
    ({"id": "x"}, "id"), ({"id": ID.upper()}, "id"), ({"id": "0189a2c4-0000-1000-8000-000000000001"}, "id"), ({"id": None}, "id"),
    ({"target": None}, "target"), ({"target": {"kind": "case", "id": "1"}}, "target"), ({"target": {"kind": "site", "id": "a b"}}, "target"),
    ({"target": {"kind": "site", "id": "x" * 65}}, "target"), ({"target": {"kind": ["site"], "id": "1"}}, "target"),
    ({"outcome": None}, "outcome"), ({"outcome": "fine"}, "outcome"), ({"outcome": ["none"]}, "outcome"),
    ({"outcome": "closed", "target": {"kind": "grid", "id": "DJ-001"}}, "outcome"),
    ({"mode": "drive"}, "mode"), ({"visits": 0}, "visits"), ({"visits": 100}, "visits"), ({"visits": True}, "visits"), ({"visits": 1.5}, "visits"),
    ({"visits": "1"}, "visits"), ({"note": "字" * 1001}, "note"), ({"note": 5}, "note"), ({"note": "\ud800"}, "note"), ({"position": {"how": [], "lon": 121.4, "lat": 31.2}}, "position"),
    ({"outcome": "suspect", "category": "astrology"}, "category"), ({"outcome": "suspect", "premises": 3}, "premises"),
    ({"outcome": "confirmed", "propose_case": "yes"}, "propose_case"), ({"outcome": "closed", "close_site": 1}, "close_site"),
    ({"form": []}, "form"), ({"form": {"salary": "1"}}, "form"), ({"form": {"phone": "1" * 61}}, "phone"), ({"form": {"qualification": "king"}}, "qualification"),
    ({"form": {"joint_wanted": "true"}}, "joint_wanted"), ({"admin": True}, "record"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field(more, field):
    assert field_of(**more) == field


@pytest.mark.parametrize("position", [
    {"lon": 121.0, "lat": 31.0}, {"lon": 121.0, "lat": 31.0, "how": "guessed"}, {"lon": 31.0, "lat": 121.0, "how": "device"}, {"lon": None, "lat": 31.0, "how": "device"},
    {"lon": float("nan"), "lat": 31.0, "how": "device"}, {"lon": 121.0, "lat": float("inf"), "how": "device"}, {"lon": "121", "lat": 31.0, "how": "device"},
    {"lon": 121.0, "lat": 31.0, "how": "device", "accuracy_m": -1}, {"lon": 121.0, "lat": 31.0, "how": "device", "accuracy_m": float("nan")}, [121.0, 31.0], {"lon": 10**400, "lat": 31.0, "how": "device"},
])  # fmt: skip
def test_a_position_that_is_none_is_refused(position):
    assert field_of(position=position) == "position"


def test_a_tapped_position_has_no_accuracy():
    assert read_record(plain(position={"lon": 121.0, "lat": 31.0, "how": "tapped", "accuracy_m": 5}), (), NOW).position.accuracy_m is None


def test_what_belongs_to_another_outcome_is_left_out():
    read = read_record(plain(outcome="none", category="dental", premises="rental", propose_case=True, close_site=True), (), NOW)
    assert (read.category, read.premises, read.propose_case, read.close_site) == (None, None, False, False)


def test_an_empty_form_field_is_left_out_and_one_emptied_by_an_edit_is_told():
    assert read_form({"phone": "  ", "school": "示例卫校", "qualification": ""}) == {"school": "示例卫校"}
    assert read_changes({"form": {"phone": "", "school": "示例卫校"}}) == {"form": {"phone": None, "school": "示例卫校"}}


def test_control_characters_are_dropped_and_lines_stay():
    assert read_record(plain(note=" 一\x00二\r\n三\u202e "), (), NOW).note == "一二\n三"


def test_five_photos_or_a_giant_one_are_refused():
    with pytest.raises(UnreadableRecord):
        read_record(plain(), (b"x",) * 5, NOW)
    with pytest.raises(UnreadableRecord):
        read_record(plain(), (b"x" * (8 * 2**20 + 1),), NOW)
    assert len(read_record(plain(), (b"x" * 8 * 2**20,) * 4, NOW).photos) == 4


@pytest.mark.parametrize("changes", [{"target": {"kind": "grid", "id": "A"}}, {"at": "2023-07-31T10:40:00+08:00"}, {"position": None}, {"id": ID}, [], None])
def test_what_was_visited_when_and_where_is_not_edited(changes):
    with pytest.raises(UnreadableRecord):
        read_changes(changes)


def test_two_records_are_one_only_where_everything_is_equal():
    one = read_record(plain(form={"phone": "1", "school": "2"}), (b"a",), NOW)
    assert one.digest() == read_record(plain(form={"school": "2", "phone": "1"}), (b"a",), NOW).digest()
    assert one.digest() == read_record(plain(at="2023-07-31T02:40:00+00:00", form={"phone": "1", "school": "2"}), (b"a",), NOW).digest()
    others = [plain(form={"phone": "1"}), plain(visits=2), plain(note="x"), plain(outcome="no_access"), plain(at="2023-07-31T10:39:00+08:00")]
    digests = {one.digest(), *(read_record(other, (b"a",), NOW).digest() for other in others), read_record(plain(form={"phone": "1", "school": "2"}), (b"b",), NOW).digest()}
    assert len(digests) == len(others) + 2


def test_a_reason_is_a_short_text():
    assert read_reason("  ") is None
    with pytest.raises(UnreadableRecord):
        read_reason("长" * 201)


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(), lambda one: some.lists(one, max_size=3) | some.dictionaries(some.text(), one, max_size=4), max_leaves=8,
)


@given(JSON, some.sampled_from(sorted(plain() | {"mode": 0, "visits": 0, "note": 0, "category": 0, "premises": 0, "position": 0, "form": 0, "close_site": 0, "propose_case": 0})))
def test_whatever_stands_in_a_field_is_read_or_refused_in_one_sentence(value, name):
    refused = None
    try:
        read = read_record(plain(outcome="suspect") | {name: value}, (), NOW)
    except UnreadableRecord as error:
        refused = error
    if refused is None:
        assert len(read.digest()) == 64
    else:
        assert refused.field
        assert refused.say(translator("zh_CN")).encode()
