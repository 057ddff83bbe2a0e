"""Who is told what of an event. What it says is rendered when sent (`bot/handlers/events/`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from bot.context import Context
from bot.events.mailed import mail_seat
from bot.rules.events.values import Event
from storage.deliveries import Delivery

INVITED: Final = "event invitation"
SEAT: Final = "event seat"  # a seat is free, was held too long, or went to somebody else
LAST_CALL: Final = "event last seats"
MOVED: Final = "event moved"
CANCELLED: Final = "event cancelled"
CO_HOST: Final = "event co-host"  # an organisation was put down as one
ENDED: Final = "event log"
QUESTIONS: Final = "event questions"
SHARED: Final = "event shared"


def on_its_way(ctx: Context, kind: str, number: int, person: int, key: str = "") -> Delivery | None:
    """The notice of that kind about an event, by its number, that a person has not been sent yet."""
    waits = kept_notice(ctx, kind, number, person, key)
    return waits if waits is not None and waits.state == "queued" else None


def kept_notice(ctx: Context, kind: str, number: int, person: int, key: str = "") -> Delivery | None:
    """What became of the notice that `notify_event` queued for a person under this key; None for none."""
    return ctx.store.deliveries.by_key(f"{kind}:{number}:{key}:{person}")


def notify_event(
    ctx: Context,
    kind: str,
    event: Event,
    persons: Iterable[int],
    key: str = "",
    at: datetime | None = None,
    **values: Any,
) -> None:
    """A notice about an event to each of these persons, once for each `key`; at that moment (UTC) or now. Its
    values are the event's number and `values`, plain JSON. What it says of a seat, calendars hear too."""
    for person in dict.fromkeys(persons):
        ctx.notify(person, kind, f"{kind}:{event.number}:{key}", {"event": event.number, **values}, at)
        if kind == SEAT and values["what"] in ("going", "released"):
            mail_seat(ctx, event, person)
