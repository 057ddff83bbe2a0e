"""One way to broadcast, in a process of its own, `python -m benchmarks.broadcasting WAY PERSONS API [URL]`.

Prints one line of JSON: what the Bot API counted (benchmarks/limited_api.py) and the CPU seconds of this
process from the first message to the last.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CommandHandler, ContextTypes

from benchmarks.limited_api import NEWS
from benchmarks.telegram_api import PEOPLE
from benchmarks.world import fill, house
from bot.context import Context
from bot.delivery import Worker
from bot.dispatch import Dispatch
from bot.messages import Account, Place, Reply
from bot.notices import BROADCAST, Values, notice
from bot.platforms.telegram import TelegramPort
from storage.deliveries import Delivery
from storage.store import Storage, Store

TOKEN = "1:bench"
NEWS_KIND = "bench news"
Bare = Application[Any, Any, Any, Any, Any, Any]
OVER = ("sent", "gone", "refused", "failed", "unknown")  # how a delivery may end


# ---- python-telegram-bot ----


async def one_by_one(app: Bare, chats: range) -> None:
    """A loop that waits for each message."""
    for chat in chats:
        await _send(app, chat)


async def thirty_a_second(app: Bare, chats: range) -> None:
    """Thirty at once, then a second's sleep."""
    for first in range(0, len(chats), 30):
        await asyncio.gather(*(_send(app, chat) for chat in chats[first : first + 30]))
        await asyncio.sleep(1)


async def all_at_once(app: Bare, chats: range) -> None:
    """All of them given to the rate limiter."""
    await asyncio.gather(*(_send(app, chat) for chat in chats))


async def _send(app: Bare, chat: int) -> None:
    try:
        await app.bot.send_message(chat, NEWS)
    except TelegramError:
        return  # lost; the Bot API counts


async def bare(
    broadcast: Callable[[Bare, range], Awaitable[None]], retries: int | None, persons: int, api: str, _: str
) -> None:
    """An Application that answers commands while it broadcasts; `retries` of its rate limiter, None for no
    rate limiter."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    builder: Any = Application.builder().token(TOKEN).base_url(f"{api}/bot").concurrent_updates(True)
    if retries is not None:
        builder = builder.rate_limiter(AIORateLimiter(max_retries=retries))
    app: Bare = builder.build()

    async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text("Yes.", do_quote=True)

    app.add_handler(CommandHandler(["log", "indicators"], answer))
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling()
        began = time.process_time()
        await broadcast(app, range(1000, 1000 + persons))
        await _report(api, began)
        await app.updater.stop()
        await app.stop()


# ---- ours ----


@notice(
    NEWS_KIND,
    "News",
    "You get this because you are in a benchmark.",
    still_due=lambda _ctx, _values: True,
    useful=timedelta(hours=1),
    priority=BROADCAST,
    theme="announcements",
)
def news(_: Context, values: Values) -> Reply:
    """What everybody is told; attention decides for each."""
    return Reply("question", values)


async def ours(persons: int, api: str, url: str) -> None:
    """The whole bot: polling, dispatch, database, worker, at the pace it has for Telegram."""
    storage, around = house(url, "telegram", "")
    dispatch = Dispatch(storage, around, wake=lambda: worker.wake())
    port = TelegramPort(TOKEN, api)
    worker = Worker(storage, dispatch, {"telegram": port}, around)
    for call in await fill(dispatch, "telegram", 40):
        dispatch.given(call)  # nothing of this is left behind
    await dispatch.flush()
    work = asyncio.create_task(worker.run())
    await port.connect(dispatch)
    while not port.ready():
        await asyncio.sleep(0.01)
    await _let_in(storage, persons)
    began = time.process_time()
    await storage.write(partial(_queue, persons))
    worker.wake()
    while sum(worker.counts["telegram", end] for end in OVER) < persons:
        await asyncio.sleep(0.1)
    await _report(api, began)
    worker.stop()
    await work
    await port.disconnect()
    await storage.close()


async def _let_in(storage: Storage, persons: int) -> None:
    """So many people who pressed START; the first twenty of them are those who type."""
    now = datetime.now(UTC)

    def let_in(store: Store) -> None:
        for n in range(persons):
            user = str(1000 + n)
            direct = Place("telegram", "", user)
            account = store.accounts.remember(Account("telegram", "", user, f"P{n}"), now, direct)
            if n >= PEOPLE:
                person = store.persons.add(f"P{n}", "en", "Europe/Brussels", now)
                store.accounts.attach(account, person.id)

    await storage.write(let_in)


def _queue(persons: int, store: Store) -> None:
    now = datetime.now(UTC)
    values = {"question": NEWS, "hint": ""}
    new = []
    for n in range(persons):
        there = store.accounts.identify(Account("telegram", "", str(1000 + n)))
        assert there.person is not None
        new.append(
            Delivery.new(
                key=f"news:{there.person.id}",
                platform="telegram",
                template="",
                kind=NEWS_KIND,
                values=values,
                priority=BROADCAST,
                account_id=there.account_id,
                person_id=there.person.id,
                not_before=now,
                useful_until=now + timedelta(hours=1),
            )
        )
    assert store.deliveries.queue(new) == persons


async def _report(api: str, began: float) -> None:
    cpu = time.process_time() - began
    async with aiohttp.ClientSession() as session, session.get(f"{api}/over") as response:
        counted = await response.json()
    print(json.dumps({**counted, "cpu": cpu}), flush=True)


WAYS: dict[str, Callable[[int, str, str], Awaitable[None]]] = {
    "one by one": partial(bare, one_by_one, None),
    "thirty a second": partial(bare, thirty_a_second, None),
    "limiter": partial(bare, all_at_once, 0),
    "limiter, 3 retries": partial(bare, all_at_once, 3),
    "ours": ours,
}


async def main(way: str, persons: str, api: str, url: str = "") -> None:
    """Broadcast in this way."""
    await WAYS[way](int(persons), api, url)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
