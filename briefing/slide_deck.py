"""A PowerPoint deck whose tables and charts stay editable; every slide carries mark, stamp and number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from briefing.office_template import CHINESE, LATIN, cleaned_deck
from briefing.paper_words import Reader

FACE = "微软雅黑"
INK, GREY, LINE = RGBColor(0x15, 0x20, 0x2A), RGBColor(0x5F, 0x6C, 0x77), RGBColor(0xDC, 0xE2, 0xE1)
ACCENT, HEAD, BAD, GOOD, PALE = (RGBColor(0x0B, 0x5C, 0xAD), RGBColor(0xE6, 0xF1, 0xF0), RGBColor(0xB2, 0x36, 0x0F), RGBColor(0x1B, 0x6B, 0x66), RGBColor(0xB4, 0xBE, 0xC2))
WIDTH, HEIGHT, EDGE, TOP = 13.333, 7.5, 0.6, 1.5
"""Inches of a 16:9 slide, its edge, and where its content begins."""

BOTTOM = 6.95
CELL_EDGE, CELL_RIM = 0.08, 0.03
ROWS = 11
"""Rows of a table on one slide; longer tables go on on the next."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its name, its values, its colour."""

    name: str
    values: Sequence[float | None]
    color: RGBColor


class Deck:
    """Writes the slides in turn.

    Args:
        reader: gives mark and stamp.
    """

    def __init__(self, reader: Reader, title: str) -> None:
        self._reader = reader
        self._deck = cleaned_deck(Presentation())
        self._deck.slide_width, self._deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        properties = self._deck.core_properties
        properties.title, properties.author, properties.last_modified_by, properties.comments = title, reader.issuer, reader.issuer, reader.mark
        properties.created = properties.modified = reader.taken_at
        self._count = 0

    def cover(self, title: str, lines: Sequence[str]) -> None:
        slide = self._blank()
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(EDGE), Inches(2.3), Inches(0.12), Inches(1.9))
        _fill(bar, ACCENT)
        self.text(slide, title, (EDGE + 0.35, 2.2, WIDTH - 2 * EDGE - 0.4, 1.1), size=40, bold=True)
        self.text(slide, "\n".join(lines), (EDGE + 0.35, 3.25, WIDTH - 2 * EDGE - 0.4, 1.6), size=20, color=GREY)

    def slide(self, title: str, note: str = "") -> Slide:
        """A slide with its title (a sentence that says what it shows) and a small line below it."""
        slide = self._blank()
        self.text(slide, title, (EDGE, 0.35, WIDTH - 2 * EDGE, 0.6), size=fitted(title, WIDTH - 2 * EDGE, 1, (28, 24, 20, 18)), bold=True)
        if note:
            self.text(slide, note, (EDGE, 0.92, WIDTH - 2 * EDGE, 0.5), size=fitted(note, WIDTH - 2 * EDGE, 2, (14, 12, 10)), color=GREY)
        return slide

    def text(
        self, slide: Slide, text: str, box: tuple[float, float, float, float], *, size: float = 18, bold: bool = False, color: RGBColor = INK,
        side: PP_ALIGN = PP_ALIGN.LEFT, name: str = "",
    ) -> None:  # fmt: skip
        shape = slide.shapes.add_textbox(*(Inches(each) for each in box))
        if name:
            shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for at, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment, paragraph.space_after = side, Pt(4)
            run = paragraph.add_run()
            run.text = line.strip()
            _font(run, size, bold, color)

    def table(self, title: str, note: str, heads: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float], *, empty: str, bad: Sequence[int] = ()) -> None:
        """A native table over as many slides as it needs.

        Args:
            empty: said where it has no row.
            bad: rows whose last cell is set in the warning colour.
        """
        if not rows:
            self.text(self.slide(title, note), empty, (EDGE, TOP + 0.4, WIDTH - 2 * EDGE, 0.6), size=20, color=GREY)
            return
        pages = [list(rows[at : at + ROWS]) for at in range(0, len(rows), ROWS)]
        for at, page in enumerate(pages, start=1):
            head = f"{title}（{at}/{len(pages)}）" if len(pages) > 1 else title
            first = (at - 1) * ROWS
            self.add_table(self.slide(head, note), heads, page, widths, (EDGE, TOP + 0.1, WIDTH - 2 * EDGE), bad=[place - first for place in bad])

    def add_table(
        self, slide: Slide, heads: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float], box: tuple[float, float, float],
        *, size: float = 13, row_height: float = 0.46, bad: Sequence[int] = (),
    ) -> None:  # fmt: skip
        left, top, width = box
        shape = slide.shapes.add_table(len(rows) + 1, len(heads), Inches(left), Inches(top), Inches(width), Inches(row_height * (len(rows) + 1)))
        table = shape.table
        shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = "{5940675A-B579-460E-94D1-54222C63F5DA}"
        for place, share in enumerate(widths):
            table.columns[place].width = Inches(width * share / sum(widths))
        room = [width * share / sum(widths) - 2 * CELL_EDGE for share in widths]
        size = fitting(rows, room, size, row_height)
        for at, row in enumerate((heads, *rows)):
            table.rows[at].height = Inches(row_height)
            for place, value in enumerate(row):
                _cell(table.cell(at, place), str(value), at == 0, fitting([heads], room, size, row_height) if at == 0 else size, at - 1 in bad and place == len(row) - 1)

    def bars(
        self, slide: Slide, names: Sequence[str], series: Sequence[Series], box: tuple[float, float, float, float], *, unit: str, upright: bool = True,
        form: str = "General", own: int | None = None, labels: bool = True, legend: bool | None = None, gap: int = 60,
    ) -> None:  # fmt: skip
        """A native, editable bar chart from zero.

        Args:
            unit: title of the value axis.
            upright: columns; else bars with the first name on top.
            own: this one point of the first series is set in the warning colour.
        """
        data = CategoryChartData(number_format=form)
        data.categories = list(names)
        for one in series:
            data.add_series(one.name, [None if value is None else float(value) for value in one.values])
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED if upright else XL_CHART_TYPE.BAR_CLUSTERED
        chart = slide.shapes.add_chart(kind, *(Inches(each) for each in box), data).chart
        # The library numbers its axes below zero; the schema's numbers have no sign. Source: ECMA-376 part 1, 21.2.3.53.
        for axis in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
            axis.set("val", axis.get("val").lstrip("-"))
        chart.font.size, chart.font.name, chart.font.color.rgb = Pt(12), FACE, INK
        chart.has_title = False
        chart.has_legend = len(series) > 1 if legend is None else legend
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        values, categories = chart.value_axis, chart.category_axis
        values.minimum_scale, values.has_major_gridlines = 0, True
        values.major_gridlines.format.line.color.rgb = LINE
        if "%" in form and max((value or 0 for one in series for value in one.values), default=0) > 0.5:
            values.maximum_scale = 1
        values.format.line.fill.background()
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = form, False
        values.has_title = bool(unit)
        if unit:
            values.axis_title.text_frame.text = unit
            _font(values.axis_title.text_frame.paragraphs[0].runs[0], 11, False, GREY)
        categories.format.line.color.rgb = PALE
        categories.reverse_order = not upright
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = gap, -5
        plot.has_data_labels = labels
        if labels:
            plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
            plot.data_labels.font.size = Pt(11)
        for shown, one in zip(plot.series, series, strict=True):
            shown.format.fill.solid()
            shown.format.fill.fore_color.rgb = one.color
        if own is not None:
            point = plot.series[0].points[own]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = BAD

    def picture(self, slide: Slide, content: bytes, box: tuple[float, float, float, float], alt: str) -> None:
        """A picture fitted into the box, with words for who does not see it."""
        left, top, width, height = box
        shape = slide.shapes.add_picture(io.BytesIO(content), Inches(left), Inches(top))
        scale = min(Inches(width) / shape.width, Inches(height) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape.left = Inches(left) + (Inches(width) - shape.width) // 2
        shape._element.nvPicPr.cNvPr.set("descr", alt)

    def tile(self, slide: Slide, name: str, value: str, note: str, box: tuple[float, float, float, float]) -> None:
        """A figure: its name, its value large, what it was before."""
        left, top, width, height = box
        card = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(each) for each in box))
        _fill(card, RGBColor(0xF8, 0xFA, 0xF9))
        card.line.color.rgb = LINE
        self.text(slide, name, (left + 0.15, top + 0.08, width - 0.3, 0.35), size=fitted(name, width - 0.3, 1, (13, 12, 11, 10, 9)), color=GREY)
        self.text(slide, value, (left + 0.15, top + 0.38, width - 0.3, 0.55), size=fitted(value, (width - 0.3) / 1.1, 1, (24, 20, 17, 15, 13, 11)), bold=True)
        self.text(slide, note, (left + 0.15, top + height - 0.4, width - 0.3, 0.35), size=11, color=GREY)

    def content(self) -> bytes:
        language, other = (LATIN, CHINESE) if self._reader.is_latin else (CHINESE, LATIN)
        for slide in self._deck.slides:
            for run in slide._element.iter(qn("a:rPr")):
                run.set("lang", language)
                run.set("altLang", other)
        made = io.BytesIO()
        self._deck.save(made)
        return made.getvalue()

    def _blank(self) -> Slide:
        self._count += 1
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[6])
        if self._reader.mark:
            self.text(slide, self._reader.mark, (WIDTH - EDGE - 4, 0.08, 4, 0.3), size=12, bold=True, color=BAD, side=PP_ALIGN.RIGHT, name="mark")
        self.text(slide, self._reader.stamp, (EDGE, HEIGHT - 0.42, 10, 0.3), size=10, color=GREY, name="stamp")
        self.text(slide, str(self._count), (WIDTH - EDGE - 1, HEIGHT - 0.42, 1, 0.3), size=10, color=GREY, side=PP_ALIGN.RIGHT, name="page")
        return slide


