"""Who exactly gets an announcement: the visible list, with a tap that takes each one off (section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.broadcasts.audience import FOR_SOME, TAKEN_OFF, audience_of
from bot.broadcasts.drafting import kept
from bot.broadcasts.standing import PURPOSE
from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.handlers.announcing.answers import (
    PERSON,
    PLACE,
    WHY_NOT,
    described,
    numbered,
    organisations_by_person,
)
from bot.handlers.announcing.preview import NUMBER, found_draft
from bot.messages import Button, Reply, platform_name
from bot.people.reach import LeftOut, Reach, Reader
from bot.rules.broadcasts.values import Broadcast

PAGE = 15
WHO = Annotated[str, Text(hidden=True)]
PAGE_NUMBER = Annotated[int, Number(hidden=True)]


@command("announcement who", N_("Who exactly gets an announcement"), may="announce", hidden=True)
def announcement_who(ctx: Context, number: NUMBER, page: PAGE_NUMBER = 1) -> Reply:
    """Chats by name and platform, people by organisation, then who does not get it and why."""
    return _listed(ctx, found_draft(ctx, number), page)


@command("announcement take off", N_("Take somebody off an announcement"), may="announce", hidden=True)
def announcement_take_off(ctx: Context, number: NUMBER, who: WHO = "", page: PAGE_NUMBER = 1) -> Reply:
    """This chat or person does not get it. What is off already stays off."""
    draft = found_draft(ctx, number, lock=True)
    return _listed(ctx, kept(ctx, _without(ctx, draft, who)), page)


@command("announcement put back", N_("Put somebody back on an announcement"), may="announce", hidden=True)
def announcement_put_back(ctx: Context, number: NUMBER, who: WHO = "", page: PAGE_NUMBER = 1) -> Reply:
    """This chat or person gets it after all."""
    draft = found_draft(ctx, number, lock=True)
    return _listed(ctx, kept(ctx, _with(ctx, draft, who)), page)


def _without(ctx: Context, draft: Broadcast, who: str) -> Broadcast:
    if number := _number(who, PERSON):
        return replace(draft, without=tuple(dict.fromkeys((*draft.without, number))))
    taken = _number(who, PLACE)
    return replace(draft, places=tuple(one for one in _places(ctx, draft) if one != taken))


def _with(ctx: Context, draft: Broadcast, who: str) -> Broadcast:
    if number := _number(who, PERSON):
        return replace(draft, without=tuple(one for one in draft.without if one != number))
    every = (*_places(ctx, draft), _number(who, PLACE))
    return replace(draft, places=tuple(sorted({one for one in every if one})))


def _places(ctx: Context, draft: Broadcast) -> tuple[int, ...]:
    if draft.places is not None:
        return draft.places
    return tuple(known.id for known in ctx.store.places.all() if PURPOSE in known.purposes)


def _number(who: str, kind: str) -> int:
    number = who.removeprefix(kind)
    return int(number) if who.startswith(kind) and number.isdecimal() else 0


def _listed(ctx: Context, draft: Broadcast, page: int) -> Reply:
    audience = audience_of(ctx, draft)
    names = organisations_by_person(ctx)
    every: list[Reader | LeftOut] = [*_in_order(names, audience.reach), *audience.reach.left_out]
    pages = max(1, -(-len(every) // PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE
    shown = list(enumerate(every[first : first + PAGE], first + 1))
    values = {
        **described(ctx, draft),
        "lines": [_line(ctx, names, at, one) for at, one in shown],
        "page": page,
        "pages": pages,
    }
    given = {**numbered(draft), "page": str(page)}
    taps = [tap for at, one in shown if (tap := _tap(ctx, at, one, given)) is not None]
    return Reply("announce_who", values, (*taps, *_turns(draft, page, pages)), replace=True)


def _in_order(names: Mapping[int, str], reach: Reach) -> list[Reader]:
    """Chats as they come, then people by organisation."""
    return [*reach.chats, *sorted(reach.people, key=lambda one: _organisation(names, one))]


def _line(ctx: Context, names: Mapping[int, str], at: int, one: Reader | LeftOut) -> dict[str, Any]:
    if isinstance(one, LeftOut):
        why = ctx.translate(WHY_NOT[one.why])
        return {"at": at, "name": one.name, "platform": "", "organisation": "", "why": why}
    return {
        "at": at,
        "name": one.name,
        "platform": platform_name(one.platform),
        "organisation": _organisation(names, one),
        "why": "",
    }


def _organisation(names: Mapping[int, str], one: Reader) -> str:
    return names.get(one.person, "") if one.person is not None else ""


def _tap(ctx: Context, at: int, one: Reader | LeftOut, given: dict[str, str]) -> Button | None:
    if isinstance(one, LeftOut) and one.why not in (TAKEN_OFF, FOR_SOME):
        return None
    off = isinstance(one, Reader)
    back = N_("Add {number}") if isinstance(one, LeftOut) and one.why == FOR_SOME else N_("Put back {number}")
    label = ctx.translate(N_("Take off {number}") if off else back)
    command_name = "announcement take off" if off else "announcement put back"
    return Button(label.replace("{number}", str(at)), command_name, {**given, "who": one.key})


def _turns(draft: Broadcast, page: int, pages: int) -> tuple[Button, ...]:
    given = numbered(draft)
    before = Button(N_("Page before"), "announcement who", {**given, "page": str(page - 1)})
    after = Button(N_("Next page"), "announcement who", {**given, "page": str(page + 1)})
    back = Button(N_("Back"), "announcement preview", given)
    return (*((before,) if page > 1 else ()), *((after,) if page < pages else ()), back)
