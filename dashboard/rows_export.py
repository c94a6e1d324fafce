"""Writes the rows behind a number into a file: scoped, audited, with its question on the first lines."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter
from flask import Blueprint, Response, abort, request

from dashboard.attachment import attach
from dashboard.definition_card import scope_words
from dashboard.rows_table import narrowed, records, row_set_of, table
from data_access.audit import audit
from data_access.figures import figures
from rules.language import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.question import Ask, Context

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\u00a0", "＝", "＋", "－", "＠")
FIGURES = "figures"


def blueprint(context: Context) -> Blueprint:
    """``/export/NAME.csv`` and ``/export/NAME.xlsx`` with the page's own query; figures or a row set."""
    routes = Blueprint("export", __name__)

    @routes.get("/export/<name>.<form>")
    def export(name: str, form: str) -> Response:
        if form not in TYPES:
            abort(404)
        asked = context.ask(request.query_string.decode("utf-8", "replace"))
        ask = narrowed(asked) if asked.view.rows == name else asked
        heads, lines, label = _figures(ask) if name == FIGURES else _rows(ask, name)
        with context.database.write() as connection:
            audit(
                connection, ask.actor, "export", ask.now, subject_table=name,
                detail={"filters": ask.filters.to_json(), "narrow": dict(asked.view.narrow),
                        "form": form, "rows": len(lines)},
            )
        notes = [label, *_about(ask, len(lines))]
        content = as_csv(notes, heads, lines) if form == "csv" else as_xlsx(notes, heads, lines)
        response = Response(content, content_type=TYPES[form])
        day = f"{ask.filters.as_of:%Y%m%d}"
        attach(response, f"onemap-{name}-{day}.{form}")
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def safe(value: object) -> object:
    """A text that a spreadsheet would take for a formula, made plain by an apostrophe before it.

    Source: OWASP, CSV Injection. Numbers stay numbers.
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(BEGINS_A_FORMULA):
        return "'" + value
    return value


def as_csv(notes: Iterable[str], heads: list[str], lines: list[list[object]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads the Chinese; the notes stand below the rows."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(head) for head in heads])
    writer.writerows([["" if v is None else safe(v) for v in line] for line in lines])
    writer.writerow([])
    writer.writerows([[safe(note)] for note in notes])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(notes: Iterable[str], heads: list[str], lines: list[list[object]]) -> bytes:
    """One sheet with a header row that filters, and a sheet that says what it is; no formula is made."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("rows")
        for place, head in enumerate(heads):
            longest = max([len(str(line[place] or "")) for line in lines[:200]] + [len(head)])
            sheet.set_column(place, place, min(48, 2 + 1.7 * longest))
            sheet.write_string(0, place, head, bold)
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, str(safe(value)))
        sheet.freeze_panes(1, 0)
        if heads:
            sheet.autofilter(0, 0, max(1, len(lines)), len(heads) - 1)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 90)
        for number, note in enumerate(notes):
            about.write_string(number, 0, str(safe(note)))
    return made.getvalue()


def _rows(ask: Ask, name: str) -> tuple[list[str], list[list[object]], str]:
    found = table(ask, name, ask.view.narrow if ask.view.rows == name else ())
    heads = [_head(ask, column.header, column.unit) for column in found.row_set.columns]
    fields = [column.field for column in found.row_set.columns]
    return heads, [[row[field] for field in fields] for row in records(found.frame)], ask.t(row_set_of(name).label)


def _figures(ask: Ask) -> tuple[list[str], list[list[object]], str]:
    heads = [ask.t(head) for head in (N_("代号"), N_("指标"), N_("数值"), N_("单位"), N_("分子"), N_("分母"))]
    lines = [
        [f.key, ask.t(f.name), f.value, ask.t(f.unit) if f.unit else "", f.n, f.N] for f in ask.get(figures).values()
    ]
    return heads, lines, ask.t("主要数字")


def _head(ask: Ask, header: str, unit: str | None) -> str:
    return ask.t("{name}（{unit}）", name=ask.t(header), unit=ask.t(unit)) if unit else ask.t(header)


def _about(ask: Ask, count: int) -> list[str]:
    told = [
        ask.t("范围：{scope}", scope=scope_words(ask)),
        ask.t("时段：{start} 至 {end}，状态截至 {day}", start=ask.filters.start, end=ask.filters.end, day=ask.filters.as_of),
        ask.t("共 {n} 行，导出时间 {time}，导出人 {who}", n=count, time=f"{ask.now:%Y-%m-%d %H:%M}", who=ask.t(ask.actor.name)),
    ]
    if ask.context.demo:
        told.append(ask.t("演示数据 非公文"))
    return told
