"""Calls that end badly on a test's order: refused, late, or with the connection dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass
class Fault:
    """How one call ends; `after_processing` means that Slack has done it all the same. A mere `delay`
    (seconds) gives the right answer late."""

    status: int = 200
    retry_after: int = 0
    after_processing: bool = False
    drop: bool = False
    delay: float = 0.0
    code: str = ""


async def spoil(
    fault: Fault, request: web.Request, answered: Callable[[], web.Response]
) -> web.StreamResponse:
    """Answer one request as `fault` says; `answered` does what was asked."""
    await asyncio.sleep(fault.delay)
    if fault.status == 200 and not fault.drop and not fault.code:
        return answered()
    if fault.after_processing:
        answered()
    if fault.drop:
        assert request.transport is not None
        request.transport.abort()
        return web.Response(status=500)
    if fault.code:
        return web.json_response({"ok": False, "error": fault.code})
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    return web.Response(status=fault.status, text="<html>busy</html>", content_type="text/html")
