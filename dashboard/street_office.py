"""What a person of an agency has on hand besides places to go: cases and transfers, by their days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import icon
from dashboard.marks import day, days_left, left_tone, listed, records
from dashboard.street_state import office, own_work
from dashboard.view_state import go
from data_access.agencies import deadlines

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

KINDS = {"case": "scale", "transfer": "send"}
"""Kinds of matter that no worklist holds, with their icons; leads and decisions stand in the list itself."""
MOST = 60


def matters(ask: Ask) -> Component | None:
    """Cases and transfers that the agency has to finish or answer, most urgent first; None where nobody's office is asked."""
    if office(ask) is None:
        return None
    found = own_work(ask).get(deadlines)
    found = found[found["kind"].isin(list(KINDS))].sort_values(["days_left", "due_on", "number"], kind="stable")
    if not len(found):
        return None
    title = ask.t("在办案件和移送 {n} 件", n=len(found))
    return html.Section([html.H3(title), html.Ol([_matter(ask, row) for row in records(found.head(MOST))], className="items")], className="matters", **{"aria-label": title})


def _matter(ask: Ask, row: dict[str, Any]) -> Component:
    tone = left_tone(row["days_left"])
    opens: dict[str, Any] = go(rows="deadlines", narrow={"id": row["id"]}, card=None)
    if row["kind"] == "case":
        opens = {"data-key": f"case:{row['id']}", **go(select=f"case:{row['id']}")}
    cells = [
        html.Span(icon(KINDS[row["kind"]]), className=f"item-mark tone-{tone}"),
        html.Span([html.B(ask.words("deadline_kind", row["kind"])), html.Small(listed((row["number"] or "", ask.short_name(row["street_code"]))))], className="item-what"),
        html.Span([html.B(days_left(ask, row["days_left"]), className=f"tone-{tone}"), html.Small(day(ask, row["due_on"]), className="num")], className="item-when"),
    ]
    return html.Li(html.Button(cells, type="button", className="item", **opens))
