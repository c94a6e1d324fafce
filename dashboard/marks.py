"""The small drawings that panels share, in plain HTML: rows, bars, stacks, stages, facts, empty states.

Every text that comes in is already in the reader's language; React escapes it.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.view_state import go
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

GRID_STATES = {"ok": N_("按期"), "due": N_("临期"), "over": N_("逾期"), "never": N_("未巡")}
"""Grid states from best to worst, with the short name that stands in a key."""

URGENT_DAYS = 7
SOON_DAYS = 15
"""Days left at which a case turns red and yellow (design specification 3, case row)."""


def body(*children: Any, kind: str = "") -> Component:
    """A panel's body, its parts from the top."""
    return html.Div([child for child in children if child is not None], className=f"panel-body {kind}".strip())


def nothing(why: str, next_step: str = "", **changes: object) -> Component:
    """An empty state: why there is nothing, and the next thing to do.

    Args:
        why: one sentence.
        next_step: what to do about it; pressable when ``changes`` says what it changes in the URL.
    """
    parts: list[Any] = [icon("inbox"), html.P(why, className="nothing-why")]
    if next_step and changes:
        parts.append(html.Button(next_step, type="button", className="nothing-next", **go(**changes)))
    elif next_step:
        parts.append(html.P(next_step, className="nothing-step"))
    return html.Div(parts, className="nothing")


def nothing_found(ask: Ask, what: str) -> Component:
    """The empty state of a list of the period: filtered out is said differently from not there."""
    filters = ask.filters
    set_now = [name for name in ("category", "premises", "system", "agency") if getattr(filters, name)]
    if set_now:
        return nothing(
            ask.t("当前筛选下没有{what}", what=what), ask.t("清除筛选"), **dict.fromkeys(set_now)
        )
    period = number_text.period_text(filters.start, filters.end, ask.lang)
    return nothing(ask.t("{period} 没有{what}", period=period, what=what), ask.t("可换一个时段或上一级区域"))


def stack(parts: Sequence[tuple[str, float, str]]) -> Component:
    """One bar in parts.

    Args:
        parts: (class of the swatch such as ``cov-ok``, size, what it is in words); empty parts are
            left out.
    """
    said = listed(words for _, _, words in parts)
    return html.Div(
        [
            html.I(className=f"stack-part swatch-{kind}", style={"flexGrow": float(size)}, title=words)
            for kind, size, words in parts
            if size
        ],
        className="stack",
        role="img",
        **{"aria-label": said},
    )


def meter(share: float | None, *, tone: str = "", mark: float | None = None) -> Component:
    """A thin bar filled to ``share`` (0..1); ``mark`` draws a tick there. Missing is an empty track."""
    style = {"--share": f"{_percent(share)}%"}
    if mark is not None:
        style["--mark"] = f"{_percent(mark)}%"
    classes = ["meter", f"is-{tone}" if tone else "", "has-mark" if mark is not None else ""]
    return html.Span(className=" ".join(filter(None, classes)), style=style, **{"aria-hidden": "true"})


def dot_track(share: float | None, target: float, low: float) -> Component:
    """A dot on a line from ``low`` to 1 with the target's tick (design specification 3, street ranking)."""
    if number_text.is_missing(share):
        return html.Span(className="dot-track is-missing", style={"--target": f"{_place(target, low)}%"})
    at, goal = _place(share, low), _place(target, low)
    style = {"--at": f"{at}%", "--target": f"{goal}%", "--from": f"{min(at, goal)}%", "--long": f"{abs(at - goal):.2f}%"}
    return html.Span(className="dot-track", style=style, **{"aria-hidden": "true"})


def fact(label: str, value: Component | str, note: str | Component = "", tone: str = "") -> Component:
    """A named number with one line below it."""
    note_class = "fact-note" + (f" tone-{tone}" if tone else "")
    parts = [html.Span(label, className="fact-label"), value]
    if note:
        parts.append(html.Span(note, className=note_class))
    return html.Div(parts, className="fact")


def facts(*children: Component, columns: int = 3) -> Component:
    """Facts side by side."""
    return html.Div(list(children), className="facts", style={"--columns": columns})


def bar_row(
    label: Component | Sequence[Component | str] | str,
    share: float | None,
    value: Component,
    *,
    colour: str = "neutral-bar",
    pressed: bool | None = None,
    extra: Component | None = None,
    **changes: object,
) -> Component:
    """A name, a bar from zero and a number; pressing the name changes the URL by ``changes``.

    Args:
        share: length of the bar, 0..1 of the longest.
        colour: token of the bar.
        pressed: for a filter, whether it is set now.
        extra: a further cell between bar and number.
    """
    bar = html.Span(className="bar", style={"--share": f"{_percent(share)}%", "--colour": f"var(--{colour})"})
    content = [html.Span(label, className="bar-name"), bar]
    if changes:
        state = {} if pressed is None else {"aria-pressed": "true" if pressed else "false"}
        head: Component = html.Button(content, type="button", className="bar-head", **state, **go(**changes))
    else:
        head = html.Span(content, className="bar-head")
    cells = [head, extra, value] if extra is not None else [head, value]
    return html.Div(cells, className="bar-row" + (" is-set" if pressed else ""))


def list_row(
    what: Any, detail: Any = "", right: Any = "", *, tone: str = "", changes: dict[str, object] | None = None
) -> Component:
    """A line of a list: what, a detail, something at the right; pressable when ``changes`` is given."""
    cells = [
        html.Span(what, className="line-what"),
        html.Span(detail, className="line-detail"),
        html.Span(right, className=f"line-right tone-{tone}" if tone else "line-right"),
    ]
    if changes:
        return html.Button(cells, type="button", className="line", **go(**changes))
    return html.Div(cells, className="line")


