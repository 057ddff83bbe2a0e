"""What an approval was given to: spelling may change after it, links and numbers may not.

spec/engagement.md section 3. The seal is over everything but plain words: which items, in which order, for
whose eyes, with which links, pictures, numbers and dates. Where in doubt it takes a word for a link: then
somebody looks once more, and no other link goes out unseen.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bot.rules.newsletter.months import MONTHS
from bot.rules.newsletter.values import Edition, Item

# What a chat or a mail program may make a link of: an address with its scheme, one that begins with www, a
# mail address, a name with dots. And what Markdown makes one of: whatever stands in round brackets.
_LINK = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://|mailto:|tel:|www\.)[^\s<>]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.@-])(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])(?:[/?#:][^\s<>]*)?",
    re.IGNORECASE,
)
_DESTINATION = re.compile(
    r"\]\(\s*(<[^>\n]*>|[^\s]*)"
    r"|^ {0,3}\[[^\]\n]{1,999}\]:\s*(<[^>\n]*>|\S+)",
    re.MULTILINE,
)
_AFTER_A_LINK: Final = "?!.,:;*_~'\"»”’"  # closes the sentence, not the address
# Digits, what holds them together, and what they are of.
_NUMBER = re.compile(
    r"\d+|(?<=\d)[.,:/](?=\d)|(?<![^\W_])[-−–+](?=\d)|(?<=\d)[-−–](?=\d)"
    r"|[%‰€$£¥°±≤≥]"
)
_DAY_OF_MONTH = re.compile(
    r"\d(?:st|nd|rd|th|er|º|ª|\.)?,?\s+(?:of\s+|de\s+|d['’]\s*)?"
    r"([^\W\d_]{3,12})(?![^\W\d_])"
)
_MONTH_FIRST = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,12})\.?\s+\d")


def seal(edition: Edition) -> str:
    """SHA-256 (hexadecimal) over an edition's items as they stand, their order, and every link, number and
    date in its texts. The same words spelled otherwise have the same seal."""
    sealed = [_in_text(f"{edition.title}\n{edition.intro}"), *(_item(item) for item in edition.items)]
    return hashlib.sha256(json.dumps(sealed, ensure_ascii=False).encode()).hexdigest()


def links(text: str) -> tuple[str, ...]:
    """Every link in a Markdown text, and whatever a program that shows it may take for one, in order; scheme
    and host in small letters."""
    found = [*_bare(text)]
    found += _written(text)
    return tuple(_comparable(link) for _, link in sorted(found) if link)


def destinations(text: str) -> tuple[str, ...]:
    """What Markdown's own links in a text lead to, in order; "" where somebody left it out."""
    return tuple(link for _, link in _written(text))


def numbers(text: str) -> tuple[str, ...]:
    """Every number in a text with the signs that make it another one, and the months beside days."""
    plain = unicodedata.normalize("NFKC", text)
    return (*(match.group() for match in _NUMBER.finditer(plain)), *_months(plain))


def _item(item: Item) -> list[object]:
    identity = (item.source, item.key or item.id)
    shown_to = (item.consent, sorted(item.topics), item.embargo.isoformat() if item.embargo else "")
    texts = (_comparable(item.link), _in_text(f"{item.title}\n{item.text}"))
    return [identity, item.kind, item.organisation, shown_to, item.media, texts]


def _in_text(text: str) -> list[tuple[str, ...]]:
    return [links(text), numbers(text)]


def _months(text: str) -> Iterator[str]:
    """The months named beside a number, by their own number: a slip in one counts as another date."""
    for pattern in (_DAY_OF_MONTH, _MONTH_FIRST):
        for match in pattern.finditer(text):
            if month := MONTHS.get(match[1].casefold()):
                yield f"month {month}"


def _written(text: str) -> list[tuple[int, str]]:
    """Where Markdown's own links lead to, each with its place."""
    return [(match.start(), _inside(match[1] or match[2] or "")) for match in _DESTINATION.finditer(text)]


def _bare(text: str) -> Iterator[tuple[int, str]]:
    """The links that stand in a text as they are, each with its place. Two may touch: (one)(other)."""
    place = 0
    while match := _LINK.search(text, place):
        link = _trimmed(match.group())
        yield match.start(), link
        place = match.start() + max(len(link), 1)


def _trimmed(link: str) -> str:
    """A link as it stands in a sentence, without the bracket or the full stop after it."""
    depth = 0
    for place, sign in enumerate(link):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            link = link[:place]
            break
    return link.partition("](")[0].rstrip(_AFTER_A_LINK)


def _inside(destination: str) -> str:
    """What stands between the brackets of a Markdown link."""
    if destination.startswith("<"):
        return destination.strip("<>")
    depth = 0
    for place, sign in enumerate(destination):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return destination[:place]
    return destination


def _comparable(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:  # brackets that are no address
        return link
    if not parts.netloc:
        return link
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
