"""Ballots: a roll is frozen once, a book loses no line, whoever writes at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.rules.decisions.motions import Entry, Voter
from storage.ballots import Explanation
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW, settle
from tests.storage.made_up_motions import CIMES_VOTES, MECATECH_VOTES, MOTION, fill, line, put


def roll(storage: Storage, number: int = 1) -> tuple[Voter, ...]:
    return storage.read_now(lambda store: store.ballots.roll(number))


def book(storage: Storage, number: int = 1) -> tuple[Entry, ...]:
    return storage.read_now(lambda store: store.ballots.book(number))


def append(store: Store, entry: Entry) -> None:
    store.ballots.append(entry)


def test_a_roll_is_frozen_once(storage: Storage) -> None:
    put(storage)
    put(storage)
    recused = replace(MECATECH_VOTES, recused_at=NOW, recused_why="it is about them")
    assert roll(storage) == ()

    def work(store: Store) -> None:
        store.ballots.freeze(1, (recused, CIMES_VOTES))
        with pytest.raises(Duplicate):
            store.ballots.freeze(1, (CIMES_VOTES,))
        store.ballots.freeze(2, ())  # nobody is entitled; the transaction goes on

    storage.write_now(work)
    assert roll(storage) == (CIMES_VOTES, recused)
    assert roll(storage, 2) == ()


def test_who_recuses_itself_does_so_once(storage: Storage) -> None:
    fill(storage)
    recused = replace(CIMES_VOTES, recused_at=NOW, recused_why="our own bid")

    def again(store: Store) -> Voter:
        assert store.ballots.recuse(1, "cimes", "our own bid", NOW) == recused
        return store.ballots.recuse(1, "cimes", "another reason", NOW + HOUR)

    assert storage.write_now(again) == recused
    assert roll(storage) == (recused, MECATECH_VOTES)
    with pytest.raises(LookupError, match="nobody on the roll of motion 1"):
        storage.write_now(lambda store: store.ballots.recuse(1, "nobody", "", NOW))


def test_a_book_keeps_its_lines_in_order(storage: Storage) -> None:
    fill(storage)
    put(storage)
    assert storage.read_now(lambda store: store.ballots.last(2)) is None
    later = line(1, 3, organisation="mecatech", at=NOW + HOUR, payload="Zażółć, gęślą", receipt="", via="")
    elsewhere = line(2, 1, at=NOW + MINUTE, receipt="R-1-2")
    for entry in (elsewhere, later):
        storage.write_now(partial(append, entry=entry))
    opened = line(1, 1, event="opened", organisation="", person=0, receipt="", via="")
    assert book(storage) == (opened, line(1, 2), later)
    assert book(storage, 2) == (elsewhere,)
    assert book(storage, 3) == ()

    def look(store: Store) -> None:
        assert store.ballots.last(1) == later
        assert store.ballots.by_receipt("R-1-2") == (line(1, 2), elsewhere)
        assert store.ballots.by_receipt("") == store.ballots.by_receipt("R-9") == ()
        everything = (NOW, NOW + HOUR)
        assert store.ballots.of_organisation("cimes", *everything) == (line(1, 2), elsewhere)
        assert store.ballots.of_organisation("cimes", NOW + MINUTE, NOW + MINUTE) == (elsewhere,)
        assert store.ballots.of_organisation("mecatech", NOW, NOW + MINUTE) == ()
        assert store.ballots.of_organisation("", *everything) == ()

    storage.read_now(look)


def test_a_line_that_is_there_stays(storage: Storage) -> None:
    fill(storage)

    def work(store: Store) -> None:
        with pytest.raises(Duplicate, match="line 2 of motion 1"):
            store.ballots.append(line(1, 2, payload="against"))
        store.ballots.append(line(1, 3))  # the transaction goes on

    storage.write_now(work)
    assert [(one.seq, one.payload) for one in book(storage)] == [(1, "for"), (2, "for"), (3, "for")]


@pytest.mark.parametrize("payload", ["nul \0", "half \ud800"])
def test_a_payload_is_kept_as_its_digest_has_it_or_not_at_all(storage: Storage, payload: str) -> None:
    fill(storage)
    with pytest.raises(ValueError, match="no database keeps"):
        storage.write_now(lambda store: store.ballots.append(line(1, 3, payload=payload)))
    assert len(book(storage)) == 2


async def test_two_that_write_into_one_book_lose_nothing(storage: Storage, database_url: str) -> None:
    await storage.write(lambda store: (settle(store), store.motions.add(MOTION)))
    other = Storage(database_url)  # a second process would be just as far away

    def next_line(store: Store) -> None:
        assert store.motions.get(1, lock=True) is not None
        last = store.ballots.last(1)
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        store.ballots.append(line(1, seq, previous=previous, hash=f"h{seq}"))

    await asyncio.gather(*(which.write(next_line) for which in [storage, other] * 10))
    await other.close()
    entries = await storage.read(lambda store: store.ballots.book(1))
    assert [one.seq for one in entries] == list(range(1, 21))
    assert [one.previous for one in entries] == ["", *(one.hash for one in entries[:-1])]


async def test_two_that_write_one_line_are_one_line_and_a_duplicate(
    storage: Storage, database_url: str
) -> None:
    await storage.write(lambda store: (settle(store), store.motions.add(MOTION)))
    other = Storage(database_url)
    ended = await asyncio.gather(
        *(which.write(lambda store: store.ballots.append(line(1, 1))) for which in [storage, other] * 3),
        return_exceptions=True,
    )
    await other.close()
    assert sorted(type(one).__name__ for one in ended) == ["Duplicate"] * 5 + ["NoneType"]


def test_an_explanation_is_replaced_and_taken_back(storage: Storage) -> None:
    put(storage)

    def say(organisation: str, words: str) -> tuple[Explanation, ...]:
        storage.write_now(lambda store: store.ballots.explain(1, organisation, 1, words, NOW))
        return storage.read_now(lambda store: store.ballots.explanations(1))

    theirs = Explanation(1, "mecatech", 1, "Too late in the year.", NOW)
    assert say("mecatech", "Too late in the year.") == (theirs,)
    assert [one.text for one in say("cimes", "We pay.")] == ["We pay.", "Too late in the year."]
    assert [one.text for one in say("cimes", "We pay half.")] == ["We pay half.", "Too late in the year."]
    assert say("cimes", "") == (theirs,)
    assert say("cimes", "") == (theirs,)
    assert storage.read_now(lambda store: store.ballots.explanations(2)) == ()
