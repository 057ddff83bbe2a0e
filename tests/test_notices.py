"""Notices: each says why it comes, is looked at once more as it leaves, and comes once, by one way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.context import Context
from bot.delivery import Worker
from bot.dispatch.surroundings import context_for
from bot.messages import Account, Call, Place, Reply
from bot.notices import NOTICES, QUESTION, Notice, Values
from storage.store import Storage, Store
from tests.lanes_stage import read_by, states
from tests.places_stage import stage
from tests.world import OnSlack, World

__all__ = ["stage"]  # a fixture

HOUR = timedelta(hours=1)
WHY = "You get this because you keep your organisation's list."
ON_TIME = "Seats left at Heat day?"


def says(ctx: Context, values: Values) -> Reply:
    return Reply("question", {"question": values["asks"], "hint": ""})


def still_edits(ctx: Context, values: Values) -> bool:
    if values["asks"] == "Broken?":
        raise ArithmeticError
    return bool(ctx.hats("edit_activities"))


@pytest.fixture(autouse=True)
def seats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of notice for whoever may edit, good for two hours."""
    notice = Notice("seats", "Seats", WHY, says, still_edits, 2 * HOUR, QUESTION)
    monkeypatch.setitem(NOTICES, "seats", notice)


async def notify(
    world: World, somebody: Any, key: str = "heat", asks: str = ON_TIME, at: datetime | None = None
) -> int:
    """Queue a notice for somebody, as a job does; returns how many were new."""

    def put(store: Store) -> int:
        call = Call("job", Account("", "", ""), Place("", "", ""), world.clock.now())
        ctx = context_for(world.worker._around, call, store)
        ctx.notify(person_of(store, somebody), "seats", key, {"asks": asks}, at)
        return store.deliveries.queue(ctx.told)

    return await world.storage.write(put)


def person_of(store: Store, somebody: Any) -> int:
    found = store.accounts.identify(somebody.account).person
    assert found is not None
    return found.id


