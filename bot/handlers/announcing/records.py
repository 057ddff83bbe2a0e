"""What is kept of an announcement: what became of each message, and every text that it had (section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from bot import batches
from bot.broadcasts.standing import batch_of, found_broadcast
from bot.broadcasts.tables import table
from bot.broadcasts.text import closed
from bot.commands import N_, command
from bot.context import Context
from bot.handlers.announcing.answers import (
    described,
    language_name,
    name_of,
    numbered,
    open_tap,
    organisations_by_person,
    place_name,
)
from bot.handlers.announcing.preview import NUMBER
from bot.handlers.announcing.progress import why
from bot.messages import Button, Reply
from bot.rules.broadcasts.values import Broadcast

MOST_TEXTS = 4  # versions shown at once
STATES = {
    "queued": N_("waits"),
    "attempting": N_("on its way"),
    "sent": N_("sent"),
    "failed": N_("not reached"),
    "skipped": N_("left out"),
    "unknown": N_("can't tell"),
    "folded": N_("in a digest"),
}


@command("announcement list", N_("Who got an announcement, as a file"), may="announce", hidden=True)
def announcement_list(ctx: Context, number: NUMBER) -> Reply:
    """Each reader with what became of their message, as a table program opens it."""
    ctx.in_private()
    broadcast = found_broadcast(ctx, number)
    labels = (N_("Reader"), N_("Organisation"), N_("Platform"), N_("State"), N_("Why"), N_("When (UTC)"))
    header = [ctx.translate(label) for label in labels]
    file = table(f"announcement-{number}.csv", header, _rows(ctx, broadcast))
    return Reply("announce_list", described(ctx, broadcast), (open_tap(broadcast),), file=file)


@command("announcement texts", N_("What an announcement said, and said before"), may="announce", hidden=True)
def announcement_texts(ctx: Context, number: NUMBER) -> Reply:
    """Its text as it is, and earlier ones, the newest first: also of one that was taken back."""
    ctx.in_private()
    broadcast = found_broadcast(ctx, number)
    versions = tuple(reversed(ctx.store.broadcasts.versions(number)))[:MOST_TEXTS]
    several = len(broadcast.texts) > 1
    texts = [
        {
            "by": name_of(ctx, one.by),
            "at": one.at.isoformat(),
            "texts": [
                {"language": language_name(tag, ctx.language) if several else "", "text": closed(text)}
                for tag, text in one.texts.items()
            ],
        }
        for one in versions
    ]
    back = Button(N_("Back"), "announcement", numbered(broadcast))
    return Reply("announce_texts", {**described(ctx, broadcast), "versions": texts}, (back,), replace=True)


def _rows(ctx: Context, broadcast: Broadcast) -> Iterator[tuple[str, ...]]:
    names = organisations_by_person(ctx)
    for one in batches.outcomes(ctx, batch_of(broadcast)):
        yield (
            place_name(ctx, one.place) if one.place is not None else one.name,
            names.get(one.person, "") if one.person is not None else "",
            one.platform,
            ctx.translate(STATES[one.state]),
            why(ctx, one.says) if one.says else "",
            f"{one.at:%Y-%m-%d %H:%M}" if one.at else "",
        )
