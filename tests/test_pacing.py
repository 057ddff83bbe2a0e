"""The spacing of messages: by the second in a chat, by the platform's limit overall."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.pacing import LONGEST_WAIT, Pace, Pacer, pause
from tests.world import MORNING, Clock


class Passing(Clock):
    """A clock on which sleeping is what makes time pass."""

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds=seconds)


async def test_two_messages_into_one_chat_are_a_second_apart() -> None:
    clock = Passing()
    pacer = Pacer(Pace(), clock.now, clock.sleep)
    moments: list[tuple[str, float]] = []
    for chat in ("a", "a", "b", "a"):
        await pacer.keep(chat)
        moments.append((chat, round((clock.now() - MORNING).total_seconds(), 2)))
    assert moments == [("a", 0.0), ("a", 1.0), ("b", 1.04), ("a", 2.0)]


async def test_a_platform_gets_at_most_25_messages_a_second() -> None:
    clock = Passing()
    pacer = Pacer(Pace(), clock.now, clock.sleep)
    moments = []
    for chat in range(100):
        await pacer.keep(str(chat))
        moments.append((clock.now() - MORNING).total_seconds())
    assert all(later - earlier >= 1 - 1e-6 for earlier, later in zip(moments, moments[25:], strict=False))


async def test_a_clock_set_back_delays_nobody_for_long() -> None:
    clock = Passing()
    pacer = Pacer(Pace(), clock.now, clock.sleep)
    await pacer.keep("a")
    clock.pass_(hours=-1)
    before = clock.now()
    await pacer.keep("a")
    assert clock.now() - before <= timedelta(seconds=1)


def test_tries_are_further_and_further_apart_up_to_ten_minutes() -> None:
    assert [pause(tries, 0).total_seconds() for tries in (1, 2, 3, 9, 10, 99)] == [2, 4, 8, 512, 600, 600]
    assert pause(1, 45.5) == timedelta(seconds=45.5)
    assert pause(1, 3600) > LONGEST_WAIT  # what the platform asks for is kept
