"""A platform closed somebody's account: who looks after their role is asked whether they are still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.commands import N_, Number, OneChoice, OneOf, command
from bot.context import COORDINATING, Context
from bot.handlers.invitations import hats_of, rules_of
from bot.messages import SILENCE, Button, Refusal, Reply, platform_name
from bot.notices import QUESTION, Values, notice
from bot.people.closing import CLOSED, ENDS, closed
from bot.rules.membership import may_invite
from storage.accounts import Linked, within_reach
from storage.persons import Person
from storage.roles import Role

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]
WHAT = tuple(OneChoice(one, one) for one in ("closed", "open"))


@command("account changed", N_("Somebody's account was closed or opened"), may="anybody", hidden=True)
def account_changed(ctx: Context, what: Annotated[str, OneOf(WHAT, hidden=True)]) -> Reply:
    """A platform tells what became of the account that calls; no word of its person. One that stands again is
    within reach, like that of anybody who writes; nobody's account is not kept for this."""
    number = ctx.identity.account_id
    if number is not None and what == "closed":
        called = ctx.incoming.account.name
        ctx.identity = replace(ctx.identity, lost=False, name=called)  # else recording it takes it back
        closed(ctx.store, number, ctx.now)
    return SILENCE


def is_still_closed(ctx: Context, values: Values) -> bool:
    """Whether the account is still no more, its role stands, and the reader may end it."""
    role, linked, person = _meant(ctx, values)
    if role is None or person is None or linked.closed_at is None:
        return False
    return ctx.may(ENDS, role.organisation)


@notice(
    CLOSED,
    N_("Accounts that were closed"),
    N_("You get this because you may end that role."),
    still_due=is_still_closed,
    useful=timedelta(days=14),
    priority=QUESTION,
    theme="alliance",
    duty=True,
)
def closed_notice(ctx: Context, values: Values) -> Reply:
    """Whose account is no more, and whether they still speak for the organisation."""
    role, linked, person = _meant(ctx, values)
    assert role is not None
    assert person is not None
    taps = (
        Button(N_("Still with us"), "still with us", {"role": str(role.id)}),
        Button(N_("End the role"), "end role", {"role": str(role.id)}),
    )
    told = _told(ctx, role, person)
    return Reply("account_closed", {**told, "platform": platform_name(linked.account.platform)}, taps)


@command("still with us", N_("Say that somebody still speaks for you"), may=ENDS, hidden=True)
def still_with_us(ctx: Context, role: NUMBER = 0) -> Reply:
    """[Still with us]: the role stays as it is. Raises Refusal where it is over, or not the caller's to
    end."""
    found = ctx.store.roles.get(role) if role else None
    if found is None or found.until is not None:
        raise Refusal("role_over")
    if not ctx.may(ENDS, found.organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(found.organisation))
    person = ctx.store.persons.get(found.person_id)
    if person is None:
        raise Refusal("role_over")
    told = _told(ctx, found, person)
    at_home = {"organisation": found.organisation} if found.organisation != COORDINATING else {}
    again = Button(N_("Invite again"), "invite", {"role": found.role, **at_home})
    able = may_invite(hats_of(ctx), found.role, found.organisation, rules_of(ctx))
    return Reply("still_with_us", told, (again,) if able and not told["other"] else (), replace=True)


def _meant(ctx: Context, values: Values) -> tuple[Role | None, Linked, Person | None]:
    role = ctx.store.roles.get(int(values["role"]))
    linked = ctx.store.accounts.get(int(values["account"]))
    if role is None or role.until is not None or linked.person_id != role.person_id:
        return None, linked, None
    return role, linked, ctx.store.persons.get(role.person_id)


def _told(ctx: Context, role: Role, person: Person) -> dict[str, str]:
    """Who it is, for whom, and the platform on which they are still reached; "" for none."""
    there = within_reach(ctx.store.accounts.of_person(person.id))
    return {
        "name": person.name,
        "organisation": ctx.short_name(role.organisation),
        "other": platform_name(there.account.platform) if there else "",
    }
