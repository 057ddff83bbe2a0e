"""A Bot API that answers at once, in a process of its own, so that only the bot's CPU is measured.

Run as `python -m benchmarks.telegram_api COUNT TEXT PEOPLE`: it prints its port, hands out COUNT updates with
TEXT (`{title}` and `{day}` in it differ with every update) from PEOPLE chats, and prints "done" when each was
answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time

from aiohttp import web

PEOPLE = 20
LOG = "/log workshop {title} on {day} with MecaTech"
LOOK = "/indicators"
BATCH = 100
ME = {
    "id": 7,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


class Api:
    """What is left to hand out, and what came back."""

    def __init__(self, count: int, text: str, people: int) -> None:
        self.count, self.text, self.people = count, text, people
        self.offset, self.answered = 0, 0
        self.done = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """One method of the Bot API."""
        body = await request.read()
        method = request.match_info["method"]
        if method == "getUpdates":
            return ok(await self.updates(body, request.content_type))
        if method == "sendMessage":
            self.answered += 1
            if self.answered >= self.count:
                self.done.set()
            return ok(
                {"message_id": self.answered, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
            )
        return ok(ME if method == "getMe" else [] if method == "getMyCommands" else True)

    async def updates(self, body: bytes, content_type: str) -> list[dict[str, object]]:
        """The next batch; everything below the asked offset is confirmed."""
        asked = json.loads(body) if content_type == "application/json" else dict(_form(body))
        first = max(int(asked.get("offset") or 0), 0)
        if first >= self.count:
            await asyncio.sleep(0.2)
            return []
        return [self.update(n) for n in range(first, min(first + BATCH, self.count))]

    def update(self, number: int) -> dict[str, object]:
        """A private message."""
        return private_message(number, 1000 + number % self.people, worded(self.text, number))


def private_message(number: int, person: int, text: str) -> dict[str, object]:
    """The update of this number: somebody writes this to the bot."""
    who = {"id": person, "is_bot": False, "first_name": f"P{person}", "language_code": "en"}
    command = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[0] == "/" else []
    return {
        "update_id": number,
        "message": {
            "message_id": number + 1,
            "date": int(time.time()),
            "from": who,
            "chat": {"id": person, "type": "private", "first_name": f"P{person}"},
            "text": text,
            "entities": command,
        },
    }


def worded(text: str, number: int) -> str:
    """A line that differs enough from every other not to be taken for the same activity. The days go over
    25 years, so that each year of the alliance holds a twenty-fifth of all."""
    letters = hashlib.sha256(str(number).encode()).hexdigest()
    title = " ".join(letters[i : i + 6] for i in range(0, 24, 6))
    day = f"{number % 28 + 1}.{number % 11 + 1}.{2001 + number % 25}"
    return text.format(title=f"Day {title}", day=day)


def _form(body: bytes) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in body.decode().split("&") if part)
    return [(name, value) for name, _, value in pairs]


def ok(result: object) -> web.Response:
    """The Bot API's envelope."""
    return web.json_response({"ok": True, "result": result})


async def serve(count: int, text: str, people: int) -> None:
    """Serve until every update was answered, then say so and wait to be ended."""
    api = Api(count, text, people)
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await api.done.wait()
    print("done", flush=True)
    await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
