"""The ticker: each slot once, whatever becomes of the processes that keep it. On both databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.typing import EventDict

from bot.context import Context
from bot.timetable import Job
from storage.jobs import Run
from storage.store import Busy, Storage, Store
from tests.ticking_stage import HOUR, MINUTE, MONDAY, Hand, Stage, daily, logged, second, stage

__all__ = ["logged", "second", "stage"]  # fixtures


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Watched(Storage):
    """A storage that counts its transactions."""

    transactions = 0

    async def write(self, work: Callable[[Store], object]) -> object:  # type: ignore[override]
        self.transactions += 1
        return await super().write(work)


async def test_a_slot_runs_once_at_its_moment(stage: Stage) -> None:
    ticker = stage.ticker(daily(stage.tells()))
    assert ticker.next_moment() == MONDAY  # not looked at yet
    await ticker.tick()
    assert stage.told() == []
    assert ticker.next_moment() == MONDAY + 30 * MINUTE

    stage.clock.at = MONDAY + 30 * MINUTE
    await ticker.tick()
    await ticker.tick()

    assert stage.told() == ["Mon 07:30 try 1"]
    assert stage.last("Daily") == Run("Daily", "2026-11-23T07:30", "done", 1, stage.clock.at, "", 1)
    assert ticker.next_moment() == MONDAY + 24.5 * HOUR
    assert stage.woken == 2


async def test_nothing_is_made_up_for_that_lies_before_a_job_was_first_seen(stage: Stage) -> None:
    stage.clock.at = MONDAY + 2 * HOUR
    ticker = stage.ticker(daily(stage.tells()))
    await ticker.tick()
    assert stage.told() == []
    assert ticker.next_moment() == MONDAY + 24.5 * HOUR


async def test_hours_of_downtime_are_made_up_for_once(stage: Stage) -> None:
    often = daily(stage.tells(), useful=3 * HOUR, minute=15)
    await stage.ticker(often).tick()
    stage.clock.at = MONDAY + 12 * HOUR

    restarted = stage.ticker(often)
    await restarted.tick()
    await restarted.tick()

    assert stage.told() == ["Mon 18:15 try 1"]
    assert restarted.next_moment() == MONDAY + 12.25 * HOUR


async def test_what_helps_no_more_is_passed_over(stage: Stage) -> None:
    one = daily(stage.tells(), useful=3 * HOUR)
    await stage.ticker(one).tick()
    stage.clock.at = MONDAY + 3.5 * HOUR
    await stage.ticker(one).tick()
    assert stage.told() == []
    assert stage.last("Daily") is None


async def test_two_processes_run_each_slot_once(stage: Stage, second: Storage) -> None:
    def slowly(ctx: Context, slot: datetime) -> None:
        tell(ctx, slot)
        time.sleep(0.02)  # so that the other one comes while this one is at it

    tell = stage.tells()
    one = daily(slowly, useful=HOUR, minute="*/10")
    tickers = stage.ticker(one), stage.ticker(one, storage=second)
    await asyncio.gather(*(ticker.tick() for ticker in tickers))
    for _ in range(6):
        stage.clock.at += 10 * MINUTE
        await asyncio.gather(*(ticker.tick() for ticker in tickers))

    slots = [key.split(" try")[0] for key in stage.told()]
    assert slots == [f"Mon 07:{minute}" for minute in range(10, 60, 10)] + ["Mon 08:00"]


async def test_a_process_that_dies_in_the_middle_leaves_nothing_and_the_next_runs_it(
    stage: Stage, second: Storage
) -> None:
    one = daily(stage.tells(Killed()))
    dies = stage.ticker(one)
    await dies.tick()
    stage.clock.at = MONDAY + HOUR
    with pytest.raises(Killed):
        await dies.tick()
    assert stage.told() == []
    assert stage.last("Daily") is None

    await stage.ticker(one, storage=second).tick()

    assert stage.told() == ["Mon 07:30 try 2"]


async def test_what_breaks_is_tried_again_later_and_later_and_stops_no_other(
    stage: Stage, logged: list[EventDict]
) -> None:
    breaks = daily(stage.tells(*[LookupError("nobody there")] * 3), "Breaks")
    fine = daily(stage.tells(), "Fine")
    ticker = stage.ticker(breaks, fine)
    await ticker.tick()
    start = stage.clock.at = MONDAY + 30 * MINUTE
    await ticker.tick()
    assert stage.told() == ["Mon 07:30 try 1"]
    run = stage.last("Breaks")
    assert run is not None
    assert (run.slot, run.state, run.attempts) == ("2026-11-23T07:30", "failed", 1)
    broke = next(line for line in logged if line["event"] == "job_broke")
    assert (broke["job"], broke["slot"], broke["reference"]) == ("Breaks", run.slot, run.says)
    assert repr(broke["exc_info"]) == "LookupError('nobody there')"

    moments = []
    for _ in range(3):
        moments.append(ticker.next_moment())
        await ticker.tick()  # not before its time
        stage.clock.at = ticker.next_moment() or start
        await ticker.tick()

    assert moments == [start + minutes * MINUTE for minutes in (2, 6, 14)]
    assert stage.told() == ["Mon 07:30 try 1", "Mon 07:30 try 4"]
    run = stage.last("Breaks")
    assert run is not None
    assert (run.state, run.attempts, run.made) == ("done", 4, 1)


async def test_a_restart_does_not_hurry_what_broke(stage: Stage) -> None:
    breaks = daily(stage.tells(LookupError("nobody there")))
    await stage.ticker(breaks).tick()
    stage.clock.at = MONDAY + 30 * MINUTE
    await stage.ticker(breaks).tick()

    stage.clock.at += MINUTE
    restarted = stage.ticker(breaks)
    await restarted.tick()
    assert stage.told() == []
    assert restarted.next_moment() == MONDAY + 32 * MINUTE

    stage.clock.at += MINUTE
    await restarted.tick()
    assert stage.told() == ["Mon 07:30 try 2"]


async def test_what_keeps_breaking_ends_with_its_use(stage: Stage) -> None:
    breaks = daily(stage.tells(*[LookupError("nobody there")] * 50), useful=20 * MINUTE)
    ticker = stage.ticker(breaks)
    await ticker.tick()
    stage.clock.at = ticker.next_moment() or MONDAY
    while stage.clock.at < MONDAY + 10 * HOUR:
        await ticker.tick()
        stage.clock.at = ticker.next_moment() or MONDAY
    assert stage.clock.at == MONDAY + 24.5 * HOUR
    run = stage.last("Daily")
    assert run is not None
    assert (run.attempts, run.ran_at) == (4, MONDAY + 44 * MINUTE)  # tries at 0, 2, 6 and 14 minutes


async def test_a_database_that_is_busy_is_asked_again_soon(stage: Stage) -> None:
    ticker = stage.ticker(daily(stage.tells(Busy("locked"))))
    await ticker.tick()
    stage.clock.at = MONDAY + 30 * MINUTE
    await ticker.tick()
    assert ticker.next_moment() == stage.clock.at + timedelta(seconds=5)
    assert stage.last("Daily") is None

    stage.clock.at += timedelta(seconds=5)
    await ticker.tick()
    assert stage.told() == ["Mon 07:30 try 2"]


async def test_a_paused_job_is_passed_by_and_makes_nothing_up(stage: Stage) -> None:
    ticker = stage.ticker(daily(stage.tells()))
    await ticker.tick()
    await stage.storage.write(lambda store: store.jobs.pause("Daily", stage.ana, stage.clock.at))
    stage.clock.at = MONDAY + HOUR
    await ticker.tick()
    await stage.storage.write(lambda store: store.jobs.resume("Daily", stage.clock.at))
    await stage.ticker(daily(stage.tells())).tick()
    assert stage.told() == []

    stage.clock.at = MONDAY + 25 * HOUR
    await ticker.tick()
    assert stage.told() == ["Tue 07:30 try 1"]


@pytest.mark.parametrize("first_seen", [True, False])
async def test_a_clock_that_was_wrong_for_a_moment_stops_nothing(stage: Stage, first_seen: bool) -> None:
    ticker = stage.ticker(daily(stage.tells()))
    if not first_seen:
        await ticker.tick()
    stage.clock.at = MONDAY + timedelta(days=3650)
    await ticker.tick()
    told = len(stage.told())

    stage.clock.at = MONDAY + timedelta(seconds=1)
    await ticker.tick()
    assert ticker.next_moment() == MONDAY + 30 * MINUTE
    stage.clock.at = MONDAY + 30 * MINUTE
    await ticker.tick()

    assert stage.told()[told:] == [f"Mon 07:30 try {told + 1}"]


async def test_a_job_is_looked_at_every_hour_whatever_is_believed_of_it(stage: Stage) -> None:
    storage = Watched(stage.url)
    ticker = stage.ticker(daily(stage.tells(), hour=23), storage=storage)
    for _ in range(12):
        await ticker.tick()
        stage.clock.at += 10 * MINUTE
    storage.close_now()
    assert storage.transactions == 2
    assert ticker.next_moment() == MONDAY + 16 * HOUR


@pytest.mark.parametrize(
    ("noon", "moments"),
    [
        (datetime(2026, 10, 24, 10, tzinfo=UTC), ["25 00:30", "26 01:30", "27 01:30"]),  # 02:30 comes twice
        (datetime(2027, 3, 27, 11, tzinfo=UTC), ["28 01:00", "29 00:30", "30 00:30"]),  # and not at all
    ],
)
async def test_the_two_odd_nights(stage: Stage, noon: datetime, moments: list[str]) -> None:
    stage.clock.at = noon
    ran: list[str] = []
    ticker = stage.ticker(
        daily(lambda ctx, _: ran.append(f"{ctx.now:%d %H:%M}"), hour=2, minute=30),
        daily(lambda _, __: None, "Often", minute=15),  # looks again and again around it
    )
    await ticker.tick()
    while stage.clock.at < noon + 64 * HOUR:
        stage.clock.at = ticker.next_moment() or noon
        await ticker.tick()
    assert ran == moments


async def test_a_job_sees_an_alliance_in_which_nobody_calls(stage: Stage) -> None:
    seen: list[tuple[Context, datetime]] = []
    ticker = stage.ticker(
        Job("Daily", "", lambda ctx, slot: seen.append((ctx, slot)), {"hour": 9}, HOUR, "Asia/Tokyo")
    )
    await ticker.tick()
    stage.clock.at = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)
    await ticker.tick()

    ((ctx, slot),) = seen
    assert ctx.incoming.event == "job:Daily:2026-11-24T09:00"
    assert (ctx.identity.person, ctx.identity.account_id, ctx.roles) == (None, None, ())
    assert (ctx.place.platform, ctx.language, ctx.zone) == ("", "en", "Europe/Brussels")
    assert (ctx.now, ctx.today.isoformat()) == (stage.clock.at, "2026-11-24")
    assert len(ctx.organisations) > 5
    assert slot == datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert slot.tzinfo == ZoneInfo("Asia/Tokyo")


async def test_between_two_moments_it_sleeps_and_asks_nothing_of_the_database(
    stage: Stage,
) -> None:
    storage = Watched(stage.url)
    ran: list[datetime] = []

    def note(ctx: Context, _: datetime) -> None:
        ran.append(ctx.now)
        if len(ran) == 2:
            ticker.stop()

    ticker = stage.ticker(daily(note, minute=30), storage=storage)
    await ticker.run()
    storage.close_now()

    assert ran == [MONDAY + 30 * MINUTE, MONDAY + 90 * MINUTE]
    assert storage.transactions == 3  # at its start, and at both moments
    assert max(stage.clock.slept) == 30.0


async def test_it_stops_at_once_and_can_be_started_again(stage: Stage) -> None:
    class Still(Hand):
        async def sleep(self, seconds: float) -> None:
            await asyncio.Event().wait()

    stage.clock = Still(MONDAY)
    ticker = stage.ticker(daily(stage.tells()))
    running = asyncio.create_task(ticker.run())
    await asyncio.sleep(0.02)
    ticker.stop()
    again = asyncio.create_task(ticker.run())
    await running
    ticker.stop()
    await again

    never = asyncio.create_task(ticker.run())
    ticker.stop()  # before it has begun
    await never
