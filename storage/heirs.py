"""What a channel was to one installation it becomes to another one that is in it: purposes, languages, cards
and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from bot.messages import Place
from storage.cards.tables import cards, is_live
from storage.cards.verbs import MOVE, REVIVE, STOPPED
from storage.columns import Value, Verbs, Words
from storage.deliveries.tables import CHANGES, deliveries, is_queued
from storage.places import KnownPlace, Places, places

RECENT = timedelta(days=30)  # cards that changed since are posted anew, older ones when they change again
SHUT = ("removed", "lost")

_through = bindparam("through", type_=Words)
_there = bindparam("there", type_=Value(Place))
HAND_ON = update(places).where(places.c.id == bindparam("one")).values(installation=_through)
STANDING = (
    select(cards.c.id, cards.c.topic_kind, cards.c.topic_key, cards.c.place, cards.c.not_before)
    .where(is_live, cards.c.platform == bindparam("on"))
    .where(cards.c.installation == bindparam("left"), cards.c.channel == bindparam("chat"))
    .order_by(cards.c.id)
    .with_for_update()
)
KEEP_POST = update(cards).where(cards.c.id == bindparam("one")).values(place=_there, installation=_through)
WAITING = (
    select(deliveries.c.id, deliveries.c.place)
    .where(is_queued, deliveries.c.platform == bindparam("on"), deliveries.c.target == bindparam("chat"))
    .where(deliveries.c.act.not_in(CHANGES))
    .order_by(deliveries.c.id)
    .with_for_update()
)
SEND_THROUGH = update(deliveries).where(deliveries.c.id == bindparam("one")).values(place=_there)


class Heirs(Verbs):
    """The verb over what an installation leaves behind."""

    def pass_on(self, old: Place, heir: str, now: datetime, opens: bool = True) -> None:
        """The channel, which was `old.installation`'s, is the heir's (a workspace) with all that was said of
        it, and the heir may write there; without `opens` it stays as it is. What the heir was told itself
        meanwhile goes before what is of one that had left. What stands is edited by nobody else, so cards
        that are still about something are posted anew."""
        kept = Places(self._connection, self._writes)
        theirs = {known.place.thread: known for known in kept.in_channel(replace(old, installation=heir))}
        for known in kept.in_channel(old):
            if known.state != "forgotten":
                self._place(kept, known, theirs.get(known.place.thread), heir, now, opens)
        self._cards(old, heir, now)
        self._waiting(old, heir)

    def _place(
        self, kept: Places, known: KnownPlace, there: KnownPlace | None, heir: str, now: datetime, opens: bool
    ) -> None:
        if there is None:
            self._connection.execute(HAND_ON, {"one": known.id, "through": heir})
        else:
            if known.state == "open" or not there.purposes:
                kept.take_over(there.id, (there, known))
            kept.forget(known.id)
        stays = there or known
        if opens and stays.state in SHUT:
            kept.set_state(stays.id, "open", "", now)

    def _cards(self, old: Place, heir: str, now: datetime) -> None:
        asked = {"on": old.platform, "left": old.installation, "chat": old.channel}
        for number, kind, key, place, shown_at in self._connection.execute(STANDING, asked).all():
            at = {"on": old.platform, "through": heir, "chat": old.channel, "within": place.thread}
            if self._connection.execute(REVIVE, {"of_kind": kind, "of_key": key, **at}).first() is not None:
                self._connection.execute(STOPPED, {"one": number})
                continue
            handed = {"one": number, "there": replace(place, installation=heir), **at}
            self._connection.execute(MOVE if shown_at >= now - RECENT else KEEP_POST, handed)

    def _waiting(self, old: Place, heir: str) -> None:
        asked = {"on": old.platform, "chat": old.channel}
        for number, place in self._connection.execute(WAITING, asked).all():
            if place is not None and place.installation == old.installation:
                there = replace(place, installation=heir)
                self._connection.execute(SEND_THROUGH, {"one": number, "there": there})
