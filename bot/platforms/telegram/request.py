"""How Telegram's Bot API is reached: python-telegram-bot's request class over one aiohttp session.

The `Bot` of python-telegram-bot uses `Api` for the rare calls (getMe, webhook, menu). The frequent ones
(messages, edits, button answers) go through `Api.call` with plain dictionaries: measured at 0.21 CPU-ms
against 0.50 for `Bot.send_message`, over the same connection and with the same exceptions.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

PATIENCE = 10.0  # seconds for one call, from connecting to the last byte of the answer
FILE_PATIENCE = 30.0  # seconds for one that brings or takes a file
MOST_BROUGHT = 100  # files whose ids are remembered
_NO_SUCH_FILE = ("file identifier", "file_id", "file reference", "file_reference")
_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """Telegram has certainly not carried out the call: no connection could be made, or it says that it is out
    of order (503)."""


class Wait(TelegramError):
    """Telegram asks for a pause of `seconds` (429); the call was not carried out.

    Own class: the library's RetryAfter is in the middle of changing its unit and warns at every use.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call."""

    name: str
    mime: str
    content: bytes


class Api(BaseRequest):
    """One aiohttp session to one bot's methods, and to the files that people send it. Both addresses hold
    the token, so no exception names them."""

    def __init__(self, root: str, files: str = "") -> None:
        self._root, self._files = root, files
        self._session: aiohttp.ClientSession | None = None
        self._brought: OrderedDict[bytes, str] = OrderedDict()  # the ids of files, those brought last

    @property
    def read_timeout(self) -> float:
        return PATIENCE

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, patience: float = PATIENCE, /, **parameters: Any) -> Any:
        """Call one Bot API method and return its `result`; `patience` in seconds. Raises TelegramError."""
        body = json.dumps(parameters).encode()
        _, payload = await self._exchange("POST", self._root + method, body, _JSON, patience)
        return self.parse_json_payload(payload)["result"]

    async def upload(self, method: str, field: str, file: Upload, /, **parameters: Any) -> Any:
        """Call a method that takes a file as its parameter `field`, and return its `result`. What was brought
        before is called by the id that Telegram gave it: a picture for a thousand chats is brought once.
        Raises TelegramError."""
        known = self._brought.get(key := _key(field, file))
        if known:
            try:
                return await self.call(method, FILE_PATIENCE, **parameters, **{field: known})
            except BadRequest as refused:
                if not any(sign in str(refused).lower() for sign in _NO_SUCH_FILE):
                    raise
                del self._brought[key]  # nothing was posted
        result = await self._bring(method, field, file, parameters)
        if number := _number_of(result, field):
            self._brought[key] = number
            while len(self._brought) > MOST_BROUGHT:
                self._brought.popitem(last=False)
        return result

    async def _bring(self, method: str, field: str, file: Upload, parameters: dict[str, Any]) -> Any:
        form = aiohttp.FormData({name: _in_a_form(value) for name, value in parameters.items()})
        form.add_field(field, file.content, content_type=file.mime, filename=file.name)
        _, payload = await self._exchange("POST", self._root + method, form, None, FILE_PATIENCE)
        return self.parse_json_payload(payload)["result"]

    async def download(self, path: str, most: int, patience: float = PATIENCE) -> bytes | None:
        """The bytes of a file by the path that getFile tells; None if they are more than `most`. `patience`
        in seconds. Raises TelegramError."""
        if self._session is None:
            raise NotSent("not connected")
        content, address = bytearray(), self._files + quote(path)
        timeout = aiohttp.ClientTimeout(total=patience, sock_connect=5)
        with _in_our_words():
            async with self._session.get(address, timeout=timeout, allow_redirects=False) as response:
                if response.status != 200:
                    raise NetworkError(f"HTTP {response.status}")
                async for piece in response.content.iter_any():
                    content += piece
                    if len(content) > most:
                        return None
        return bytes(content)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one timeout rules the whole call
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """What python-telegram-bot's Bot calls; see `BaseRequest.do_request`."""
        patience = read_timeout if isinstance(read_timeout, int | float) else PATIENCE
        body = request_data.json_parameters if request_data else None
        return await self._exchange(method, url, body, None, patience)

    async def _exchange(
        self, verb: str, url: str, body: Any, headers: dict[str, str] | None, patience: float
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSent("not connected")
        timeout = aiohttp.ClientTimeout(total=patience, sock_connect=5)
        with _in_our_words():
            async with self._session.request(
                verb, url, data=body, headers=headers, timeout=timeout
            ) as response:
                payload = await response.read()
        if response.status >= 300:
            _refuse(response.status, payload)
        return response.status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; unlike the library's own, never logs it. Raises NetworkError."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise NetworkError("the answer is not JSON") from None
        if not isinstance(answer, dict) or "result" not in answer:
            raise NetworkError("the answer has no result")
        return answer


def _key(field: str, file: Upload) -> bytes:
    """Two files with the same one are the same to whoever sees them."""
    told = hashlib.blake2b(f"{field}\n{file.mime}\n{file.name}\n".encode(), digest_size=16)
    told.update(file.content)
    return told.digest()


def _number_of(message: Any, field: str) -> str:
    """By which id Telegram knows the file in a message, the largest of a photo; "" if it does not say."""
    try:
        found = message[field]
        return str((found[-1] if isinstance(found, list) else found)["file_id"])
    except (KeyError, TypeError, IndexError):
        return ""


def _in_a_form(value: Any) -> str:
    """A parameter beside a file: what is no text is written as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    """What goes wrong on the way, as python-telegram-bot says it."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as gone:
        raise NotSent(type(gone).__name__) from None
    except TimeoutError:
        raise TimedOut from None
    except (aiohttp.ClientError, OSError, RuntimeError) as broken:
        raise NetworkError(type(broken).__name__) from None


def _refuse(status: int, payload: bytes) -> NoReturn:
    """Raise what a status other than 200 means (core.telegram.org/bots/api#making-requests)."""
    try:
        answer = json.loads(payload)
        says, parameters = str(answer["description"]), answer.get("parameters") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        says, parameters = f"HTTP {status}", {}
    if "migrate_to_chat_id" in parameters:
        raise ChatMigrated(parameters["migrate_to_chat_id"])
    if status == 429:
        raise Wait(float(parameters.get("retry_after", 1)))
    kinds = {
        400: BadRequest, 401: InvalidToken, 403: Forbidden, 404: InvalidToken, 409: Conflict, 503: NotSent
    }  # fmt: skip
    raise kinds.get(status, NetworkError)(says)
