"""Bringing the command menus and what is read about us to Telegram: only what changed, a few calls a
second."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Bot, BotCommand
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock
from bot.platforms.telegram.menus import About, Menu, Menus
from bot.platforms.telegram.request import Api, Wait

PAUSE = 0.4  # seconds between two calls: people's answers go before
AT_FIRST = 20.0  # seconds after the start: whoever waited for an answer gets it before
ROUND = 600.0  # seconds until it is looked again what changed; that alone calls nobody
log = structlog.get_logger()


async def bring_menu(bot: Bot, wanted: Sequence[tuple[str, str]]) -> None:
    """Set the command menu to these (name, description), only when it changed: every phone fetches a
    menu that was set. One that Telegram refuses is logged and stops nothing; else raises TelegramError."""
    try:
        there = await bot.get_my_commands()
        if [(one.command, one.description) for one in there] != list(wanted):
            await bot.set_my_commands([BotCommand(name, words) for name, words in wanted])
    except BadRequest as refused:
        log.warning("telegram_menu_refused", says=str(refused))


class MenuBringer:
    """Keeps the menus as they are wanted. What was brought, or stood there already, is remembered: it costs
    no call until it changes."""

    def __init__(self, api: Api, clock: Clock, menus: Menus) -> None:
        self._api, self._clock, self._menus = api, clock, menus
        self._stands: dict[str, Any] = {}  # by what it is
        self._chats: dict[int, str] = {}  # those that have a menu of their own

    async def keep(self) -> None:
        """Bring what is wanted, and again whenever it changed, for ever."""
        await self._clock.sleep(AT_FIRST)
        while True:
            try:
                await self.bring()
            except TelegramError as trouble:
                log.warning("telegram_menus_wait", trouble=type(trouble).__name__)
            except Exception as bug:
                log.error("telegram_menus_broke", exc_info=bug)
            await self._clock.sleep(ROUND)

    async def bring(self) -> None:
        """Bring what changed since the last time. Raises TelegramError; what was brought by then is
        remembered."""
        abouts = await asyncio.to_thread(self._menus.about)  # the first time every catalogue is read for it
        wanted = await self._menus.wanted()
        for menu in wanted:
            await self._bring_menu(menu)
        for about in abouts:
            await self._bring_about(about)
        await self._take_away({_chat(menu) for menu in wanted})

    async def _bring_menu(self, menu: Menu) -> None:
        commands = [{"command": name, "description": words} for name, words in menu.commands]
        await self._bring("MyCommands", menu.where, "commands", commands)
        if chat := _chat(menu):
            self._chats[chat] = _key("MyCommands", menu.where)

    async def _bring_about(self, about: About) -> None:
        where = {"language_code": about.language} if about.language else {}
        await self._bring("MyDescription", where, "description", about.description)
        await self._bring("MyShortDescription", where, "short_description", about.short)

    async def _bring(self, what: str, where: dict[str, Any], field: str, wanted: Any) -> None:
        key = _key(what, where)
        if key in self._stands and self._stands[key] == wanted:
            return
        try:
            there = await self._call(f"get{what}", **where)
            if (there if isinstance(there, list) else there.get(field)) != wanted:
                await self._call(f"set{what}", **where, **{field: wanted})
        except (BadRequest, Forbidden) as refused:  # a coordinator who never wrote to us has no chat yet
            log.info("telegram_menu_refused", what=what, says=str(refused))
            return
        self._stands[key] = wanted

    async def _take_away(self, chats: set[int]) -> None:
        """The menus of chats whose people coordinate no more."""
        for chat in [one for one in self._chats if one not in chats]:
            try:
                await self._call("deleteMyCommands", scope={"type": "chat", "chat_id": chat})
            except (BadRequest, Forbidden) as refused:
                log.info("telegram_menu_refused", what="deleteMyCommands", says=str(refused))
            self._stands.pop(self._chats.pop(chat), None)

    async def _call(self, method: str, **parameters: Any) -> Any:
        """One call, in its turn; a pause that Telegram asks for is kept, once. Raises TelegramError."""
        await self._clock.sleep(PAUSE)
        try:
            return await self._api.call(method, **parameters)
        except Wait as wait:
            await self._clock.sleep(wait.seconds)
            return await self._api.call(method, **parameters)


def _chat(menu: Menu) -> int:
    return int(menu.scope.get("chat_id", 0))


def _key(what: str, where: dict[str, Any]) -> str:
    return f"{what} {where}"
