"""Items that members send for the newsletter, and what becomes of them (engagement.md section 3)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from bot.commands import N_, Day, Link, LongText, Number, OneOf, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.newsletter.answers import KINDS, item_values
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.newsletter.approving import rewritten, shown_again
from bot.newsletter.drafting import next_edition
from bot.newsletter.standing import NEWSLETTER, is_open, newsletter_of
from bot.rules.newsletter.values import Edition, Item

LONGEST_TITLE = 120  # characters
PAGE = 5
SEASON = 24 * 120  # hours: an item may wait for an edition or two
NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True)]
WORDS = LongText(
    ask=N_("What's the news? A title first, then a line or two."), label=N_("News"), most=2000,
    hint=N_("The first line is its title"),
)  # fmt: skip
LINK = Link(lead=("link",), label=N_("Link"), hint=N_("Where more is to read"))
EMBARGO = Day("future", lead=("not before",), label=N_("Not before"), hint=N_("A day, if it has to wait"))
SEND = Button(N_("Send news"), "news new")
_KIND = re.compile(r"(news|practice|good practice|call|call for partners)\s*:\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:^|\s+)<?(https?://[^\s<>]+)>?\s*$")  # on its own, not inside a Markdown link
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@command(
    "news",
    N_("Send an item for the newsletter, or see yours"),
    may="send_news",
    example="/news Our recycling guide is out. It is free for all members.",
)
def news(
    ctx: Context,
    words: Annotated[str, LongText(label=N_("News"), most=2000, hint=N_("The first line is its title"))] = "",
    link: Annotated[str, LINK] = "",
    embargo: Annotated[date | None, EMBARGO] = None,
    kind: Annotated[str, OneOf(KINDS, hidden=True)] = "",
    consent: HIDDEN = "",
    for_: HIDDEN = "",
) -> Reply:
    """An item for the next edition, once somebody said who may read it. Without words, one's own items."""
    ctx.in_private()
    if not words:
        return _mine(ctx)
    return _sent(ctx, words, link, embargo, kind, consent, for_)


@command("news new", N_("Send an item for the newsletter"), may="send_news", hidden=True)
def news_new(
    ctx: Context,
    words: Annotated[str, WORDS],
    link: Annotated[str, LINK] = "",
    embargo: Annotated[date | None, EMBARGO] = None,
    kind: Annotated[str, OneOf(KINDS, hidden=True)] = "",
    consent: HIDDEN = "",
    for_: HIDDEN = "",
) -> Reply:
    """The same, asked for step by step, or in a form."""
    ctx.in_private()
    return _sent(ctx, words, link, embargo, kind, consent, for_)


@command("news edit", N_("Change an item that you sent"), may="send_news", hidden=True)
def news_edit(ctx: Context, item: NUMBER, words: Annotated[str, WORDS] = "") -> Reply:
    """Other words for one's own item, as long as no edition has it."""
    own = _own(ctx, item)
    if own.used_in is not None:
        _not_once_out(ctx, own)
        raise Refusal("news_taken", buttons=(NEWSLETTER,), title=own.title)
    if not words:
        current = f"{own.title}\n{own.text}\n{own.link}".strip()
        raise Ask(
            "words", "question", prefill={"item": str(item), "words": current}, question=WORDS.ask, hint=""
        )
    _, title, text, link = read_words(words)
    if not title:  # a link alone: the words stay
        title, text, link = own.title, own.text, link or own.link
    changed = ctx.store.news.write(replace(own, title=title, text=text, link=link))
    return _kept(ctx, changed, edited=True)


@command("news back", N_("Take back an item that you sent"), may="send_news", hidden=True)
def news_back(ctx: Context, item: NUMBER) -> Reply:
    """One's own item stands in no edition that is still to go out. Raises Refusal once it went out."""
    own = _own(ctx, item)
    if own.used_in is not None:
        edition = _not_once_out(ctx, own)
        if edition is not None and is_open(edition):
            left = tuple(one for one in edition.items if one.id != own.id)
            after, again = rewritten(ctx, edition, replace(edition, items=left))
            if again:
                shown_again(ctx, after)
    ctx.store.news.write(replace(own, used_in=None, dropped_at=own.dropped_at or ctx.now))
    return Reply("news_back", {"title": own.title}, (SEND,), replace=True)


def _not_once_out(ctx: Context, item: Item) -> Edition | None:
    """The edition that has an item, held. Raises Refusal for one that went out."""
    edition = ctx.store.editions.get(item.used_in or 0, lock=True)
    if edition is not None and edition.sent_at is not None:
        raise Refusal("news_out", buttons=(NEWSLETTER,), title=item.title, at=edition.sent_at.isoformat())
    return edition


