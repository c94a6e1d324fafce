"""Text tables: csv, tsv and txt in UTF-8 or GBK, separated by comma, tab, semicolon or bar."""

from __future__ import annotations

import csv
import io
from collections import Counter

from data_access.importing.formats import Format, Sheet, Upload
from data_access.importing.limits import MAX_CELL, MAX_ROWS
from data_access.importing.problems import ImportRefused, Note, Term
from data_access.importing.text_encoding import decoded
from rules.language import N_

SEPARATORS = {",": N_("逗号"), "\t": N_("制表符"), ";": N_("分号"), "|": N_("竖线"), "，": N_("中文逗号")}
_SAMPLE_LINES = 40


def _recognises(upload: Upload) -> bool:
    return upload.suffix in FORMAT.suffixes or b"\x00" not in upload.data[:1024]


def _read(upload: Upload) -> list[Sheet]:
    text, encoding = decoded(upload.data)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<table", "<meta", "<?xml")):
        raise ImportRefused(N_("{file} 其实是网页格式，不是表格：请用电子表格软件打开后另存为 xlsx 再导入。"), file=upload.name)
    separator = _separator(text)
    csv.field_size_limit(MAX_CELL)
    rows: list[list[object]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    several_lines: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append(row)
            if reader.line_num > line:
                several_lines.append((line, row))
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                raise ImportRefused(N_("{file} 超过 {limit} 行：请按月份或街镇分成几个文件导入。"), file=upload.name, limit=MAX_ROWS)
    except csv.Error as error:
        raise ImportRefused(
            N_("{file} 第 {line} 行附近读不下去，可能有没有闭合的引号：请检查该行后再导入。"), file=upload.name, line=len(rows) + 1
        ) from error
    _refuse_swallowed(several_lines, rows, separator, upload.name)
    notes = [Note(N_("按 {encoding} 编码、以{separator}分隔读取。"), {"encoding": encoding, "separator": Term(SEPARATORS[separator])})]
    return [Sheet("", rows, notes=notes, writing={"encoding": encoding, "separator": separator})]


def _refuse_swallowed(several_lines: list[tuple[int, list[str]]], rows: list[list[object]], separator: str, file: str) -> None:
    """Refuse a cell that holds whole lines of the table: a quote was left open, and rows would be lost in it."""
    width = Counter(len(row) for row in rows if len(row) > 1).most_common(1)[0][0] if several_lines else 0
    for line, row in several_lines:
        inner = [one for cell in row if "\n" in cell for one in cell.splitlines()[1:]]
        if width > 2 and any(one.count(separator) == width - 1 for one in inner):
            raise ImportRefused(N_("{file} 第 {line} 行附近读不下去，可能有没有闭合的引号：请检查该行后再导入。"), file=file, line=line)


def _separator(text: str) -> str:
    """The separator that splits most of the first lines into the same number of cells, at least two."""
    lines = [line for line in text[:65536].splitlines()[:_SAMPLE_LINES] if line.strip()]
    if len(text) > 65536 and len(lines) > 1:
        lines = lines[:-1]

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        except csv.Error:
            return (0, 0)
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
        return (times, width) if width > 1 else (0, 0)

    best = max(SEPARATORS, key=regularity)
    return best if regularity(best) > (0, 0) else ","


FORMAT = Format("delimited", N_("文本表格（csv、txt）"), (".csv", ".txt", ".tsv"), _recognises, _read, order=90)
