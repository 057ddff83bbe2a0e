"""Objections that nobody answered: "objection" among what is owed (spec/decisions.md 4.10)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.context import Context
from bot.handlers.motions.answers import see
from bot.handlers.motions.objecting import ANSWERS
from bot.messages import Button
from bot.people.duties import Owed, duty

OBJECTION = "objection"


@duty(OBJECTION)
def objections_owed(ctx: Context) -> Iterator[Owed]:
    """Each objection that waits for the coordinators: nothing becomes final meanwhile."""
    if not ctx.may("keep_assembly"):
        return
    for one in ctx.store.challenges.open():
        motion = ctx.store.motions.get(one.motion)
        if motion is None:
            continue
        values = {
            "number": one.motion,
            "title": motion.title,
            "organisation": ctx.short_name(one.organisation),
        }
        taps = (
            Button(answer.label, "answer objection", {"challenge": str(one.id), "answer": answer.value})
            for answer in ANSWERS
        )
        yield Owed(OBJECTION, f"{OBJECTION}:{one.id}", "owed/objection", values, (*taps, see(one.motion)))
