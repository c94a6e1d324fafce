"""The density surface: the kernel itself, the edge, and what lies outside."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from rules.kernel_density import kernel_density

SQUARE = shapely.box(0, 0, 4000, 4000)


def test_far_from_the_edge_one_event_is_the_kernel():
    found = kernel_density([2050], [2050], SQUARE, 200)
    row, column = 20, 20
    assert (found.x[column], found.y[row]) == (2050, 2050)
    peak = 1e6 / (2 * math.pi * 200**2)
    assert found.density[row, column] == pytest.approx(peak, rel=1e-6)
    assert found.density[row, column + 2] == pytest.approx(peak * math.exp(-0.5), rel=1e-6)


def test_the_surface_holds_as_many_events_as_there_are():
    rng = np.random.default_rng(1)
    x, y = 1500 + 1000 * rng.random((2, 30))
    assert np.nansum(kernel_density(x, y, SQUARE, 150).density) * 0.01 == pytest.approx(30, rel=1e-3)


def test_evenly_spread_events_do_not_fall_off_towards_the_edge():
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(50, 4000, 100), np.arange(50, 4000, 100)))
    density = kernel_density(x, y, SQUARE, 300).density
    assert density.min() == pytest.approx(100, rel=0.02)  # 1 event in each 0.01 km2
    assert density.max() == pytest.approx(100, rel=0.02)


def test_outside_the_boundary_there_is_nothing_and_events_there_do_not_count():
    triangle = shapely.Polygon([(0, 0), (4000, 0), (0, 4000)])
    found = kernel_density([1000, 3900], [1000, 3900], triangle, 200)
    assert np.isnan(found.density[-1, -1])
    alone = kernel_density([1000], [1000], triangle, 200)
    assert np.array_equal(found.density, alone.density, equal_nan=True)


def test_without_events_the_surface_is_flat():
    found = kernel_density([], [], SQUARE, 200)
    assert (found.density == 0).all()
    assert found.density.shape == (40, 40)


@pytest.mark.parametrize(
    ("boundary", "bandwidth", "cell", "said"),
    [(SQUARE, 0, 100, "bandwidth_m"), (SQUARE, 100, -1, "cell_m"), (shapely.Polygon(), 100, 100, "boundary"), (SQUARE, 100, 1, "larger cells"), (SQUARE, math.nan, 100, "bandwidth_m"), (SQUARE, 1e30, 100, "bandwidth_m: expected 0.01 to 1e"), (SQUARE, 1e-9, 100, "bandwidth_m: expected"), (SQUARE, 1e-320, 1e-320, "bandwidth_m"), (SQUARE, 10**400, 100, "bandwidth_m")],
)
def test_what_cannot_be_is_refused(boundary, bandwidth, cell, said):
    with pytest.raises(ValueError, match=said):
        kernel_density([1], [1], boundary, bandwidth, cell)
