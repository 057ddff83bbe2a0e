"""The command menu beside the text field of a chat."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Bot, BotCommand
from telegram.error import BadRequest

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
