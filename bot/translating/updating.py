"""The catalogue files beside what there is to translate: brought up to date, and looked through."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot import messages as spoken
from bot.charter import load
from bot.translating.extracting import catalogue_of, charter_ids, message_ids
from bot.translating.faults import faults, is_unsafe

LANGUAGES: Final = tuple(sorted(spoken.LANGUAGES.keys() - {spoken.ENGLISH}))
WIDTH: Final = 110
HEADER: Final = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def catalogue_files(root: Path) -> Iterator[tuple[str, Path, Catalog]]:
    """(language, file, all that it is to translate) of every catalogue: one for the program in each
    language, and one beside each charter."""
    said = message_ids(root)
    charters = sorted(file for file in root.glob("charters/*.toml") if file.suffixes == [".toml"])
    for language in LANGUAGES:
        yield language, root / "catalogues" / f"{language}.po", catalogue_of(said, language)
        for charter in charters:
            beside = charter.with_suffix(f".{language}.po")
            yield language, beside, catalogue_of(charter_ids(load(charter)), language)


def update(root: Path) -> None:
    """Write each catalogue anew: what is new is empty, what nobody says any more is gone, and what was
    translated stays. A sentence that changed is translated anew, never guessed."""
    for _, file, wanted in catalogue_files(root):
        for message in _read(file, wanted) if file.exists() else ():
            new = wanted.get(message.id) if message.id else None
            if new is not None and not message.fuzzy:
                new.string, new.user_comments = message.string, message.user_comments
        file.write_bytes(_written(wanted))


def all_faults(root: Path, complete: Collection[str] = LANGUAGES) -> list[str]:
    """A sentence for everything that is wrong in any catalogue. Of a language that is not in `complete`
    only what is translated in an unsafe way: what is missing is said in English, and what nobody says any
    more does no harm."""
    found: list[str] = []
    for language, file, wanted in catalogue_files(root):
        if file.exists():
            these = faults(_read(file, wanted), wanted)
            found += these if language in complete else filter(is_unsafe, these)
        elif language in complete:
            found.append(f"{language}: there is no {file.name}")
    return found


def _written(catalogue: Catalog) -> bytes:
    """As a file: without dates and line numbers, so that it changes only where its words do."""
    body = BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, include_lineno=False)
    said = HEADER.format(language=catalogue.locale, plurals=catalogue.plural_forms)
    return said.encode() + body.getvalue()


def _read(file: Path, wanted: Catalog) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=wanted.locale)
