"""Receiving by webhook: one POST route that says 200 only when the update is recorded."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/telegram/webhook"
LARGEST = 1024 * 1024  # bytes of a body
_HEADER = "x-telegram-bot-api-secret-token"
log = structlog.get_logger()


def webhook_route(secret: str, take: Callable[[dict[str, Any]], Awaitable[None]]) -> Route:
    """The route Telegram posts updates to. 403 wrong secret, 413 too large, 400 no update, 503 not
    recorded (Telegram will come back with it), 200 recorded."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(_HEADER, "").encode()
        if not hmac.compare_digest(given, secret.encode()):
            log.warning("telegram_webhook_wrong_secret")
            return Response(status_code=403)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        raw = _update(body)
        if raw is None:
            log.warning("telegram_webhook_malformed", size=len(body))
            return Response(status_code=400)
        try:
            await take(raw)
        except Exception as trouble:
            number = raw["update_id"]
            log.warning("telegram_not_recorded", update_id=number, trouble=type(trouble).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The body, or None as soon as it is larger than LARGEST."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return raw if isinstance(number, int) and not isinstance(number, bool) else None
