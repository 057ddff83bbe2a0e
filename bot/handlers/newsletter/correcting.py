"""Correcting an edition that went out (engagement.md 3.6)."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, LongText, Number, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import described, read_tap
from bot.messages import Ask, Choice, Refusal, Reply
from bot.newsletter.correcting import correct
from bot.newsletter.standing import NEWSLETTER, batch_of, found_edition
from bot.newsletter.subscribing import MAIL

WAYS = {"all": (True, True), "chats": (True, False), "archive": (False, False)}  # told, by mail too


@command(
    "newsletter correct",
    N_("Correct an edition that went out"),
    may="edit_newsletter",
    example="/newsletter correct 3 The workshop is on 12 January, not on 11 January.",
)
def newsletter_correct(
    ctx: Context,
    number: Annotated[int, Number(ask=N_("Which edition?"), label=N_("Number"), least=1)],
    words: Annotated[
        str, LongText(ask=N_("What is right? One or two sentences."), label=N_("Correction"), most=600)
    ],
    tell: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """A dated note under the edition, and, if they say so, a reply wherever it was read. The edition itself
    stays as it went out. Raises Refusal for one that did not."""
    ctx.in_private()
    edition = found_edition(ctx, number, lock=True)
    if edition.sent_at is None:
        raise Refusal("edition_missing", buttons=(NEWSLETTER,), number=number)
    if tell not in WAYS:
        raise _who_hears(ctx, number, edition.title, words)
    to_chats, to_mail = WAYS[tell]
    after, told = correct(ctx, edition, words, tell=to_chats, mail=to_mail)
    values = {**described(ctx, after), "note": words, "told": told}
    return Reply("edition_corrected", values, (read_tap(after), NEWSLETTER), replace=True)


def _who_hears(ctx: Context, number: int, title: str, words: str) -> Ask:
    sent = [
        one
        for one in ctx.store.deliveries.outcomes(batch_of(found_edition(ctx, number)))
        if one.state == "sent"
    ]
    mails = sum(one.platform == MAIL for one in sent)
    everybody = (Choice(N_("Tell everybody"), {"tell": "all"}),)
    chats = (Choice(N_("Not by mail"), {"tell": "chats"}),) if 0 < mails < len(sent) else ()
    archive = (Choice(N_("Only the archive"), {"tell": "archive"}),)
    ways = (*everybody, *chats, *archive) if sent else archive
    return Ask(
        "tell",
        "edition_correct_sure",
        ways,
        free=False,
        title=title,
        note=words,
        readers=len(sent),
        mails=mails,
    )
