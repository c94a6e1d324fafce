"""Builds, tests, serves and packs the product; run as ``python -m tools.NAME``, standard library only."""
