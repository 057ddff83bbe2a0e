"""Structured logs: events with ids, never anybody's words and never a token."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

ROOT = Path(__file__).parent.parent
QUIET = (
    "slack_bolt", "slack_sdk", "httpx", "httpcore", "telegram", "aiohttp.access", "aiohttp.client",
    "uvicorn.access", "uvicorn.error", "alembic", "sqlalchemy",
)  # fmt: skip
MOST_FRAMES = 12


def set_up_logs(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write every log line to `stream` (standard error): key=value on a terminal, JSON otherwise."""
    out = sys.stderr if stream is None else stream
    shown = structlog.processors.KeyValueRenderer(key_order=["at", "level", "event"], drop_missing=True)
    renderer: Any = shown if out.isatty() else structlog.processors.JSONRenderer()
    steps: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _without_words,
        renderer,
    ]
    structlog.configure(
        processors=steps,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, handlers=[_Libraries()], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def describe_exception(fault: BaseException) -> dict[str, Any]:
    """An exception as its types and where it came from, without what it says: that may be a person's
    words. The chain of causes is told by type, the frames are the innermost of the last exception."""
    types = [type(one).__qualname__ for one in _chain(fault)]
    return {"fault": " from ".join(types), "frames": list(_frames(fault.__traceback__))}


class _Libraries(logging.Handler):
    """What libraries log, by name and place only: their sentences may quote what somebody wrote."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno,
            "library_says",
            library=record.name,
            where=f"{record.module}:{record.lineno}",
            exc_info=fault,
        )


def _without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    found = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(fault, BaseException):
        event.update(describe_exception(fault))
    return event


def _chain(fault: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = fault
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(where: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(where)[-MOST_FRAMES:]:
        path = Path(frame.filename)
        inside = path.is_relative_to(ROOT) and ".venv" not in path.parts
        shown = path.relative_to(ROOT).as_posix() if inside else "/".join(path.parts[-2:])
        yield f"{shown}:{frame.lineno} {frame.name}"
