"""What it takes to tally a motion on which everybody has voted, and to render its card."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks.assembly import Assembly, nobody, open_motion, put_away
from benchmarks.ballot_store import append
from bot.assembly.standing import found_motion, standing_of, topic_of
from bot.delivery.rendering import shown_card
from storage.store import Store

T = TypeVar("T")


def tallies(house: Assembly, times: int) -> dict[str, float]:
    """Milliseconds, the median of so many times. `read`: motion, roll and book from the database; `count`:
    which ballots stand, the counts and the verdict; `card`: all that and the card as it is sent."""
    number = open_motion(house).number

    def vote(store: Store) -> None:
        for slug, person in zip(house.slugs, house.persons, strict=True):
            append(number, slug, person, store)

    house.storage.write_now(vote)
    spent: dict[str, list[float]] = {"read": [], "count": [], "card": []}
    for _ in range(times):
        house.storage.read_now(lambda store: _tally(house, store, number, spent))
        house.storage.write_now(lambda store: _card(house, store, number, spent))
    put_away(house, number)
    return {what: statistics.median(each) for what, each in spent.items()}


def _tally(house: Assembly, store: Store, number: int, spent: dict[str, list[float]]) -> None:
    ctx = nobody(house.around, store)
    now = _timed(spent["read"], lambda: standing_of(ctx, found_motion(ctx, number)))
    _timed(spent["count"], lambda: now.verdict)
    assert now.counts.for_ == len(house.slugs)


def _card(house: Assembly, store: Store, number: int, spent: dict[str, list[float]]) -> None:
    topic = topic_of(found_motion(nobody(house.around, store), number))
    row = store.cards.of_topic(topic)[0]
    _timed(spent["card"], lambda: shown_card(house.around, store, row))


def _timed(spent: list[float], work: Callable[[], T]) -> T:
    began = time.perf_counter()
    done = work()
    spent.append((time.perf_counter() - began) * 1000)
    return done
