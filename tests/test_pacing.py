"""The spacing of messages: what can wait is spaced out, answers go in between, and no limit is passed."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.way import LONGEST_WAIT, pause
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.telegram.outgoing import PACE
from tests.passing import Passing


async def broadcast(pacer: Pacer, clock: Passing, chats: int) -> list[float]:
    """One message into each of so many chats: when each went."""
    went = []
    for chat in range(chats):
        assert await pacer.slot()
        pacer.sends(f"b{chat}", group=False)
        went.append(clock.seconds())
    return went


def most_in(seconds: float, moments: list[float]) -> int:
    """The most that went in any stretch of time so long."""
    moments = sorted(moments)
    return max(sum(1 for at in moments if start <= at < start + seconds) for start in moments)


async def test_what_can_wait_is_spaced_out_over_the_platform() -> None:
    clock = Passing()
    (went,) = await clock.until_done(broadcast(Pacer(PACE, clock), clock, 100))
    assert most_in(1.0, went) <= 28
    assert went[-1] < 100 / 27


async def test_answers_go_in_between_and_the_sum_stays_within_the_limit() -> None:
    clock = Passing()
    pacer, waited, answered = Pacer(PACE, clock), [], []

    async def people() -> None:
        for number in range(40):
            await clock.sleep(0.07)
            asked = clock.seconds()
            await pacer.answer(f"p{number}", group=False)
            answered.append(clock.seconds())
            waited.append(clock.seconds() - asked)

    sent, _ = await clock.until_done(broadcast(pacer, clock, 100), people())
    assert max(waited) < 0.05
    assert most_in(1.0, [*sent, *answered]) <= 28


async def test_waking_late_slows_nothing_down_and_makes_no_burst() -> None:
    class Late(Passing):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds + 0.002)

    clock = Late()
    pacer = Pacer(PACE, clock)
    (went,) = await clock.until_done(broadcast(pacer, clock, 300))
    await clock.until_done(clock.sleep(60))
    (after_a_while,) = await clock.until_done(broadcast(pacer, clock, 100))
    assert went[-1] < 300 / 27.3
    assert most_in(1.0, [*went, *after_a_while]) <= 28


async def test_nobody_waits_for_a_group_whose_minute_is_full() -> None:
    clock = Passing()
    pacer, went = Pacer(PACE, clock), []

    async def hall() -> None:
        for _ in range(20):
            await pacer.answer("hall", group=True)

    async def luc() -> None:
        await clock.sleep(1.5)
        await pacer.answer("luc", group=False)
        went.append(clock.seconds())
        assert await pacer.slot()
        went.append(clock.seconds())

    await clock.until_done(hall(), luc())
    assert clock.seconds() >= 60  # the twentieth has waited
    assert went == [1.5, 1.536]


async def test_a_chat_rests_for_a_second_and_a_group_for_three() -> None:
    clock = Passing()
    pacer = Pacer(PACE, clock)
    pacer.sends("luc", group=False)
    pacer.sends("hall", group=True)
    rested = []
    for _ in range(4):
        rested.append((clock.seconds(), sorted(pacer.resting())))
        free = pacer.frees_at()
        clock.at = free or clock.at
    assert rested == [(0.0, ["hall", "luc"]), (1.05, ["hall"]), (3.2, []), (3.2, [])]


async def test_a_group_gets_no_more_than_nineteen_in_any_minute_answers_included() -> None:
    clock = Passing()
    pacer, went = Pacer(PACE, clock), []

    async def people() -> None:
        for _ in range(30):
            await pacer.answer("hall", group=True)
            went.append(clock.seconds())

    await clock.until_done(people())
    assert went[18] < 1
    assert went[19] >= 60
    assert most_in(60.0, went) == 19


async def test_edits_that_can_wait_are_spaced_out_too() -> None:
    clock = Passing()
    pacer = Pacer(Pace(edit=1.25), clock)
    assert pacer.may_edit()
    pacer.sends("hall", group=True, edit=True)
    assert not pacer.may_edit()
    clock.at += timedelta(seconds=1.25)
    assert pacer.may_edit()


async def test_a_platform_that_asks_for_a_pause_gets_it_for_what_it_names() -> None:
    clock = Passing()
    pacer = Pacer(Pace(), clock)
    pacer.pause(40, "hall")
    pacer.pause(50, edits=True)
    assert pacer.resting() == ("hall",)
    assert not pacer.may_edit()
    assert not pacer.paused()
    pacer.pause(60)
    assert pacer.paused()
    clock.at += timedelta(seconds=60)
    assert (pacer.resting(), pacer.may_edit(), pacer.paused()) == ((), True, False)


async def test_a_clock_set_back_delays_nobody_for_long() -> None:
    clock = Passing()
    pacer = Pacer(PACE, clock)
    pacer.sends("luc", group=False)
    pacer.sends("hall", group=True, edit=True)
    await clock.until_done(pacer.slot(), pacer.answer("hall", group=True))
    clock.at -= timedelta(hours=1)
    before = clock.now()
    await clock.until_done(pacer.slot(), pacer.answer("hall", group=True))
    assert clock.now() - before < timedelta(seconds=1)
    assert pacer.resting() == ("hall",)  # for what was just said there
    assert pacer.may_edit()


def test_tries_are_further_and_further_apart_up_to_ten_minutes() -> None:
    assert [pause(tries, 0).total_seconds() for tries in (1, 2, 3, 9, 10, 99)] == [2, 4, 8, 512, 600, 600]
    assert pause(1, 45.5) == timedelta(seconds=45.5)
    assert pause(1, 3600) > LONGEST_WAIT  # what the platform asks for is kept


async def test_a_group_of_a_minute_ago_is_forgotten() -> None:
    clock = Passing()
    pacer = Pacer(PACE, clock)
    for group in ("hall", "board"):
        pacer.sends(group, group=True)
    clock.at += timedelta(seconds=61)
    assert pacer.frees_at() is None
    assert pacer.resting() == ()
