"""bolt, reduced to what we want of it: signatures, url_verification, and one middleware that answers all."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

LARGEST_BODY = 1_000_000  # bytes

Take = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


def silent_logger() -> logging.Logger:
    """A logger that says nothing: bolt and the SDK log whole bodies, and those are people's words."""
    logger = logging.getLogger("bot.platforms.slack.silent")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def bolt_app(signing_secret: str, api_url: str, session: aiohttp.ClientSession, take: Take) -> AsyncApp:
    """A bolt app without listeners: whatever is verified goes to `take`, whose response is final."""
    app = AsyncApp(
        name="charterbot",
        logger=silent_logger(),
        signing_secret=signing_secret,
        client=AsyncWebClient(base_url=api_url, session=session, logger=silent_logger(), retry_handlers=[]),
        authorize=_Anybody(),
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.use(_Door(take))
    return app


async def body_of(request: Request) -> bytes | None:
    """The body of a request; None if it is larger than 1 MB (read no further) or was broken off."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        return None
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_BODY:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


class AckThen(Response):
    """A response that tells `after` whether it has left."""

    def __init__(self, response: Response, after: Callable[[bool], None]) -> None:
        super().__init__()
        self._response, self._after = response, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = False
        try:
            await self._response(scope, receive, send)
            left = True
        finally:
            self._after(left)


class _Anybody(AsyncAuthorize):
    """Nothing is looked up and nobody asked for it: whose request it is, `take` finds out, and no client of
    bolt's is ever used."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    async def __call__(self, **asked: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=asked.get("enterprise_id"), team_id=asked.get("team_id"))


class _Door(AsyncMiddleware):
    def __init__(self, take: Take) -> None:
        self._take = take

    async def async_process(self, *, req: AsyncBoltRequest, **_others: Any) -> BoltResponse:
        return await self._take(req)
