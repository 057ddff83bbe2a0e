"""Talking to Slack's Web API: one call, its refusals as `SendFailed`, and long messages in parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import Message
from bot.platforms.markup import slack_blocks, slack_keys, slack_quiet
from bot.platforms.pacing import Pacer
from bot.platforms.port import SendFailed
from bot.platforms.slack.heard import is_direct

BLOCKS, CHARACTERS, FALLBACK = 45, 12_000, 3000  # per message; Slack takes 50 blocks, about 13,200 characters
LONGEST_ALT = 2000  # characters of what a picture shows (platforms.md section 9)
RATE_PAUSE, BUSY_PAUSE, TOKEN_PAUSE = 30.0, 5.0, 300.0  # seconds

Scope = Literal["platform", "chat", "edits"]

_GONE = """
channel_not_found is_archived is_inactive not_in_channel user_not_in_channel
user_disabled user_not_found users_not_found user_not_visible cannot_dm_bot messages_tab_disabled
restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
restricted_action_non_threadable_channel restricted_action_thread_locked
ekm_access_denied team_access_not_granted access_denied channel_is_limited_access
"""
_TOKEN = """
invalid_auth not_authed not_allowed_token_type token_revoked token_expired account_inactive
"""
GONE = frozenset(_GONE.split())
TOKEN = frozenset(_TOKEN.split())  # about our token and not about the place: none is given up for it
LIMITED = frozenset(["ratelimited", "rate_limited", "429"])
LATER = frozenset(["service_unavailable", "request_timeout"])
UNKNOWN = frozenset(["internal_error", "fatal_error"])  # Slack says: part of it may have been done
SERVICE_UNAVAILABLE = 503
POST_GONE = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
GONE_SO = {  # what that makes of a place, where it is more than lost
    "is_archived": "archived",
    "is_inactive": "archived",
    "not_in_channel": "removed",
    **{code: "muted" for code in GONE if code.startswith("restricted_action")},
}
FORM_ONLY = frozenset(  # take no JSON, or not reliably
    [
        "users.info",
        "conversations.info",
        "files.info",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ]
)
SCOPES: Mapping[str, Scope] = {  # what a 429 names (platforms.md section 9)
    "chat.postMessage": "chat",  # one a second in a channel
    "chat.postEphemeral": "chat",
    "chat.update": "edits",  # 50 a minute in a workspace
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in a message: the id of its file, and what it shows."""

    file: str
    alt: str = ""


class Rest(Protocol):
    """What is known of the pauses of one workspace of several."""

    def check(self, edit: bool) -> None: ...

    def noted(self, failed: SendFailed) -> SendFailed: ...


