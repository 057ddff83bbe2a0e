"""The threads of storage: each gets what is theirs, and nothing that was begun is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from storage.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    two = Threads(2, "test")
    yield two
    two.close()


def half(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


async def test_many_at_once_get_each_their_own(threads: Threads) -> None:
    found = await asyncio.gather(
        *(threads.run(partial(half, number)) for number in range(200)), return_exceptions=True
    )
    assert [str(one) for one in found] == [
        f"{number} is odd" if number % 2 else str(number // 2) for number in range(200)
    ]


async def test_work_whose_caller_left_is_not_begun(threads: Threads) -> None:
    go_on, begun, done = threading.Event(), asyncio.Event(), list[str]()
    loop = asyncio.get_running_loop()

    def wait() -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()
        done.append("waited")

    busy = [asyncio.create_task(threads.run(wait)) for _ in range(2)]
    await begun.wait()
    waiting = asyncio.create_task(threads.run(partial(done.append, "never")))
    await asyncio.sleep(0)
    waiting.cancel()
    busy[0].cancel()
    await asyncio.wait([waiting, busy[0]])
    go_on.set()
    await asyncio.to_thread(threads.close)
    assert done == ["waited", "waited"]


def test_a_loop_that_is_gone_stops_no_thread(threads: Threads) -> None:
    async def give_and_leave() -> None:
        given = [asyncio.create_task(threads.run(partial(half, number))) for number in range(50)]
        await asyncio.wait(given, return_when=asyncio.FIRST_COMPLETED)

    asyncio.run(give_and_leave())
    assert [threads.run_now(partial(half, number)) for number in (8, 6, 4)] == [4, 3, 2]


async def test_closed_is_closed(threads: Threads) -> None:
    given = [asyncio.create_task(threads.run(partial(half, 2 * number))) for number in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(threads.close)
    assert await asyncio.gather(*given) == list(range(50))
    with pytest.raises(RuntimeError):
        await threads.run(partial(half, 8))


def test_a_plain_program_is_told_what_was_raised(threads: Threads) -> None:
    with pytest.raises(ValueError, match="7 is odd"):
        threads.run_now(partial(half, 7))
    with pytest.raises(RuntimeError):
        threads.run_now(lambda: threads.run_now(partial(half, 8)))
