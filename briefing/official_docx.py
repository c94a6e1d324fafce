"""A Word file in the layout of official documents: GB/T 9704-2012 page, type, lines and page numbers."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from briefing.office_template import cleaned_document

BODY, KAI, HEI, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
TWO, THREE, FOUR, FIVE = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""Chinese type sizes 二号, 三号, 四号, 五号."""

LINE = Pt(28.95)
"""22 lines in 225 mm. Source: GB/T 9704-2012 5.2.3."""

CLOSER_TWIPS = -5
"""28 signs of 三号 in 156 mm: each a quarter of a point closer. Source: GB/T 9704-2012 5.2.3."""

LONG_CELL_LINES = 20
"""Lines of a cell from which its row may break over two pages: a page holds twice as many."""

MOST_CELL_LINES = 80
"""Lines of a cell after which its text goes on in a row of its own: LibreOffice does not end with a row over many pages."""

NOTHING = ("—", "*")
TITLE_SIGNS = 20
"""So many signs of 二号 stand in a line of 156 mm."""
RED_SIGNS, RED_SIGNS_SMALL = 12, 14.5
"""So many signs of 36 pt and of 30 pt, those of a long name, stand in that line."""
RED_TOP = Mm(35)
"""From the text area's upper edge to 发文机关标志. Source: GB/T 9704-2012 7.2.4."""
SIGNATURE_SIGNS = 24
"""A longer name of an issuer takes two lines."""
COLOPHON_SIGNS = 30.5
"""So many signs of 四号, set closer where they are more than ``COLOPHON_LOOSE``, stand in the last line of the 版记, one sign in from both edges."""
COLOPHON_LOOSE, COLOPHON_CLOSER_TWIPS = 28, -16
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""天头 37, 订口 28; 版心 156 x 225 on A4. Source: GB/T 9704-2012 5.1, 5.2."""

RED = RGBColor(0xC0, 0x00, 0x00)
GREY = RGBColor(0x5F, 0x6C, 0x77)

NUMBER_LINE, STAMP_LINE = Pt(20), Pt(14)
FOOT_EDGE = Mm(35 - 7) - NUMBER_LINE // 2 - STAMP_LINE
"""Foot of the page furniture: the middle of the page number's line, its dash, lies 7 mm under the text area. Source: GB/T 9704-2012 7.5."""

_AFTER_BORDERS = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")
"""What a paragraph's properties hold after its borders, as the schema orders them."""


