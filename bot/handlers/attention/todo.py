"""What somebody and their organisations owe, by when, each with the taps that do it (engagement.md 2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.attention.numbered import numbered_taps
from bot.handlers.attention.waiting import can_be_said
from bot.messages import Button, Reply
from bot.people.duties import Owed, all_owed, stands_in
from bot.rules.membership import first_name

PAGE = 8
YOURS = ("event answer", "event decide")  # what nobody of an organisation can do for another
TODO = "todo"


@command(
    TODO,
    N_("What you and your organisation still have to do"),
    example="/todo",
    aliases=("tasks",),
    reads=True,
    own_slash=True,
)
def todo(ctx: Context, page: Annotated[int, Number(hidden=True)] = 0) -> Reply:
    """Everything that the caller owes, for themselves and for each organisation they act for; a coordinator
    also what the alliance leaves open, and a deputy what somebody who is away owes. What ends first comes
    first. It is listed too where its reminders are stopped, and gone once it is done."""
    ctx.in_private()
    own = _owed(ctx)
    instead, names = _instead(ctx, {one.key for one in own})
    every = (*own, *instead)
    pages = max(1, -(-len(every) // PAGE))
    turned, page = page > 0, min(max(page, 1), pages)
    shown = _grouped(ctx, every[(page - 1) * PAGE : page * PAGE], names)
    lines = tuple(one.reply for _, group in shown for one in group)
    more = len(every) - page * PAGE
    values = {
        "groups": _headed(shown),
        "several": len(shown) > 1 or bool(names),
        "page": page,
        "more": max(0, more),
        "total": len(every),
    }
    taps = (*numbered_taps(ctx, lines, most=PAGE * 3), *_turns(page, more), *_empty(every))
    return Reply("todo", values, taps, parts=lines, replace=turned)


def _owed(ctx: Context) -> tuple[Owed, ...]:
    """All that the caller owes and that can be said: a kind that breaks, or a line, stops no other."""
    return tuple(one for one in all_owed(ctx) if can_be_said(ctx, one.reply))


def _instead(ctx: Context, own: Collection[str]) -> tuple[list[Owed], dict[str, str]]:
    """What those owe for whom the caller stands in today, but what is the caller's own, and their names by
    its key."""
    found: list[Owed] = []
    names: dict[str, str] = {}
    for who, theirs in stands_in(ctx):
        these = [one for one in theirs if one.key not in own]
        found += [one for one in these if can_be_said(ctx, one.reply)]
        names |= {one.key: first_name(who.name) for one in these}
    return found, names


def _grouped(ctx: Context, owed: Sequence[Owed], names: Mapping[str, str]) -> list[tuple[str, list[Owed]]]:
    """By who owes it: the caller, their organisations by name, the alliance, who is away."""
    found: dict[tuple[int, str], list[Owed]] = {}
    for one in owed:
        if one.key in names:
            whose = (3, ctx.translate(N_("For {name}")).replace("{name}", names[one.key]))
        elif one.organisation:
            whose = (1, ctx.short_name(one.organisation))
        else:
            whose = (0, "") if one.kind in YOURS else (2, ctx.short_name(""))
        found.setdefault(whose, []).append(one)
    return [(name, found[rank, name]) for rank, name in sorted(found)]


def _headed(groups: Sequence[tuple[str, Sequence[Owed]]]) -> list[dict[str, Any]]:
    """The groups as the template takes them: whose it is ("" for the caller's own), and the numbers of the
    lines."""
    headed, at = [], 0
    for name, group in groups:
        headed.append({"name": name, "lines": list(range(at + 1, at + len(group) + 1))})
        at += len(group)
    return headed


def _turns(page: int, more: int) -> tuple[Button, ...]:
    onward = (Button(N_("More"), TODO, {"page": str(page + 1)}),) if more > 0 else ()
    back = (Button(N_("Back"), TODO, {"page": str(page - 1)}),) if page > 1 else ()
    return (*onward, *back)


def _empty(every: Sequence[Owed]) -> tuple[Button, ...]:
    return () if every else (Button(N_("What comes next"), "digest"),)
