"""PDF pages of a paper: the vendored type, head with the mark, foot with stamp and number, tables and bars."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from briefing.chinese_lines import ChineseParagraph
from briefing.paper_words import Reader
from briefing.static_map import BOLD, REGULAR

FACE, FACE_BOLD = "NotoSansSC", "NotoSansSC-Bold"
INK, GREY, LINE, HEAD, BAD, ACCENT, PALE = (HexColor(each) for each in ("#15202A", "#5F6C77", "#DCE2E1", "#E6F1F0", "#B2360F", "#0B5CAD", "#B4BEC2"))
WIDE = landscape(A4)
EDGE = 15 * mm
ROOM_ABOVE = 26 * mm
"""What a heading and the paragraph below it take of a page."""


def styles(*, latin: bool = False) -> dict[str, ParagraphStyle]:
    """The styles of text by name; Chinese breaks anywhere, ``latin`` between words. Registers the type when first asked."""
    _register()
    plain = {"fontName": FACE, "textColor": INK, "wordWrap": None if latin else "CJK"}
    return {
        "title": ParagraphStyle("title", fontSize=26, leading=36, **plain | {"fontName": FACE_BOLD}),
        "heading": ParagraphStyle("heading", fontSize=17, leading=24, spaceAfter=2, keepWithNext=1, **plain | {"fontName": FACE_BOLD}),
        "text": ParagraphStyle("text", fontSize=10.5, leading=16, **plain),
        "strong": ParagraphStyle("strong", fontSize=13, leading=20, **plain | {"fontName": FACE_BOLD}),
        "note": ParagraphStyle("note", fontSize=9, leading=13, **plain | {"textColor": GREY}),
        "cell": ParagraphStyle("cell", fontSize=9, leading=12.5, **plain),
        "small": ParagraphStyle("small", fontSize=8, leading=10.5, **plain),
        "head": ParagraphStyle("head", fontSize=9, leading=12.5, alignment=TA_CENTER, **plain | {"fontName": FACE_BOLD}),
    }


class Pages:
    """Gathers what stands on the pages, then writes the file.

    Args:
        page: size in points.
    """

    def __init__(self, reader: Reader, title: str, page: tuple[float, float] = WIDE) -> None:
        self.reader, self.styles, self.size = reader, styles(latin=reader.is_latin), page
        self.width, self.height = page[0] - 2 * EDGE, page[1] - 34 * mm
        self.flow: list[Flowable] = []
        self._title = title

    def add(self, *parts: Flowable | None) -> None:
        self.flow += [part for part in parts if part is not None]

    def text(self, text: str, style: str = "text", color: str | None = None) -> Paragraph:
        said = escape(text.strip()).replace("\n", "<br/>")
        made = Paragraph if self.reader.is_latin else ChineseParagraph
        return made(f'<font color="{color}">{said}</font>' if color else said, self.styles[style])

    def gap(self, size_mm: float = 4) -> Spacer:
        return Spacer(1, size_mm * mm)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]], shares: Sequence[float], width: float | None = None, *, style: str = "cell") -> Table:
        """A ruled table; its head stands again on the next page."""
        whole = width or self.width
        lines = [[self.text(head, "head") for head in heads], *([self.text(str(value), style) for value in row] for row in rows)]
        made = Table(lines, colWidths=[whole * share / sum(shares) for share in shares], repeatRows=1)
        made.setStyle(TableStyle([
            ("BACKGROUND", (0, 0), (-1, 0), HEAD), ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("LINEABOVE", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5), ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]))  # fmt: skip
        return made

    def beside(self, left: Sequence[Flowable], right: Sequence[Flowable], share: float = 0.5, gap_mm: float = 6) -> list[Flowable]:
        """Two columns; one below the other where either is higher than a page leaves room for."""
        one = (self.width - gap_mm * mm) * share
        other = self.width - gap_mm * mm - one
        if max(self._height(left, one), self._height(right, other)) > self.height - ROOM_ABOVE:
            return [*left, self.gap(4), *right]
        made = Table([[list(left), "", list(right)]], colWidths=[one, gap_mm * mm, other])
        made.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM"))]))
        return [made]

    def taken(self, parts: Sequence[Flowable]) -> float:
        """Points of a page's height that parts take one below the other, with the space below headings."""
        return self._height(parts, self.width) + sum(part.getSpaceAfter() for part in parts)

    @staticmethod
    def _height(parts: Sequence[Flowable], width: float) -> float:
        return sum(part.wrap(width, 1e5)[1] for part in parts)

    def picture(self, content: bytes | None, width: float, height: float) -> Image | None:
        if content is None:
            return None
        made = Image(io.BytesIO(content))
        scale = min(width / made.imageWidth, height / made.imageHeight)
        made.drawWidth, made.drawHeight = made.imageWidth * scale, made.imageHeight * scale
        return made

    def bars(
        self, names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None], HexColor]], width: float, height: float, *, upright: bool = False, form: str = "%g", top: float | None = None,
        own: int | None = None, labels: bool = True,
    ) -> Drawing:  # fmt: skip
        """A bar chart from zero, drawn as shapes; the first name is on top, or left.

        Args:
            own: this bar of the first series is set in the warning colour.
        """
        made = Drawing(width, height)
        chart = VerticalBarChart() if upright else HorizontalBarChart()
        longest = max((pdfmetrics.stringWidth(name, FACE, 8) for name in names), default=0)
        chart.x, chart.y = (28, 30) if upright else (longest + 10, 16)
        chart.width, chart.height = width - chart.x - 26, height - chart.y - (18 if len(series) > 1 else 6)
        ordered = slice(None) if upright else slice(None, None, -1)
        shown = series if upright else series[::-1]
        chart.data = [[0 if value is None else value for value in values][ordered] for _, values, _ in shown]
        chart.categoryAxis.categoryNames = list(names)[ordered]
        chart.categoryAxis.labels.fontName, chart.categoryAxis.labels.fontSize = FACE, 8 if len(names) < 26 else 6
        chart.categoryAxis.strokeColor, chart.categoryAxis.visibleTicks = PALE, False
        if upright and len(names) > 10:
            chart.categoryAxis.labels.angle, chart.categoryAxis.labels.dx, chart.categoryAxis.labels.dy, chart.categoryAxis.labels.boxAnchor = 45, 0, -2, "ne"
            chart.y, chart.height = 42, height - 42 - (18 if len(series) > 1 else 6)
        axis = chart.valueAxis
        axis.valueMin, axis.valueMax = 0, top or max([1, *(value for values in chart.data for value in values)]) * 1.12
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = FACE, 7.5, GREY
        axis.strokeColor, axis.visibleGrid, axis.gridStrokeColor, axis.visibleTicks = None, True, LINE, False
        axis.labelTextFormat = form if top is None else lambda value: f"{value:.0%}"
        chart.barSpacing, chart.groupSpacing = 0.5, 5 if len(names) < 30 else 1
        if labels:
            chart.barLabelFormat = form if top is None else lambda value: f"{value:.0%}"
            chart.barLabels.fontName, chart.barLabels.fontSize, chart.barLabels.nudge = FACE, 7.5, 9
        for place, (_, _, color) in enumerate(shown):
            chart.bars[place].fillColor, chart.bars[place].strokeColor = color, None
        if own is not None:
            chart.bars[(0, own)].fillColor = BAD
        made.add(chart)
        x = chart.x
        for name, _, color in series if len(series) > 1 else ():
            made.add(Rect(x, height - 10, 8, 8, fillColor=color, strokeColor=None))
            made.add(String(x + 11, height - 9.5, name, fontName=FACE, fontSize=8, fillColor=INK))
            x += 26 + pdfmetrics.stringWidth(name, FACE, 8)
        return made

    def content(self) -> bytes:
        """The file. Its properties name issuer and mark; the same facts give the same bytes."""
        made = io.BytesIO()
        frame = Frame(EDGE, 16 * mm, self.width, self.height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        document = BaseDocTemplate(made, pagesize=self.size, title=self._title, author=self.reader.issuer, subject=self.reader.mark, invariant=1)
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=self._furnish))
        document.build(self.flow)
        return made.getvalue()

    def _furnish(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        wide, high = self.size
        canvas.saveState()
        canvas.setFillColor(white)
        canvas.setFont(FACE_BOLD, 10)
        canvas.setFillColor(BAD)
        canvas.drawRightString(wide - EDGE, high - 10 * mm, self.reader.mark)
        canvas.setFont(FACE, 8)
        canvas.setFillColor(GREY)
        canvas.drawString(EDGE, high - 10 * mm, self._title)
        canvas.drawString(EDGE, 9 * mm, self.reader.stamp)
        canvas.drawRightString(wide - EDGE, 9 * mm, f"— {document.page} —")
        canvas.restoreState()


@cache
def _register() -> None:
    pdfmetrics.registerFont(TTFont(FACE, str(REGULAR)))
    pdfmetrics.registerFont(TTFont(FACE_BOLD, str(BOLD)))
    pdfmetrics.registerFontFamily(FACE, normal=FACE, bold=FACE_BOLD, italic=FACE, boldItalic=FACE_BOLD)
