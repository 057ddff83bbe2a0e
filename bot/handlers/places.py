"""The places where I am: what each is for, what needs repair, and how it is changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot.commands import N_, Number, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.events.standing import PURPOSE as EVENTS
from bot.handlers.events.cards import live_topics as live_events
from bot.handlers.motions.cards import PURPOSE as VOTES
from bot.handlers.motions.cards import live_topics as live_motions
from bot.handlers.place_answers import (
    ALL_PLACES,
    INDICATORS,
    PURPOSES,
    asked,
    asked_place,
    described,
    found_place,
    opened,
    set_so,
    to_language,
)
from bot.messages import LANGUAGES, Ask, Button, Choice, Reply, Topic, filled
from bot.standing import MENDS_ITSELF, heard_from, show_cards
from storage.places import KnownPlace

PAGE = 5
NUMBER = Annotated[int, Number(hidden=True, most=2**53)]
HIDDEN = Annotated[str, Text(hidden=True)]
OFFERED = tuple(OneChoice(tag, name) for tag, name in LANGUAGES.items())
YES_OR_NO = (OneChoice("yes", N_("Yes")), OneChoice("no", N_("No")))


@command("places", N_("Where I am, what for, and what needs repair"), may="manage_places", example="/places")
def places(ctx: Context, page: NUMBER = 0) -> Reply:
    """In a group, what that group is for; elsewhere every group there is, what needs repair first."""
    if ctx.place.kind == "group" and not page:
        return _here(ctx)
    ctx.in_private()
    page = max(page, 1)
    every = sorted(_groups(ctx), key=lambda known: known.state == "open")
    shown = every[(page - 1) * PAGE : page * PAGE]
    unclear = len(ctx.store.deliveries.unclear()) if ctx.may("see_jobs") else 0
    values = {
        "places": [described(ctx, known) for known in shown],
        "total": len(every),
        "page": page,
        "pages": max(1, -(-len(every) // PAGE)),
        "unclear": unclear,
    }
    look = (Button(N_("See which"), "unclear"),) if unclear else ()
    opens = (_open_tap(known.id) for known in shown)
    return Reply("places", values, (*look, *opens, *_turns(page, len(every))), replace=True)


def _here(ctx: Context) -> Reply:
    """This group, remembered if it was not; asked what it is for if nobody has said."""
    known = found_place(ctx, ctx.store.places.remember(ctx.place, ctx.now))
    reply = set_so(ctx, known) if known.purposes else asked(ctx, known)
    return Reply(
        reply.template, reply.values, (*reply.buttons, *to_language(ctx, known), ALL_PLACES), public=True
    )


def _groups(ctx: Context) -> tuple[KnownPlace, ...]:
    return tuple(known for known in ctx.store.places.all() if known.place.kind == "group")


def _open_tap(number: int) -> Button:
    return Button(filled(N_("Open {number}"), number=number), "open place", {"place": str(number)})


def _turns(page: int, total: int) -> tuple[Button, ...]:
    back = Button(N_("Back"), "places", {"page": str(page - 1)})
    more = Button(N_("More"), "places", {"page": str(page + 1)})
    return (*((back,) if page > 1 else ()), *((more,) if page * PAGE < total else ()))


@command("open place", N_("Open one place"), may="manage_places", hidden=True)
def open_place(ctx: Context, place: NUMBER) -> Reply:
    """One place: its purposes to tap, and what can be done where it needs repair."""
    return opened(ctx, found_place(ctx, place))


@command("place asks", N_("Choose what a place is for"), may="manage_places", hidden=True)
def place_asks(ctx: Context, place: NUMBER) -> Reply:
    """Ask the group again what it is for, with what is chosen now."""
    return asked(ctx, asked_place(ctx, place))


@command("place for", N_("Use a place for something, or no more"), may="manage_places", hidden=True)
def place_for(
    ctx: Context,
    place: NUMBER,
    purpose: Annotated[str, OneOf(PURPOSES, hidden=True)],
    on: Annotated[str, OneOf(YES_OR_NO, hidden=True)],
    group: HIDDEN = "",
) -> Reply:
    """One purpose more or less. Indicators: a card with the year's figures stands there and stays current;
    taken away, its post stays as it is."""
    known = (asked_place if group else found_place)(ctx, place, lock=True)
    chosen = {*known.purposes} - {purpose} | ({purpose} if on == "yes" else set())
    changed = _used_for(ctx, known, chosen)
    return asked(ctx, changed) if group else opened(ctx, changed)


@command("place language", N_("Choose the language of a place"), may="manage_places", hidden=True)
def place_language(
    ctx: Context, place: NUMBER, language: Annotated[str, OneOf(OFFERED, hidden=True)] = ""
) -> Reply:
    """What stands in a place is said in its language, whoever reads it. Raises Ask for which."""
    known = found_place(ctx, place, lock=True)
    if not language:
        ways = tuple(Choice(LANGUAGES[tag], {"language": tag}) for tag in LANGUAGES if tag in ctx.languages)
        raise Ask("language", "place_language_which", ways, free=False, **described(ctx, known))
    ctx.store.places.set_language(known.id, language)
    show_cards(ctx.store, known.place, ctx.now)
    return opened(ctx, found_place(ctx, place))


@command("only answers", N_("Use a place for answers only"), may="manage_places", hidden=True)
def only_answers(ctx: Context, place: NUMBER) -> Reply:
    """Nothing is posted there by itself."""
    return set_so(ctx, _used_for(ctx, asked_place(ctx, place, lock=True), ()))


@command("place is set", N_("What a place is for is said"), may="manage_places", hidden=True)
def place_is_set(ctx: Context, place: NUMBER) -> Reply:
    """The purposes are read back once, and the list of taps goes away."""
    return set_so(ctx, asked_place(ctx, place))


@command("try place", N_("Try a place again"), may="manage_places", hidden=True)
def try_place(ctx: Context, place: NUMBER) -> Reply:
    """Write there again, cards first: nobody tells when a place that was muted or lost is none of it any
    more. If it still is, what is sent there marks it again."""
    known = found_place(ctx, place, lock=True)
    if known.state not in MENDS_ITSELF:  # mended meanwhile, or another repair is needed
        return opened(ctx, known)
    heard_from(ctx.store, known.place, ctx.now)
    return opened(ctx, found_place(ctx, place), tried=True)


@command("forget place", N_("Forget a place"), may="manage_places", hidden=True)
def forget_place(ctx: Context, place: NUMBER, sure: HIDDEN = "") -> Reply:
    """Take a place that needs repair off the list, in two taps. Raises Ask for the second one."""
    known = found_place(ctx, place, lock=True)
    if known.state == "open":  # mended meanwhile
        return opened(ctx, known)
    values = described(ctx, known)
    if not sure:
        yes = (Choice(N_("Yes, forget it"), {"sure": "yes"}),)
        raise Ask("sure", "place_forget_sure", yes, free=False, **values)
    ctx.store.cards.stopped_in(known.place)
    ctx.store.places.forget(known.id)
    return Reply("place_forgotten", values, (ALL_PLACES,), replace=True)


def _used_for(ctx: Context, known: KnownPlace, purposes: Iterable[str]) -> KnownPlace:
    chosen = tuple(sorted(purposes))
    ctx.store.places.set_purposes(known.id, chosen)
    before, after = ({*_topics(ctx, uses)} for uses in (known.purposes, chosen))
    for topic in after - before:
        ctx.store.cards.put(topic, known.place, ctx.now)
    for topic in before - after:
        ctx.store.cards.stop(topic, known.place)
    return found_place(ctx, known.id)


def _topics(ctx: Context, purposes: Iterable[str]) -> tuple[Topic, ...]:
    """What has a card in a place for these purposes."""
    used = set(purposes)
    return (
        *((INDICATORS,) if "indicators" in used else ()),
        *(live_motions(ctx) if VOTES in used else ()),
        *(live_events(ctx) if EVENTS in used else ()),
    )
