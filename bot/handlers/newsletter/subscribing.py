"""Subscribing by a tap, which is the opt-in, choosing topics, and leaving (engagement.md section 3)."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import subscribe_tap, topic_labels, unsubscribe_tap
from bot.messages import Button, Refusal, Reply
from bot.newsletter.drafting import next_out
from bot.newsletter.standing import NEWSLETTER, newsletter_of
from bot.newsletter.subscribing import confirmed, stop_all, subscription_of, with_topics
from bot.newsletter.subscribing import subscribe as begin
from bot.rules.newsletter.values import Subscription
from storage.emails import MAIL

TOPIC = Annotated[str, Text(hidden=True, most=60)]
LONGEST_LABEL = 20  # characters on a button


@command("subscribe", N_("Get the newsletter here"), example="/subscribe")
def subscribe(ctx: Context) -> Reply:
    """The newsletter comes to this person from now on, wherever they are reached."""
    before = subscription_of(ctx.store, ctx.person.id)
    reads_it = before is not None and before.state == "on"
    topics = before.topics if before is not None and reads_it else ()
    own = begin(ctx.store, ctx.now, person=ctx.person.id, topics=topics)
    there = ctx.reached(ctx.person.id)
    platform = there.account.platform if there else ""
    values = {
        "title": newsletter_of(ctx).title,
        "already": reads_it,
        "by_mail": platform == MAIL,
        "here": platform == ctx.place.platform,
        "next": next_out(ctx).isoformat(),
        "topics": topic_labels(ctx, own.topics),
    }
    return Reply("subscribed", values, (*_topics_tap(ctx), unsubscribe_tap()))


@command("unsubscribe", N_("Get no more newsletter"), example="/unsubscribe", suggested=False)
def unsubscribe(ctx: Context) -> Reply:
    """No more newsletter for this person, on any platform, from this moment."""
    was_on = stop_all(ctx.store, ctx.person.id, ctx.identity.account_id, "asked", ctx.now)
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
    values = {"title": newsletter_of(ctx).title, "asked": own is not None, "next": next_out(ctx).isoformat()}
    return Reply("subscription_confirmed", values)


def _own(ctx: Context) -> Subscription:
    own = subscription_of(ctx.store, ctx.person.id)
    if own is None or own.state != "on":
        raise Refusal("subscription_none", buttons=(subscribe_tap(),))
    return own


def _topics_tap(ctx: Context) -> tuple[Button, ...]:
    return (Button(N_("Topics"), "newsletter topics"),) if newsletter_of(ctx).topics else ()


def _toggle(ctx: Context, key: str, label: str, chosen: bool) -> Button:
    called = ctx.translate(label)
    called = f"✓ {called}" if chosen else called
    given = {"topic": key, "on": "no" if chosen else "yes"}
    return Button(called[:LONGEST_LABEL], "newsletter topics", given)
