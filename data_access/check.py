"""Looks a database over and says in sentences what is right and what must be mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from data_access.database import Database
from data_access.districts import districts
from data_access.importing.kinds import kinds
from data_access.outlines import outline_faults
from data_access.references import broken_references, several_current, unplaced
from data_access.versions import versions
from rules.language import N_, Translate
from rules.request import Scope

SHOWN_CODES = 5
FAULTS = {
    "missing": N_("{level}：{n} 个没有边界（{codes}），数字照算，地图上不显示。"),
    "invalid": N_("{level}：{n} 个边界自相交（{codes}），请修复后重新导入。"),
    "overlap": N_("{level}：{n} 处相互重叠，最大 {most} 平方米（{codes}）。"),
    "gap": N_("{level}：{n} 个没有被下级区域铺满（{codes}），落在空白处的点位计为未落入网格。"),
    "outside": N_("{level}：{n} 个的下级区域超出了它的边界（{codes}）。"),
}
LEVELS = {
    "district": N_("区县"),
    "street": N_("街镇"),
    "neighbourhood": N_("村居"),
    "grid": N_("网格"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        grade: ``fine``, ``note`` (people should know) or ``wrong`` (must be mended).
        message: a Chinese source string.
        values: what its placeholders take; marked ones are translated, too.
    """

    grade: str
    message: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self, t: Translate) -> str:
        shown = {n: t(v) if isinstance(v, str) else v for n, v in self.values.items()}
        return t(self.message, **shown)


def check(database: Database, today: dt.date) -> Iterator[Finding]:
    """Look over the structure, every district's references, versions, places and outlines.

    Raises:
        DatabaseProblem: the database cannot be reached.
    """
    state = database.state()
    yield Finding("fine" if state.is_ready else "wrong", state.message)
    if not state.is_ready:
        return
    found = districts(database)
    if not found:
        yield Finding("note", N_("库里还没有区域：请先导入区域边界（python cli.py import）。"))
    for district in found:
        yield from _of_district(database, Scope(district), today)


def _of_district(database: Database, scope: Scope, today: dt.date) -> Iterator[Finding]:
    district = scope.district
    counted = "，".join(f"{k} {n}" for k, n in sorted(versions(database, district).items()) if n)
    yield Finding(
        "fine",
        N_("区县 {district}，数据版本：{counted}"),
        {"district": district, "counted": counted or "0"},
    )
    broken = broken_references(database, district)
    for row in broken.itertuples():
        yield Finding(
            "wrong",
            N_(
                "{label}（{table}.{column}）有 {n} 行指向不存在的{to}：请补导{to}，或改正后重新导入。"
            ),
            {
                "label": _label(row.table),
                "table": row.table,
                "column": row.column,
                "n": row.rows,
                "to": _label(row.to),
            },
        )
    if broken.empty:
        yield Finding("fine", N_("引用完整：没有指向不存在记录的行。"))
    for row in several_current(database, district).itertuples():
        yield Finding(
            "wrong",
            N_("{label}有 {n} 条记录同时有多个现行版本：请撤销最后一次导入后重新导入。"),
            {"label": _label(row.table), "n": row.things},
        )
    for row in unplaced(database, district).itertuples():
        if row.area_only or row.outside:
            yield Finding(
                "note",
                N_(
                    "{label}共 {rows} 行：{area_only} 行没有坐标，{outside} 行未落入网格（照常计数，见未上图清单）。"
                ),
                {
                    "label": _label(row.table),
                    "rows": row.rows,
                    "area_only": row.area_only,
                    "outside": row.outside,
                },
            )
    yield from _of_outlines(database, scope, today)


def _label(table: str) -> str:
    """What a table is called in the import, or the table's own name."""
    return next((kind.label for kind in kinds().values() if kind.table == table), table)


def _of_outlines(database: Database, scope: Scope, today: dt.date) -> Iterator[Finding]:
    faults = outline_faults(database, scope, today)
    if faults.empty:
        yield Finding("fine", N_("区域边界完整：没有缺失、重叠和空隙。"))
    for (level, fault), rows in faults.groupby(["level", "fault"], sort=False):
        codes = "、".join(
            f"{row.code}×{row.other_code}" if row.other_code else row.code
            for row in rows.head(SHOWN_CODES).itertuples()
        )
        more = " …" if len(rows) > SHOWN_CODES else ""
        most = 0 if rows["area_m2"].isna().all() else round(rows["area_m2"].max())
        yield Finding(
            "wrong" if fault == "invalid" else "note",
            FAULTS[fault],
            {"level": LEVELS[level], "n": len(rows), "codes": codes + more, "most": most},
        )
