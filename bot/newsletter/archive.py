"""The public archive: what of an edition anybody may read, once it went out (engagement.md section 3).

What is for members' eyes only is in none of this, and neither is the name of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.rules.newsletter.values import Edition, Item, NewsKind, Note
from storage.store import Store

FEED_LENGTH = 20  # editions
ON_ITS_WAY = "on its way"  # why an edition is stopped: some have it already


@dataclass(frozen=True, slots=True)
class PublicItem:
    """One item as anybody may read it: `text` is Markdown as it was written, `organisation` a name ("" for
    the whole alliance), `media` the number of a picture (0: none), `alt` what it shows."""

    id: int
    kind: NewsKind
    title: str
    text: str
    link: str
    organisation: str
    language: str
    media: int = 0
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PublicNote:
    """A dated correction, Markdown."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Public:
    """One edition as it stands in the archive. `intro` and the notes are Markdown; `for_members` is how many
    items more its members were sent; `updated_at` is when it went out, or its last note. `stopped`: on its
    way, so that only some have it."""

    number: int
    slug: str
    title: str
    sent_at: datetime
    updated_at: datetime
    intro: str
    items: tuple[PublicItem, ...]
    notes: tuple[PublicNote, ...]
    for_members: int
    stopped: bool = False


def public_edition(store: Store, slug: str) -> Public | None:
    """The edition at this address, as anybody may read it; None where none is, it has not gone out, or
    nothing in it is public. Who has one that was stopped on its way still finds it."""
    found = store.editions.by_slug(slug)
    return None if found is None else _public(store, found)


def public_editions(store: Store, limit: int, offset: int = 0) -> tuple[tuple[Public, ...], int]:
    """A page of the archive, newest first, and how many editions it holds in all. Those without a public
    item are not among them."""
    shown = [one for one in _sent(store) if one is not None]
    return tuple(shown[offset : offset + limit]), len(shown)


def feed(store: Store, limit: int = FEED_LENGTH) -> tuple[Public, ...]:
    """What the Atom feed holds: the newest editions."""
    return public_editions(store, limit)[0]


def latest(store: Store) -> Public | None:
    """The newest edition that anybody may read, None for none."""
    return next(iter(feed(store, 1)), None)


def is_public_media(store: Store, media: int) -> bool:
    """Whether a kept picture stands with a public item of an edition that went out."""
    if not media:
        return False
    sent, _ = store.editions.sent(_ALL, 0)
    return any(item.media == media for one in sent if was_out(one) for item in public_items(one))


def public_items(edition: Edition) -> tuple[Item, ...]:
    """The items of an edition that are not for members' eyes only, in their order."""
    return tuple(item for item in edition.items if item.consent == "public")


def has_gone(edition: Edition) -> bool:
    """Whether an edition went out to its readers. One that was stopped on its way stays out of the
    archive's list."""
    return edition.sent_at is not None and edition.state in ("approved", "held")


def was_out(edition: Edition) -> bool:
    """Whether somebody has an edition, though it may have been stopped on its way."""
    return has_gone(edition) or was_stopped_on_its_way(edition)


def was_stopped_on_its_way(edition: Edition) -> bool:
    """Whether an edition was stopped when some had it already."""
    return edition.sent_at is not None and edition.state == "stopped" and edition.why == ON_ITS_WAY


def notes_for(edition: Edition, *, member: bool) -> tuple[Note, ...]:
    """The corrections of an edition that somebody is to read: a `member`, or a place of ours, all of them."""
    return tuple(note for note in edition.notes if member or note.consent == "public")


_ALL = 10_000  # editions: eight hundred years of them


def _sent(store: Store) -> list[Public | None]:
    names = _names(store)
    return [_public(store, one, names) for one in store.editions.sent(_ALL, 0)[0] if has_gone(one)]


def _public(store: Store, edition: Edition, names: dict[str, str] | None = None) -> Public | None:
    items = public_items(edition)
    if edition.sent_at is None or not was_out(edition) or not items:
        return None
    called = _names(store) if names is None else names
    notes = notes_for(edition, member=False)
    updated = max((note.at for note in notes), default=edition.sent_at)
    return Public(
        number=edition.number,
        slug=edition.slug,
        title=edition.title,
        sent_at=edition.sent_at,
        updated_at=max(updated, edition.sent_at),
        intro=edition.intro,
        items=tuple(_item(store, item, called) for item in items),
        notes=tuple(PublicNote(note.at, note.text) for note in notes),
        for_members=len(edition.items) - len(items),
        stopped=was_stopped_on_its_way(edition),
    )


def _item(store: Store, item: Item, names: dict[str, str]) -> PublicItem:
    picture = store.media.get(item.media) if item.media else None
    kept = picture is not None and picture.state == "kept"
    return PublicItem(
        id=item.id,
        kind=item.kind,
        title=item.title,
        text=item.text,
        link=item.link,
        organisation=names.get(item.organisation, item.organisation),
        language=item.language,
        media=item.media if kept else 0,
        alt=picture.alt if picture is not None and kept else "",
    )


def _names(store: Store) -> dict[str, str]:
    return {one.slug: one.short_name for one in store.organisations.all()}
