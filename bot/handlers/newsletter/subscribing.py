"""Subscribing by a tap, which is the opt-in, choosing topics, and leaving (engagement.md section 3)."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import subscribe_tap, topic_labels, unsubscribe_tap
from bot.messages import Button, Refusal, Reply
from bot.newsletter.drafting import next_edition
from bot.newsletter.standing import NEWSLETTER, newsletter_of
from bot.newsletter.subscribing import confirmed, stop, with_topics
from bot.newsletter.subscribing import subscribe as begin
from bot.rules.newsletter.values import Subscription

TOPIC = Annotated[str, Text(hidden=True, most=60)]
LONGEST_LABEL = 20  # characters on a button


@command("subscribe", N_("Get the newsletter here"), example="/subscribe")
def subscribe(ctx: Context) -> Reply:
    """The newsletter comes to this person from now on, wherever they are reached."""
    before = ctx.store.subscriptions.of_person(ctx.person.id)
    own = begin(ctx.store, ctx.now, person=ctx.person.id)
    values = {
        "title": newsletter_of(ctx).title,
        "already": before is not None and before.state == "on",
        "next": _next(ctx),
        "topics": topic_labels(ctx, own.topics),
    }
    return Reply("subscribed", values, (*_topics_tap(ctx), unsubscribe_tap()))


@command("unsubscribe", N_("Get no more newsletter"), example="/unsubscribe", suggested=False)
def unsubscribe(ctx: Context) -> Reply:
    """No more newsletter for this person, on any platform, from this moment."""
    own = ctx.store.subscriptions.of_person(ctx.person.id)
    was_on = own is not None and own.state == "on"
    if own is not None:
        stop(ctx.store, own, "asked", ctx.now)
    values = {"title": newsletter_of(ctx).title, "was_on": was_on}
    return Reply("unsubscribed", values, (subscribe_tap(),))


@command("newsletter topics", N_("What the newsletter tells you of"), hidden=True)
def newsletter_topics(ctx: Context, topic: TOPIC = "", on: TOPIC = "") -> Reply:
    """One tap for each topic; a second one of the same changes nothing. None chosen is all of them."""
    own = _own(ctx)
    known = newsletter_of(ctx).topics
    if topic in known:
        rest = [key for key in own.topics if key != topic]
        chosen = [*rest, topic] if on == "yes" else rest
        own = with_topics(ctx.store, own, tuple(key for key in known if key in chosen))
    values = {"topics": topic_labels(ctx, own.topics)}
    toggles = (_toggle(ctx, key, label, key in own.topics) for key, label in known.items())
    return Reply("newsletter_topics", values, (*toggles, NEWSLETTER), replace=True)


@command("confirm subscription", N_("Yes to the newsletter"), may="anybody", hidden=True)
def confirm_subscription(ctx: Context) -> Reply:
    """A mail address says yes to what was asked for it on the page; anybody can have typed it there."""
    own = confirmed(ctx.store, ctx.account_id, ctx.now)
    values = {"title": newsletter_of(ctx).title, "asked": own is not None, "next": _next(ctx)}
    return Reply("subscription_confirmed", values)


def _own(ctx: Context) -> Subscription:
    own = ctx.store.subscriptions.of_person(ctx.person.id)
    if own is None or own.state != "on":
        raise Refusal("subscription_none", buttons=(subscribe_tap(),))
    return own


def _next(ctx: Context) -> str:
    coming = ctx.store.editions.open()
    return (coming.send_at if coming else next_edition(ctx)).isoformat()


def _topics_tap(ctx: Context) -> tuple[Button, ...]:
    return (Button(N_("Topics"), "newsletter topics"),) if newsletter_of(ctx).topics else ()


def _toggle(ctx: Context, key: str, label: str, chosen: bool) -> Button:
    called = ctx.translate(label)
    called = f"✓ {called}" if chosen else called
    given = {"topic": key, "on": "no" if chosen else "yes"}
    return Button(called[:LONGEST_LABEL], "newsletter topics", given)
