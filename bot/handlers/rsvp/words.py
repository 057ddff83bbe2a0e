"""An answering word in the thread of an event's card is an answer; anything else is talk (section 1)."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.events.seating import answer
from bot.events.standing import closed, may_see
from bot.handlers.events.looking import event as look
from bot.handlers.rsvp.own_answers import answered
from bot.messages import SILENCE, Reply
from bot.rules.events.moments import phase
from bot.rules.rsvp.words import word_wish

HIDDEN = Annotated[str, Text(hidden=True, most=5000)]


@command("said on event", N_("A reply under an event's card"), may="answer_events", hidden=True)
def said_on_event(ctx: Context, key: HIDDEN, words: HIDDEN = "") -> Reply:
    """A reply that consists of nothing but an answering word ("yes", "+1", "can't") is taken as one, and
    answered in private. Everything else is talk, and left alone; so is a word when the event is over. In
    reply to a private message nothing is left alone: there the event is shown. Raises Refusal where it is
    for others."""
    alone = ctx.place.kind == "direct"
    wish = word_wish(words, ctx.person.language or ctx.incoming.account.language)
    if alone and not wish:
        return look(ctx, key)
    event = ctx.store.events.get(int(key), lock=True) if wish else None
    if not wish or event is None or (phase(event, ctx.now) in ("over", "cancelled") and not alone):
        return SILENCE
    if not may_see(ctx, event):
        raise closed(ctx, event)
    return answered(ctx, answer(ctx, event, ctx.person.id, wish))
