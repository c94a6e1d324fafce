"""Tells every open screen, in a few bytes, whether anything it shows may have changed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dash import dcc, html
from flask import Blueprint, Response, request

from data_access.database import DatabaseProblem
from data_access.versions import revision
from rules.language import N_

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

KEPT_SECONDS = 1.0
STORE = "revision"


@dataclass
class Pulse:
    """The revision of one district as this process last read it, read again after a second.

    A hundred screens that poll every two seconds cost one small read a second.
    """

    context: Context
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def revision(self, district: str) -> str:
        """Raises DatabaseProblem when the database is away."""
        today = self.context.clock().date()
        key = (district, today.isoformat())
        with self._lock:
            read_at, kept = self._kept.get(key, (float("-inf"), ""))
            if time.monotonic() - read_at >= KEPT_SECONDS:
                kept = revision(self.context.database, district, today)
                self._kept = {key: (time.monotonic(), kept)}
            return kept


def blueprint(context: Context) -> Blueprint:
    """``GET /revision``: the revision as text with its ETag, 304 when the screen has it already.

    ``X-Onemap-Now`` carries the product's clock (ISO 8601), so that screens show its time. While
    the database is away the answer is 503 with nothing of the reason in it.
    """
    pulse = Pulse(context)
    routes = Blueprint("live", __name__)

    @routes.get("/revision")
    def answer() -> Response:
        try:
            found = pulse.revision(context.actor_of().scope.district)
        except DatabaseProblem:
            return Response("database away", status=503, mimetype="text/plain")
        response = Response(found, mimetype="text/plain")
        response.set_etag(found)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Onemap-Now"] = context.clock().isoformat(timespec="seconds")
        return response.make_conditional(request)

    return routes


def pulse_area(ask: Ask) -> Component:
    """The store that changes with the data, and the banner shown while the server is away.

    The page carries the revision it was made from, so that a change between making and the first
    poll is not missed.
    """
    shown = revision(ask.database, ask.scope.district, ask.today)
    return html.Div(
        [
            dcc.Store(id=STORE, storage_type="memory"),
            html.Div(
                [
                    html.Strong(className="stale-headline"),
                    html.Span(className="stale-since"),
                    html.Span(className="stale-clock num"),
                ],
                id="stale-banner",
                className="stale-banner",
                role="status",
                hidden=True,
                **{
                    "data-away": ask.t(N_("连接中断，显示 {time} 的数据"), time="{time}"),
                    "data-since": ask.t(N_("已中断 {minutes} 分钟，每 5 秒自动重连"), minutes="{minutes}"),
                },
            ),
        ],
        id="pulse",
        **{"data-revision": shown},
    )


def register(app: Dash, context: Context) -> None:
    """Add the revision endpoint to the server."""
    app.server.register_blueprint(blueprint(context))
