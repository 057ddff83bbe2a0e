"""Who could host the event that is missing together with an organisation (spec/engagement.md 9.3).

Pure: members in, proposals with their reasons out. Reasons are data; templates say them in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.rules.indicators import normal

TUESDAY, THURSDAY = 1, 3
AHEAD = timedelta(days=28)  # to find speakers and to invite
SOONEST = timedelta(days=10)  # where the year ends before
LOOKED_THROUGH = 90  # days in which a good one is looked for
DAY = timedelta(days=1)

Why = Literal["gap", "sector", "country", "new"]
WEIGHTS: tuple[Why, ...] = ("gap", "sector", "country", "new")  # the reason that says most first


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation (slug) as a partner: where it is at home (ISO 3166), the sectors it works in, whether
    it is `short` of the same event, how often this year it hosted with whom is looked for (`together`), and
    whether it has its vote and somebody here who can be asked."""

    organisation: str
    country: str = ""
    sectors: tuple[str, ...] = ()
    short: bool = False
    together: int = 0
    voting: bool = True
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an organisation fits: "gap" it is short of the same, "sector" both work in `what`, "country" it is
    at home in another one, "new" they have not hosted anything together yet this year."""

    why: Why
    what: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An organisation that fits, with at least one reason."""

    organisation: str
    reasons: tuple[Reason, ...]


def proposals(wanted: Member, candidates: Iterable[Member]) -> tuple[Proposal, ...]:
    """Who fits, the best first: more reasons before fewer, then the weightier ones, then who hosted with
    them less often. Whoever has no vote, cannot be asked or fits for no reason is left out; so is the
    organisation itself, and whoever stands there a second time (9.3)."""
    there: dict[str, Member] = {}
    for one in candidates:
        if one.organisation != wanted.organisation and one.voting and one.reachable:
            there.setdefault(one.organisation, one)
    found = [(_rank(one, why), Proposal(one.organisation, why)) for one in there.values()
             if (why := reasons(wanted, one))]  # fmt: skip
    return tuple(proposal for _, proposal in sorted(found, key=lambda pair: pair[0]))


def reasons(wanted: Member, other: Member) -> tuple[Reason, ...]:
    """Why `other` fits, the weightiest reason first; each sector that both work in is one."""
    countries = {wanted.country, other.country}
    return (
        *((Reason("gap"),) if other.short else ()),
        *(Reason("sector", sector) for sector in shared(wanted.sectors, other.sectors)),
        *((Reason("country"),) if len(countries) == 2 and "" not in countries else ()),
        *((Reason("new"),) if not other.together else ()),
    )


def shared(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """The sectors that both name, in our words and order: accents, case, signs and the order of the words
    make no difference."""
    known = {same_sector(sector) for sector in theirs}
    first: dict[tuple[str, ...], str] = {}
    for sector in ours:
        if same_sector(sector) in known:
            first.setdefault(same_sector(sector), sector)
    return tuple(first.values())


def same_sector(sector: str) -> tuple[str, ...]:
    """What makes two sectors the same: their words, however they are written and in whatever order."""
    return tuple(sorted(normal(sector).split()))


def event_day(today: date, last: date, works: Callable[[date], bool]) -> date:
    """A good day for an event: about four weeks ahead, Tuesday to Thursday, when everybody works. One up to
    `last` (the year's last day, so that it counts) is preferred, if need be an earlier one, ten days ahead
    at least. Where no day is good it is the one four weeks ahead."""
    first = today + AHEAD
    later = [first + n * DAY for n in range(LOOKED_THROUGH)]
    sooner = [first - n * DAY for n in range(1, (AHEAD - SOONEST).days + 1)]
    in_time = [day for day in (*later, *sooner) if day <= last]
    good = (day for day in (*in_time, *later) if TUESDAY <= day.weekday() <= THURSDAY and works(day))
    return next(good, first)


def _rank(other: Member, why: Sequence[Reason]) -> tuple[object, ...]:
    """Smaller is better; the slug makes it the same for whoever asks."""
    missing = tuple(one not in {reason.why for reason in why} for one in WEIGHTS)
    return (-len(why), missing, other.together, other.organisation)
