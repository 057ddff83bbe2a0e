"""Strangers who do what only members may: what they are shown, and what of theirs waits."""

from __future__ import annotations

from bot.commands import N_
from bot.context import Context
from bot.dispatch.answering import answer_reply
from bot.dispatch.understanding import Understood
from bot.messages import Answer, Button, Reply
from bot.templating import Templates

SUBSCRIBE_PAGE = "/newsletter/subscribe"
STRANGERS_WAYS = (
    Button(N_("I have an invitation"), "join"),
    Button(N_("I'm with a member"), "ask to join"),
    Button(N_("Just looking"), "just looking"),
)


def let_wait(ctx: Context, templates: Templates, understood: Understood) -> Answer:
    """A stranger is shown a private way in, and what they would have written is kept (spec/engagement.md
    10). A look, or a word about oneself, does not wait and takes the place of nothing that does."""
    command, waits = understood.command, None
    if not command.reads and command.may is not None:
        given = dict(understood.arguments)
        waits = ctx.store.drafts.put(ctx.account_id, ctx.place, command.name, given, "", "waiting", ctx.now)
    link = ctx.start_link("hello") if ctx.place.kind == "group" else ""
    ways = (Button(N_("Come in"), url=link),) if link else STRANGERS_WAYS
    if command.name == "subscribe" and ctx.public_url and ctx.mail_from:  # by mail it takes no way in
        ways = (*ways, Button(N_("Newsletter"), url=ctx.public_url + SUBSCRIBE_PAGE))
    values = {
        "alliance": ctx.charter.alliance.name,
        "by_link": bool(link),
        "again": False,
        **ctx.called(waits),
    }
    return answer_reply(ctx, templates, Reply("stranger", values, ways))
