"""F1 非法行医巡查登记表 (S3 附件1): its twelve columns and its footer, one row a registered place."""

from __future__ import annotations

from briefing.documents import Facts, Paper, PaperSettings
from briefing.paper_sheets import Column, Sheet, workbook
from briefing.paper_words import Reader
from rules.language import N_, Translate

FIELDS = ("unit_name", "people", "address", "phone", "school", "major", "qualification", "category", "joint_wanted", "day")
"""Keys of a row, in the order of the form's columns after 序号 and 乡镇. ``joint_wanted`` is a bool or None, ``day`` ISO text."""

HEADS = (
    (N_("序号"), 6), (N_("乡镇"), 12), (N_("无证行医单位名称"), 17), (N_("负责人及从业人员姓名"), 13), (N_("行医地址"), 19), (N_("联系电话"), 13),
    (N_("毕业院校"), 10), (N_("所学专业"), 9), (N_("从医资格"), 10), (N_("诊治科目"), 10), (N_("是否要联合查处"), 8), (N_("巡查日期"), 15),
)  # fmt: skip
LATIN_WIDTHS = {1: 15, 2: 15, 4: 16, 5: 11, 9: 16, 10: 13}
"""Columns, counted from 0, whose English words want another width."""
QUALIFICATIONS = N_("注：从医资格情况为：村防保员、村公共卫生联系员、乡村医生、执业助理医师、执业医师、护士、药士、药师等。")
FOOTER = N_("填表人：              填表日期：                  联系电话：              审核人：                单位盖章")
ROWS = 12
"""Ruled rows at least, for what is filled in by hand."""


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The form of the period; personal data is as masked as in the facts.

    Raises:
        Refusal: the facts were frozen before they held the form's rows.
    """
    reader = Reader(facts, settings, t)
    rows = [[place, reader.street_of(row), *(_said(row.get(field), field, reader) for field in FIELDS)] for place, row in enumerate(reader.frozen("registered_places"), start=1)]
    title = t("{place}非法行医巡查登记表", place=(", " if reader.is_latin else "").join(filter(None, (reader.reader_place, reader.district) if reader.is_latin else (reader.district, reader.reader_place))))
    sheet = Sheet(t("登记表"), title, [Column(t(head), LATIN_WIDTHS.get(at, width) if reader.is_latin else width) for at, (head, width) in enumerate(HEADS)], rows, (t(QUALIFICATIONS), t(FOOTER)), ROWS)
    return workbook(reader, [sheet])


def _said(value: object, field: str, reader: Reader) -> object:
    t = reader.t
    if field == "joint_wanted":
        return "" if value is None else t("是") if value else t("否")
    if field == "day":
        return reader.day(value)
    return t(value) if value and field in {"qualification", "category"} else value or ""


PAPER = Paper("patrol_form", N_("非法行医巡查登记表"), "xlsx", make, ("district", "street"), order=40)
