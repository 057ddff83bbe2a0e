"""Before notice is given: what people will see, when, and whom it reaches (spec/decisions.md 3, 5.18, 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.assembly.calendar import alliance_zone, calendar_of
from bot.assembly.standing import Standing, roll_now
from bot.charter import month_and_day
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import described, see
from bot.handlers.motions.cards import PURPOSE
from bot.handlers.proposing.proposing import give_notice, told, words_are_free
from bot.messages import Ask, Button, Choice, Reply
from bot.people.public_holidays import named
from bot.rules.decisions.dates import Dates, schedule
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import may_edit, may_withdraw, phase

FEW = 3  # ballots, from which a result shows who chose what (5.18)
MOST_HOLIDAYS = 6  # that are named
PLACES = Button(N_("Places"), "places")


def confirmed(
    ctx: Context,
    motion: Motion,
    sure: str,
    parts: tuple[Choice, ...],
    form: Mapping[str, str] | None = None,
    **more: Any,
) -> None:
    """Nothing goes out before somebody has seen what it will be: returns if they said yes to this very
    motion. Raises the Ask that shows it, or the one about which of its `parts` they want to change; `form`
    is what a form is filled with beyond what was given."""
    mark = seal(motion)
    if sure == "change":
        raise Ask("", "propose_change", parts, free=False, prefill={**(form or {}), "sure": ""})
    if sure != mark:
        send = N_("Tell everybody") if motion.number else N_("Send the notice")
        choices = (Choice(send, {"sure": mark}), Choice(N_("Change it"), {"sure": "change"}))
        values = {**previewed(ctx, motion), **more, "changed": bool(sure)}
        raise Ask("sure", "propose_preview", choices, free=False, **values)


def again(label: str, *options: str, **set_so: str) -> Choice:
    """A tap that takes these options of a proposal away, so that they are asked once more."""
    return Choice(label, {**dict.fromkeys(options, ""), **set_so, "sure": ""})


def needed(
    what: str, given: Mapping[str, Any], questions: Mapping[str, str], leave_it: str = N_("Leave empty")
) -> None:
    """Ask for a part that may be left out, if it is the one that somebody wants to give and has not given.
    Raises that Ask."""
    if what in questions and not given[what]:
        leave = (Choice(leave_it, {"what": "none"}),)
        raise Ask(what, "question", leave, question=questions[what], hint="")


def noticed(ctx: Context, motion: Motion) -> Reply:
    """Give notice of a motion, and say where it went."""
    motion = give_notice(ctx, motion)
    now = Standing(motion, phase(motion, ctx.now), roll_now(ctx, motion), ())
    values = {**described(ctx, now), **reached(ctx, motion)}
    number = {"number": str(motion.number)}
    editable = may_edit(motion, ctx.now) and words_are_free(motion)
    edit = (Button(N_("Edit"), "edit motion", number),) if editable else ()
    withdraw = (Button(N_("Withdraw"), "withdraw motion", number),) if may_withdraw(motion, ctx.now) else ()
    places = () if values["places"] or not ctx.may("manage_places") else (PLACES,)
    alone = values["nobody"] and ctx.may("invite_all")
    invite = (Button(N_("Invite somebody"), "invite"),) if alone else ()
    taps = (see(motion.number, N_("See it")), *places, *invite, *edit, *withdraw)
    return Reply("motion_proposed", values, taps, replace=True)


def previewed(ctx: Context, motion: Motion) -> dict[str, Any]:
    """A motion of which no notice is given yet, as people will see it, with its days and whom it reaches."""
    now = Standing(motion, phase(motion, ctx.now), roll_now(ctx, motion), ())
    rule = motion.rule
    dates = schedule(ctx.now, rule.discussion_days, rule.voting_days, calendar_of(ctx))
    secrecy, members = rule.secrecy, len(now.entitled)
    few = secrecy == "secret" and (members <= FEW or (rule.secret_from or 0) > members)
    values = described(ctx, now)
    return {
        **values,
        **reached(ctx, motion),
        **_days_off(ctx, dates),
        "told_on": dates.told_on.isoformat(),
        "at_once": motion.opens_at <= ctx.now,
        "secrecy": secrecy,
        "few": few,
    }


def reached(ctx: Context, motion: Motion) -> dict[str, Any]:
    """Whom a notice reaches: how many organisations and places, and who has a vote and nobody here yet."""
    here = {one.organisation for one in told(ctx, motion) if ctx.people_of(one.organisation, "vote")}
    alone = [voter.name for voter in roll_now(ctx, motion) if voter.organisation not in here]
    places = len(ctx.store.places.serving(PURPOSE))
    return {"organisations": len(here), "nobody": alone, "places": places}


def seal(motion: Motion) -> str:
    """A short mark of what was previewed: a yes to it is none to another text, or other dates."""
    opens = motion.opens_at if motion.rule.discussion_days else ""  # else it opens with the notice
    said = (
        motion.title, motion.text, motion.before, motion.after, motion.base, motion.subject, motion.role,
        motion.seats, motion.candidates, dict(motion.effect), motion.organisation, motion.link,
        motion.review_on, motion.rule, opens, motion.closes_at,
    )  # fmt: skip
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _days_off(ctx: Context, dates: Dates) -> dict[str, Any]:
    """The days until the close that nobody counts: members' holidays, and quiet periods."""
    last = dates.closes_at.astimezone(alliance_zone(ctx)).date()
    countries = frozenset(one.country for one in ctx.members if one.standing == "voting" and one.country)
    quiet: dict[str, None] = {}
    holidays: list[dict[str, Any]] = []
    for day in _weekdays(dates.told_on, last):
        if why := _quiet(ctx, day):
            quiet[why] = None
        elif found := named(countries, day):
            holidays.append({"day": day.isoformat(), "countries": [country for country, _ in found]})
    return {"holidays": holidays[:MOST_HOLIDAYS], "quiet": list(quiet)}


def _weekdays(first: date, last: date) -> Iterator[date]:
    for passed in range(1, (last - first).days):
        day = first + timedelta(days=passed)
        if day.weekday() < 5:
            yield day


def _quiet(ctx: Context, day: date) -> str:
    today = (day.month, day.day)
    for one in ctx.charter.calendar.quiet_periods:
        first, last = month_and_day(one.first), month_and_day(one.last)
        if first <= today <= last if first <= last else today >= first or today <= last:
            return one.why
    return ""