class OfficialDocument:
    """Writes one document from top to bottom.

    Args:
        mark: on every page's head (演示数据 非公文, 草稿), or empty.
        stamp: small, on every page's foot: as of when, from which snapshot.
        title, author: of the file's properties.
        made_at: ISO instant for the properties.
        latin: the text is English: smaller type, set to the left; the standard speaks of Chinese alone.
    """

    def __init__(self, mark: str, stamp: str, *, title: str, author: str, made_at: str, latin: bool = False) -> None:
        self._doc = cleaned_document(Document())
        self._mark, self._stamp, self._latin = mark, stamp, latin
        self._text = FOUR if latin else THREE
        properties = self._doc.core_properties
        properties.title, properties.author, properties.last_modified_by, properties.comments = title, author, author, mark
        made = dt.datetime.fromisoformat(made_at).astimezone(dt.UTC).replace(tzinfo=None)
        properties.created = properties.modified = made
        normal = self._doc.styles["Normal"]
        normal.font.size = self._text
        _face(normal.element.get_or_add_rPr(), BODY)
        if not latin:
            _closer(normal.element.get_or_add_rPr())
        form = normal.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(22) if latin else LINE
        form.space_before = form.space_after = Pt(0)
        self._doc.settings.odd_and_even_pages_header_footer = True
        section = self._doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for side, size in MARGINS_MM.items():
            setattr(section, f"{side}_margin", Mm(size))
        section.header_distance, section.footer_distance = Mm(15), FOOT_EDGE
        self._furnish(section)

    def _furnish(self, section: object) -> None:
        for header in (section.header, section.even_page_header):
            line = header.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if self._mark:
                _set(line.add_run(self._mark), HEI, FOUR, RED)
        for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
            line = footer.paragraphs[0]
            line.alignment = side
            line.paragraph_format.line_spacing = NUMBER_LINE
            # One full-width sign away from the edge, between two dashes. Source: GB/T 9704-2012 7.5.
            (form := line.paragraph_format).left_indent = form.right_indent = FOUR
            _set(line.add_run("— "), "宋体", FOUR)
            _field(line.add_run(), "PAGE")
            _set(line.add_run(" —"), "宋体", FOUR)
            said = footer.add_paragraph()
            said.alignment = WD_ALIGN_PARAGRAPH.CENTER
            said.paragraph_format.line_spacing = STAMP_LINE
            _set(said.add_run(self._stamp), "宋体", Pt(9), GREY)

    def red_head(self, name: str, number: str) -> None:
        """发文机关标志 and, two lines under it, 发文字号 4 mm above the red rule. Source: GB/T 9704-2012 7.2."""
        line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        short = signs(name) <= RED_SIGNS
        size, height = Pt(36 if short else 30), Pt(60)
        line.paragraph_format.line_spacing = height
        if not self._latin:
            line.paragraph_format.space_before = RED_TOP - (height - size) // 2
        _set(line.add_run(name if short else "\n".join(min(_balanced(name, RED_SIGNS_SMALL), _balanced(name, RED_SIGNS_SMALL, "|行医"), key=len))), TITLE, size, RED)
        between = 1 if self._latin else 2
        self.blank(between)
        rule = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        rule.add_run(number)
        _rule(rule, "C00000", 16)
        self.blank(between)

    def title(self, text: str) -> None:
        line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        line.paragraph_format.line_spacing = Pt(34)
        line.paragraph_format.keep_with_next = True
        _set(line.add_run("\n".join(_balanced(text))), TITLE, TWO)
        self._line()

    def recipient(self, text: str) -> None:
        self._line().add_run(text.strip())

    def heading(self, text: str, level: int = 1) -> None:
        """一、 in 黑体, （一） in 楷体."""
        line = self._line()
        _indent(line)
        line.paragraph_format.keep_with_next = True
        _set(line.add_run(text.strip()), HEI if level == 1 else KAI, self._text)

    def body(self, text: str, *, lead: str = "", indent: bool = True) -> Paragraph:
        """A paragraph, two characters in; ``lead`` is set bold before it."""
        line = self._line(WD_ALIGN_PARAGRAPH.LEFT if self._latin else WD_ALIGN_PARAGRAPH.JUSTIFY)
        if indent:
            _indent(line)
        if lead:
            line.add_run(lead.lstrip()).bold = True
        line.add_run(text.strip())
        return line

    def caption(self, text: str) -> None:
        line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        line.paragraph_format.keep_with_next = True
        _set(line.add_run(text), HEI, FOUR)

    def annex(self, title: str) -> None:
        """Names the annex a line under the text, whose end stays with it. Source: GB/T 9704-2012 7.3.4."""
        for line in (self._doc.paragraphs[-1], self._line()):
            line.paragraph_format.keep_with_next = True
        self.body(title)

    def annex_head(self, word: str) -> None:
        """附件 at the head of its own page in 黑体; its title stands on the third line. Source: GB/T 9704-2012 7.3.7."""
        _set(self._line().add_run(word), HEI, self._text)
        self.blank()

    def note(self, text: str) -> None:
        """Small and grey; under a table it stays with the table's last rows."""
        if self._last_table() is not None:
            self._keep_last_rows()
            self._doc.paragraphs[-1].paragraph_format.keep_with_next = True
        line = self._line()
        line.paragraph_format.line_spacing = Pt(18)
        _set(line.add_run(text), BODY, FIVE, GREY)

    def signature(self, issuer: str, day: str, seal: str = "") -> None:
        """发文机关署名 and 成文日期; the seal's place where one is wanted.

        Sealed, the day stands four signs from the right edge and all else is centred on it; a name too
        long for that keeps two signs from the edge and the day is centred under it. Without a seal the
        name stands two signs from the edge and the day begins two signs after it. Source: GB/T
        9704-2012 7.3.5.
        """
        # A signature never stands alone on a page. Source: GB/T 9704-2012 7.3.5.5.
        last, before = self._doc.paragraphs[-1], self._doc.paragraphs[-2]
        # A long paragraph may be broken instead of being taken along.
        for line in (*([before] if signs(before.text) <= SIGNATURE_SIGNS else []), last, self._line(), self._line()):
            line.paragraph_format.keep_with_next = True
        self._keep_last_rows()
        signed = [text for text in (issuer, day, seal) if text]
        for at, (text, edge) in enumerate(zip(signed, self._edges(issuer, day, seal), strict=True), start=1):
            line = self._line(WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = int(THREE * edge)
            line.paragraph_format.keep_with_next = at < len(signed)
            line.add_run(text)

    def _edges(self, issuer: str, day: str, seal: str) -> list[float]:
        """Signs of 三号 between each line of the signature and the right edge."""
        if self._latin:
            return [2.0] * len([text for text in (issuer, day, seal) if text])
        name, date = min(signs(issuer), SIGNATURE_SIGNS), signs(day)
        if not seal:
            return [2.0, name - date] if name - date >= 2 else [date + 4 - name, 2.0]
        edge = max(4.0, 2 + (name - date) / 2)
        return [edge + (date - width) / 2 for width in (name, date, signs(seal))]

    def _keep_last_rows(self) -> None:
        """Two rows of the table that the text ends with, if it does, stay with what follows."""
        if (last := self._last_table()) is not None:
            for row in last.rows[-2:]:
                for cell in row.cells:
                    cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _last_table(self) -> Table | None:
        """The table that the text ends with, but for a line or two and blank ones."""
        ends = [one.tag for one in self._doc.element.body.iterchildren()][-6:]
        return self._doc.tables[-1] if qn("w:tbl") in ends else None

    def blank(self, lines: int = 1) -> None:
        for _ in range(lines):
            self._line()

    def page_break(self, *, restart: bool = False) -> None:
        """A new page; the next paper of the file, as another letter, ``restart``s its page numbers."""
        section = self._doc.add_section(WD_SECTION.NEW_PAGE)
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = True
        # A new section is a copy of the one before: what restarted that one must not stand twice, nor restart this one.
        for copied in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(copied)
        if restart:
            numbers = OxmlElement("w:pgNumType")
            numbers.set(qn("w:start"), "1")
            section._sectPr.insert_element_before(numbers, "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:bidi", "w:rtlGutter", "w:docGrid")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]], widths_mm: Sequence[float], *, total: bool = False) -> None:
        """A ruled table whose head is repeated on every page; numbers stand right, texts left.

        Its first rows stand with what leads to it, and no row stands alone on its last page.

        Args:
            total: whether the last row is a sum, set bold.
        """
        self._gap(leads=True)
        size = Pt(9) if self._latin else FIVE
        table = self._doc.add_table(rows=0, cols=len(heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        _narrow_edges(table)
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        twips = [Mm(width).twips for width in widths_mm]
        made = [_row([(head, HEI, "center") for head in heads], twips, size, head=True, kept=True)]
        rows = [part for row in rows for part in _parts(row, twips, size)]
        for at, row in enumerate(rows):
            face = HEI if total and at == len(rows) - 1 else BODY
            sides = ["center" if value in NOTHING else "right" if _is_number(value) else "left" for value in row]
            made.append(_row([(str(value), face, side) for value, side in zip(row, sides, strict=True)], twips, size, kept=at in (0, len(rows) - 2)))
        table._tbl.extend(parse_xml(f'<w:tbl {nsdecls("w")}>{"".join(made)}</w:tbl>'))
        self._gap()

    def colophon(self, copied: str, issuer: str, issued: str) -> None:
        """版记 at the foot of the last page: who gets a copy, who printed it and when, between its rules.

        Four lines of 四号 at most, one sign in from both edges; the first and last rule 0.35 mm, those
        between 0.25 mm. Source: GB/T 9704-2012 7.4.

        Args:
            copied: with its leading word; empty leaves the line out.
        """
        self._keep_end()
        size = Pt(11) if self._latin else FOUR
        # One tab to the hanging indent, one to the edge.
        rule = "\t\t"
        # A long name leaves the day a line of its own.
        fits = self._latin or signs(issuer + issued) <= COLOPHON_SIGNS
        last = f"\u3000{issuer}{'' if fits else chr(10)}\t{issued}"
        # Borders join only between paragraphs of the same indents: one sign from the edge is a sign, the rule between an underlined tab.
        for text, height in ((copied, Pt(22)), (rule if copied else "", Pt(4)), (last, Pt(22))):
            if not text:
                continue
            line = self._line()
            line.paragraph_format.keep_with_next = True
            _at_the_foot(line)
            _ruled(line, 8)
            form = line.paragraph_format
            form.line_spacing, form.left_indent, form.first_line_indent = height, size * 4, -size * 4
            is_rule = text is rule
            form.tab_stops.add_tab_stop(Mm(155.5) - (0 if is_rule else size), WD_TAB_ALIGNMENT.RIGHT)
            written = line.add_run("\u3000" + text if text is copied else text)
            written.underline = is_rule or None
            _set(written, BODY, Pt(3) if is_rule else size)
            if text is last and fits and not self._latin and signs(issuer + issued) > COLOPHON_LOOSE:
                _closer(written._element.get_or_add_rPr(), COLOPHON_CLOSER_TWIPS)
        self._gap()

    def _keep_end(self) -> None:
        """What the text ends with stands on the page of what follows: a page of the 版记 alone says nothing."""
        for line in self._doc.paragraphs[-2:]:
            line.paragraph_format.keep_with_next = True
        self._keep_last_rows()

    def _gap(self, *, leads: bool = False) -> None:
        line = self._line()
        line.paragraph_format.line_spacing = Pt(6)
        line.paragraph_format.keep_with_next = leads or None

    def picture(self, content: bytes, width_mm: float = 150) -> None:
        line = self._line(WD_ALIGN_PARAGRAPH.CENTER)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        line.add_run().add_picture(io.BytesIO(content), width=Mm(width_mm))

    def content(self) -> bytes:
        made = io.BytesIO()
        self._doc.save(made)
        return made.getvalue()

    def _line(self, side: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
        line = self._doc.add_paragraph()
        if side is not None:
            line.alignment = side
        return line


def _closer(properties: object, twips: int = CLOSER_TWIPS) -> None:
    found = OxmlElement("w:spacing")
    found.set(qn("w:val"), str(twips))
    properties.insert_element_before(found, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")


def _balanced(title: str, width: float = TITLE_SIGNS, more: str = "") -> list[str]:
    """A long title in two lines, or three, that break at a word, the better balanced (GB/T 9704-2012 7.3.1).

    Args:
        more: of the pattern of words that a line may end with.
    """
    if signs(title) <= width:
        return [title]
    ends = sorted({match.end() for match in re.finditer("行动|工作(?!情况)|情况|期间|整治(?!行动)|日(?!至)|月(?=打击)|区|, | " + more, title)} | {match.start() for match in re.finditer("（|\\(", title)})
    for breaks in (1, 2):
        broken = [[title[i:j] for i, j in itertools.pairwise((0, *places, len(title)))] for places in itertools.combinations(ends, breaks)]
        fits = [lines for lines in broken if all(0 < signs(line) <= width for line in lines)]
        if fits:
            chosen = min(fits, key=lambda lines: (not any(line[0] in "（(" for line in lines[1:]), max(map(signs, lines)) - min(map(signs, lines))))
            return [line.strip() for line in chosen]
    return [title]


def signs(text: str) -> float:
    """Width in Chinese signs; one of Latin type is half as wide, and a quarter stands between the two."""
    wide = [ord(sign) > 0x2000 for sign in text]
    return sum(1.0 if one else 0.5 for one in wide) + 0.25 * sum(one != other for one, other in itertools.pairwise(wide)) * any(wide)


def _face(properties: object, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(kind), "Times New Roman")
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _set(run: Run, name: str, size: Pt, color: RGBColor | None = None) -> None:
    run.font.size = size
    if color is not None:
        run.font.color.rgb = color
    _face(run._element.get_or_add_rPr(), name)


def _indent(line: Paragraph) -> None:
    """Two characters, in characters, so that it follows the type."""
    found = line._element.get_or_add_pPr().get_or_add_ind()
    found.set(qn("w:firstLineChars"), "200")
    found.set(qn("w:firstLine"), str(int(THREE.pt * 2 * 20)))


def _field(run: Run, code: str) -> None:
    _set(run, "宋体", FOUR)
    for kind, text in (("begin", None), (None, code), ("separate", None), ("text", "1"), ("end", None)):
        if kind == "text":
            part = OxmlElement("w:t")
            part.text = text
        elif kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def _rule(line: Paragraph, color: str, eighths: int) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", color)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._element.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _row(cells: Sequence[tuple[str, str, str]], twips: Sequence[int], size: Pt, *, head: bool = False, kept: bool = False) -> str:
    """A table's row that breaks over two pages only where it might not fit on one; its cells are (text, face, side). Written as text: a table has thousands of elements.

    Args:
        head: whether it is repeated on every page.
        kept: whether it stands on the page of the row after it.
    """
    half = round(size.pt * 2)
    made = []
    for (text, face, side), width in zip(cells, twips, strict=True):
        said = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(one)}</w:t>' for one in text.split("\n"))
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
            f'{"<w:keepNext/>" if kept else ""}<w:spacing w:line="{round(size.pt * 1.6 * 20)}" w:lineRule="exact"/><w:jc w:val="{side}"/></w:pPr>'
            f'<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{face}" w:hint="eastAsia"/>'
            f'<w:sz w:val="{half}"/></w:rPr>{said}</w:r></w:p></w:tc>'
        )
    # A row that may not be broken and is higher than a page loses its end.
    long = any(len(text) * size.pt * 20 > LONG_CELL_LINES * width for (text, _, _), width in zip(cells, twips, strict=True))
    form = f'<w:trPr>{"" if long else "<w:cantSplit/>"}{"<w:tblHeader/>" if head else ""}</w:trPr>'
    return f'<w:tr>{form}{"".join(made)}</w:tr>'


def _parts(row: Sequence[object], twips: Sequence[int], size: Pt) -> list[list[object]]:
    """The row; a cell of more than ``MOST_CELL_LINES`` goes on in rows below, whose other cells are empty."""
    room = [max(1, int(MOST_CELL_LINES * width / (size.pt * 20))) for width in twips]
    if all(len(str(value)) <= most for value, most in zip(row, room, strict=True)):
        return [list(row)]
    pieces = [[str(value)[at : at + most] for at in range(0, len(str(value)), most)] for value, most in zip(row, room, strict=True)]
    return [list(part) for part in itertools.zip_longest(*pieces, fillvalue="")]


def _at_the_foot(line: Paragraph) -> None:
    """The paragraph, and those after it that say the same, stand on the lower edge of the text area."""
    place = OxmlElement("w:framePr")
    for name, value in (("w", str(int(Mm(156).twips))), ("wrap", "around"), ("vAnchor", "margin"), ("hAnchor", "margin"), ("xAlign", "center"), ("yAlign", "bottom")):
        place.set(qn(f"w:{name}"), value)
    line._element.get_or_add_pPr().insert_element_before(place, "w:widowControl", "w:numPr", "w:suppressLineNumbers", *_AFTER_BORDERS)


def _ruled(line: Paragraph, eighths: int) -> None:
    """Rules above and below, in eighths of a point; around all neighbours that have the same."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom"):
        one = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", "000000")):
            one.set(qn(f"w:{name}"), value)
        borders.append(one)
    line._element.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _narrow_edges(table: object) -> None:
    """One millimetre between a rule and its text."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "57")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and value.rstrip("%—*").replace(".", "", 1).replace("-", "", 1).isdigit())
