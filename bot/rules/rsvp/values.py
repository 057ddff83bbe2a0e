"""The values of the RSVP rules: one person's answer, an event's seats, how many of them are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from bot.rules.events.values import Mode

State = Literal[
    "invited", "maybe", "going", "waitlisted", "offered", "declined", "withdrawn", "attended", "no_show"
]
Wish = Literal["going", "maybe", "no"]
Method = Literal["", "joined", "ticked", "imported"]  # how we know that somebody came

HOLDS: Final[tuple[State, ...]] = ("going", "offered", "attended")  # these states hold seats
YES: Final[tuple[State, ...]] = ("going", "attended", "no_show")  # these said that they would come


@dataclass(frozen=True, slots=True)
class Rsvp:
    """One person's answer to one event. Who has no row has not answered; `fresh` makes the value for them.
    `organisation` (slug) is whose seats they take, "" for nobody's. `seats` is how many they come with
    themselves included, 0 for who came to a session and comes to no other. `queued_at` orders the line (who
    came first, within a `priority`); `offered_until` is until when a seat is held for them (UTC), `expiries`
    how often that ran out. `asked_again_at`: the event was moved and they were asked whether they still come;
    None again once they say. `said` is the state before attendance was taken, `method` how, `minutes` how
    long they stayed as far as it is known."""

    event: int
    person: int
    organisation: str
    state: State
    answered_at: datetime
    seats: int = 1
    priority: int = 0
    queued_at: datetime | None = None
    offered_until: datetime | None = None
    expiries: int = 0
    asked_again_at: datetime | None = None
    said: State | Literal[""] = ""
    method: Method = ""
    minutes: int = 0

    @property
    def holds(self) -> int:
        """The seats that this answer holds."""
        return self.seats if self.state in HOLDS else 0

    @property
    def gave_back(self) -> bool:
        """Whether they came to a session, and come to no other: their seats in those are others'."""
        return self.state == "attended" and self.seats == 0


@dataclass(frozen=True, slots=True)
class Seats:
    """What an event offers, and when: `capacity` and `per_organisation` None for no limit; all in UTC.
    `starts_at` is the next session's, `ends_at` the last one's end; `goes_on`: a session is to come to which
    nobody can have been yet."""

    capacity: int | None
    per_organisation: int | None
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The seats that are held (going, offered, or there already): in all, and by organisation (slug)."""

    total: int = 0
    by_organisation: Mapping[str, int] = field(default_factory=dict)


def fresh(event: int, person: int, organisation: str, now: datetime) -> Rsvp:
    """The value for somebody who has not answered."""
    return Rsvp(event, person, organisation, "invited", now)
