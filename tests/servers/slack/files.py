"""Files of the stand-in: those that the bot uploads in three steps, and those that people send with words."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web

WithFaults = Callable[..., Awaitable[web.StreamResponse]]


@dataclass
class Room:
    """A place for the bytes of one file; `content` is None until they came. `complete` from the third step
    on, `looked_at` when Slack knows what it is (Unix seconds); `alt` for who does not see it."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    alt: str = ""
    complete: bool = False
    looked_at: float = 0.0


@dataclass(frozen=True)
class Brought:
    """A file that somebody sent with their words."""

    content: bytes
    mime: str


class Files:
    """`base` is the address of the server, `token` the bot's; `scopes` what it may."""

    def __init__(
        self, base: Callable[[], str], token: str, scopes: list[str], seconds: Callable[[], float]
    ) -> None:
        self._base, self._token, self._scopes, self._seconds = base, token, scopes, seconds
        self.looking = 0.0  # seconds that Slack takes to look at a file
        self._rooms: dict[str, Room] = {}
        self._tickets: dict[str, str] = {}
        self._brought: dict[str, Brought] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._last = 0
        self.signed_in = 0  # how often somebody without leave was sent to sign in, and went there

    # ---- the bot's ----

    def room(self, name: Any, length: Any, alt: Any = "") -> Room | None:
        """A place for a file, if its name and length are told; None if not."""
        if not name or not str(length).isdecimal() or int(length) < 1:
            return None
        made = Room(self._number(), str(name), int(length), alt=str(alt or ""))
        self._rooms[made.id] = made
        return made

    def address(self, room: Room) -> str:
        """Where the bytes go, once."""
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = room.id
        return f"{self._base()}/upload/v1/{ticket}"

    def uploaded(self, file: Any) -> Room | None:
        """The file whose bytes are there and that is not complete yet; None if there is none of that id."""
        room = self._rooms.get(str(file))
        return room if room and room.content is not None and not room.complete else None

    def complete(self, room: Room) -> None:
        """It is a file from now on; a while later Slack has looked at it."""
        room.complete, room.looked_at = True, self._seconds() + self.looking

    def picture(self, file: Any) -> Room | None:
        """A file of ours that a message can show: a picture that Slack has looked at; None for others."""
        room = self._rooms.get(str(file))
        shown = room is not None and room.complete and room.looked_at <= self._seconds()
        return room if room and shown and _is_picture(room.content or b"") else None

    def info(self, file: Any) -> dict[str, Any] | None:
        """What Slack tells about a file, ours or somebody's; None if there is none of that id."""
        if str(file) in self._told:
            return self._told[str(file)]
        room = self._rooms.get(str(file))
        if room is None or not room.complete:
            return None
        known = room.looked_at <= self._seconds()
        kind = "image/png" if _is_picture(room.content or b"") else "application/octet-stream"
        told = {"id": room.id, "name": room.name, "title": room.name, "size": room.length}
        return {**told, "mimetype": kind if known else "", "alt_txt": room.alt}

    def delete(self, file: Any) -> bool:
        """Delete a file of ours; False if there is none of that id."""
        return self._rooms.pop(str(file), None) is not None

    # ---- what people send ----

    def brought(self, name: str, content: bytes, mime: str) -> dict[str, Any]:
        """A file as it stands in the event of a message."""
        number = self._number()
        self._brought[number] = Brought(content, mime)
        address = f"{self._base()}/files-pri/{number}/download/{quote(name)}"
        shown: dict[str, Any] = {"id": number, "name": name, "mimetype": mime, "size": len(content)}
        shown |= {"mode": "hosted", "url_private": address, "url_private_download": address}
        self._told[number] = shown
        return shown

    def forget(self, number: str) -> None:
        """Whoever sent it deletes it."""
        del self._told[number], self._brought[number]

    def _number(self) -> str:
        self._last += 1
        return f"F{self._last:04}"

    # ---- HTTP ----

    def listen(self, app: web.Application, with_faults: WithFaults) -> None:
        """Answer for files; a fault can be ordered for a "download"."""

        async def download(request: web.Request) -> web.StreamResponse:
            return await with_faults("download", request, {}, lambda: self._given(request))

        app.router.add_post("/upload/v1/{ticket}", self._take)
        app.router.add_get("/files-pri/{file}/download/{name}", download)
        app.router.add_get("/signin", self._sign_in)

    async def _take(self, request: web.Request) -> web.Response:
        """The bytes of a file of the bot's: as many as it said."""
        room = self._rooms.get(self._tickets.pop(request.match_info["ticket"], ""))
        content = await request.read()
        if room is None:
            return web.Response(status=404)
        if len(content) != room.length:
            return web.Response(status=400, text="wrong length")
        room.content = content
        return web.Response(text=f"OK - {len(content)}")

    def _given(self, request: web.Request) -> web.Response:
        """The bytes of a file of somebody's: for the bot's token with leave to read files; whoever else is
        sent to sign in."""
        found = self._brought.get(request.match_info["file"])
        ours = request.headers.get("Authorization") == f"Bearer {self._token}"
        if not ours or "files:read" not in self._scopes:
            return web.Response(status=302, headers={"Location": f"{self._base()}/signin"})
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.content, content_type=found.mime)

    async def _sign_in(self, _: web.Request) -> web.Response:
        """A page for people."""
        self.signed_in += 1
        return web.Response(text="<html>Sign in</html>", content_type="text/html")


def _is_picture(content: bytes) -> bool:
    return content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"))
