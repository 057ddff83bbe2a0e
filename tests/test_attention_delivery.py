"""Attention in the post office: what goes, what waits, what is said in one digest, who reads it instead
(engagement.md section 2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.context import Context
from storage.deliveries import Delivery
from storage.store import Store
from tests.assembly_stage import in_house
from tests.attention_deliveries import (
    DAY,
    DONE,
    WHY,
    away,
    chooses,
    every,
    fates,
    it_is,
    kinds,
    notify,
    person_of,
    several,
)
from tests.attention_stage import calm
from tests.lanes_stage import SENDS, fails, read_by
from tests.world import MORNING, World

__all__ = ["calm", "kinds"]
pytestmark = pytest.mark.usefixtures("kinds")


# ---- the budget ----


async def test_one_a_day_and_three_a_week_then_monday(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    for n, day in enumerate((24, 25, 26, 27, 27), 1):
        await it_is(calm, day, 10, 30 + n)
        await notify(calm, luc, f"Seats {n}?")
        assert len(read_by(luc)) == min(n, 3)
    await it_is(calm, 29, 23)
    assert read_by(luc) == ["Seats 1?", "Seats 2?", "Seats 3?"]
    [*_, fourth, fifth] = await every(calm)
    assert (fourth.state, fourth.says, fifth.says) == ("queued", "week is full", "week is full")
    await it_is(calm, 30, 8, 59)
    assert len(read_by(luc)) == 3
    await it_is(calm, 30, 9)
    assert len(read_by(luc)) == 4
    assert [one for one, _ in await fates(calm)] == ["sent"] * 3 + ["folded"] * 2 + ["sent"]


async def test_what_comes_together_is_one_digest(calm: World) -> None:
    luc, ana = await calm.member("Luc", "mecatech"), await calm.member("Ana", "pool-net")
    await several(calm, luc, "Heat day?", "Steel day?", "Pump day?")
    await notify(calm, ana, "Heat day?")
    assert (len(read_by(luc)), read_by(ana)) == (1, ["Heat day?"])
    for words in ("Heat day?", "Steel day?", "Pump day?"):
        assert words in luc.reads().text
    assert [one for one, _ in await fates(calm)] == ["folded"] * 3 + ["sent"] * 2
    digest = next(one for one in await every(calm) if one.kind == "digest")
    assert (digest.values["items"], digest.counted) == ([1, 2, 3], True)
    await notify(calm, luc, "Weld day?")
    assert len(read_by(luc)) == 1
    await it_is(calm, 25, 9)
    assert read_by(luc)[1:] == ["Weld day?"]


async def test_what_is_done_or_stopped_meanwhile_is_not_in_it(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "First?")
    await several(calm, luc, "Heat day?", "Steel day?")
    await several(calm, luc, "Motion 7?", kind="vote")
    DONE.add("Heat day?")
    await calm.storage.write(lambda store: store.silenced.stop(person_of(store, luc), "vote", MORNING))
    await it_is(calm, 25, 9)
    assert read_by(luc) == ["First?", "Steel day?"]
    assert (await fates(calm))[1:] == [
        ("skipped", "no longer due"),
        ("sent", "day is full"),
        ("skipped", "they stopped this kind"),
    ]


async def test_a_digest_of_which_nothing_is_left_is_not_sent(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    calm.clock.at = MORNING + timedelta(hours=9)  # in the evening
    await several(calm, luc, "Heat day?", "Steel day?")

    def folds(ctx: Context) -> None:
        ctx.store.deliveries.fold([1, 2], ctx.now)
        ctx.notify(person_of(ctx.store, luc), "digest", "digest:1", {"items": [1, 2]})

    await in_house(calm, folds)
    await calm.settled()
    DONE.update(("Heat day?", "Steel day?"))
    await it_is(calm, 25, 9)
    assert read_by(luc) == []
    assert (await fates(calm))[-1] == ("skipped", "no longer due")


async def test_a_digest_that_waits_takes_up_what_comes(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "First?")
    fails(calm, SENDS, status=429, retry_after=3)
    await it_is(calm, 25, 7)
    await several(calm, luc, "Heat day?", "Steel day?")  # it is quiet until half past eight
    await it_is(calm, 25, 8, 29)
    await several(calm, luc, "Pump day?")
    await it_is(calm, 25, 10)
    items = [one.values["items"] for one in await every(calm) if one.kind == "digest" and one.state == "sent"]
    assert items == [[2, 3, 4]]
    assert len(read_by(luc)) == 2


async def test_promised_things_come_however_much_it_was(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "First?")
    await notify(calm, luc, "Tomorrow: Heat day.", "promised")
    await notify(calm, luc, "The link.", "join")
    assert read_by(luc) == ["First?", "Tomorrow: Heat day.", "The link."]
    counted = await calm.storage.read(lambda store: store.deliveries.sent_to(person_of(store, luc), MORNING))
    assert counted == {True: 1, False: 2}


# ---- hours ----


async def test_quiet_hours_put_off_what_may_wait(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await it_is(calm, 27, 18)  # a Friday
    await notify(calm, luc, "Seats?", until=calm.clock.now() + 7 * DAY)
    await notify(calm, luc, "Tomorrow: Heat day.", "promised", until=calm.clock.now() + DAY)
    await notify(calm, luc, "The link.", "join")
    assert read_by(luc) == ["The link."]
    await it_is(calm, 30, 8, 29)
    assert read_by(luc) == ["The link."]
    await it_is(calm, 30, 8, 50)
    assert read_by(luc) == ["The link.", "Seats?"]
    assert ("skipped", "past its use") in await fates(calm)  # it ended on Saturday


async def test_how_long_it_helps_moves_along_unless_it_has_an_end(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    end = calm.clock.now() + 9 * DAY
    await away(calm, luc, date(2026, 12, 2))
    await notify(calm, luc, "Soft?")
    await notify(calm, luc, "Hard?", until=end)
    soft, hard = await every(calm)
    assert soft.says == hard.says == "away"
    assert soft.useful_until == soft.not_before + 2 * DAY
    assert (hard.useful_until, hard.since) == (end, MORNING)
    await calm.passes(days=9, hours=2)
    assert len(read_by(luc)) == 1
    assert [one for one, _ in await fates(calm)] == ["folded", "folded", "sent"]


# ---- what they chose ----


async def test_a_theme_daily_weekly_and_off(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await chooses(calm, luc, "events", pace="weekly")
    await chooses(calm, luc, "votes", pace="daily")
    await notify(calm, luc, "Seats?")
    await notify(calm, luc, "Motion 7?", "vote")
    await notify(calm, luc, "The link.", "join")
    assert read_by(luc) == ["The link."]
    await it_is(calm, 25, 9)
    assert read_by(luc) == ["The link.", "Motion 7?"]
    await notify(calm, luc, "Motion 8?", "vote")
    await chooses(calm, luc, "votes", pace="off")
    await notify(calm, luc, "Motion 9?", "vote")  # nothing new is put on its way
    await it_is(calm, 30, 9)
    assert read_by(luc) == ["The link.", "Motion 7?", "Seats?"]
    assert (await fates(calm))[-1] == ("skipped", "they stopped this kind")


async def test_what_they_put_off_themselves_comes_then(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "First?")
    await notify(calm, luc, "Later?")
    waits = (await every(calm))[-1]

    def snoozes(store: Store) -> None:
        store.deliveries.skipped(waits.id, "put off")
        again = {"id": 0, "key": "later~1", "asked": True, "not_before": MORNING + timedelta(hours=1)}
        shown = {name: getattr(waits, name) for name in waits.__dataclass_fields__}
        store.deliveries.queue([Delivery.new(**{**shown, **again, "state": "queued", "since": None})])

    await calm.storage.write(snoozes)
    await calm.passes(hours=1)
    assert read_by(luc) == ["First?", "Later?"]
    assert [one.counted for one in await every(calm)] == [True, False, False]


# ---- away ----


async def test_a_deputy_is_asked_once_and_the_rest_waits(calm: World) -> None:
    ana, bea = await calm.member("Ana", "pool-net"), await calm.member("Bea", "pool-net")
    await away(calm, ana, date(2026, 11, 25), bea)
    await away(calm, bea, date(2026, 11, 24), ana)
    await notify(calm, ana, "Motion 7?", "vote")
    await notify(calm, ana, "Seats?")
    assert (read_by(ana), read_by(bea)) == ([], [])
    await it_is(calm, 25, 11)
    assert bea.reads().lines == ["Motion 7?", "You get this because you stand in for Ana."]
    await it_is(calm, 25, 17)
    assert (read_by(ana), len(read_by(bea))) == ([], 1)
    await it_is(calm, 26, 11)
    assert len(read_by(ana)) == 1
    assert {"Motion 7?", "Seats?"} <= set(ana.reads().text.replace("1 ", "").replace("2 ", "").split("\n"))
    assert len(read_by(bea)) == 1


async def test_who_is_asked_anyway_gets_no_copy(calm: World) -> None:
    ana, bea = await calm.member("Ana", "pool-net"), await calm.member("Bea", "pool-net")
    await away(calm, ana, date(2026, 11, 25), bea)

    def asks(ctx: Context) -> None:
        for one in (ana, bea):
            ctx.notify(person_of(ctx.store, one), "vote", "vote:7", {"asks": "Motion 7?"})

    await in_house(calm, asks)
    await calm.settled()
    assert bea.reads().lines == ["Motion 7?", WHY]
    assert [one.key for one in await every(calm)] == ["vote:7:1", "vote:7:2"]


# ---- under each of them ----


async def test_every_notice_ends_with_later_and_stop(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await notify(calm, luc, "Seats?")
    assert (luc.reads().lines, luc.reads().buttons) == (["Seats?", WHY], ["Later", "Stop these"])
    await notify(calm, luc, "Somebody linked an account.", "safety")
    assert (luc.reads().lines, luc.reads().buttons) == (["Somebody linked an account.", WHY], [])
