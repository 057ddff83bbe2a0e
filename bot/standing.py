"""Places that are out of reach. Nobody tells when that is over, so a sign of life has them tried again."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Call, Incoming, Place
from storage.store import Store

MENDS_ITSELF = ("muted", "lost")  # states of which nobody tells when they end


def is_heard_from(incoming: Incoming) -> bool:
    """Whether somebody types, taps or says something to the bot in a group. That a platform tells what
    happened to the group is none of it."""
    told = isinstance(incoming, Call) and incoming.command != ""
    return incoming.place.kind == "group" and not told


def heard_from(store: Store, place: Place, now: datetime) -> None:
    """What is muted or lost here is open again, and its cards are brought up to date. Where it is still out
    of reach, the next message marks it again."""
    for known in store.places.reach(place, now):
        show_cards(store, known.place, now)


def show_cards(store: Store, place: Place, now: datetime) -> None:
    """The cards in this very place are shown anew, at once: while it was out of reach, they were not."""
    for card in store.cards.in_place(place):
        store.cards.put(card.topic, card.place, now)
