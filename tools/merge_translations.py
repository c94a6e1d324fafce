"""Merges the words of the source into the catalogues: what is marked goes in, what is gone goes out.

``python -m tools.merge_translations`` reads every marked Chinese string (``N_("…")``, ``t("…")``) of
the Python and JavaScript sources and every text of the rulebook, takes English from ``translations/pending/*.tsv`` (msgid, tab,
English; a newline as ``\\n``) and from the catalogue that is there, and writes both catalogues; a list that was merged is not kept.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tools.places import ROOT

PLACES = (
    "commands",
    "dashboard",
    "briefing",
    "layers",
    "data_access",
    "rules",
    "app.py",
    "cli.py",
    "settings.py",
)
SCRIPTS = "assets/onemap"
RULEBOOK = "rules/rulebook.toml"
KEYWORDS: dict[str, None] = {"N_": None, "t": None, "_t": None}
CATALOGUES = ROOT / "translations"
PENDING = CATALOGUES / "pending"
PLACEHOLDER = re.compile(r"\{(\w+)(?:[^{}]*)\}")


def main() -> int:
    marked = marked_messages(ROOT)
    english = {**messages_of("en"), **pending()}
    missing = [message for message in marked if not english.get(message)]
    write("en", marked, {message: english.get(message, "") for message in marked})
    write("zh_CN", marked, {message: message for message in marked})
    for message in missing:
        print(f"no English: {message!r} ({', '.join(sorted(marked[message]))})")
    for message, problem in wrong_placeholders(english):
        if message in marked:
            print(f"{problem}: {message!r}")
    print(f"{len(marked)} messages, {len(missing)} without English")
    return 1 if missing else 0


def marked_messages(root: Path) -> dict[str, set[str]]:
    """Every marked string with the files it stands in, sorted by string."""
    found: dict[str, set[str]] = {}
    for file in source_files(root):
        method = "python" if file.suffix == ".py" else "javascript"
        for _, message, _, _ in extract_from_file(method, file, keywords=KEYWORDS):
            if isinstance(message, str) and is_written_in_chinese(message):
                found.setdefault(message, set()).add(file.relative_to(root).as_posix())
    for message in rulebook_texts(root / RULEBOOK):
        found.setdefault(message, set()).add(RULEBOOK)
    return dict(sorted(found.items()))


def rulebook_texts(file: Path) -> set[str]:
    """The Chinese texts of the packaged rules and of the documents they cite."""
    if not file.exists():
        return set()
    book = tomllib.loads(file.read_text("utf-8"))
    entries = [*book.get("document", {}).values(), *book.get("rule", [])]
    values = [value for entry in entries for value in (*entry.values(), *entry.get("options", {}).values())]
    return {text for text in values if isinstance(text, str) and is_chinese(text)}


def source_files(root: Path) -> Iterator[Path]:
    """The Python files of the rooms and the doors, and the page's scripts."""
    for place in PLACES:
        path = root / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []
    yield from (f for f in sorted((root / SCRIPTS).rglob("*js")) if f.suffix in {".js", ".mjs"})


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def is_written_in_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character, or a mark that English writes otherwise: ``{name}（{source}）``."""
    return re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text) is not None


def messages_of(language: str) -> dict[str, str]:
    """Message and translation of a catalogue; empty when it is not there yet."""
    path = catalogue(language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}


def pending(folder: Path = PENDING) -> dict[str, str]:
    """English of the pending lists, by message; a later file wins.

    Raises:
        ValueError: a line is not a message, a tab and its English.
    """
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            message, tab, english = line.partition("\t")
            if not tab or not english.strip():
                raise ValueError(f"{file.name}:{number}: expected a message, a tab and its English")
            found[message.replace("\\n", "\n")] = english.strip("\r").replace("\\n", "\n")
    return found


def wrong_placeholders(translations: dict[str, str]) -> Iterable[tuple[str, str]]:
    """(message, what is wrong) of every translation whose {placeholders} are not those of the message."""
    for message, text in translations.items():
        asked, given = set(PLACEHOLDER.findall(message)), set(PLACEHOLDER.findall(text))
        if text and asked != given:
            yield message, f"placeholders {sorted(asked)} became {sorted(given)}"


def catalogue(language: str) -> Path:
    """The path of a language's catalogue."""
    return CATALOGUES / language / "LC_MESSAGES" / "onemap.po"


def write(language: str, marked: dict[str, set[str]], texts: dict[str, str]) -> None:
    """Write a catalogue: sorted, with the files each message stands in and no dates, so that it is stable."""
    made = Catalog(locale=language, project="onemap", charset="utf-8", fuzzy=False)
    made.header_comment = "# 打非一张图: written by tools/merge_translations.py"
    for message, files in marked.items():
        made.add(message, texts[message], locations=[(file, 0) for file in sorted(files)])
    path = catalogue(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, made, sort_output=True, include_lineno=False, width=110, omit_header=False)
    text = path.read_text("utf-8")
    path.write_text(
        re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By).*\n', "", text, flags=re.M),
        "utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
