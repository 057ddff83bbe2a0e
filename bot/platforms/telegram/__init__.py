"""Telegram: one bot, by polling or by webhook, in private chats, groups and forum topics."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import WALL_CLOCK, Clock
from bot.messages import Account, Answer, Message, Place, Post
from bot.platforms.files import with_table
from bot.platforms.pacing import Pace, Pacer
from bot.platforms.port import Capabilities, Finding, Inbox, SendFailed
from bot.platforms.telegram.answering import Answering
from bot.platforms.telegram.checking import findings
from bot.platforms.telegram.documents import Tables, fetch_file, post_file, post_whole
from bot.platforms.telegram.enclosed import Albums
from bot.platforms.telegram.failures import send_failed
from bot.platforms.telegram.incoming import chat_of, read_all
from bot.platforms.telegram.links import key_of
from bot.platforms.telegram.menu import MenuBringer
from bot.platforms.telegram.menus import Menus
from bot.platforms.telegram.outgoing import PACE, delete_message, edit_message, fits
from bot.platforms.telegram.places import NAME
from bot.platforms.telegram.polling import Poller
from bot.platforms.telegram.receiving import Receiving
from bot.platforms.telegram.request import Api
from bot.platforms.telegram.webhook import PATH, webhook_route

__all__ = ["TelegramPort"]

MOST_ANSWERS = 500  # answers on their way at which no more updates are fetched
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
log = structlog.get_logger()


class TelegramPort:
    """The Telegram side of `bot.platforms.port.Port`.

    With `webhook_secret` and `public_url` updates come by webhook, else they are polled; `pace` is
    Telegram's unless given. Raises ValueError on a token or secret that can never work.
    """

    name = NAME
    capabilities = Capabilities(
        text=4096,
        keys=100,
        can_edit=True,
        can_answer_privately=False,
        has_forms=False,
        command_prefix="/",
        caption=1024,
        can_delete=True,
    )

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        webhook_secret: str = "",
        public_url: str = "",
        clock: Clock = WALL_CLOCK,
        pace: Pace | None = None,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("TELEGRAM_BOT_TOKEN looks like 123456:ABC…, as @BotFather gives it")
        if webhook_secret and not _SECRET.fullmatch(webhook_secret):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET takes 1 to 256 letters, digits, _ and -")
        for chatty in ("telegram", "aiohttp.client"):  # both know the token: it is part of every URL
            logging.getLogger(chatty).setLevel(logging.WARNING)
        root = f"{api_url.rstrip('/')}/bot"
        self._api = Api(f"{root}{token}/", f"{api_url.rstrip('/')}/file/bot{token}/")
        self._bot = Bot(token, base_url=root, request=self._api, get_updates_request=self._api)
        self._secret, by_webhook = webhook_secret, bool(webhook_secret and public_url)
        self._webhook = public_url.rstrip("/") + PATH if by_webhook else ""
        self._clock = clock
        self.pacer = Pacer(PACE if pace is None else pace, clock)
        self._key = key_of(token)
        self._answering = self._new_answering()
        self._tables = Tables(self._api, self.pacer)
        self._receiving = Receiving(
            self._bot,
            lambda: Poller(self._api, self._take, clock),
            clock,
            webhook=self._webhook,
            secret=webhook_secret,
        )
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._albums = Albums()
        self._inbox: Inbox | None = None

    # ---- being connected ----

    async def connect(self, inbox: Inbox) -> None:
        """Start receiving, in a task of our own that keeps trying."""
        await self._api.initialize()
        self._answering = self._new_answering()
        self._inbox = inbox
        self._receiving.begin()

    async def disconnect(self) -> None:
        """Stop receiving, confirm what was recorded, give what can be given: seven seconds at most."""
        await self._receiving.end()
        self._inbox = None
        await self._receiving.confirm()
        await self._answering.stop(patience=2.5)
        await self._api.shutdown()

    def lead(self, leading: bool) -> None:
        """Poll, or let somebody else poll: the batch under way is recorded and confirmed first. By webhook
        this changes nothing, it serves any process."""
        self._receiving.lead(leading)

    def ready(self) -> bool:
        """True while updates reach us: the last poll was fine, or the webhook is set. While somebody else
        polls: that we could."""
        return self._receiving.ready()

    def healthy(self) -> bool:
        """As `ready`: polling finds out by itself."""
        return self.ready()

    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self._answering.busy() > 0

    def routes(self) -> Sequence[Route]:
        """The webhook's route; nothing when updates are polled."""
        return [webhook_route(self._secret, self._take)] if self._webhook else []

    def shows(self, menus: Menus) -> None:
        """Keep these menus in Telegram, from the next `connect` on."""
        self._receiving.menus = MenuBringer(self._api, self._clock, menus, self._key.hex())

    # ---- receiving ----

    async def _take(self, raw: dict[str, Any], at: datetime | None = None) -> None:
        """Have one update recorded, then begin to answer it; `at` is when it came in (UTC), now if it just
        did. Raises when it cannot be recorded now."""
        inbox, me = self._inbox, self._receiving.me
        if inbox is None or me is None:
            raise ConnectionError("not connected yet")
        try:
            done = read_all(raw, me, at or self._clock.now(), self._key, self._albums)
        except Exception as trouble:  # whatever an update from a newer Bot API holds, it stops nobody
            number = raw["update_id"]
            log.warning("telegram_update_unreadable", update_id=number, trouble=type(trouble).__name__)
            return
        for incoming in done:
            async with self._turns.setdefault(chat_of(raw), asyncio.Lock()):
                incoming = await with_table(incoming, self._tables.fetch)
                await self._answering.settle(at_most=MOST_ANSWERS)
                answer = await inbox.receive(incoming)
            self._answering.give(incoming, answer, inbox)

    # ---- sending ----

    async def send(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        """Post `message` with its picture or file; for one person's eyes they go to the direct chat. Raises
        SendFailed, never for the file."""
        if only_for is not None and place.kind == "group":
            place, reply_to = await self.direct(only_for), ""
        try:
            return await post_whole(self._api, self.pacer, place, message, reply_to)
        except TelegramError as trouble:
            raise send_failed(trouble, place) from None

    async def edit(self, post: Post, message: Message) -> Post:
        """Replace a post's text and keys, in all its parts. "Not modified" is a success.

        Raises SendFailed."""
        try:
            return await edit_message(self._api, self.pacer, post, message)
        except TelegramError as trouble:
            raise send_failed(trouble, post.place) from None

    async def delete(self, post: Post) -> None:
        """Take a post away with all its parts. Already gone is a success. Raises SendFailed, "refused" after
        48 hours."""
        try:
            await delete_message(self._api, self.pacer, post)
        except TelegramError as trouble:
            raise send_failed(trouble, post.place) from None

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent, at most 20 MB. Raises SendFailed."""
        return await fetch_file(self._api, ref)

    async def direct(self, account: Account) -> Place:
        """The private chat, whose id is the person's. Whether they ever pressed START shows on sending.

        Raises SendFailed("gone") for an account of another platform.
        """
        if account.platform != NAME or not account.user.isdecimal():
            raise SendFailed("gone", "not a Telegram account")
        return Place(NAME, "", account.user)

    async def give(self, place: Place, account: Account, answer: Answer, message_id: str = "") -> Post | None:
        """Give a recorded answer after a restart, when the tap can no longer be answered.

        What may have been for one person's eyes goes to the direct chat; only where there is none does
        it stand in the group, as every answer to typed words does that is not aside. Raises SendFailed.
        """
        stands = await self._give(place, account, answer, message_id)
        if answer.mark is not None:
            self._answering.mark(place, answer.mark, message_id)
        return stands

    async def _give(self, place: Place, account: Account, answer: Answer, message_id: str) -> Post | None:
        message = answer.message
        if message is None:
            return None
        seen = place.kind == "direct" or (answer.public and not answer.aside)
        if answer.replace and message_id and seen and fits(message):
            try:
                post = await edit_message(self._api, self.pacer, Post(place, message_id), message)
            except BadRequest:
                log.info("telegram_not_edited", message_id=message_id)  # it was typed, or is too old
            except TelegramError as trouble:
                raise send_failed(trouble, place) from None
            else:
                if message.file is not None:
                    await post_file(self._api, self.pacer, place, message.file, silent=message.silent)
                return post
        if place.kind == "group" and (answer.aside or not answer.public):
            try:
                return await self.send(place, message, only_for=account)
            except SendFailed as failed:
                if failed.kind != "gone":
                    raise
            if answer.aside:
                return None
            message = replace(message, file=None)  # what is in it may be for them alone
        return await self.send(place, message, reply_to=message_id if place.kind == "group" else "")

    def _new_answering(self) -> Answering:
        return Answering(self._api, self.pacer, self.start_link, self._key)

    def start_link(self, payload: str) -> str:
        """A link that opens the private chat with this payload (at most 64 of A-Z a-z 0-9 _ -)."""
        me = self._receiving.me
        return f"https://t.me/{me.username}?start={payload}" if me else ""

    # ---- being checked ----

    async def check(self) -> list[Finding]:
        """Token, privacy mode and webhook, asked of Telegram itself. May be called before `connect`."""
        alone = not self._receiving.under_way()
        if alone:
            await self._api.initialize()
        try:
            found = await findings(self._bot, self._webhook)
            if found[0].good:
                await self._receiving.learn_name()  # so that `start_link` works for whoever only asks
            return found
        finally:
            if alone:
                await self._api.shutdown()
