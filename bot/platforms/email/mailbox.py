"""The mailbox, looked into every two minutes by the process that leads: what came back goes through the pipe
like everything that anybody does, and only then a mail counts as read. What people wrote is left to them."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from functools import partial
from typing import Final

import structlog

from bot.clock import Clock
from bot.platforms.email.addresses import Server
from bot.platforms.email.imap import Session
from bot.platforms.email.incoming import ANSWERING, ASKING, call_for
from bot.platforms.email.reports import Bounce, read_report
from bot.platforms.port import Inbox
from storage.store import Storage

EVERY: Final = 120.0  # seconds
TO_END: Final = 3.0

log = structlog.get_logger()


class Mailbox:
    """Looks into one mailbox while it leads."""

    def __init__(
        self,
        server: Server,
        storage: Storage,
        clock: Clock,
        tls: ssl.SSLContext | None = None,
        trusted: str = "",
    ) -> None:
        self._server, self._storage, self._clock, self._tls = server, storage, clock, tls
        self._trusted = trusted
        self._left: dict[str, set[str]] = {}  # what was only looked at, where the server keeps no mark of it
        self._inbox: Inbox | None = None
        self._leading = True
        self._work: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    def begin(self, inbox: Inbox) -> None:
        """Look in from now on, if we lead."""
        self._inbox = inbox
        self._steer()

    async def end(self) -> None:
        """Look in no more."""
        self._inbox = None
        work = self._work
        self._steer()
        if work is not None:
            await asyncio.wait({work}, timeout=TO_END)

    def lead(self, leading: bool) -> None:
        """Look in, or let somebody else do so."""
        self._leading = leading
        self._steer()

    async def look_in(self) -> int:
        """Look in once; how many mails were reports or answers of ours. Raises OSError, IMAP4.error."""
        async with self._turn:
            session = await asyncio.to_thread(Session, self._server, self._tls)
            try:
                known = self._left.get(session.numbering, set())
                self._left = {session.numbering: known}
                found = await asyncio.to_thread(lambda: list(session.unseen(known)))
                done = [(uid, await self._take(raw)) for uid, raw in found]
                taken = [uid for uid, what in done if what]
                left = [uid for uid, what in done if what is False]
                known.update(left)
                await asyncio.to_thread(session.seen, taken, left)
            finally:
                await asyncio.to_thread(session.close)
        return len(taken)

    def _steer(self) -> None:
        wanted = self._leading and self._inbox is not None
        if wanted and (self._work is None or self._work.done()):
            self._work = asyncio.create_task(self._run())
        elif not wanted and self._work is not None:
            self._work.cancel()
            self._work = None

    async def _run(self) -> None:
        while True:
            try:
                await self.look_in()
            except (OSError, imaplib.IMAP4.error) as trouble:  # its words may hold the user's name
                log.warning("mailbox_not_read", trouble=type(trouble).__name__)
            except Exception as bug:
                log.error("mailbox_broke", exc_info=bug)
            await self._clock.sleep(EVERY)

    async def _take(self, raw: bytes) -> bool | None:
        """Whether a mail was of use; None if it could not be recorded now, and is to be looked at again."""
        try:
            report = await asyncio.to_thread(read_report, raw)
        except Exception as malformed:  # whatever strangers send, the others are read
            log.info("mail_unreadable", trouble=type(malformed).__name__)
            return False
        if report is None:
            return False
        if isinstance(report, Bounce) and report.kind == "ours":
            log.warning("our_mail_address_is_refused", says=report.says)
        inbox, now = self._inbox, self._clock.now()
        try:
            call = await self._storage.read(partial(call_for, report, now, trusted=self._trusted))
            if call is None or inbox is None:
                return False if call is None else None
            await inbox.receive(call)
        except Exception as trouble:
            log.warning("mail_waits", exc_info=trouble)
            return None
        if call.command in (ANSWERING, ASKING):
            inbox.left(call)  # the worker mails it, once, however often the mail is looked at
        else:
            inbox.given(call)  # nobody waits for what the pipe says to a report
        return True
