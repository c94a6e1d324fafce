"""Media reports, undercover findings and harm to people."""

from data_access.importing.kinds import PLACE, Column, Kind, day, number, reference
from rules.language import N_

KIND = Kind(
    name="adverse_events", label=N_("负面事件"), table="adverse_event", order=49, day="day", located=True,
    columns=(
        number("事件编号", required=False),
        day(N_("日期"), required=True),
        Column(N_("类别"), "kind", "word", True, words="adverse_kind", example="暗访发现"),
        Column(N_("数量"), "count", "int", default=1, help=N_("报道为起，暗访为家，伤亡为人"), example="1"),
        Column(N_("级别"), "level", example="省级"),
        Column(N_("查证属实"), "verified", "bool", example="是"),
        Column(N_("摘要"), "summary"),
        reference(N_("案件编号"), "case_id", "cases"),
        reference(N_("点位编号"), "site_id", "sites"),
        reference(N_("当事人编号"), "subject_id", "persons", aliases=("人员编号",)),
        *PLACE,
    ),
)
