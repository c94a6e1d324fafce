"""The map that a meeting hands out runs nothing of an imported name, neither on the server that makes it nor where it is opened."""

from __future__ import annotations

import re

from briefing.documents import make
from tests.briefing.sample_facts import facts, outlines, settings

EVIL = "{{ 77771 * 3 }}{% nothing %}${window.ran=1}`+(window.ran=2)+`</script>"


def test_no_imported_name_is_run() -> None:
    given = facts()
    for row in (*given["streets"], given["district"], *given["hotspots"], *given["cases"]):
        for name in ("name", "short_name", "street", "number"):
            if name in row:
                row[name] = EVIL
    given["hotspots"][0]["sentence"]["zh"] = EVIL
    page = make("map", given, settings(outlines=outlines().assign(name=EVIL))).decode()
    assert "233313" not in page
    literals = re.findall(r"\$\((`.*?`)\)\[0\]", page, re.S)
    assert any("nothing" in one for one in literals)
    for literal in literals:
        assert not re.search(r"[`$\\]", literal[1:-1])
