"""Approving an edition: what was approved is what goes out (engagement.md 3.4).

The approval holds the edition's seal. Spelling may change after it; links, numbers, items, consent may not:
then it is shown again, and an approval that was given is asked for again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import Context
from bot.messages import Refusal
from bot.newsletter.drafting import not_too_soon, show
from bot.newsletter.standing import NEWSLETTER, found_edition, is_open
from bot.newsletter.telling import SETTLES, open_tap, tell_shown
from bot.rules.newsletter.sealing import seal
from bot.rules.newsletter.values import Edition
from bot.rules.newsletter.windows import next_window

LAST_CHANGE = timedelta(hours=2)  # before it goes out: who reads it again needs so long


def open_edition(ctx: Context, number: int) -> Edition:
    """The edition, held for a change. Raises Refusal for one that is out, stopped or skipped."""
    edition = found_edition(ctx, number, lock=True)
    if not is_open(edition):
        raise Refusal("edition_closed", buttons=(NEWSLETTER,), title=edition.title, state=edition.state)
    return edition


def approve(ctx: Context, edition: Edition, sealed: str) -> Edition:
    """Somebody answers for the edition, as it was when they saw it. Raises Refusal where it has changed
    since, or where a second person is asked for and they changed something in it themselves."""
    by = ctx.person.id
    if sealed != edition.seal or sealed != seal(edition):
        raise Refusal("edition_changed", buttons=(open_tap(edition),), title=edition.title)
    if edition.approval == "second" and changed_it(edition, by):
        raise Refusal("edition_second", buttons=(open_tap(edition),), title=edition.title)
    sends_at = edition.send_at
    if sends_at <= ctx.now or edition.state == "held":
        sends_at = next_window(max(sends_at, ctx.now), ctx.charter.alliance.zone)
    approved = replace(
        edition, state="approved", approved_by=by, approved_at=ctx.now, send_at=sends_at, why="",
        changed_by=(), version=edition.version + 1,
    )  # fmt: skip
    return ctx.store.editions.write(approved)


def rewritten(ctx: Context, before: Edition, after: Edition) -> tuple[Edition, bool]:
    """The edition with other words or items, and whether it had to be shown again: it is when a link, a
    number, an item or a consent changed. Spelling leaves what was approved approved."""
    after = replace(
        after, created_by=_editor(ctx, before), changed_by=_editors(ctx, before), version=before.version + 1
    )
    if seal(after) == before.seal:
        return ctx.store.editions.write(after), False
    fresh = replace(after, state="draft", approved_by=None, approved_at=None, why="")
    fresh = replace(fresh, seal=seal(fresh))
    return ctx.store.editions.write(fresh), True


def shown_again(ctx: Context, edition: Edition) -> Edition:
    """The team is shown what changed; where there is little time left, it goes out a day later."""
    if edition.send_at - ctx.now < LAST_CHANGE:
        edition = replace(edition, send_at=not_too_soon(ctx, edition.send_at))
    return show(ctx, edition, SETTLES)


def reschedule(ctx: Context, edition: Edition, at: datetime) -> Edition:
    """It goes out at that moment instead. One that was held waits for that again."""
    state = "draft" if edition.state == "held" else edition.state
    moved = replace(edition, send_at=at, state=state, why="", version=edition.version + 1)
    moved = ctx.store.editions.write(moved)
    tell_shown(ctx, moved)
    return moved


def last_editor(edition: Edition) -> int | None:
    """Who changed an edition last, by person; None for nobody, it is as it was made by the clock."""
    return edition.created_by


def changed_it(edition: Edition, person: int) -> bool:
    """Whether somebody changed anything in an edition since it was made or approved."""
    return person in edition.changed_by


def _editors(ctx: Context, edition: Edition) -> tuple[int, ...]:
    own = ctx.identity.person
    return edition.changed_by if own is None else tuple(dict.fromkeys((*edition.changed_by, own.id)))


def _editor(ctx: Context, edition: Edition) -> int | None:
    return ctx.identity.person.id if ctx.identity.person else edition.created_by
