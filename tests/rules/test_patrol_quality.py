"""What is listed to ask about, on both sides of every limit; and that it accuses nobody."""

import datetime as dt

import pandas as pd
import pytest
import shapely

from rules.patrol_quality import COLUMNS, EXPLAINED, KINDS, Limits, to_ask_about

JULY = dt.date(2023, 7, 1), dt.date(2023, 7, 31)
GRIDS = {"G": shapely.box(121.0, 31.0, 121.01, 31.01)}


def visit(number: int, **values: object) -> dict:
    return {"id": f"v{number:03}", "day": "2023-07-10", "at": None, "agency_code": "A", "street_code": "S", "grid_code": None, "target_id": f"t{number}",
            "lon": None, "lat": None, "note": None, "off_m": None, "accuracy_m": None, **values}  # fmt: skip


def ask(*rows: dict, start=JULY[0], end=JULY[1], limits=None) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows) or [visit(0)])
    frame["day"] = pd.to_datetime(frame["day"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True, format="ISO8601")
    frame = frame.astype(dict.fromkeys(("lon", "lat", "off_m", "accuracy_m"), "float64"))
    return to_ask_about(frame if rows else frame.head(0), GRIDS, start, end, limits)


def at(lon: float, minute: str = "2023-07-10T02:15:30Z", **values: object) -> dict:
    return {"at": minute, "lon": lon, "lat": 31.005, **values}


def test_two_places_a_kilometre_apart_in_one_minute_are_listed_with_both_visits():
    # 0.0105 degrees of longitude at 31 degrees north are 1.0008 km.
    found = ask(visit(1, **at(121.0)), visit(2, **at(121.0105, "2023-07-10T02:15:59Z")), visit(3, **at(121.0)))
    assert found[["kind", "count", "ids"]].values.tolist() == [["same_minute", 3, ("v001", "v002", "v003")]]
    assert found["measure"].iloc[0] == pytest.approx(1.0008, abs=0.002)


def test_near_places_other_minutes_other_agencies_and_rounded_hours_are_not():
    assert ask(visit(1, **at(121.0)), visit(2, **at(121.0103))).empty
    assert ask(visit(1, **at(121.0)), visit(2, **at(121.05, "2023-07-10T02:16:00Z"))).empty
    assert ask(visit(1, **at(121.0)), visit(2, **at(121.05, agency_code="B"))).empty
    assert ask(visit(1, **at(121.0, "2023-07-10T02:00:00Z")), visit(2, **at(121.05, "2023-07-10T02:00:00Z"))).empty


def test_a_quarter_is_listed_from_four_tenths_in_its_last_ten_days_on():
    end = dt.date(2023, 6, 30)
    early = [visit(n, day="2023-05-10") for n in range(12)]
    late = [visit(100 + n, day="2023-06-21") for n in range(8)]
    found = ask(*early, *late, start=dt.date(2023, 6, 1), end=end)
    assert (found["kind"].iloc[0], found["count"].iloc[0], found["measure"].iloc[0]) == ("quarter_end", 8, 0.4)
    assert ask(*early, *late[:7], visit(200, day="2023-06-20"), start=dt.date(2023, 6, 1), end=end).empty
    assert ask(*early[:11], *late, start=dt.date(2023, 6, 1), end=end).empty
    assert ask(*early, *late, start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 29)).empty


def test_a_text_about_four_places_is_listed_spaces_and_stops_apart():
    texts = ["室内无诊疗器械，经营正常。", "室内无诊疗器械,经营正常", " 室内无诊疗器械 经营正常", "室内无诊疗器械，经营正常"]
    found = ask(*(visit(n, note=text) for n, text in enumerate(texts)))
    assert found[["kind", "count", "measure"]].values.tolist() == [["copied_note", 4, 4.0]]
    assert ask(*(visit(n, note=text) for n, text in enumerate(texts[:3]))).empty
    assert ask(*(visit(n, note="一切正常") for n in range(9))).empty
    assert ask(*(visit(n, note=texts[0], target_id="same") for n in range(9))).empty


def test_a_point_beyond_the_edge_is_listed_unless_the_device_was_that_unsure():
    # 0.001 degrees of latitude are 110.6 m north of the edge.
    off = visit(1, grid_code="G", lon=121.005, lat=31.011)
    found = ask(off)
    assert found["kind"].tolist() == ["outside"]
    assert found["measure"].iloc[0] == pytest.approx(110.6, abs=0.2)
    assert ask(visit(1, grid_code="G", lon=121.005, lat=31.0109)).empty
    assert ask({**off, "accuracy_m": 150}).empty
    assert ask(visit(1, grid_code="G", lon=121.005, lat=31.005)).empty
    assert ask(visit(1, grid_code="G", off_m=300))["measure"].tolist() == [300.0]
    assert ask(off, limits=Limits(outside_m=200)).empty


def test_nothing_to_ask_is_an_empty_frame_and_later_days_are_not_looked_at():
    assert ask().empty
    assert tuple(ask().columns) == COLUMNS
    assert ask(visit(1, grid_code="G", lon=121.005, lat=31.02, day="2023-08-01")).empty


def test_the_words_ask_and_do_not_accuse():
    said = "".join([*KINDS.values(), *EXPLAINED.values()])
    assert not any(word in said for word in ("造假", "虚假", "作弊", "走过场", "违规", "弄虚"))
    assert set(KINDS) == set(EXPLAINED)