@dataclass(slots=True)
class SlackWeb:
    """The Web API with our token over one shared session. While `answering`, what is posted or edited
    waits for its turn as an answer to somebody; else it was paced before it came here. `rest`: the pauses of
    this workspace where there are several, so that the others go on."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    pacer: Pacer
    answering: bool = False
    turned_away: Callable[[str], None] = lambda _code: None  # told when our token is not taken
    rest: Rest | None = None

    async def call(self, method: str, repeatable: bool = False, **body: Any) -> Mapping[str, Any]:
        """Call one method and return its answer. Raises SendFailed; a connection that broke on the way
        is "unknown", or "later" where doing it twice changes nothing (`repeatable`)."""
        if self.rest is not None and not self.answering:
            self.rest.check(edit=method == "chat.update")
        if not self.answering or method not in SCOPES:
            return (await self.call_with_headers(method, repeatable, **body))[0]
        channel = str(body["channel"])
        await self.turn(channel, edit=method == "chat.update")
        try:
            return (await self.call_with_headers(method, repeatable, **body))[0]
        except SendFailed as trouble:
            if trouble.says in LIMITED:  # nobody else learns of it in time
                chat = channel if trouble.scope == "chat" else ""
                self.pacer.pause(trouble.after, chat, edits=trouble.scope == "edits")
            raise

    async def turn(self, channel: str, edit: bool = False) -> None:
        """Wait until one more message may go into this channel."""
        await self.pacer.answer(channel, group=not is_direct(channel), edit=edit)

    async def call_with_headers(
        self, method: str, repeatable: bool = False, token: str = "", **body: Any
    ) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """The same with the response's headers; `token` in place of the bot's."""
        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            if method in FORM_ONLY:
                response = await self.client.api_call(method, data=_filled(body), headers=headers)
            else:
                response = await self.client.api_call(method, json=_filled(body), headers=headers)
        except SlackApiError as refusal:
            failed = failure_of(refusal, method)
            if failed.says in TOKEN and not token:
                self.turned_away(failed.says)
            if self.rest is not None and not token:
                failed = self.rest.noted(failed)
            if repeatable and failed.kind == "unknown":
                failed = SendFailed("later", failed.says, BUSY_PAUSE)
            raise failed from None
        except aiohttp.ClientConnectorError as trouble:  # also wrong names and refused connections
            raise SendFailed("later", f"{method}: {type(trouble).__name__}", BUSY_PAUSE) from None
        except aiohttp.ConnectionTimeoutError:
            raise SendFailed("later", f"{method}: no connection in time", BUSY_PAUSE) from None
        except (aiohttp.ClientError, TimeoutError, ConnectionError, AttributeError) as trouble:
            # AttributeError: the SDK trips over an answer that is plain text
            kind = "later" if repeatable else "unknown"
            raise SendFailed(kind, f"{method}: {type(trouble).__name__}", BUSY_PAUSE) from None
        return response.data if isinstance(response.data, dict) else {}, response.headers

    async def respond(self, url: str, **body: Any) -> None:
        """Answer over a response_url (good for five uses in 30 minutes). Raises SendFailed: "refused"
        if it is used up or Slack does not take the message, "unknown" if the connection broke."""
        try:
            async with self.session.post(url, json=_filled(body), proxy=self.client.proxy) as response:
                if response.status >= 500:
                    raise SendFailed("unknown", f"response_url: {response.status}", BUSY_PAUSE)
                if response.status == 429:
                    raise SendFailed("later", "response_url: 429", _retry_after(response.headers))
                if response.status != 200:
                    raise SendFailed("refused", f"response_url: {response.status}")
        except aiohttp.ClientConnectorError as trouble:
            raise SendFailed("later", f"response_url: {type(trouble).__name__}", BUSY_PAUSE) from None
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as trouble:
            raise SendFailed("unknown", f"response_url: {type(trouble).__name__}", BUSY_PAUSE) from None


def failure_of(refusal: SlackApiError, method: str) -> SendFailed:
    """What Slack's refusal of a method means for us, from its code (docs of chat.postMessage, chat.update
    and conversations.open)."""
    response = refusal.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in LIMITED:
        scope = SCOPES.get(method, "platform")
        return SendFailed("later", code or "429", _retry_after(headers), scope=scope)
    if code in LATER:
        return SendFailed("later", code, _retry_after(headers))
    if code in GONE:
        return SendFailed("gone", f"{GONE_SO.get(code, 'lost')}: {code}")
    if code == "missing_scope":  # says something about this call only
        return SendFailed("later", code)
    if code in TOKEN:
        return SendFailed("later", code, TOKEN_PAUSE)
    if code in POST_GONE and method == "chat.update":
        return SendFailed("deleted", code)
    if code in UNKNOWN:
        return SendFailed("unknown", code, BUSY_PAUSE)
    if status >= 500 and status != SERVICE_UNAVAILABLE:  # it may have been done before it broke
        return SendFailed("unknown", f"status {status}", BUSY_PAUSE)
    if status >= 500 or not code:
        return SendFailed("later", f"status {status}", BUSY_PAUSE)
    return SendFailed("refused", code)


def parts_of(message: Message, picture: Picture | None = None) -> list[dict[str, Any]]:
    """`message` as one or more Slack messages (`text` and `blocks`), its picture and buttons under
    the last."""
    blocks, fallback = slack_blocks(message.text)
    under = [*([_image(picture)] if picture else []), *slack_keys(message.keys)]
    packed: list[list[dict[str, Any]]] = [[]]
    size = 0
    for block in blocks:
        length = len(_words(block))
        if packed[-1] and (size + length > CHARACTERS or len(packed[-1]) + len(under) >= BLOCKS):
            packed.append([])
            size = 0
        packed[-1].append(block)
        size += length
    packed[-1] = [*packed[-1], *under]
    if len(packed) == 1:
        return [{"text": fallback[:FALLBACK] or " ", "blocks": packed[0]}]
    return [
        {"text": slack_quiet("\n".join(map(_words, part)))[:FALLBACK] or " ", "blocks": part}
        for part in packed
    ]


def without_picture(part: Mapping[str, Any]) -> dict[str, Any]:
    """A Slack message without the picture in it."""
    return {**part, "blocks": [block for block in part["blocks"] if block["type"] != "image"]}


async def quickly(seconds: float, doing: Any) -> Any:
    """Await `doing`, but no longer than so many seconds: then SendFailed("unknown")."""
    try:
        return await asyncio.wait_for(doing, seconds)
    except TimeoutError:
        raise SendFailed("unknown", f"no answer in {seconds:g} s") from None


def _image(picture: Picture) -> dict[str, Any]:
    alt = " ".join(picture.alt.split())[:LONGEST_ALT] or "…"  # Slack wants one
    return {"type": "image", "slack_file": {"id": picture.file}, "alt_text": alt}


def _words(block: Mapping[str, Any]) -> str:
    text = block.get("text")
    return str(text.get("text") or "") if isinstance(text, dict) else ""


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in ("", None)}


def _retry_after(headers: Mapping[str, str]) -> float:
    try:
        return max(float(headers.get("Retry-After") or RATE_PAUSE), 1.0)
    except ValueError:
        return RATE_PAUSE
