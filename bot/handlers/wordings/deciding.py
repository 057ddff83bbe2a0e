"""What becomes of members' wordings: used, left, listed, taken back."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.wordings.finding import readable
from bot.handlers.wordings.owed import described
from bot.messages import Button, Refusal, Reply
from storage.wordings import State, Wording

NUMBER = Annotated[int, Number(hidden=True)]
PAGE = 10
ALL = Button(N_("All of them"), "wordings")


@command(
    "wordings",
    N_("Sentences of mine that members changed"),
    may="edit_wordings",
    example="/wordings",
    reads=True,
)
def wordings(ctx: Context, page: Annotated[int, Number(hidden=True)] = 1) -> Reply:
    """What is said otherwise than I came with, the newest first, each to be taken back."""
    every = sorted(ctx.store.wordings.in_force(), key=lambda one: -one.id)
    shown = every[(page - 1) * PAGE : page * PAGE]
    label = ctx.translate(N_("Take back"))
    back = tuple(Button(f"{label} {one.id}", "wording back", {"number": str(one.id)}) for one in shown)
    more = (Button(N_("More"), "wordings", {"page": str(page + 1)}),) if len(every) > page * PAGE else ()
    return Reply("wordings", {"wordings": [described(ctx, one) for one in shown]}, (*back, *more))


@command("wording use", N_("Say it as a member would"), may="edit_wordings", hidden=True)
def wording_use(ctx: Context, number: NUMBER) -> Reply:
    """From now on it is said so, everywhere."""
    one = _decided(ctx, number, "suggested", "in_force")
    ctx.tell((one.by,), "wording_used", f"wording used:{one.id}", {"text": readable(one.text)})
    back = Button(N_("Take it back"), "wording back", {"number": str(number)})
    return Reply("wording_in_force", {**described(ctx, one), "language": ""}, (back,), replace=True)


@command("wording leave", N_("Go on saying it as before"), may="edit_wordings", hidden=True)
def wording_leave(ctx: Context, number: NUMBER) -> Reply:
    """It stays as it is, and whoever suggested it hears so."""
    one = _decided(ctx, number, "suggested", "left")
    told = {"text": readable(one.text), "before": readable(one.before)}
    ctx.tell((one.by,), "wording_left", f"wording left:{one.id}", told)
    return Reply("wording_stays", told, (), replace=True)


@command("wording back", N_("Say it as before again"), may="edit_wordings", hidden=True)
def wording_back(ctx: Context, number: NUMBER) -> Reply:
    """It is said again as I came with it."""
    one = _decided(ctx, number, "in_force", "taken_back")
    return Reply("wording_stays", {"text": readable(one.text), "before": readable(one.before)}, (ALL,))


def _decided(ctx: Context, number: int, was: State, becomes: State) -> Wording:
    decided = ctx.store.wordings.decide(number, was, becomes, ctx.person.id, ctx.now)
    if decided is None:
        raise Refusal("wording_decided", buttons=(ALL,))
    return decided
