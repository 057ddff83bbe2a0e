"""Receiving: having updates come to us, by webhook or, while we lead, by polling; tried until it works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.clock import Clock
from bot.platforms.telegram.incoming import UPDATES, Me
from bot.platforms.telegram.menu import MenuBringer
from bot.platforms.telegram.polling import Poller, backoff, pause_after

log = structlog.get_logger()


class Receiving:
    """Who we are, and how updates reach us. `webhook` and `secret`: where Telegram is to bring them and
    how it shows that it is Telegram; "" to poll them."""

    def __init__(
        self,
        bot: Bot,
        poller: Callable[[], Poller],
        clock: Clock,
        webhook: str = "",
        secret: str = "",
        menus: MenuBringer | None = None,
    ) -> None:
        self._bot, self._new_poller, self._clock = bot, poller, clock
        self._webhook, self._secret = webhook, secret
        self.me: Me | None = None
        self._poller = poller()
        self._leading = asyncio.Event()
        self._leading.set()
        self._webhook_is_set = self._closing = False
        self._task: asyncio.Task[None] | None = None
        self.menus = menus
        self._bringing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to receive, in a task of our own that keeps trying."""
        self._poller, self._closing = self._new_poller(), False
        self._task = asyncio.create_task(self._run())
        if self.menus is not None:
            self._bringing = asyncio.create_task(self._bring_menus(self.menus))

    async def end(self) -> None:
        """Stop receiving. A pause between attempts is not waited for, nor updates that take longer than
        three seconds: what is not recorded was not acknowledged either."""
        self._closing = True
        self._poller.stop()
        self._webhook_is_set = False
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.gather(self._bringing, return_exceptions=True)
        if self._task is not None:
            await asyncio.wait([self._task], timeout=3.0 if self._poller.taking else 0.2)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def confirm(self) -> None:
        """Tell Telegram what was recorded, if it has not heard of it yet."""
        await self._poller.confirm()

    def lead(self, leading: bool) -> None:
        """Poll, or let somebody else poll."""
        if leading:
            self._leading.set()
        else:
            self._leading.clear()
            self._poller.stop()

    def under_way(self) -> bool:
        """Whether it has begun."""
        return self._task is not None

    def ready(self) -> bool:
        """True while updates reach us, or would if we were leading."""
        if self._webhook:
            return self._webhook_is_set
        if self._leading.is_set():
            return self._poller.ready
        return self.me is not None and self._task is not None

    async def learn_name(self) -> None:
        """Ask Telegram who we are, once. Raises TelegramError."""
        if self.me is None:
            me = await self._bot.get_me()
            self.me = Me(me.id, me.username or "", bool(me.can_read_all_group_messages))

    async def _run(self) -> None:
        attempt = 0
        while not self._closing:
            try:
                await self.learn_name()
                if self._webhook:
                    await self._be_called()
                    return
                await self._leading.wait()
                await self._poll()
            except TelegramError as trouble:
                attempt = 1 if self._poller.was_ready else attempt + 1
                self._poller.was_ready = False
                log.warning("telegram_out_of_reach", trouble=type(trouble).__name__, attempt=attempt)
                await self._clock.sleep(pause_after(trouble, attempt))
            except Exception as bug:
                attempt += 1
                log.error("telegram_receiving_broke", trouble=type(bug).__name__, attempt=attempt)
                await self._clock.sleep(backoff(attempt))

    async def _be_called(self) -> None:
        """Have updates brought to our webhook."""
        await self._bot.set_webhook(self._webhook, secret_token=self._secret, allowed_updates=UPDATES)
        self._webhook_is_set = True

    async def _poll(self) -> None:
        """Fetch updates until we lead no more; then nothing that was recorded comes to who leads next."""
        if self._closing or not self._leading.is_set():
            return
        self._poller.begin()
        await self._bot.delete_webhook()
        await self._poller.run()
        if not self._closing:
            await self._poller.confirm()

    async def _bring_menus(self, menus: MenuBringer) -> None:
        """Beside receiving, and by whoever leads."""
        await self._leading.wait()
        await menus.keep()
