"""The worklist to take along: Excel to print and fill in, one HTML file for the phone; scoped and audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from briefing.worklist_map import document
from briefing.worklist_xlsx import Wanted, workbook
from dashboard.attachment import attach
from dashboard.street_state import own_work, read_street
from data_access.audit import audit

if TYPE_CHECKING:
    from dashboard.question import Ask, Context

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def blueprint(context: Context) -> Blueprint:
    """``/worklist/list.xlsx`` and ``/worklist/map.html`` with the street screen's own query, and ``owner``."""
    routes = Blueprint("worklist", __name__, url_prefix="/worklist")

    @routes.get("/list.xlsx")
    def excel() -> Response:
        ask, wanted = _asked(context)
        return _handed_out(ask, wanted, "xlsx", workbook(ask.database, ask.filters, ask.scope, wanted, ask.lang, now=ask.now), EXCEL)

    @routes.get("/map.html")
    def phone() -> Response:
        ask, wanted = _asked(context)
        page = document(ask.database, ask.filters, ask.scope, wanted, ask.lang, now=ask.now)
        return _handed_out(ask, wanted, "html", page.encode(), "text/html; charset=utf-8")

    return routes


def _asked(context: Context) -> tuple[Ask, Wanted]:
    query = request.query_string.decode("utf-8", "replace")
    state = read_street(query)
    owner = request.args.get("owner", "")[:64] or None
    return own_work(context.ask(query)), Wanted(owner, state.group, state.horizon, state.route, state.start, state.travel == "walk")


def _handed_out(ask: Ask, wanted: Wanted, form: str, content: bytes, media_type: str) -> Response:
    with ask.database.write() as connection:
        audit(connection, ask.actor, "export", ask.now, subject_table="worklist",
              detail={"filters": ask.filters.to_json(), "group": wanted.group, "horizon": wanted.horizon_days, "form": form})  # fmt: skip
    response = Response(content, content_type=media_type)
    attach(response, f"onemap-worklist-{ask.filters.as_of:%Y%m%d}.{form}")
    response.headers["Cache-Control"] = "no-store"
    return response
