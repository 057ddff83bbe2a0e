"""How an edition stands: which one is meant, who looks after it, who reads what of it."""

from __future__ import annotations

from bot.batches import tally
from bot.commands import N_
from bot.context import Context
from bot.messages import Button, Refusal, Topic
from bot.newsletter.archive import public_items
from bot.rules.newsletter.phases import phase
from bot.rules.newsletter.values import Edition, Item, Newsletter, Phase

PURPOSE = "newsletter"  # of a place
NEWSLETTER = Button(N_("Newsletter"), "newsletter")
OPEN_STATES = ("draft", "held", "approved")


def newsletter_of(ctx: Context) -> Newsletter:
    """What the charter says of the newsletter."""
    found: Newsletter = ctx.charter.newsletter
    return found


def found_edition(ctx: Context, number: int, *, lock: bool = False) -> Edition:
    """The edition with this number, held if it is to be changed. Raises Refusal where there is none."""
    edition = ctx.store.editions.get(number, lock=lock)
    if edition is None:
        raise Refusal("edition_missing", buttons=(NEWSLETTER,), number=number)
    return edition


def batch_of(edition: Edition) -> str:
    """What all its messages are kept together by."""
    return f"edition:{edition.number}"


def topic_of(edition: Edition) -> Topic:
    """What the posts of an edition are about."""
    return Topic("edition", str(edition.number))


def phase_of(ctx: Context, edition: Edition) -> Phase:
    """How far an edition is now."""
    return phase(edition, tally(ctx, batch_of(edition)), ctx.now)


def is_open(edition: Edition) -> bool:
    """Whether it can still be changed: nothing of it went out, and nobody stopped or skipped it."""
    return edition.sent_at is None and edition.state in OPEN_STATES


def editors(ctx: Context) -> tuple[int, ...]:
    """The coordination team, by person: who looks after the newsletter."""
    return tuple(
        dict.fromkeys(
            holder.person.id
            for role in ctx.charter.roles
            if role.scope == "alliance" and ctx.charter.allows(role.key, "edit_newsletter")
            for holder in ctx.store.roles.holders(role.key)
        )
    )


def may_edit(ctx: Context) -> bool:
    """Whether the caller looks after the newsletter."""
    return ctx.may("edit_newsletter")


def items_for(edition: Edition, *, member: bool, topics: tuple[str, ...] = ()) -> tuple[Item, ...]:
    """What of an edition somebody is to read: a `member`, or a place of ours, all of it; others what is
    public. `topics` (by key; none: all) leave out what is about others; what has no topic is for all."""
    mine = edition.items if member else public_items(edition)
    return tuple(item for item in mine if not topics or not item.topics or {*topics} & {*item.topics})
