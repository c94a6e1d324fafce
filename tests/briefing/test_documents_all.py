"""Every paper of the registry keeps the promises of a paper: mark and stamp on every page, numbers from the facts, two languages."""

import io
import re
import zipfile

import docx
import openpyxl
import pptx
import pypdf
import pytest
from pptx.util import Emu

from briefing.documents import Cancelled, make, papers
from briefing.paper_words import DEMO
from data_access.facts_cut import cut
from rules.language import Refusal
from tests.briefing.sample_facts import facts, settings

KINDS = [paper.kind for paper in papers()]
EXTENSION = {paper.kind: paper.extension for paper in papers()}
REAL = {"demo": False, "map_notice": "审图号：示例001"}


def words(kind: str, content: bytes) -> list[str]:
    """The text of each page, slide, sheet or section, with what stands in its head and foot."""
    return {"docx": docx_words, "xlsx": xlsx_words, "pptx": pptx_words, "pdf": pdf_words, "html": html_words}[EXTENSION[kind]](content)


def docx_words(content):
    document = docx.Document(io.BytesIO(content))
    body = [each.text for each in document.paragraphs] + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    pages = []
    for section in document.sections:
        for head, foot in ((section.header, section.footer), (section.even_page_header, section.even_page_footer)):
            pages.append("\n".join([*(each.text for each in head.paragraphs), *(each.text for each in foot.paragraphs), *body]))
    return pages


def xlsx_words(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        "\n".join([str(sheet.oddHeader.right.text), str(sheet.oddFooter.left.text), *(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)])
        for sheet in book
    ]


def pptx_words(content):
    found = []
    for slide in pptx.Presentation(io.BytesIO(content)).slides:
        parts = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                parts.append(shape.text_frame.text)
            if shape.has_table:
                parts += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                parts += [str(value) for series in shape.chart.plots[0].series for value in series.values]
        found.append("\n".join(parts))
    return found


def pdf_words(content):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def html_words(content):
    return [re.sub(r"<script>.*?</script>", "", content.decode(), flags=re.S)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_from_demo_data_says_that_it_is_no_official_paper(kind):
    pages = words(kind, make(kind, facts(), settings()))
    assert pages
    assert all(DEMO in page for page in pages)


@pytest.mark.parametrize("kind", KINDS)
def test_facts_that_say_demo_are_enough_for_the_mark(kind):
    assert all(DEMO in page for page in words(kind, make(kind, facts(), settings(demo=False, confirmed_by="A", red_head="X", number="N1"))))


@pytest.mark.parametrize("kind", KINDS)
def test_real_data_is_a_draft_until_somebody_confirms(kind):
    draft = words(kind, make(kind, facts(demo=False), settings(**REAL)))
    assert all("草稿" in page for page in draft)
    done = words(kind, make(kind, facts(demo=False), settings(**REAL, confirmed_by="打非办")))
    assert not any("草稿" in page or DEMO in page for page in done)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_tells_as_of_when_and_from_which_snapshot(kind):
    for page in words(kind, make(kind, facts(), settings())):
        flat = re.sub(r"\s", "", page)
        assert "数据截至2023年7月31日" in flat
        assert "快照第1号3f9c2a1b" in flat


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_are_left_as_they_were(kind):
    given = facts()
    make(kind, given, settings())
    assert given == facts()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if EXTENSION[kind] == "docx"])
def test_red_head_and_number_stand_only_on_confirmed_papers_of_real_data(kind):
    chosen = {"red_head": "示范区打非办文件", "number": "示打非办〔2023〕6号"}
    for given, own in ((facts(), {"confirmed_by": "A"}), (facts(demo=False), {"demo": False})):
        text = "".join(words(kind, make(kind, given, settings(**own, **chosen))))
        assert "文件" not in text
        assert "〔2023〕6号" not in text
        assert "盖章" not in text or not given["demo"]


