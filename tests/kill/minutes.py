"""A job for the tests: every minute a line into a group, and another one if a minute were run twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.context import Context
from bot.messages import Place
from bot.timetable import JOBS, KEY, job
from storage.deliveries import Delivery

__all__ = ["KEY", "MINUTES", "keep_minutes"]

MINUTES = "Minutes"


def keep_minutes(at: Callable[[str], None]) -> None:
    """Declare the job in this process. It writes into each group whose purpose is "minutes"."""

    @job(MINUTES, "Says each minute", useful=timedelta(minutes=10), zone="UTC", minute="*")
    def say_minute(ctx: Context, slot: datetime) -> None:
        at("ticking")
        for known in ctx.store.places.serving(MINUTES):
            ctx.told.append(_line(ctx, known.place, slot))

    assert MINUTES in JOBS


def _line(ctx: Context, place: Place, slot: datetime) -> Delivery:
    """Its key is new each time, so that nothing but the slot's claim keeps it from coming twice."""
    values = {"question": f"{slot:{KEY}}", "hint": ""}
    return Delivery.new(
        key=f"minute:{secrets.token_hex(8)}", platform=place.platform, place=place, template="question",
        values=values, not_before=ctx.now,
    )  # fmt: skip
