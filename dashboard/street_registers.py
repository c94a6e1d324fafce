"""What opens over a street's map: a tab's register, its figures, the rows behind a number, a definition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html

from briefing.worklist_xlsx import effort_said
from dashboard import number_text, states
from dashboard.definition_card import definition_card
from dashboard.figures_view import icon, number, ratio
from dashboard.marks import day, records
from dashboard.period_picker import period_picker
from dashboard.permission import closed, is_outside
from dashboard.rows_drawer import note_look, rows_grid
from dashboard.rows_table import Table, narrowed, row_set_of, table
from dashboard.street_division import division
from dashboard.street_header import TONES
from dashboard.street_list_check import list_check
from dashboard.street_state import TABS, at_home, read_street
from dashboard.view_state import go
from data_access.coverage import coverage
from data_access.figures import figures
from data_access.leads import leads_by
from data_access.quarter_task import catch_up
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

GRID = "street-grid"
MOST_LEFT = 60
ROW_SET = {name: rows for name, _, rows in TABS}


def over(ask: Ask) -> Component | None:
    """What covers the map; None where the map itself is shown."""
    state = read_street(ask.search)
    if ask.view.card:
        return _sheet(ask, ask.t("口径说明"), [definition_card(at_home(ask), ask.view.card)], closes=True, kind="is-card")
    try:
        opened = opened_rows(ask)
    except UnreadableRequest as error:
        return _sheet(ask, ask.t("打不开这份清单"), [html.P(error.say(ask.t), className="hint")], closes=True)
    if opened is not None:
        return _rows(*opened, closes=bool(ask.view.rows))
    return _figures(ask) if state.tab == "figures" else None


def opened_rows(ask: Ask) -> tuple[Ask, str] | None:
    """The question and the row set that stand in the grid: those behind a number, else the tab's; None without.

    Raises:
        UnreadableRequest: the rows or their narrowing cannot be read.
    """
    if ask.view.rows:
        row_set_of(ask.view.rows)
        return narrowed(at_home(ask)), ask.view.rows
    name = ROW_SET[read_street(ask.search).tab]
    return (replace(at_home(ask), view=ask.view.with_(narrow=(), rows=name)), name) if name else None


def _rows(ask: Ask, name: str, *, closes: bool) -> Component:
    row_set = row_set_of(name)
    title = ask.t(row_set.label)
    if is_outside(ask):
        return _sheet(ask, title, [closed(ask)], closes=closes)
    found = table(ask, name, ask.view.narrow)
    note_look(ask, found)
    head = html.Div([
        html.Span(ask.t("共 {n} 行", n=f"{len(found.frame):,}"), className="sheet-count"),
        html.Span(_when(ask, closes), className="num quiet"),
        html.Span([_download(ask, name, form) for form in ("xlsx", "csv")], className="sheet-tools"),
    ], className="sheet-line")
    return _sheet(ask, title, [head, _grid_or_nothing(ask, found)], closes=closes)


def _when(ask: Ask, behind_a_number: bool) -> str:
    """The period of the rows behind a number; the day of a register's states."""
    if behind_a_number:
        return number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)
    return ask.t("状态截至 {day}", day=number_text.long_day_text(ask.filters.as_of, ask.lang))


def _grid_or_nothing(ask: Ask, found: Table) -> Component:
    if not len(found.frame):
        return states.empty(ask.t("没有记录"), ask.t("换一个时段或去掉筛选再看。"))
    grid = rows_grid(ask, found, GRID)
    grid.style = {"height": "100%"}
    return html.Div(grid, className="sheet-grid")


def _download(ask: Ask, name: str, form: str) -> Component:
    return html.Button([icon("download"), form], type="button", className="btn", title=ask.t("导出为 {form}", form=form),
                       **{"data-download": f"/export/{name}.{form}"})


