"""What a browser or feed reader has already need not be sent again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response


def unless_known(request: Request, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The body under its ETag, or 304 if the reader named it in If-None-Match (RFC 9110, 13.1.2)."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    tagged = {**headers, "etag": tag}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=tagged)
    return Response(body, media_type=media_type, headers=tagged)


def _has(named: str, tag: str) -> bool:
    """Whether that tag is named, weakly or not."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in named.split(","))
