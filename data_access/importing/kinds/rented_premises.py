"""Rented premises (出租房屋): who lets to whom, registered when, and when the committee was told."""

from data_access.importing.kinds import PLACE, Column, Kind, day, number
from rules.language import N_

KIND = Kind(
    name="rented_premises", label=N_("出租房屋"), table="rented_premises", order=24, located=True, look_alike=("address",),
    columns=(
        number("房屋编号", "租赁备案号", "出租房编号"),
        Column(N_("房屋地址"), "address", required=True, aliases=("地址", "出租房地址", "坐落"), help=N_("个人信息，默认遮蔽"), example="示例路1号"),
        Column(N_("出租人"), "landlord", aliases=("房东", "产权人", "业主"), help=N_("个人信息，默认遮蔽"), example="示例甲"),
        Column(N_("承租人"), "tenant", aliases=("租客", "租户"), help=N_("个人信息，默认遮蔽"), example="示例乙"),
        day(N_("登记日期"), "registered_on", aliases=("备案日期", "租赁登记日期")),
        day(N_("告知村居日期"), "committee_notified_on", aliases=("通知居委日期", "告知居委日期", "告知居村委日期")),
        *PLACE,
    ),
)
