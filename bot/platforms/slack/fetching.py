"""Files that people send us on Slack: small tables with their words, and what somebody asks for later."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.messages import File
from bot.platforms.files import FILE_PATIENCE, LARGEST_TABLE
from bot.platforms.port import SendFailed
from bot.platforms.slack.outgoing import BUSY_PAUSE, SlackWeb

TABLE_PATIENCE = 2.0  # seconds; Slack waits three for our acknowledgement, which comes after
LARGEST = 20_000_000  # bytes
_GONE = frozenset(["file_not_found", "file_deleted"])
log = structlog.get_logger()


class NotRead(Exception):
    """An address gave no file: `status` is HTTP's, 0 for one that is too large."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.status = status


async def fetch_file(web: SlackWeb, ref: str) -> bytes:
    """The bytes of a file that somebody sent us, by its id. Raises SendFailed: "later", "gone", "refused"."""
    try:
        file = (await web.call("files.info", repeatable=True, file=ref))["file"]
    except SendFailed as trouble:
        if trouble.says in _GONE:
            raise SendFailed("gone", trouble.says) from None
        raise
    address = str(file.get("url_private_download") or "")
    if not is_slacks(address, web.client.base_url):
        raise SendFailed("refused", "the file is not at Slack")
    try:
        async with asyncio.timeout(FILE_PATIENCE):
            return await read(web, address, LARGEST)
    except NotRead as trouble:
        kind = "later" if trouble.status == 429 or trouble.status >= 500 else "refused"
        raise SendFailed(kind, f"download: {trouble.status}", BUSY_PAUSE) from None
    except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
        raise SendFailed("later", f"download: {type(trouble).__name__}", BUSY_PAUSE) from None


async def read(web: SlackWeb, address: str, most: int) -> bytes:
    """What stands at an address of Slack's, which is given our token. Raises NotRead, and what aiohttp
    raises."""
    content = bytearray()
    headers = {"Authorization": f"Bearer {web.client.token}"}
    asked = web.session.get(address, headers=headers, allow_redirects=False, proxy=web.client.proxy)
    async with asked as response:
        if response.status != 200 or response.content_type == "text/html":  # it asks us to sign in
            raise NotRead(response.status)
        async for piece in response.content.iter_any():
            content += piece
            if len(content) > most:
                raise NotRead
    return bytes(content)


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
                return await read(self._web, address, LARGEST_TABLE)
        except NotRead as trouble:
            log.warning("slack.table_not_fetched", status=trouble.status)
        except (aiohttp.ClientError, TimeoutError, ConnectionError, ValueError) as trouble:
            log.warning("slack.table_not_fetched", why=type(trouble).__name__)
        return None


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
