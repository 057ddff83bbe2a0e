"""The bot as a process of its own, which kills itself (SIGKILL) at the step that the test has ordered.

The whole of `python -m bot run` runs here, told by its environment alone; the product has no hook for
this, so a few of its functions are wrapped. Only what would cost the tests time is changed: the spacing
between messages, how long a claimed message counts as under way, and, where two processes share a
database, how long a silent one counts as there; if the test says so, the clock on the wall goes faster.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping, MutableSequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import parent_process
from typing import Any

import aiohttp
from sqlalchemy import Engine, event
from starlette.responses import Response

import bot.delivery
import bot.leading
import bot.platforms.slack.port
import bot.platforms.telegram
import storage.database
from bot.__main__ import main
from bot.clock import WallClock
from bot.delivery import cards, lane, sending
from bot.delivery.rendering import ready
from bot.dispatch import Dispatch
from bot.platforms.pacing import Pace
from storage.received import ReceivedEvents
from tests.kill.hurry import FastClock
from tests.kill.minutes import keep_minutes

STEPS = (
    "received",  # an event is here, nothing is done with it
    "committing",  # its work is done and not committed
    "committed",  # its answer is known and nothing is acknowledged
    "acking",  # the acknowledgement is about to leave
    "sending",  # a message is about to leave
    "claiming",  # a message to somebody else is claimed, and that is not committed
    "claimed",  # a message to somebody else is claimed and not sent
    "showing",  # a card is claimed, and neither posted nor edited
    "noting",  # any other transaction is about to be committed
    "polling",  # a look for new events is about to leave
    "ticking",  # a job is at work
)
ANY, NONE = len(STEPS), -1
TALLY = 3  # where, in the orders, the steps taken begin to be counted
SHOWING = (  # what puts a message before somebody's eyes
    "sendMessage", "editMessageText", "chat.postMessage", "chat.postEphemeral", "chat.update",
)  # fmt: skip

At = Callable[[str], None]
# [the step's number, how many more times until it is the last, by which signal], then how often each step
# was taken
Orders = MutableSequence[int]


@dataclass(frozen=True)
class Life:
    """How a process lives beside another one over the same database: on which machine it believes to be,
    by which clock, and after how many real seconds a silent leader counts as gone."""

    machine: str
    clock: FastClock
    silent: float


def live(orders: Orders, settings: Mapping[str, str], home: str, life: Life | None) -> None:
    """Run the bot by these settings in the folder `home`, its log in bot.log there, until it dies."""
    log = os.open(f"{home}/bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(home)  # where there is no .env
    os.environ.clear()
    os.environ.update(settings)
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    _hurry()
    at = _obey(orders)
    if life is not None:
        _live_beside(life)
        keep_minutes(at)
    sys.exit(main(["run"]))


def _end_with_the_test() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _hurry() -> None:
    for one in (bot.delivery, cards, lane):
        _put(one, "LOST_AFTER", timedelta(seconds=0.25))
    _put(bot.delivery, "TICK", 0.1)
    pace = Pace(overall=0.001, chat=0.02, group=0.02)
    _put(bot.platforms.slack.port, "PACE", pace)
    _put(bot.platforms.telegram, "PACE", pace)


def _live_beside(life: Life) -> None:
    """Everything that is told in seconds goes by the faster clock."""
    clock, second = life.clock, life.clock.speed
    _put(WallClock, "now", lambda _: clock.now())
    _put(WallClock, "sleep", lambda _, seconds: clock.sleep(seconds))
    _put(bot.leading, "here", lambda: life.machine)
    _put(bot.leading, "EVERY", 0.25 * second)
    _put(bot.leading, "STEPS_DOWN", timedelta(seconds=1.1 * second))
    _put(bot.leading, "SILENT", timedelta(seconds=life.silent * second))
    for one in (bot.delivery, cards, lane):
        _put(one, "LOST_AFTER", timedelta(seconds=1.0 * second))
    patience = storage.database.POSTGRES
    options = str(patience["options"])
    patience["options"] = options.replace("session_timeout=30000", "session_timeout=1500")
    assert patience["options"] != options


def _obey(orders: Orders) -> At:
    def at(step: str) -> None:
        orders[TALLY + STEPS.index(step)] += 1
        if orders[0] in (STEPS.index(step), ANY):
            orders[1] -= 1
            if orders[1] == 0:
                os.kill(os.getpid(), orders[2])

    _wrap_dispatch(at)
    _wrap_commits(at)
    _wrap_connections(at)
    return at


def _wrap_dispatch(at: At) -> None:
    receive, send, show = Dispatch.receive, sending.send, cards.show

    async def receive_and_die(self: Any, incoming: Any) -> Any:
        at("received")
        answer = await receive(self, incoming)
        at("committed")
        return answer

    def read_and_die(*claimed: Any) -> Any:
        at("claiming")
        return ready(*claimed)

    async def claim_and_die(*claimed: Any) -> Any:
        at("claimed")
        return await send(*claimed)

    async def show_and_die(*claimed: Any) -> Any:
        at("showing")
        return await show(*claimed)

    _put(Dispatch, "receive", receive_and_die)
    _put(sending, "ready", read_and_die)
    _put(sending, "send", claim_and_die)
    _put(cards, "show", show_and_die)


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
        elif name == "getUpdates":
            at("polling")
            if json.loads(more["data"]).get("offset"):
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
