"""A wording that waits for a decision: "wording" among what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from bot.commands import N_
from bot.context import Context
from bot.handlers.entering import language_name
from bot.handlers.wordings.finding import readable
from bot.messages import Button, Reply
from bot.notices import Values, notice
from bot.people.duties import Owed, duty, in_one_line, is_owed
from storage.wordings import Wording

WORDING: Final = "wording"
USEFUL = timedelta(days=30)


@duty(WORDING)
def wordings_owed(ctx: Context) -> Iterator[Owed]:
    """What members would have the bot say, for whoever decides it."""
    for one in ctx.store.wordings.suggested() if ctx.may("edit_wordings") else ():
        yield Owed(WORDING, key_for(one), "owed/wording", described(ctx, one), taps(one))


@notice(
    WORDING,
    N_("Better words for me"),
    N_("You get this because you decide what I say."),
    still_due=is_owed(WORDING),
    useful=USEFUL,
    theme="alliance",
    line=in_one_line(WORDING),
)
def wording_asked(ctx: Context, values: Values) -> Reply:
    """Who would have it said how, beside how it is said now and its English."""
    one = ctx.store.wordings.get(int(values["number"]))
    if one is None:
        raise LookupError(values["number"])
    return Reply("wording_asked", described(ctx, one), taps(one))


def key_for(wording: Wording) -> str:
    """What its duty is known by."""
    return f"{WORDING}:{wording.id}"


def described(ctx: Context, one: Wording) -> dict[str, Any]:
    """A wording in the words of a template."""
    person = ctx.store.persons.get(one.by)
    original = one.plural if one.plural and one.form else one.message_id
    return {
        "who": person.name if person else "",
        "text": readable(one.text),
        "before": readable(one.before),
        "english": readable(original) if original != one.before else "",
        "language": language_name(one.language, ctx.language),
        "number": one.id,
    }


def taps(one: Wording) -> tuple[Button, ...]:
    """Use it, or go on as before."""
    number = {"number": str(one.id)}
    return (Button(N_("Use it"), "wording use", number), Button(N_("Not this"), "wording leave", number))
