"""The map of a meeting: the shared map, coloured from the frozen facts, with its hotspots as numbered rings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd
from dash import get_asset_url, html
from flask import Blueprint, Response, jsonify, request

from dashboard import map_server, map_view
from dashboard.map_answers import areas_answer, box_of, names_answer, paint_answer
from dashboard.map_table import table_of
from data_access.snapshots import read_snapshot
from layers import Layer, layers
from rules.language import translator
from rules.request import Filters, UnreadableRequest

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room
    from dashboard.question import Ask, Context

PAINT = "hotspots"
WHAT_THE_FACTS_HOLD = ("code", "class")


def meeting_map(room: Room) -> Component:
    """The map's place in the page, with the hotspots for the rings in ``data-hotspots``."""
    asked = as_frozen(room.ask, room.facts)
    map_server.ready_tiles(asked)
    settings = map_view.map_settings(asked)
    at = list(layers()).index(PAINT)
    settings |= {
        "base": f"/meeting/map/{room.facts['snapshot']['id']}/", "shared": True, "paint": PAINT, "theme": "light", "room": True, "pick": True, "area": None,
        "layers": [{**settings["layers"][at], "geometry": room.facts["hotspot_map"]["level"]}], "drawn": [level for level in settings["drawn"] if level != "neighbourhood"],
        "words": {lang: {**words, "layers": [words["layers"][at]]} for lang, words in settings["words"].items()},
        **({"box": own, "bounds": own} if (own := box_of_streets(room, asked)) else {}),
        "notices": {lang: [one for one in told if one != translator(lang)(map_view.OWN_COLORS)] for lang, told in settings["notices"].items()},
        "padding": {"left": 0.05, "right": 0.05, "top": 0.1, "bottom": 0.12},
    }  # fmt: skip
    rings = [{name: one[name] for name in ("rank", "class", "members", "lon", "lat")} | {"name": room.called(one)} for one in room.facts["hotspots"]]
    return html.Section(
        className="map", id="map",
        **{
            "aria-label": room.ask.t("热点地图"), "data-map": orjson.dumps(settings).decode(), "data-module": get_asset_url("onemap/map/map.js"),
            "data-hotspots": orjson.dumps(rings).decode(), **_density(room), "data-ring": room.ask.t("热点 {rank}：{name}", rank="{rank}", name="{name}"),
        },
    )  # fmt: skip


def _density(room: Room) -> dict[str, str]:
    """What draws the smooth picture of the events, with its words; nothing where the facts hold none for this reader."""
    t, found = room.ask.t, room.facts.get("density")
    if not found:
        return {}
    told = t("热度：{n} 起事件按所在区域的中点平滑（带宽 {m} 米，边界已校正），最深处每平方公里 {peak} 起。只供观看，显著与否以检验为准。",
             n=found["events"], m=f"{found['bandwidth_m']:.0f}", peak=f"{found['peak']:.1f}")  # fmt: skip
    return {"data-density": orjson.dumps({**found, "name": t("热度"), "told": told}).decode()}


def box_of_streets(room: Room, asked: Ask) -> list[float] | None:
    """West, south, east, north (degrees) of the streets that the facts are of; None where they are of the whole district."""
    found = [box for code in room.own_streets if (box := asked.look_up(box_of, code))]
    return [*(min(box[side] for box in found) for side in (0, 1)), *(max(box[side] for box in found) for side in (2, 3))] if found else None


def as_frozen(ask: Ask, facts: dict[str, Any]) -> Ask:
    """The question as of the day, the knowledge and the streets of a snapshot, for outlines and names."""
    if (streets := tuple(facts["scope"]["areas"])) and ask.scope.is_whole_district:
        ask = ask.with_scope(areas=streets)
    filters = Filters.from_query({"as_of": facts["as_of"], "known_at": facts["snapshot"]["taken_at"]}, ask.today)
    return ask.with_(**{name: getattr(filters, name) for name in ("start", "end", "as_of", "known_at")}, area=None)


def frozen_layer(facts: dict[str, Any]) -> Layer:
    """The layer of hotspots with the classes of the facts; one row an area that they name, without values."""
    layer = layers()[PAINT]
    classes = pd.Series(facts["grid_classes"], dtype="object")

    def frame(database: object, filters: Filters, scope: object) -> pd.DataFrame:
        made = pd.DataFrame({"feature_id": classes.index.astype(object), "class": classes.to_numpy(dtype=object)})
        return made.assign(value=pd.array([pd.NA] * len(made), dtype="Int64"), code=made["feature_id"])

    return replace(layer, geometry=facts["hotspot_map"]["level"], frame=frame, columns=tuple(column for column in layer.columns if column.field in WHAT_THE_FACTS_HOLD), value_text="")


def blueprint(context: Context) -> Blueprint:
    """The routes of the map under ``/meeting/map/SNAPSHOT/``: those of ``map_server``, frozen.

    Whatever the address asks besides, the answer is of the snapshot's day and knowledge.
    """
    routes = Blueprint("meeting_map", __name__, url_prefix="/meeting/map/<snapshot>")

    def frozen(snapshot: str) -> tuple[Ask, dict[str, Any]]:
        lang = "en" if request.args.get("lang") == "en" else ""
        ask = context.ask(f"?lang={lang}" if lang else "").with_scope(exact_points=False, personal=False)
        facts = read_snapshot(ask.database, ask.scope, snapshot)
        return as_frozen(ask, facts), facts

    @routes.get("/tiles/<version>/<z>/<x>/<y>.pbf")
    def tiles(snapshot: str, version: str, z: str, x: str, y: str) -> Response:
        return map_server.tile_answer(context.folder, version, z, x, y)

    @routes.get("/areas/<version>")
    def area_register(snapshot: str, version: str) -> Response:
        return map_server.sent(frozen(snapshot)[0].look_up(areas_answer))

    @routes.get("/state/<layer>")
    def state(snapshot: str, layer: str) -> Response:
        asked, facts = frozen(snapshot)
        if layer != PAINT:
            raise UnreadableRequest(f"layer: expected {PAINT}; found {layer[:40]!r}")
        map_server.ready_tiles(asked)
        return map_server.sent(paint_answer(asked.database, asked.filters, asked.scope, frozen_layer(facts)))

    @routes.get("/points")
    def points(snapshot: str) -> Response:
        return map_server.sent(frozen(snapshot)[0].get(names_answer))

    @routes.get("/table/<layer>")
    def table(snapshot: str, layer: str) -> Response:
        asked, facts = frozen(snapshot)
        page, sort = request.args.get("page", "0"), request.args.get("sort", "")
        if layer != PAINT or not page.isdigit() or len(page) > 6:
            raise UnreadableRequest(f"page: expected a number, found {page[:20]!r}")
        shown = frozen_layer(facts)
        found = table_of(asked, shown, lambda: shown.ask(asked.database, asked.filters, asked.scope), int(page), sort, request.args.get("down", "1") == "1")
        return jsonify(found)

    return routes
