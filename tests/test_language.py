"""Every sentence people read is in both catalogues, none too many, and no Chinese escapes the marks."""

import ast
from pathlib import Path

import pytest

from rules.language import translator
from tools.merge_translations import (
    is_chinese,
    marked_messages,
    messages_of,
    wrong_placeholders,
)

ROOT = Path(__file__).resolve().parent.parent
MARKS = {"N_", "t", "_t"}


@pytest.fixture(scope="module")
def marked():
    return marked_messages(ROOT)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_catalogue_holds_exactly_what_the_source_marks(language, marked):
    catalogue = messages_of(language)
    assert sorted(marked.keys() - catalogue.keys()) == [], "missing: run python -m tools.merge_translations"
    assert sorted(catalogue.keys() - marked.keys()) == [], "unused: run python -m tools.merge_translations"
    assert [message for message, text in catalogue.items() if not text.strip()] == []


def test_english_holds_no_chinese():
    assert [text for text in messages_of("en").values() if is_chinese(text)] == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_placeholders_survive_translation(language):
    assert list(wrong_placeholders(messages_of(language))) == []


def test_no_chinese_literal_is_left_unmarked(marked):
    left = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for room in ("dashboard", "layers")
        for file in sorted((ROOT / room).rglob("*.py"))
        for line, text in unmarked(file.read_text("utf-8"))
        if text not in marked
    ]
    assert left == []


def test_the_check_sees_an_unmarked_literal():
    source = '"""说明。"""\nA = "漏网"\nB = N_("在网")\nC = ask.t("在网")\nD = f"漏{A}"\n'
    assert unmarked(source) == [(2, "漏网"), (5, "漏")]


def test_a_message_is_translated_with_its_values():
    assert translator("en")("剩 {n} 天", n=3) == "3 days left"
    assert translator("zh_CN")("剩 {n} 天", n=3) == "剩 3 天"


def unmarked(source: str) -> list[tuple[int, str]]:
    """(line, text) of the Chinese literals that are neither docstrings nor handed to a mark."""
    tree = ast.parse(source)
    fine: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MARKS and node.args:
                fine.update(id(part) for part in ast.walk(node.args[0]))
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and id(node) not in fine and is_chinese(node.value)
    ]  # fmt: skip


def test_english_follows_the_number_one():
    t = translator("en")
    assert [t("逾期 {n} 天", n=n) for n in (0, 1, "1", 2, "1,001")] == [
        "0 days overdue", "1 day overdue", "1 day overdue", "2 days overdue", "1,001 days overdue",
    ]  # fmt: skip
