"""Ballots: one organisation's answer, the latest stands, the book keeps all (spec/decisions.md 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.assembly.settling import changed, settle, settle_early, write_line
from bot.assembly.standing import Standing, standing, standing_of
from bot.context import Context
from bot.messages import Refusal
from bot.rules.decisions.casting import gate
from bot.rules.decisions.motions import Entry, Event
from bot.rules.decisions.tallying import read_choice
from storage.columns import as_kept

Why = Literal["late", "not_on_roll", "recused"]


@dataclass(frozen=True)
class Cast:
    """A ballot that is in the book. `before` is the line that stood until now, if one did; `entry` the one
    that stands; both are the same line if nothing changed."""

    standing: Standing
    organisation: str
    entry: Entry
    before: Entry | None


@dataclass(frozen=True)
class NotTaken:
    """A ballot that was not taken, and why; the book keeps that, too."""

    standing: Standing
    organisation: str
    why: Why


def cast(ctx: Context, number: int, organisation: str, choice: str, event: Event = "cast") -> Cast | NotTaken:
    """An organisation's ballot, in place of an earlier one of its own (4.3). The deadline decides, not the
    closing: the platform's stamp where there is one (5.11). Raises Refusal before voting opens, and where
    the choice is none."""
    settle(ctx)
    now = standing(ctx, number, lock=True)
    if why := _not_taken(ctx, now, organisation):
        write_line(
            ctx, now.motion, "refused", organisation=organisation, person=_person(ctx), payload=why,
            via=ctx.place.platform,
        )  # fmt: skip
        return NotTaken(now, organisation, why)
    choice = read_choice(now.motion.rule, now.motion.seats, now.motion.candidates, choice)
    before = now.current.get(organisation)
    given = before is not None and before.event != "entered"  # what was entered for them they make their own
    if before is not None and given and before.payload == choice and event == "cast":
        return Cast(now, organisation, before, before)
    if event == "cast" and before is not None:
        event = "replaced"
    entry = write_line(
        ctx, now.motion, event, organisation=organisation, person=_person(ctx), payload=choice,
        via=ctx.place.platform,
    )  # fmt: skip
    ctx.store.ballots.explain(number, organisation, entry.person, "", ctx.now)  # it was about another choice
    changed(ctx, now.motion)
    after = replace(now, entries=(*now.entries, entry))
    if settle_early(ctx, after):
        after = standing(ctx, number)
    return Cast(after, organisation, entry, before)


def take_back(ctx: Context, number: int, organisation: str) -> Standing:
    """The organisation's ballot counts no more: it was none, or is to be given anew. While voting is open;
    later it stands. Raises Refusal."""
    now = _held_open(ctx, number)
    if organisation not in now.current:
        raise Refusal("no_ballot", number=number, organisation=ctx.short_name(organisation))
    return _noted(ctx, now, "withdrawn", organisation)


def recuse(ctx: Context, number: int, organisation: str, why: str) -> Standing:
    """The organisation takes no part, with its reason: it is counted neither as member nor as absent (4.8).
    While voting is open. Raises Refusal."""
    now = _held_open(ctx, number)
    if organisation not in now.entitled:
        raise Refusal("not_on_roll", number=number, organisation=ctx.short_name(organisation))
    ctx.store.ballots.recuse(number, organisation, as_kept(why), ctx.now)
    return _noted(ctx, now, "recused", organisation, why)


def answer_entered(
    ctx: Context, number: int, organisation: str, event: Literal["confirmed", "contested"]
) -> Standing:
    """What an organisation says to a ballot that was entered for it: it was so, or it was not (4.8).
    Raises Refusal where no such ballot stands."""
    now = _held_open(ctx, number)
    entry = now.current.get(organisation)
    if entry is None or entry.event != "entered":
        raise Refusal("no_ballot", number=number, organisation=ctx.short_name(organisation))
    return _noted(ctx, now, event, organisation)


def strike(ctx: Context, number: int, organisation: str, why: str) -> Standing:
    """A ballot that should not stand counts no more, and the organisation is off the count: logged with its
    reason (5.5). While voting is open. Raises Refusal."""
    now = _held_open(ctx, number)
    if organisation not in now.entitled:
        raise Refusal("not_on_roll", number=number, organisation=ctx.short_name(organisation))
    ctx.store.ballots.recuse(number, organisation, as_kept(why), ctx.now)
    return _noted(ctx, now, "struck", organisation, why)


def _held_open(ctx: Context, number: int) -> Standing:
    settle(ctx)
    now = standing(ctx, number, lock=True)
    if now.phase != "open":
        raise Refusal("not_open", number=number, phase=now.phase)
    return now


def _noted(ctx: Context, now: Standing, event: Event, organisation: str, payload: str = "") -> Standing:
    write_line(
        ctx, now.motion, event, organisation=organisation, person=_person(ctx), payload=payload,
        via=ctx.place.platform,
    )  # fmt: skip
    if event != "confirmed":
        ctx.store.ballots.explain(now.motion.number, organisation, _person(ctx), "", ctx.now)
    changed(ctx, now.motion)
    after = standing_of(ctx, now.motion)
    return standing(ctx, now.motion.number) if settle_early(ctx, after) else after


def _not_taken(ctx: Context, now: Standing, organisation: str) -> Why | None:
    if now.motion.origin == "recorded":
        raise Refusal("not_open", number=now.motion.number, phase=now.phase)
    match gate(now.motion, ctx.incoming.sent_at, ctx.incoming.received_at):
        case "early":
            opens_at = now.motion.opens_at.isoformat()
            raise Refusal("vote_early", number=now.motion.number, opens_at=opens_at)
        case "over":
            raise Refusal("not_open", number=now.motion.number, phase=now.phase)
        case "late":
            return "late"
        case _:
            pass
    if now.motion.closed_at is not None:  # it was sent in time, and reached us when all was counted
        return "late"
    if organisation in now.entitled:
        return None
    on_roll = {voter.organisation for voter in now.roll}
    return "recused" if organisation in on_roll else "not_on_roll"


def _person(ctx: Context) -> int:
    return ctx.person.id
