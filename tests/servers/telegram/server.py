"""The stand-in for api.telegram.org: its world, its HTTP door, and what can go wrong there."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.servers.telegram.checks import Document, Refused
from tests.servers.telegram.groups import Group
from tests.servers.telegram.methods import METHODS
from tests.servers.telegram.people import User
from tests.servers.telegram.state import Chat, Message, Person, Query, Recorded
from tests.servers.telegram.trouble import Fault, Trouble
from tests.servers.telegram.updates import Updates

_NESTED = {"entities", "reply_markup", "reply_parameters", "allowed_updates", "commands", "scope"} | {
    "link_preview_options",
    "reaction",
    "caption_entities",
}


class TelegramServer(Trouble, Updates):
    """One bot's Telegram. `now` gives seconds (for the 15 seconds of a tap and for the limits) and `sleep`
    waits for some (calls that are slow on purpose): give both to run on a clock that a test turns."""

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        token: str = "7000000001:stand-in",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        Trouble.__init__(self, now, sleep)
        Updates.__init__(self, now)
        self.token = token
        self.privacy = True  # the bot's privacy mode in groups
        self.quiet = 0.06  # seconds without any call after which we believe the bot is done
        self.calls: list[Recorded] = []
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.about: dict[tuple[str, str], str] = {}  # (short_)description, by language
        self.files: dict[str, bytes] = {}
        self.sent: dict[str, Document] = {}  # what the bot sent, by the ids that it was told
        self._watched: list[Callable[[], object]] = []
        self._running = 0
        self._ids = {kind: itertools.count(1) for kind in ("user", "group", "query", "message")}
        self._runner: web.AppRunner | None = None
        self.api_url = ""

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; `api_url` is known then."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/files/{file}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.api_url = "http://127.0.0.1:{1}".format(*self._runner.addresses[0])
        self.open()

    async def stop(self) -> None:
        """Stop listening; everything known stays, so the same server can be started again."""
        await self.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # ---- the world ----

    def user(self, name: str, last_name: str = "", language: str = "en") -> User:
        """Somebody new, who has not pressed START yet."""
        person = Person(1000000 + next(self._ids["user"]), name, last_name, language)
        self.chats[person.id] = Chat(person.id, "private", person=person, members={person.id})
        return User(self, person)

    def group(
        self,
        title: str,
        members: list[User],
        forum: bool = False,
        bot: bool = True,
        kind: str = "supergroup",
    ) -> Group:
        """A group (or a `kind` "group", the small sort, or "channel") with these members. The first of
        them puts the bot in, unless `bot` is false."""
        number = next(self._ids["group"])
        chat = Chat(-number - (0 if kind == "group" else 1001000000000), kind, title, forum=forum, bot="left")
        chat.members = {member.person.id for member in members}
        self.chats[chat.id] = chat
        group = Group(self, chat)
        if bot:
            group.add_bot(by=members[0] if members else None)
        return group

    def new_message(
        self, chat: Chat, sender: Person | None, text: str, entities: list[dict[str, Any]], **more: Any
    ) -> Message:
        """A message that stands in a chat from now on."""
        number = next(self._ids["message"])
        message = Message(chat.next_id, chat, sender, text, int(self.now()), number, entities, **more)
        chat.messages[message.id] = message
        chat.next_id += 1
        return message

    def keep(self, content: bytes) -> dict[str, Any]:
        """Keep a file; returns what Telegram tells about it."""
        number = len(self.files)
        self.files[f"file{number}"] = content
        return {"file_id": f"file{number}", "file_unique_id": f"u{number}", "file_size": len(content)}

    def new_query(self, person: Person) -> Query:
        """A tap that waits to be answered."""
        query = Query(str(4400000000 + next(self._ids["query"])), person, self.now())
        self.queries[query.id] = query
        return query

    async def redeliver(self, update: dict[str, Any]) -> None:
        """Deliver an update once more, and wait until the bot is done with it."""
        await self.deliver_again(update)
        await self.settled()

    # ---- waiting until the bot is done ----

    def watch(self, busy: Callable[[], object]) -> None:
        """Also wait for this when settling: a bot in our own process can tell that it is at work."""
        self._watched.append(busy)

    async def settled(self, patience: float = 20.0) -> None:
        """Wait until every update is confirmed, every tap answered, and no call has run for a while."""
        until, still = time.monotonic() + patience, 0
        while still < 4:
            still = 0 if self._at_work() else still + 1
            if time.monotonic() > until:
                raise AssertionError(f"the bot is not done: {self._at_work()}")
            await asyncio.sleep(self.quiet / 4)

    def _at_work(self) -> str:
        taps = [query for query in self.queries.values() if not query.answered and not query.closed]
        waits = {
            "updates not confirmed": self.unconfirmed(),
            "taps not answered": len(taps),
            "calls running": self._running,
            "the bot's own work": sum(1 for busy in self._watched if busy()),
        }
        return ", ".join(f"{what}: {count}" for what, count in waits.items() if count)

    # ---- the HTTP door ----

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        refused = self._unknown(request.match_info["token"], method)
        if refused:
            return _refusal(refused)
        record = Recorded(method, await _parameters(request))
        self.calls.append(record)
        self._running += method != "getUpdates"
        try:
            fault = await self.fault_for(method)
            died = self.witness("asked", method, record.parameters)
            response = web.Response(status=500) if died else await self._carry_out(record, fault)
            died = died or self.witness("done", method, record.parameters)
        finally:
            self._running -= method != "getUpdates"
        if (died or (fault and fault.drop)) and request.transport is not None:
            request.transport.abort()
        record.status = response.status
        return response

    async def _carry_out(self, record: Recorded, fault: Fault | None) -> web.Response:
        if fault and fault.status != 200 and not fault.after_processing:
            return _refusal(fault.refused())
        try:
            if record.method == "getUpdates":
                result = await self.get_updates(record.parameters)
            else:
                result = METHODS[record.method](self, record.parameters)
        except Refused as refused:
            self._close_query(record)
            return _refusal(refused)
        if fault and fault.status != 200:
            return _refusal(fault.refused())
        return web.json_response({"ok": True, "result": result})

    def _close_query(self, record: Recorded) -> None:
        query = self.queries.get(str(record.parameters.get("callback_query_id")))
        if query is not None:
            query.closed = True  # the bot tried; it came too late

    def _unknown(self, token: str, method: str) -> Refused | None:
        if token != self.token:
            known_form = token.partition(":")[0].isdecimal() and ":" in token
            return Refused(401, "Unauthorized") if known_form else Refused(404, "method not found")
        if method != "getUpdates" and method not in METHODS:
            return Refused(404, "method not found")
        return None

    async def _file(self, request: web.Request) -> web.Response:
        fault = await self.fault_for("download")
        if fault is not None:
            return web.Response(status=fault.status)
        content = self.files.get(request.match_info["file"])
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content)


async def _parameters(request: web.Request) -> dict[str, Any]:
    """JSON, or a form whose nested values are JSON: both are allowed, and mixed."""
    if request.content_type == "application/json":
        given = json.loads(await request.read() or b"{}")
    else:
        posted = await request.post()
        given = {name: _part(value) for name, value in posted.items()}
    for name in _NESTED & given.keys():
        if isinstance(given[name], str):
            given[name] = json.loads(given[name])
    return {name: value for name, value in given.items() if value is not None}


def _part(value: Any) -> Any:
    """One part of a form: a document as we know it, or words."""
    if not isinstance(value, web.FileField):
        return value
    return Document(value.filename, value.content_type, value.file.read())


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": str(refused)}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)
