"""English papers count as English does: one visit, two visits, 15,599 leaflets; the district by its name, no Chinese mark."""

from __future__ import annotations

import re

import pytest

from briefing import paper_sentences as said
from briefing.documents import make
from briefing.documents.notice import _together
from briefing.latin_marks import latin
from briefing.paper_words import Reader
from rules.language import translator
from tests.briefing.sample_facts import facts, settings
from tests.briefing.test_documents_all import words

MANY = re.compile(r"\b1 (?:(?!of|who|to|between)\w+ ){0,2}(?:visits|events|leaflets|trainings|sessions|people|officers|actions|cases|meetings|drills|inspections|closures|devices|boxes|penalties|leads|areas|grids|decisions|places|transfers|days|items|sites)\b")


def reader(value: int) -> Reader:
    given = facts()
    for one in given["figures"].values():
        one["value"] = value
    given["agencies"] = given["agencies"][1:2]
    given["agencies"][0] |= {"feedback_n": value, "feedback_N": value}
    for row in (given["district"], *given["streets"]):
        row |= {"grids": 2, "ok": 0, "due": 0, "over": value, "never": 0, "coverage": 0.0}
    given["joint_needs"] = {"S1": {"found": value, "unheeding": value}}
    given["deadlines"], given["decisions"] = given["deadlines"][1:], given["decisions"][:1]
    return Reader(given, settings(language="en"), latin(translator("en")))


def told(value: int) -> str:
    asked = reader(value)
    return " ".join([said.basic_situation(asked), said.coverage(asked), said.comparison(asked), said.hotspots(asked), _together(asked), *(text for _, text in said.next_steps(asked))])


def test_one_is_one() -> None:
    text = told(1)
    assert "1 patrol visit," in text
    assert "1 training session was held, 1 person trained" in text
    assert "Of 1 transfer between agencies 1 was answered" in text
    assert not MANY.search(text)


def test_more_are_many_with_commas() -> None:
    text = told(15_599)
    assert "15,599 patrol visits, 15,599 publicity events, 15,599 leaflets" in text
    assert "Demo District: of 2 grids" in text
    assert not re.search(r"[\u3000-\u303f\uff00-\uff65]", text)


def test_a_map_names_a_street_without_its_kind() -> None:
    assert reader(1).short_name({"name": "锦堤街道", "name_en": "Jindi Subdistrict", "short_name": "锦堤"}) == "Jindi"
    assert reader(1).short_name({"name": "锦堤街道", "name_en": None}) == "锦堤街道"


@pytest.mark.parametrize("kind", ["joint_request", "lead_transfer", "street_brief"])
def test_letters_count_as_english_does(kind: str) -> None:
    asked = reader(1)
    assert not MANY.search(" ".join(words(kind, make(kind, asked.facts, asked.settings))))
