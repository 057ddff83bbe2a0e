"""Before it goes out: exactly what people will read, whom it reaches, what it costs (voice.md, sample 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.broadcasts.audience import FOR_SOME, Audience, audience_of, is_for_no_chat, seal
from bot.broadcasts.confirming import asks_second
from bot.broadcasts.drafting import kept
from bot.broadcasts.standing import found_broadcast
from bot.broadcasts.text import has_table
from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.handlers.announcing.answers import as_read, described, left_out, numbered
from bot.handlers.announcing.cost import cost
from bot.messages import Button, Refusal, Reply, platform_name
from bot.people.reach import described_segments
from bot.rules.broadcasts.segments import for_everybody
from bot.rules.broadcasts.values import Broadcast
from storage.media import Media

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]


@command(
    "announcement preview", N_("Look at an announcement before it goes out"), may="announce", hidden=True
)
def announcement_preview(ctx: Context, number: NUMBER) -> Reply:
    """The draft as it is now."""
    return preview(ctx, found_draft(ctx, number))


@command("announcement more", N_("What else can be done before it goes out"), may="announce", hidden=True)
def announcement_more(ctx: Context, number: NUMBER) -> Reply:
    """The taps that are needed less often."""
    draft = found_draft(ctx, number)
    given = numbered(draft)
    away = Button(N_("No picture"), "announcement no picture", given)
    picture = away if draft.media else Button(N_("Add picture"), "announcement picture", given)
    fewer = Button(N_("Take a language out"), "announcement one language less", given)
    taps = (
        Button(N_("See it for real"), "announcement sample", given),
        Button(N_("Dry run"), "announcement dry run", given),
        Button(N_("Add a language"), "announcement language", given),
        *((fewer,) if len(draft.texts) > 1 else ()),
        picture,
        Button(N_("Back"), "announcement preview", given),
    )
    return Reply("announce_more", described(ctx, draft), taps, replace=True)


@command("announcement chats", N_("Send what is for some people to chats, too"), may="announce", hidden=True)
def announcement_chats(ctx: Context, number: NUMBER, too: Annotated[str, Text(hidden=True)] = "") -> Reply:
    """The chats for announcements get it though it is not for everybody, or (not `too`) none does."""
    draft = found_draft(ctx, number, lock=True)
    return preview(ctx, kept(ctx, replace(draft, places=None if too else ())))


def preview(
    ctx: Context, draft: Broadcast, *, changed: bool = False, whole: str = "", parts: int = 0
) -> Reply:
    """What people will read, and what can be done with it; `changed`: it is not what somebody saw and
    tapped on; `whole`: all that was typed, where its end was taken for whom it is for; `parts`: in how many
    messages the text came so far, where another one may follow."""
    audience = audience_of(ctx, draft)
    values = {**previewed(ctx, draft, audience), "changed": changed, "cut": bool(whole), "came_in": parts}
    return Reply("announce_preview", values, _taps(ctx, draft, audience, whole), replace=True)


def previewed(ctx: Context, draft: Broadcast, audience: Audience) -> dict[str, Any]:
    """What a preview says of an announcement that nobody has got yet."""
    return {
        **described(ctx, draft),
        **left_out(ctx, audience),
        **who_is_off(ctx, audience),
        **cost(ctx, audience),
        "texts": as_read(ctx, draft),
        "segments": described_segments(ctx, draft.segments),
        "chats": len(audience.reach.chats),
        "no_chats": is_for_no_chat(draft),
        "parts": parts_of(ctx, draft, audience),
        "table": any(has_table(text) for text in draft.texts.values()),
        "media": media_of(ctx.store.media.get(draft.media) if draft.media else None),
        "second": asks_second(ctx),
    }


def who_is_off(ctx: Context, audience: Audience) -> dict[str, Any]:
    """How many of the people are not at work; where most are not, from when on they are again."""
    zone = ZoneInfo(ctx.zone)
    back = audience.opening if audience.most_are_off else None
    return {
        "now": ctx.now.isoformat(),
        "off": audience.off,
        "people": len(audience.reach.people),
        "back": back.isoformat() if back else "",
        "back_today": back is not None and back.astimezone(zone).date() == ctx.now.astimezone(zone).date(),
    }


def send_then(ctx: Context, audience: Audience) -> str:
    """The label of the tap that sends it when most are at work again."""
    there = audience.opening.astimezone(ZoneInfo(ctx.zone))
    day = format_date(there.date(), "EEE", locale=ctx.language)
    return labelled(ctx, N_("Send {day} {hour}"), day=day, hour=f"{there:%H:%M}")


def labelled(ctx: Context, label: str, **values: Any) -> str:
    """A label with its values, as long as a label may be."""
    filled = ctx.translate(label)
    for name, value in values.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled[:20]


def parts_of(ctx: Context, draft: Broadcast, audience: Audience) -> list[dict[str, Any]]:
    """On which of its platforms it takes several messages, and how many."""
    platforms = {one.platform for one in audience.readers}
    most: dict[str, int] = {}
    for text in draft.texts.values():
        for platform, parts in ctx.measure(text).items():
            most[platform] = max(parts, most.get(platform, 1))
    return [
        {"platform": platform_name(platform), "count": count}
        for platform, count in sorted(most.items())
        if count > 1 and platform in platforms
    ]


def media_of(media: Media | None) -> dict[str, str]:
    """What goes along, in words; its state is "" for nothing."""
    if media is None:
        return {"state": "", "name": "", "alt": "", "says": ""}
    return {"state": media.state, "name": media.name, "alt": media.alt, "says": media.says}


def found_draft(ctx: Context, number: int, *, lock: bool = False) -> Broadcast:
    """The draft with this number. Raises Refusal for one that somebody sent or threw away meanwhile."""
    draft = found_broadcast(ctx, number, lock=lock)
    if draft.state != "draft":
        raise Refusal(
            "announcement_no_draft",
            buttons=(Button(N_("Show it"), "announcement", numbered(draft)),),
            **described(ctx, draft),
        )
    return draft


def _taps(ctx: Context, draft: Broadcast, audience: Audience, whole: str) -> tuple[Button, ...]:
    given = numbered(draft)
    sends = _sends(ctx, draft, audience)
    part = Button(N_("Part of the text"), "announcement whole", {**given, "text": whole})
    who = Button(N_("Who exactly"), "announcement who", given)
    return (
        *sends,
        *((part,) if whole else ()),
        Button(N_("Edit text"), "announcement text", given),
        Button(N_("Goes to"), "announcement audience", given),
        *_chats(draft, audience),
        *((who,) if not whole or len(sends) < 2 else ()),  # at most eight at once
        Button(N_("More"), "announcement more", given),
        Button(N_("Throw away"), "announcement away", given),
    )


def _sends(ctx: Context, draft: Broadcast, audience: Audience) -> tuple[Button, ...]:
    """The taps that send it, with the number on them; first the one for when most are back."""
    count = len(audience.readers)
    if not count:
        return ()
    given = {**numbered(draft), "mark": seal(draft, audience)}
    if not audience.most_are_off:
        return (Button(labelled(ctx, N_("Send to {count}"), count=count), "announcement send", given),)
    now = labelled(ctx, N_("Send now to {count}"), count=count)
    return (
        Button(send_then(ctx, audience), "announcement send", {**given, "at": audience.opening.isoformat()}),
        Button(now, "announcement send", given),
    )


def _chats(draft: Broadcast, audience: Audience) -> tuple[Button, ...]:
    """The tap that lets chats have what is not for everybody, or takes all of them off again."""
    if for_everybody(draft.segments):
        return ()
    if draft.places is None:
        return (Button(N_("No chats"), "announcement chats", numbered(draft)),)
    if not any(one.why == FOR_SOME for one in audience.reach.left_out):
        return ()
    return (Button(N_("Chats too"), "announcement chats", {**numbered(draft), "too": "yes"}),)
