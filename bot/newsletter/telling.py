"""Who is told what of the newsletter. What it says is rendered when sent (`bot/handlers/newsletter/`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bot.commands import N_
from bot.context import Context
from bot.messages import Button
from bot.newsletter.standing import editors, topic_of
from bot.notices import Values, told
from bot.people.waking import waking_of
from bot.rules.attention import next_waking
from bot.rules.newsletter.values import Edition, Item

EDITION: Final = "edition"  # to its readers
SHOWN: Final = "edition shown"  # to the coordination team, before it goes out
HELD: Final = "edition held"  # to the coordination team, while nobody said what to do
CORRECTED: Final = "edition correction"
SETTLES: Final = timedelta(minutes=10)  # several changes in a row are shown once
ASKED_AGAIN: Final = timedelta(hours=24)  # a draft that waits for a second person (section 2)


def is_editor(ctx: Context, _values: Values) -> bool:
    """Whether the reader looks after the newsletter."""
    return ctx.may("edit_newsletter")


NEWS: Final = told(
    "newsletter news",
    N_("News of the newsletter"),
    N_("You get this because you look after the newsletter."),
    still_due=is_editor,
    theme="newsletter",
    duty=True,
)


def tell_shown(ctx: Context, edition: Edition, after: timedelta = timedelta()) -> None:
    """The coordination team is shown an edition before it goes out, after a
    while in which nobody changed it any more; where it waits for a second person, once more a day later."""
    for person in editors(ctx):
        if person == _own(ctx):
            continue
        _notify(ctx, edition, person, "first", ctx.now + after)
        if edition.approval == "second":
            read = next_waking(ctx.now + after, waking_of(ctx, person))
            _notify(ctx, edition, person, "again", read + ASKED_AGAIN)


def tell_held(ctx: Context, edition: Edition, until: datetime | None = None) -> None:
    """The coordination team is told that an edition is held, and why; once more a day later, and the day
    before it makes room for the next one (`until`, UTC)."""
    values = {"title": edition.title, "why": edition.why, "gone": edition.sent_at is not None}
    values |= {"at": edition.send_at.isoformat(), "until": until.isoformat() if until else ""}
    taps = (open_tap(edition), stop_edition(edition))
    key = f"{HELD}:{edition.number}:{edition.version}"
    ctx.tell(editors(ctx), "edition_held", key, values, taps, topic_of(edition), NEWS)
    again = {"edition": edition.number, "sends": edition.send_at.isoformat(), "until": values["until"]}
    for person in editors(ctx):
        first = next_waking(ctx.now, waking_of(ctx, person)) + ASKED_AGAIN
        ctx.notify(person, HELD, f"{key}:again", again, first, until)
        if until and first + ASKED_AGAIN < until - ASKED_AGAIN:
            ctx.notify(person, HELD, f"{key}:last", again, until - ASKED_AGAIN, until)


def tell_closed(ctx: Context, edition: Edition) -> None:
    """The coordination team is told that an edition that was held made room for the next one."""
    values = {"title": edition.title}
    _tell(ctx, "edition_closed", f"edition closed:{edition.number}", values, open_tap(edition))


def tell_left_out(ctx: Context, edition: Edition, lost: Iterable[tuple[Item, str]]) -> None:
    """The coordination team is told what does not stand in an edition any more, and why."""
    values = {"title": edition.title, "lost": [{"title": item.title, "why": why} for item, why in lost]}
    key = f"edition left out:{edition.number}:{edition.version}"
    ctx.tell(editors(ctx), "edition_left_out", key, values, (open_tap(edition),), topic_of(edition), NEWS)


def tell_late(ctx: Context, edition: Edition, coming: datetime) -> None:
    """The coordination team is told that an edition was missed: nobody was there to make it."""
    values = {"at": edition.send_at.isoformat(), "next": coming.isoformat()}
    _tell(ctx, "edition_missed", f"edition missed:{edition.number}", values, _anyway(edition))


def tell_skipped(ctx: Context, edition: Edition, items: int, words: int, coming: datetime) -> None:
    """The coordination team is told once that there is nothing worth an edition."""
    values = {"items": items, "words": words, "at": edition.send_at.isoformat()}
    values |= {"next": coming.isoformat()}
    _tell(ctx, "edition_skipped", f"edition skipped:{edition.number}", values, _anyway(edition))


def open_tap(edition: Edition) -> Button:
    """The tap that opens the editor's page of an edition."""
    return Button(N_("Open it"), "edition draft", {"number": str(edition.number)})


def stop_edition(edition: Edition) -> Button:
    """The tap that keeps an edition from going out, or from going on."""
    return Button(N_("Stop it"), "stop edition", {"number": str(edition.number)})


def approve_edition(edition: Edition) -> Button:
    """The tap by which somebody answers for exactly what they were shown."""
    return Button(N_("Approve"), "approve edition", {"number": str(edition.number), "sealed": edition.seal})


def _anyway(edition: Edition) -> Button:
    return Button(N_("Make one anyway"), "make edition", {"number": str(edition.number)})


def _tell(ctx: Context, template: str, key: str, values: Mapping[str, Any], tap: Button) -> None:
    ctx.tell(editors(ctx), template, key, values, (tap,), kind=NEWS)


def _notify(ctx: Context, edition: Edition, person: int, turn: str, at: datetime) -> None:
    values = {"edition": edition.number, "seal": edition.seal}
    key = f"{SHOWN}:{edition.number}:{edition.version}:{turn}"
    ctx.notify(person, SHOWN, key, values, at)


def _own(ctx: Context) -> int | None:
    return ctx.identity.person.id if ctx.identity.person else None
