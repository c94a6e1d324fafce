"""Says to a supervisor whether the server is alive and whether it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from data_access.database import DatabaseProblem
from data_access.versions import revision

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.question import Context


def blueprint(context: Context) -> Blueprint:
    """``/healthz``: alive, whatever else is away. ``/readyz``: database, cache, data version; 503 when not."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "alive"})

    @routes.get("/readyz")
    def ready() -> tuple[Response, int]:
        district = context.actor_of().scope.district
        try:
            state = context.database.state().word
            version = revision(context.database, district, context.clock().date()) if state == "ready" else None
        except DatabaseProblem:
            state, version = "away", None
        cache = "ready" if context.answers.is_there() else "away"
        status = "ready" if state == "ready" and cache == "ready" else "not ready"
        found = {"status": status, "database": state, "cache": cache, "data_version": version}
        return jsonify(found), 200 if status == "ready" else 503

    return routes


def register(server: Flask, context: Context) -> None:
    """Add both endpoints to the server."""
    server.register_blueprint(blueprint(context))
