"""The worklist as an Excel file to print and to fill in: 今日要去, 补巡清单, and what it is."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from data_access.areas import area_names
from data_access.assignments import teams
from data_access.districts import is_demo
from data_access.organisations import agency_names
from data_access.quarter_task import CatchUp, catch_up, quarter_task
from data_access.roads import round_of
from data_access.rulebooks import rulebook_of
from data_access.worklist import worklist
from rules.language import N_, Translate, translator
from rules.route import Route
from rules.vocabulary import name_of
from rules.worklist_order import TITLES
from rules.worklist_words import NO_PLACES, clauses_said, state_said, why_said

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from data_access.database import Database
    from rules.request import Filters, Scope
    from rules.rulebook import Rulebook

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\u00a0", "＝", "＋", "－", "＠")
HEADS = (
    (N_("序号"), 5), (N_("要做的事"), 14), (N_("对象"), 14), (N_("网格"), 10), (N_("村居"), 14), (N_("街镇"), 12), (N_("状态"), 12),
    (N_("期限"), 11), (N_("风险等级"), 9), (N_("为什么去"), 34), (N_("责任单位"), 16), (N_("依据"), 38), (N_("经度"), 11), (N_("纬度"), 10),
    (N_("结果（填写）"), 14), (N_("备注（填写）"), 18),
)  # fmt: skip
LEFT_HEADS = ((N_("序号"), 5), (N_("对象类别"), 12), (N_("对象"), 16), (N_("网格"), 10), (N_("街镇"), 14), (N_("期限"), 11), (N_("逾期"), 8))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the worklist is asked for; the same choices as on the street's screen.

    Attributes:
        owner: code of who owes, or None for everybody.
        group: a code of ``GROUPS``, or empty for all.
        horizon_days: how many days ahead.
        by_route: whether the rows stand in the order of a round instead of by urgency.
        start: (lon, lat) where the round begins; None begins at the most urgent place.
        walking: whether the round is made on foot.
    """

    owner: str | None = None
    group: str = ""
    horizon_days: int = 1
    by_route: bool = False
    start: tuple[float, float] | None = None
    walking: bool = False


def places_to_go(
    database: Database, filters: Filters, scope: Scope, wanted: Wanted, now: dt.datetime | None = None
) -> tuple[pd.DataFrame, Route | None]:
    """The worklist as asked for, in the order asked for, with the round where one was asked for.

    In a round, what has no point stands at the end in the order of urgency.
    """
    found = worklist(
        database, filters, scope, wanted.owner, [wanted.group] if wanted.group else None, horizon_days=wanted.horizon_days, now=now
    )
    if not wanted.by_route or found.empty:
        return found, None
    way = round_of(database, filters, scope, found, wanted.start, walking=wanted.walking)
    at = pd.Index(found["key"]).get_indexer([*way.keys, *way.left_out])
    return found.take(at).reset_index(drop=True), way


def workbook(
    database: Database, filters: Filters, scope: Scope, wanted: Wanted | None = None, language: str = "zh_CN", *, now: dt.datetime
) -> bytes:
    """The Excel file: landscape A4, heads repeated, no formula in any cell, no personal data.

    Args:
        now: the instant at which it is made, with its time zone.
    """
    t, wanted = translator(language), wanted or Wanted()
    found, way = places_to_go(database, filters, scope, wanted, now)
    names = _Names(database, filters, scope, language)
    left, rules = catch_up(database, filters, scope), rulebook_of(database, filters, scope)
    demo = is_demo(database, scope.district)
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#E6F1F0"})
        cell = book.add_format({"text_wrap": True, "valign": "top", "bottom": 4})
        lines = [_line(place, row, names, rules, t) for place, row in enumerate(found.to_dict("records"), start=1)]
        desk = int(found["group"].isin(NO_PLACES).sum())
        title = t("{area}今日要去 {n} 处（{day}）", area=names.area(filters.area or _only(scope) or scope.district), n=len(lines) - desk, day=filters.as_of)
        _sheet(book.add_worksheet(t("今日要去")), [(t(name), width) for name, width in HEADS], lines, head, cell, title, demo, t)
        rest = [_left_line(place, row, names, t) for place, row in enumerate(left.rows.to_dict("records"), start=1)]
        _sheet(book.add_worksheet(t("补巡清单")), [(t(name), width) for name, width in LEFT_HEADS], rest, head, cell, t("补巡清单"), demo, t)
        about = book.add_worksheet(t("说明"))
        if demo:
            about.set_header(f"&R{t('演示数据 非公文')}")
        about.set_column(0, 0, 100)
        for place, sentence in enumerate(_about(database, filters, scope, left, way, desk, demo, now, t)):
            about.write_string(place, 0, plain(sentence))
    return made.getvalue()


def plain(value: object) -> str:
    """A text that a spreadsheet would take for a formula, made plain by an apostrophe (OWASP, CSV Injection)."""
    text = "" if value is None or value is pd.NA or value != value else str(value)
    return "'" + text if text.lstrip(" ").startswith(BEGINS_A_FORMULA) else text


