"""Files on Slack: one of ours that goes with a message, and small tables that people send us."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.messages import Account, Attachment, File, Place, Post
from bot.platforms.files import FILE_PATIENCE, LARGEST_TABLE, safe_name
from bot.platforms.port import SendFailed
from bot.platforms.slack.answering import open_direct
from bot.platforms.slack.outgoing import SlackWeb

TABLE_PATIENCE = 2.0  # seconds; Slack waits three for our acknowledgement, which comes after
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


async def share(web: SlackWeb, place: Place, file: Attachment) -> None:
    """Share a file of ours as a message of its own, at its own moment. The words before it stand already, so
    it is tried once more where Slack asks for a pause, and else left out with a line in the log."""
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            try:
                await _shared(web, place, file)
            except SendFailed as trouble:
                if trouble.kind != "later" or not trouble.after:
                    raise
                await web.pacer.clock.sleep(trouble.after)
                await _shared(web, place, file)
    except (SendFailed, TimeoutError) as trouble:
        log.warning("slack.file_not_shared", reason=str(trouble))


async def _shared(web: SlackWeb, place: Place, file: Attachment) -> None:
    """In Slack's three steps: a place for the bytes, the bytes, the message. Raises SendFailed."""
    name, content = safe_name(file), file.data
    room = await web.call(
        "files.getUploadURLExternal", repeatable=True, filename=name, length=str(len(content))
    )
    await _uploaded(web, str(room.get("upload_url") or ""), content)
    await web.turn(place.channel)
    await web.call(
        "files.completeUploadExternal",
        files=json.dumps([{"id": str(room.get("file_id") or ""), "title": file.name}]),
        channel_id=place.channel,
        thread_ts=place.thread,
    )


async def _uploaded(web: SlackWeb, address: str, content: bytes) -> None:
    try:
        async with web.session.post(address, data=content, proxy=web.client.proxy) as response:
            if response.status != 200:
                raise SendFailed("refused", f"upload: {response.status}")
    except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
        raise SendFailed("unknown", f"upload: {type(trouble).__name__}") from None


class Tables:
    """Fetches small tables from the addresses that came with them."""

    def __init__(self, web: SlackWeb, addresses: Mapping[str, str], patience: float = TABLE_PATIENCE) -> None:
        self._web, self._addresses, self._patience = web, addresses, patience

    async def fetch(self, file: File) -> bytes | None:
        """A file's bytes; None if it is too large, or cannot be had now. Our token goes to Slack alone."""
        address = self._addresses.get(file.id, "")
        if not is_slacks(address, self._web.client.base_url):
            return None
        try:
            async with asyncio.timeout(self._patience):
                return await self._read(address)
        except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
            log.warning("slack.table_not_fetched", why=type(trouble).__name__)
            return None

    async def _read(self, address: str) -> bytes | None:
        web, content = self._web, bytearray()
        headers = {"Authorization": f"Bearer {web.client.token}"}
        asked = web.session.get(address, headers=headers, allow_redirects=False, proxy=web.client.proxy)
        async with asked as response:
            if response.status != 200 or response.content_type == "text/html":  # it asks us to sign in
                log.warning("slack.table_not_fetched", status=response.status)
                return None
            async for piece in response.content.iter_any():
                content += piece
                if len(content) > LARGEST_TABLE:
                    return None
        return bytes(content)


def is_slacks(address: str, api_url: str) -> bool:
    """Whether an address is Slack's own: the host of its API, or slack.com and what is under it."""
    try:
        there, api = urlsplit(address), urlsplit(api_url)
        host = there.hostname or ""
        if there.username is not None or there.password is not None:
            return False
        if there.scheme == "https" and there.port in (None, 443):
            return host == "slack.com" or host.endswith(".slack.com") or there.netloc == api.netloc
        return (there.scheme, there.netloc) == (api.scheme, api.netloc)
    except ValueError:
        return False
