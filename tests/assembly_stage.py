"""The Assembly for tests: motions in whatever phase, ballots of organisations, without the way there.

number = await noticed(world, "charter_amendment", proposer=marie)     # voting opens some day
number = await opened(world, title="A joint newsletter")               # voting is open now
await ballots(world, number, cimes="for", mecatech="against")          # in the book, nothing was said
heard = await votes(marie, number, "for")                              # said by Marie, read by her
await closes(world, number)                                            # time passes until it is counted
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from bot.assembly.balloting import Cast, cast
from bot.assembly.calendar import calendar_of
from bot.assembly.settling import settle
from bot.assembly.standing import Standing, roll_now, standing
from bot.assembly.telling import tell_noticed
from bot.context import Context
from bot.dispatch.effects import leave_behind
from bot.dispatch.surroundings import context_for
from bot.handlers.motions.cards import show_in_places
from bot.in_force import version_at
from bot.messages import Account, Call, Place
from bot.rules.decisions.dates import schedule
from bot.rules.decisions.motions import Candidate, Event, Motion
from bot.rules.decisions.phases import GRACE
from bot.rules.decisions.values import Kind
from storage.accounts import Identity
from storage.store import Storage, Store
from tests.world import Heard, World

T = TypeVar("T")
TITLES = {
    "consultation": "Where to meet in spring",
    "consent_item": "The minutes of May",
    "ordinary_resolution": "A joint newsletter",
    "admission": "Nordic Robotics joins",
    "annual_renewal": "Another year",
    "charter_amendment": "A small membership fee",
    "election": "Who coordinates us",
    "exclusion": "EMC2 leaves",
}
TEXT = "We do this together, starting in January."
FEE = ("There is no membership fee at the outset.", "The fee is 100 euro a year.")  # in Article 7
A_DAY = timedelta(days=1)


@pytest.fixture
async def slack_world(sqlite_url: str) -> AsyncIterator[World]:
    """One platform over one database: what is only wording depends on neither."""
    storage = Storage(sqlite_url)
    async with World("slack", storage) as world:
        yield world
    storage.close_now()


async def noticed(
    world: World,
    kind: Kind = "ordinary_resolution",
    *,
    proposer: Any = None,
    organisation: str = "cimes",
    told: bool = False,
    noticed_at: datetime | None = None,
    **fields: Any,
) -> int:
    """Notice of a motion was given, now or at that moment, with the dates and the rule that it really has;
    its number. `fields` are those of `Motion`, and whatever is left out is made up: an amendment changes the
    fee in Article 7, an election has Ana and Luc. `proposer` is somebody of the world (nobody that is in it,
    if left out), for `organisation`. `told`: people have it in their chats. Its card stands in the places
    for votes."""

    def give(ctx: Context) -> int:
        at = noticed_at or ctx.now
        rule = fields.pop("rule", None)
        if rule is None:
            profile = getattr(ctx.charter.decisions, kind)
            rule = profile.rule(kind, version_at(ctx.store, at.date()).version)
        dates = schedule(at, rule.discussion_days, rule.voting_days, calendar_of(ctx))
        motion = Motion(
            **{
                **{"number": 0, "kind": kind, "title": TITLES[kind], "text": TEXT, "rule": rule},
                **{"proposer": _person(ctx, proposer), "organisation": organisation},
                **{
                    "proposed_at": at,
                    "notice_at": at,
                    "opens_at": dates.opens_at,
                    "closes_at": dates.closes_at,
                },
                **_made_up(ctx, kind),
                **fields,
            }
        )
        motion = ctx.store.motions.add(motion)
        show_in_places(ctx, motion)
        if told:
            tell_noticed(ctx, motion, roll_now(ctx, motion))
        settle(ctx)
        return motion.number

    number = await in_house(world, give)
    await world.settled()
    return number


async def opened(world: World, kind: Kind = "ordinary_resolution", **more: Any) -> int:
    """A motion whose voting is open now: notice of it was given the right number of days ago; its number.
    Takes what `noticed` takes."""
    now = world.clock.now()

    def when(ctx: Context) -> datetime:
        rule = more.get("rule") or getattr(ctx.charter.decisions, kind)
        calendar, at = calendar_of(ctx), now
        while schedule(at, rule.discussion_days, rule.voting_days, calendar).opens_at > now:
            at -= A_DAY
        return at

    return await noticed(world, kind, noticed_at=await in_house(world, when), **more)


async def votes(who: Any, number: int, choice: str, for_: str = "") -> Heard:
    """Somebody votes by typing: "for", "against", "abstain"; what they read."""
    heard: Heard = await who.types(f"/vote {number} {choice}" + (f" for {for_}" if for_ else ""))
    return heard


async def ballots(world: World, number: int, **choices: str) -> dict[str, str]:
    """These organisations' ballots stand in the book, given by somebody of theirs who is in no chat
    (`cimes="for"`, `green_tech="1"` for a candidate): their receipts."""
    receipts = {slug: await ballot(world, number, slug, choice) for slug, choice in _slugs(choices).items()}
    await world.settled()
    return receipts


async def ballot(
    world: World, number: int, organisation: str, choice: str, who: Any = None, event: Event = "cast"
) -> str:
    """One organisation's ballot, by somebody of the world or of no chat (`event="entered"`: it is entered for
    it); its receipt."""

    def give(ctx: Context) -> str:
        done = cast(acting(ctx, who, f"Somebody of {organisation}"), number, organisation, choice, event)
        assert isinstance(done, Cast), f"not taken: {done.why}"
        return done.entry.receipt

    return await in_house(world, give)


def acting(ctx: Context, who: Any = None, name: str = "Dana") -> Context:
    """The same view of the world for somebody in it, or for a person of that name who is in no chat."""
    person = ctx.store.persons.get(_person(ctx, who, name))
    assert person is not None
    return replace(ctx, identity=Identity(person=person))


async def closes(world: World, number: int) -> Motion:
    """It is the moment at which the motion is counted, and whatever is due by then happens."""
    motion = (await stands(world, number)).motion
    await _it_is(world, motion.closes_at + GRACE)
    return (await stands(world, number)).motion


async def becomes_final(world: World, number: int) -> Motion:
    """It is the moment from which nobody can object any more."""
    motion = await closes(world, number)
    assert motion.final_at is not None
    await _it_is(world, motion.final_at)
    return (await stands(world, number)).motion


async def stands(world: World, number: int) -> Standing:
    """How a motion stands now."""
    return await in_house(world, lambda ctx: standing(ctx, number))


async def in_house(world: World, work: Callable[[Context], T]) -> T:
    """Something done in one transaction by nobody in particular; what it tells others goes on its way."""

    def run(store: Store) -> T:
        call = Call("house", Account("", "", ""), Place("", "", ""), world.clock.now())
        ctx = context_for(world.ticker._around, call, store)
        done = work(ctx)
        leave_behind(ctx)
        return done

    return await world.storage.write(run)


def _made_up(ctx: Context, kind: Kind) -> dict[str, Any]:
    match kind:
        case "charter_amendment":
            before = ctx.charter.article(7).text
            version = version_at(ctx.store, ctx.counting_day).version
            return {"article": 7, "before": before, "after": before.replace(*FEE), "base": version}
        case "election":
            found = (
                Candidate("1", "Ana", organisation="pool-net"),
                Candidate("2", "Luc", organisation="mecatech"),
            )
            return {"role": "coordinator", "candidates": found}
        case "exclusion":
            return {"subject": "emc2"}
    return {}


def _person(ctx: Context, who: Any, name: str = "Dana") -> int:
    """The number of somebody of the world, or of a person added for the purpose, who is in no chat."""
    if who is None:
        return ctx.store.persons.add(name, "en", "Europe/Brussels", ctx.now).id
    person = ctx.store.accounts.identify(who.account).person
    assert person is not None, f"{who.name} is not in yet"
    return person.id


def _slugs(choices: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): choice for name, choice in choices.items()}


async def _it_is(world: World, moment: datetime) -> None:
    world.clock.at = max(moment.astimezone(UTC), world.clock.at)
    await world.happens()
