"""What the meeting is told about recurrence, displacement and the last campaign, in plain values."""

from __future__ import annotations

from data_access.areas import area_names
from data_access.campaign_effect import CampaignEffect, Span, campaign_effect
from data_access.database import Database
from data_access.plain import plain, plain_rows
from data_access.recurrence import recurrence
from rules.request import Filters, Scope
from rules.sentences import both, recurrence_sentence


def recurrence_facts(database: Database, filters: Filters, scope: Scope) -> dict[str, object]:
    """``data_access.recurrence.recurrence`` with the names of streets and its sentence."""
    found = recurrence(database, filters, scope)
    known = found.returned
    names = {code: name[0] for code, name in area_names(database, scope, filters.as_of, known_at=filters.known_at).items()}
    moved = found.displaced
    moved["from_name"], moved["to_name"] = moved["from_street"].map(names), moved["to_street"].map(names)
    said = {"closures": known.closures, "returned": known.returned, "followed_days": known.longest_days, "median_days": known.median_days, "censored": known.censored}
    return plain({
        "since": found.since, "closures": known.closures, "returned": known.returned, "censored": known.censored,
        "median_days": known.median_days, "longest_days": known.longest_days,
        "intervals": [{"days": days, "n": n, "N": N} for days, n, N in known.within],
        "near_repeat": plain_rows(found.near_repeat), "located": found.located, "displaced": plain_rows(moved),
        "sentence": both(lambda t: recurrence_sentence(t, **said)),
    })  # fmt: skip


def campaign_facts(database: Database, filters: Filters, scope: Scope) -> dict[str, object] | None:
    """``data_access.campaign_effect.campaign_effect`` of the last campaign, or None."""
    found = campaign_effect(database, filters, scope)
    return None if found is None else _plain_effect(found)


def _plain_effect(found: CampaignEffect) -> dict[str, object]:
    change = found.change
    return plain({
        "campaign": found.name, "id": found.id, "start": found.start, "end": found.end, "area_codes": list(found.area_codes),
        "before": found.before.events, "during": found.during.events, "after": None if found.after is None else found.after.events,
        "spans": {name: _span(span) for name in ("before", "during", "after") if (span := getattr(found, name)) is not None},
        "later": found.later, "control": found.control, "ratio": change.ratio, "low": change.low, "high": change.high, "p": change.p,
        "verdict": change.verdict, "sentence": both(found.sentence),
    })  # fmt: skip


def _span(span: Span) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "events": span.events, "control": span.control}
