"""部门履职: what each system of agencies did, and whether it answered in time; a press filters the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.marks import body, cell, nothing, rate_cell, records
from dashboard.panels import Panel
from dashboard.view_state import go
from data_access.agencies import agency_work
from rules.language import N_
from rules.vocabulary import AGENCY_SYSTEM

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

COLUMNS = (
    ("visits", N_("巡查"), N_("户次"), "K1", "K1"),
    ("people", N_("出动"), N_("人次"), "K6", "K6"),
    ("joint_actions", N_("联合"), N_("次"), "K8", "joint_parts"),
    ("cases_handled", N_("办案"), N_("件"), "cases_on_hand", "cases_on_hand"),
    ("transfers_in", N_("移入"), N_("件"), "transfers", "transfers"),
    ("transfers_out", N_("移出"), N_("件"), "transfers", "transfers"),
)
"""Column, heading, unit, and the row sets behind it: of a system, of one agency."""

RATES = (("feedback", N_("反馈"), "transfers"), ("on_time", N_("按时"), "matters_due"))
SIDES = {"transfers_in": "to", "transfers_out": "from", "feedback": "to"}
"""Columns that count transfers, and whose they are."""
LATE = {"days_left": "..-1"}
MOST_AGENCIES = 8
ADDING_UP = ("visits", "people", "cases_handled")
"""Columns whose agencies add up; who took part in a joint action is counted at each (DESIGN 12)."""


def content(ask: Ask) -> tuple[Component, object]:
    t, filters = ask.t, ask.filters
    systems = _worked(ask.with_(system=None, agency=None).get(agency_work, by="system"))
    if systems.empty:
        return nothing(t("这个时段没有部门工作记录"), t("可换一个时段")), ""
    order = {word.code: place for place, word in enumerate(AGENCY_SYSTEM)}
    systems = systems.sort_values("code", key=lambda codes: codes.map(order))
    opened = filters.system or _system_of(ask, filters.agency)
    rows: list[Component] = []
    for row in records(systems):
        rows.append(_row(ask, row, "system", opened == row["code"] and not filters.agency, opened == row["code"]))
        if row["code"] == opened:
            own = _worked(ask.with_(system=opened, agency=None).get(agency_work, by="agency"))
            own = own.sort_values(["overdue", "cases_handled", "visits"], ascending=False)
            shown = own if filters.agency is None else own[own["code"] == filters.agency]
            rows += [_row(ask, agency, "agency", filters.agency == agency["code"], None) for agency in records(shown.head(MOST_AGENCIES))]
    heads = [html.Th(t("部门"), scope="col"), *(html.Th([t(name), html.Small(t(unit))], scope="col") for _, name, unit, *_ in COLUMNS)]
    heads += [*(html.Th([t(name), html.Small("n/N")], scope="col") for _, name, _ in RATES), html.Th([t("逾期"), html.Small(t("件"))], scope="col")]
    table = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody(rows), html.Tfoot(_total(ask, systems))], className="table is-agencies"
    )
    period = number_text.period_text(filters.start, filters.end, ask.lang)
    return body(table), period


def _worked(frame: pd.DataFrame) -> pd.DataFrame:
    counted = [*(column for column, *_ in COLUMNS), "feedback_N", "on_time_N", "overdue", "tasks"]
    return frame[frame[counted].fillna(0).sum(axis=1) > 0]


def _system_of(ask: Ask, agency: str | None) -> str | None:
    if agency is None:
        return None
    frame = ask.with_(system=None, agency=None).get(agency_work, by="agency")
    found = frame.loc[frame["code"] == agency, "system"]
    return found.iloc[0] if len(found) else None


def _row(ask: Ask, row: dict[str, object], field: str, pressed: bool, opened: bool | None) -> Component:
    code = row["code"]
    name = ask.words("agency_system", code) if field == "system" else ask.short_name(code)
    marks = [html.I(className=f"agency-mark is-{code}", **{"aria-hidden": "true"})] if field == "system" else []
    changes = {"agency": None, "system": None if pressed else code} if field == "system" else {"agency": None if pressed else code}
    state: dict[str, object] = {"aria-pressed": "true" if pressed else "false"}
    if opened is not None:
        state["aria-expanded"] = "true" if opened else "false"
    close = [icon("x", ask.t("取消筛选"))] if pressed else []
    head = html.Button([*marks, html.Span(name), *close], type="button", className="row-name", title=name, **state, **go(**changes))
    own = field == "agency"
    cells = [
        cell(ask, row[column], sets[own], _narrow(column, field, code)) for column, _, _, *sets in COLUMNS
    ]
    cells += [rate_cell(row[f"{key}_n"], row[f"{key}_N"], rows, _narrow(key, field, code)) for key, _, rows in RATES]
    cells.append(cell(ask, row["overdue"], "matters_on_hand", _narrow("overdue", field, code) | LATE, "bad"))
    return html.Tr([html.Th(head, scope="row"), *cells], className=f"is-{field}" + (" is-set" if pressed else ""))


def _narrow(column: str, field: str, code: str) -> dict[str, object]:
    """What narrows the rows of a column to those of a system, of an agency or (``*``) of all of them.

    The screen's own filters by agency are lifted: the table shows every system whatever is filtered.
    An agency is meant alone, without those under it.
    """
    if column in SIDES:
        return {"system": "", f"{SIDES[column]}_{field}": code}
    if field == "system":
        return {"system": code}
    return {"system": "", "agency_code": code}


def _total(ask: Ask, systems: pd.DataFrame) -> Component:
    """Sums where they mean something; "—" where several agencies count the same thing."""
    cells = [
        cell(ask, systems[column].sum() if column in ADDING_UP else None, rows, _narrow(column, "agency", "*"))
        for column, _, _, rows, _ in COLUMNS
    ]
    cells += [
        rate_cell(systems[f"{key}_n"].sum(), systems[f"{key}_N"].sum(), rows, _narrow(key, "agency", "*")) for key, _, rows in RATES
    ]
    cells.append(cell(ask, systems["overdue"].sum(), "matters_on_hand", _narrow("overdue", "agency", "*") | LATE))
    return html.Tr([html.Th(ask.t("合计"), scope="row"), *cells])


PANEL = Panel(
    name="agency_work",
    title=N_("部门履职"),
    side="agency",
    tab="agencies",
    order=10,
    content=content,
    questions=("agency_work",),
)
