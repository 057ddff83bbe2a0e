"""Making an edition: what is collected becomes a draft, or there is none this time, and that is said
(engagement.md 3.1 and 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.commands import N_
from bot.context import Context
from bot.in_force import charters_in
from bot.newsletter.archive import has_gone
from bot.newsletter.collecting import candidates
from bot.newsletter.figures import room_left, year_in_figures
from bot.newsletter.saying import say
from bot.newsletter.sending import free_the_unread
from bot.newsletter.standing import PURPOSE, newsletter_of
from bot.newsletter.telling import tell_late, tell_shown, tell_skipped
from bot.rules.newsletter.composing import Composed, compose, words_in
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition, Item
from bot.rules.newsletter.windows import in_window, next_send
from bot.templating.wording import locale_of
from storage.store import Store

A_DAY: Final = timedelta(days=1)  # that the coordination team has at least to look at it
LOOKED_BACK: Final = 20  # editions that went out or were stopped on their way
MOST_LATE: Final = 120  # editions that were missed in a row: nobody looks further back
INTRO = N_("What the members of the alliance did, decided and plan.")
# Why there is no edition.
NOTHING, NOBODY, LATE = "nothing", "nobody", "late"


def planned_send(store: Store) -> datetime | None:
    """When the edition after the last one goes out (UTC); None while nobody reads the newsletter."""
    charter = charters_in(store).versions[-1][1]
    since = _last_planned(store)
    return None if since is None else next_send(charter.newsletter, since, charter.alliance.zone)


def drafts_at(store: Store, sends_at: datetime) -> datetime:
    """When the draft of an edition is made that goes out then (UTC)."""
    days: int = charters_in(store).versions[-1][1].newsletter.draft_days
    return sends_at - timedelta(days=days)


def next_edition(ctx: Context, after: datetime | None = None) -> datetime:
    """When the first edition after that moment goes out by the charter's rhythm (UTC), whether there will be
    one or not; without it, the first whose draft is still to be made."""
    zone = ctx.charter.alliance.zone
    if after is not None:
        return next_send(newsletter_of(ctx), after, zone)
    planned = planned_send(ctx.store)
    if planned is not None and planned > ctx.now:
        return planned
    return next_send(newsletter_of(ctx), ctx.now + timedelta(days=newsletter_of(ctx).draft_days), zone)


def next_out(ctx: Context) -> datetime:
    """When the next edition is planned to go out (UTC), as anybody may be told: never a moment that has
    passed, though one is held."""
    coming = ctx.store.editions.open()
    if coming is not None and coming.send_at > ctx.now:
        return coming.send_at
    return next_edition(ctx)


def draft_due(ctx: Context) -> Edition | None:
    """Make the edition whose draft is due by now, if one is; it, or what was written down in its place. Those
    that nobody could make in time are left behind."""
    sends_at = planned_send(ctx.store)
    if sends_at is None or ctx.now < drafts_at(ctx.store, sends_at):
        return None
    # A chat that was just made one of its places is no reader who waits since the founding.
    unread = ctx.store.editions.latest() is None and not ctx.store.subscriptions.on()
    missed: datetime | None = None
    for _ in range(MOST_LATE):
        if sends_at > ctx.now and not (unread and drafts_at(ctx.store, sends_at) <= ctx.now):
            break
        missed, sends_at = sends_at, next_edition(ctx, sends_at)
    if missed is not None:
        left = _skip(ctx, missed, NOBODY if unread else LATE)
        if not unread:
            tell_late(ctx, left, sends_at)
    return draft(ctx, sends_at) if drafts_at(ctx.store, sends_at) <= ctx.now else None


def draft(ctx: Context, sends_at: datetime) -> Edition:
    """Compose the edition that goes out then and show it to the coordination team; where there is nothing
    worth one, write that down and say so."""
    free_the_unread(ctx)
    since, until = _since(ctx), ctx.now
    composed = composed_of(ctx, candidates(ctx, since, until), sends_at)
    if not composed.worth:
        edition = _skip(ctx, sends_at, NOTHING)
        tell_skipped(ctx, edition, len(composed.items), composed.words, next_edition(ctx, sends_at))
        return edition
    return show(ctx, filled(ctx, _empty(ctx, sends_at, since), composed.items))


def make_anyway(ctx: Context, number: int = 0) -> Edition | None:
    """An editor wants an edition where there was to be none, or one that was stopped before anybody got it
    (by number; 0: a new one): what there is becomes a draft. None if there is nothing at all."""
    free_the_unread(ctx)
    before = ctx.store.editions.get(number, lock=True) if number else None
    if before is not None and (before.sent_at is not None or before.state not in ("skipped", "stopped")):
        before = None
    since = before.collected_since if before else _since(ctx)
    sends_at = not_too_soon(ctx, before.send_at if before else next_edition(ctx))
    composed = composed_of(ctx, candidates(ctx, since, ctx.now), sends_at)
    if not composed.items:
        return None
    if before is None:
        return show(ctx, filled(ctx, _empty(ctx, sends_at, since), composed.items))
    again = replace(
        before, state="draft", why="", send_at=sends_at, collected_until=ctx.now, created_at=ctx.now,
        created_by=_own(ctx), changed_by=_changed_by(ctx), stopped_by=None, stopped_at=None,
        intro=before.intro or say(ctx, INTRO),
    )  # fmt: skip
    return show(ctx, filled(ctx, again, composed.items))


def composed_of(ctx: Context, found: Sequence[Item], sends_at: datetime) -> Composed:
    """What of all that was found goes into an edition that goes out then."""
    zone = ctx.charter.alliance.zone
    return compose(found, newsletter_of(ctx), sends_at, frozenset(ctx.organisations), zone)


def filled(ctx: Context, edition: Edition, items: Sequence[Item]) -> Edition:
    """The edition with these items, which no other takes, and the year's figures below an activity."""
    room = room_left(ctx, items, words_in(edition.intro))
    taken = ctx.store.news.take(edition.number, (*items, *year_in_figures(ctx, items, room)))
    return ctx.store.editions.write(replace(edition, items=taken))


