"""Pictures and files of ours on Slack, in its three steps: a place for the bytes, the bytes, the file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import aiohttp
import structlog

from bot.messages import Account, Attachment, Message, Place, Post
from bot.platforms.files import FILE_PATIENCE, safe_name
from bot.platforms.markup import slack_quiet
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import LONGEST_ALT, SlackWeb
from bot.platforms.slack.posting import FILE, open_direct, post

UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=FILE_PATIENCE)
_NO_CALL = {ord("<"): None, ord(">"): None}
FIRST_LOOK = 0.5  # seconds; then twice as long each time
log = structlog.get_logger()


async def share_answer(
    web: SlackWeb, file: Attachment, place: Place, account: Account, stands: Post | None, public: bool
) -> None:
    """Share the file of an answer that was given: where its words stand (`stands`), or in the group that sees
    them; what was said for one person's eyes only, in their direct chat. Never raises SendFailed."""
    try:
        if stands is not None:
            place = stands.place
        elif not public:
            place = await open_direct(web, place, account)
    except SendFailed as trouble:
        log.warning("slack.file_not_shared", reason=trouble.says)
        return
    await share(web, place, file)


async def post_whole(web: SlackWeb, place: Place, message: Message, thread: str = "") -> Post:
    """Post a message with its picture in it, or its file after it. Raises SendFailed, never for the file."""
    file = message.file
    picture = await keep_picture(web, file) if file is not None and stands_in_message(file) else ""
    stands = await post(web, place, message, thread, picture)
    if file is None or stands_in_message(file):
        return stands
    shared = await share(web, stands.place, file)
    return replace(stands, more=(*stands.more, FILE + shared)) if shared else stands


async def share(web: SlackWeb, place: Place, file: Attachment) -> str:
    """Share a file of ours as a message of its own, at its own moment, and return its id. The words before it
    stand already, so it is tried once more where Slack asks for a pause, and else left out with a line in the
    log: then the id is ""."""
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            return await _twice(web, partial(_shared, web, place, file))
    except (SendFailed, TimeoutError) as trouble:
        log.warning("slack.file_not_shared", reason=str(trouble))
        return ""


async def keep_picture(web: SlackWeb, file: Attachment) -> str:
    """Bring a picture of ours to Slack, and return the id by which a message can show it: whoever reads the
    message sees it (platforms.md section 9). "" where it cannot be had in time, with a line in the log."""
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            picture = await _twice(web, partial(_uploaded, web, file))
            await _looked_at(web, picture)
            return picture
    except (SendFailed, TimeoutError) as trouble:
        log.warning("slack.picture_left_out", reason=str(trouble))
        return ""


def stands_in_message(file: Attachment) -> bool:
    """Whether a message itself can show it (platforms.md section 9)."""
    return file.mime in ("image/jpeg", "image/png", "image/gif")


async def _twice(web: SlackWeb, doing: Callable[[], Awaitable[str]]) -> str:
    """Once more where Slack asks for a pause. Raises SendFailed."""
    try:
        return await doing()
    except SendFailed as trouble:
        if trouble.kind != "later" or not trouble.after:
            raise
        await web.pacer.clock.sleep(trouble.after)
        return await doing()


async def _shared(web: SlackWeb, place: Place, file: Attachment) -> str:
    number = await _brought(web, file)
    await web.turn(place.channel)
    await _complete(web, number, file, channel_id=place.channel, thread_ts=place.thread)
    return number


async def _uploaded(web: SlackWeb, file: Attachment) -> str:
    number = await _brought(web, file)
    await _complete(web, number, file)
    return number


async def _brought(web: SlackWeb, file: Attachment) -> str:
    """Slack's first two steps: a place for the bytes, and the bytes. Returns the file's id."""
    name, content = safe_name(file), file.data
    room = await web.call(
        "files.getUploadURLExternal",
        repeatable=True,
        filename=name,
        length=str(len(content)),
        alt_txt=file.alt[:LONGEST_ALT],
    )
    try:
        address = str(room.get("upload_url") or "")
        async with web.session.post(
            address, data=content, proxy=web.client.proxy, timeout=UPLOAD_TIMEOUT
        ) as response:
            if response.status != 200:
                raise SendFailed("refused", f"upload: {response.status}")
    except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
        raise SendFailed("unknown", f"upload: {type(trouble).__name__}") from None
    return str(room.get("file_id") or "")


async def _complete(web: SlackWeb, number: str, file: Attachment, **where: Any) -> None:
    """The third step: it is a file, shared where it is said, else nowhere."""
    title = slack_quiet(file.name.translate(_NO_CALL))
    files = json.dumps([{"id": number, "title": title}])
    await web.call("files.completeUploadExternal", files=files, **where)


async def _looked_at(web: SlackWeb, picture: str) -> None:
    """Wait until Slack has looked at a picture: before, it shows it nowhere."""
    pause = FIRST_LOOK
    while not (await web.call("files.info", repeatable=True, file=picture))["file"].get("mimetype"):
        await web.pacer.clock.sleep(pause)
        pause *= 2
