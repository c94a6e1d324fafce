"""The demo's files: a customer's headings and words, and the same rows from the same seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from data_access.demo.district import Delivery, deliveries
from data_access.demo.files import sheet, write
from data_access.demo.timeline import TODAY


def test_the_same_seed_gives_the_same_rows(handed: list[Delivery], known: Callable[..., pd.DataFrame]) -> None:
    made = pd.concat([one.frame for one in handed if one.kind == "visits"]).drop_duplicates("number", keep="last").set_index("number")
    stored = known("patrol_visit", "2024-01-01 00:00:00").set_index("number").reindex(made.index)
    assert (stored["visits"] == made["visits"]).all()
    assert (stored["day"] == made["day"]).all()
    assert (stored["agency_code"] == made["agency_code"]).all()
    assert stored["lon"].fillna(0).round(6).equals(made["lon"].fillna(0).round(6))


def test_files_come_in_the_order_of_handing_in_and_none_is_empty(handed: list[Delivery]) -> None:
    moments = [one.moment.now for one in handed]
    assert moments == sorted(moments)
    assert len({one.file_name for one in handed}) == len(handed)
    assert all(len(one.frame) for one in handed)


def test_no_file_holds_what_its_day_could_not_know(handed: list[Delivery]) -> None:
    for one in handed:
        if "day" in one.frame and one.kind not in {"tasks", "construction_sites"}:
            assert one.frame["day"].max() <= max(one.moment.through, pd.Timestamp(one.moment.now.date()))


def test_the_last_visits_before_the_day_shown_were_handed_in_at_ten_forty_two(handed: list[Delivery]) -> None:
    today = [one for one in handed if one.kind == "visits" and one.moment.through == TODAY]
    assert [f"{one.moment.now:%H:%M}" for one in today] == ["10:42"]


def test_a_sheet_has_the_templates_headings_and_words() -> None:
    frame = pd.DataFrame({
        "number": ["V1", "V2"], "day": pd.to_datetime(["2023-07-03", None]), "at": pd.to_datetime(["2023-07-03 09:12", None]),
        "mode": ["inspection", None], "mobile": [True, None], "visits": [2.0, None], "lon": [121.25, None],
    })  # fmt: skip
    table = sheet("visits", frame)
    assert table.iloc[0].to_dict() == {
        "编号": "V1", "巡查日期": "2023-07-03", "时间": "2023-07-03 09:12", "巡查方式": "执法检查", "移动端": "是", "户次": 2, "经度": 121.25}  # fmt: skip
    assert table.iloc[1].drop("编号").isna().all()


def test_an_empty_register_keeps_its_headings() -> None:
    assert list(sheet("visits", pd.DataFrame({"number": [], "finding": []}))) == ["编号", "巡查结果"]


def test_a_workbook_is_read_back_cell_by_cell(tmp_path: Path) -> None:
    frame = pd.DataFrame({"number": ["L-1"], "day": pd.to_datetime(["2023-07-03"]), "level": ["street"], "members": [["a", "b"]], "name": [None]})
    path = write("meetings", frame, tmp_path / "meetings.xlsx")
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows == [["编号", "日期", "层级", "名称", "成员单位"], ["L-1", "2023-07-03", "街镇级", "", "a、b"]]


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_notice_holds_for_every_seed(seed: int) -> None:
    made = deliveries(seed, "fictional")

    def july(kind: str) -> pd.DataFrame:
        parts = [one.frame for one in made if one.kind == kind and one.moment.through <= TODAY]
        rows = pd.concat(parts).drop_duplicates("number", keep="last")
        return rows[(rows["day"] >= "2023-07-01") & (rows["day"] <= TODAY)]

    assert july("visits")["visits"].sum() == 3175
    assert (july("visits")["mode"] == "inspection").sum() == 50
    assert july("activities")["materials"].sum() == 15599
    assert (july("site_events")["event"] == "closed").sum() == 6
    assert july("penalties")["fine_yuan"].sum() == 310000
