"""Files: pictures and documents that go with a message of ours, and what people send us."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog
from telegram.error import BadRequest, TelegramError

from bot.messages import Attachment, File, Message, Place, Post
from bot.platforms.files import FILE_PATIENCE, LARGEST_TABLE, TABLE_PATIENCE, picture_size, safe_name
from bot.platforms.pacing import LONG_AGO, MINUTE, Pacer
from bot.platforms.port import SendFailed
from bot.platforms.telegram.outgoing import CAPTION, FILE, caption, post_message, where
from bot.platforms.telegram.request import Api, Upload, Wait

LARGEST_PHOTO, LARGEST_DOWNLOAD = 10_000_000, 20_000_000  # bytes (platforms.md section 9)
log = structlog.get_logger()


async def post_whole(api: Api, pacer: Pacer, place: Place, message: Message, reply_to: str = "") -> Post:
    """Post `message` and what goes with it: a picture that has the words under it where they fit, else the
    words and then the picture or file. One that cannot be placed is left out with a line in the log.

    Raises what `post_message` raises.
    """
    file = message.file
    if file is None:
        return await post_message(api, pacer, place, message, reply_to)
    if shows_as_photo(file) and (content := caption(message)) is not None:
        try:
            parameters = {**content, **where(place, message.silent, reply_to)}
            sent = await api.upload("sendPhoto", "photo", _upload(file), **parameters)
        except BadRequest as refused:  # the picture, or pictures in that chat; the words may pass
            log.warning("telegram_picture_refused", reason=str(refused))
        else:
            number = str(sent["message_id"])
            return Post(place, number, more=(CAPTION + number,))
    post = await post_message(api, pacer, place, message, reply_to)
    number = await post_file(api, pacer, place, file, silent=message.silent or file.is_picture)
    return replace(post, more=(*post.more, FILE + number)) if number else post


async def post_file(api: Api, pacer: Pacer, place: Place, file: Attachment, *, silent: bool = False) -> str:
    """Post a file of ours as a message of its own, at its own moment, and return its id. The words before it
    stand already, so it is tried once more where Telegram asks for a pause, and else left out with a line in
    the log: then the id is ""."""
    photo = shows_as_photo(file)
    method, field = ("sendPhoto", "photo") if photo else ("sendDocument", "document")
    under = caption(Message("", file=file), alone=True) if file.alt and not file.told else None
    parameters = {**(under or {}), **where(place, silent)}
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            await pacer.answer(place.channel, group=place.kind == "group")
            try:
                sent = await api.upload(method, field, _upload(file), **parameters)
            except Wait as wait:
                await pacer.clock.sleep(wait.seconds)
                sent = await api.upload(method, field, _upload(file), **parameters)
            return str(sent["message_id"])
    except (TelegramError, TimeoutError) as trouble:
        log.warning("telegram_file_not_posted", trouble=type(trouble).__name__, reason=str(trouble))
        return ""


def shows_as_photo(file: Attachment) -> bool:
    """Whether Telegram takes it as a picture, and not only as a file (platforms.md section 9)."""
    if file.mime not in ("image/jpeg", "image/png") or len(file.data) > LARGEST_PHOTO:
        return False
    wide, high = picture_size(file.data)
    return min(wide, high) > 0 and wide + high <= 10_000 and max(wide, high) <= 20 * min(wide, high)


async def fetch_file(api: Api, ref: str) -> bytes:
    """The bytes of a file that somebody sent us. Raises SendFailed: "later", "gone", "refused"."""
    try:
        found = await api.call("getFile", file_id=ref)
        content = await api.download(str(found["file_path"]), LARGEST_DOWNLOAD, FILE_PATIENCE)
    except BadRequest as refused:
        kind = "refused" if "too big" in str(refused).lower() else "gone"
        raise SendFailed(kind, str(refused)) from None
    except Wait as wait:
        raise SendFailed("later", str(wait), after=wait.seconds) from None
    except (TelegramError, KeyError, TypeError) as trouble:
        raise SendFailed("later", type(trouble).__name__, after=5.0) from None
    if content is None:
        raise SendFailed("refused", "the file is too large")
    return content


def _upload(file: Attachment) -> Upload:
    return Upload(safe_name(file), file.mime, file.data)


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
