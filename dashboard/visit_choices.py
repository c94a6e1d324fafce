"""What a record can be of where no target is named yet: the places of the day, and every smallest area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.marks import records
from dashboard.street_state import home, own_work
from dashboard.street_worklist import fact_words, state_words
from data_access.areas import areas, path_to
from data_access.worklist import worklist
from rules.visit_record import TARGET_KINDS
from rules.worklist_order import TITLES

if TYPE_CHECKING:
    from dashboard.question import Ask

MOST_PLACES = 12


def areas_to_choose(ask: Ask, area: str) -> list[dict[str, str]]:
    """The smallest areas that a record may name, in the area asked about, else the person's own (``home``), and the scope."""
    area = area or home(ask) or ""
    rows = areas(ask.database, ask.scope, ask.today)
    levels = [level for level in ("grid", "neighbourhood", "street") if (rows["level"] == level).any()]
    rows = rows[rows["level"] == levels[0]] if levels else rows.head(0)
    held = rows[["code", "street_code", "neighbourhood_code"]]
    if area and area != ask.scope.district:
        rows = rows[held.eq(area).any(axis=1)]
        held = held.loc[rows.index]
    if ask.scope.areas:
        rows = rows[held.isin(ask.scope.areas).any(axis=1)]
    return [{"code": row.code, "label": row.code if row.level == "grid" else row.name, "place": ask.name(row.street_code)}
            for row in rows.itertuples(index=False)]


def places_of_the_day(ask: Ask, area: str) -> list[dict[str, str]]:
    """The most urgent places of an area's worklist that a visit can be recorded of, at most ``MOST_PLACES``.

    Returns:
        target (``kind:id``), title, fact and when in the reader's language, and the tone of when; none without an area where the whole district is seen.
    """
    area = area or home(ask) or ""
    whole = not area or area == ask.scope.district
    if (ask.scope.is_whole_district and whole) or (not whole and not ask.look_up(path_to, area)):
        return []
    asked = own_work(ask if whole else ask.with_(area=area))
    found = asked.get(worklist, horizon_days=1)
    rows = records(found[found["target_kind"].isin(TARGET_KINDS)].head(MOST_PLACES))
    made = []
    for row in rows:
        when, tone = state_words(asked, row)
        made.append({"target": row["key"], "title": ask.t(TITLES.get(row["title"], TITLES["site"])), "fact": fact_words(asked, row), "when": when, "tone": tone})
    return made
