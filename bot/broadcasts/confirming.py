"""From a yes to messages on their way: cooling, waiting for a second person, stopping (section 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot import batches
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafting import authors
from bot.broadcasts.standing import KIND, SECOND, batch_of, card_of
from bot.context import Context
from bot.messages import Place
from bot.rules.broadcasts.values import COOLING, Broadcast


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked to agree, and who may agree but can't be asked: out of reach, or they stopped these
    questions. By person."""

    asked: tuple[int, ...] = ()
    not_asked: tuple[int, ...] = ()


def put_on_its_way(ctx: Context, broadcast: Broadcast, audience: Audience) -> Broadcast:
    """Its readers are frozen and each has a message that waits: for the three minutes in which it can be
    stopped, or for the moment (`send_at`) that was chosen. Its progress stands with whoever confirmed it."""
    at = max(broadcast.send_at or ctx.now, ctx.now + COOLING)
    places = tuple(one.place_id for one in audience.reach.chats)
    going = replace(broadcast, state="sending", send_at=at, places=places)
    ctx.store.broadcasts.write(going)
    values = {"broadcast": going.number}
    sure = [one for one in audience.readers if one.key not in audience.doubtful]
    unsure = [one for one in audience.readers if one.key in audience.doubtful]
    batches.send(ctx, batch_of(going), KIND, values, sure, at)
    batches.send(ctx, batch_of(going), KIND, {**values, "unless_had": True}, unsure, at)
    show_progress(ctx, going)
    return going


def ask_second(ctx: Context, broadcast: Broadcast) -> Asked:
    """Whoever else may announce is asked to agree. Nothing goes before one did."""
    others = [one for one in announcers(ctx) if one not in authors(broadcast)]
    stopped = ctx.store.silenced.by(SECOND)
    asked = tuple(one for one in others if one not in stopped and ctx.reached(one) is not None)
    at = broadcast.confirmed_at or ctx.now
    key = f"{SECOND}:{broadcast.number}:{broadcast.tries}:{at.isoformat()}"
    for person in asked:
        ctx.notify(person, SECOND, key, {"broadcast": broadcast.number, "at": at.isoformat()})
    return Asked(asked, tuple(one for one in others if one not in asked))


def asks_second(ctx: Context) -> bool:
    """Whether a second person has to agree: from so many member organisations on as the charter says."""
    return len(ctx.members) >= ctx.charter.announcements.second_person_from


def announcers(ctx: Context) -> tuple[int, ...]:
    """Who may announce, by person."""
    found: list[int] = []
    for role in ctx.charter.roles:
        if ctx.charter.allows(role.key, "announce"):
            found += [holder.person.id for holder in ctx.store.roles.holders(role.key)]
    return tuple(dict.fromkeys(found))


def stop(ctx: Context, broadcast: Broadcast) -> tuple[Broadcast, int]:
    """What has not gone yet does not go: the announcement, and how many messages were stopped. None if all
    are out or on their way this moment; then nothing changes."""
    stopped = batches.stop(ctx, batch_of(broadcast), "stopped")
    if not stopped:
        return broadcast, 0
    over = replace(broadcast, state="stopped", stopped_by=ctx.person.id, stopped_at=ctx.now)
    ctx.store.broadcasts.write(over)
    drop_progress(ctx, over)
    return over, stopped


def await_again(ctx: Context, changed: Broadcast) -> tuple[Broadcast, Asked]:
    """Its text is another one before anybody has it, so nothing goes before a second person agreed to that:
    taken off its way, to go at the moment that was chosen if that is still to come."""
    batches.stop(ctx, batch_of(changed), "a newer text")
    chosen = changed.send_at is not None and changed.send_at - ctx.now > COOLING
    waiting = replace(
        changed, state="awaiting", tries=changed.tries + 1, second_by=None, confirmed_by=ctx.person.id,
        confirmed_at=ctx.now, send_at=changed.send_at if chosen else None,
    )  # fmt: skip
    ctx.store.broadcasts.write(waiting)
    drop_progress(ctx, waiting)
    return waiting, ask_second(ctx, waiting)


def show_progress(ctx: Context, broadcast: Broadcast) -> None:
    """The card that follows it stands in the direct chat of whoever acts, from its first message on."""
    place = _own_chat(ctx)
    if place is not None:
        ctx.store.cards.put(card_of(broadcast.number), place, broadcast.send_at or ctx.now)


def drop_progress(ctx: Context, broadcast: Broadcast) -> None:
    """A card that nobody has seen yet is not shown any more; one that stands says what became of it."""
    topic = card_of(broadcast.number)
    for one in ctx.store.cards.of_topic(topic):
        if not one.message_id:
            ctx.store.cards.stop(topic, one.place)
    ctx.store.cards.stale(topic)


def moment(text: str) -> datetime | None:
    """The moment that a button carries; None for at once."""
    return datetime.fromisoformat(text) if text else None


def _own_chat(ctx: Context) -> Place | None:
    """Where somebody reads alone, and what stands can be edited; None if they were never written to there."""
    theirs = (one.direct for one in ctx.store.accounts.of_person(ctx.person.id) if one.reachable)
    every = (ctx.place if ctx.place.kind == "direct" else None, *theirs)
    fit = (place for place in every if place is not None and place.platform not in batches.NEVER_CHANGES)
    return next(fit, None)
