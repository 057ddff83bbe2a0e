"""Backups: everything in one file, from either kind of database into either, and nobody notices."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.messages import Place
from storage.backup import Archive, Restored, restore
from storage.deliveries import Delivery
from storage.received import Received
from storage.store import Storage, Store
from tests.assembly_stage import ballots, closes, in_house, opened, votes
from tests.backup_stage import (
    AFTERWARDS,
    PICTURE,
    a_life,
    empty_database,
    going_on_over,
    holds,
    kept_of,
)
from tests.storage.test_append_only import refused
from tests.storage.test_migrations import connected
from tests.world import MORNING, World

KINDS = ("sqlite", "postgresql")
four_ways = pytest.mark.parametrize("goes_to", KINDS)  # and made on either
KEYS = (
    "SELECT conrelid::regclass::text, conname, condeferrable, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
)


@contextmanager
def over(url: str) -> Iterator[Storage]:
    storage = Storage(url)
    yield storage
    storage.close_now()


def restored(made: Any, url: str, now: Any = MORNING, moved: bool = False) -> Restored:
    return restore(url, Archive(made), now, moved=moved)


@four_ways
async def test_after_a_restore_everybody_goes_on_as_if_nothing_had_happened(
    request: pytest.FixtureRequest, database_url: str, goes_to: str
) -> None:
    old, new = database_url, empty_database(request, goes_to)
    with over(old) as storage:
        async with World("telegram" if old.startswith(goes_to) else "slack", storage) as world:
            lived = await a_life(world)
            before = holds(old)
            found = restored(kept_of(old), new, world.clock.now())

            assert (found.books, found.findings) == (2, ())
            after = holds(new)
            assert {name for name in before if before[name] != after[name]} <= AFTERWARDS
            assert before["deliveries"][0] == after["deliveries"][0] > 0
            assert sum(rows > 0 for rows, _ in after.values()) > 20

            async with going_on_over(world, new):
                marie, luc = lived.marie, lived.luc
                heard = await luc.taps("We did")  # a button that was given before the backup
                assert heard.first == "✓ Confirmed for MecaTech: Moulds & «Übung» ✓, Thu 12 Nov."
                heard = await marie.taps("Undo")
                assert heard.first.startswith(
                    "Moulds & «Übung» ✓ is confirmed by another organisation, so Undo is"
                )
                assert (await marie.types("/log workshop Sand on 13 Nov")).first.startswith("✓ Logged: Sand")
                heard = await votes(marie, lived.motion, "against")
                assert heard.first == f"🗳 Recorded for CIMES: Against, motion {lived.motion}."
                await ballots(world, lived.motion, pool_net="for", emc2="for", evoluma="for")
                assert (await closes(world, lived.motion)).outcome["result"] == "carried"
                with over(new) as looked:
                    assert looked.read_now(lambda store: store.media.content(1)) == PICTURE
                    assert looked.write_now(wants_one_more) == 3  # 2 was somebody's once


def wants_one_more(store: Store) -> int:
    return store.media.want("slack", "F3", "c.png", "image/png", 5, None, MORNING)


async def test_the_database_guards_the_past_after_a_restore_as_before(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    new = empty_database(request, kind)
    with over(database_url) as storage:
        async with World("slack", storage) as world:
            await ballots(world, await opened(world), cimes="for", mecatech="against")
    restored(kept_of(database_url), new)

    asked = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2" if kind == "sqlite" else KEYS
    stands = []
    for url in (database_url, new):
        with connected(url) as connection:
            stands.append([tuple(row) for row in connection.execute(text(asked))])
    assert stands[0] == stands[1]
    for table in ("ballots", "rolls"):
        refused(new, f"DELETE FROM {table}")
        refused(new, f"UPDATE {table} SET motion = motion")
    orphan = text("INSERT INTO terms (role_id, ends_on) VALUES (999, '2026-01-01')")
    with connected(new) as connection, pytest.raises(IntegrityError):
        connection.execute(orphan)


async def test_what_came_due_since_the_backup_is_not_said_twice(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    new = empty_database(request, "sqlite")
    with over(database_url) as storage:
        async with World("telegram", storage) as world:
            luc = await world.member("Luc", "mecatech")
            await in_house(world, lambda ctx: waits(ctx, luc))
            storage.write_now(lambda store: store.leases.take("leader", "the old one", None))
            later = world.clock.now() + timedelta(days=1)
            made = kept_of(database_url)
            world.clock.at = later
            found = restored(made, new, later)
            assert (found.left.messages, found.left.answers) == (2, 1)

            async with going_on_over(world, new):
                await world.settled()
                assert states_in(world.storage) == {
                    "due": "unknown",
                    "useless": "skipped",
                    "today": "unknown",
                    "tomorrow": "queued",
                    "claimed": "unknown",
                }
                assert world.storage.read_now(lambda store: store.leases.look("leader")) is None
                assert world.storage.read_now(lambda store: store.received.find("telegram", "7")) is not None


async def test_what_went_out_between_a_backup_and_a_quick_restore_goes_out_once(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    """As in docs/running.md, back to the version before: twenty minutes after the backup, back again."""
    new = empty_database(request, "sqlite")
    with over(database_url) as storage:
        async with World("telegram", storage) as world:
            luc = await world.member("Luc", "mecatech")
            await in_house(world, lambda ctx: waits(ctx, luc, timedelta(minutes=20)))
            made = kept_of(database_url, world.clock.now())
            await world.passes(minutes=10)
            assert states_in(storage)["today"] == "sent"
            await world.passes(minutes=10)
            assert restored(made, new, world.clock.now()).left.messages == 2

            async with going_on_over(world, new):
                await world.settled()
                assert states_in(world.storage)["today"] == "unknown"  # Luc read it once


async def test_a_bot_that_moved_goes_on_where_it_stopped(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    """It was stopped, backed up and restored elsewhere: nobody said anything meanwhile."""
    kind = "postgresql" if database_url.startswith("sqlite") else "sqlite"
    new = empty_database(request, kind)
    with over(database_url) as storage:
        async with World("telegram", storage) as world:
            luc = await world.member("Luc", "mecatech")
            await in_house(world, lambda ctx: waits(ctx, luc))
            made = kept_of(database_url)
            world.clock.at = later = world.clock.now() + timedelta(days=1)
            found = restored(made, new, later, moved=True)
            assert (found.left.messages, found.left.answers) == (0, 0)

            async with going_on_over(world, new):
                await world.settled()
                assert states_in(world.storage) == {
                    "due": "sent",
                    "useless": "skipped",
                    "today": "sent",
                    "tomorrow": "queued",
                    "claimed": "unknown",
                }


WAITS = ("due", "useless", "today", "tomorrow", "claimed")


def states_in(storage: Storage) -> dict[str, str]:
    """How the messages of `waits` stand."""
    return storage.read_now(
        lambda store: {
            one.key: one.state for key in WAITS if (one := store.deliveries.by_key(key)) is not None
        }
    )


def waits(ctx: Any, luc: Any, day: timedelta = timedelta(days=1)) -> None:
    """Messages at several moments of a day, one of them being sent, and an answer that was never given."""
    account = ctx.store.accounts.identify(luc.account)
    given = {
        "due": (ctx.now, None, "queued"),
        "useless": (ctx.now, ctx.now + day / 2, "queued"),
        "today": (ctx.now + day / 3, None, "queued"),
        "tomorrow": (ctx.now + 2 * day, None, "queued"),
    }
    these = [
        Delivery.new(
            key=key, platform="telegram", template="dropped", not_before=at, useful_until=until, state=state,
            account_id=account.account_id, person_id=account.person.id,
        )
        for key, (at, until, state) in given.items()
    ]  # fmt: skip
    claimed = Delivery.new(
        key="claimed", platform="telegram", template="dropped", not_before=ctx.now, state="attempting",
        attempted_at=ctx.now, account_id=account.account_id,
    )  # fmt: skip
    ctx.store.deliveries.queue([*these, claimed])
    place = Place("telegram", "", "1")
    ctx.store.received.record(Received("telegram", "7", luc.account, place, {}, "unsent", "", ctx.now))


async def test_a_backup_under_load_is_of_one_moment(
    request: pytest.FixtureRequest, database_url: str
) -> None:
    """Somebody writes two rows that belong together, again and again: no backup has one without the other."""
    new = empty_database(request, "sqlite")
    with over(database_url) as storage:
        async with World("slack", storage) as world:
            await ballots(world, await opened(world), cimes="for", mecatech="against")
            stop, written = threading.Event(), []

            def write() -> None:
                while not stop.is_set():
                    written.append(storage.write_now(pair))

            writer = threading.Thread(target=write)
            writer.start()
            made = [kept_of(database_url) for _ in range(3)]
            stop.set()
            writer.join()
            assert len(written) > 2
    counts = set()
    for one in made:
        archive = Archive(one)
        rows = {table.name: list(archive.rows(table)) for table in archive.manifest.tables}
        persons = [row for row in rows["persons"] if row["name"] == "Both"]
        silenced = [row for row in rows["silenced"] if row["kind"] == "both"]
        assert {row["id"] for row in persons} == {row["person_id"] for row in silenced}
        counts.add(len(persons))
    assert max(counts) > 0
    assert restored(made[-1], new).findings == ()


def pair(store: Store) -> int:
    """Two rows in two tables that belong together."""
    person = store.persons.add("Both", "en", "Europe/Brussels", MORNING)
    store.silenced.stop(person.id, "both", MORNING)
    return person.id


def test_what_a_backup_looks_like(sqlite_url: str, tmp_path: Path) -> None:
    with over(sqlite_url) as storage:
        storage.write_now(lambda store: store.persons.add("Zoë", "en", "Europe/Riga", MORNING))
    with ZipFile(kept_of(sqlite_url)) as file:
        said = json.loads(file.read("manifest.json"))
        assert file.read("tables/persons.jsonl").decode() == (
            '{"id":1,"name":"Zo\\u00eb","language":"en","zone":"Europe/Riga","notice_seen_at":null,'
            '"left_at":null,"added_at":"2026-11-24T09:30:00+00:00"}\n'
        )
    assert (said["format"], said["alliance"], said["created_at"]) == (1, "", "2026-11-24T09:30:00+00:00")
    assert {"name": "persons", "rows": 1}.items() <= next(
        one for one in said["tables"] if one["name"] == "persons"
    ).items()


async def test_a_book_that_did_not_fit_is_named_and_still_restored(
    request: pytest.FixtureRequest, sqlite_url: str
) -> None:
    new = empty_database(request, "sqlite")
    with over(sqlite_url) as storage:
        async with World("slack", storage) as world:
            await a_life(world)
    with connected(sqlite_url) as connection:  # somebody who may do anything
        connection.execute(text("DROP TRIGGER ballots_update"))
        connection.execute(text("UPDATE ballots SET payload = 'against' WHERE motion = 1 AND seq = 2"))
    found = restored(kept_of(sqlite_url), new)
    assert found.findings[0].startswith("Motion 1: ")
    assert "Line 2" in found.findings[0]
    with over(new) as storage:
        assert storage.read_now(lambda store: store.ballots.book(1))[1].payload == "against"
