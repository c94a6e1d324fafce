"""The points that a file brings of its own, and the shifted system that it may say they are in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from data_access.importing.projections import SHIFTED, Reading
from data_access.importing.tables import Table


def with_points(table: Table) -> pd.DataFrame:
    """The texts, with coordinates taken from the file's points where it has them."""
    texts = table.cells
    if table.geometry is None or {"lon", "lat"} & set(texts.columns):
        return texts
    if not {"lon", "lat"} <= {column.field for column in table.kind.columns}:
        return texts
    points = np.array([shape if shape is None or shapely.is_empty(shape) or shapely.get_type_id(shape) == 0
                       else shapely.point_on_surface(shape) for shape in table.geometry], dtype=object)
    if table.crs is not None and table.crs.is_projected and len(points):
        points = Reading(table.crs).shapes(points)
    x, y = shapely.get_x(points), shapely.get_y(points)
    return texts.assign(lon=["" if one != one else repr(float(one)) for one in x], lat=["" if one != one else repr(float(one)) for one in y])


def shifted_system(table: Table, asked) -> str | None:
    """The remark or heading that names a shifted coordinate system, unless the person names another."""
    if asked is not None:
        return None
    places = [*table.remarks, *table.raw.columns]
    return next((str(text) for text in places if SHIFTED.search(str(text))), None)
