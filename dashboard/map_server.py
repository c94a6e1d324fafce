"""Serves the map: tiles once a geometry version, places once a data version, colours for each question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from dashboard.map_answers import Answer, area_answer, areas_answer, places_answer, points_answer
from dashboard.map_table import layer_table
from data_access.tiles import tile, tile_file, tiles_version
from layers import points
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from dash import Dash

    from dashboard.question import Ask, Context

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
GREATEST_ZOOM = 22
GZIPPED = b"\x1f\x8b"


def blueprint(context: Context, *, shared: bool = False) -> Blueprint:
    """The routes under ``/map``; with ``shared`` those of shared screens under ``/map/shared``.

    On a shared screen (wall, meeting) no exact point and nothing personal leaves the server.

    ``tiles/VERSION/Z/X/Y.pbf`` (204 where there is nothing), ``areas/VERSION``, ``state/LAYER``,
    ``points?layers=A,B``, ``places?layers=A,B`` and ``table/LAYER``. All but the tiles take the
    query of the page (``Filters.to_query``). A query that cannot be read is 400 with one sentence.
    """
    routes = Blueprint("shared_map" if shared else "map", __name__, url_prefix="/map/shared" if shared else "/map")

    def ask() -> Ask:
        asked = context.ask(request.query_string.decode("utf-8", "replace"))
        return asked.with_scope(exact_points=False, personal=False) if shared else asked

    @routes.get("/tiles/<version>/<z>/<x>/<y>.pbf")
    def tiles(version: str, z: str, x: str, y: str) -> Response:
        return tile_answer(context.folder, version, z, x, y)

    @routes.get("/areas/<version>")
    def area_register(version: str) -> Response:
        asked = ask()
        answer = asked.look_up(areas_answer)
        current = asked.look_up(tiles_version)
        return sent(answer, "application/octet-stream", FOR_EVER if version == current else ASK_AGAIN)

    @routes.get("/state/<layer>")
    def state(layer: str) -> Response:
        asked = ask()
        ready_tiles(asked)
        return sent(asked.get(area_answer, layer))

    @routes.get("/points")
    def point_classes() -> Response:
        asked = ask()
        return sent(asked.get(points_answer, _names(request.args.get("layers")), asked.today.isoformat()))

    @routes.get("/places")
    def point_places() -> Response:
        asked = ask()
        answer = asked.get(places_answer, _names(request.args.get("layers")), asked.today.isoformat())
        return sent(answer, "application/json")

    @routes.get("/table/<layer>")
    def table(layer: str) -> Response:
        page = request.args.get("page", "0")
        if not re.fullmatch(r"\d{1,6}", page):
            raise UnreadableRequest(f"page: expected a number, found {page[:20]!r}")
        sort, down = request.args.get("sort", ""), request.args.get("down", "1") == "1"
        response = jsonify(layer_table(ask(), layer, int(page), sort, down))
        response.headers["Cache-Control"] = ASK_AGAIN
        return response

    return routes


def register(app: Dash, context: Context) -> None:
    """Add the map's routes to the server."""
    app.server.register_blueprint(blueprint(context))
    app.server.register_blueprint(blueprint(context, shared=True))


def ready_tiles(ask: Ask) -> Path:
    """Make the tiles of the day asked about where they were never made; gives their file."""
    filters = ask.filters
    return tile_file(ask.database, ask.scope, filters.as_of, ask.context.folder, known_at=filters.known_at)


def tile_answer(folder: Path, version: str, z: str, x: str, y: str) -> Response:
    """One tile of a geometry version for ever; 204 where there is nothing."""
    path = tile_place(folder, version)
    numbers = [int(text) if re.fullmatch(r"\d{1,8}", text) else -1 for text in (z, x, y)]
    if path is None or min(numbers) < 0 or numbers[0] > GREATEST_ZOOM:
        return Response(status=204, headers={"Cache-Control": ASK_AGAIN})
    found = tile(path, *numbers)
    if found is None:
        return Response(status=204, headers={"Cache-Control": FOR_EVER})
    response = Response(found, mimetype="application/x-protobuf")
    if found.startswith(GZIPPED):
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_EVER
    return response


def tile_place(folder: Path, version: str) -> Path | None:
    """The tile file of a geometry version, or None where there is none."""
    if not re.fullmatch(r"[0-9a-f]{8,64}", version):
        return None
    found = folder / f"{version}.mbtiles"
    return found if found.exists() else None


def _names(text: str | None) -> tuple[str, ...]:
    """The point layers asked for, in declared order; None asks for all.

    Raises:
        UnreadableRequest: a name is not that of a point layer.
    """
    wanted: Iterable[str] = points() if text is None else [name for name in text.split(",")[:40] if name]
    unknown = sorted(set(wanted) - set(points()))
    if unknown:
        raise UnreadableRequest(f"layers: expected {', '.join(points())}; found {unknown[0][:40]!r}")
    return tuple(name for name in points() if name in set(wanted))


def sent(answer: Answer, mimetype: str = "application/octet-stream", cache: str = ASK_AGAIN) -> Response:
    """An answer with its ETag; 304 to who has it."""
    etag, body = answer
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Cookie"
    response.set_etag(etag)
    return response.make_conditional(request)
