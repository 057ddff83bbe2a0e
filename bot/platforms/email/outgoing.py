"""The way out: one connection to the mail server, kept for a burst and made anew when it has gone."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Final

import structlog
from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPServerDisconnected
from aiosmtplib.protocol import PERIOD_REGEX, normalize_message_line_endings

from bot.platforms.email.addresses import Server, unwatched
from bot.platforms.email.outcomes import AFTER_TROUBLE, Stage, failed
from bot.platforms.port import SendFailed

# Seconds. Together less than the minute after which a mail counts as lost (`bot.delivery.way.LOST_AFTER`).
FOR_A_TURN: Final = 10.0
UNTIL_THE_DOT: Final = 20.0
AFTER_THE_DOT: Final = 25.0
TO_LEAVE: Final = 2.0
STILL_THERE: Final = 5.0  # seconds after which it is asked whether it is, before it is used again
MOST_IN_A_ROW: Final = 50  # mails over one connection: servers count them
START: Final = 354

log = structlog.get_logger()


class Outgoing:
    """The mail server as one mail after the other goes to it. `own_name` is what we call ourselves there."""

    def __init__(self, server: Server, own_name: str, tls: ssl.SSLContext | None = None) -> None:
        self._server, self._own_name, self._tls = server, own_name, tls
        self._turn = asyncio.Lock()
        self._smtp: SMTP | None = None
        self._used, self._count = 0.0, 0
        self._stage: Stage = "entering"
        self.lets_us_in = True  # as the last mail found it

    async def send(self, sender: str, to: str, mail: bytes) -> None:
        """Hand over one mail, wire addresses and all. Raises SendFailed; "unknown" only if the server was
        told the whole mail and gave no answer."""
        async with self._in_turn():
            self._stage = "entering"
            try:
                async with asyncio.timeout(UNTIL_THE_DOT):
                    smtp = await self._connected()
                    await self._announce(smtp, sender, to, len(mail))
                await self._hand_over(smtp, mail)
            except (SMTPException, OSError, TimeoutError, ValueError) as trouble:
                stage = self._stage
                self.lets_us_in = stage not in ("entering", "from")
                await self._after(trouble)
                raise failed(stage, trouble) from None
            except asyncio.CancelledError:
                self._drop()
                raise
            self.lets_us_in = True
            self._used, self._count = asyncio.get_running_loop().time(), self._count + 1

    async def ask(self) -> SMTP:
        """A connection that is let in and answers. Raises SMTPException, OSError, SendFailed."""
        async with self._in_turn(), asyncio.timeout(UNTIL_THE_DOT):
            smtp = await self._connected()
            await smtp.noop()
            return smtp

    async def close(self) -> None:
        """Say goodbye, within two seconds."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with contextlib.suppress(SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(TO_LEAVE):
                await smtp.quit()
        smtp.close()

    @contextlib.asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(FOR_A_TURN):
                await self._turn.acquire()
        except TimeoutError:
            raise SendFailed("later", "the mail server is slow", after=AFTER_TROUBLE) from None
        try:
            yield
        finally:
            self._turn.release()

    async def _connected(self) -> SMTP:
        smtp, now = self._smtp, asyncio.get_running_loop().time()
        if smtp is not None and smtp.is_connected and self._count < MOST_IN_A_ROW:
            if now - self._used < STILL_THERE:
                return smtp
            with contextlib.suppress(SMTPException, OSError):
                await smtp.noop()
                return smtp
        await self.close()
        smtp = self._new()
        self._smtp, self._count = smtp, 0
        await smtp.connect()
        return smtp

    def _new(self) -> SMTP:
        server = self._server
        required = bool(server.user) and not server.is_near
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            start_tls=False if server.tls else (True if required else None),
            tls_context=self._tls or (unwatched() if server.is_near else None),
            timeout=UNTIL_THE_DOT,
            local_hostname=self._own_name,
        )

    async def _announce(self, smtp: SMTP, sender: str, to: str, size: int) -> None:
        """MAIL FROM, RCPT TO and DATA, until the server wants the mail."""
        self._stage = "from"
        reports = smtp.supports_extension("dsn")
        options = ["RET=HDRS"] if reports else []  # what comes back need not say it all again (RFC 3461)
        if smtp.supports_extension("size"):
            options.append(f"SIZE={size}")
        await smtp.mail(sender, options=options)
        self._stage = "to"
        await smtp.rcpt(to, options=["NOTIFY=FAILURE"] if reports else [])
        self._stage = "mail"
        answer = await smtp.execute_command(b"DATA")
        if answer.code != START:
            raise SMTPDataError(answer.code, answer.message)

    async def _hand_over(self, smtp: SMTP, mail: bytes) -> None:
        """The mail and its last dot. From here on it may have arrived, whatever happens: `SMTP.data` would
        not say whether it was lost before or after."""
        protocol = smtp.protocol
        if protocol is None:
            raise SMTPServerDisconnected("the connection was lost")
        lines = PERIOD_REGEX.sub(b"..", normalize_message_line_endings(mail))
        self._stage = "over"
        protocol.write(lines + b".\r\n")
        answer = await protocol.read_response(timeout=AFTER_THE_DOT)
        if answer.code != 250:
            raise SMTPDataError(answer.code, answer.message)

    async def _after(self, trouble: Exception) -> None:
        """Make the connection ready for the next mail, or drop it."""
        smtp, said = self._smtp, getattr(trouble, "code", 0)
        is_a_no = 400 <= said < 600 and said != 421 and self._stage != "entering"
        if smtp is not None and smtp.is_connected and is_a_no:
            with contextlib.suppress(SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(TO_LEAVE):
                    await smtp.rset()
                return
        self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None