def read_words(words: str) -> tuple[str, str, str, str]:
    """What was typed, as kind ("" for none said), title, text and link: the kind before a colon, the title is
    the first line or sentence, an address at the end is the link."""
    kind, link = "", ""
    if said := _KIND.match(words):
        kind, words = said[1].casefold().removeprefix("good ").split()[0], words[said.end() :]
    found = _ADDRESS.search(words)
    if found and found[1].count("(") == found[1].count(")"):  # else a bracket closes after it
        link, words = found[1].rstrip(".,;"), words[: found.start()]
    words = words.strip()
    title, _, text = words.partition("\n")
    if not text and (len(parts := _SENTENCE.split(words, maxsplit=1)) == 2):
        title, text = parts[0].rstrip("."), parts[1]
    if len(title) > LONGEST_TITLE:
        cut = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0]
        title, text = f"{cut}…", f"{title}\n\n{text}".strip()
    return kind, title.strip(), text.strip(), link


def _sent(
    ctx: Context, words: str, link: str, embargo: date | None, kind: str, consent: str, for_: str
) -> Reply:
    hats = ctx.hats("send_news")
    home = ctx.acting_for("send_news", for_) if hats or for_ else COORDINATING
    said, title, text, address = read_words(words)
    item = Item(
        kind=kind or said or "news",  # type: ignore[arg-type]
        title=title, text=text, link=link or address, organisation=home, topics=_topics(ctx, home),
        language=ctx.language, consent="public" if consent == "public" else "members", embargo=embargo,
        by=ctx.person.id, at=ctx.now,
    )  # fmt: skip
    if not title:
        raise Ask("words", "question", question=WORDS.ask, hint="")
    if consent not in ("public", "members"):
        raise _who_reads(ctx, item)
    return _kept(ctx, ctx.store.news.add(item), edited=False)


def _who_reads(ctx: Context, item: Item) -> Ask:
    """The one question: who may read it. The kind is a tap away where it was taken for another one."""
    ways = (Choice(N_("Public"), {"consent": "public"}), Choice(N_("Members only"), {"consent": "members"}))
    kinds = tuple(
        Choice(label, {"kind": one.value})
        for one, label in zip(KINDS, (N_("It's news"), N_("It's a practice"), N_("It's a call")), strict=True)
        if one.value != item.kind
    )
    return Ask("consent", "news_consent", (*ways, *kinds), free=False, item=item_values(ctx, item))


def _kept(ctx: Context, item: Item, *, edited: bool) -> Reply:
    given = {"item": str(item.id)}
    edit = Button(N_("Edit"), "news edit", given, hours=SEASON)
    taps = (edit, Button(N_("Take it back"), "news back", given, hours=SEASON))
    values = {**item_values(ctx, item), "at": edition_for(ctx, item).isoformat(), "edited": edited}
    return Reply("news_kept", values, taps, replace=True)


def edition_for(ctx: Context, item: Item) -> datetime:
    """When the first edition goes out that an item can stand in: after the one that is drafted already, and
    not before its day."""
    coming = ctx.store.editions.open()
    at = next_edition(ctx, max(coming.send_at, ctx.now)) if coming else next_edition(ctx)
    if item.embargo is not None:
        zone = ZoneInfo(ctx.charter.alliance.zone)
        opens = datetime.combine(item.embargo, time(), zone)
        at = next_edition(ctx, opens) if at < opens else at
    return at


def _mine(ctx: Context) -> Reply:
    """The items that the caller sent, newest first, and what became of them."""
    own = [one for one in ctx.store.news.of_person(ctx.person.id) if one.dropped_at is None][:PAGE]
    values = {"title": newsletter_of(ctx).title, "items": [_line(ctx, one) for one in own]}
    backs = tuple(
        Button(f"{ctx.translate(N_('Take back'))} {n}", "news back", {"item": str(one.id)})
        for n, one in enumerate(own, 1)
        if one.used_in is None
    )
    return Reply("news_mine", values, (SEND, *backs, NEWSLETTER), replace=True)


def _line(ctx: Context, item: Item) -> dict[str, Any]:
    edition = ctx.store.editions.get(item.used_in) if item.used_in else None
    sent = edition.sent_at if edition else None
    at = sent or (edition.send_at if edition else edition_for(ctx, item))
    return {**item_values(ctx, item), "sent": sent is not None, "at": at.isoformat()}


def _own(ctx: Context, number: int) -> Item:
    """The caller's own item, held. Raises Refusal for another's, and for one that was taken back."""
    found = ctx.store.news.get(number, lock=True)
    if found is None or found.by != ctx.person.id or found.dropped_at is not None:
        raise Refusal("news_missing", buttons=(SEND,))
    return found


def _topics(ctx: Context, slug: str) -> tuple[str, ...]:
    home = ctx.organisations.get(slug)
    return ctx.charter.topics_of(home.sectors) if home else ()
