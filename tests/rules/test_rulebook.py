"""The packaged rules: complete, cited, readable; versions and adoption of a day."""

import datetime as dt

import pandas as pd
import pytest

from rules.rule_changes import RANGES, checked_changes, editable
from rules.rule_words import FIELDS, KINDS, POINTS_UNITS, READINGS, UNITS, points, term
from rules.rulebook import (
    UnreadableRulebook,
    read,
    rulebook,
    shipped,
    whole_rulebook,
    with_changes,
    with_rule,
)
from rules.vocabulary import AGENCY_SYSTEM, TABLES, VISIT_MODE
from tools.merge_translations import ROOT, marked_messages

RULES = shipped()
NO_VERSIONS = pd.DataFrame(columns=["rule_id", "content", "valid_from", "valid_to"])
NO_ADOPTIONS = pd.DataFrame(columns=["rule_id", "area_code", "valid_from", "valid_to"])


def plain(message: str, /, **values: object) -> str:
    return message.format(**values) if values else message


@pytest.mark.parametrize(
    ("rule_id", "amount", "unit", "ours"),
    [
        ("visit.site_closed", 1, "month", False), ("visit.subject_closed", 1, "month", False), ("visit.penalised", 1, "month", True),
        ("visit.site_high", 14, "day", True), ("visit.subject_high", 14, "day", True), ("visit.grid", 30, "day", True),
        ("visit.construction", 7, "day", True), ("visit.construction_first", 7, "day", True), ("task.quarter", 1, "quarter", False),
        ("lead.contact", 1, "working_day", True), ("lead.verify", 15, "working_day", True), ("count.training", 2, "year", False),
        ("count.joint_action", 2, "year", False), ("report.stage", 5, "working_day", False), ("clock.case", 90, "day", False),
        ("transfer.twice_penalised", 2, None, False), ("plan.repeat_complaints", 3, None, True),
    ],
)  # fmt: skip
def test_the_numbers_are_those_of_the_notices_or_marked_as_ours(rule_id, amount, unit, ours):
    rule = RULES[rule_id]
    assert (rule.amount, rule.unit, rule.ours) == (amount, unit, ours)


@pytest.mark.parametrize(
    ("rule_id", "wanted"),
    [("report.first_half", (7, 15)), ("report.second_half", (11, 30)), ("report.year_district", (10, 23)), ("report.year_city", (11, 5))],
)
def test_the_papers_are_due_on_the_days_of_the_notices(rule_id, wanted):
    assert (RULES[rule_id].options["month"], RULES[rule_id].options["day"]) == wanted
    assert RULES["report.monthly"].options["day"] == 25


def test_the_fixed_items_of_the_rubric_add_up_to_thirteen():
    fixed = [r for r in RULES.values() if r.kind == "score" and r.id.startswith(("score.R1", "score.R2.1", "score.R2.2", "score.R2.3", "score.R2.4"))]
    assert sum(rule.points for rule in fixed) == 13
    assert [RULES[f"score.R2.{n}"].points for n in ("5", "6", "7a", "7b")] == [3, 1, 5, 3]
    assert all(rule.cap is None for rule in RULES.values())


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_says_where_it_comes_from_and_can_be_told(rule):
    assert all((rule.source, rule.clause, rule.document, rule.issuer, rule.territory, rule.period))
    assert rule.kind in KINDS
    assert term(rule, plain)
    assert rule.owner_system in {None, *(word.code for word in AGENCY_SYSTEM)}
    assert set(editable(rule)) <= set(FIELDS)
    assert rule.points is None or points(rule, plain)
    if "readings" in rule.options:
        assert rule.options["reading"] in rule.options["readings"]
        assert set(rule.options["readings"]) <= set(READINGS)
    for name, table in (("premises", "premises"), ("categories", "category"), ("kinds", "case_kind"), ("systems", "agency_system")):
        assert set(rule.options.get(name, ())) <= {word.code for word in TABLES[table]}
    if rule.kind == "cycle":
        assert set(rule.discharged_by) <= {word.code for word in VISIT_MODE}


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.ours], ids=[r.id for r in RULES.values() if r.ours])
def test_a_number_of_ours_says_what_the_source_leaves_open(rule):
    assert "来源" in rule.note or "原文" in rule.note


def test_every_text_of_the_file_is_in_the_catalogues_words():
    marked = marked_messages(ROOT)
    for rule in RULES.values():
        for text in (rule.name, rule.source, rule.clause, rule.document, rule.issuer, rule.territory, rule.period, rule.owner, rule.note):
            assert not text or text in marked or text.isascii() or text[:2] in {"S0", "S1", "S2", "S3", "S4"}, text


def test_units_and_readings_have_words():
    assert set(UNITS) == {"day", "working_day", "month", "quarter", "year"}
    assert set(POINTS_UNITS) <= set(READINGS)


