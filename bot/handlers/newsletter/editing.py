"""The editor's pages of a draft: its items, its words, what has to be mended (engagement.md 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from bot.commands import N_, LongText, Number, Text, command
from bot.context import Context
from bot.handlers.newsletter.answers import as_post, item_values
from bot.handlers.newsletter.drafted import drafted
from bot.handlers.newsletter.news import read_words
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.newsletter.approving import open_edition, rewritten, shown_again
from bot.newsletter.archive import public_items
from bot.newsletter.collecting import candidates
from bot.newsletter.standing import found_edition
from bot.newsletter.telling import open_tap
from bot.rules.newsletter.values import Edition, Item

PAGE = 4  # items with a tap of their own
MOST_OFFERED = 5  # items on a page, to be added with a tap
NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True)]
WORDS = LongText(ask=N_("What should it say now? The first line is its title."), label=N_("Words"), most=3000)
INTRO = LongText(
    ask=N_("What should stand above the items? Everybody reads it."), label=N_("Introduction"), most=600
)


@command(
    "edition draft", N_("Look at the next edition of the newsletter"), may="edit_newsletter", hidden=True
)
def edition_draft(ctx: Context, number: NUMBER) -> Reply:
    """An edition as its editors see it: its items in a line each, whom it goes to, what has to be mended, and
    how it stands."""
    ctx.in_private()
    return drafted(ctx, found_edition(ctx, number))


@command("edition items", N_("The items of the next edition"), may="edit_newsletter", hidden=True)
def edition_items(ctx: Context, number: NUMBER, page: NUMBER = 1) -> Reply:
    """A page of its items, each a tap away."""
    return _items_page(ctx, open_edition(ctx, number), page)


@command("edition item", N_("One item of the next edition"), may="edit_newsletter", hidden=True)
def edition_item(ctx: Context, number: NUMBER, item: NUMBER) -> Reply:
    """One item, whole, with what can be done about it."""
    return _opened(ctx, open_edition(ctx, number), item)


@command("edition leave out", N_("Leave an item out of the edition"), may="edit_newsletter", hidden=True)
def edition_leave_out(ctx: Context, number: NUMBER, item: NUMBER) -> Reply:
    """It does not stand in this one; it waits for another."""
    edition = open_edition(ctx, number)
    found, _ = _of(edition, item)
    left = tuple(one for one in edition.items if one.id != item)
    kept = ctx.store.news.get(item, lock=True)
    if kept is not None:
        ctx.store.news.write(replace(kept, used_in=None))
    return _changed(ctx, edition, replace(edition, items=left), N_("Left out: %(title)s"), found.title)


@command("edition up", N_("Move an item up in the edition"), may="edit_newsletter", hidden=True)
def edition_up(ctx: Context, number: NUMBER, item: NUMBER) -> Reply:
    """It changes places with the one above it."""
    edition = open_edition(ctx, number)
    found, at = _of(edition, item)
    if at == 0:
        return _opened(ctx, edition, item)
    moved = list(edition.items)
    moved[at - 1], moved[at] = moved[at], moved[at - 1]
    return _changed(
        ctx, edition, replace(edition, items=tuple(moved)), N_("Moved up: %(title)s"), found.title
    )


@command("edition words", N_("Change an item's words"), may="edit_newsletter", hidden=True)
def edition_words(ctx: Context, number: NUMBER, item: NUMBER, words: Annotated[str, WORDS] = "") -> Reply:
    """Other words for an item, in this edition only."""
    edition = open_edition(ctx, number)
    found, at = _of(edition, item)
    if not words:
        current = f"{found.title}\n{found.text}\n{found.link}".strip()
        prefill = {"number": str(number), "item": str(item), "words": current}
        raise Ask("words", "question", prefill=prefill, question=WORDS.ask, hint="")
    _, title, text, link = read_words(words)
    if not title:  # a link alone: the words stay
        title, text, link = found.title, found.text, link or found.link
    items = list(edition.items)
    items[at] = replace(found, title=title, text=text, link=link)
    return _changed(ctx, edition, replace(edition, items=tuple(items)), N_("Changed: %(title)s"), title)


@command("edition consent", N_("Say who reads an item"), may="edit_newsletter", hidden=True)
def edition_consent(ctx: Context, number: NUMBER, item: NUMBER, consent: HIDDEN) -> Reply:
    """For members only, or public. What a member sent for members only is theirs to make public."""
    edition = open_edition(ctx, number)
    found, at = _of(edition, item)
    if consent == "public" and not _may_be_public(ctx, found):
        raise Refusal("news_consent", buttons=(open_tap(edition),), title=found.title)
    items = list(edition.items)
    items[at] = replace(found, consent="public" if consent == "public" else "members")
    says = N_("Public now: %(title)s") if consent == "public" else N_("For members only now: %(title)s")
    return _changed(ctx, edition, replace(edition, items=tuple(items)), says, found.title)


@command("edition intro", N_("Change what stands above the items"), may="edit_newsletter", hidden=True)
def edition_intro(ctx: Context, number: NUMBER, words: Annotated[str, INTRO] = "") -> Reply:
    """A sentence or two above the items."""
    edition = open_edition(ctx, number)
    if not words:
        prefill = {"number": str(number), "words": edition.intro}
        raise Ask("words", "question", prefill=prefill, question=INTRO.ask, hint="")
    return _changed(ctx, edition, replace(edition, intro=words), N_("The introduction is changed."), "")


@command("edition add", N_("Add an item to the edition"), may="edit_newsletter", hidden=True)
def edition_add(ctx: Context, number: NUMBER, item: HIDDEN = "", page: NUMBER = 1) -> Reply:
    """Something that members sent, or that was found or left out before, stands in this edition, at its end.
    Raises the Ask which."""
    edition = open_edition(ctx, number)
    offered = {_key(one): one for one in candidates(ctx, edition.collected_since, ctx.now)}
    if not item and not offered:
        return _items_page(ctx, edition, 1, ctx.translate(N_("Nothing waits to be added.")))
    if not item:
        raise _which(offered, page)
    taken = ctx.store.news.take(number, [offered[item]] if item in offered else [])
    if not taken:
        raise Refusal("news_missing", buttons=(open_tap(edition),))
    items = (*edition.items, *taken)
    return _changed(ctx, edition, replace(edition, items=items), N_("Added: %(title)s"), taken[0].title)


@command("edition preview", N_("See the edition as its readers will"), may="edit_newsletter", hidden=True)
def edition_preview(ctx: Context, number: NUMBER, as_: HIDDEN = "") -> Reply:
    """The edition as it stands in a chat; or what of it anybody reads, by mail and on the web."""
    edition = found_edition(ctx, number)
    items = public_items(edition) if as_ == "public" else edition.items
    other, label = ("", N_("As members see it")) if as_ == "public" else ("public", N_("As anybody sees it"))
    look = Button(label, "edition preview", {"number": str(number), "as": other})
    values = {**as_post(ctx, edition, items), "preview": as_ or "members"}
    return Reply("edition_preview", values, (look, open_tap(edition)), replace=True)


def _key(item: Item) -> str:
    return f"{item.source}:{item.key or item.id}"


def _which(offered: Mapping[str, Item], page: int) -> Ask:
    """A page of what can be added."""
    pages = -(-len(offered) // MOST_OFFERED)
    page = min(max(page, 1), pages)
    shown = list(offered.items())[(page - 1) * MOST_OFFERED : page * MOST_OFFERED]
    turns = ((N_("More"), page + 1, page < pages), (N_("Back"), page - 1, page > 1))
    ways = (
        *(Choice(_cut(one.title), {"item": key}) for key, one in shown),
        *(Choice(label, {"page": str(to)}) for label, to, so in turns if so),
    )
    return Ask("item", "question", ways, free=False, question=N_("Which one?"), hint="")


def _items_page(ctx: Context, edition: Edition, page: int, says: str = "") -> Reply:
    pages = max(1, -(-len(edition.items) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    shown = edition.items[first : first + PAGE]
    number = {"number": str(edition.number)}
    opens = _opens(ctx, number, shown, first)
    turns = ((N_("More"), page + 1, page < pages), (N_("Back"), page - 1, page > 1))
    turned = (Button(label, "edition items", {**number, "page": str(to)}) for label, to, so in turns if so)
    values = {
        "title": edition.title, "page": page, "pages": pages, "says": says, "first": first,
        "items": [item_values(ctx, item) for item in shown],
    }  # fmt: skip
    add = Button(N_("Add an item"), "edition add", number)
    return Reply("edition_items", values, (*opens, *turned, add, open_tap(edition)), replace=True)


def _opens(ctx: Context, number: dict[str, str], shown: Sequence[Item], first: int) -> tuple[Button, ...]:
    label = ctx.translate(N_("Open"))
    return tuple(
        Button(f"{label} {first + n}", "edition item", {**number, "item": str(item.id)})
        for n, item in enumerate(shown, 1)
    )


def _opened(ctx: Context, edition: Edition, item: int) -> Reply:
    found, at = _of(edition, item)
    given = {"number": str(edition.number), "item": str(item)}
    up = (Button(N_("Up"), "edition up", given),) if at else ()
    values = {"item": item_values(ctx, found), "at": at + 1, "edition": edition.title}
    taps = (
        *up,
        Button(N_("Edit"), "edition words", given),
        *_consent_tap(ctx, found, given),
        Button(N_("Leave out"), "edition leave out", given),
        Button(N_("Items"), "edition items", {"number": str(edition.number)}),
    )
    return Reply("edition_item", values, taps, replace=True)


def _may_be_public(ctx: Context, item: Item) -> bool:
    """Whether it is for the editors to make an item public: one that they found, or that its author sent for
    everybody."""
    kept = ctx.store.news.get(item.id)
    return item.source != "member" or (kept is not None and kept.consent == "public")


def _consent_tap(ctx: Context, item: Item, given: dict[str, str]) -> tuple[Button, ...]:
    if item.consent == "public":
        return (Button(N_("Members only"), "edition consent", {**given, "consent": "members"}),)
    if not _may_be_public(ctx, item):
        return ()
    return (Button(N_("Make it public"), "edition consent", {**given, "consent": "public"}),)


def _changed(ctx: Context, before: Edition, after: Edition, says: str, title: str) -> Reply:
    """The edition as it is now; who else looks after it is shown it again if it's not spelling."""
    was_approved = before.state == "approved"
    edition, again = rewritten(ctx, before, after)
    if again:
        edition = shown_again(ctx, edition)
    words: dict[str, Any] = {"title": title}
    said = ctx.translate(says) % words if title else ctx.translate(says)
    if again and was_approved:
        said += " " + ctx.translate(N_("It was approved before; it has to be approved again."))
    return drafted(ctx, edition, said)


def _of(edition: Edition, item: int) -> tuple[Item, int]:
    """An item of an edition and its place in it. Raises Refusal where it is not in it any more."""
    for at, one in enumerate(edition.items):
        if one.id == item:
            return one, at
    raise Refusal("news_missing", buttons=(open_tap(edition),))


def _cut(title: str) -> str:
    return title if len(title) <= 20 else title[:19].rstrip() + "…"
