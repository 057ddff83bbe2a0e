"""After a burst: nothing is lost, the line is in order, the cards say so, and everybody was told once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from benchmarks.gathering import Gathering
from bot.events.telling import SEAT
from bot.messages import Account, Answer
from storage.database import read_url, reader_engine, writer_engine
from storage.deliveries import deliveries

POSITION = re.compile(r"You're (?:number (\d+)|first) in line\.")
LEAST = {"telegram": 5.0, "slack": 3.0}  # seconds between two edits (spec/engagement.md section 1)

Said = Sequence[tuple[Account, Answer]]
Seen = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Found:
    """Who goes and who waits, by person, first answer first."""

    going: tuple[int, ...]
    line: tuple[int, ...]


def all_answered(house: Gathering, event: int, capacity: int | None, said: Said, seen: Seen) -> Found:
    """Everybody's answer is there: the seats went to those who came first, all others wait in the order in
    which they came and as they were told. Raises AssertionError."""
    people = len(said)
    going = people if capacity is None else min(capacity, people)
    rows = house.storage.read_now(lambda store: store.rsvps.of_event(event))
    line = house.storage.read_now(lambda store: store.rsvps.line(event))
    states = Counter(one.state for one in rows)
    assert (states["going"], states["waitlisted"], len(rows)) == (going, people - going, people), states
    found = Found(
        tuple(one.person for one in rows if one.state == "going"), tuple(one.person for one in line)
    )
    _check_order(house, found, said)
    _check_cards(seen, going, people - going)
    return found


def all_moved_up(house: Gathering, event: int, before: Found, left: Sequence[int], seen: Seen) -> None:
    """The first so many of the line have the seats of those who left, in order, and each was told once.
    Raises AssertionError."""
    rows = house.storage.read_now(lambda store: store.rsvps.of_event(event))
    line = house.storage.read_now(lambda store: store.rsvps.line(event))
    moved, stay = before.line[: len(left)], before.line[len(left) :]
    going = {one.person for one in rows if one.state == "going"}
    assert going == {*before.going, *moved} - {*left}, "others than the first of the line go"
    assert tuple(one.person for one in line) == stay, "the line is another one"
    assert {one.person for one in rows if one.state == "withdrawn"} == {*left}
    assert _told(house) == tuple((person, "sent") for person in moved), "told in another order, or not"
    accounts = dict(zip(house.persons, house.accounts, strict=True))
    for account in map(accounts.__getitem__, moved):
        heard = seen[account.platform]["private"].get(account.user.replace("U", "D"), 0)
        assert heard == 1, f"told {heard} times"
    _check_cards(seen, len(going), len(stay))


def _check_order(house: Gathering, found: Found, said: Said) -> None:
    """Everybody who waits stands where they were told, and in the Telegram group, where taps are taken in
    order, whoever tapped first goes or stands first. Persons are numbered in the order in which they tap."""
    told, places = _positions(house, said), {person: place for place, person in enumerate(found.line, 1)}
    others = sorted(told.items() ^ places.items())
    assert not others, f"told another place than they have: {others}"
    on_telegram = {*house.persons[::2]}
    seated = [person for person in found.going if person in on_telegram]
    waiting = [person for person in found.line if person in on_telegram]
    assert waiting == sorted(waiting), "the line is not in the order of the taps"
    assert not waiting or max(seated) < waiting[0], "somebody has a seat who tapped after one who waits"


def _positions(house: Gathering, said: Said) -> dict[int, int]:
    """What everybody who waits was told of their place, by person."""
    persons = {account.user: person for account, person in zip(house.accounts, house.persons, strict=True)}
    told = {}
    for account, answer in said:
        if answer.message and (found := POSITION.search(answer.message.text)):
            told[persons[account.user]] = int(found[1] or 1)
    return told


def _check_cards(seen: Seen, going: int, line: int) -> None:
    for platform, card in seen.items():
        says = re.findall(r"(\d+) (going|in line)\b", card["text"])
        wanted = [(str(going), "going"), *([(str(line), "in line")] if line else [])]
        assert says == wanted, f"{platform}: {card['text']}"
        gaps = [later - before for before, later in pairwise(card["shown"])]
        assert min(gaps, default=LEAST[platform]) >= LEAST[platform], f"{platform}: {gaps}"


def _told(house: Gathering) -> tuple[tuple[int, str], ...]:
    """Who was to be told of a seat, in order, and whether they were."""
    wanted = select(deliveries.c.person_id, deliveries.c.state).where(deliveries.c.kind == SEAT)
    engine = reader_engine(read_url(house.url), writer := writer_engine(read_url(house.url)))
    with engine.connect() as connection:
        found = tuple((row[0], row[1]) for row in connection.execute(wanted.order_by(deliveries.c.id)))
    engine.dispose()
    writer.dispose()
    return found
