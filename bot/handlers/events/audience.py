"""Whom an event is for from now on: the public calendar, and the cards that stand in chats (section 1)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.commands import N_, Number, command
from bot.context import Context
from bot.events.standing import found_event, may_organise, topic_of
from bot.handlers.events.answers import described, in_a_question, see
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.events.values import FEW, Event

PUBLIC = "public"


def check_audience(ctx: Context, before: Event, after: Event, sure: str) -> None:
    """Nothing becomes public unasked. Raises the Ask whether."""
    if after.audience != PUBLIC or before.audience == PUBLIC or sure == PUBLIC:
        return
    yes = (Choice(N_("Yes, everybody"), {"sure": PUBLIC}),)
    values = {**in_a_question(described(ctx, after)), "in_public": bool(ctx.public_url)}
    raise Ask("sure", "event_public_sure", yes, free=False, **values)


def told_of_audience(ctx: Context, before: Event, after: Event) -> dict[str, Any]:
    """What another audience means, for a template: `public` is "in" or "out" of the public calendar, `cards`
    how many cards stand on where others than those few read along."""
    public = ""
    if before.audience != after.audience and ctx.public_url:
        public = "in" if after.audience == PUBLIC else "out" if before.audience == PUBLIC else ""
    return {
        "public": public,
        "cards": _cards_left(ctx, before, after),
        "other": before.audience != after.audience,
    }


def audience_taps(ctx: Context, before: Event, after: Event) -> tuple[Button, ...]:
    """The tap that stops cards which others than those few can see."""
    if not _cards_left(ctx, before, after):
        return ()
    return (Button(N_("Stop its cards"), "stop event cards", {"event": str(after.number)}),)


@command("stop event cards", N_("Stop an event's cards"), may="organise_events", hidden=True)
def stop_event_cards(ctx: Context, event: Annotated[int, Number(hidden=True)]) -> Reply:
    """The event's cards follow it no more, wherever they stand. Raises Refusal for somebody else's event."""
    found = found_event(ctx, event, lock=True)
    if not may_organise(ctx, found):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(found.host))
    topic = topic_of(found)
    places = tuple(card.place for card in ctx.store.cards.of_topic(topic))
    for place in places:
        ctx.store.cards.stop(topic, place)
    chats = sorted({place.name for place in places if place.name})
    values = {"title": found.title, "count": len(places), "chats": chats}
    return Reply("event_cards_stopped", values, (see(found),), replace=True)


def _cards_left(ctx: Context, before: Event, after: Event) -> int:
    if after.audience not in FEW or before.audience == after.audience:
        return 0
    return len(ctx.store.cards.of_topic(topic_of(after)))