async def test_it_says_why_it_comes(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await notify(world, luc)
    await world.settled()
    assert luc.reads().lines == [ON_TIME, WHY]


async def test_it_comes_once_a_key_and_never_before_its_moment(stage: World) -> None:
    luc, ana = await stage.member("Luc", "mecatech"), await stage.member("Ana", "pool-net")
    at = stage.clock.now() + HOUR
    assert [await notify(stage, somebody, at=at) for somebody in (luc, luc, ana)] == [1, 0, 1]
    await stage.passes(minutes=59)
    assert (read_by(luc), read_by(ana)) == ([], [])
    await stage.passes(minutes=1)
    assert await notify(stage, luc) == 0
    assert await notify(stage, luc, key="steel", asks="Seats left at Steel day?") == 1
    await stage.settled()
    assert read_by(luc) == [ON_TIME, "Seats left at Steel day?"]
    assert read_by(ana) == [ON_TIME]


def ends_role(store: Store, person: int, now: datetime) -> None:
    store.roles.end(store.roles.of_person(person)[0].id, now, None)


def silences(store: Store, person: int, now: datetime) -> None:
    store.silenced.stop(person, "seats", now)


def leaves(store: Store, person: int, now: datetime) -> None:
    store.persons.leave(person, now)


def unlinks(store: Store, person: int, now: datetime) -> None:
    store.accounts.detach(store.accounts.of_person(person)[0].account_id)


MEANWHILE = {
    "no longer due": ends_role,
    "they stopped this kind": silences,
    "they have left": leaves,
    "the account is not theirs any more": unlinks,
}


@pytest.mark.parametrize("why", MEANWHILE)
async def test_what_changed_meanwhile_keeps_it_back(stage: World, why: str) -> None:
    luc, ana = await stage.member("Luc", "mecatech"), await stage.member("Ana", "pool-net")
    for somebody in (luc, ana):
        await notify(stage, somebody, at=stage.clock.now() + HOUR)
    change: Callable[[Store, int, datetime], None] = MEANWHILE[why]
    now = stage.clock.now()
    await stage.storage.write(lambda store: change(store, person_of(store, luc), now))

    await stage.passes(hours=1)

    assert (read_by(luc), read_by(ana)) == ([], [ON_TIME])
    one = await stage.storage.read(lambda store: store.deliveries.get(1))
    assert one is not None
    assert (one.state, one.says) == ("skipped", why)


async def test_what_came_too_late_is_left_out(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    await notify(stage, luc)
    await notify(stage, luc, key="steel", asks="Seats left at Steel day?", at=stage.clock.now() + HOUR)
    await stage.stop_bot()
    stage.clock.pass_(hours=2)
    await stage.start_bot()
    await stage.settled()

    assert read_by(luc) == ["Seats left at Steel day?"]
    assert list((await states(stage)).values()) == ["skipped", "sent"]


async def test_what_was_stopped_and_wanted_again_comes(stage: World) -> None:
    luc = await stage.member("Luc", "mecatech")
    await notify(stage, luc, at=stage.clock.now() + HOUR)
    now = stage.clock.now()
    await stage.storage.write(lambda store: silences(store, person_of(store, luc), now))
    assert await notify(stage, luc, key="steel") == 0  # nothing new is put on its way meanwhile
    await stage.storage.write(lambda store: store.silenced.again(person_of(store, luc), "seats"))
    await stage.passes(hours=1)
    assert read_by(luc) == [ON_TIME]


async def test_one_that_breaks_stops_no_other(stage: World) -> None:
    luc, ana = await stage.member("Luc", "mecatech"), await stage.member("Ana", "pool-net")
    await notify(stage, luc, asks="Broken?")
    await notify(stage, ana)
    await stage.settled()
    assert (read_by(luc), read_by(ana)) == ([], [ON_TIME])
    assert list((await states(stage)).values()) == ["failed", "sent"]


# ---- the other account ----


@asynccontextmanager
async def on_both(storage: Storage) -> AsyncIterator[tuple[World, Any, OnSlack]]:
    """Luc on Telegram, where he is told things, and on Slack; the bot is on both."""
    async with World("telegram", storage) as world:
        await world.slack.start()
        luc = await world.member("Luc", "mecatech")
        there = OnSlack(world, "Luc")
        now = world.clock.now()

        def link(store: Store) -> None:
            store.accounts.attach(store.accounts.remember(there.account, now), person_of(store, luc))

        await storage.write(link)
        port = world._slack_port()
        assert world.port is not None
        ports = {"telegram": world.port, "slack": port}
        world.worker = Worker(storage, world.dispatch, ports, world.worker._around)
        await port.connect(world.dispatch)
        await world.slack.connected()
        yield world, luc, there
        await port.disconnect()
        await world.slack.stop()


def on_slack(world: World, there: OnSlack) -> list[str]:
    """What somebody reads in their direct chat on Slack."""
    return [one.words.split("\n")[0] for one in there.user.sees(there.user.direct)]


async def test_who_blocked_the_bot_reads_it_once_on_their_other_platform(database_url: str) -> None:
    storage = Storage(database_url)
    async with on_both(storage) as (world, luc, there):
        await notify(world, luc, at=world.clock.now() + HOUR)
        await notify(world, luc, key="steel", asks="Seats left at Steel day?", at=world.clock.now() + HOUR)
        luc.user.person.blocked = True  # of which nobody has told the bot yet
        await world.passes(hours=1)
        await world.passes(hours=1)
        assert on_slack(world, there) == [ON_TIME, "Seats left at Steel day?"]
        assert read_by(luc) == []

        assert await notify(world, luc) == 0
        await notify(world, luc, key="pumps", asks="Seats left at Pump day?")
        await world.settled()
        assert on_slack(world, there)[2:] == ["Seats left at Pump day?"]
        assert list((await states(world)).values()) == ["failed", "failed", "sent", "sent", "sent"]
    storage.close_now()


async def test_who_is_out_of_reach_everywhere_is_tried_once_on_each(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with on_both(storage) as (world, luc, there):
        await notify(world, luc)
        luc.user.person.blocked = True
        there.user.leaves_slack()
        await world.passes(hours=3)
        assert (on_slack(world, there), read_by(luc)) == ([], [])
        assert list((await states(world)).values()) == ["failed", "failed"]
    storage.close_now()


async def test_who_unlinked_an_account_reads_it_on_the_one_that_is_left(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with on_both(storage) as (world, luc, there):
        await notify(world, luc, at=world.clock.now() + HOUR)
        await storage.write(lambda store: unlinks(store, person_of(store, luc), world.clock.now()))
        await world.passes(hours=1)
        assert (on_slack(world, there), read_by(luc)) == ([ON_TIME], [])
        assert list((await states(world)).values()) == ["skipped", "sent"]
    storage.close_now()
