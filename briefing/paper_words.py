"""What every paper says alike: names, days, the stamp, the mark of demo data or draft, numbers in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.latin_marks import grouped
from rules.day_words import day_words, days_words, short_day_words
from rules.language import N_, Refusal, Translate
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from briefing.documents import Facts, PaperSettings

DEMO = N_("演示数据 非公文")
DRAFT = N_("草稿")
TOLD_BY_NAME = ("K13", "K15")
"""Figures in 户次 that are no visits: in English their name says what is counted."""

WAN = 10_000
"""From here money is told in 万元 where that is exact to two decimals (S0: 罚款31万元)."""

CLASSES = {
    "very_high": N_("极显著偏多"), "high": N_("显著偏多"), "tending_high": N_("倾向偏多"), "none": N_("不显著"), "low": N_("显著偏少"),
    "under_patrolled": N_("疑似漏查"),
}  # fmt: skip
"""Words of a hotspot's or a grid's class."""

NUMERALS = "一二三四五六七八九十"

_KIND_OF_STREET = re.compile(" (?:Subdistrict|Town(?:ship)?|Industrial Zone|Development Zone|New Area)$")
_SCREEN_SPACE = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(frozen=True, slots=True)
class Reader:
    """The facts as one reader's language says them."""

    facts: Facts
    settings: PaperSettings
    t: Translate

    def frozen(self, part: str) -> Any:
        """A part that facts of older snapshots lack.

        Raises:
            Refusal: these facts lack it.
        """
        if part not in self.facts:
            raise Refusal(N_("这份快照里没有本材料要用的数据：请重新取数，生成新快照。"))
        return self.facts[part]

    @property
    def is_demo(self) -> bool:
        return bool(self.settings.demo or self.facts["demo"])

    @property
    def is_latin(self) -> bool:
        return self.settings.language == "en"

    @property
    def slash(self) -> str:
        """What stands between two figures of one cell."""
        return "/" if self.is_latin else "／"

    @property
    def is_draft(self) -> bool:
        return not self.is_demo and not self.settings.confirmed_by

    @property
    def mark(self) -> str:
        """What stands on every page: 演示数据 非公文, 草稿, or nothing once a person has confirmed."""
        return self.t(DEMO) if self.is_demo else self.t(DRAFT) if self.is_draft else ""

    @property
    def red_head(self) -> str:
        """Only from real, confirmed data and only by choice (DESIGN 12)."""
        if self.is_demo or self.is_draft:
            return ""
        return self.settings.red_head or (self.t("{issuer}文件", issuer=self.issuer) if self.settings.with_red_head else "")

    @property
    def number(self) -> str:
        return "" if self.is_demo or self.is_draft else self.settings.number

    @property
    def issued(self) -> str:
        """印发日期; its place is left free until a person has confirmed."""
        if self.is_demo or self.is_draft:
            return self.t("　　年　月　日印发")
        return self.t("{day}印发", day=self.day(self.facts["taken_at"]))

    def copied_to(self, units: list[Mapping[str, Any]]) -> str:
        """抄送 and the units, each once; empty for none."""
        names = list(dict.fromkeys(self.name(one) for one in units))
        return self.t("抄送：{units}。", units=together(names, self.t)) if names else ""

    @property
    def district(self) -> str:
        return self.name(self.facts["district"])

    @property
    def issuer(self) -> str:
        """Who sends the paper: whoever convened a street's own meeting, the district's office for any other."""
        meeting = self.facts.get("meeting") or {}
        convener = meeting.get("convener") if meeting.get("level") == "street" else None
        return self.settings.issuer or (self.name(convener) if convener else self.t("{district}打击非法行医专项行动领导小组办公室", district=self.district))

    @property
    def reader_place(self) -> str:
        """The street whose rows alone the facts hold, or empty for the whole district."""
        row = self.own_street
        return "" if row is None else self.name(row)

    @property
    def own_street(self) -> dict[str, Any] | None:
        """The row of the one street that the facts were cut to, or None."""
        areas = self.facts["scope"]["areas"]
        return next((row for row in self.facts["streets"] if row["code"] == areas[0]), None) if len(areas) == 1 else None

    @property
    def figures_place(self) -> str:
        """The street whose figures these are; empty where they are the district's, as after a cut they stay."""
        return "" if self.is_part else self.reader_place

    @property
    def own_streets(self) -> list[dict[str, Any]]:
        """The streets whose own rows the facts hold: one after a cut, else all."""
        row = self.own_street
        return self.facts["streets"] if row is None else [row]

    @property
    def grid_streets(self) -> set[str]:
        """Codes of the streets whose every grid's state the facts tell; of others a map must not say 按期."""
        return {row["code"] for row in self.own_streets if "overdue_grids" in row}

    @property
    def is_part(self) -> bool:
        """Whether the facts were cut to a reader: what they do not list may be others'."""
        return "cases_elsewhere" in self.facts

    def nothing(self, whole: str, own: str) -> str:
        """What stands for an empty list: ``whole``, or ``own`` where there may be others' that the reader is not told."""
        return own if self.is_part else whole

    @property
    def totals(self) -> dict[str, Any]:
        """The row of whatever the paper is about: the reader's street, or the district."""
        return self.own_street or self.facts["district"]

    @property
    def place(self) -> str:
        return self.reader_place or self.district

    @property
    def period(self) -> str:
        return self.days(self.facts["start"], self.facts["end"])

    @property
    def before(self) -> str:
        """The earlier period; what the register does not reach is said with it."""
        told = self.facts["before"]
        days, begins = self.days(told["start"], told["end"]), told.get("records_from")
        return self.t("{days}（{day}以前没有记录）", days=days, day=self.day(begins)) if begins else days

    @property
    def stamp(self) -> str:
        """As-of day, when the facts were taken, and the snapshot they stand in."""
        told = self.t("数据截至{day}，取数时间 {time}", day=self.day(self.facts["as_of"]), time=self.instant(self.facts["taken_at"]))
        return self.t("{told}，快照 {snapshot}", told=told, snapshot=self.settings.snapshot) if self.settings.snapshot else told

    @property
    def taken_at(self) -> dt.datetime:
        """When the facts were taken, in UTC and without a zone, as Office files keep it."""
        return dt.datetime.fromisoformat(self.facts["taken_at"]).astimezone(dt.UTC).replace(tzinfo=None)

    @property
    def map_notice(self) -> str:
        return self.t(self.settings.map_notice) if self.settings.map_notice else ""

    def name(self, row: Mapping[str, Any]) -> str:
        return (row.get("name_en") or row["name"]) if self.settings.language == "en" else row["name"]

    def short_name(self, row: Mapping[str, Any]) -> str:
        """The name as a map has room for: 江桥 of 江桥镇, Jiangqiao of Jiangqiao Town."""
        return _KIND_OF_STREET.sub("", self.name(row)) if self.is_latin else row.get("short_name") or row["name"]

    def say(self, sentence: Mapping[str, str] | str | None) -> str:
        """A sentence that the facts hold in both languages; on Chinese paper no space stands beside a Chinese sign, as it does on a screen."""
        if not isinstance(sentence, Mapping):
            return self.t(sentence) if sentence else ""
        return sentence["en"] if self.settings.language == "en" else _SCREEN_SPACE.sub("", sentence["zh"])

    def day(self, text: str | None) -> str:
        """``2023-07-31`` as 2023年7月31日; ``—`` where there is none."""
        if not text:
            return "—"
        return day_words(dt.date.fromisoformat(text[:10]), self.t)

    def short_day(self, text: str | None) -> str:
        if not text:
            return "—"
        return short_day_words(dt.date.fromisoformat(text[:10]), self.t)

    def days(self, start: str, end: str) -> str:
        return days_words(dt.date.fromisoformat(start), dt.date.fromisoformat(end), self.t)

    def instant(self, text: str) -> str:
        return f"{self.day(text)} {text[11:16]}"

    def street(self, code: str | None) -> str:
        rows = [*self.facts["streets"], *([self.facts["district"]] if code == self.facts["district"]["code"] else [])]
        return next((self.name(row) for row in rows if row["code"] == code), code or "—")

    def street_of(self, row: Mapping[str, Any]) -> str:
        """The street that a row names; the row's own word where that street's row was cut away."""
        known = any(one["code"] == row.get("street_code") for one in self.facts["streets"])
        return self.street(row["street_code"]) if known else row.get("street") or "—"

    def agency_of(self, row: Mapping[str, Any]) -> str:
        if not self.is_latin:
            return row.get("agency") or "—"
        known = next((one["name_en"] for one in self.facts["agencies"] if one["code"] == row.get("agency_code")), None)
        return row.get("agency_en") or known or row.get("agency") or "—"

    def support_of(self, row: Mapping[str, Any]) -> str:
        return together([self.name(one) for one in row.get("support") or ()], self.t) or "—"

    def system(self, code: str) -> str:
        return self.t(name_of("agency_system", code))

    def class_said(self, hotspot: Mapping[str, Any]) -> str:
        return self.t(CLASSES[hotspot["class"]])

    def value(self, key: str, figures: str = "figures") -> float | None:
        found = self.facts[figures].get(key)
        return None if found is None else found["value"]

    def figure(self, key: str, figures: str = "figures") -> str:
        """A figure with its unit: 3175户次, 36.0%（3458/9604）, ``—`` where nothing can be said."""
        found = self.facts[figures].get(key)
        if found is None or found["value"] is None:
            return "—"
        if found["unit"] == "%":
            return self.t("{share}（{n}/{N}）", share=percent(found["value"]), n=found["n"], N=found["N"])
        if found["unit"] == "元":
            return self.money(found["value"])
        if self.is_latin and (found["unit"] == "次" or key in TOLD_BY_NAME):
            return self.counted(found["value"])
        return (" " if self.is_latin else "").join((self.counted(found["value"]), self.t(found["unit"])))

    def counted(self, value: float | None) -> str:
        """See :func:`number`; in English with commas."""
        return grouped(number(value)) if self.is_latin else number(value)

    def money(self, yuan: float) -> str:
        if self.settings.language != "en" and yuan >= WAN and round(yuan / WAN, 2) * WAN == yuan:
            return self.t("{n}万元", n=number(yuan / WAN))
        return self.t("{n}元", n=number(yuan))

    def ordinal(self, place: int) -> str:
        """一, 二, ... for headings; figures beyond ten and in English."""
        return NUMERALS[place - 1] if self.settings.language != "en" and place <= len(NUMERALS) else str(place)

    def left(self, row: Mapping[str, Any]) -> str:
        """A decision's state: 逾期7天, 剩3天, or the word of its state."""
        days = row.get("days_left")
        if row["state"] == "open" and days is not None:
            return self.days_left(days)
        return self.t(name_of("decision_state", row["state"]))

    def days_left(self, days: int | None) -> str:
        if days is None:
            return "—"
        return self.t("逾期{n}天", n=-days) if days < 0 else self.t("今日到期") if days == 0 else self.t("剩{n}天", n=days)


