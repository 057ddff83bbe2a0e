"""Telegram: one bot, by polling or by webhook, in private chats, groups and forum topics."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.messages import Account, Answer, Message, Place, Post
from bot.platforms.port import Capabilities, Finding, Inbox, SendFailed
from bot.platforms.telegram.answering import Answering
from bot.platforms.telegram.checking import findings
from bot.platforms.telegram.incoming import NAME, UPDATES, Me, chat_of, read_update
from bot.platforms.telegram.menu import bring_menu
from bot.platforms.telegram.outgoing import (
    Sleep,
    delete_message,
    edit_message,
    fits,
    post_message,
    send_failed,
)
from bot.platforms.telegram.polling import Poller, backoff, pause_after
from bot.platforms.telegram.request import Api
from bot.platforms.telegram.webhook import PATH, webhook_route

__all__ = ["TelegramPort"]

MOST_ANSWERS = 500  # answers on their way at which no more updates are fetched
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class TelegramPort:
    """The Telegram side of `bot.platforms.port.Port`.

    With `webhook_secret` and `public_url` updates come by webhook, else they are polled. `menu` gives
    (name, description) of the commands of the chat's menu. Raises ValueError on a token or secret that
    can never work.
    """

    name = NAME
    capabilities = Capabilities(
        text=4096, keys=100, can_edit=True, can_answer_privately=False, has_forms=False, command_prefix="/"
    )

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        webhook_secret: str = "",
        public_url: str = "",
        now: Callable[[], datetime] = _now,
        menu: Callable[[], tuple[tuple[str, str], ...]] = tuple,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("TELEGRAM_BOT_TOKEN looks like 123456:ABC…, as @BotFather gives it")
        if webhook_secret and not _SECRET.fullmatch(webhook_secret):
            raise ValueError("TELEGRAM_WEBHOOK_SECRET takes 1 to 256 letters, digits, _ and -")
        for chatty in ("telegram", "aiohttp.client"):  # both know the token: it is part of every URL
            logging.getLogger(chatty).setLevel(logging.WARNING)
        root = f"{api_url.rstrip('/')}/bot"
        self._api = Api(f"{root}{token}/")
        self._bot = Bot(token, base_url=root, request=self._api, get_updates_request=self._api)
        self._secret, self._url = webhook_secret, public_url.rstrip("/")
        self._by_webhook = bool(webhook_secret and public_url)
        self._now, self._menu, self._sleep = now, menu, sleep
        self._answering = Answering(self._api, sleep)
        self._poller = Poller(self._api, self._take, sleep)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._inbox: Inbox | None = None
        self._me: Me | None = None
        self._menu_is_set = False
        self._webhook_is_set = False
        self._task: asyncio.Task[None] | None = None

    # ---- being connected ----

    async def connect(self, inbox: Inbox) -> None:
        """Start receiving, in a task of our own that keeps trying."""
        await self._api.initialize()
        self._answering = Answering(self._api, self._sleep)
        self._poller = Poller(self._api, self._take, self._sleep)
        self._inbox = inbox
        self._task = asyncio.create_task(self._run())

    async def disconnect(self) -> None:
        """Stop receiving, confirm what was recorded, give what can be given: seven seconds at most."""
        self._poller.stop()
        self._webhook_is_set = False
        if self._task is not None:
            # A pause between attempts is not waited for, nor updates that take too long: what is not
            # recorded was not acknowledged either.
            await asyncio.wait([self._task], timeout=3.0 if self._poller.taking else 0.2)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._inbox, self._task = None, None
        if not self._by_webhook:
            await self._poller.confirm()
        await self._answering.stop(patience=2.5)
        await self._api.shutdown()

    def ready(self) -> bool:
        """True while updates reach us: the last poll was fine, or the webhook is set."""
        return self._webhook_is_set if self._by_webhook else self._poller.ready

    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self._answering.busy() > 0

    def routes(self) -> Sequence[Route]:
        """The webhook's route; nothing when updates are polled."""
        return [webhook_route(self._secret, self._take)] if self._by_webhook else []

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                await self._introduce()
                if self._by_webhook:
                    return
                await self._poller.run()
                return
            except TelegramError as trouble:
                attempt = 1 if self._poller.was_ready else attempt + 1
                self._poller.was_ready = False
                log.warning("telegram_out_of_reach", trouble=type(trouble).__name__, attempt=attempt)
                await self._sleep(pause_after(trouble, attempt))
            except Exception as bug:
                attempt += 1
                log.error("telegram_receiving_broke", trouble=type(bug).__name__, attempt=attempt)
                await self._sleep(backoff(attempt))

    async def _learn_name(self) -> None:
        if self._me is None:
            me = await self._bot.get_me()
            self._me = Me(me.id, me.username or "", bool(me.can_read_all_group_messages))

    async def _introduce(self) -> None:
        """Learn who we are, say how we want our updates, and bring the menu up to date."""
        await self._learn_name()
        if self._by_webhook:
            url = self._url + PATH
            await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=UPDATES)
            self._webhook_is_set = True
        else:
            await self._bot.delete_webhook()
        if not self._menu_is_set:
            await bring_menu(self._bot, self._menu())
            self._menu_is_set = True

    # ---- receiving ----

    async def _take(self, raw: dict[str, Any]) -> None:
        """Have one update recorded, then begin to answer it. Raises when it cannot be recorded now."""
        if self._inbox is None or self._me is None:
            raise ConnectionError("not connected yet")
        inbox = self._inbox
        try:
            incoming = read_update(raw, self._me, self._now())
        except Exception as trouble:  # whatever an update from a newer Bot API holds, it stops nobody
            number = raw["update_id"]
            log.warning("telegram_update_unreadable", update_id=number, trouble=type(trouble).__name__)
            return
        if incoming is None:
            return
        async with self._turns.setdefault(chat_of(raw), asyncio.Lock()):
            await self._answering.settle(at_most=MOST_ANSWERS)
            answer = await inbox.receive(incoming)
        self._answering.give(incoming, answer, inbox)

    # ---- sending ----

    async def send(
        self, place: Place, message: Message, only_for: Account | None = None, reply_to: str = ""
    ) -> Post:
        """Post `message`; for one person's eyes it goes to the direct chat. Raises SendFailed."""
        if only_for is not None and place.kind == "group":
            place, reply_to = await self.direct(only_for), ""
        try:
            return await post_message(self._api, place, message, reply_to, self._sleep)
        except TelegramError as trouble:
            raise send_failed(trouble, place) from None

    async def edit(self, post: Post, message: Message) -> None:
        """Replace a post's text and keys. "Not modified" is a success. Raises SendFailed."""
        try:
            await edit_message(self._api, post, message)
        except TelegramError as trouble:
            raise send_failed(trouble, post.place) from None

    async def delete(self, post: Post) -> None:
        """Take a post away. Already gone is a success. Raises SendFailed."""
        try:
            await delete_message(self._api, post)
        except TelegramError as trouble:
            raise send_failed(trouble, post.place) from None

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
        it stand in the group, as every answer to typed words does. Raises SendFailed.
        """
        message = answer.message
        if message is None:
            return None
        if answer.replace and message_id and place.kind == "direct" and fits(message):
            post = Post(place, message_id)
            try:
                await edit_message(self._api, post, message)
            except BadRequest:
                log.info("telegram_not_edited", message_id=message_id)  # it was typed, or is too old
            except TelegramError as trouble:
                raise send_failed(trouble, place) from None
            else:
                return post
        if place.kind == "group" and not answer.public:
            try:
                return await self.send(place, message, only_for=account)
            except SendFailed as failed:
                if failed.kind != "gone":
                    raise
        return await self.send(place, message, reply_to=message_id if place.kind == "group" else "")

    def start_link(self, payload: str) -> str:
        """A link that opens the private chat with this payload (at most 64 of A-Z a-z 0-9 _ -)."""
        return f"https://t.me/{self._me.username}?start={payload}" if self._me else ""

    # ---- being checked ----

    async def check(self) -> list[Finding]:
        """Token, privacy mode and webhook, asked of Telegram itself. May be called before `connect`."""
        alone = self._task is None
        if alone:
            await self._api.initialize()
        try:
            found = await findings(self._bot, self._url + PATH if self._by_webhook else "")
            if found[0].good:
                await self._learn_name()  # so that `start_link` works for whoever only asks
            return found
        finally:
            if alone:
                await self._api.shutdown()
