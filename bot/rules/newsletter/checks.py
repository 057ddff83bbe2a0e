"""What has to be mended before an edition may be approved (spec/engagement.md section 3).

Pure: an edition and its limits in, faults out; templates say them in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal
from urllib.parse import urlsplit

from bot.rules.newsletter.composing import words_in, words_of
from bot.rules.newsletter.sealing import destinations, links
from bot.rules.newsletter.values import Edition, Item

What = Literal["empty", "title", "consent", "alt", "link", "embargo", "told", "long item", "long"]
SCHEMES: Final = ("http", "https", "mailto")
_NAMELESS_PICTURE = re.compile(r"!\[\s*\]\(")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an edition is held to. `alts`: what each kept picture shows, by its number (one that is not in it
    is not kept, or no picture: nothing is asked of it); `day`: when it goes out, by the alliance's clock;
    lengths in characters for a title and for one item's text, in words for the whole edition."""

    alts: Mapping[int, str] = field(default_factory=dict)
    day: date | None = None
    title: int = 150
    text: int = 3000
    most_words: int = 900


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that blocks. `item` is the place of an item in the edition from 1 on, 0 for the edition's own
    title and words; `found` is what is wrong there: the link, the title, the number of words."""

    what: What
    item: int = 0
    found: str = ""


def faults(edition: Edition, limits: Limits) -> tuple[Fault, ...]:
    """Everything that blocks an edition, in its order: nothing in it, a title that is missing or too long,
    consent that is missing, a picture without words for who does not see it, a link that leads nowhere, what
    is under embargo or stood in another edition, and length."""
    return (
        *([] if edition.items else [Fault("empty")]),
        *_in_words(edition.title, edition.intro, 0, limits),
        *(fault for place, one in enumerate(edition.items, 1) for fault in _of(one, place, edition, limits)),
        *_too_long(edition, limits),
    )


def leads_somewhere(link: str) -> bool:
    """Whether a link can be followed by whoever reads it: http, https or mailto, to a host with a name."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    if any(sign.isspace() for sign in link) or parts.scheme.lower() not in SCHEMES:
        return False
    if parts.scheme.lower() == "mailto":
        host = parts.path.rpartition("@")[2] if "@" in parts.path[1:] else ""
    return _HOST.fullmatch(host) is not None and parts.username is None


def _of(item: Item, place: int, edition: Edition, limits: Limits) -> Iterator[Fault]:
    if item.consent not in ("public", "members"):
        yield Fault("consent", place, item.title)
    if item.media in limits.alts and not limits.alts[item.media].strip():
        yield Fault("alt", place, item.title)
    if item.link and not leads_somewhere(item.link):
        yield Fault("link", place, item.link)
    yield from _in_words(item.title, item.text, place, limits)
    if limits.day is not None and item.embargo is not None and limits.day < item.embargo:
        yield Fault("embargo", place, item.embargo.isoformat())
    if item.used_in not in (None, edition.number) or item.dropped_at is not None:
        yield Fault("told", place, item.title)


def _in_words(title: str, text: str, place: int, limits: Limits) -> Iterator[Fault]:
    if not 0 < len(title.strip()) <= limits.title:
        yield Fault("title", place, title)
    if _NAMELESS_PICTURE.search(text):
        yield Fault("alt", place, title)
    written = (*links(f"{title}\n{text}"), *(one for one in destinations(text) if not one))
    for link in dict.fromkeys(written):
        if not leads_somewhere(_with_scheme(link)):
            yield Fault("link", place, link)
    if len(text) > limits.text:
        yield Fault("long item", place, str(len(text)))


def _with_scheme(link: str) -> str:
    """A link that was written without its scheme, as programs read it."""
    scheme, _, _ = link.partition(":")
    if "://" in link or scheme.lower() in ("mailto", "javascript", "data", "tel"):
        return link
    return f"mailto:{link}" if "@" in link.partition("/")[0] else f"https://{link}"


def _too_long(edition: Edition, limits: Limits) -> Iterator[Fault]:
    words = words_in(edition.intro) + sum(words_of(item) for item in edition.items)
    if words > limits.most_words:
        yield Fault("long", 0, str(words))
