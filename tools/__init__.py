"""Builds, tests, serves and packs the product; standard library only, run as ``python -m tools.NAME``."""
