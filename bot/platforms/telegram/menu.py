"""Bringing the command menus and what is read about us to Telegram: only what changed, a few calls a
second."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.clock import Clock
from bot.platforms.telegram.menus import About, Menu, Menus
from bot.platforms.telegram.request import Api, Wait

PAUSE = 0.4  # seconds between two calls: people's answers go before
AT_FIRST = 20.0  # seconds after the start: whoever waited for an answer gets it before
ROUND = 600.0  # seconds until it is looked again what changed; that alone calls nobody
COMMANDS = "MyCommands"
log = structlog.get_logger()


class MenuBringer:
    """Keeps the menus as they are wanted. What was brought, or stood there already, is kept in the database:
    it costs no call until it changes, after a restart neither. `bot` tells one bot's menus from another's."""

    def __init__(self, api: Api, clock: Clock, menus: Menus, bot: str) -> None:
        self._api, self._clock, self._menus, self._bot = api, clock, menus, bot
        self._stands: dict[str, str] = {}  # by what it is, as a short hash

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
        """Bring what changed since the last time, whichever process did it. Raises TelegramError; what was
        brought by then is kept."""
        before = await self._menus.standing(self._bot)
        self._stands = dict(self._stands if before is None else before)
        try:
            await self._bring_all()
        finally:
            if self._stands != before:
                await self._menus.stand(self._bot, self._stands)

    async def _bring_all(self) -> None:
        abouts = await asyncio.to_thread(self._menus.about)  # the first time every catalogue is read for it
        wanted = await self._menus.wanted()
        for what, where, field, value in _calls(wanted, abouts):
            await self._bring(what, where, field, value)
        keys = {_key(COMMANDS, menu.where) for menu in wanted}
        for gone in [one for one in self._stands if one not in keys and json.loads(one)[0] == COMMANDS]:
            await self._take_away(gone)

    async def _bring(self, what: str, where: dict[str, Any], field: str, wanted: Any) -> None:
        key, mark = _key(what, where), _mark(wanted)
        if self._stands.get(key) == mark:
            return
        try:
            there = await self._call(f"get{what}", **where)
            if (there if isinstance(there, list) else there.get(field)) != wanted:
                await self._call(f"set{what}", **where, **{field: wanted})
        except (BadRequest, Forbidden) as refused:  # a coordinator who never wrote to us has no chat yet
            log.info("telegram_menu_refused", what=what, says=str(refused))
            return
        self._stands[key] = mark

    async def _take_away(self, key: str) -> None:
        """A menu that nobody is to see any more: that of somebody who coordinates no more."""
        try:
            await self._call(f"delete{COMMANDS}", **json.loads(key)[1])
        except (BadRequest, Forbidden) as refused:
            log.info("telegram_menu_refused", what=f"delete{COMMANDS}", says=str(refused))
        del self._stands[key]

    async def _call(self, method: str, **parameters: Any) -> Any:
        """One call, in its turn; a pause that Telegram asks for is kept, once. Raises TelegramError."""
        await self._clock.sleep(PAUSE)
        try:
            return await self._api.call(method, **parameters)
        except Wait as wait:
            await self._clock.sleep(wait.seconds)
            return await self._api.call(method, **parameters)


def _calls(
    wanted: tuple[Menu, ...], abouts: tuple[About, ...]
) -> Iterator[tuple[str, dict[str, Any], str, Any]]:
    """All that is to stand in Telegram: which method sets it, which one it is, its field and what it says."""
    for menu in wanted:
        commands = [{"command": name, "description": words} for name, words in menu.commands]
        yield COMMANDS, menu.where, "commands", commands
    for about in abouts:
        where = {"language_code": about.language} if about.language else {}
        yield "MyDescription", where, "description", about.description
        yield "MyShortDescription", where, "short_description", about.short


def _key(what: str, where: dict[str, Any]) -> str:
    return json.dumps([what, where])


def _mark(wanted: Any) -> str:
    return hashlib.blake2b(json.dumps(wanted).encode(), digest_size=8).hexdigest()
