"""Administrative penalties with their fines."""

from data_access.importing.kinds import STREET, Column, Kind, agency, day, number, reference
from rules.language import N_

KIND = Kind(
    name="penalties", label=N_("行政处罚"), table="penalty", order=36, day="day", look_alike=("case_id", "day", "kind"),
    columns=(
        number("处罚编号", required=False),
        reference(N_("案件编号"), "case_id", "cases"),
        reference(N_("点位编号"), "site_id", "sites"),
        reference(N_("当事人编号"), "subject_id", "persons"),
        day(N_("决定日期"), required=True, aliases=("处罚日期", "日期")),
        Column(N_("处罚种类"), "kind", "word", words="penalty_kind", default="fine", example="罚款"),
        agency(N_("决定机关"), aliases=("处罚机关", "部门")),
        Column(N_("罚款金额"), "fine_yuan", "yuan", unit="元", aliases=("罚款", "罚款（元）", "罚款金额（元）"), help=N_("可写 3万元"), example="50000"),
        Column(N_("没收违法所得"), "confiscated_yuan", "yuan", unit="元", aliases=("没收违法所得（元）", "没收金额"), help=N_("随处罚决定没收的；取缔现场没收的记入没收物品，不重复填写")),
        Column(N_("文书号"), "document", aliases=("处罚决定书文号", "文号")),
        day(N_("推送信用平台日期"), "pushed_on"),
        STREET,
    ),
)
