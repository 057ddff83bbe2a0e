"""A mailbox as IMAP shows it (RFC 3501), as much of it as is asked for: mails with numbers, seen or not."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from tests.servers.certificate import contexts

_LITERAL = re.compile(rb"BODY\.PEEK\[\]<0\.(\d+)>", re.IGNORECASE)


@dataclass
class Kept:
    """A mail in the mailbox."""

    uid: int
    raw: bytes
    seen: bool = False
    marked: bool = False  # with the bot's own mark


class MailboxServer:
    """One user's folder INBOX. With `tls` from the first byte; `marks`: it keeps marks of one's own."""

    def __init__(
        self, user: str = "bot", password: str = "hush", tls: bool = False, marks: bool = True
    ) -> None:
        self.user, self.password, self.tls, self.marks = user, password, tls, marks
        self.fetched: list[int] = []
        self.mails: list[Kept] = []
        self.sittings = 0
        self.hangs_up_at = ""  # the command at which the connection breaks, once
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        context = contexts()[0] if self.tls else None
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone."""
        if self._server is not None:
            self._server.close()
            for writer in tuple(self._writers):
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """What stands in MAILBOX_URL."""
        return f"{'imaps' if self.tls else 'imap'}://{self.user}:{self.password}@127.0.0.1:{self.port}/INBOX"

    def comes(self, raw: bytes) -> Kept:
        """A mail arrives."""
        kept = Kept(len(self.mails) + 1, raw)
        self.mails.append(kept)
        return kept

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.sittings += 1
        writer.write(b"* OK IMAP4rev1 here\r\n")
        state = {"in": False, "selected": False}
        try:
            while line := await reader.readline():
                if not self._answer(line.strip().decode("utf-8"), writer, state):
                    break
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, line: str, writer: asyncio.StreamWriter, state: dict[str, bool]) -> bool:
        tag, _, command = line.partition(" ")
        words = command.upper().split()
        name = " ".join(words[:2]) if words[0] == "UID" else words[0]
        if name == self.hangs_up_at:
            self.hangs_up_at = ""
            writer.transport.abort()
            return False
        says = "OK done"
        if name == "CAPABILITY":
            writer.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif name == "LOGIN":
            state["in"] = [one.strip('"') for one in command.split()[1:]] == [self.user, self.password]
            says = "OK welcome" if state["in"] else "NO [AUTHENTICATIONFAILED] no"
        elif name == "LOGOUT":
            writer.write(b"* BYE\r\n")
        elif not state["in"]:
            says = "BAD log in first"
        elif name == "SELECT":
            state["selected"] = command.split()[1].strip('"') == "INBOX"
            writer.write(f"* {len(self.mails)} EXISTS\r\n".encode())
            says = "OK [READ-WRITE] selected" if state["selected"] else "NO no such folder"
        elif not state["selected"]:
            says = "BAD select first"
        elif name == "UID SEARCH":
            assert command.upper().endswith("SEARCH UNSEEN UNKEYWORD CHARTERBOT"), command
            found = " ".join(str(one.uid) for one in self.mails if not one.seen and not one.marked)
            writer.write(f"* SEARCH {found}".strip().encode() + b"\r\n")
        elif name == "UID FETCH":
            self._fetch(command, writer)
        elif name == "UID STORE":
            for one in self._named(command.split()[2]):
                one.seen = one.seen or r"\Seen" in command
                one.marked = one.marked or (self.marks and "Charterbot" in command)
            if not self.marks and "Charterbot" in command:
                says = "NO no marks of your own"
        else:
            says = "BAD what"
        writer.write(f"{tag} {says}\r\n".encode())
        return name != "LOGOUT"

    def _fetch(self, command: str, writer: asyncio.StreamWriter) -> None:
        asked = _LITERAL.search(command.encode())
        assert asked is not None, f"it would mark them as seen: {command}"
        for one in self._named(command.split()[2]):
            self.fetched.append(one.uid)
            part = one.raw[: int(asked.group(1))]
            head = f"* {one.uid} FETCH (UID {one.uid} BODY[]<0> {{{len(part)}}}\r\n"
            writer.write(head.encode() + part + b")\r\n")

    def _named(self, uids: str) -> list[Kept]:
        wanted = {int(one) for one in uids.split(",")}
        return [one for one in self.mails if one.uid in wanted]
