"""The drawer that opens over the map: the rows behind a number and the definition of the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import pandas as pd
from dash import Dash, Input, Output, State, html

from dashboard import number_text, rows_export, states
from dashboard.definition_card import close_button, definition_card, scope_words
from dashboard.figures_view import icon
from dashboard.permission import closed, is_outside
from dashboard.rows_table import (
    MOST_ROWS_A_PAGE,
    Table,
    chosen,
    narrowed,
    records,
    row_set_of,
    table,
)
from data_access.audit import audit
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context
    from data_access.row_sets import RowColumn

GRID = "rows-grid"
FILTERS = {"text": "agTextColumnFilter", "number": "agNumberColumnFilter", "day": "agDateColumnFilter"}

THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--surface)', foregroundColor: 'var(--t1)', "
    "borderColor: 'var(--line)', accentColor: 'var(--accent)', headerBackgroundColor: 'var(--raised)', "
    "headerTextColor: 'var(--t2)', oddRowBackgroundColor: 'var(--surface)', menuBackgroundColor: 'var(--raised)', "
    "menuTextColor: 'var(--t1)', inputBackgroundColor: 'var(--bg)', inputTextColor: 'var(--t1)', "
    "rowHoverColor: 'var(--raised)', fontFamily: 'var(--font-ui)', browserColorScheme: 'inherit', "
    "fontSize: 'max(13px, 1.125rem)', headerFontSize: 'max(13px, 1.125rem)', wrapperBorder: false})"
)


def content(ask: Ask) -> Component | None:
    """The open drawer, or nothing while it is shut."""
    if ask.view.rows:
        try:
            return _rows(narrowed(ask), ask.view.rows)
        except UnreadableRequest as error:
            return _drawer(ask, ask.t("打不开这份清单"), [html.P(error.say(ask.t), className="hint")])
    if ask.view.card:
        return _drawer(ask, ask.t("口径说明"), [definition_card(ask, ask.view.card)], "is-card")
    return None


def register(app: Dash, context: Context) -> None:
    """The drawer's content, the grid's pages, the export."""
    app.server.register_blueprint(rows_export.blueprint(context))

    @app.callback(
        Output("drawer", "children"), Input("drawer-request", "data"), prevent_initial_call=True
    )
    def opened(search: str) -> Component | list[Component]:
        # Never None: Dash then keeps the place of what was removed, and an answer that comes late for it
        # (a page of rows, the drawer shut meanwhile) stops every later callback of the page.
        found = content(context.ask(search)) if search else None
        return [] if found is None else found

    @app.callback(
        Output(GRID, "getRowsResponse"),
        Input(GRID, "getRowsRequest"),
        State("drawer-request", "data"),
        prevent_initial_call=True,
    )
    def page(asked: dict[str, Any] | None, search: str | None) -> dict[str, Any]:
        return rows_page(context.ask(search), asked)


def rows_page(ask: Ask, asked: dict[str, Any] | None) -> dict[str, Any]:
    """One block of the grid: ``rowData`` and the ``rowCount`` of all that pass the filters.

    Raises:
        UnreadableRequest: the request is not of the grid's form.
    """
    if asked is None or not ask.view.rows:
        return {"rowData": [], "rowCount": 0}
    if not isinstance(asked, dict):
        raise UnreadableRequest("rows: expected an object")
    first, last = asked.get("startRow"), asked.get("endRow")
    sort, filters = ([] if asked.get("sortModel") is None else asked["sortModel"]), asked.get("filterModel")
    filters = {} if filters is None else filters
    numbers = isinstance(first, int) and isinstance(last, int) and 0 <= first < last <= first + MOST_ROWS_A_PAGE
    listed = isinstance(sort, list) and all(isinstance(order, dict) for order in sort)
    if not numbers or not listed or not isinstance(filters, dict):
        raise UnreadableRequest("rows: expected startRow, endRow, sortModel, filterModel")
    asking = narrowed(ask)
    found = table(asking, ask.view.rows, asking.view.narrow)
    frame = chosen(found, sort, filters)
    return {"rowData": records(frame.iloc[first:last]), "rowCount": len(frame)}


def _rows(ask: Ask, name: str) -> Component:
    row_set = row_set_of(name)
    if is_outside(ask):
        return _drawer(ask, ask.t(row_set.label), [closed(ask)])
    found = table(ask, name, ask.view.narrow)
    note_look(ask, found)
    count = len(found.frame)
    counted = _sum_line(ask, found)
    parts: list[Any] = [
        html.P([html.Span(scope_words(ask)), html.Span(" · "),
                html.Span(number_text.period_text(ask.filters.start, ask.filters.end, ask.lang), className="num")],
               className="drawer-where"),
        html.Div([html.Span(ask.t("共 {n} 行", n=f"{count:,}"), className="drawer-count"), *counted,
                  html.Span(_exports(ask, name), className="drawer-exports")], className="drawer-line"),
    ]
    if count:
        parts.append(rows_grid(ask, found))
    else:
        parts.append(states.empty(ask.t("这个数字背后没有记录"), ask.t("换一个时段或去掉筛选再看。")))
    parts.append(html.Details(
        [html.Summary([icon("info"), ask.t("口径说明")]), definition_card(ask, row_set.indicator, with_value=False)],
        className="drawer-card", open=count <= 12,
    ))
    return _drawer(ask, ask.t(row_set.label), parts)


def note_look(ask: Ask, found: Table) -> None:
    """Write down that somebody looked at rows with personal data unmasked."""
    if not ask.scope.personal or not len(found.frame):
        return
    with ask.database.write() as connection:
        audit(connection, ask.actor, "look", ask.now, subject_table=found.row_set.name,
              detail={"filters": ask.filters.to_json(), "narrow": dict(ask.view.narrow), "rows": len(found.frame)})


def _sum_line(ask: Ask, found: Table) -> list[Component]:
    """The sums that equal numbers, where the rows of a set count for more than one each."""
    row_set = found.row_set
    fields = (*([row_set.counts] if row_set.counts else []), *row_set.sums)
    headers = {column.field: column for column in row_set.columns}
    return [html.Span(_sum(ask, found, headers[field]), className="drawer-sum") for field in fields]


def _sum(ask: Ask, found: Table, column: RowColumn) -> str:
    total = float(pd.to_numeric(found.frame[column.field], errors="coerce").sum())
    shown, unit = number_text.money(total, ask.lang) if column.unit == "元" else (
        number_text.count(total, ask.lang), column.unit or "")
    return ask.t("{header}合计 {n} {unit}", header=ask.t(column.header), n=shown, unit=ask.t(unit) if unit else "")


def _exports(ask: Ask, name: str) -> list[Component]:
    return [
        html.Button([icon("download"), form], type="button", className="btn", title=ask.t("导出为 {form}", form=form),
                    **{"data-download": f"/export/{name}.{form}"})
        for form in ("xlsx", "csv")
    ]


def rows_grid(ask: Ask, found: Table, name: str = GRID) -> Component:
    """The rows as a grid of pages that sorts and filters; ``name`` is its id on the page."""
    columns = []
    for column in found.row_set.columns:
        kind = found.kinds[column.field]
        header = ask.t(column.header)
        if column.unit and column.unit != column.header:
            header = ask.t("{name}（{unit}）", name=header, unit=ask.t(column.unit))
        columns.append({
            "field": column.field, "headerName": header,
            "filter": FILTERS[kind], "type": "rightAligned" if kind == "number" else None,
            "minWidth": 90 if kind == "number" else 120,
            "width": _width(found, column.field, header),
            "cellClass": {"text": None, "number": ["num", "ag-right-aligned-cell"]}.get(kind, "num"),
        })
    tall = min(len(found.frame), 14)
    return dag.AgGrid(
        id=name,
        rowModelType="infinite",
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True,
                       "filterParams": {"maxNumConditions": 2, "buttons": ["reset"]}},
        dashGridOptions={
            "theme": {"function": THEME}, "cacheBlockSize": 100, "maxBlocksInCache": 20, "rowHeight": 34, "headerHeight": 38,
            "pagination": len(found.frame) > 100, "paginationPageSize": 100, "paginationPageSizeSelector": False,
            "enableCellTextSelection": True, "ensureDomOrder": True, "suppressCellFocus": False,
            "localeText": _grid_words(ask), "rowBuffer": 10, "infiniteInitialRowCount": len(found.frame),
        },
        className="rows-grid",
        style={"height": f"{92 + 34 * max(tall, 4)}px"},
    )


def _width(found: Table, field: str, header: str) -> int:
    longest = max([_breadth(str(v)) for v in found.frame[field].head(100)] + [_breadth(header) + 3])
    return int(min(360, max(96, 40 + 9.4 * longest)))


def _breadth(text: str) -> float:
    return sum(1.9 if ord(letter) > 0x2E80 else 1 for letter in text)


def _grid_words(ask: Ask) -> dict[str, str]:
    t = ask.t
    return {
        "contains": t("包含"), "notContains": t("不包含"), "equals": t("等于"), "notEqual": t("不等于"),
        "startsWith": t("开头是"), "endsWith": t("结尾是"), "blank": t("空"), "notBlank": t("非空"),
        "greaterThan": t("大于"), "greaterThanOrEqual": t("大于等于"), "lessThan": t("小于"),
        "lessThanOrEqual": t("小于等于"), "inRange": t("介于"), "inRangeStart": t("从"), "inRangeEnd": t("到"),
        "before": t("早于"), "after": t("晚于"), "filterOoo": t("筛选"), "resetFilter": t("清除筛选"),
        "andCondition": t("并且"), "orCondition": t("或者"), "loadingOoo": t("正在读取"), "noRowsToShow": t("没有记录"),
        "page": t("第"), "of": "/", "to": "–", "dateFormatOoo": "yyyy-mm-dd", "ariaFilterMenuOpen": t("打开筛选"),
        "firstPage": t("首页"), "previousPage": t("上一页"), "nextPage": t("下一页"), "lastPage": t("末页"),
    }


def _drawer(ask: Ask, title: str, parts: list[Any], kind: str = "") -> Component:
    return html.Section(
        [html.Header([html.H2(title), close_button(ask)], className="drawer-head"), html.Div(parts, className="drawer-body")],
        className=f"drawer {kind}".strip(), role="dialog", tabIndex=-1, **{"aria-label": title},
    )
