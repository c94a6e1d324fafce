"""Measures the product: `make bench` runs map.py and server.py."""
