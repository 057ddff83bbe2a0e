"""What becomes of an answer: a seat, a place in line, or neither (spec/engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.messages import Refusal
from bot.rules.rsvp.promoting import free, has_run_out, is_first_tap, minus, ran_out
from bot.rules.rsvp.values import HOLDS, Rsvp, Seats, State, Taken, Wish

_SEAT_OR_LINE: Final[tuple[State, ...]] = ("going", "offered", "waitlisted")
_NOT_COMING: Final[tuple[State, ...]] = ("declined", "withdrawn")


def answer(seats: Seats, taken: Taken, own: Rsvp, wish: Wish, now: datetime, party: int = 0) -> Rsvp:
    """How somebody stands once they have answered; `own` itself if that changes nothing. `taken` counts all
    seats that are held, theirs included; `party` is how many they come with themselves included, 0 for as
    many as before. The line is taken to be settled: whoever could have a free seat has it, so what is left
    is for whoever taps. Who came to a session of several keeps that, and gives up the seats in those to come.

    Raises Refusal "event_cancelled", "event_over" (once the last session has ended) with `number`, and
    "party_too_big" with `number`, `party`, `free` (seats that they can have now) and `most` (at any time,
    None for no limit): then nothing changes."""
    if seats.cancelled:
        raise Refusal("event_cancelled", "number", number=own.event)
    if now >= seats.ends_at:
        raise Refusal("event_over", "number", number=own.event)
    if own.state in ("attended", "no_show"):
        return _was_there(seats, taken, own, wish, now, party) if seats.goes_on else own
    late = has_run_out(own, now)
    if wish != "going":
        return _not_going(ran_out(own) if late else own, wish, now)
    size = party if party > 0 else own.seats
    if own.state in HOLDS and not late:
        return _holding(seats, taken, own, size, now)
    return _wanting(seats, minus(taken, own), own, size, now)


def _was_there(seats: Seats, taken: Taken, own: Rsvp, wish: Wish, now: datetime, party: int) -> Rsvp:
    """Somebody who came to a session, about those to come: there is no line for them, only a free seat."""
    if own.state != "attended" or (wish == "going") != own.gave_back:
        return own
    if wish != "going":
        return replace(own, seats=0, answered_at=now)
    size = max(party, 1)
    if not _fits(seats, taken, own, size):
        raise _too_big(seats, taken, own, size)
    return replace(own, seats=size, answered_at=now)


def _not_going(own: Rsvp, wish: Wish, now: datetime) -> Rsvp:
    if own.state == wish or (wish == "no" and own.state in _NOT_COMING):
        return own
    state: State = "maybe"
    if wish == "no":
        state = "withdrawn" if own.state in _SEAT_OR_LINE else "declined"
    return _stands(own, state, now)


def _holding(seats: Seats, taken: Taken, own: Rsvp, size: int, now: datetime) -> Rsvp:
    """Somebody with a seat takes it, or comes with more or fewer."""
    if size > own.seats and not _fits(seats, minus(taken, own), own, size):
        raise _too_big(seats, minus(taken, own), own, size)
    if own.state == "going" and size == own.seats and own.asked_again_at is None:
        return own
    return _stands(own, "going", now, size)


def _wanting(seats: Seats, others: Taken, own: Rsvp, size: int, now: datetime) -> Rsvp:
    """Somebody without a seat wants one: there is one, or they wait."""
    most = _most(seats, own.organisation)
    if most is not None and size > most:
        raise _too_big(seats, others, own, size)
    # The seat of an offer that ran out is the line's first; the next pass finds whose it is.
    passed = own.state == "offered" and not is_first_tap(seats, now)
    if not passed and _fits(seats, others, own, size):
        return _stands(own, "going", now, size)
    waits = ran_out(own) if own.state == "offered" else own
    if waits.state != "waitlisted":
        return replace(_stands(own, "waitlisted", now, size), queued_at=now)
    return waits if size == waits.seats else replace(waits, seats=size, answered_at=now)


def _stands(own: Rsvp, state: State, now: datetime, size: int = 0) -> Rsvp:
    """An answer that starts anew: nothing is left of a line, an offer or a question before."""
    return replace(
        own,
        state=state,
        answered_at=now,
        seats=size or own.seats,
        queued_at=None,
        offered_until=None,
        expiries=0,
        asked_again_at=None,
    )


def _fits(seats: Seats, others: Taken, own: Rsvp, size: int) -> bool:
    room = free(seats, others, own.organisation)
    return room is None or size <= room


def _most(seats: Seats, organisation: str) -> int | None:
    """The largest party there could be a seat for: if nobody else came."""
    return free(seats, Taken(), organisation)


def _too_big(seats: Seats, others: Taken, own: Rsvp, size: int) -> Refusal:
    most = _most(seats, own.organisation)
    room = max(free(seats, others, own.organisation) or 0, own.holds)
    return Refusal("party_too_big", "seats", number=own.event, party=size, free=room, most=most)