def fitting(rows: Sequence[Sequence[object]], room: Sequence[float], size: float, row_height: float) -> float:
    """The largest type, in points and up to ``size``, with which every cell stays within its row.

    Args:
        room: inches of text in each column.
        row_height: inches.
    """
    for tried in (size, *(each for each in (12, 11, 10, 9) if each < size)):
        lines = max(1, int((row_height - 2 * CELL_RIM) * 72 // (tried * 1.25)))
        if all(_wide(str(value)) * tried / 72 <= inches * lines for row in rows for value, inches in zip(row, room, strict=True)):
            return tried
    return min(size, 8)


def fitted(text: str, width: float, lines: int, sizes: Sequence[float]) -> float:
    """The first size, in points, in which a text keeps to so many lines of a width in inches; else the last."""
    return next((size for size in sizes if _wide(text) * size / 72 <= width * (lines - 0.15 * (lines > 1))), sizes[-1])


def _wide(text: str) -> float:
    """Width in ems: a Chinese sign is one, one of Latin type six tenths."""
    return sum(1.0 if east_asian_width(sign) in "WF" else 0.6 for sign in text)


def _fill(shape: object, color: RGBColor) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = color
    shape.line.fill.background()
    shape.shadow.inherit = False


def _font(run: object, size: float, bold: bool, color: RGBColor) -> None:
    run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), bold, FACE, color
    properties = run._r.get_or_add_rPr()
    if properties.find(qn("a:ea")) is None:
        east = properties.makeelement(qn("a:ea"), {"typeface": FACE})
        properties.find(qn("a:latin")).addnext(east)


def _cell(cell: object, text: str, head: bool, size: float, bad: bool) -> None:
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(CELL_EDGE)
    cell.margin_top = cell.margin_bottom = Inches(CELL_RIM)
    cell.fill.solid()
    cell.fill.fore_color.rgb = HEAD if head else RGBColor(0xFF, 0xFF, 0xFF)
    run = cell.text_frame.paragraphs[0].add_run()
    run.text = text
    _font(run, size, head, BAD if bad and not head else INK)
    if not head and text.rstrip("%").replace(".", "", 1).replace("-", "", 1).isdigit():
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
