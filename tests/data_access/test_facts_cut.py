"""What each kind of reader gets of a meeting's facts: what is named for it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from data_access.facts_cut import UnknownStreet, cut, cut_for, cut_for_agencies
from data_access.facts_fields import CLASSES
from data_access.hotspots import CLASSES as OF_THE_MAP
from tests.briefing.sample_facts import facts

READERS = {
    "street": {"areas": ("S1",)}, "streets": {"areas": ("S1", "S2")}, "agency": {"agencies": ("A1",)},
    "agency within a street": {"areas": ("S1",), "agencies": ("A1",)}, "street of its own meeting": {"areas": ("S1",)},
}  # fmt: skip
LEAK = "added_tomorrow"


def whole() -> dict:
    """The sample with every list filled, so that there is a place for a new fact at every depth."""
    made = facts(snapshot={"id": "s1", "number": 1, "taken_at": "2023-07-31T10:46:00+08:00", "hash": "0"}, cases_elsewhere=[{"street_code": "S2", "street": "南浦街道", "open_cases": 1}])
    made["emerging"] = {"months": ["2022-08-01"], "classes": {"S1-G0": "new"}}
    made["hotspot_map"] = {"level": "grid", "kinds": ["lead"]}
    made["hotspots"].append(made["hotspots"][0] | {"rank": 2, "street_codes": ["S2"], "must_transfer": 1, "watch": 5})
    made["decisions"][0]["hotspot"] = {"rank": 1, "members": ["S1-G0"]}
    made["campaign_effect"]["spans"] = {"before": {"start": "2023-06-01", "events": 1}}
    return made


def places(value: object, path: tuple = ()) -> Iterator[tuple]:
    """Where an object stands, at every depth."""
    if isinstance(value, dict):
        yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*path, key))


def put(value: object, path: tuple, leak: object) -> None:
    for key in path:
        value = value[key]
    value[LEAK] = leak


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("leak", ["secret", {"name": "secret"}, [{"code": "secret"}]])
def test_a_fact_that_nobody_allowed_is_not_handed_on_at_any_depth(reader: str, leak: object) -> None:
    given = whole()
    if reader == "street of its own meeting":
        given["scope"] = {"areas": ["S1"], "agencies": []}
    expected = cut_for(given, **READERS[reader])
    found = list(places(given))
    assert len(found) > 100
    for path in found:
        put(given, path, leak)
    made = cut_for(given, **READERS[reader])
    assert LEAK not in json.dumps(made)
    assert made == expected


@pytest.mark.parametrize("reader", READERS)
def test_a_known_name_hands_on_no_more_than_its_value(reader: str) -> None:
    given = whole()
    hidden = {"subject": "secret"}
    given["as_of"], given["streets"][0]["visits"], given["hotspots"][0]["name"] = hidden, [hidden], hidden
    given["decisions"][1]["text"], given["grid_classes"]["S1-G0"] = hidden, "secret"
    given["figures"]["K1"]["value"], given["meeting"]["members"] = hidden, ["secret"]
    assert "secret" not in json.dumps(cut_for(given, **READERS[reader]))


def test_the_classes_of_the_map_are_known() -> None:
    assert set(OF_THE_MAP) == CLASSES


def test_the_facts_given_stay_as_they_are() -> None:
    given = whole()
    before = json.dumps(given)
    cut(given, "S1")
    assert json.dumps(given) == before


def test_small_counts_of_persons_elsewhere_are_withheld_and_said_to_be() -> None:
    given = whole()
    given["recurrence"]["displaced"] = [{"from_street": a, "to_street": b, "by": "phone", "count": n} for a, b, n in (("S1", "S2", 2), ("S2", "S1", 3), ("S2", "S3", 9))]
    mine = cut(given, "S1")
    own, other = mine["hotspots"]
    assert own == given["hotspots"][0]
    assert (other["must_transfer"], other["watch"], other["repeat"], other["open_cases"], other["suppressed"], other["reason"]) == (None, 5, [], [], True, {"zh": "", "en": ""})
    assert other["elsewhere"] is True
    assert "elsewhere" not in own
    assert [(one["count"], one.get("suppressed")) for one in mine["recurrence"]["displaced"]] == [(None, True), (3, None)]
    assert [len(rows) for rows in mine["trackers"].values()] == [1, 0]
    with pytest.raises(UnknownStreet):
        cut(given, "S9")


def test_an_agency_s_facts_hold_its_own_work_and_what_is_published() -> None:
    found = cut_for_agencies(whole(), ("A2",))
    assert found["scope"] == {"areas": [], "agencies": ["A2"]}
    assert not {"high_sites", "overdue_grids"} & set(found["streets"][0])
    assert "overdue_grids" not in found["district"]
    assert [one["visits"] for one in found["agencies"]] == [None, 300, None]
    assert [one["number"] for one in found["decisions"]] == ["JY-01", "JY-02", "JY-03"]
    assert [one["number"] for one in found["deadlines"]] == ["YS-2"]
    assert found["cases"] == []
    assert found["cases_elsewhere"] == [{"street_code": "S1", "street": "北桥镇", "open_cases": 1}]
    assert (found["recurrence"]["displaced"], found["registered_places"], found["joint_needs"]) == ([], [], {})
    assert [one["number"] for one in cut_for_agencies(whole(), ("A3",))["decisions"]] == ["JY-01"]


def test_an_agency_keeps_what_it_handed_to_another_and_waits_for() -> None:
    given = whole()
    given["deadlines"][1] |= {"from_code": "A3", "from_agency": "区市场监管局"}
    assert [one["number"] for one in cut_for_agencies(given, ("A3",))["deadlines"]] == ["YS-2"]
    assert cut_for(given, areas=("S1",), agencies=("A3",))["deadlines"] == []
    assert [one["number"] for one in cut_for(given, areas=("S2",), agencies=("A3",))["deadlines"]] == ["YS-2"]


def test_who_reads_for_an_agency_within_a_street_keeps_the_rows_of_both() -> None:
    given = whole()
    both = cut_for(given, areas=("S1",), agencies=("A2",))
    assert both["scope"] == {"areas": ["S1"], "agencies": ["A2"]}
    assert both["deadlines"] == []  # the agency's lies in S2
    assert [one["number"] for one in cut_for(given, areas=("S2",), agencies=("A2",))["deadlines"]] == ["YS-2"]
    assert [one["number"] for one in cut_for(given, areas=("S1",), agencies=("A1",))["cases"]] == ["AJ-1"]
    assert "overdue_grids" not in both["streets"][0]
    assert both["hotspots"][0]["repeat"] == []
    assert [one["number"] for one in cut_for(given, areas=("S2",), agencies=("A2",))["decisions"]] == ["JY-03"]


def test_facts_cut_to_one_street_are_not_cut_again_to_another() -> None:
    mine = cut(whole(), "S1")
    assert cut(mine, "S1")["cases"] == mine["cases"]
    with pytest.raises(UnknownStreet):
        cut(mine, "S2")


def test_who_reads_for_several_streets_gets_the_rows_of_each() -> None:
    found = cut_for(whole(), areas=("S1", "S2"))
    assert all("overdue_grids" in one for one in found["streets"])
    assert len(found["trackers"]["watch"]) == 1
    assert found["cases_elsewhere"] == []
