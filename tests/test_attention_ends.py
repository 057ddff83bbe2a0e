"""Until when a notice is of use: the end of what it is about stands, any other moves along with its moment
(engagement.md section 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import batches
from bot.context import Context
from bot.delivery import sending
from bot.handlers.voting.owed import key_of
from bot.people.reach import Reader
from storage.deliveries import Delivery
from storage.store import Store
from tests.assembly_stage import in_house, opened
from tests.attention_deliveries import DAY, chooses, every, it_is, kinds, notify, person_of, several
from tests.attention_stage import calm
from tests.lanes_stage import SENDS, fails, read_by
from tests.world import MORNING, World

__all__ = ["calm", "kinds"]
pytestmark = pytest.mark.usefixtures("kinds")


async def only(world: World, key: str) -> Delivery:
    return next(one for one in await every(world) if one.key.startswith(key))


async def test_an_end_is_one_because_somebody_said_so(calm: World) -> None:
    """Also one that is as far away as its kind is of use."""
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "First?")
    end = MORNING + 2 * DAY
    await notify(calm, luc, "Hard?", until=end)
    await notify(calm, luc, "Soft?")
    hard, soft = await only(calm, "Hard?"), await only(calm, "Soft?")
    assert hard.says == soft.says == "day is full"
    assert (hard.fixed_end, hard.useful_until) == (True, end)
    assert (soft.fixed_end, soft.useful_until) == (False, soft.not_before + 2 * DAY)
    await luc.types("/notify events weekly")
    hard, soft = await only(calm, "Hard?"), await only(calm, "Soft?")
    assert (hard.useful_until, soft.useful_until) == (end, soft.not_before + 2 * DAY)


async def test_what_is_sent_to_many_has_an_end_if_it_was_given_one(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")

    def send(ctx: Context) -> list[bool]:
        readers = [Reader("person:1", "Luc", calm.platform, 1, person_of(ctx.store, luc))]
        for name, until in (("ours:1", None), ("ours:2", ctx.now + DAY)):
            batches.send(ctx, name, "seats", {"asks": name}, readers, ctx.now + DAY, useful_until=until)
        return [ctx.store.deliveries.of_batch(name)[0].fixed_end for name in ("ours:1", "ours:2")]

    assert await in_house(calm, send) == [False, True]


async def test_a_try_that_went_wrong_makes_no_end(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    for n, day in enumerate((24, 25, 26), 1):
        await it_is(calm, day, 10, 30 + n)
        await notify(calm, luc, f"Seats {n}?")
    await it_is(calm, 27, 10)
    await in_house(calm, lambda ctx: ctx.notify(person_of(ctx.store, luc), "seats", "x", {"asks": "Fourth?"}))
    way = calm.worker._ways[0]

    def another_lane_decides(store: Store) -> None:
        one = store.deliveries.claim(calm.clock.now(), way.port.name)
        assert one is not None
        store.deliveries.later(one.id, calm.clock.now() + sending.SOON, "something is under way")

    await calm.storage.write(another_lane_decides)
    calm.clock.pass_(seconds=3)
    await calm.settled()
    await it_is(calm, 30, 10)
    assert read_by(luc)[3:] == ["Fourth?"]


async def test_a_digest_that_was_tried_on_friday_comes_on_monday(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await it_is(calm, 27, 17, 59)
    calm.clock.pass_(seconds=57)
    fails(calm, SENDS, status=429, retry_after=120)
    await several(calm, luc, "Heat day?", "Steel day?")
    await it_is(calm, 29, 20)
    assert read_by(luc) == []
    await it_is(calm, 30, 9)
    assert len(read_by(luc)) == 1
    assert "Heat day?" in luc.reads().text


@pytest.mark.parametrize(("days", "at"), [(3, (25, 8)), (0.5, (24, 9))])
async def test_what_closes_before_the_weekly_digest_comes_earlier(
    calm: World, days: float, at: tuple[int, int]
) -> None:
    """In a digest of a day, or else at once."""
    marie = await calm.member("Marie", "cimes", "representative")
    await chooses(calm, marie, "votes", pace="weekly")
    number = await opened(calm)
    values = {"owed": key_of(number, "cimes"), "motion": number, "organisation": "cimes"}

    def asks(ctx: Context) -> None:
        key, until = f"vote reminder:{number}:cimes", ctx.now + days * DAY
        ctx.notify(person_of(ctx.store, marie), "vote reminder", key, values, until=until)

    await in_house(calm, asks)
    await calm.settled()
    await it_is(calm, 30, 10)
    one = await only(calm, "vote reminder")
    assert one.state == "sent"
    assert one.attempted_at is not None
    assert (one.attempted_at.day, one.attempted_at.hour) == at


async def test_a_full_week_is_not_widened_by_an_end(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await chooses(calm, luc, "events", pace="weekly")
    await notify(calm, luc, "Motion 7?", "vote")
    end = calm.clock.now() + timedelta(hours=10)
    await notify(calm, luc, "Seats?", until=end)
    one = await only(calm, "Seats?")
    assert (one.state, one.says) == ("queued", "day is full")
    await it_is(calm, 30, 10)
    one = await only(calm, "Seats?")
    assert (one.state, one.says, len(read_by(luc))) == ("skipped", "past its use", 1)


async def test_a_digest_put_off_comes_whatever_membership_is_set_to(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await chooses(calm, luc, "alliance", pace="off")
    await several(calm, luc, "Heat day?", "Steel day?")
    await luc.taps("Later")
    await luc.taps("Tomorrow")
    await it_is(calm, 25, 10)
    assert len(read_by(luc)) == 3
    assert "Heat day?" in luc.reads().text


async def test_the_month_counts_what_says_something_new(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "Seats?")

    def edits(store: Store) -> None:
        said = store.deliveries.get(1)
        assert said is not None
        edit = replace(said, id=0, key="ours:1:edit", batch="ours:1", act="edit", about=1, counted=False)
        store.deliveries.queue([edit])

    await calm.storage.write(edits)
    await calm.settled()
    had = await calm.storage.read(lambda store: store.deliveries.sent_to(person_of(store, luc), MORNING))
    assert had == {True: 1}
