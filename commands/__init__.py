"""The commands of ``cli.py``, a file for each kind of work."""
