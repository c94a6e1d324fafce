"""The road network that the district imported, and the round through a worklist along it."""

from __future__ import annotations

import hashlib

import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.schema import road
from data_access.scope import known
from data_access.versions import versions
from rules.request import Filters, Scope
from rules.road_network import RoadNetwork
from rules.route import Route, route


def road_network(database: Database, filters: Filters, scope: Scope) -> RoadNetwork | None:
    """The roads of the whole district as known at ``filters.known_at``; None where nobody imported any.

    Roads are no one's data: every scope of the district goes by the same. The network is made once a
    data version and shared; it never changes.
    """
    return database.kept.get(_key(database, filters, scope), lambda: _made(database, filters, scope))


def round_of(
    database: Database, filters: Filters, scope: Scope, worklist: pd.DataFrame, start: tuple[float, float] | None = None, *, walking: bool = False
) -> Route:
    """The way round the places of a worklist, along the roads where there are any (``rules.route.route``)."""
    places = worklist[["key", "lon", "lat"]]
    digest = hashlib.sha256(places.to_csv(index=False).encode()).hexdigest()
    return database.kept.get(
        (*_key(database, filters, scope), digest, start, walking),
        lambda: route(places, start, road_network(database, filters, scope), walking=walking),
    )


def _key(database: Database, filters: Filters, scope: Scope) -> tuple[object, ...]:
    return ("roads", scope.district, versions(database, scope.district)["road"], filters.known_at)


def _made(database: Database, filters: Filters, scope: Scope) -> RoadNetwork | None:
    columns = (road.c.geometry, road.c.direction, road.c.on_foot, road.c.road_class)
    rows = database.frame(
        select(*columns).where(road.c.district_code == scope.district, known(road, filters.known_at), road.c.geometry.is_not(None)).order_by(road.c.id)
    )
    return RoadNetwork(rows) if len(rows) else None
