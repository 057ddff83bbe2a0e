"""Events and RSVPs for the tests of the rules: short to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.rules.events.values import Event, Mode, Repeats
from bot.rules.rsvp.answering import answer
from bot.rules.rsvp.promoting import taken_by
from bot.rules.rsvp.values import Rsvp, Seats, State, Wish, fresh

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
STARTS = datetime(2026, 12, 8, 14, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
No = Literal["", "party_too_big", "event_over"]
PEOPLE = {"Marie": 1, "João": 2, "Anna": 3, "Jānis": 4, "Paul": 5, "Inês": 6}


def event(starts: str = "2026-12-08 14:00", zone: str = "UTC", **given: Any) -> Event:
    """A webinar of an hour; `starts` is in UTC."""
    plain: dict[str, Any] = {
        "number": 12,
        "uid": "12@example.org",
        "kind": "webinar",
        "title": "Green hydrogen 101",
        "starts_at": datetime.fromisoformat(starts).replace(tzinfo=UTC),
        "minutes": 60,
        "zone": zone,
        "hosts": ("pool-net",),
        "audience": "public",
        "created_by": 1,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Event(**(plain | given))


def repeated(starts: str, zone: str, repeats: Repeats, times: int) -> Event:
    """A webinar that is held several times."""
    return event(starts, zone, repeats=repeats, times=times)


def seats(capacity: int | None = None, cap: int | None = None, **given: Any) -> Seats:
    """The seats of a webinar on 8 December, given as they become free; `cap` for each organisation."""
    plain: dict[str, Any] = {"mode": "auto", "starts_at": STARTS, "ends_at": ENDS}
    return Seats(capacity, cap, **(plain | given))


def rsvp(name: str, state: State, **given: Any) -> Rsvp:
    """Somebody's answer, of Pool-Net if nothing else is said."""
    plain: dict[str, Any] = {"event": 12, "organisation": "pool-net", "answered_at": NOW}
    return Rsvp(person=PEOPLE[name], state=state, **(plain | given))


def waiting(name: str, minutes: int, **given: Any) -> Rsvp:
    """Somebody in line since so many minutes after nine thirty."""
    return rsvp(name, "waitlisted", queued_at=NOW + timedelta(minutes=minutes), **given)


def says(name: str, wish: Wish, offered: Seats, others: tuple[Rsvp, ...] = (), **given: Any) -> Rsvp:
    """What becomes of somebody's first answer while others stand as they do."""
    own = fresh(12, PEOPLE[name], given.pop("organisation", "pool-net"), NOW)
    return answer(offered, taken_by(others), own, wish, given.pop("now", NOW), **given)


# ---- a plain model of a hall and its line ----


def organisation_of(person: int) -> str:
    """Two from Pool-Net, three each from CIMES and from nobody."""
    return ("pool-net", "cimes", "")[(person - 1) % 3]


def priority_of(person: int) -> int:
    """Person 8 goes before others."""
    return 1 if person == 8 else 0


@dataclass
class Hall:
    """What the rules of seats and lines come to, in lists: who sits on which chair, who stands in line, who
    has an offer until when. Seats are given by starting again from the head of the line."""

    capacity: int | None
    cap: int | None
    mode: Mode
    chairs: list[int] = field(default_factory=list)  # a person, once for each of their seats
    offers: dict[int, datetime] = field(default_factory=dict)  # of those on chairs: who has not said yes
    line: list[int] = field(default_factory=list)
    party: dict[int, int] = field(default_factory=dict)
    strikes: dict[int, int] = field(default_factory=dict)
    elsewhere: dict[int, str] = field(default_factory=dict)  # maybe, declined, withdrawn
    asked: set[int] = field(default_factory=set)

    def room(self, person: int, size: int) -> bool:
        own = organisation_of(person)
        rows = [self.capacity is None or len(self.chairs) + size <= self.capacity]
        if own and self.cap is not None:
            rows.append(sum(organisation_of(one) == own for one in self.chairs) + size <= self.cap)
        return all(rows)

    def goes(self, person: int, size: int) -> No:
        size = size or self.party.get(person, 1)
        before = self.chairs.count(person)
        if before:
            self.chairs = [one for one in self.chairs if one != person]
            if size > before and not self.room(person, size):
                self.chairs += [person] * before
                return "party_too_big"
        elif size > min(self.limits(person), default=size):
            return "party_too_big"
        elif not self.room(person, size):
            self.party[person] = size
            if person not in self.line:
                self.leaves(person)
                self.queues(person)
            return ""
        self.leaves(person)
        self.party[person] = size
        self.chairs += [person] * size
        return ""

    def limits(self, person: int) -> list[int]:
        cap = self.cap if organisation_of(person) else None
        return [limit for limit in (self.capacity, cap) if limit is not None]

    def stays_away(self, person: int, wish: Wish) -> None:
        had = person in self.chairs or person in self.line
        if wish == "no" and self.elsewhere.get(person) in ("declined", "withdrawn"):
            return
        self.leaves(person)
        self.party.setdefault(person, 1)
        self.elsewhere[person] = "maybe" if wish == "maybe" else "withdrawn" if had else "declined"

    def leaves(self, person: int) -> None:
        self.chairs = [one for one in self.chairs if one != person]
        self.line = [one for one in self.line if one != person]
        for book in (self.offers, self.elsewhere, self.strikes):
            book.pop(person, None)
        self.asked.discard(person)

    def queues(self, person: int) -> None:
        """Behind everybody of the same priority, before everybody of a lower one."""
        ahead = [one for one in self.line if priority_of(one) >= priority_of(person)]
        self.line.insert(len(ahead), person)

    def runs_out(self, now: datetime) -> None:
        for _, person in sorted((until, person) for person, until in self.offers.items() if until <= now):
            strikes = self.strikes.get(person, 0) + 1
            self.leaves(person)
            if strikes < 2:
                self.strikes[person] = strikes
                self.queues(person)
            else:
                self.elsewhere[person] = "withdrawn"

    def releases(self) -> None:
        for person in sorted(self.asked) if self.line else ():
            self.leaves(person)
            self.queues(person)

    def moves_up(self, until: datetime) -> None:
        """Seats for the line, one at a time, each time from its head."""
        while not (self.capacity is not None and len(self.chairs) > self.capacity):
            first = next((one for one in self.line if self.room(one, self.party[one])), None)
            if first is None:
                return
            strikes = self.strikes.get(first, 0)
            self.leaves(first)
            self.chairs += [first] * self.party[first]
            if self.mode == "offer" and (self.capacity is not None or self.cap is not None):
                self.offers[first], self.strikes[first] = until, strikes

    def state(self, person: int) -> str:
        if person in self.chairs:
            return "offered" if person in self.offers else "going"
        return "waitlisted" if person in self.line else self.elsewhere[person]
