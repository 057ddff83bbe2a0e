"""A real mail server in the test's own process: it takes mails, or says no at any point of the talk.

server = MailServer()
await server.start()
server.says_no("to", "550 5.1.1 No such user")
server.hangs_up("over")
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from html.parser import HTMLParser
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificate import contexts

# Where in the talk: the greeting, MAIL FROM, RCPT TO, DATA, and after the mail's last dot.
Point = Literal["greeting", "from", "to", "data", "over"]


@dataclass
class Mail:
    """A mail that was taken."""

    sender: str
    to: str
    raw: bytes
    options: tuple[str, ...] = ()

    @cached_property
    def parsed(self) -> EmailMessage:
        """The mail as the standard library reads it."""
        found = message_from_bytes(self.raw, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.parsed["Subject"])

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.parsed["Message-ID"])

    def header(self, name: str) -> str:
        """A header, "" if it has none of that name."""
        return str(self.parsed.get(name, ""))

    @property
    def text(self) -> str:
        """What somebody reads who sees no HTML."""
        return self._body("plain").replace("\r\n", "\n")

    @property
    def html(self) -> str:
        """What everybody else sees."""
        return self._body("html")

    @property
    def lines(self) -> list[str]:
        """The lines of the text that are not empty."""
        return [line.rstrip() for line in self.text.splitlines() if line.strip()]

    @property
    def first(self) -> str:
        """The first line: what happened."""
        return self.lines[0]

    @cached_property
    def links(self) -> dict[str, str]:
        """Every link of the HTML by its words."""
        reading = _Links()
        reading.feed(self.html)
        return reading.found

    @property
    def files(self) -> dict[str, bytes]:
        """What is attached, by name."""
        return {
            str(part.get_filename()): cast(bytes, part.get_payload(decode=True))
            for part in self.parsed.walk()
            if part.get_content_disposition() == "attachment"
        }

    def part(self, kind: str) -> EmailMessage:
        """The part of that type ("text/calendar") that is not attached."""
        found = [
            one
            for one in self.parsed.walk()
            if one.get_content_type() == kind and one.get_content_disposition() != "attachment"
        ]
        assert len(found) == 1, [one.get_content_type() for one in self.parsed.walk()]
        assert isinstance(found[0], EmailMessage)
        return found[0]

    def _body(self, kind: str) -> str:
        body = self.parsed.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class _Fault:
    point: Point
    says: str  # an answer, or "" to hang up
    times: int
    to: str  # only for this address, "" for any


class MailServer:
    """It keeps what it takes in `mails`. With `user` and `password` it wants to know them; `tls` is "" for
    none, "starttls" or "always"."""

    def __init__(self, user: str = "", password: str = "", tls: str = "") -> None:
        self.user, self.password, self.tls = user, password, tls
        self.mails: list[Mail] = []
        self.talks = 0  # connections so far
        self.tried: list[str] = []  # passwords that it was told
        self.covered: list[bool] = []  # of each mail: whether it came under TLS
        self.holds: asyncio.Event | None = None  # while not set, the last answer waits
        self._faults: list[_Fault] = []
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.BaseTransport] = set()
        self.port = 0

    async def start(self) -> None:
        """Listen on 127.0.0.1, on the port of the last time if there was one."""
        context = contexts()[0] if self.tls == "always" else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone, with all who talk to it."""
        if self._server is not None:
            self._server.close()
            self.hangs_up_now()
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """What stands in SMTP_URL."""
        whose = f"{self.user}:{self.password}@" if self.user else ""
        return f"{'smtps' if self.tls == 'always' else 'smtp'}://{whose}127.0.0.1:{self.port}"

    @property
    def trusted(self) -> ssl.SSLContext:
        """For who is to believe its certificate."""
        return contexts()[1]

    def says_no(self, point: Point, says: str, times: int = 1, to: str = "") -> None:
        """Give this answer ("550 5.1.1 No such user") there, so often."""
        self._faults.append(_Fault(point, says, times, to))

    def hangs_up(self, point: Point, times: int = 1, to: str = "") -> None:
        """Break the connection there; at "over" the mail was taken before."""
        self._faults.append(_Fault(point, "", times, to))

    def hangs_up_now(self) -> None:
        """Break every connection that is open."""
        for transport in tuple(self._open):
            if isinstance(transport, asyncio.Transport):
                transport.abort()

    def to(self, address: str) -> list[Mail]:
        """The mails that went to an address, oldest first."""
        return [mail for mail in self.mails if mail.to.casefold() == address.casefold()]

    def fault(self, point: Point, to: str = "") -> _Fault | None:
        """What goes wrong there now, if anything; it counts as done."""
        for one in self._faults:
            if one.point == point and one.times and one.to in ("", to):
                one.times -= 1
                return one
        return None

    def _protocol(self) -> SMTP:
        self.talks += 1
        return _Talk(self)

    def lets_in(self, user: bytes, password: bytes) -> bool:
        """Whether it knows them."""
        self.tried.append(password.decode())
        return (user.decode(), password.decode()) == (self.user, self.password)

    def opened(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came."""
        self._open.add(transport)

    def closed(self, transport: asyncio.BaseTransport | None) -> None:
        """They went."""
        if transport is not None:
            self._open.discard(transport)


class _Talk(SMTP):
    """One connection."""

    def __init__(self, server: MailServer) -> None:
        self._mails = server
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a password in the open is what a test wants to see not told
            super().__init__(
                _Taking(server),
                hostname="mail.test",
                tls_context=contexts()[0] if server.tls == "starttls" else None,
                require_starttls=server.tls == "starttls",
                auth_required=bool(server.user),
                auth_require_tls=False,
                authenticator=self._check if server.user else None,
                loop=asyncio.get_running_loop(),
            )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._mails.opened(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._mails.closed(self.transport)
        super().connection_lost(error)

    def _check(self, _s: SMTP, _n: Session, _e: Envelope, _m: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=self._mails.lets_in(given.login, given.password), handled=False)

    async def _handle_client(self) -> None:
        fault = self._mails.fault("greeting")
        if fault is not None:
            if fault.says:
                await self.push(fault.says)
            self._hang_up()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        fault = self._mails.fault("data", self._whom())
        if fault is not None:
            await self._do(fault)
            return
        await super().smtp_DATA(arg)

    async def _do(self, fault: _Fault) -> None:
        if fault.says:
            await self.push(fault.says)
        else:
            self._hang_up()

    def _whom(self) -> str:
        return str(self.envelope.rcpt_tos[0]) if self.envelope and self.envelope.rcpt_tos else ""

    def _hang_up(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class _Taking:
    """What the server does with what it is told."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, talk: _Talk, _s: Session, mail: Envelope, sender: str, options: Any) -> str:
        says = await self._fault("from", talk)
        if says:
            return says
        mail.mail_from = sender
        mail.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, talk: _Talk, _s: Session, mail: Envelope, to: str, options: Any) -> str:
        says = await self._fault("to", talk, to)
        if says:
            return says
        mail.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, talk: _Talk, session: Session, mail: Envelope) -> str:
        to = str(mail.rcpt_tos[0])
        fault = self._server.fault("over", to)
        if fault is not None and fault.says:
            return fault.says
        raw = mail.original_content or b""
        self._server.mails.append(Mail(str(mail.mail_from), to, raw, tuple(mail.mail_options)))
        self._server.covered.append(bool(session.ssl) or self._server.tls == "always")
        if fault is not None:
            talk._hang_up()
        if self._server.holds is not None:
            await self._server.holds.wait()
        return "250 OK"

    async def _fault(self, point: Point, talk: _Talk, to: str = "") -> str:
        fault = self._server.fault(point, to)
        if fault is None:
            return ""
        if not fault.says:
            talk._hang_up()
        return fault.says or "421 Gone"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._at = ""
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._at, self._words = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._at:
            self.found[self._words.strip()] = self._at
            self._at = ""


@contextlib.asynccontextmanager
async def serving(server: MailServer) -> AsyncIterator[MailServer]:
    """The server, while it is needed."""
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
