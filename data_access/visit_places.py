"""Where a recorded visit counts: the area it names, how far from there the position was, where the pictures say."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from data_access.importing.gazetteer import Gazetteer
from data_access.photos import Photo
from data_access.visit_targets import Target
from rules.visit_record import Position

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius. Source: IUGG 1980."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit counts.

    Attributes:
        street_code, neighbourhood_code, grid_code: of the target; what the target does not name is
            filled from the position where it lies in the area named.
        lon, lat: the position, degrees; None where there was none.
        located: ``point``, ``area`` or ``outside``.
        off_m: metres from the position to the area named, 0 inside; None where one of them is unknown.
        near: where the target itself stands, degrees, for pictures of a visit without a position.
    """

    street_code: str | None
    neighbourhood_code: str | None
    grid_code: str | None
    lon: float | None
    lat: float | None
    located: str
    off_m: float | None
    near: tuple[float, float] | None = None

    def columns(self) -> dict[str, object]:
        """The columns of ``schema._place``."""
        names = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat", "located")
        return {name: getattr(self, name) for name in names}


def place_of(gazetteer: Gazetteer, target: Target, position: Position | None, day: dt.date) -> Place:
    """Where a visit to a target counts.

    The area named is credited, also where the position lies beyond it: ``off_m`` keeps how far.
    A target of no area takes the areas in which the position falls.
    """
    codes = {"street_code": target.street_code, "neighbourhood_code": target.neighbourhood_code, "grid_code": target.grid_code}
    near = None if target.lon is None or target.lat is None else (target.lon, target.lat)
    if position is None:
        return Place(**codes, lon=None, lat=None, located="area" if target.area_code else "outside", off_m=None, near=near)
    fell = gazetteer.locate([position.lon], [position.lat], [day]).iloc[0].to_dict()
    off_m = None
    if target.area_code is None:
        codes = fell
    else:
        away = float(gazetteer.distance_m([position.lon], [position.lat], [target.area_code])[0])
        off_m = None if math.isnan(away) else round(away, 1)
        if all(code in (None, fell[name]) for name, code in codes.items()):
            codes = {name: code or fell[name] for name, code in codes.items()}
    located = "point" if any(codes.values()) else "outside"
    return Place(**codes, lon=position.lon, lat=position.lat, located=located, off_m=off_m, near=near)


def metres_between(photo: Photo, place: Place) -> float | None:
    """From where a picture says it was taken to the visit's position, else to its target; None where unknown."""
    if photo.lon is None or photo.lat is None:
        return None
    at = (place.lon, place.lat) if place.lon is not None and place.lat is not None else place.near
    return None if at is None else round(great_circle_m(photo.lon, photo.lat, *at), 1)


def great_circle_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two places in degrees on the mean sphere (haversine formula, Sinnott 1984)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))
