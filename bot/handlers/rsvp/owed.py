"""Events that wait for somebody's answer: "event answer" among what is owed (engagement.md section 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.context import Context
from bot.events.standing import audience_of
from bot.handlers.events.answers import answer_taps
from bot.handlers.rsvp.own_answers import timed
from bot.people.duties import Owed, duty
from bot.rules.attention import day_of
from bot.rules.events.sessions import session_at
from bot.rules.events.values import Event

ANSWER = "event answer"
SOON = timedelta(days=14)
FOR_ALL = ("public", "members")


@duty(ANSWER)
def answers_owed(ctx: Context) -> Iterator[Owed]:
    """Each event for the caller that starts within two weeks and has no answer from them, but for what they
    announced themselves."""
    if not ctx.may("answer_events"):
        return
    coming = [one for one in ctx.store.events.coming(ctx.now) if _starts_soon(ctx, one)]
    said = {one.event for one in ctx.store.rsvps.of_person(ctx.person.id) if one.state != "invited"}
    for event in coming:
        if event.number not in said and is_for(ctx, event):
            starts = session_at(event, ctx.now).starts_at
            key = f"{ANSWER}:{event.number}"
            yield Owed(ANSWER, key, "owed/event_answer", timed(ctx, event), answer_taps(event), starts)


def is_for(ctx: Context, event: Event) -> bool:
    """Whether an event is for the caller: they are invited."""
    return event.audience in FOR_ALL or ctx.person.id in audience_of(ctx, event)


def is_soon(ctx: Context, moment: datetime) -> bool:
    """Whether a moment lies in the next two weeks, by the days of the caller."""
    return day_of(moment, ctx.zone) <= ctx.today + SOON


def _starts_soon(ctx: Context, event: Event) -> bool:
    starts = session_at(event, ctx.now).starts_at
    own = event.created_by == ctx.person.id
    return event.state == "planned" and not own and ctx.now < starts and is_soon(ctx, starts)
