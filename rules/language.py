"""Marks and translates the words people read: Chinese in the source, English in the catalogue."""

from __future__ import annotations

import gettext
import string
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = ("zh_CN", "en")

Translate = Callable[..., str]
"""``t("共 {n} 户", n=3)`` gives the sentence in the reader's language."""


def N_(message: str) -> str:
    """Mark a Chinese source string for the catalogue; returns it unchanged."""
    return message


class Refusal(Exception):
    """What cannot be done, told to people in one sentence: what was found and what to do.

    Args:
        message: a marked Chinese source string.
        values: what its ``{placeholders}`` take.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(message.format(**values) if values else message)

    def say(self, t: Translate) -> str:
        """The sentence in the reader's language; values that are themselves marked follow it."""
        shown = {n: t(v) if isinstance(v, str) else v for n, v in self.values.items()}
        return t(self.message, **shown)


@cache
def translator(language: str) -> Translate:
    """Give the translate function of a language; an unknown language answers in Chinese.

    Args:
        language: ``zh_CN`` (the source language) or ``en``.
    """
    catalogue = _catalogue(language)

    def translate(message: str, /, **values: object) -> str:
        text = catalogue.gettext(message) if message else message
        if not values:
            return text
        return _COUNTED.vformat(text, (), values) if "|" in text else text.format(**values)

    return translate


class _Counted(string.Formatter):
    """Formats a text whose words follow a number: ``{n} {n:day|days} overdue``."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, found, many = format_spec.partition("|")
        if not found:
            return super().format_field(value, format_spec)
        return one if str(value) == "1" else many


_COUNTED = _Counted()


def _catalogue(language: str) -> gettext.NullTranslations:
    import io

    path = CATALOGUES / language / "LC_MESSAGES" / "onemap.po"
    if language == "zh_CN" or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
