"""Correcting an edition that went out (engagement.md 3.6)."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, LongText, Number, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import described, read_tap
from bot.messages import Ask, Choice, Refusal, Reply
from bot.newsletter.archive import was_out
from bot.newsletter.correcting import consent_of, correct, who_hears
from bot.newsletter.standing import NEWSLETTER, found_edition
from bot.rules.newsletter.values import Consent, Edition
from storage.emails import MAIL

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
    consent: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """A dated note under the edition, and, if they say so, a reply wherever it was read; for members only
    where it may be about an item that is, unless they say otherwise. The edition itself stays as it went out.
    Raises Refusal for one that did not."""
    ctx.in_private()
    edition = found_edition(ctx, number, lock=True)
    if not was_out(edition):
        raise Refusal("edition_missing", buttons=(NEWSLETTER,), number=number)
    if tell not in WAYS:
        raise _who_is_told(ctx, edition, words, consent_of(edition, words, consent))
    to_chats, to_mail = WAYS[tell]
    for_whom = consent_of(edition, words, consent)
    after, told = correct(ctx, edition, words, tell=to_chats, mail=to_mail, consent=for_whom)
    values = {**described(ctx, after), "note": words, "told": told}
    return Reply("edition_corrected", values, (read_tap(after), NEWSLETTER), replace=True)


def _who_is_told(ctx: Context, edition: Edition, words: str, consent: Consent) -> Ask:
    """Whom to tell; and where some items are for members only, a tap that says who may read it."""
    sent = who_hears(ctx, edition, consent)
    mails = sum(one.platform == MAIL for one in sent)
    mixed = len({item.consent for item in edition.items}) > 1
    other = (N_("Make it public"), "public") if consent == "members" else (N_("Members only"), "members")
    for_whom = (Choice(other[0], {"consent": other[1]}),) if mixed else ()
    everybody = (Choice(N_("Tell everybody"), {"tell": "all"}),)
    chats = (Choice(N_("Not by mail"), {"tell": "chats"}),) if 0 < mails < len(sent) else ()
    archive = (Choice(N_("Only the archive"), {"tell": "archive"}),)
    ways = (*everybody, *chats, *archive, *for_whom) if sent else (*archive, *for_whom)
    return Ask(
        "tell",
        "edition_correct_sure",
        ways,
        free=False,
        title=edition.title,
        note=words,
        mixed=mixed,
        consent=consent,
        readers=len(sent),
        mails=mails,
    )
