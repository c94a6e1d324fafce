"""Writes the xlsx template of a register: headings, an example, how to fill each column, the code lists."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from data_access.importing.kinds import Column, Kind, kinds
from data_access.importing.problems import ImportRefused
from data_access.importing.tables import EXAMPLE_MARK, GUIDE_SHEET, LISTS_SHEET, MARK_HEADING
from rules.language import N_, Translate, translator
from rules.vocabulary import TABLES

ROWS = 5_000
"""Rows below the headings for which lists and formats are laid out."""

OUTLINE = Column(N_("几何"), "geometry", help=N_("面状边界，WKT 文字，经纬度；有地图文件时不用这一列，直接导入地图文件"),
                 example="POLYGON ((121.24 31.36, 121.25 31.36, 121.25 31.37, 121.24 31.37, 121.24 31.36))")
LINE = Column(N_("几何"), "geometry", help=N_("道路中心线，WKT 文字，经纬度；有地图文件时不用这一列，直接导入地图文件"),
              example="LINESTRING (121.24 31.36, 121.25 31.36)")

_TYPES = {
    "text": N_("文字"), "int": N_("整数"), "number": N_("数"), "yuan": N_("金额（元）"), "day": N_("日期，如 2023-07-03"),
    "instant": N_("时间，如 2023-07-03 09:12"), "bool": N_("是或否"), "word": N_("从代码表选"), "area": N_("区域的代码、名称或别名"),
    "areas": N_("多个区域，用顿号隔开"), "agency": N_("部门的代码、名称或别名"), "agencies": N_("多个部门，用顿号隔开"),
    "agency_counts": N_("部门:人次:台次，用分号隔开"), "reference": N_("另一登记表里的编号"), "lon": N_("十进制度"), "lat": N_("十进制度"),
    "names": N_("多个，用顿号隔开"), "identity": N_("文字"), "phone": N_("文字"),
}  # fmt: skip


def write_template(kind_name: str, path: Path | str, language: str = "zh_CN") -> Path:
    """Write the template of one register.

    The first sheet has the headings, one example row (marked, skipped by the import) and lists to
    choose from; then come how to fill each column, and the code lists.

    Raises:
        ImportRefused: there is no such register.
    """
    if kind_name not in kinds():
        raise ImportRefused(N_("没有名为 {kind} 的登记表：可以是 {names}。"), kind=kind_name, names=tuple(kinds()))
    kind, t, path = kinds()[kind_name], translator(language), Path(path)
    columns = (*kind.columns, OUTLINE) if kind.geometry else (*kind.columns, LINE) if kind.lines else kind.columns
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(_sheet_name(t(kind.label)))
        guide = book.add_worksheet(_sheet_name(t(GUIDE_SHEET)))
        lists = book.add_worksheet(_sheet_name(t(LISTS_SHEET)))
        ranges = _write_lists(book, lists, kind, t)
        _write_page(book, page, columns, ranges, t)
        _write_guide(book, guide, kind, columns, t)
    return path


def _sheet_name(name: str) -> str:
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:31]


def _write_page(book: xlsxwriter.Workbook, page, columns: tuple[Column, ...], ranges: dict[str, str], t: Translate) -> None:
    formats = {
        True: book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True}),
        False: book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}),
    }
    example = book.add_format({"italic": True, "font_color": "#808080"})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for position, column in enumerate(columns):
        page.write_string(0, position, t(column.header), formats[column.required])
        page.write_string(1, position, t(column.example) if column.example else "", example)
        as_text = column.type in {"text", "identity", "phone", "reference", "area", "agency"}
        page.set_column(position, position, 14 if len(column.header) < 6 else 18, text if as_text else day if column.type == "day" else None)
        source = ranges.get(column.words) if column.type == "word" else ([t(N_("是")), t(N_("否"))] if column.type == "bool" else None)
        if source:
            page.data_validation(2, position, ROWS, position, {
                "validate": "list", "source": source, "error_type": "warning",
                "error_title": t(N_("不在代码表里")), "error_message": t(N_("请从列表中选择，或填写代码表里的名称。")),
            })  # fmt: skip
    page.write_string(0, len(columns), t(MARK_HEADING), formats[False])
    page.write_string(1, len(columns), t(EXAMPLE_MARK), example)
    page.freeze_panes(1, 0)


def _write_guide(book: xlsxwriter.Workbook, guide, kind: Kind, columns: tuple[Column, ...], t: Translate) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    told = [
        N_("橙色表头必填，蓝色表头可留空；列的先后不限，多出的列不影响导入。"),
        N_("第二行是示例，导入时跳过；可以删去。从第三行起填写。"),
    ]
    if kind.located:
        told.append(N_("每行要有区域（街镇、村居或网格）或坐标；没有坐标的照样计入各项数字，列在未上图清单里。"))
    if kind.geometry:
        told.append(N_("边界请用地图文件导入（GeoJSON、GeoPackage、Shapefile 打包的 zip），列名与本表相同即可。"))
    if kind.lines:
        told.append(N_("路网请用地图文件导入（GeoJSON、GeoPackage、Shapefile 打包的 zip），每条线一行；两条线有共同的端点或折点才算相接，立体交叉不相接。"))
    for row, sentence in enumerate(told):
        guide.write_string(row, 0, t(sentence))
    top = len(told) + 1
    for position, name in enumerate((N_("列"), N_("必填"), N_("填什么"), N_("单位"), N_("说明"), N_("也认这些表头"))):
        guide.write_string(top, position, t(name), bold)
    for row, column in enumerate(columns, start=top + 1):
        cells = (t(column.header), t(N_("是")) if column.required else "", t(_TYPES[column.type]), t(column.unit) if column.unit else "",
                 t(column.help) if column.help else "", "、".join(column.aliases))
        for position, cell in enumerate(cells):
            guide.write_string(row, position, cell, wrap)
    for position, width in enumerate((16, 8, 26, 8, 48, 48)):
        guide.set_column(position, position, width)


def _write_lists(book: xlsxwriter.Workbook, lists, kind: Kind, t: Translate) -> dict[str, str]:
    """Write the code lists side by side; gives the cells of each for the lists to choose from."""
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    ranges: dict[str, str] = {}
    used = [column for column in kind.columns if column.type == "word"]
    for column in used:
        if column.words in ranges:
            continue
        position = len(ranges)
        lists.write_string(0, position, t(column.header), bold)
        words = TABLES[column.words]
        for row, word in enumerate(words, start=1):
            lists.write_string(row, position, t(word.name))
        letter = xlsxwriter.utility.xl_col_to_name(position, True)
        ranges[column.words] = f"='{_sheet_name(t(LISTS_SHEET))}'!{letter}$2:{letter}${len(words) + 1}"
        lists.set_column(position, position, 24)
    return ranges