class _Names:
    """The reader's names of areas, agencies and teams."""

    def __init__(self, database: Database, filters: Filters, scope: Scope, language: str) -> None:
        english = language == "en"
        self._areas = {code: (en if english and en else name) for code, (name, en, _) in area_names(database, scope, filters.as_of, known_at=filters.known_at).items()}
        listed = pd.concat([frame[["code", "name", "name_en"]] for frame in (agency_names(database, scope, filters.as_of, known_at=filters.known_at), teams(database, filters, scope))])
        chosen = listed["name_en"].where(listed["name_en"].fillna("") != "", listed["name"]) if english else listed["name"]
        self._owners = dict(zip(listed["code"], chosen, strict=True))

    def area(self, code: object) -> str:
        return self._areas.get(code, code) if isinstance(code, str) else ""

    def owner(self, code: object) -> str:
        return self._owners.get(code) or self.area(code) if isinstance(code, str) else ""


def _line(place: int, row: dict[str, Any], names: _Names, book: Rulebook, t: Translate) -> list[object]:
    label = "" if row["target_kind"] == "grid" else row["label"]
    risk = t(name_of("risk", row["risk"])) if isinstance(row["risk"], str) else ""
    return [
        place, t(TITLES[row["title"]]), label, names.area(row["grid_code"]), names.area(row["neighbourhood_code"]), names.area(row["street_code"]),
        state_said(row, t), _day(row["due_on"]), risk, why_said(row, book, t), names.owner(row["owner_code"]), clauses_said(row["rule_ids"], book, t),
        _degrees(row["lon"]), _degrees(row["lat"]), "", "",
    ]  # fmt: skip


def _left_line(place: int, row: dict[str, Any], names: _Names, t: Translate) -> list[object]:
    label = "" if row["target_kind"] == "grid" else row["label"]
    late = t("是") if row["overdue"] else ""
    return [place, t(name_of("target_kind", row["target_kind"])), label, names.area(row["grid_code"]), names.area(row["street_code"]), _day(row["due_on"]), late]


def _sheet(
    sheet: Worksheet, heads: list[tuple[str, int]], lines: list[list[object]], head: Format, cell: Format, title: str, demo: bool, t: Translate
) -> None:
    for place, (name, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, head)
    for number, line in enumerate(lines, start=1):
        for place, value in enumerate(line):
            if isinstance(value, (int, float)):
                sheet.write_number(number, place, value, cell)
            else:
                sheet.write_string(number, place, plain(value), cell)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(1, len(lines)), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # An ampersand begins a code in Excel's page heads.
    mark = f"&R{t('演示数据 非公文')}" if demo else ""
    sheet.set_header(f"&L{title.replace('&', '&&')}{mark}"[:255])
    sheet.set_footer("&C&P / &N")


def _about(
    database: Database, filters: Filters, scope: Scope, left: CatchUp, way: Route | None, desk: int, demo: bool, now: dt.datetime, t: Translate
) -> list[str]:
    task = quarter_task(database, filters, scope)
    told = [t("演示数据 非公文")] if demo else []
    told += [
        t("状态截至 {day}，生成时间 {time}", day=filters.as_of, time=f"{now:%Y-%m-%d %H:%M}"),
        t("顺序：先看投诉的剩余时间，再看风险，再看逾期天数，再看期限；只列已采纳的规则。"),
        *([t("另办 {n} 项", n=desk)] if desk else []),
        t("本季清单任务：{n}/{N} 个对象已有结果，距季末 {days} 天", n=task.done, N=task.targets, days=task.days_left),
    ]
    if task.quota:
        told.append(t("本季数量任务（巡查量进度）：{n}/{N} 户次", n=task.visits, N=task.quota))
    if left.remaining:
        told.append(effort_said(left, t))
    if way is not None:
        told.append(t("路线：{n} 处，{km} 公里；{how}", n=len(way.keys), km=f"{way.length_km:.1f}", how=way.said(t)))
        if way.left_out:
            told.append(t("{n} 处没有坐标，排在路线之后", n=len(way.left_out)))
    return told


def effort_said(left: CatchUp, t: Translate) -> str:
    """还差 48 个对象，剩 62 天（含当天），每天要巡 0.8 个；近四周每天 11.4 个，约需 27 人天."""
    needed = t("期限已过") if left.needed_per_day is None else t("每天要巡 {n} 个", n=f"{left.needed_per_day:.1f}")
    told = t("还差 {left} 个对象，剩 {days} 天（含当天），{needed}；近四周平均每天巡 {pace} 个", left=left.remaining, days=left.days_left,
             needed=needed, pace=f"{left.pace_per_day:.1f}")  # fmt: skip
    return told if left.person_days is None else t("{told}，约需 {n} 人天", told=told, n=left.person_days)


def _only(scope: Scope) -> str | None:
    return scope.areas[0] if len(scope.areas) == 1 else None


def _day(value: object) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


def _degrees(value: float) -> float | str:
    return "" if pd.isna(value) else round(float(value), 6)
