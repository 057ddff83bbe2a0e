"""Who had something to tell lately is asked for an item before the newsletter is made (engagement.md 2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final

from bot.commands import N_, Moment, OneOrganisation, command
from bot.context import Context
from bot.messages import Button, Refusal, Reply
from bot.newsletter.drafting import drafts_at, planned_send
from bot.newsletter.standing import newsletter_of
from bot.notices import Values, notice

ITEMS: Final = "newsletter items"
SENDS: Final = "send_news"
NOTHING: Final = "nothing"
DAYS = timedelta(days=5)


def closes_at(ctx: Context) -> datetime | None:
    """Until when the next edition takes items (UTC): its draft is made then. None while nobody reads it."""
    sends_at = planned_send(ctx.store)
    return drafts_at(ctx.store, sends_at) if sends_at is not None else None


def has_sent(ctx: Context, organisation: str, person: int | None = None) -> bool:
    """Whether somebody of an organisation, or this person, sent an item that still waits for an edition."""
    return any(
        item.by == person if person is not None else item.organisation == organisation
        for item in ctx.store.news.waiting()
    )


def is_wanted(ctx: Context, values: Values) -> bool:
    """Whether the edition is still to be made, and an item of the organisation is still missing: the first
    time the reader's own, the second time anybody's."""
    slug, closes = str(values["organisation"]), datetime.fromisoformat(values["closes"])
    if closes_at(ctx) != closes or ctx.now >= closes or not ctx.may(SENDS, slug):
        return False
    if _mark(slug, closes) in ctx.store.milestones.all():
        return False
    return not has_sent(ctx, slug, ctx.person.id if values["turn"] == 1 else None)


@notice(
    ITEMS,
    N_("Newsletter items"),
    N_("You get this because you told the others of something in the last three months."),
    still_due=is_wanted,
    useful=DAYS,
    theme="newsletter",
)
def newsletter_items(ctx: Context, values: Values) -> Reply:
    """Until when the next edition takes items, with one tap for sending one and one for having none."""
    slug, sends_at = str(values["organisation"]), planned_send(ctx.store)
    shown = {
        "title": newsletter_of(ctx).title,
        "organisation": ctx.short_name(slug),
        "closes": values["closes"],
        "sends": sends_at.isoformat() if sends_at else values["closes"],
        "turn": values["turn"],
    }
    given = {"organisation": slug, "closes": values["closes"]}
    none = Button(N_("Nothing this time"), "nothing to tell", given)
    return Reply("newsletter_items", shown, (_send(slug), none))


@command("nothing to tell", N_("Say that there is no news this time"), may=SENDS, hidden=True)
def nothing_to_tell(
    ctx: Context,
    organisation: Annotated[str, OneOrganisation(hidden=True)],
    closes: Annotated[datetime, Moment(hidden=True)],
) -> Reply:
    """The organisation is not asked again for this edition. Raises Refusal for another's."""
    if not ctx.may(SENDS, organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    ctx.store.milestones.answer(_mark(organisation, closes), NOTHING, ctx.person.id, ctx.now)
    values = {"title": newsletter_of(ctx).title, "organisation": ctx.short_name(organisation)}
    return Reply("newsletter_items_none", values, (_send(organisation),), replace=True)


def _send(organisation: str) -> Button:
    return Button(N_("Send an item"), "news new", {"for": organisation})


def _mark(organisation: str, closes: datetime) -> str:
    """What is kept of an organisation that has nothing to tell in an edition."""
    return f"{ITEMS}:{closes:%Y-%m-%d}:{organisation}"
