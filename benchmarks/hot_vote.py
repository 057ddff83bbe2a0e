"""While a vote is hot: everybody votes at once by the card in the group, at the pace that Telegram allows,
and the worker beside keeps the card up to date.

Run as `python -m benchmarks.hot_vote MEMBERS URL`. Prints one line of JSON: the ballots, the seconds until
the last answer, this process's CPU milliseconds per ballot, and how often the card was edited: until then,
and until it stood.
"""

from __future__ import annotations

import asyncio
import json
import sys

from benchmarks.assembly import Assembly, assembly, open_motion
from benchmarks.balloting import TOKEN, Timed, bot_api, everybody_taps
from bot.delivery import Worker
from bot.platforms.telegram import TelegramPort

EDIT = "editMessageText"


async def main(members: int, url: str) -> None:
    """Vote once, and print what it took."""
    house = assembly(url, members)
    dispatch = Timed(house.storage, house.around, wake=lambda: worker.wake())
    async with bot_api() as api:
        port = TelegramPort(TOKEN, api.address)
        worker = Worker(house.storage, dispatch, {"telegram": port}, house.around)
        work = asyncio.create_task(worker.run())
        await port.connect(dispatch)
        motion = open_motion(house)
        worker.wake()
        await _card_stands(house)
        spent = await everybody_taps(dispatch, api, motion.token, members, apart=False)
        meanwhile = await api.sent()
        await _card_stands(house)
        worker.stop()
        await work
        sent = await api.sent()
        await port.disconnect()
    await house.storage.close()
    counted = {"ballots": members, "seconds": spent.wall, "cpu": spent.cpu / members * 1000}
    counted |= {"meanwhile": meanwhile.get(EDIT, 0), "edits": sent.get(EDIT, 0)}
    print(json.dumps(counted))


async def _card_stands(house: Assembly) -> None:
    """Until no card waits to be shown anew."""
    while await house.storage.read(lambda store: store.cards.next_due(("telegram",))) is not None:
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
