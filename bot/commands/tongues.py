"""A line in another language than its writer's: who reads English types "atelier … avec MecaTech" in a French
meeting. An organisation after another language's word for "with" gives it away; nothing less does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.commands.declared import Command
from bot.commands.leads import leads_in
from bot.commands.naming import Organisations
from bot.commands.reading import read as read_in
from bot.commands.tokens import tokens_of, written
from bot.commands.values import Reading, Typed
from bot.messages import ENGLISH, LANGUAGES, short_tag


def read(command: Command, text: str, reading: Reading, given: Mapping[str, str] | None = None) -> Typed:
    """Sort typed `text` by option, in English and the writer's language; in another of ours where only so it
    names an organisation. See `bot/commands/reading.py`."""
    own = read_in(command, text, reading, given)
    lists = [one.name for one in command.options if isinstance(one.kind, Organisations)]
    if not lists or any(own.arguments.get(name) for name in lists):
        return own
    others = [
        read_in(command, text, replace(reading, language=tongue), given)
        for tongue in _tongues(command, text, reading)
    ]
    return max((own, *others), key=lambda typed: len(typed.arguments))


def _tongues(command: Command, text: str, reading: Reading) -> Iterator[str]:
    """The languages in which a lead word stands in the line, and behind it the name of an organisation."""
    tokens = tokens_of(text)
    for tongue in LANGUAGES:
        if tongue in (ENGLISH, short_tag(reading.language)):
            continue
        spoken = replace(reading, language=tongue)
        for lead in leads_in(tokens, command, spoken):
            behind = tokens[lead.at + lead.words :][:1]
            kind = lead.option.kind
            if isinstance(kind, Organisations) and behind and kind.follows(written(text, behind), spoken):
                yield tongue
                break
