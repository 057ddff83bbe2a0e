"""Made-up announcements, items and editions that the storage tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import Account
from bot.rules.broadcasts.values import Broadcast, Segment
from bot.rules.newsletter.values import Edition, Item, Note
from storage.store import Storage, Store
from tests.storage.made_up import DAY, NOW, settle

WEEK = timedelta(days=7)
ODD = "Žuvis \0 \ud800 & 🐟 \ud83d\ude00"  # NUL, half a surrogate, and a whole one in two halves
ODD_AS_KEPT = "Žuvis \ufffd \ufffd & 🐟 😀"

BROADCAST = Broadcast(number=0, texts={"en": "The call opens Monday."}, created_by=1, created_at=NOW)
EVERY_FIELD_OF_A_BROADCAST = Broadcast(
    number=0,
    texts={"fr": "L'appel ouvre lundi.", "en": "The call opens Monday.", "de": "**Montag**\n\n- a\n- b"},
    created_by=1,
    created_at=NOW,
    organisation="cimes",
    segments=(Segment("country", "FR"), Segment("role", "representative"), Segment("event", "12")),
    places=(3, 1),
    without=(5, 4),
    media=1,
    urgent="The hall burned down.",
    state="retracted",
    confirmed_by=1,
    confirmed_at=NOW + timedelta(minutes=1),
    second_by=1,
    send_at=NOW + timedelta(minutes=4),
    stopped_by=1,
    stopped_at=NOW + timedelta(minutes=5),
    version=1,
    edited_by=1,
    edited_at=NOW + timedelta(minutes=6),
    retracted_by=1,
    retracted_at=NOW + timedelta(minutes=7),
    authors=(1, 4),
    tries=2,
)
ITEM = Item(title="A new furnace", at=NOW)
EVERY_FIELD_OF_AN_ITEM = Item(
    source="member",
    kind="practice",
    title="Žuvis & Sons",
    text="They **heat**\nwith fish oil.",
    link="https://a.example/x?y=1",
    organisation="cimes",
    topics=("energy", "fish"),
    language="lt",
    consent="public",
    embargo=DAY,
    media=1,
    by=1,
    at=NOW,
    dropped_at=NOW + WEEK,
)
FOUND = Item(source="activity", key="7", kind="practice", title="A workshop", at=NOW)
EDITION = Edition(
    number=0,
    slug="2026-06",
    title="News, June 2026",
    created_at=NOW,
    collected_since=NOW - 4 * WEEK,
    collected_until=NOW,
    send_at=NOW + WEEK,
)
EVERY_FIELD_OF_AN_EDITION = Edition(
    number=0,
    slug="été-2026",
    title="News, été 2026",
    intro="*Sun.*",
    items=(replace(EVERY_FIELD_OF_AN_ITEM, id=4, used_in=1), FOUND, ITEM),
    approval="second",
    state="approved",
    created_at=NOW,
    created_by=1,
    changed_by=(1, 7),
    collected_since=NOW - 4 * WEEK,
    collected_until=NOW,
    send_at=NOW + WEEK,
    shown_at=NOW,
    seal="a1b2",
    approved_by=1,
    approved_at=NOW,
    stopped_by=1,
    stopped_at=NOW,
    sent_at=NOW + WEEK,
    why="Nobody said no.",
    notes=(Note(NOW + WEEK, 1, "It is Tuesday."), Note(NOW + 2 * WEEK, 1, "No: Monday.", "members")),
    version=3,
)


def begin(storage: Storage) -> int:
    """Ana of CIMES, by number, and a picture that she sent along."""

    def work(store: Store) -> int:
        ana = settle(store)
        store.media.want("telegram", "file-1", "furnace.jpg", "image/jpeg", 900, ana, NOW)
        return ana

    return storage.write_now(work)


def account(storage: Storage, address: str = "ola@example.org") -> int:
    """A mail account, by number."""
    mail = Account("email", "", address)
    return storage.write_now(lambda store: store.accounts.remember(mail, NOW))
