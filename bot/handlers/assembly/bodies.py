"""The bodies of the alliance: who sits in them, since when and until when, and what is vacant (Art. 5)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any

from bot.assembly.meetings import voting_members
from bot.assembly.seats import Seat, elected, election_of, seats_of
from bot.charter.parts import Body, Role
from bot.commands import N_, Day, Number, Text, command
from bot.context import Context
from bot.handlers.counting import short
from bot.handlers.motions.answers import see
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told

MOST_TAPS = 12  # choices under one question
BODIES = Button(N_("The bodies"), "bodies")
SEAT = told(
    "seat",
    N_("Your roles and their terms"),
    N_("You get this because you hold this role, or held it until now."),
    theme="alliance",
)


@command(
    "bodies",
    N_("The alliance's bodies: who holds which seat, until when"),
    may="see_indicators",
    example="/bodies",
    reads=True,
)
def bodies(ctx: Context) -> Reply:
    """Each body of the charter with its seats: who holds them, since when, until when, by which motion; what
    is vacant or over, with the next step."""
    ctx.in_private()
    values = {"bodies": [_body(ctx, body) for body in ctx.charter.bodies], "keeps": ctx.may("keep_assembly")}
    open_ = [role for role in elected(ctx.charter) if _waits(ctx, role)]
    elect = (_propose(open_),) if open_ and ctx.may("propose") else ()
    invite = (Button(N_("Invite somebody"), "invite"),) if ctx.may("invite_all") else ()
    terms = (Button(N_("Set a term"), "term"),) if ctx.may("keep_assembly") and _held(ctx) else ()
    return Reply("bodies", values, (*elect, *invite, *terms))


@command(
    "term",
    N_("Until when somebody holds a role of the alliance"),
    may="keep_assembly",
    example="/term",
    suggested=False,
)
def term_(
    ctx: Context,
    person: Annotated[str, Text(label=N_("Person"), most=80)] = "",
    until: Annotated[date | None, Day("future", lead=("until",), label=N_("Last day"))] = None,
    role: Annotated[int, Number(hidden=True, most=2**53)] = 0,
) -> Reply:
    """Set or change the last day of a role that no motion gave. Who holds it stays until a successor is in.
    Raises Ask for the role and the day, Refusal for a term that the Assembly decided and for a day that is
    past."""
    ctx.in_private()
    found, title = _seat(ctx, person, role)
    given: dict[str, Any] = {"name": found.holder.person.name, "role": title}
    if found.motion:
        taps = (see(found.motion), BODIES)
        raise Refusal("term_decided", buttons=taps, **given, motion=found.motion, day=_iso(found.ends_on))
    if until is None:
        raise Ask("until", "question", question=N_("Until which day, that one included?"), hint="")
    if until < ctx.today:
        raise Refusal("term_past", "until", **given, day=until.isoformat())
    ctx.store.terms.set(found.holder.role.id, until, None)
    values = {**given, "day": until.isoformat(), "before": _iso(found.ends_on), "by": ctx.person.name}
    key = f"term:{found.holder.role.id}:{ctx.now.isoformat()}"
    ctx.tell((found.holder.person.id,), "bodies_term_told", key, values, (BODIES,), kind=SEAT)
    return Reply("bodies_term_set", values, (BODIES,))


def _body(ctx: Context, body: Body) -> dict[str, Any]:
    roles = [role for role in ctx.charter.roles if role.key in body.seats]
    members = any(role.scope == "organisation" for role in roles)
    return {
        "title": body.title,
        "article": body.article,
        "summary": body.summary,
        "organisations": [_organisation(ctx, slug, roles) for slug in voting_members(ctx)] if members else [],
        "seats": [_role(ctx, role) for role in roles if role.scope == "alliance"],
    }


def _organisation(ctx: Context, slug: str, roles: list[Role]) -> dict[str, Any]:
    held = Counter(holder.role.role for holder in ctx.store.roles.of_organisation(slug))
    counts = [{"role": role.title, "count": held[role.key]} for role in roles if held[role.key]]
    return {"organisation": ctx.short_name(slug), "counts": counts}


def _role(ctx: Context, role: Role) -> dict[str, Any]:
    running = election_of(ctx, role.key)
    return {
        "role": role.title,
        "elected": role in elected(ctx.charter),
        "running": running.number if running else 0,
        "holders": [_holder(ctx, seat) for seat in seats_of(ctx, role.key)],
    }


def _holder(ctx: Context, seat: Seat) -> dict[str, Any]:
    return {
        "name": seat.holder.person.name,
        "since": seat.holder.role.since.isoformat(),
        "until": _iso(seat.ends_on),
        "over": seat.is_over(ctx.today),
        "motion": seat.motion,
    }


def _waits(ctx: Context, role: Role) -> bool:
    """Whether a seat is vacant or its term is over, and no election of it runs."""
    if election_of(ctx, role.key) is not None:
        return False
    seats = seats_of(ctx, role.key)
    return not seats or any(seat.is_over(ctx.today) for seat in seats)


def _propose(open_: list[Role]) -> Button:
    """The tap that begins an election: the first that waits, in the order of the charter."""
    return Button(N_("Propose election"), "propose election", {"role": open_[0].key})


def _held(ctx: Context) -> tuple[tuple[Role, Seat], ...]:
    """Every seat of the whole alliance that somebody holds."""
    wide = (role for role in ctx.charter.roles if role.scope == "alliance")
    return tuple((role, seat) for role in wide for seat in seats_of(ctx, role.key))


def _seat(ctx: Context, name: str, number: int) -> tuple[Seat, str]:
    every = [(role.title, seat) for role, seat in _held(ctx)]
    named = [
        (title, seat)
        for title, seat in every
        if seat.holder.role.id == number
        or (not number and name and seat.holder.person.name.casefold() == name.casefold())
    ]
    if len(named) == 1:
        return named[0][1], named[0][0]
    offered = (named or every)[:MOST_TAPS]
    labels, numbered = _told_apart([(seat.holder.person.name, title) for title, seat in offered])
    choices = tuple(
        Choice(label, {"role": str(seat.holder.role.id)})
        for label, (_, seat) in zip(labels, offered, strict=True)
    )
    seats = [{**_holder(ctx, seat), "role": title} for title, seat in offered] if numbered else []
    unknown = "" if named else name
    raise Ask("role", "bodies_term_which", choices, free=False, some=bool(choices), name=unknown, seats=seats)


def _told_apart(seats: list[tuple[str, str]]) -> tuple[list[str], bool]:
    """A label for each person and role: the person first, or the role where labels would repeat. Where both
    would: the numbers of a list, and that there has to be one."""
    for labels in (
        [short(f"{name} · {title}") for name, title in seats],
        [short(f"{title} · {name}") for name, title in seats],
    ):
        if len(set(labels)) == len(labels):
            return labels, False
    return [short(f"{number} · {name}") for number, (name, _) in enumerate(seats, start=1)], True


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
