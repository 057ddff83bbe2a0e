"""The bot as a process of its own, which kills itself (SIGKILL) at the step that the test has ordered.

The whole of `python -m bot run` runs here, told by its environment alone; the product has no hook for
this, so a few of its functions are wrapped. Only what would cost the tests time is changed: the spacing
between messages, and how long a claimed message counts as under way.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, MutableSequence
from datetime import timedelta
from multiprocessing import parent_process
from typing import Any

import aiohttp
from sqlalchemy import Engine, event
from starlette.responses import Response

import bot.delivery
import bot.platforms.slack.port
import bot.platforms.telegram
from bot.__main__ import main
from bot.delivery import sending
from bot.dispatch import Dispatch
from bot.platforms.pacing import Pace
from storage.received import ReceivedEvents

STEPS = (
    "received",  # an event is here, nothing is done with it
    "committing",  # its work is done and not committed
    "committed",  # its answer is known and nothing is acknowledged
    "acking",  # the acknowledgement is about to leave
    "sending",  # a message is about to leave
    "claimed",  # a message to somebody else is claimed and not sent
    "noting",  # any other transaction is about to be committed
)
ANY, NONE = len(STEPS), -1
SHOWING = (  # what puts a message before somebody's eyes
    "sendMessage", "editMessageText", "chat.postMessage", "chat.postEphemeral", "chat.update",
)  # fmt: skip

At = Callable[[str], None]
Orders = MutableSequence[int]  # [the step's number, how many more times until it is the last]


def live(orders: Orders, settings: Mapping[str, str], home: str) -> None:
    """Run the bot by these settings in the folder `home`, its log in bot.log there, until it dies."""
    log = os.open(f"{home}/bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(home)  # where there is no .env
    os.environ.clear()
    os.environ.update(settings)
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    _hurry()
    _obey(orders)
    sys.exit(main(["run"]))


def _end_with_the_test() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _hurry() -> None:
    bot.delivery.LOST_AFTER, bot.delivery.TICK = timedelta(seconds=0.4), 0.1
    pace = Pace(overall=0.005, chat=0.02, group=0.02)
    _put(bot.platforms.slack.port, "PACE", pace)
    _put(bot.platforms.telegram, "PACE", pace)


def _obey(orders: Orders) -> None:
    def at(step: str) -> None:
        if orders[0] in (STEPS.index(step), ANY):
            orders[1] -= 1
            if orders[1] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    _wrap_dispatch(at)
    _wrap_commits(at)
    _wrap_connections(at)


def _wrap_dispatch(at: At) -> None:
    receive, send = Dispatch.receive, sending.send

    async def receive_and_die(self: Any, incoming: Any) -> Any:
        at("received")
        answer = await receive(self, incoming)
        at("committed")
        return answer

    async def claim_and_die(*claimed: Any) -> Any:
        at("claimed")
        return await send(*claimed)

    _put(Dispatch, "receive", receive_and_die)
    _put(sending, "send", claim_and_die)


def _wrap_commits(at: At) -> None:
    record, here = ReceivedEvents.record, threading.local()

    def record_and_remember(self: Any, one: Any) -> None:
        record(self, one)
        here.recorded = True

    def committing(_: Any) -> None:
        at("committing" if getattr(here, "recorded", False) else "noting")
        here.recorded = False

    def rolled_back(_: Any) -> None:
        here.recorded = False

    _put(ReceivedEvents, "record", record_and_remember)
    event.listen(Engine, "commit", committing)
    event.listen(Engine, "rollback", rolled_back)


def _wrap_connections(at: At) -> None:
    request, send = aiohttp.ClientSession._request, aiohttp.ClientWebSocketResponse.send_str
    respond = Response.__call__

    async def request_and_die(self: Any, method: str, url: Any, **more: Any) -> Any:
        name = str(url).partition("?")[0].rsplit("/", 1)[-1]
        if name in SHOWING or "/respond/" in str(url):
            at("sending")
        elif name == "getUpdates" and json.loads(more["data"]).get("offset"):
            at("acking")
        return await request(self, method, url, **more)

    async def send_and_die(self: Any, data: str, **more: Any) -> None:
        at("acking")
        await send(self, data, **more)

    async def respond_and_die(self: Any, *asgi: Any) -> None:
        at("acking")
        await respond(self, *asgi)

    _put(Response, "__call__", respond_and_die)
    _put(aiohttp.ClientSession, "_request", request_and_die)
    _put(aiohttp.ClientWebSocketResponse, "send_str", send_and_die)


def _put(where: Any, name: str, wrapped: Any) -> None:
    assert hasattr(where, name), f"{where} has no {name} any more"
    setattr(where, name, wrapped)
