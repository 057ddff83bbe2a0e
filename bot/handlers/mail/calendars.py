"""The mail that puts an event into somebody's calendar, moves it there, and takes it out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from bot.commands import N_, Number, OneChoice, OneOf, command
from bot.context import Context
from bot.events.mailed import CALENDAR_MAIL, calendar_part
from bot.events.standing import may_see
from bot.handlers.events.answers import ANSWERS, answer_taps, cannot, described, own_answer, see
from bot.messages import SILENCE, Reply
from bot.notices import EVENT_CHANGE, Values, notice
from bot.rules.events.moments import phase
from storage.emails import MAIL

WISHES: Final = tuple(OneChoice(wish, label) for wish, label in ANSWERS)
WORDS: Final[dict[str, str]] = {**dict(ANSWERS)}
AS_KEPT: Final = {"going": ("going", "attended", "waitlisted", "offered"), "maybe": ("maybe",),
                  "no": ("declined", "withdrawn")}  # fmt: skip


@command("calendar asks", N_("A calendar answered an event"), may="anybody", hidden=True)
def calendar_asks(
    ctx: Context,
    event: Annotated[int, Number(hidden=True)],
    wish: Annotated[str, OneOf(WISHES, hidden=True)],
) -> Reply:
    """A mail in their name brings an answer to an event, and nothing shows that they sent it: they are asked,
    and nothing changes before they press. Nothing is said of an event that is none of theirs or over, or
    where it is so already."""
    found = ctx.store.events.get(event)
    if found is None or ctx.identity.person is None or not may_see(ctx, found):
        return SILENCE
    own = own_answer(ctx, found)
    if phase(found, ctx.now) not in ("coming", "on") or (own is not None and own.state in AS_KEPT[wish]):
        return SILENCE
    values = {**described(ctx, found), "says": ctx.translate(WORDS[wish])}
    return Reply("mail_calendar_asks", values, (*answer_taps(found), see(found)))


def is_for_calendar(ctx: Context, values: Values) -> bool:
    """Whether it is still so, and this is a mail: in a chat no calendar would find it."""
    event = ctx.store.events.get(values["event"])
    if event is None or ctx.place.platform != MAIL or event.sequence != values["sequence"]:
        return False
    own = own_answer(ctx, event)
    goes = own is not None and own.state == "going" and event.state == "planned"
    if values["what"] == "off":
        return not goes
    return goes and phase(event, ctx.now) in ("coming", "on")


@notice(
    CALENDAR_MAIL,
    N_("Calendar invitations by mail"),
    N_("You get this because your calendar is to know what you go to."),
    still_due=is_for_calendar,
    useful=timedelta(days=3),
    priority=EVENT_CHANGE,
    theme="events",
    counts=False,
    any_hour=True,  # a calendar reads it
)
def calendar_mail(ctx: Context, values: Values) -> Reply:
    """An event as calendars take it (RFC 5546)."""
    event = ctx.store.events.get(values["event"])
    assert event is not None, "asked in `is_for_calendar`"
    off = values["what"] == "off"
    file = calendar_part(ctx, event, own_answer(ctx, event), off=off)
    taps = (see(event),) if off else (cannot(event), see(event))
    said = {**described(ctx, event), "what": values["what"]}
    return Reply("mail_calendar", said, taps, file=file)
