"""The rulebook as a plain list: every rule with its number, source, words, owner and whether it binds."""

from __future__ import annotations

from collections.abc import Iterator

from rules.language import Translate
from rules.rule_words import KINDS, points, term
from rules.rulebook import Rule, Rulebook


def rule_lines(book: Rulebook, t: Translate, *, demo: bool = False) -> Iterator[str]:
    """The lines of the list, by kind in the order of the file; each rule's clause under it.

    Args:
        demo: whether the district is a demonstration, whose adoptions bind nobody and say so.
    """
    for kind, heading in KINDS.items():
        rules = book.of(kind)
        if not rules:
            continue
        yield f"== {t(heading)} ({len(rules)}) =="
        for rule in rules:
            yield from _lines(rule, book, t, demo)
        yield ""


def rule_table(book: Rulebook, t: Translate) -> list[dict[str, object]]:
    """The same as plain values, one dict a rule, for JSON."""
    return [
        {
            "id": rule.id, "name": t(rule.name), "kind": rule.kind, "target": rule.target, "amount": rule.amount, "unit": rule.unit,
            "term": term(rule, t), "points": rule.points, "points_unit": rule.points_unit, "cap": rule.cap,
            "source": t(rule.source), "clause": t(rule.clause), "document": t(rule.document), "issuer": t(rule.issuer),
            "territory": t(rule.territory), "period": t(rule.period), "owner_system": rule.owner_system, "owner": t(rule.owner),
            "discharged_by": list(rule.discharged_by), "ours": rule.ours, "adopted": book.is_adopted(rule.id),
            "adopted_in": sorted(book.adopted_in.get(rule.id, ())), "note": t(rule.note), "options": dict(rule.options),
        }
        for rule in book
    ]  # fmt: skip


def _lines(rule: Rule, book: Rulebook, t: Translate, demo: bool) -> Iterator[str]:
    bound = t("演示采纳") if demo else t("已采纳")
    marks = [bound if book.is_adopted(rule.id) else t("参考"), *([t("本系统默认")] if rule.ours else [])]
    scored = points(rule, t) if rule.kind != "score" else ""
    said = " · ".join(filter(None, (t(rule.name), term(rule, t), scored)))
    yield f"{rule.id}  {said}  [{' · '.join(marks)}]"
    yield f"    {t(rule.source)}  “{t(rule.clause)}”"
    yield "    " + " · ".join(filter(None, (t(rule.document), t(rule.issuer), t(rule.territory), t(rule.period))))
    if rule.owner:
        yield "    " + t("责任：{who}", who=t(rule.owner))
    if rule.note:
        yield f"    {t(rule.note)}"
