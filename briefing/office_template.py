"""What the templates that the libraries bring along hold, and a paper should not: another's picture, parts of another version, a language that is not the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import nsdecls, qn

if TYPE_CHECKING:
    from docx.document import Document
    from pptx.presentation import Presentation

REMAINS = ("/thumbnail", "/extended-properties", "/customXml", "/stylesWithEffects", "/printerSettings")
"""Ends of the types of relationships to parts that say nothing about a paper: a picture, the program and the counts of an empty file, a printer."""

CHINESE, LATIN = "zh-CN", "en-US"

FALLBACKS = {"仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "方正小标宋简体": "华文中宋", "黑体": "SimHei", "宋体": "SimSun"}
"""Type of official documents, and what a machine without it takes instead of what it likes: newer systems ship none of the first three. Source: ECMA-376 part 1, 17.8.3.1."""


def cleaned_document(document: Document) -> Document:
    """The same Word document without the template's remains, in the reader's languages."""
    main = document.part
    for relations in (main.package.rels, main.rels):
        for key in [key for key, one in relations.items() if one.reltype.endswith(REMAINS)]:
            del relations[key]
    fonts = next(one.target_part for one in main.rels.values() if one.reltype.endswith("/fontTable"))
    fonts._blob = _fonts()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), CHINESE)
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), CHINESE)
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    return document


def cleaned_deck(deck: Presentation) -> Presentation:
    """The same deck without the template's remains; what it says of the slides' size is the size alone."""
    package, main = deck.part.package, deck.part
    for holder, relations in ((package, package._rels), (main, main.rels)):
        for key in [key for key, one in relations.items() if one.reltype.endswith(REMAINS)]:
            holder.drop_rel(key)
    deck._element.sldSz.attrib.pop("type", None)
    return deck


def _fonts() -> bytes:
    """The part that names the type used."""
    made = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    latin = '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{made}{latin}</w:fonts>'.encode()
