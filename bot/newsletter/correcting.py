"""Corrections of an edition that went out: a dated note, added and never instead (engagement.md 3.6)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot import batches
from bot.context import Context
from bot.newsletter.standing import batch_of
from bot.newsletter.telling import CORRECTED
from bot.people.public_holidays import is_free
from bot.rules.attention import Waking, next_waking
from bot.rules.newsletter.values import Consent, Edition, Note
from storage.deliveries import Delivery, Outcome
from storage.emails import MAIL

_NAME = re.compile(r"[^\W\d_]{4,}")
NOT_FOR_THEM = "not for them"  # why somebody who has the edition is not told


def consent_of(edition: Edition, words: str, said: str) -> Consent:
    """Who may read a correction: everybody where all items are public, nobody but members where none is.
    Else as somebody `said`; before that as the items that its words name, and members only if it names none
    or may be about one of theirs."""
    open_to = {item.consent for item in edition.items}
    if len(open_to) == 1:
        return next(iter(open_to))
    if said in ("public", "members"):
        return "public" if said == "public" else "members"
    named = _names(words)
    public = [one for one in edition.items if one.consent == "public" and named & _names(one.title)]
    hidden = [
        one for one in edition.items if one.consent != "public" and named & _names(f"{one.title} {one.text}")
    ]
    return "public" if public and not hidden else "members"


def who_hears(ctx: Context, edition: Edition, consent: Consent) -> tuple[Outcome, ...]:
    """Who of those that have the edition is told of a correction that is for these."""
    outcomes = ctx.store.deliveries.outcomes(batch_of(edition))
    return tuple(one for one in outcomes if one.state == "sent" and _may_read(ctx, one, consent))


def correct(
    ctx: Context, edition: Edition, words: str, *, tell: bool, mail: bool, consent: Consent = "public"
) -> tuple[Edition, int]:
    """Add a dated note to the copy in the archive, and say it in reply to every post of the edition (`tell`),
    by mail too (`mail`), to people in their working hours: the edition, and how many are told."""
    number = len(edition.notes)
    note = Note(ctx.now, ctx.person.id, words, consent)
    after = replace(edition, notes=(*edition.notes, note), version=edition.version + 1)
    after = ctx.store.editions.write(after)
    if not tell:
        return after, 0
    values = {"edition": edition.number, "note": number, "mail": mail}
    batches.reply(ctx, batch_of(edition), f"note:{number + 1}", CORRECTED, values)
    told = 0
    for one in ctx.store.deliveries.of_batch(f"{batch_of(edition)}:note:{number + 1}"):
        if (one.platform == MAIL and not mail) or not _may_read(ctx, one, consent):
            ctx.store.deliveries.skipped(one.id, NOT_FOR_THEM)
            continue
        told += 1
        if (at := _wakes(ctx, one)) > ctx.now:
            ctx.store.deliveries.later(one.id, at, "")
    return after, told


def _names(text: str) -> set[str]:
    """The words of a text that may name something."""
    return set(_NAME.findall(text.casefold()))


def _may_read(ctx: Context, one: Delivery | Outcome, consent: Consent) -> bool:
    """A place of ours, or a member, reads what is for members, too."""
    person = one.person_id if isinstance(one, Delivery) else one.person
    member = person is not None and bool(ctx.store.roles.of_person(person))
    return consent == "public" or one.place is not None or member


def _wakes(ctx: Context, one: Delivery) -> datetime:
    """When somebody of whom only the account is known is told (UTC). For a person attention keeps the hours;
    in a chat of many it stands at once, without a sound."""
    if one.place is not None or one.person_id is not None:
        return ctx.now
    there = ctx.store.accounts.get(one.account_id) if one.account_id is not None else None
    zone = there.account.zone if there is not None else ""
    return next_waking(ctx.now, Waking(zone or ctx.charter.alliance.zone, is_free(frozenset())))
