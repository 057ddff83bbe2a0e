"""What to do with something begun and not finished, or with words that the bot cannot hear."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, REGISTRY, Text, command
from bot.context import Context
from bot.messages import Button, Refusal, Reply

HIDDEN = Annotated[str, Text(hidden=True)]


@command("throw away", N_("Drop what was begun"), may="anybody", hidden=True)
def throw_away(ctx: Context, draft: HIDDEN = "") -> Reply:
    """Drop a draft. Raises Refusal for somebody else's, for none, and for one that was saved meanwhile."""
    found = ctx.store.drafts.by_token(draft) if draft else ctx.store.drafts.open(ctx.account_id)
    if found is None:
        raise Refusal("draft_gone" if draft else "nothing_open", buttons=(Button(N_("Help"), "help"),))
    if not _is_own(ctx, found.account_id):
        raise Refusal("button_of_another")
    if found.state == "done":
        raise Refusal("draft_gone", buttons=(Button(N_("Help"), "help"),))
    ctx.store.drafts.close(found.token)
    declared = REGISTRY.commands.get(found.command)
    # What only buttons can begin needs the arguments of its button, so it is not offered again here.
    again = declared is not None and not declared.hidden
    buttons = (Button(N_("Start again"), found.command),) if again else (Button(N_("Help"), "help"),)
    return Reply("dropped", {}, buttons, replace=True)


@command("still asking", N_("Ask whether something begun goes on"), may="anybody", hidden=True)
def still_asking(ctx: Context, draft: HIDDEN = "") -> Reply:
    """After half an hour of silence the next words fill no form (section 10): ask first."""
    found = ctx.store.drafts.by_token(draft) if draft else None
    if found is None or found.state == "done":
        raise Refusal("draft_gone", buttons=(Button(N_("Help"), "help"),))
    if not _is_own(ctx, found.account_id):
        raise Refusal("button_of_another")
    held = {"draft": found.token}
    buttons = (Button(N_("Continue"), "continue", held), Button(N_("Throw away"), "throw away", held))
    title = found.arguments.get("title", "")
    return Reply("still_asking", {"command": found.command, "title": title}, buttons)


@command("cannot listen", N_("Answer a voice message or sticker"), may="anybody", hidden=True)
def cannot_listen(ctx: Context, what: HIDDEN = "") -> Reply:
    """Say kindly what cannot be taken in, and what can (section 10)."""
    known = ctx.identity.person is not None
    mine = (Button(N_("Log something"), "log"), Button(N_("My list"), "activities", {"view": "mine"}))
    return Reply("cannot_listen", {"what": what}, mine if known else (Button(N_("Help"), "help"),))


def _is_own(ctx: Context, account_id: int) -> bool:
    if account_id == ctx.identity.account_id:
        return True
    person = ctx.identity.person
    linked = ctx.store.accounts.of_person(person.id) if person else ()
    return any(one.account_id == account_id for one in linked)