def test_a_confirmed_notice_of_real_data_has_its_red_head_by_choice():
    real = make("notice", facts(demo=False), settings(**REAL, confirmed_by="A", red_head="示范区打非办文件", number="示打非办〔2023〕6号"))
    assert "示打非办〔2023〕6号" in docx_words(real)[0]
    assert "示打非办〔2023〕6号" not in docx_words(make("notice", facts(demo=False), settings(**REAL, confirmed_by="A")))[0]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"minutes"}])
def test_a_street_s_reader_gets_no_row_of_another_street(kind):
    own = cut(facts(), "S2")
    given = settings()
    if kind in {"joint_request", "case_transfer"}:
        with pytest.raises(Refusal):
            make(kind, own, given)
        return
    text = "\n".join(words(kind, make(kind, own, given)))
    for hidden in ("S1-G0", "SUB-7", "AJ-1"):
        assert hidden not in text or (kind == "map" and hidden == "S1-G0")


def test_the_cut_map_draws_only_the_own_street():
    page = html_words(make("map", cut(facts(), "S2"), settings()))[0]
    assert "南浦街道" in page
    assert "S1-N0" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_english_papers_are_made_too(kind):
    assert make(kind, facts(), settings(language="en"))


@pytest.mark.parametrize("kind", ["notice", "slides", "pack", "summary", "atlas", "street_brief"])
def test_papers_are_made_without_outlines_hotspots_and_decisions(kind):
    bare = facts(hotspots=[], decisions=[], cases=[], deadlines=[], grid_classes={}, campaign_effect=None, trackers={"must_transfer": [], "watch": []}, meeting=None)
    assert make(kind, bare, settings(outlines=None))


def test_an_unknown_paper_is_refused():
    with pytest.raises(Refusal):
        make("fax", facts(), settings())


def test_who_waits_may_stop():
    with pytest.raises(Cancelled):
        make("notice", facts(), settings(), lambda done, of: False)


def test_a_file_name_has_no_sign_that_a_file_system_refuses():
    notice = next(paper for paper in papers() if paper.kind == "notice")
    given = facts()
    given["district"]["name"] = 'A/B:"C'
    assert notice.file_name(given, str) == "A_B__C打非工作通报_2023-07-31.docx"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if EXTENSION[kind] in {"docx", "pptx", "xlsx"}])
def test_an_office_file_holds_well_formed_parts_and_nothing_of_a_library_s_template(kind):
    import xml.etree.ElementTree as ET

    with zipfile.ZipFile(io.BytesIO(make(kind, facts(), settings()))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))
            if "/chart" in name and name.endswith(".xml"):
                assert not re.search(r'<c:(?:axId|crossAx) val="-', archive.read(name).decode())
        assert not [name for name in archive.namelist() if "thumbnail" in name or "stylesWithEffects" in name or "printerSettings" in name or "customXml" in name]
        said = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)<", archive.read("docProps/core.xml").decode())
        assert len(said) == 2
        assert said[0] == said[1] != ""
        assert ">2023-07-31T02:46:00Z<" in archive.read("docProps/core.xml").decode()


def test_nothing_on_a_slide_stands_outside_it():
    deck = pptx.Presentation(io.BytesIO(make("slides", facts(), settings())))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + Emu(10)
            assert shape.top + shape.height <= deck.slide_height + Emu(10)


HOSTILE = "\x0b\x00\ud800\uffff$\\frac{$ {{ 7*7 }} =HYPERLINK(1) <b>"


@pytest.mark.parametrize("kind", ["notice", "minutes", "slides", "atlas"])
def test_text_that_no_file_can_hold_is_left_out_and_the_rest_stands_as_text(kind):
    given = facts()
    for row in (given["district"], *given["streets"]):
        row["name"] = row["short_name"] = f"{HOSTILE}{row['name']}"
    said = "".join(words(kind, make(kind, given, settings(issuer=f"{HOSTILE}办公室"))))
    assert "\x0b" not in said
    assert "\uffff" not in said
    assert "7*7" in said
