"""What a street has to do next, from the facts alone: decisions, deadlines, people to watch, grids to visit."""

from __future__ import annotations

from typing import Any

from briefing.paper_words import Reader
from rules.vocabulary import name_of


def street_work(reader: Reader, street: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, which, by when) of one street; what is late stands first, then by days left.

    Decisions and deadlines that stand in both lists are told once, as decisions.
    """
    t, facts, code = reader.t, reader.facts, street["code"]
    found: list[tuple[float, tuple[str, str, str]]] = []
    for one in facts["decisions"]:
        if one.get("street_code") == code and one["state"] == "open":
            found.append((_order(one["days_left"]), (t("议定事项"), one["text"], reader.left(one))))
    for one in facts["deadlines"]:
        if one.get("street_code") == code and one["kind"] != "decision":
            said = " ".join(filter(None, (t(one["title"] or ""), one["number"])))
            found.append((_order(one["days_left"]), (t(name_of("deadline_kind", one["kind"])), said, reader.days_left(one["days_left"]))))
    for key, word in (("must_transfer", t("应移送公安")), ("watch", t("重点盯防"))):
        for one in facts["trackers"][key]:
            if one.get("street_code") == code:
                found.append((-1.0 if key == "must_transfer" else 0.5, (word, one["subject"], t("处罚{n}次", n=one["penalties"]))))
    for grid in street.get("overdue_grids") or ():
        days = grid["days"]
        last = t("从未巡查") if days is None else t("{n}天未巡", n=days)
        found.append((1e6 - (1e5 if days is None else days), (t("补巡网格"), grid["code"], last)))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _order(days_left: int | None) -> float:
    return 1e3 if days_left is None else float(days_left)
