"""From stored or typed text per option to the values a handler is called with, and to form fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands.choosing import OneOf
from bot.commands.declared import Command, Option
from bot.commands.declaring import TODAY
from bot.commands.kinds import FileRef, Kind, Link, LongText, Text
from bot.commands.naming import OneEvent, OneOrganisation
from bot.commands.values import Reading, one_line
from bot.messages import Ask, Choice, Field, Refusal

_TAPS = 9  # choices offered as buttons under a question: the languages are as many
_SELECT = 100  # options a Slack select takes


def fill(command: Command, arguments: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    """The value of every parameter of the command's function, by parameter name.

    Raises Refusal for the first text that is given and not understood, then Ask for the first that could
    mean several things, then Ask("question") for the first required option that is missing.
    """
    values: dict[str, Any] = {}
    unsettled: Ask | None = None
    for option in command.options:
        given = arguments.get(option.name, "")
        if not one_line(given):
            values[option.parameter] = reading.today if option.default is TODAY else option.default
            continue
        try:
            values[option.parameter] = option.kind.read(given, reading, option.name)
        except Ask as which:
            unsettled = unsettled or which
    if unsettled:
        raise unsettled
    for option in command.options:
        if option.required and not one_line(arguments.get(option.name, "")):
            raise _question(option, reading)
    return values


def _question(option: Option, reading: Reading) -> Ask:
    offered = option.kind.offered(reading) if isinstance(option.kind, OneOf | OneOrganisation) else ()
    taps = tuple(Choice(label, {option.name: value}) for value, label in offered)
    taps = taps if len(taps) <= _TAPS else ()
    if isinstance(option.kind, OneEvent):  # the soonest of many
        soonest = option.kind.offered(reading)[:_TAPS]
        taps = tuple(Choice(f"{number} · {title}"[:20], {option.name: number}) for number, title in soonest)
    return Ask(option.name, "question", taps, question=option.kind.ask, hint=option.kind.hint)


def write(kind: Kind, value: Any) -> str:
    """The canonical text of `value`, which `kind` reads back as the same value."""
    return kind.write(value)


def form_fields(command: Command, arguments: Mapping[str, str], reading: Reading) -> tuple[Field, ...]:
    """The visible options as form fields, filled with what was given; a picker is left empty where the
    given text is not understood, a text field keeps it as it was written."""
    return tuple(
        _field(option, arguments.get(option.name, ""), reading)
        for option in command.options
        if not option.kind.hidden and not isinstance(option.kind, FileRef)
    )


def _field(option: Option, given: str, reading: Reading) -> Field:
    kind, offered = option.kind, option.kind.offered(reading)
    shape = kind.field
    if shape in ("choice", "choices") and not 0 < len(offered) <= _SELECT:
        shape, offered = "text", ()
    return Field(
        option=option.name,
        label=reading.translate(option.label),
        kind=shape,
        value=_prefilled(option, given, shape, reading),
        required=option.required,
        hint=reading.translate(kind.hint) if kind.hint else "",
        options=offered,
    )


def _prefilled(option: Option, given: str, shape: str, reading: Reading) -> str:
    kind = option.kind
    if not one_line(given):
        default = reading.today if option.default is TODAY else option.default
        return "" if option.required or default in (None, "", ()) else kind.write(default)
    canonical = kind.canonical(given, reading)
    if shape == "choices":
        values = {value for value, _ in kind.offered(reading)}
        return ",".join(value for value in canonical.split(",") if value in values)
    if isinstance(kind, Text | LongText | Link) or shape in ("text", "long"):
        return canonical
    try:
        return kind.write(kind.read(given, reading, option.name))
    except (Ask, Refusal):
        return ""
