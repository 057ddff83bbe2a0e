"""How an edition and its items are read back, and their next likely taps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.commands import N_, OneChoice
from bot.context import Context
from bot.messages import Button
from bot.newsletter.archive import notes_for, public_items, was_out, was_stopped_on_its_way
from bot.newsletter.standing import PURPOSE, items_for, phase_of
from bot.rules.newsletter.checks import Fault
from bot.rules.newsletter.values import Edition, Item, NewsKind
from bot.templating.html import to_text

A_YEAR = 24 * 365  # hours: what stands in a group is not soon asked again
MOST_IN_A_POST = 3400  # characters of an edition in a chat; the rest is a tap away
LONGEST_EXCERPT = 240
PAGE = 3  # items on a page, each whole
KINDS = (
    OneChoice("news", N_("News")),
    OneChoice("practice", N_("Practice"), ("good practice",)),
    OneChoice("call", N_("Call"), ("call for partners",)),
)
CALLED: dict[NewsKind, str] = {
    "news": N_("news"),
    "event": N_("event"),
    "decision": N_("decision"),
    "practice": N_("practice"),
    "call": N_("call"),
}
CONSENTS = {"public": N_("public"), "members": N_("members only")}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def described(ctx: Context, edition: Edition) -> dict[str, Any]:
    """An edition in the words that every template reads back; of its corrections those that the reader is to
    see."""
    notes = notes_for(edition, member=is_member(ctx))
    return {
        "number": edition.number,
        "title": edition.title,
        "intro": edition.intro,
        "phase": phase_of(ctx, edition),
        "approval": edition.approval,
        "why": edition.why,
        "send_at": edition.send_at.isoformat(),
        "sent_at": edition.sent_at.isoformat() if edition.sent_at else "",
        "count": len(edition.items),
        "public": len(public_items(edition)),
        "notes": [{"at": note.at.isoformat(), "text": note.text} for note in notes],
        "on_its_way": was_stopped_on_its_way(edition),
        "link": permalink(ctx, edition),
    }


def item_values(ctx: Context, item: Item) -> dict[str, Any]:
    """An item in the same manner: its text whole, and as an excerpt of a sentence or two."""
    return {
        "id": item.id,
        "kind": ctx.translate(CALLED[item.kind]),
        "title": item.title,
        "text": item.text,
        "excerpt": excerpt(item.text),
        "link": item.link,
        "organisation": organisation_name(ctx, item.organisation),
        "consent": ctx.translate(CONSENTS[item.consent]),
        "members_only": item.consent == "members",
        "source": item.source,
        "embargo": item.embargo.isoformat() if item.embargo else "",
    }


def fault_values(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """What has to be mended before an edition goes out, in the same manner."""
    return [{"what": one.what, "item": one.item, "found": one.found} for one in faults]


def as_post(ctx: Context, edition: Edition, items: tuple[Item, ...]) -> dict[str, Any]:
    """An edition as one post of a chat takes it: as many items as fit, and how many are left for a tap."""
    shown: list[dict[str, Any]] = []
    whole = described(ctx, edition)
    room = MOST_IN_A_POST - len(edition.title) - len(edition.intro)
    room -= sum(len(note["text"]) + 40 for note in whole["notes"])
    for item in items:
        values = item_values(ctx, item)
        room -= len(item.title) + len(values["excerpt"]) + len(item.link) + len(values["organisation"]) + 10
        if room < 0 and shown:
            break
        shown.append(values)
    return {**whole, "items": shown, "more": len(items) - len(shown)}


def readers_items(ctx: Context, edition: Edition) -> tuple[Item, ...]:
    """What of an edition the reader is to see: a member or a place of ours all of it, others what is
    public."""
    return items_for(edition, member=is_member(ctx))


def is_member(ctx: Context) -> bool:
    """Whether only members of ours read this, or a place of ours. In a group whoever is in it reads along,
    unless it is one for the newsletter."""
    if is_place(ctx):
        return True
    return bool(ctx.roles) and (ctx.reads_alone or ctx.place.kind == "direct" or _is_for_newsletter(ctx))


def _is_for_newsletter(ctx: Context) -> bool:
    known = (ctx.store.places.find(one) for one in (ctx.place, replace(ctx.place, thread="")))
    return any(PURPOSE in one.purposes for one in known if one is not None)


def is_place(ctx: Context) -> bool:
    """Whether a whole group reads this, and nobody in particular."""
    return ctx.incoming.account.user == "" and ctx.place.kind == "group"


def excerpt(text: str) -> str:
    """The first sentences of a text, as plain words on one line."""
    words = " ".join(to_text(text).split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    said = ""
    for sentence in _SENTENCE_END.split(words):
        if len(said) + len(sentence) + 1 > LONGEST_EXCERPT:
            break
        said = f"{said} {sentence}".strip()
    return said or words[: LONGEST_EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def permalink(ctx: Context, edition: Edition) -> str:
    """Where anybody reads an edition that went out; "" where there is no such page."""
    there = ctx.public_url and was_out(edition) and public_items(edition)
    return f"{ctx.public_url}/newsletter/{edition.slug}" if there else ""


def organisation_name(ctx: Context, slug: str) -> str:
    """How an organisation is called; "" for the whole alliance."""
    if not slug:
        return ""
    return ctx.short_name(slug) if slug in ctx.organisations else slug


def read_tap(edition: Edition, label: str = N_("Read it here"), *, in_group: bool = False) -> Button:
    """The tap that opens an edition, whole."""
    given = {"number": str(edition.number)}
    if in_group:
        return Button(label, "edition", given, who="anyone", hours=A_YEAR)
    return Button(label, "edition", given, hours=A_YEAR)


def subscribe_tap(*, in_group: bool = False) -> Button:
    """The tap that is the opt-in."""
    if in_group:
        return Button(N_("Subscribe"), "subscribe", who="anyone", hours=A_YEAR)
    return Button(N_("Subscribe"), "subscribe")


def unsubscribe_tap() -> Button:
    """The tap that ends it."""
    return Button(N_("Unsubscribe"), "unsubscribe", hours=A_YEAR)


def topic_labels(ctx: Context, keys: Iterable[str]) -> list[str]:
    """Topics as they are called."""
    known = ctx.charter.newsletter.topics
    return [ctx.translate(known[key]) for key in keys if key in known]
