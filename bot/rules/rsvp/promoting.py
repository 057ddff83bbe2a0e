"""Which seats are free, and whose they become (spec/engagement.md section 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.rules.events.moments import LAST_CALL
from bot.rules.rsvp.values import Rsvp, Seats, Taken

OFFERS = 2  # a seat is held for somebody so often, then they are taken for not coming
_LAST = datetime.max.replace(tzinfo=UTC)
_NEXT = timedelta(microseconds=1)  # the least that a moment can differ in a database


def promoted(
    seats: Seats, taken: Taken, line: Sequence[Rsvp], now: datetime, held_until: Callable[[Rsvp], datetime]
) -> tuple[Rsvp, ...]:
    """Those in line who get a free seat now, as they stand then: going, or offered until `held_until` where
    the event's mode is to ask. All free seats in one pass, which ends with the last one. A party larger than
    what is free, in all or for its organisation, is passed over and keeps its place. Nobody while more seats
    are taken than there are (none is free then), and nobody once the first tap gets a seat."""
    if seats.cancelled or (is_limited(seats) and is_first_tap(seats, now)):
        return ()
    given: list[Rsvp] = []
    for rsvp in in_order(line):
        if free(seats, taken) == 0:
            break
        room = free(seats, taken, rsvp.organisation)
        if room is not None and rsvp.seats > room:
            continue
        after = _given(rsvp, seats, held_until)
        if after.state == "offered" and after.offered_until is not None and after.offered_until <= now:
            continue
        given.append(after)
        taken = plus(taken, after)
    return tuple(given)


def expired(offered: Iterable[Rsvp], now: datetime, last_queued: datetime | None = None) -> tuple[Rsvp, ...]:
    """Those whose offer has run out, as they stand then (`ran_out`), in the order in which it did; who goes
    back in line stands `behind` all in it. Whoever came later than the offer ran out had it settled first, so
    that this changes a moment only where one was brought forward, or two clocks differ."""
    gone: list[Rsvp] = []
    over = [rsvp for rsvp in offered if has_run_out(rsvp, now)]
    for rsvp in sorted(over, key=lambda one: (_offered_until(one), one.person)):
        gone.append(behind(ran_out(rsvp), last_queued))
        last_queued = gone[-1].queued_at or last_queued
    return tuple(gone)


def released(
    going: Iterable[Rsvp], line_waits: bool, now: datetime, last_queued: datetime | None = None
) -> tuple[Rsvp, ...]:
    """Those who did not say whether they still come once the event had moved, as they stand when their seats
    go to the line: `behind` all in it, from where they get whatever it leaves. Nobody if no line waits."""
    if not line_waits:
        return ()
    silent = [rsvp for rsvp in going if rsvp.state == "going" and rsvp.asked_again_at is not None]
    back = (replace(rsvp, state="waitlisted", queued_at=now, asked_again_at=None) for rsvp in silent)
    return tuple(behind(rsvp, last_queued) for rsvp in back)


def behind(rsvp: Rsvp, last_queued: datetime | None) -> Rsvp:
    """Somebody who joins the line, behind all in it: the last of them joined at `last_queued`, None for an
    empty line. Whoever is in it was told their place, and may have joined by a clock that was ahead."""
    if last_queued is None or rsvp.queued_at is None or last_queued < rsvp.queued_at:
        return rsvp
    return replace(rsvp, queued_at=last_queued + _NEXT)


def asked_again(rsvp: Rsvp, now: datetime) -> Rsvp:
    """Their answer once the event has moved and they are asked whether they still come. Only who goes is
    asked, and keeps the seat meanwhile."""
    return replace(rsvp, asked_again_at=now) if rsvp.state == "going" else rsvp


def confirmed(rsvp: Rsvp, now: datetime) -> Rsvp:
    """Their answer once they said that they still come; itself if they were not asked."""
    if rsvp.state != "going" or rsvp.asked_again_at is None:
        return rsvp
    return replace(rsvp, asked_again_at=None, answered_at=now)


def has_run_out(rsvp: Rsvp, now: datetime) -> bool:
    """Whether a seat was held for them, and no longer is."""
    return rsvp.state == "offered" and now >= _offered_until(rsvp)


def ran_out(rsvp: Rsvp) -> Rsvp:
    """How somebody stands whose offer has run out: at the back of the line from that moment on, the second
    time out of it."""
    times = rsvp.expiries + 1
    if times < OFFERS:
        return replace(
            rsvp, state="waitlisted", queued_at=rsvp.offered_until, offered_until=None, expiries=times
        )
    return replace(rsvp, state="withdrawn", queued_at=None, offered_until=None, expiries=times)


def in_order(line: Iterable[Rsvp]) -> tuple[Rsvp, ...]:
    """The line, first to last: by priority, then by who waits longest."""
    return tuple(sorted(line, key=lambda one: (-one.priority, one.queued_at or _LAST, one.person)))


def free(seats: Seats, taken: Taken, organisation: str = "") -> int | None:
    """The seats that are free, for people of an organisation (slug) or at all; None if there is no limit."""
    left = [] if seats.capacity is None else [seats.capacity - taken.total]
    if organisation and seats.per_organisation is not None:
        left.append(seats.per_organisation - taken.by_organisation.get(organisation, 0))
    return max(0, min(left)) if left else None


def over_by(seats: Seats, taken: Taken) -> int:
    """How many more seats are taken than there are, since nobody loses one when they become fewer."""
    return 0 if seats.capacity is None else max(0, taken.total - seats.capacity)


def is_limited(seats: Seats) -> bool:
    """Whether there are only so many seats. Else nobody waits, and nothing is held for anybody."""
    return seats.capacity is not None or seats.per_organisation is not None


def is_first_tap(seats: Seats, now: datetime) -> bool:
    """Whether it is so late that no line is kept any more: the first tap gets a free seat."""
    return now >= seats.starts_at - LAST_CALL


def taken_by(rsvps: Iterable[Rsvp]) -> Taken:
    """The seats that these answers hold."""
    by_organisation: Counter[str] = Counter()
    for rsvp in rsvps:
        by_organisation[rsvp.organisation] += rsvp.holds
    named = {slug: seats for slug, seats in by_organisation.items() if slug and seats}
    return Taken(by_organisation.total(), named)


def plus(taken: Taken, *rsvps: Rsvp) -> Taken:
    """What is taken with the seats of these answers as well."""
    for rsvp in rsvps:
        own = taken.by_organisation.get(rsvp.organisation, 0) + rsvp.holds
        taken = Taken(taken.total + rsvp.holds, {**taken.by_organisation, rsvp.organisation: own})
    return taken


def minus(taken: Taken, rsvp: Rsvp) -> Taken:
    """What is taken without the seats of one answer."""
    own = taken.by_organisation.get(rsvp.organisation, 0) - rsvp.holds
    return Taken(taken.total - rsvp.holds, {**taken.by_organisation, rsvp.organisation: own})


def _given(rsvp: Rsvp, seats: Seats, held_until: Callable[[Rsvp], datetime]) -> Rsvp:
    if seats.mode == "offer" and is_limited(seats):
        return replace(rsvp, state="offered", offered_until=held_until(rsvp))
    return replace(rsvp, state="going", queued_at=None, expiries=0)


def _offered_until(rsvp: Rsvp) -> datetime:
    return rsvp.offered_until or _LAST
