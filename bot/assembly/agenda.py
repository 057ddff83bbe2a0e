"""The agenda of a General Assembly: what the charter, the seats and the motions put on it, and own lines.

Worked out from what stands; once the meeting was held it is kept with the minutes, as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from bot.assembly.agreement import recorded_agreement
from bot.assembly.founding import agreement, running_agreement, running_renewal, term
from bot.assembly.meetings import day_of, last_meeting, voting_members, year_ends
from bot.assembly.seats import coordinating, elected, election_of, seats_of
from bot.context import Context
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from storage.meetings import Meeting

About = Literal["indicators", "renewal", "vacancy", "term", "agreement", "review", "motion", "extra"]


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `title` is a motion's, a role's, or the line as it was given; `name` who holds the role;
    `day` (ISO) when it is due; `motion` the motion about it, 0 while there is none."""

    about: About
    title: str = ""
    name: str = ""
    day: str = ""
    motion: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What a meeting that was held is remembered by: its agenda, and who had a vote (slugs)."""

    items: tuple[Item, ...]
    members: tuple[str, ...]

    def to_text(self) -> str:
        """As it is kept. `record_of` reads it back."""
        return json.dumps({"items": [asdict(one) for one in self.items], "members": self.members})


def agenda(ctx: Context, meeting: Meeting | None = None) -> tuple[Item, ...]:
    """What is on the agenda of a meeting, or would be if one were called now: the indicators (Art. 2), the
    renewal if it is due this year (Art. 8), seats that are vacant or whose term ends (Art. 5), the
    Partnership Agreement while there is none, here or recorded (Preamble), resolutions to be looked at
    again, the motions that are before the members, and the lines that it was called with."""
    day = day_of(meeting) if meeting else ctx.counting_day
    last = year_ends(ctx.charter, day)
    items = [
        Item("indicators"),
        *_renewal(ctx, last),
        *_elections(ctx, last),
        *_agreement(ctx),
        *_reviews(ctx, day, meeting),
    ]
    named = {one.motion for one in items if one.motion and one.about != "review"}
    items += [_pending(one) for one in before_members(ctx) if one.number not in named]
    return (*items, *(Item("extra", line) for line in (meeting.agenda if meeting else ())))


def record_of(ctx: Context, meeting: Meeting) -> Record:
    """The agenda of a meeting and who has a vote: as they were kept when it was held, else as they are."""
    if meeting.state == "held" and meeting.minutes:
        kept: dict[str, Any] = json.loads(meeting.minutes)
        return Record(tuple(Item(**one) for one in kept["items"]), tuple(kept["members"]))
    return Record(agenda(ctx, meeting), voting_members(ctx))


def before_members(ctx: Context) -> tuple[Motion, ...]:
    """The motions of which notice is given and that are not counted yet, the first to close first."""
    live = (one for one in ctx.store.motions.live() if phase(one, ctx.now) in ("notice", "open", "counting"))
    return tuple(sorted(live, key=lambda one: (one.closes_at, one.number)))


def _renewal(ctx: Context, last: date) -> Iterator[Item]:
    until, running = term(ctx).until, running_renewal(ctx)
    if until is not None and until <= last:
        yield Item("renewal", day=until.isoformat(), motion=running.number if running else 0)


def _elections(ctx: Context, last: date) -> Iterator[Item]:
    needed = {one.key for one in coordinating(ctx.charter)}
    for role in elected(ctx.charter):
        running = election_of(ctx, role.key)
        number = running.number if running else 0
        seats = seats_of(ctx, role.key)
        if not seats and role.key in needed:
            yield Item("vacancy", role.title, motion=number)
        for seat in seats:
            if seat.ends_on is not None and seat.ends_on <= last:
                name, day = seat.holder.person.name, seat.ends_on.isoformat()
                yield Item("term", role.title, name, day, number)


def _agreement(ctx: Context) -> Iterator[Item]:
    if agreement(ctx) is None and recorded_agreement(ctx) is None:
        running = running_agreement(ctx)
        yield Item("agreement", motion=running.number if running else 0)


def _reviews(ctx: Context, day: date, meeting: Meeting | None) -> Iterator[Item]:
    """Resolutions whose day to be looked at again has come since the meeting before."""
    before = last_meeting(ctx, meeting)
    since = day_of(before) if before else date.min
    for one in ctx.store.motions.all():
        holds = phase(one, ctx.now) == "final" and one.result == "carried"
        if holds and one.review_on is not None and since < one.review_on <= day:
            yield Item("review", one.title, day=one.review_on.isoformat(), motion=one.number)


def _pending(motion: Motion) -> Item:
    return Item("motion", motion.title, day=motion.closes_at.isoformat(), motion=motion.number)
