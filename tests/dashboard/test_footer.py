"""The footer names the sources in the reader's language."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.footer import _called
from rules.language import translator


@pytest.mark.parametrize(
    ("lang", "name", "kind", "said"),
    [("zh_CN", "工地名录", "construction_sites", "工地名录"), ("en", "工地名录", "construction_sites", "Construction sites"), ("en", "巡查", "visits", "Visits"),
     ("en", "Own feed", "visits", "Own feed"), ("en", "自建来源", None, "自建来源")],
)  # fmt: skip
def test_a_source_has_its_own_name_or_else_its_registers_in_english(lang: str, name: str, kind: str | None, said: str) -> None:
    ask = SimpleNamespace(t=translator(lang), lang=lang)
    assert _called(ask, SimpleNamespace(name=name, kind=kind)) == said
