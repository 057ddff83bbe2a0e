"""The newsletter as everybody meets it: the latest edition, the next one, and an edition page by page."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.newsletter.answers import (
    PAGE,
    described,
    item_values,
    read_tap,
    readers_items,
    subscribe_tap,
    topic_labels,
    unsubscribe_tap,
)
from bot.messages import Button, Refusal, Reply
from bot.newsletter.archive import has_gone, was_out
from bot.newsletter.drafting import next_out
from bot.newsletter.sending import audience_of
from bot.newsletter.standing import NEWSLETTER, found_edition, may_edit, newsletter_of
from bot.newsletter.subscribing import subscription_of
from bot.newsletter.telling import open_tap
from bot.rules.newsletter.values import Edition

PAGE_NUMBER = Annotated[int, Number(hidden=True)]
SEND = Button(N_("Send news"), "news new")


@command(
    "newsletter", N_("The newsletter: the latest edition, and the next"), example="/newsletter", reads=True
)
def newsletter(ctx: Context) -> Reply:
    """The latest edition a tap away, what is known of the next one, one's own subscription; for its editors
    the draft."""
    latest = next((one for one in ctx.store.editions.sent(5)[0] if has_gone(one)), None)
    coming = ctx.store.editions.open()
    edits = may_edit(ctx) and ctx.reads_alone
    own = subscription_of(ctx.store, ctx.person.id) if ctx.reads_alone else None
    on = own is not None and own.state == "on"
    values = {
        "title": newsletter_of(ctx).title,
        "latest": described(ctx, latest) if latest else None,
        "coming": described(ctx, coming) if coming else None,
        "next": next_out(ctx).isoformat(),
        "waiting": len(ctx.store.news.waiting()),
        "alone": ctx.reads_alone,
        "subscribed": on,
        "topics": topic_labels(ctx, own.topics) if own and on else [],
        "readers": _readers(ctx, coming) if edits else -1,
        "edits": edits,
    }
    return Reply("newsletter", values, _taps(ctx, latest, coming, on=on, edits=edits), replace=True)


@command("edition", N_("Read one edition of the newsletter"), example="/edition 3", reads=True)
def edition(
    ctx: Context,
    number: Annotated[int, Number(ask=N_("Which edition?"), label=N_("Number"), least=1)],
    page: PAGE_NUMBER = 1,
) -> Reply:
    """An edition that went out, whole, a few items a page, with its corrections. Raises Refusal for one that
    did not."""
    found = found_edition(ctx, number)
    items = readers_items(ctx, found) if was_out(found) else ()
    if not items:
        if was_out(found) and ctx.roles:
            ctx.in_private()  # all of it is for members, and a group reads along
        raise Refusal("edition_missing", buttons=(NEWSLETTER,), number=number)
    pages = -(-len(items) // PAGE)
    page = min(max(page, 1), pages)
    shown = items[(page - 1) * PAGE : page * PAGE]
    values = {
        **described(ctx, found),
        "items": [item_values(ctx, item) for item in shown],
        "page": page,
        "pages": pages,
        "hidden": len(found.items) - len(items) if ctx.roles else 0,
    }
    turns = ((N_("More"), page + 1, page < pages), (N_("Back"), page - 1, page > 1))
    taps = (
        Button(label, "edition", {"number": str(number), "page": str(to)}) for label, to, so in turns if so
    )
    correct = (Button(N_("Correct"), "newsletter correct", {"number": str(number)}),)
    mine = correct if may_edit(ctx) and ctx.reads_alone else ()
    return Reply("edition_read", values, (*taps, *mine, NEWSLETTER), replace=True)


def _readers(ctx: Context, coming: Edition | None) -> int:
    """How many chats and people get the next edition as things stand."""
    if coming is not None:
        return len(audience_of(ctx, coming).readers)
    return len(ctx.store.subscriptions.on()) + len(ctx.store.places.serving("newsletter"))


def _taps(
    ctx: Context, latest: Edition | None, coming: Edition | None, *, on: bool, edits: bool
) -> tuple[Button, ...]:
    read = (read_tap(latest, N_("Read the latest")),) if latest else ()
    news = (SEND,) if ctx.reads_alone and _may_send(ctx) else ()
    topics = (Button(N_("Topics"), "newsletter topics"),) if on and newsletter_of(ctx).topics else ()
    mine = (*topics, unsubscribe_tap()) if on else (subscribe_tap(in_group=not ctx.reads_alone),)
    if not edits:
        return (*read, *news, *mine)
    running = _running(ctx)
    opens = (Button(N_("Open the draft"), "edition draft", {"number": str(coming.number)}),) if coming else ()
    make = () if coming else (Button(N_("Make one now"), "make edition"),)
    return (*read, *(open_tap(one) for one in running), *opens, *make, *news, *mine)


def _running(ctx: Context) -> tuple[Edition, ...]:
    """An edition that is on its way, or was held there."""
    newest = next(iter(ctx.store.editions.sent(1)[0]), None)
    if newest is None or described(ctx, newest)["phase"] not in ("sending", "held"):
        return ()
    return (newest,)


def _may_send(ctx: Context) -> bool:
    return bool(ctx.hats("send_news")) or ctx.may("send_news", "")
