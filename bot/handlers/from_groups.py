"""From a group into the direct chat: answers that wait there, and commands whose giver nobody could see."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, REGISTRY, Text, command, fill
from bot.context import Context
from bot.handlers.help import shown
from bot.messages import SILENCE, Button, Refusal, Reply

LONGEST = 4096  # characters of a message
LINE = Annotated[str, Text(hidden=True, most=LONGEST)]
HIDDEN = Annotated[str, Text(hidden=True)]
HELP = Button(N_("Help"), "help")
SAME_FOR_ALL = ("indicators", "events", "motions")  # looks that show every reader of a group the same


@command("asked by nobody", N_("Somebody unseen gave a command"), may="anybody", hidden=True)
def asked_by_nobody(ctx: Context, line: LINE = "", payload: HIDDEN = "") -> Reply:
    """An admin who stays anonymous, or a channel, gave a command: there is no person to answer for it. What
    is the same for everybody is shown; with all else they go on in the direct chat."""
    found, rest = REGISTRY.find(line) if line else (None, "")
    if found is None or found.hidden or ctx.place.kind != "group":
        return SILENCE  # perhaps it is another bot's
    if found.name in SAME_FOR_ALL and not rest and _is_ours(ctx):
        looked: Reply = found.function(ctx, **fill(found, {}, ctx.reading))
        return replace(looked, buttons=tuple(replace(one, who="anyone") for one in looked.buttons))
    link = ctx.start_link(payload) if payload else ""
    if not link:
        return SILENCE
    in_private = Button(N_("Open in private"), url=link)
    typed = shown(found, ctx.place.platform, ctx.language)
    return Reply("cannot_see_who", {"command": typed}, (in_private,), public=True)


@command("go on with", N_("Go on with a command in private"), may="anybody", hidden=True)
def go_on_with(ctx: Context, line: LINE = "") -> Reply:
    """A link brought a typed line here. Anybody can make such a link, so it is asked about first."""
    found, rest = REGISTRY.find(line) if line else (None, "")
    if found is None or found.hidden:
        raise Refusal("link_not_known", buttons=(HELP,))
    # NOTE: with what they began
    taps = (Button(N_("Go on"), "typed", {"line": line}), Button(N_("Not now"), "not now"))
    typed = f"{shown(found, ctx.place.platform, ctx.language)} {rest}".strip()
    return Reply("go_on_here", {"line": typed}, taps)


@command("answer again", N_("Read an answer once more"), may="anybody", hidden=True)
def answer_again(ctx: Context) -> Reply:
    """A link to an answer that was given in a group: the pipe gives what it recorded. Here it is asked for
    only when it is recorded no more."""
    del ctx
    raise Refusal("answer_gone", buttons=(HELP,))


@command("answer waits", N_("Say where an answer waits"), may="anybody", hidden=True)
def answer_waits(ctx: Context, payload: HIDDEN = "") -> Reply:
    """One line in a group for somebody whose answer is for their eyes only, and whom I may not write to
    yet."""
    link = ctx.start_link(payload) if payload else ""
    return (
        Reply("answer_waits", {}, (Button(N_("Open in private"), url=link),), public=True)
        if link
        else SILENCE
    )


@command("link not known", N_("Answer a link that leads nowhere"), may="anybody", hidden=True)
def link_not_known(ctx: Context) -> Reply:
    """The direct chat was opened by a link that is old, was cut, or was made for somebody else."""
    del ctx
    raise Refusal("link_not_known", buttons=(HELP,))


def _is_ours(ctx: Context) -> bool:
    """Whether this place was given a purpose: only there anything is shown to whoever asks."""
    known = ctx.store.places.find(ctx.place)
    return known is not None and bool(known.purposes)
