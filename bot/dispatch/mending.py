"""What can be mended by a tap where a word was not understood, and what of the rest is clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands import N_, Command, Day, Moment, OneOf, Option, Organisations, Text
from bot.context import Context
from bot.messages import Ask, Choice, Refusal

MOST_TAPS = 8  # choices under a word that was not understood
LONGEST_LABEL = 20  # characters on a button


def mends(ctx: Context, refusal: Refusal, option: Option, given: str) -> tuple[Choice, ...]:
    """What a tap can mend: the nearest known words, or the few there are to choose from. In a list of
    names the tapped one takes the place of the unknown one."""
    known = option.kind.offered(ctx.reading) if refusal.code.endswith("_unknown") else ()
    wanted = [refusal.values.get("suggestion"), *refusal.values.get("suggestions", ())]
    near = [pair for word in wanted for pair in known if word in pair]
    unknown = str(refusal.values.get("text", ""))

    def tap(value: str, label: str) -> Choice:
        return Choice(
            label, {option.name: given.replace(unknown, value) if unknown and unknown in given else value}
        )

    if near and option.required:
        (value, label), *others = near
        first = tap(value, _yes(ctx, label) if isinstance(option.kind, OneOf) else label)
        return (first, *(tap(*pair) for pair in others), Choice(N_("Show me all"), {option.name: ""}))
    few = [*near, *(pair for pair in known if pair not in near)] if len(known) <= MOST_TAPS else near
    return tuple(tap(*pair) for pair in few)


def _yes(ctx: Context, label: str) -> str:
    said = ctx.translate(N_("Yes, {choice}")).replace("{choice}", ctx.translate(label))
    return said if len(said) <= LONGEST_LABEL else label


def clear_rest(
    ctx: Context, command: Command, arguments: Mapping[str, str], unclear: str
) -> list[dict[str, Any]]:
    """What was said besides the option `unclear`, to be read back; empty where not all of it is clear."""
    parts = []
    for option in command.options:
        given = arguments.get(option.name, "")
        if option.kind.hidden or option.name == unclear or not given:
            continue
        try:
            value = option.kind.read(given, ctx.reading, option.name)
        except (Ask, Refusal):
            return []
        parts.append(_part(ctx, option, value))
    return parts


def _part(ctx: Context, option: Option, value: Any) -> dict[str, Any]:
    kind = option.kind
    if isinstance(kind, Day):
        return {"day": value}
    if isinstance(kind, Moment):
        return {"moment": value.isoformat()}
    if isinstance(kind, Organisations):
        return {"with": [ctx.short_name(slug) for slug in value]}
    if isinstance(kind, Text) and not kind.lead:
        return {"title": value}
    shown = dict(kind.offered(ctx.reading)).get(value, value)
    return {"label": option.label, "value": shown}
