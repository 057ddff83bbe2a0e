"""Who came: what is known of it, and how (spec/engagement.md section 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.rules.rsvp.values import Method, Rsvp


def joined(rsvp: Rsvp, now: datetime, method: Method, minutes: int = 0) -> Rsvp:
    """Their answer once it is known that they came, and by which method; `minutes` is how long they stayed, 0
    for unknown. Whoever was known to have come stays known by the first method, and minutes are added to it.
    Somebody who came without having answered answers by that."""
    if rsvp.state == "attended":
        return replace(rsvp, minutes=minutes) if minutes > 0 else rsvp
    return replace(
        rsvp,
        state="attended",
        said=rsvp.said or rsvp.state,
        method=method,
        minutes=minutes,
        answered_at=now if rsvp.state == "invited" else rsvp.answered_at,
    )


def not_there(rsvp: Rsvp) -> Rsvp:
    """Their answer once it is said that they did not come after all: what they had said before,
    or that they don't come if they have given back their seat since."""
    if rsvp.state != "attended":
        return rsvp
    if rsvp.gave_back:
        return replace(rsvp, state="withdrawn", seats=1, queued_at=None, said="", method="", minutes=0)
    return replace(rsvp, state=rsvp.said or "invited", said="", method="", minutes=0)


def measured(rsvps: Iterable[Rsvp]) -> tuple[Rsvp, ...]:
    """Those who said that they would come and did not, now that the host has said who came. Of nobody else
    is it known: who waited or might have come is not missing."""
    return tuple(replace(rsvp, state="no_show", said=rsvp.state) for rsvp in rsvps if rsvp.state == "going")
