"""The historic list of persons once found practising (历年无证行医被查处对象名单) and how far each was checked."""

from __future__ import annotations

import pandas as pd

from data_access.importing.kinds import CATEGORY, PLACE, Child, Column, Kind, day, number
from rules.language import N_

PERSON = (
    "number", "kind", "name", "phone", "phone_hash", "identity_hash", "address", "school", "major", "qualification",
    "category", "prior_penalties", "residence", "listed_on",
)
CHECK = (
    "number", "listed_on", "system_checked_on", "field_checked_on", "still_active", "graded_on", "grade", "control_measure",
    "control_on", "joint_action_on", "due_on",
)
WHERE = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")


def spread(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A row is a person and how far the person was checked."""
    checks = frame[[*CHECK, *WHERE]].assign(parent_row=frame.index, local_key="list")
    return {"subject": frame[[*PERSON, *WHERE]], "list_check": checks}


KIND = Kind(
    name="persons", label=N_("历年被查处对象名单"), table="subject", order=20, located=True, day="listed_on", look_alike=("name", "phone"),
    columns=(
        number("对象编号", "人员编号", "当事人编号", "序号编号"),
        Column(N_("类别"), "kind", "word", words="subject_kind", default="person", aliases=("对象类别",), example="个人"),
        Column(N_("姓名"), "name", aliases=("姓名或名称", "负责人", "名称", "人员姓名"), help=N_("个人信息，默认遮蔽"), example="示例甲"),
        Column(N_("身份证件号"), "identity", "identity", aliases=("身份证号", "证件号码"), help=N_("只保存加密摘要，不保存号码")),
        Column(N_("联系电话"), "phone", "phone", aliases=("电话", "手机号"), help=N_("个人信息，默认遮蔽")),
        Column(N_("住址"), "address", aliases=("居住地址", "现住址"), help=N_("个人信息，默认遮蔽")),
        Column(N_("毕业院校"), "school"),
        Column(N_("所学专业"), "major"),
        Column(N_("从医资格"), "qualification", "word", words="qualification", default="unknown", example="无"),
        CATEGORY,
        Column(N_("既往处罚次数"), "prior_penalties", "int", unit="次", aliases=("行政处罚次数",), help=N_("本系统处罚登记开始之前的次数")),
        Column(N_("去向"), "residence", "word", words="residence", default="unknown", aliases=("是否仍在本区", "仍居住活动"), example="仍在本区活动"),
        day(N_("列入名单日期"), "listed_on", aliases=("列入日期",)),
        day(N_("系统比对日期"), "system_checked_on"),
        day(N_("实地核查日期"), "field_checked_on"),
        Column(N_("仍在活动"), "still_active", "bool", aliases=("是否仍在活动",)),
        day(N_("评级日期"), "graded_on"),
        Column(N_("风险等级"), "grade", "word", words="risk", example="中风险"),
        Column(N_("管控措施"), "control_measure"),
        day(N_("管控日期"), "control_on"),
        day(N_("联合执法日期"), "joint_action_on"),
        day(N_("核查期限"), "due_on"),
        *PLACE,
    ),
    spread=spread, children=(Child("list_check", "subject_id", "subject", owned=True),),
)
