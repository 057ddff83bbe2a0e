"""The catalogue files beside what there is to translate: brought up to date, and looked through."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot import messages as spoken
from bot.charter import load
from bot.translating.extracting import catalogue_of, charter_ids, message_ids
from bot.translating.faults import faults, is_unsafe
from storage.wordings import Wording

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
            if new is not None and new.id == message.id and not message.fuzzy:
                new.string, new.user_comments = message.string, message.user_comments
        file.write_bytes(_written(wanted))


def put_into(folder: Path, wordings: Collection[Wording]) -> list[str]:
    """What members would have said goes into the catalogues of a folder; a line for each that was not there
    yet. English has no catalogue: it is changed where it stands."""
    lines: list[str] = []
    for language in sorted({one.language for one in wordings}):
        for file in sorted({*folder.glob(f"{language}.po"), *folder.glob(f"*.{language}.po")}):
            with file.open("rb") as opened:
                catalogue = read_po(opened, locale=language)
            for one in wordings:
                there = catalogue.get((one.message_id, one.plural) if one.plural else one.message_id)
                if one.language == language and there and (said := _with(there, one)) != there.string:
                    there.string = said
                    lines.append(f"{file.name}: {one.message_id!r} is {one.text}")
            file.write_bytes(_written(catalogue))
    return lines


def _with(there: Message, one: Wording) -> str | tuple[str, ...]:
    if not one.plural:
        return one.text
    return tuple(one.text if at == one.form else text for at, text in enumerate(there.string or ()))


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
