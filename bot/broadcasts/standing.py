"""How an announcement stands: which one is meant, how far it is, in whose words it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.batches import tally
from bot.commands import N_
from bot.context import Context
from bot.messages import Button, Refusal, Topic
from bot.rules.broadcasts.phases import phase
from bot.rules.broadcasts.values import Broadcast, Phase, Tally

KIND: Final = "announcement"  # the notice that everybody reads
CORRECTION: Final = "announcement correction"
SAMPLE: Final = "announcement sample"
SECOND: Final = "announcement second"  # to whoever may agree to it
PURPOSE: Final = "announcements"  # of the places in which it stands
EVERY: Final = Button(N_("Announcements"), "announcements")


def found_broadcast(ctx: Context, number: int, *, lock: bool = False) -> Broadcast:
    """The announcement with this number, held if it is to be changed. Raises Refusal where there is none."""
    broadcast = ctx.store.broadcasts.get(number, lock=lock)
    if broadcast is None:
        raise Refusal("announcement_missing", buttons=(EVERY,), number=number)
    return broadcast


def batch_of(broadcast: Broadcast) -> str:
    """The name of all its messages. What was taken off its way again goes under another one."""
    name = f"broadcast:{broadcast.number}"
    return name if broadcast.tries == 1 else f"{name}:try:{broadcast.tries}"


def card_of(number: int) -> Topic:
    """What the card that shows its progress is about."""
    return Topic("broadcast", str(number))


def how_far(ctx: Context, broadcast: Broadcast) -> tuple[Phase, Tally]:
    """How far it is, and how its messages stand (spec/engagement.md section 4)."""
    counts = tally(ctx, batch_of(broadcast))
    return phase(broadcast, counts, ctx.now), counts


def is_thrown_away(broadcast: Broadcast) -> bool:
    """Whether it was dropped before anybody confirmed it."""
    return broadcast.state == "stopped" and broadcast.confirmed_at is None


def tongues(ctx: Context) -> tuple[str, ...]:
    """The languages (IETF tags) of whoever reads, the best one first: their own, or their place's, then what
    their platform says."""
    person = ctx.identity.person
    known = ctx.store.places.find(ctx.place) if person is None and ctx.place.kind == "group" else None
    said = (
        person.language if person else "",
        known.language if known else "",
        ctx.incoming.account.language,
    )
    return tuple(one for one in said if one)


def text_for(texts: Mapping[str, str], languages: tuple[str, ...]) -> str:
    """The text that somebody reads: in the first of their languages that there is one in, else the first
    text. "pt-BR" reads "pt", and the other way round."""
    by_language = {_short(tag): text for tag, text in reversed(tuple(texts.items()))}
    for language in languages:
        if language in texts:
            return texts[language]
        if _short(language) in by_language:
            return by_language[_short(language)]
    return next(iter(texts.values()), "")


def _short(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()
