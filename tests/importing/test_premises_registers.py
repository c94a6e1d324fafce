"""Licensed institutions and rented premises come in as registers of their own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from data_access.database import Database
from data_access.figures import figures
from data_access.rows import rows
from data_access.schema import rented_premises
from rules.request import Filters
from tests.importing.hamlet import LATER, NOW, WHOLE, bring, table

JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31))
HEADINGS = "机构编号,医疗机构名称,机构类别,街镇,检查日期"


def test_institutions_checked_in_the_period_are_k34_with_their_rows(either: Database) -> None:
    assert "K34" not in figures(either, JULY, WHOLE)
    batch = bring(either, table("机构.csv", HEADINGS, [
        "J1,示例一门诊部,门诊部,青禾街道,2023.7.3", "J2,示例二诊所,诊所,古溪路街道,2023-06-30", "J3,示例三诊所,诊所,古溪路街道,"]))  # fmt: skip
    assert (batch.kind, batch.new) == ("licensed_institutions", 3)
    found = figures(either, JULY, WHOLE)["K34"]
    assert (found.value, found.unit) == (1, "家")
    assert rows(either, "K34", JULY, WHOLE)[["number", "name"]].values.tolist() == [["J1", "示例一门诊部"]]
    bring(either, table("机构.csv", HEADINGS, ["J2,示例二诊所,诊所,古溪路街道,2023-07-20"]), now=LATER)
    assert figures(either, JULY, WHOLE)["K34"].value == 2
    assert figures(either, JULY.with_(known_at=NOW), WHOLE)["K34"].value == 1


def test_every_check_of_an_institution_is_kept(either: Database) -> None:
    """Checked in June and twice in July: June keeps its one, July counts the institution once and shows both days."""
    for place, text in enumerate(("2023-06-12", "2023-07-03", "2023-07-20")):
        bring(either, table("机构.csv", HEADINGS, [f"J1,示例一门诊部,门诊部,青禾街道,{text}"]), now=LATER + dt.timedelta(minutes=place))
    june = JULY.with_(start=dt.date(2023, 6, 1), end=dt.date(2023, 6, 30))
    assert [figures(either, asked, WHOLE)["K34"].value for asked in (june, JULY, JULY.with_(start=dt.date(2023, 6, 1)))] == [1, 1, 1]
    shown = rows(either, "K34", JULY, WHOLE)
    assert [(str(each.day)[:10], each.number, each.counts) for each in shown.itertuples()] == [("2023-07-20", "J1", 0.0), ("2023-07-03", "J1", 1.0)]
    # The same file once more brings no further check.
    again = bring(either, table("机构.csv", HEADINGS, ["J1,示例一门诊部,门诊部,青禾街道,2023-07-20"]), now=LATER + dt.timedelta(hours=1))
    assert (again.new, again.changed) == (0, 0)
    assert len(rows(either, "K34", JULY, WHOLE)) == 2


def test_rented_premises_keep_their_days_and_their_place(hamlet: Database) -> None:
    bring(hamlet, table("出租房.csv", "房屋编号,地址,房东,街镇,登记日期,通知居委日期", ["F1,示例路1号,示例甲,青禾街道,20230601,2023年7月2日"]))
    row = hamlet.frame(select(rented_premises)).iloc[0]
    assert (row["address"], row["landlord"], row["street_code"]) == ("示例路1号", "示例甲", "990114001")
    assert (row["registered_on"].date(), row["committee_notified_on"].date()) == (dt.date(2023, 6, 1), dt.date(2023, 7, 2))