def show(ctx: Context, edition: Edition, after: timedelta = timedelta()) -> Edition:
    """Show it to the coordination team as it is now: what they are shown is what goes out. `after` a while,
    in which it may be changed once more."""
    shown = replace(edition, shown_at=ctx.now, seal=seal(edition), version=edition.version + 1)
    shown = ctx.store.editions.write(shown)
    tell_shown(ctx, shown, after)
    return shown


def not_too_soon(ctx: Context, sends_at: datetime) -> datetime:
    """That moment, or a later one at which newsletters go out: the team has a day to look at it."""
    zone = ctx.charter.alliance.zone
    there = sends_at.astimezone(ZoneInfo(zone))
    while there.astimezone(UTC) < ctx.now + A_DAY or not in_window(there.astimezone(UTC), zone):
        there += A_DAY  # the same time of day, whatever the clocks do
    return there.astimezone(UTC)


def _empty(ctx: Context, sends_at: datetime, since: datetime) -> Edition:
    sends_at = not_too_soon(ctx, sends_at)
    day = sends_at.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    return ctx.store.editions.add(
        Edition(
            number=0,
            slug=_free_slug(ctx.store, day),
            title=titled(ctx, day),
            intro=say(ctx, INTRO),
            approval=newsletter_of(ctx).approval,
            created_at=ctx.now,
            created_by=_own(ctx),
            changed_by=_changed_by(ctx),
            collected_since=since,
            collected_until=ctx.now,
            send_at=sends_at,
        )
    )


def titled(ctx: Context, day: date) -> str:
    """What an edition of that day is called: "Green Manufacturing News, December 2026"."""
    month = format_date(day, "LLLL y", locale=locale_of(ctx.charter.alliance.language))
    return f"{newsletter_of(ctx).title}, {month}"


def _skip(ctx: Context, sends_at: datetime, why: str) -> Edition:
    """Write down that there is no edition then."""
    since, day = _since(ctx), sends_at.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    return ctx.store.editions.add(
        Edition(
            number=0, slug=_free_slug(ctx.store, day), title=titled(ctx, day), state="skipped", why=why,
            created_at=ctx.now, collected_since=since, collected_until=since, send_at=sends_at,
            approval=newsletter_of(ctx).approval,
        )
    )  # fmt: skip


def _since(ctx: Context) -> datetime:
    """From when on an edition looks back: where the last one ended that went out, for what stood in one that
    did not is told another time; before the first one, a month from when the first was to be made."""
    sent, _ = ctx.store.editions.sent(LOOKED_BACK)
    last = next((one for one in sent if has_gone(one)), None)
    if last is not None:
        return last.collected_until
    first = ctx.store.editions.get(1)
    return first.collected_since if first else ctx.now - timedelta(days=31)


def _own(ctx: Context) -> int | None:
    return ctx.identity.person.id if ctx.identity.person else None


def _changed_by(ctx: Context) -> tuple[int, ...]:
    own = _own(ctx)
    return () if own is None else (own,)


def _last_planned(store: Store) -> datetime | None:
    """After which moment the next edition is looked for: the last one's hour, or so long after the first
    reader came that there is time to make one. None while nobody reads it."""
    readers, places = store.subscriptions.on(), store.places.serving(PURPOSE)
    if not readers and not places:
        return None
    last = store.editions.latest()
    if last is not None:
        return last.send_at
    if readers:
        days = charters_in(store).versions[-1][1].newsletter.draft_days
        return min(one.since or one.asked_at for one in readers) + timedelta(days=days)
    founded = charters_in(store).versions[0][0]
    return datetime.combine(founded, datetime.min.time(), UTC)


def _free_slug(store: Store, day: date) -> str:
    slug, copies = f"{day:%Y-%m}", 1
    while store.editions.by_slug(slug) is not None:
        copies += 1
        slug = f"{day:%Y-%m}-{copies}"
    return slug
