"""One motion at a time: a renewal, an election to a role, who belongs to it (spec/decisions.md 3)."""

from __future__ import annotations

from collections.abc import Callable

from bot.assembly.settling import settle
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import see
from bot.messages import Refusal
from bot.rules.decisions.motions import Motion

ONE_AT_A_TIME = ("annual_renewal", "election", "exclusion", "admission")


def only_one(ctx: Context, sure: str, is_same: Callable[[Motion], bool]) -> None:
    """Raises Refusal where a motion that `is_same` is before the members: in notice, open, or not final yet.
    Once somebody is `sure`, whoever else sends one waits until this one is sent, and then finds it."""
    settle(ctx)  # before the lock: what becomes final may wait for it
    if sure:
        ctx.store.charters.lock()
    found = next((one for one in ctx.store.motions.live() if is_same(one)), None)
    if found is not None:
        taps = (see(found.number, N_("See it")),)
        raise Refusal("proposed_already", buttons=taps, number=found.number, title=found.title)


def same_as(first: Motion) -> Callable[[Motion], bool]:
    """Whether another motion than this one is about the same thing, of what is put to the members once at a
    time."""

    def is_same(one: Motion) -> bool:
        if one.number == first.number:
            return False
        if first.effect.get("agreement"):
            return bool(one.effect.get("agreement"))
        about = (first.kind, first.role, first.subject)
        return first.kind in ONE_AT_A_TIME and (one.kind, one.role, one.subject) == about

    return is_same
