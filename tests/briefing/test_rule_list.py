"""The rulebook as a list: every rule with its source, its words and whether it binds; also from the command line."""

import json
import re

import cli
from briefing.rule_list import rule_lines, rule_table
from rules.language import translator
from rules.rulebook import Rulebook, shipped, whole_rulebook

T = translator("zh_CN")


def test_every_rule_stands_with_its_source_and_clause():
    text = "\n".join(rule_lines(whole_rulebook(), T))
    for rule in shipped().values():
        assert f"{rule.id}  {rule.name}" in text
        assert f"{rule.source}  “{rule.clause}”" in text
    assert text.count("已采纳") == len(shipped())
    shown = "\n".join(rule_lines(whole_rulebook(), T, demo=True))
    assert (shown.count("演示采纳"), shown.count("已采纳")) == (len(shipped()), 0)


def test_what_is_not_adopted_is_for_reference_and_what_is_ours_says_so():
    lines = list(rule_lines(Rulebook(shipped(), frozenset({"visit.grid"})), T))
    assert next(line for line in lines if line.startswith("visit.grid ")).endswith("[已采纳 · 本系统默认]")
    assert next(line for line in lines if line.startswith("visit.site_closed ")).endswith("[参考]")


def test_the_english_list_has_no_chinese_word_or_mark():
    text = "\n".join(rule_lines(whole_rulebook(), translator("en"), demo=True))
    assert re.findall("[\u3000-\u9fff\uff00-\uffef]", text) == []


def test_the_table_is_plain_json():
    table = json.loads(json.dumps(rule_table(whole_rulebook(), T)))
    assert [row["id"] for row in table] == list(shipped())
    assert {row["id"]: row["points"] for row in table}["visit.site_closed"] == 1.0


def test_the_command_prints_the_rules_even_before_there_is_a_district(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert cli.main(["rules", "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert len(table) == len(shipped())
    assert not any(row["adopted"] for row in table)
    assert cli.main(["rules", "--as-of", "2023-07-31", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == table
    assert cli.main(["rules", "--as-of", "yesterday"]) == 2
    assert "--as-of：'yesterday'" in capsys.readouterr().err
