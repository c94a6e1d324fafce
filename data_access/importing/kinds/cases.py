"""Cases (案件): what is being handled by whom; the state on any day follows from the case events."""

from data_access.importing.kinds import (
    CATEGORY,
    PLACE,
    PREMISES,
    Column,
    Kind,
    agency,
    day,
    number,
    reference,
)
from rules.language import N_

KIND = Kind(
    name="cases", label=N_("案件"), table="case", order=28, located=True,
    columns=(
        number("案件编号", "案号", "立案编号"),
        Column(N_("案件类别"), "kind", "word", True, words="case_kind", aliases=("类别", "案由"), example="无证行医"),
        CATEGORY,
        PREMISES,
        Column(N_("案件名称"), "title", help=N_("个人信息，默认遮蔽")),
        reference(N_("点位编号"), "site_id", "sites"),
        reference(N_("当事人编号"), "subject_id", "persons"),
        reference(N_("线索编号"), "lead_id", "leads"),
        agency(N_("办案部门"), required=True, aliases=("承办部门", "部门")),
        Column(N_("联合办案"), "joint", "bool", aliases=("是否联合办案",), example="否"),
        Column(N_("联合部门"), "joint_agencies", "agencies", aliases=("配合部门",), help=N_("多个用顿号隔开")),
        day(N_("联合办案日期"), "joint_on"),
        Column(N_("办案期限天数"), "limit_days", "int", unit="天", help=N_("与规则不同时填写")),
        *PLACE,
    ),
)