def _figures(ask: Ask) -> Component:
    """统计: every figure of the street with n/N, its list, who owns its grids, its neighbourhoods, the rates of its leads."""
    t, asked = ask.t, at_home(ask)
    if is_outside(asked):
        return _sheet(ask, t("统计"), [closed(asked)])
    found = asked.get(figures)
    cells = [
        html.Tr([html.Th(t(figure.name), scope="row"),
                 html.Td(number(asked, figure.value, figure.unit, n=figure.n, N=figure.N, rows=key, card=key))])
        for key, figure in found.items()
    ]
    half = -(-len(cells) // 2)
    period = html.Div([html.H2(t("统计")), period_picker(asked)], className="sheet-line")
    parts: list[Any] = [period, html.Div([_catch_up(asked), html.Div([list_check(asked), division(asked)], className="sheet-stack")], className="sheet-pair")]
    tables = [html.Table(html.Tbody(part), className="figure-table") for part in (cells[:half], cells[half:])]
    parts.append(html.Section([html.H3(t("指标")), html.Div(tables, className="figure-tables")], className="sheet-part"))
    parts += [_neighbourhoods(asked), _lead_rates(asked)]
    return _sheet(ask, "", parts)


def _catch_up(ask: Ask) -> Component:
    """补巡清单: what the rest of the quarter's list takes, and which targets they are."""
    t, left = ask.t, ask.get(catch_up)
    heads = (t("对象"), t("网格"), t("期限"))
    rows = [
        html.Tr([
            html.Th(html.Button(row["label"] or row["target_id"], type="button", className="link",
                                **go(select=f"{row['target_kind']}:{row['target_id']}", tab=None)), scope="row"),
            html.Td(ask.name(row["grid_code"]) or number_text.NONE),
            html.Td(day(ask, row["due_on"]), className="num tone-bad" if row["overdue"] else "num"),
        ])
        for row in records(left.rows.head(MOST_LEFT))
    ]
    said = [html.P(effort_said(left, t))] if left.remaining or len(left.rows) else [html.P(t("本季度名单已全部巡到，或没有下发名单。"))]
    if left.remaining > MOST_LEFT:
        said.append(html.P(t("先列 {n} 个，其余见导出的今日清单。", n=MOST_LEFT), className="quiet"))
    table = [_table("", heads, rows)] if rows else []
    return html.Section([html.H3(t("补巡清单")), *said, *table], className="sheet-part")


def _neighbourhoods(ask: Ask) -> Component:
    t, frame = ask.t, ask.get(coverage, by="neighbourhood")
    heads = (t("村居"), t("网格"), t("按期"), t("临期"), t("逾期"), t("未巡"), t("网格按期巡查率"), t("期内巡查率"), t("户次"))
    rows = [
        html.Tr([
            html.Th(html.Button(ask.name(row["code"]), type="button", className="link", **go(area=row["code"], tab=None)), scope="row"),
            html.Td(number(ask, row["grids"], rows="grids", narrow={"area": row["code"]})),
            *(html.Td(number(ask, row[state], rows="grids", narrow={"area": row["code"], "state": state}, tone=TONES[state] if row[state] else None)) for state in TONES),
            html.Td(ratio(ask, row["n"], row["grids"], rows="grids", narrow={"area": row["code"]})),
            html.Td(ratio(ask, row["visited_in_period"], row["grids"], rows="grids", narrow={"area": row["code"]})),
            html.Td(number(ask, row["visits"], rows="K1", narrow={"area": row["code"]})),
        ])
        for row in records(frame)
    ]
    return _table(t("按村居"), heads, rows)


def _lead_rates(ask: Ask) -> Component:
    t, frame = ask.t, ask.get(leads_by)
    heads = (t("线索来源"), t("线索"), t("通报街镇率"), t("查实率"), t("反馈率"))
    rows = [
        html.Tr([
            html.Th(ask.words("lead_source", row["code"]) or t("未注明"), scope="row"),
            html.Td(number(ask, row["leads"], "件", rows="leads", narrow={"source": row["code"]})),
            *(html.Td(ratio(ask, row[f"{name}_n"], row[f"{name}_N"])) for name in ("notified", "confirmed", "feedback")),
        ])
        for row in records(frame)
    ]
    return _table(t("线索来源与三率"), heads, rows)


def _table(title: str, heads: tuple[str, ...], rows: list[Component]) -> Component:
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in heads]))
    return html.Section([html.H3(title) if title else None, html.Div(html.Table([head, html.Tbody(rows)], className="street-table"), className="table-scroll",
                                                  tabIndex=0, role="region", **{"aria-label": title or heads[0]})], className="sheet-part")


def _sheet(ask: Ask, title: str, parts: list[Any], *, closes: bool = False, kind: str = "") -> Component:
    head = html.Header([
        html.H2(title),
        html.Button(icon("x"), type="button", className="detail-close", **{"aria-label": ask.t("关闭")}, **go(rows=None, narrow=None, card=None)) if closes else None,
    ], className="sheet-head") if title else None
    return html.Section([head, html.Div(parts, className="sheet-body")], className=f"sheet {kind}".strip(), tabIndex=-1,
                        **{"aria-label": title or ask.t("统计")})
