"""The port to e-mail: what is sent is a mail, what is pressed is pressed on its reader's own page."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import NoReturn

import structlog
from starlette.routing import Route

from bot.clock import WALL_CLOCK, Clock
from bot.messages import Account, Answer, Message, Place, Post
from bot.platforms.email.addresses import NAME, reply_address, sender_of, server_of, wire_address
from bot.platforms.email.checking import findings
from bot.platforms.email.composing import composed, new_message_id
from bot.platforms.email.letters import Written, write_letter
from bot.platforms.email.mailbox import Mailbox
from bot.platforms.email.outgoing import Outgoing
from bot.platforms.email.wording import Letterhead, worded
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import Capabilities, Finding, Inbox, SendFailed
from bot.templating.pages import Pages
from storage.store import Storage

PACE = Pace(overall=0.5)  # what small mail servers take without a word

log = structlog.get_logger()


class EmailPort:
    """The e-mail side of `bot.platforms.port.Port`.

    `smtp_url` is "smtp://…" (with STARTTLS) or "smtps://…", `sender` "Name <bot@example.org>"; `reply_to` and
    `postal` (the postal line under newsletters) may be "". With `mailbox_url` ("imaps://…") the process that
    leads reads that mailbox for what came back; `mailbox_checks` is what the server calls itself that checks
    who sent a mail there, "" for none. `tls` is for servers with a certificate of their own. Raises
    ValueError on what can never work.
    """

    name = NAME
    capabilities = Capabilities(
        text=200_000, keys=50, can_edit=False, can_answer_privately=True, has_forms=False,
        command_prefix="/", caption=200_000, can_delete=False,
    )  # fmt: skip

    def __init__(
        self,
        smtp_url: str,
        sender: str,
        storage: Storage,
        pages: Pages,
        public_url: str,
        *,
        reply_to: str = "",
        postal: str = "",
        mailbox_url: str = "",
        mailbox_checks: str = "",
        clock: Clock = WALL_CLOCK,
        pace: Pace = PACE,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._sender, self._server = sender_of(sender), server_of(smtp_url)
        self._head = Letterhead(self._sender, pages, public_url.rstrip("/"), reply_address(reply_to), postal)
        self._storage, self._clock, self._tls = storage, clock, tls
        self._out = Outgoing(self._server, self._sender.domain, tls)
        self.pacer = Pacer(pace, clock)
        self._box = server_of(mailbox_url) if mailbox_url else None
        self._mailbox = Mailbox(self._box, storage, clock, tls, mailbox_checks) if self._box else None
        self._inbox: Inbox | None = None

    # ---- being connected ----

    async def connect(self, inbox: Inbox) -> None:
        """Begin to read the mailbox, if there is one and we lead. The mail server is entered with the first
        mail."""
        self._inbox = inbox
        if self._mailbox is not None:
            self._mailbox.begin(inbox)

    async def disconnect(self) -> None:
        """Stop reading, and say goodbye to the mail server: within five seconds."""
        self._inbox = None
        if self._mailbox is not None:
            await self._mailbox.end()
        await self._out.close()

    def lead(self, leading: bool) -> None:
        """Read the mailbox, or let somebody else do so."""
        if self._mailbox is not None:
            self._mailbox.lead(leading)

    def ready(self) -> bool:
        """True while connected. A mail server out of reach shows when the next mail goes."""
        return self._inbox is not None

    def healthy(self) -> bool:
        """False since the mail server was out of reach or turned us away, until it takes a mail again."""
        return self.ready() and self._out.lets_us_in

    def routes(self) -> Sequence[Route]:
        """None: the pages behind our links are everybody's."""
        return ()

    # ---- sending ----

    async def send(
        self,
        place: Place,
        message: Message,
        only_for: Account | None = None,
        reply_to: str = "",
    ) -> Post:
        """Mail a message, with a personal page for its taps. Raises SendFailed."""
        address = (only_for.user if only_for is not None else place.channel).strip()
        to = wire_address(address)
        message_id = new_message_id(self._sender.domain)
        letter = await write_letter(self._storage, self._clock, address, message, message_id)
        mail = self._composed(message, letter, to, message_id, reply_to)
        await self._out.send(self._sender.address, to, mail)
        return Post(place, message_id)

    async def edit(self, post: Post, message: Message) -> Post:  # noqa: ARG002 - the port's signature
        """A mail that went stays as it is. Raises SendFailed("refused")."""
        return _stays()

    async def delete(self, post: Post) -> None:  # noqa: ARG002 - the port's signature
        """A mail that went stays where it is. Raises SendFailed("refused")."""
        _stays()

    async def fetch(self, ref: str) -> bytes:  # noqa: ARG002 - the port's signature
        """What comes by mail is not taken in. Raises SendFailed("refused")."""
        raise SendFailed("refused", "files are not taken from mails")

    async def direct(self, account: Account) -> Place:
        """Their mailbox. Raises SendFailed("gone") for an account of another platform."""
        if account.platform != NAME or not account.user:
            raise SendFailed("gone", "not a mail address")
        return Place(NAME, "", account.user)

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Mail an answer that nobody has seen: its page was never shown, or it was a calendar that asked."""
        if answer.message is None:
            return None
        return await self.send(place, answer.message, only_for=account, reply_to=message_id)

    def start_link(self, payload: str) -> str:  # noqa: ARG002 - the port's signature
        """A mailbox is not opened by a link."""
        return ""

    # ---- what came back ----

    async def look_in(self) -> int:
        """Read the mailbox now; how many mails of it were of use. Raises OSError, imaplib.IMAP4.error."""
        return await self._mailbox.look_in() if self._mailbox is not None else 0

    async def check(self) -> list[Finding]:
        """The mail server, the mailbox, and what our links need. May be called before `connect`."""
        return await findings(self._server, self._sender, self._head.public_url, self._box, self._tls)

    def _composed(self, message: Message, letter: Written, to: str, message_id: str, reply_to: str) -> bytes:
        now = self._clock.now()
        try:
            return composed(
                self._head,
                worded(self._head, message, letter, now),
                to=to,
                name=letter.name,
                message_id=message_id,
                now=now,
                file=message.file,
                mail=message.mail,
                reply_to=reply_to,
            )
        except Exception as bug:  # nothing was sent: it must not count as perhaps arrived
            log.error("mail_not_composed", exc_info=bug)
            raise SendFailed("refused", f"it cannot be put into a mail ({type(bug).__name__})") from None


def _stays() -> NoReturn:
    raise SendFailed("refused", "a mail that went cannot be changed")
