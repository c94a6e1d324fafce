"""Reads what districts really send: a file becomes good, refused and to-confirm rows, then one transaction."""
