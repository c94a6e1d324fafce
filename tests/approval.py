"""Holds texts against a file that a person read and approved."""

from __future__ import annotations

from pathlib import Path

APPROVED = Path(__file__).parent / "approved"


def assert_approved(name: str, text: str) -> None:
    """Compare with ``tests/approved/NAME.txt``; where they differ, what was said now lies beside it.

    To approve, read ``NAME.received.txt`` and move it over the approved one.
    """
    approved, received = APPROVED / f"{name}.txt", APPROVED / f"{name}.received.txt"
    expected = approved.read_text("utf-8") if approved.exists() else ""
    if text != expected:
        received.write_text(text, "utf-8")
        raise AssertionError(f"{name}: not as approved; compare {received.name} with {approved.name}")
    received.unlink(missing_ok=True)