def test_terms_are_told_in_words():
    told = {rule_id: term(RULES[rule_id], plain) for rule_id in ("visit.site_closed", "visit.grid", "lead.verify", "count.training", "report.stage", "report.first_half", "report.monthly", "plan.repeat_complaints", "score.R2.4", "transfer.twice_penalised")}
    assert told == {
        "visit.site_closed": "每月一次", "visit.grid": "每 30 天", "lead.verify": "15 个工作日内", "count.training": "每年 2 次",
        "report.stage": "阶段结束后 5 个工作日内", "report.first_half": "每年 7 月 15 日前", "report.monthly": "每月 25 日前",
        "plan.repeat_complaints": "6 个月内 3 次", "score.R2.4": "扣 1 分 · 每月一次", "transfer.twice_penalised": "2 次处罚",
    }  # fmt: skip


RULE = '[[rule]]\nid = "x"\nname = "甲"\nkind = "cycle"\ntarget = "grid"\nsource = "S"\nclause = "乙"\n'


@pytest.mark.parametrize("text", [
    "rule = ", RULE + "wrong = 1\n", RULE + 'unit = "week"\n', RULE.replace('kind = "cycle"', 'kind = "habit"'), RULE.replace('name = "甲"\n', ""),
    RULE + RULE, RULE + 'points_unit = "each"\n', RULE + 'options = { item = "no.such" }\n',
])  # fmt: skip
def test_a_file_that_is_no_rulebook_is_refused_with_the_rule_s_name(text):
    with pytest.raises(UnreadableRulebook):
        read(text)


def test_a_version_holds_between_its_days_and_the_later_one_wins():
    versions = pd.DataFrame({
        "rule_id": ["visit.grid", "visit.grid", "no.such"], "content": [{"amount": 20}, {"amount": 10}, {"amount": 1}],
        "valid_from": pd.to_datetime(["2023-07-10", "2023-07-20", "2023-01-01"]), "valid_to": pd.to_datetime([None, "2023-07-25", None]),
    })  # fmt: skip
    amounts = [rulebook(RULES, versions, NO_ADOPTIONS, dt.date(2023, 7, day))["visit.grid"].amount for day in (9, 10, 19, 20, 25, 26)]
    assert amounts == [30, 20, 20, 10, 10, 20]


def test_changes_leave_the_shipped_rule_as_it_is_and_options_are_merged():
    rule = with_changes(RULES["plan.repeat_complaints"], {"options": {"within_months": 3}})
    assert (rule.options["within_months"], rule.options["plan_days"], rule.ours) == (3, 15, False)
    assert RULES["plan.repeat_complaints"].options["within_months"] == 6


def test_a_duty_follows_the_points_of_its_item():
    book = with_rule(whole_rulebook(), with_changes(RULES["score.R2.4"], {"points": 2.0, "cap": 10.0}))
    assert (book["visit.site_closed"].points, book["visit.site_closed"].cap) == (2.0, 10.0)


def test_an_owner_is_found_by_premises_category_or_topic():
    book = whole_rulebook()
    found = {"construction": "管理办", "stall": "综合行政执法队", "pharmacy": "市场所", "rental": "建管中心"}
    assert {place: book.owner_of(premises=place).owner for place in found} == found
    assert [book.owner_of(topic=topic).owner for topic in ("advert", "waste", "population", "neighbourhood", "supervision")] == ["综合行政执法队", "市场所", "派出所、平安办", "自治办", "监察办"]
    assert book.owner_of(premises="hotel") is None


def test_only_what_differs_is_kept():
    assert checked_changes(RULES["visit.grid"], {"amount": "30", "unit": "day", "owner": "街镇"}) == {}
    assert checked_changes(RULES["clock.case"], {"options.days_by_system": {"market": "60"}}) == {"options": {"days_by_system": {"market": 60}}}
    assert checked_changes(RULES["score.R2.4"], {"cap": "", "points": "1", "options.reading": "site"}) == {"options": {"reading": "site"}}


def test_every_number_of_an_option_that_may_be_set_has_its_least_and_its_greatest_and_lies_between():
    for rule in shipped().values():
        for name in editable(rule):
            value = rule.options.get(name.removeprefix("options."))
            if name.startswith("options.") and isinstance(value, int):
                least, most = RANGES[name.removeprefix("options.")]
                assert least <= value <= most, (rule.id, name)


def test_a_number_is_read_as_it_is_typed_with_full_width_digits_too():
    grid = shipped()["visit.grid"]
    assert checked_changes(grid, {"amount": "\uff12\uff10"}) == checked_changes(grid, {"amount": " 20 "}) == {"amount": 20}
    assert checked_changes(grid, {"amount": 10, "unit": "year"}) == {"amount": 10, "unit": "year"}
