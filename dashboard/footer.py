"""The line below everything: what needs somebody today, and how fresh each source is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.view_state import go
from data_access.cases import open_cases
from data_access.coverage import grid_states
from data_access.importing.kinds import kinds
from data_access.leads import leads
from data_access.sources import sources

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

URGENT_DAYS = 7
SHOWN = 3


def footer(ask: Ask) -> Component:
    """Alerts at the left, freshness at the right; true rows only."""
    return html.Footer(
        [html.Div(alerts(ask), className="alerts", role="status"), html.Div(freshness(ask), className="fresh")],
        className="foot",
    )


def alerts(ask: Ask) -> list[Component]:
    """The nearest case deadline, the new hotline complaints of the day, the street with most overdue grids.

    Nothing to say is said: 没有需要马上处理的事项.
    """
    found = [alert for alert in (_case(ask), _complaints(ask), _grids(ask)) if alert is not None]
    if not found:
        found = [html.Span([icon("circle-check"), ask.t("没有需要马上处理的事项")], className="alert is-quiet")]
    return found[:SHOWN]


def freshness(ask: Ask) -> list[Component]:
    """Each source with the time it last came; a late one yellow and hollow."""
    frame = sources(ask.database, ask.scope, ask.now)
    return [_source(ask, row) for row in frame.sort_values("late").itertuples()]


def _case(ask: Ask) -> Component | None:
    frame = ask.get(open_cases)
    frame = frame[frame["state"] == "open"].dropna(subset=["days_left"]).sort_values("days_left")
    if not len(frame) or frame.iloc[0]["days_left"] > URGENT_DAYS:
        return None
    row = frame.iloc[0]
    words = ask.t(
        "{street}{category}案距办案期限{days}", street=ask.name(row["street_code"]),
        category=ask.words("category", row["category"]), days=number_text.days_left(int(row["days_left"]), ask.t),
    )
    return _alert("scale", words, "is-bad", select=f"case:{row['id']}")


def _complaints(ask: Ask) -> Component | None:
    day = ask.filters.as_of
    counted = ask.with_(start=day, end=day).get(leads)["street_code"].value_counts()
    if not len(counted):
        return None
    street, number = counted.index[0], int(counted.iloc[0])
    words = ask.t("{street}新增线索 {n} 条", street=ask.name(street), n=number)
    return _alert("phone-call", words, "", rows="leads", narrow={"street_code": street, "day": day.isoformat()})


def _grids(ask: Ask) -> Component | None:
    frame = ask.get(grid_states)
    counted = frame.loc[frame["state"] == "over", "street_code"].value_counts()
    if not len(counted):
        return None
    street, number = counted.index[0], int(counted.iloc[0])
    words = ask.t("{street} {n} 个网格逾期", street=ask.name(street), n=number)
    return _alert("footprints", words, "", area=street, select=None)


def _alert(icon_name: str, words: str, tone: str, **changes: Any) -> Component:
    return html.Button(
        [icon(icon_name), html.Span(words)], type="button", className=f"alert {tone}".strip(), title=words, **go(**changes)
    )


def _source(ask: Ask, row: Any) -> Component:
    late = bool(row.late) if not number_text.is_missing(row.late) else False
    return html.Span(
        [html.I(className="dot", **{"aria-hidden": "true"}), f"{_called(ask, row)} ", html.Span(_age(ask, row.last_taken_at), className="num")],
        className="source is-late" if late else "source",
        title=ask.t("已迟到：应每 {n} 小时更新", n=_hours(row.expected_every_hours)) if late else None,
    )


def _called(ask: Ask, row: Any) -> str:
    """The district's own name of the source; for an English reader, where it has no English, the register's."""
    said = ask.t(row.name)
    if ask.lang == "en" and said == row.name and not said.isascii() and row.kind in kinds():
        return ask.t(kinds()[row.kind].label)
    return said


def _hours(value: object) -> str:
    return number_text.NONE if number_text.is_missing(value) else f"{float(value):g}"


def _age(ask: Ask, taken_at: object) -> str:
    """The time of today, or 昨天, or how many days ago; "—" when it never came."""
    if number_text.is_missing(taken_at):
        return number_text.NONE
    at = pd.Timestamp(taken_at).tz_convert(ask.now.tzinfo)
    days = (ask.today - at.date()).days
    if days <= 0:
        return f"{at:%H:%M}"
    return ask.t("昨天") if days == 1 else ask.t("{n} 天前", n=days)
