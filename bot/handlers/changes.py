"""What every change of an activity does: store it, ask and tell whom it concerns, read it back (5.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.activity_answers import described, next_taps, tail
from bot.handlers.cohosts import CHANGED, ask_cohosts, asked
from bot.handlers.counting import lines_for, others_of, own
from bot.messages import Button, Reply, Topic
from bot.rules.activities import state_after_edit
from bot.rules.indicators import Record, hosts
from storage.activities import Activity

NUMBER = Annotated[int, Number(hidden=True)]


def changed(ctx: Context, before: Activity, record: Record, reason: str) -> Reply:
    """Store a changed activity and read it back. What was confirmed and is another thing now is asked
    about again (5.7)."""
    record = replace(record, state=state_after_edit(before.record, record))
    again: tuple[str, ...] = ()
    if before.record.state == "confirmed" and record.state == "logged":
        again = tuple(
            i.organisation for i in record.involved if i.answer == "confirmed" and i.part == "cohost"
        )
        involved = (replace(i, answer="open") if i.organisation in again else i for i in record.involved)
        record = replace(record, involved=tuple(involved))
    return _stored(ctx, before, record, reason, "changed", again)


@command("undo change", N_("Put an activity back as it was"), may="log_activities", hidden=True)
def undo_change(ctx: Context, activity: NUMBER, version: NUMBER) -> Reply:
    """Take back the change that made this version, while nothing has happened to the activity since."""
    now = own(ctx, activity)
    earlier = {one.version: one.record for one in ctx.store.activities.versions(activity)}
    if now.version != version or version - 1 not in earlier:
        return Reply("change_over", described(ctx, now.record), tail(activity), replace=True)
    return _stored(ctx, now, earlier[version - 1], "change undone", "change_undone")


def _stored(
    ctx: Context, before: Activity, record: Record, reason: str, template: str, again: tuple[str, ...] = ()
) -> Reply:
    """Write the record, ask who is new to it, tell who is off it and its author, and read it back."""
    others = others_of(ctx, record)
    number = record.id
    activity = ctx.store.activities.change(number, record, ctx.person.id, ctx.now, reason)
    record = activity.record
    new = tuple(slug for slug in hosts(record) if slug not in hosts(before.record))
    gone = frozenset(hosts(before.record)) - frozenset(hosts(record))
    ask_cohosts(ctx, record, (*new, *again), activity.version)
    _tell_author_and_who_is_off(ctx, activity, gone)
    lines = lines_for(ctx, record, others, before=(before.record,))
    values = {**described(ctx, record), "lines": lines, "asked": asked(ctx, record)}
    show = Button(N_("Show it"), "activity", {"number": str(number)})
    taken_back = {"activity": str(number), "version": str(activity.version)}
    way_out = Button(N_("Undo this"), "undo change", taken_back) if template == "changed" else show
    return Reply(template, values, next_taps(ctx, activity, lines, way_out), Topic("activity", str(number)))


def _tell_author_and_who_is_off(ctx: Context, activity: Activity, gone: frozenset[str]) -> None:
    number, values = activity.record.id, described(ctx, activity.record)
    show = (Button(N_("Show it"), "activity", {"number": str(number)}),)
    for organisation in sorted(gone):
        people = ctx.people_of(organisation, "confirm_activities")
        key = f"off:{number}:{organisation}:{activity.version}"
        off = {**values, "organisation": ctx.short_name(organisation)}
        ctx.tell(people, "cohost_taken_off", key, off, show, kind=CHANGED)
    if activity.author != ctx.person.id:
        key = f"changed:{number}:{activity.version}"
        told = {**values, "name": ctx.person.name}
        ctx.tell((activity.author,), "changed_by_colleague", key, told, show, kind=CHANGED)
