"""An edition on its way: who reads it is decided at its hour and not again; what waits can be paused, taken
up again and stopped (engagement.md 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import batches
from bot.context import Context
from bot.newsletter.archive import ON_ITS_WAY, was_stopped_on_its_way
from bot.newsletter.standing import PURPOSE, batch_of, items_for
from bot.newsletter.telling import EDITION, tell_held
from bot.people.reach import LeftOut, Reader, reach_of
from bot.rules.newsletter.values import Edition, Subscription
from bot.rules.newsletter.windows import next_window, window_end
from storage.deliveries import Delivery
from storage.store import Store

LOOKED_AT: Final = 5  # editions that went out or were stopped on their way
WAITS: Final = datetime(9000, 1, 1, tzinfo=UTC)  # what is paused goes out then: never
WINDOW: Final = "window"  # why an edition is held: its hours are over
PAUSED: Final = "paused"
FREED_WITHIN: Final = timedelta(days=30)  # of a stop: what was under way is known to have failed by then
NOT_DUE_SAYS: Final = "no longer due"  # what the post office says of what came up while it was held
LATE_SAYS: Final = "past its use"  # what the post office says of what it left out
STOPPED_SAYS: Final = "the edition was stopped"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads an edition, and who would if something did not stand in the way."""

    readers: tuple[Reader, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def chats(self) -> int:
        return sum(one.place is not None for one in self.readers)

    @property
    def people(self) -> int:
        return len(self.readers) - self.chats


def audience_of(ctx: Context, edition: Edition) -> Audience:
    """Whom an edition reaches as things stand now: the places for the newsletter, whoever subscribed to
    something that it holds, each once, on one platform. Who is no member reads what is public, or nothing."""
    on = ctx.store.subscriptions.on()
    persons = {one.person: one for one in on if one.person is not None}
    found = reach_of(ctx, persons, EDITION)
    people = [one for one in found.readers if one.person and _has_news(ctx, edition, persons[one.person])]
    known = {one.account_id for one in found.readers}
    accounts = [
        one
        for one in _accounts(ctx, edition, on)
        if one.account_id not in known and one.person not in persons
    ]
    return Audience((*_places(ctx), *people, *accounts), found.left_out)


def freeze(ctx: Context, edition: Edition) -> Edition:
    """The edition goes out: a message is queued for each of its readers as they are now, to be sent before
    the hours for it are over. The edition as it is kept then."""
    readers = audience_of(ctx, edition).readers
    until = window_end(ctx.now, ctx.charter.alliance.zone)
    batches.send(
        ctx, batch_of(edition), EDITION, {"edition": edition.number}, readers, ctx.now, useful_until=until
    )
    return ctx.store.editions.write(replace(edition, state="approved", sent_at=ctx.now, why=""))


def pause(ctx: Context, edition: Edition, why: str = PAUSED) -> Edition:
    """What is not out yet waits until somebody says otherwise; what is out stays."""
    batches.move(ctx, batch_of(edition), WAITS, WAITS)
    return ctx.store.editions.write(replace(edition, state="held", why=why, version=edition.version + 1))


def resume(ctx: Context, edition: Edition) -> Edition:
    """What waited goes out from now on, or as soon as newsletters go out again; so does what was left out
    because its hours were over, or because it came up while the edition was held."""
    zone = ctx.charter.alliance.zone
    at = next_window(ctx.now, zone)
    until = window_end(at, zone)
    batches.move(ctx, batch_of(edition), at, until)
    ctx.told.extend(_anew(one, at, until, edition.version) for one in left_behind(ctx, edition))
    after = replace(edition, state="approved", why="", send_at=at, version=edition.version + 1)
    return ctx.store.editions.write(after)


def hours_end(store: Store, edition: Edition, zone: str) -> datetime | None:
    """When the hours are over for what is still to go of an edition (UTC); None for one of which nothing is
    on its way."""
    if edition.sent_at is None or edition.state != "approved":
        return None
    counts = store.deliveries.tally(batch_of(edition))
    if not counts.open and not counts.reasons.get(LATE_SAYS):
        return None
    return window_end(max(edition.send_at, edition.sent_at), zone)


def left_behind(ctx: Context, edition: Edition) -> tuple[Delivery, ...]:
    """The messages of an edition that were left out because its hours were over, or it was held. Whoever has
    ended it meanwhile is left out again when it comes to them."""
    those = {
        one.delivery
        for one in ctx.store.deliveries.outcomes(batch_of(edition))
        if one.says in (LATE_SAYS, NOT_DUE_SAYS)
    }
    return tuple(one for one in ctx.store.deliveries.of_batch(batch_of(edition)) if one.id in those)


def stop(ctx: Context, edition: Edition) -> tuple[Edition, int]:
    """The edition does not go out, or no further: it, and how many were spared it. Its items can be told of
    another time if nobody has read them, or may be about to."""
    gone = edition.sent_at is not None
    spared = batches.stop(ctx, batch_of(edition), STOPPED_SAYS) if gone else 0
    read = gone and _may_have_it(ctx, edition)
    if not read:
        ctx.store.news.release(edition.number)
    by = ctx.identity.person.id if ctx.identity.person else None
    after = replace(
        edition, state="stopped", stopped_by=by, stopped_at=ctx.now, why=ON_ITS_WAY if read else "",
        version=edition.version + 1,
    )  # fmt: skip
    return ctx.store.editions.write(after), spared


def free_the_unread(ctx: Context) -> None:
    """What was under way when an edition was stopped did not arrive after all: nobody read its items, and
    they can be told of."""
    for one in ctx.store.editions.sent(LOOKED_AT)[0]:
        lately = one.stopped_at is not None and ctx.now - one.stopped_at < FREED_WITHIN
        if was_stopped_on_its_way(one) and lately and not _may_have_it(ctx, one):
            held = ctx.store.editions.get(one.number, lock=True)
            if held is not None and was_stopped_on_its_way(held):
                ctx.store.news.release(held.number)
                ctx.store.editions.write(replace(held, why=""))


def _may_have_it(ctx: Context, edition: Edition) -> bool:
    counts = ctx.store.deliveries.tally(batch_of(edition))
    return counts.out > 0


def end_of_hours(ctx: Context, edition: Edition) -> Edition:
    """The hours for an edition are over: what is not out waits, and the coordination team is told."""
    held = pause(ctx, edition, WINDOW)
    tell_held(ctx, held)
    return held


def _anew(one: Delivery, at: datetime, until: datetime, turn: int) -> Delivery:
    """The same message once more, at another moment."""
    return replace(
        one, id=0, key=f"{one.key}+{turn}", state="queued", says="", attempts=0, not_before=at,
        useful_until=until, post=None,
    )  # fmt: skip


def _has_news(ctx: Context, edition: Edition, one: Subscription) -> bool:
    """Whether an edition holds anything for who subscribed so."""
    member = one.person is not None and bool(ctx.store.roles.of_person(one.person))
    return bool(items_for(edition, member=member, topics=one.topics))


def _accounts(ctx: Context, edition: Edition, on: tuple[Subscription, ...]) -> Iterator[Reader]:
    """Mail accounts of nobody we know. One that somebody has made their own since is that person's."""
    for one in on:
        if one.account is None or not items_for(edition, member=False, topics=one.topics):
            continue
        there = ctx.store.accounts.get(one.account)
        if there.reachable:  # `person`: somebody has made it theirs since
            account = there.account
            yield Reader(
                f"account:{one.account}", account.name or account.user, account.platform, one.account,
                there.person_id, zone=account.zone or ctx.charter.alliance.zone,
            )  # fmt: skip


def _places(ctx: Context) -> Iterator[Reader]:
    for known in ctx.store.places.serving(PURPOSE):
        if known.state == "open":
            zone = known.zone or ctx.charter.alliance.zone
            name = known.place.name or known.place.channel
            yield Reader(
                f"place:{known.id}", name, known.place.platform, place=known.place, place_id=known.id,
                zone=zone,
            )  # fmt: skip
