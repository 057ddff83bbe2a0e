"""A picture or file that goes with an announcement: sent by its author, kept by us, described once."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from bot.broadcasts.drafting import kept as kept_draft
from bot.commands import N_, Text, command, one_line
from bot.context import Context
from bot.handlers.announcing.answers import described, numbered
from bot.handlers.announcing.preview import NUMBER, found_draft, media_of, preview
from bot.messages import Ask, Button, Choice, Refusal, Reply, Said
from bot.rules.broadcasts.values import Broadcast
from storage.media import Media

LONGEST_ALT = 300  # characters
LARGEST = 10 * 1024 * 1024  # bytes that are fetched from a platform
LONGEST_NAME = 200  # characters of a file name
PICTURE: Final = "announcement picture"  # the question that a photo or file answers
BACK = Annotated[str, Text(hidden=True)]


@command(PICTURE, N_("Add a picture or file to an announcement"), may="announce", hidden=True)
def announcement_picture(ctx: Context, number: NUMBER, back: BACK = "") -> Reply:
    """The next photo or file that its author sends goes with it. Raises Ask for that."""
    draft = found_draft(ctx, number)
    if isinstance(ctx.incoming, Said) and ctx.incoming.files:
        return picture_sent(ctx, number, ctx.incoming)
    if back:
        return preview(ctx, draft)
    taps = (Choice(N_("Back"), {"back": "yes"}),)
    raise Ask("", "announce_picture_ask", taps, free=False, **described(ctx, draft))


@command(
    "announcement no picture", N_("Send an announcement without its picture"), may="announce", hidden=True
)
def announcement_no_picture(ctx: Context, number: NUMBER) -> Reply:
    """Nothing goes along any more."""
    draft = found_draft(ctx, number, lock=True)
    return preview(ctx, kept_draft(ctx, replace(draft, media=0)))


@command("announcement alt", N_("Say what an announcement's picture shows"), may="announce", hidden=True)
def announcement_alt(
    ctx: Context,
    number: NUMBER,
    alt: Annotated[str, Text(ask=N_("What does it show?"), label=N_("What it shows"), most=LONGEST_ALT)] = "",
    back: BACK = "",
) -> Reply:
    """Words for who does not see the picture. Raises Ask for them."""
    draft = found_draft(ctx, number, lock=True)
    if alt and draft.media:
        ctx.store.media.describe(draft.media, alt)
        draft = kept_draft(ctx, draft)
    if alt or back or not draft.media:
        return preview(ctx, draft)
    raise Ask("alt", "announce_alt_ask", **described(ctx, draft))


def picture_sent(ctx: Context, number: int, said: Said) -> Reply:
    """A photo or file came where one was asked for: it is fetched from its platform meanwhile. The words that
    came with a picture say what it shows; without them it is asked. Raises Refusal for a big one."""
    draft, file = found_draft(ctx, number, lock=True), said.files[0]
    if file.size > LARGEST:
        raise Refusal("announcement_picture_big", buttons=_ways(draft))
    kept = ctx.store.media.want(
        ctx.place.platform, file.id, file.name[:LONGEST_NAME], file.mime, file.size, ctx.person.id, ctx.now
    )
    draft = kept_draft(ctx, replace(draft, media=kept))
    if alt := one_line(said.text)[:LONGEST_ALT]:
        ctx.store.media.describe(kept, alt)
    if alt or not file.mime.startswith("image/"):
        return preview(ctx, draft)
    tell = Button(N_("Say what it shows"), "announcement alt", numbered(draft))
    return Reply(
        "announce_picture_kept",
        described(ctx, draft),
        (tell, Button(N_("Later"), "announcement preview", numbered(draft))),
    )


def ready_to_go(ctx: Context, broadcast: Broadcast) -> None:
    """What goes along is here, and a picture says what it shows. Raises Refusal where it is not so yet."""
    media = ctx.store.media.get(broadcast.media) if broadcast.media else None
    if media is None:
        return
    if media.state != "kept":
        raise Refusal("announcement_picture_not_here", buttons=_ways(broadcast), **media_of(media))
    if is_picture(media) and not media.alt:
        tell = Button(N_("Say what it shows"), "announcement alt", numbered(broadcast))
        raise Refusal("announcement_picture_unsaid", buttons=(tell, _ways(broadcast)[0]))


def is_picture(media: Media) -> bool:
    """Whether it is shown, and not offered to be opened."""
    return media.mime.startswith("image/")


def _ways(broadcast: Broadcast) -> tuple[Button, ...]:
    """Back to the preview, with what is tapped there; or another picture; or none."""
    given = numbered(broadcast)
    again = "announcement preview" if broadcast.state == "draft" else "announcement"
    return (
        Button(N_("Try again"), again, given),
        Button(N_("Another picture"), PICTURE, given),
        Button(N_("No picture"), "announcement no picture", given),
    )
