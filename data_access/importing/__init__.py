"""Reads what districts really send: a file becomes good, refused and to-confirm rows, then one transaction."""

from data_access.importing.previewing import Preview, preview
from data_access.importing.problems import ImportRefused, Note, Problem, SeveralSheets
from data_access.importing.refused_file import write_refused
from data_access.importing.taking import Batch, take
from data_access.importing.templates import write_template
from data_access.importing.undoing import batches, undo

__all__ = [
    "Batch", "ImportRefused", "Note", "Preview", "Problem", "SeveralSheets", "batches", "preview", "take", "undo", "write_refused", "write_template",
]  # fmt: skip
