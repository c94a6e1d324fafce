"""Shows a number: with its unit, its base, the rows behind it and its definition card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.view_state import go

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

TONES = ("bad", "warn", "good", "never", "quiet")
SIZES = ("row", "stat", "big")


def number(
    ask: Ask,
    value: float | None,
    unit: str = "",
    *,
    rows: str | None = None,
    narrow: dict[str, object] | None = None,
    card: str | None = None,
    n: float | None = None,
    N: float | None = None,
    tone: str | None = None,
    size: str | None = None,
    prefix: str = "",
    changes: dict[str, object] | None = None,
) -> Component:
    """A number that opens what is behind it.

    Args:
        ask: the question, for its language.
        value: the value; missing shows "—". In 元 it is shown in 万元 from 10,000 on; in % it is a
            ratio 0..1.
        unit: Chinese unit as declared (户次, 件, 元, %), translated here.
        rows: name of the row set behind it (``data_access.rows.ROW_SETS``); None is not pressable.
        narrow: equalities that narrow the row set to this number.
        card: key of its definition card (``rules.indicators.INDICATORS``); default none.
        n, N: numerator and denominator, shown after it as ``n/N``.
        tone: ``bad``, ``warn``, ``good``, ``never`` or ``quiet``.
        size: ``row`` (in a table row), ``stat`` or ``big``; default is the text's own size.
        prefix: words before the number, e.g. 剩.
        changes: what else of the URL a press changes, where the rows are not of the filters set now.
    """
    shown, shown_unit = _shown(ask, value, unit)
    classes = " ".join(filter(None, ("number", f"is-{tone}" if tone else "", f"size-{size}" if size else "")))
    parts: list[Any] = [html.Span(shown, className="num")]
    if shown_unit:
        parts.append(html.Small(shown_unit, className="unit is-percent" if shown_unit == "%" else "unit"))
    if prefix:
        parts.insert(0, html.Small(prefix, className="unit before"))
    if n is not None or N is not None:
        parts.append(html.Small(base_text(ask, n, N), className="base num"))
    what: Component = html.Span(parts, className="number-value")
    if rows:
        what = html.Button(
            parts, type="button", className="number-value",
            title=ask.t("查看这个数字背后的记录"), **go(rows=rows, narrow=narrow or {}, card=None, **(changes or {})),
        )
    children = [what]
    if card:
        children.append(definition_button(ask, card))
    return html.Span(children, className=classes)


def ratio(
    ask: Ask,
    n: float | None,
    N: float | None,
    *,
    rows: str | None = None,
    narrow: dict[str, object] | None = None,
    card: str | None = None,
    tone: str | None = None,
    size: str | None = None,
    base: bool = True,
) -> Component:
    """A percentage with its numerator and denominator; "—" where the denominator is 0 or missing.

    Args:
        base: whether ``n/N`` is shown beside it; leave it out only where both stand next to it.
    """
    known = not number_text.is_missing(n) and not number_text.is_missing(N) and N
    return number(
        ask, n / N if known else None, "%", rows=rows, narrow=narrow, card=card, tone=tone, size=size,
        n=n if base else None, N=N if base else None,
    )


def definition_button(ask: Ask, card: str) -> Component:
    """The small ⓘ that opens a definition card."""
    return html.Button(
        icon("info"), type="button", className="number-card",
        **{"aria-label": ask.t("口径说明"), "title": ask.t("口径说明")}, **go(card=card, rows=None, narrow=None),
    )


def base_text(ask: Ask, n: float | None, N: float | None) -> str:
    """``1,040/1,310``."""
    return f"{number_text.count(n, ask.lang)}/{number_text.count(N, ask.lang)}"


def icon(name: str, label: str | None = None) -> Component:
    """An icon of the local sprite (assets/vendor/lucide-static); named only when it stands alone.

    Drawn as a mask so that it takes the colour of the text around it (page.css, ``.ic``).
    """
    known = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return html.I(className=f"ic ic-{name}", **known)


def swatch(kind: str) -> Component:
    """A small square in the colour of a class, e.g. ``cov-ok``; ``cov-never`` is hatched."""
    return html.I(className=f"swatch swatch-{kind}", **{"aria-hidden": "true"})


def _shown(ask: Ask, value: float | None, unit: str) -> tuple[str, str]:
    if unit in {"元", "万元"}:
        shown, shown_unit = number_text.money(value, ask.lang)
        return shown, ask.t(shown_unit)
    if unit == "%":
        shown = number_text.percent(value)
        return shown, "" if shown == number_text.NONE else "%"
    return number_text.count(value, ask.lang), ask.t(unit) if unit else ""
