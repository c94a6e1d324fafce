"""What happened at a site: found, warned, closed, relapsed, graded; its status on any day follows from these."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data_access.importing.kinds import NOTE, Column, Kind, agency, day, number, reference
from data_access.importing.problems import Fault
from rules.language import N_


def check(frame: pd.DataFrame) -> Iterator[tuple[int, str, Fault]]:
    """A grading needs its grade."""
    for row in frame.index[(frame["event"] == "graded") & frame["risk"].isna()]:
        yield row, "risk", Fault(N_("风险评级没有填风险等级"), N_("请填高风险、中风险或低风险"))


KIND = Kind(
    name="site_events", label=N_("点位事件"), table="site_event", order=32, day="day", key=("number",), look_alike=("site_id", "day", "event"),
    columns=(
        number("事件编号", required=False),
        reference(N_("点位编号"), "site_id", "sites", required=True),
        day(N_("日期"), required=True, aliases=("事件日期", "发生日期")),
        Column(N_("事件"), "event", "word", True, words="site_event", aliases=("事件类型", "处置"), example="取缔"),
        Column(N_("风险等级"), "risk", "word", words="risk", help=N_("事件为风险评级时必填"), example="高风险"),
        agency(N_("部门"), aliases=("实施部门", "办理部门")),
        reference(N_("案件编号"), "case_id", "cases"),
        NOTE,
    ),
    check=check,
)
