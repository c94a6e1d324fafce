"""A paper is one file that a meeting hands out; every other file of this folder declares one as PAPER."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from briefing.latin_marks import latin
from briefing.paper_text import writable
from rules.language import N_, Refusal, Translate, translator

if TYPE_CHECKING:
    import geopandas as gpd

Facts = dict[str, Any]
"""What ``data_access.meeting_facts`` gives: plain values, all that any paper says."""

Progress = Callable[[int, int], bool | None]
"""``progress(done, of)``; answering False stops the work."""


class Cancelled(Refusal):
    """Whoever waited for the papers stopped them; nothing was handed out."""


@dataclass(frozen=True, slots=True, eq=False)
class PaperSettings:
    """How papers are made, beside the facts.

    Attributes:
        demo: whether the facts are demo data; facts that say so themselves are enough.
        red_head: what stands above the red rule. Never printed from demo data or on a draft.
        with_red_head: prints one without a name of its own: the issuer's, followed by 文件.
        number: 文号; never printed from demo data or on a draft.
        map_notice: what stands beside every map (界线为示意, 审图号).
        language: ``zh_CN`` or ``en``.
        confirmed_by: who confirmed the paper; empty makes it a 草稿.
        issuer: who signs; empty takes the leading group's office of the district.
        snapshot: number and hash of the frozen facts, as printed.
        outlines: areas (code, level, name, name_en, street_code, label_lon, label_lat, geometry in
            EPSG:4326); None prints papers without maps.
    """

    demo: bool = False
    red_head: str = ""
    number: str = ""
    map_notice: str = N_("界线为示意")
    language: str = "zh_CN"
    confirmed_by: str = ""
    issuer: str = ""
    snapshot: str = ""
    with_red_head: bool = False
    outlines: gpd.GeoDataFrame | None = None


TYPED = ("red_head", "number", "issuer", "confirmed_by", "map_notice")
"""Settings that a person types."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    Attributes:
        kind: word in addresses, in ``paper.kind`` and on the command line.
        label: its name, a Chinese source string.
        extension: of its file, without the dot.
        make: ``make(facts, settings, t)`` gives the file.
        readers: who it is for: ``district``, ``street``, ``agency``.
        order: place in the list.
        red_head: whether it may carry one (from confirmed real data, by choice).
    """

    kind: str
    label: str
    extension: str
    make: Callable[[Facts, PaperSettings, Translate], bytes]
    readers: tuple[str, ...] = ("district",)
    order: int = 50
    red_head: bool = False

    @property
    def name(self) -> str:
        return self.kind

    def file_name(self, facts: Facts, t: Translate) -> str:
        """District or street, paper and day, without a character that a file system refuses."""
        areas = facts["scope"]["areas"]
        own = [row for row in facts["streets"] if areas == [row["code"]]]
        place = (own[0] if own else facts["district"])["name"]
        text = f"{place}{t(self.label)}_{facts['as_of']}.{self.extension}"
        return "".join("_" if sign in '\\/:*?"<>|\n\r\t ' else sign for sign in text)


@cache
def papers() -> tuple[Paper, ...]:
    """Every paper, in the order of the list."""
    found = [importlib.import_module(f"{__name__}.{module.name}").PAPER for module in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda paper: (paper.order, paper.kind)))


def make(kind: str, facts: Facts, settings: PaperSettings, progress: Progress | None = None) -> bytes:
    """One paper's file from the facts alone; the facts are not changed.

    Raises:
        Refusal: there is no such paper, or its subject does not occur in these facts.
        Cancelled: ``progress`` answered False.
    """
    chosen = next((paper for paper in papers() if paper.kind == kind), None)
    if chosen is None:
        raise Refusal(N_("没有材料 {kind}：可用的有 {known}。"), kind=kind, known=", ".join(one.kind for one in papers()))
    if progress is not None and progress(0, 1) is False:
        raise Cancelled(N_("已取消，没有生成材料。"))
    t = translator(settings.language)
    named = {field: writable(getattr(settings, field)) for field in TYPED}
    content = chosen.make(writable(facts), replace(settings, **named), latin(t) if settings.language == "en" else t)
    if progress is not None:
        progress(1, 1)
    return content
