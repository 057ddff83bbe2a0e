"""Files that people sent along: fetched from their platform, made fit to be sent on, and kept."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.commands import N_
from bot.delivery.pictures import NoPicture, prepared
from bot.delivery.way import Way, rest
from bot.platforms.port import SendFailed
from storage.media import Media
from storage.store import Store

log = structlog.get_logger()

# What whoever sent it reads, translated.
TOO_LARGE: Final = N_("It's larger than 10 MB.")
OUT_OF_REACH: Final = N_("I couldn't fetch it for ten minutes.")
NOT_FOR_US: Final = N_("The platform doesn't hand it out.")

LARGEST: Final = 10 * 2**20  # bytes
PAUSES: Final = tuple(timedelta(seconds=wait) for wait in (20, 60, 160, 360))  # five tries in ten minutes


async def fetch_next(way: Way) -> None:
    """Fetch the file that has waited longest on this platform, if one is to be fetched now, and keep it.
    Raises Busy."""
    wanted = await way.storage.write(partial(_next, way.port.name, way.around.now()))
    if wanted is None:
        return
    try:
        await way.port.pacer.beside()
        content = await way.port.fetch(wanted.ref)
        if len(content) > LARGEST:
            raise NoPicture(TOO_LARGE)
        kept = await asyncio.to_thread(prepared, content, wanted.name, wanted.mime)
    except NoPicture as why:
        await _failed(way, wanted, str(why))
    except SendFailed as trouble:
        await _not_fetched(way, wanted, trouble)
    except Exception as bug:
        log.error("media_broke", media=wanted.id, platform=way.port.name, exc_info=bug)
        await _not_fetched(way, wanted, SendFailed("later", type(bug).__name__))
    else:
        await way.note(partial(_keep, wanted.id, kept))
        way.count("media_kept")


def _next(platform: str, now: datetime, store: Store) -> Media | None:
    return store.media.next_wanted(platform, now)


def _keep(media_id: int, kept: tuple[bytes, str, str], store: Store) -> None:
    store.media.keep(media_id, *kept)


async def _not_fetched(way: Way, wanted: Media, trouble: SendFailed) -> None:
    """It is tried again while that makes sense."""
    if trouble.scope == "platform":
        rest(way, trouble, "")
    log.info("media_not_fetched", media=wanted.id, platform=way.port.name, says=trouble.says)
    if trouble.kind not in ("later", "unknown"):
        await _failed(way, wanted, NOT_FOR_US)
    elif wanted.attempts > len(PAUSES):
        await _failed(way, wanted, OUT_OF_REACH)
    else:
        wait = max(PAUSES[wanted.attempts - 1], timedelta(seconds=trouble.after))
        again = way.around.now() + wait
        await way.note(lambda store: store.media.later(wanted.id, again, trouble.says))
        way.count("media_later")


async def _failed(way: Way, wanted: Media, says: str) -> None:
    log.warning("media_failed", media=wanted.id, platform=way.port.name, says=says)
    await way.note(lambda store: store.media.failed(wanted.id, says))
    way.count("media_failed")
