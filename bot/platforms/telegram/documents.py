"""Files: one of ours that goes with a message, and small tables that people send us."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.messages import Attachment, File, Place
from bot.platforms.files import FILE_PATIENCE, LARGEST_TABLE, TABLE_PATIENCE, safe_name
from bot.platforms.pacing import LONG_AGO, MINUTE, Pacer
from bot.platforms.telegram.request import Api, Upload, Wait

log = structlog.get_logger()


async def post_file(api: Api, pacer: Pacer, place: Place, file: Attachment, *, silent: bool = False) -> None:
    """Post a file of ours as a message of its own, at its own moment. The words before it stand already, so
    it is tried once more where Telegram asks for a pause, and else left out with a line in the log."""
    parameters: dict[str, Any] = {"chat_id": int(place.channel)}
    if place.thread:
        parameters["message_thread_id"] = int(place.thread)
    if silent:
        parameters["disable_notification"] = True
    document = Upload(safe_name(file), file.mime, file.data)
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            await pacer.answer(place.channel, group=place.kind == "group")
            try:
                await api.upload("sendDocument", document, **parameters)
            except Wait as wait:
                await pacer.clock.sleep(wait.seconds)
                await api.upload("sendDocument", document, **parameters)
    except (TelegramError, TimeoutError) as trouble:
        log.warning("telegram_file_not_posted", trouble=type(trouble).__name__, reason=str(trouble))


class Tables:
    """Fetches small tables. Updates of one chat wait for theirs, and the next poll for the slowest, so all of
    them together may take `patience` seconds of any minute: polling never stands still for longer, however
    many are sent, or however slow Telegram is."""

    def __init__(self, api: Api, pacer: Pacer, patience: float = TABLE_PATIENCE) -> None:
        self._api, self._pacer, self._patience = api, pacer, patience
        self._minute: datetime = LONG_AGO  # when the one began in which so many seconds are spent
        self._spent = 0.0

    async def fetch(self, file: File) -> bytes | None:
        """A file's bytes; None if it is too large, or cannot be had now."""
        now, began = self._pacer.clock.now(), asyncio.get_running_loop().time()
        if not self._minute <= now < self._minute + MINUTE:
            self._minute, self._spent = now, 0.0
        try:
            async with asyncio.timeout(self._patience - self._spent):
                found = await self._api.call("getFile", file_id=file.id)
                if int(found.get("file_size") or 0) > LARGEST_TABLE:
                    return None
                return await self._api.download(str(found["file_path"]), LARGEST_TABLE)
        except TimeoutError:
            log.warning("telegram_table_too_slow", seconds=self._patience)
        except (TelegramError, KeyError, TypeError, ValueError, AttributeError) as trouble:
            log.warning("telegram_table_not_fetched", trouble=type(trouble).__name__)
        finally:
            self._spent += asyncio.get_running_loop().time() - began
        return None
