"""What of all there is goes into an edition, in which order, and whether it is worth one.

spec/engagement.md section 3: nothing twice, not too much of one, not too long. Nothing worth sending means no
edition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.rules.indicators import normal
from bot.rules.newsletter.sealing import numbers
from bot.rules.newsletter.values import Item, NewsKind, Newsletter
from bot.rules.newsletter.windows import ZONE

Why = Literal["told", "dropped", "embargo", "over", "no member", "same", "of one", "no room"]
ORDER: Final[tuple[NewsKind, ...]] = ("decision", "event", "news", "practice", "call")
# Where a link in Markdown leads, with its title.
_DESTINATION = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s[^)\n]{0,300})?\)")
_ADDRESS = re.compile(r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://|mailto:)[^\s<>]+", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[-'’.,:/]\w+)*")
NEAR = 0.88  # so much alike are two titles that say the same


@dataclass(frozen=True, slots=True)
class Composed:
    """What an edition would hold, in its order, and what it leaves out, with why. `words` is how long it is.

    Why: "told" in an edition before, "dropped", under "embargo", "over" (an event that has begun), of "no
    member" any more, the "same" as another one, too many "of one" organisation, "no room". `worth`: whether
    it is an edition at all; else `why` says what there are too few of."""

    items: tuple[Item, ...]
    left_out: tuple[tuple[Item, Why], ...]
    words: int
    worth: bool
    why: Literal["", "items", "words"] = ""


def compose(
    candidates: Iterable[Item],
    newsletter: Newsletter,
    now: datetime,
    members: Collection[str] | None = None,
    zone: str = ZONE,
) -> Composed:
    """An edition out of what was found and sent, by the charter's limits. `now`: nothing in it is under
    embargo or over at this moment, read by the clocks of `zone`; `members`: the organisations (slugs) that
    may stand in it, None for any. The same candidates in another order are the same edition."""
    fit, left_out = _fit(sorted(candidates, key=_rank), now, members, zone)
    picked: list[Item] = []
    room, of_one = newsletter.most_words, Counter[str]()
    for item in fit:
        if item.organisation and of_one[item.organisation] >= newsletter.most_of_one:
            left_out.append((item, "of one"))
        elif words_of(item) > room:
            left_out.append((item, "no room"))
        else:
            picked.append(item)
            of_one[item.organisation] += 1
            room -= words_of(item)
    words = newsletter.most_words - room
    few: Literal["", "items", "words"] = "words" if words < newsletter.least_words else ""
    few = "items" if len(picked) < newsletter.least_items else few
    return Composed(tuple(picked), tuple(left_out), words, not few, few)


def words_of(item: Item) -> int:
    """How many words of an item people read: links and signs are none."""
    return words_in(f"{item.title}\n{item.text}")


def words_in(text: str) -> int:
    """How many words of a Markdown text people read."""
    shown = _ADDRESS.sub(" ", _DESTINATION.sub("] ", text))
    return len(_WORD.findall(shown))


def same(one: Item, other: Item) -> bool:
    """Whether two items tell the same: found in the same place, or titles near the same with the same numbers
    in them, about the same link; without two links, in the name of the same organisation."""
    if one.source == other.source and (one.key or one.id) and (one.key, one.id) == (other.key, other.id):
        return True
    if one.link and other.link and one.link != other.link:
        return False
    about_one = one.link == other.link != "" or one.organisation == other.organisation
    (ours, our_numbers), (theirs, their_numbers) = _in_title(one.title), _in_title(other.title)
    return about_one and our_numbers == their_numbers and _alike(ours, theirs)


@lru_cache(maxsize=2048)
def _in_title(title: str) -> tuple[str, tuple[str, ...]]:
    return normal(title), numbers(title)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if 2 * min(len(one), len(other)) < NEAR * (len(one) + len(other)):
        return False
    first, second = sorted((one, other))  # the order makes a difference to the ratio
    titles = SequenceMatcher(None, first, second, autojunk=False)
    return titles.quick_ratio() >= NEAR and titles.ratio() >= NEAR


def _fit(
    ordered: Sequence[Item], now: datetime, members: Collection[str] | None, zone: str
) -> tuple[list[Item], list[tuple[Item, Why]]]:
    """What may stand in an edition at all, each thing once, in the order given; the rest with why not. Of two
    that say the same it is what a member wrote, then what says more."""
    left_out = [(item, why) for item in ordered if (why := _unfit(item, now, members, zone))]
    fit = [item for item in ordered if _unfit(item, now, members, zone) is None]
    best = sorted(range(len(fit)), key=lambda place: (fit[place].source != "member", -words_of(fit[place])))
    kept: list[int] = []
    for place in best:
        if not any(same(fit[place], fit[before]) for before in kept):
            kept.append(place)
    doubles = set(best) - set(kept)
    left_out += [(fit[place], "same") for place in sorted(doubles)]
    return [item for place, item in enumerate(fit) if place not in doubles], left_out


def _unfit(item: Item, now: datetime, members: Collection[str] | None, zone: str) -> Why | None:
    if item.used_in is not None:
        return "told"
    if item.dropped_at is not None:
        return "dropped"
    if item.embargo is not None and now.astimezone(ZoneInfo(zone)).date() < item.embargo:
        return "embargo"
    if item.source == "event" and item.at <= now:
        return "over"
    gone = members is not None and item.organisation != "" and item.organisation not in members
    return "no member" if gone else None


def _rank(item: Item) -> tuple[object, ...]:
    """Decisions first, then events, news, practices and calls; what is coming soonest first, all else newest
    first. The rest makes the order the same whoever asks."""
    coming = item.source == "event"
    at = item.at.timestamp()
    identity = (item.title, item.organisation, item.source, item.key, item.id, item.text)
    return (ORDER.index(item.kind), not coming, at if coming else -at, *identity)