def in_order(figures: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The figures by their numbers, K2 before K10: what is frozen is kept in the order of the letters."""
    return sorted(figures.items(), key=lambda pair: [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", pair[0])])


def number(value: float | None) -> str:
    """A count as it is, other numbers with at most two decimals, ``—`` for none."""
    if value is None:
        return "—"
    return str(int(value)) if float(value).is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")


def estimate(value: float | None) -> str:
    """An expected number with two decimals always (1.00), so that a column of them reads alike; ``—`` for none."""
    return "—" if value is None else f"{value:.2f}"


def percent(share: float | None) -> str:
    """A ratio 0..1 as 93.4%; ``—`` for none."""
    return "—" if share is None else f"{share:.1%}"


def cell(row: Mapping[str, Any], key: str) -> Any:
    """A value of a row; ``*`` where a small count was withheld from this reader."""
    found = row.get(key)
    return "*" if found is None and row.get("suppressed") else found


def count(row: Mapping[str, Any], key: str) -> str:
    """A count as printed; ``*`` where it was suppressed, ``—`` where there is none."""
    found = cell(row, key)
    return found if isinstance(found, str) else number(found)


def case_count(spot: Mapping[str, Any]) -> str:
    """Open cases in a hotspot as printed; ``—`` where they are another street's, of which no more is told."""
    return "—" if spot.get("elsewhere") else number(len(spot["open_cases"]))


def together(parts: list[str], t: Translate) -> str:
    return t("、").join(one for one in parts if one)
