"""How large a file may be: what a district's registers need, with a margin, and no more memory than that."""

MAX_BYTES = 64 * 1024 * 1024
"""Size of an uploaded file."""

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
"""Size of everything inside a zipped file (xlsx, kmz, Shapefile)."""

MAX_ROWS = 500_000
"""Rows of one table: ten years of a district's visits (DESIGN 7)."""

MAX_CELLS = 20_000_000
"""Cells of one sheet, empty ones between the filled ones included."""

MAX_CELL = 1_000_000
"""Characters of one cell: a detailed outline as WKT."""