def stages(names: Sequence[str], reached: int) -> Component:
    """The steps of a case: those before ``reached`` are done, that one is current."""
    marks = []
    for place, name in enumerate(names):
        state = "done" if place < reached else "now" if place == reached else "ahead"
        current = {"aria-current": "step"} if state == "now" else {}
        marks.append(html.Span(name, className=f"stage is-{state}", **current))
    return html.Div(marks, className="stages")


def more(ask: Ask, shown: int, total: int, rows: str, narrow: dict[str, object] | None = None) -> Component | None:
    """The line under a cut list that opens all of it; None when nothing is cut."""
    if total <= shown:
        return None
    text = ask.t("全部 {n} 条", n=number_text.count(total, ask.lang))
    return html.Button(
        [text, icon("chevron-right")], type="button", className="more", **go(rows=rows, narrow=narrow or {}, card=None)
    )


def cell(
    ask: Ask, value: float | None, rows: str = "", narrow: dict[str, object] | None = None, tone: str = ""
) -> Component:
    """A number in a table's cell, lighter than ``number``: its unit stands in the heading.

    Args:
        rows: the row set behind it; without one, or where the value is missing, it is not pressable.
        narrow: what narrows the row set to this number; system, agency and area count as filters.
        tone: ``bad`` or ``quiet``; a zero is always quiet.
    """
    text = number_text.count(value, ask.lang)
    kind = "num" + (f" is-{tone}" if tone and value else "" if value else " is-quiet")
    if not rows or number_text.is_missing(value):
        return html.Td(text, className=kind)
    return html.Td(html.Button(text, type="button", className="number-value", **_opens(rows, narrow)), className=kind)


def rate_cell(n: float, base: float, rows: str, narrow: dict[str, object] | None = None) -> Component:
    """Whole percent above n/N in a table's cell, which opens the N rows; "—" where the base is 0."""
    if not base:
        return html.Td(number_text.NONE, className="num is-quiet")
    shown = [f"{n / base:.0%}", html.Small(f"{int(n)}/{int(base)}", className="base")]
    return html.Td(html.Button(shown, type="button", className="number-value", **_opens(rows, narrow)), className="num")


def words_that_open(words: str, rows: str, narrow: dict[str, object] | None = None) -> Component:
    """A number inside a sentence, e.g. 历年 40 件; a press opens its rows."""
    return html.Button(words, type="button", className="number-value num", **_opens(rows, narrow))


def opening(rows: str, narrow: dict[str, object]) -> dict[str, object]:
    """What a press changes in the address to open rows, for a line of a list or a bar of a chart."""
    return {"rows": rows, "narrow": narrow, "card": None}


def month_span(first: dt.date) -> str:
    """The month of a first day as a range to narrow by: ``2023-07-01..2023-07-31``."""
    return f"{first}..{month_end(first)}"


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _opens(rows: str, narrow: dict[str, object] | None) -> dict[str, str]:
    return go(**opening(rows, narrow or {}))


def columns_head(*names: str, kind: str = "") -> Component:
    """Small headings above the columns of rows."""
    return html.Div([html.Span(name) for name in names], className=f"columns-head {kind}".strip())


def coverage_tone(ask: Ask, share: float | None) -> str | None:
    """``bad`` below 85 %, ``warn`` below 90 %, otherwise none (DESIGN 12; both are settings)."""
    if number_text.is_missing(share):
        return None
    context = ask.context
    return "bad" if share < context.target_low else "warn" if share < context.target else None


def left_tone(days: float | None) -> str:
    """``bad`` at 7 days left or fewer, ``warn`` at 15 or fewer, otherwise nothing."""
    if number_text.is_missing(days):
        return ""
    return "bad" if days <= URGENT_DAYS else "warn" if days <= SOON_DAYS else ""


def days_left(ask: Ask, days: float | None) -> Component:
    """剩 3 天 with the number set large; 逾期 25 天 and 今天到期 in red."""
    tone = left_tone(days)
    classes = f"days-left tone-{tone}" if tone else "days-left"
    if number_text.is_missing(days) or days <= 0:
        return html.Span(number_text.days_left(None if number_text.is_missing(days) else int(days), ask.t), className=classes)
    before, after = ask.t("剩|天").split("|")
    return html.Span([before, html.B(str(int(days)), className="num"), after], className=classes)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts in which whatever is missing is None, whatever its type."""
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [
        {name: None if number_text.is_missing(value) else value for name, value in zip(names, row, strict=True)}
        for row in zip(*columns, strict=True)
    ]


def codes(column: pd.Series) -> list[str]:
    """The codes of a column, ``""`` where one is missing; plain values, for counting quickly."""
    return column.fillna("").tolist()


def as_day(value: object) -> dt.date | None:
    """A frame's cell as a day; None when missing."""
    if number_text.is_missing(value):
        return None
    return value.date() if isinstance(value, (pd.Timestamp, dt.datetime)) else value


def day(ask: Ask, value: object) -> str:
    """A frame's cell as 7月31日; "—" when missing."""
    return number_text.day_text(as_day(value), ask.lang)


def listed(texts: Iterable[str]) -> str:
    """The texts that are there, joined by a dot."""
    return " · ".join(text for text in texts if text)


def _percent(share: float | None) -> str:
    known = 0.0 if number_text.is_missing(share) else min(max(float(share), 0.0), 1.0)
    return f"{known * 100:.2f}"


def _place(share: float, low: float) -> float:
    return round(min(max((float(share) - low) / (1 - low), 0.0), 1.0) * 100, 2)
