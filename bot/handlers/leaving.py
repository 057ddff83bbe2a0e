"""Going: a role ends, a person leaves; the organisation and the coordinators hear what is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from bot.commands import N_, Number, OneOrganisation, Text, command
from bot.context import COORDINATING, Context
from bot.events.seating import change_hats, give_up_all
from bot.handlers.attention.away import without_deputy
from bot.handlers.entering import PEOPLE
from bot.handlers.invitations import (
    hats_of,
    hats_worn_by,
    organisation_choices,
    organisation_for,
    rules_of,
    title_of,
)
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.people.waking import may_stand_in, noted_absence
from bot.rules.membership import Hat, may_end, may_invite
from bot.rules.names import told_apart
from storage.persons import Person
from storage.roles import Holder, Role

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]
HIDDEN = Annotated[str, Text(hidden=True)]
LOOKED_AT = 200  # the newest activities of an organisation in which an open question is looked for
MOST_NAMED = 5  # groups named in one message
LONGEST_LABEL = 20
MOST_PEOPLE = 12  # choices under one question


@command("people", N_("Who acts for your organisation"), example="/people", reads=True)
def people(
    ctx: Context, organisation: Annotated[str, OneOrganisation(label=N_("Organisation"))] = ""
) -> Reply:
    """The people of one's own organisations; of any, for whoever looks after the alliance. Raises Refusal
    for somebody else's."""
    ctx.in_private()
    own = tuple(dict.fromkeys(role.organisation for role in ctx.roles if role.organisation))
    anywhere = ctx.may("invite_all")
    if organisation and organisation not in own and not anywhere:
        mine = (Button(N_("My organisation"), "people"),) if own else ()
        raise Refusal("people_of_others", buttons=mine, organisation=ctx.short_name(organisation))
    if not organisation and anywhere:
        choices = organisation_choices(ctx, ctx.organisations)
        raise Ask("organisation", "question", choices, question=N_("Of which organisation?"), hint="")
    shown = (organisation,) if organisation else own
    if not shown:
        raise Refusal("no_organisation", buttons=(Button(N_("Profile"), "profile"),))
    values = {"organisations": [_listed(ctx, slug) for slug in shown]}
    invites = [slug for slug in shown if ctx.may("invite", slug)][:1]
    ends = [slug for slug in shown if may_end(hats_of(ctx), slug, rules_of(ctx))][:1]
    buttons = (
        *(Button(N_("Invite a colleague"), "invite", {"organisation": slug}) for slug in invites),
        *(Button(N_("End a role"), "end role", {"organisation": slug}) for slug in ends),
    )
    return Reply("people", values, buttons)


def _listed(ctx: Context, slug: str) -> dict[str, Any]:
    holders = ctx.store.roles.of_organisation(slug)
    named = [{"name": holder.person.name, "role": title_of(ctx, holder.role.role)} for holder in holders]
    return {"organisation": ctx.short_name(slug), "people": named}


@command(
    "end role",
    N_("End somebody's role for an organisation"),
    may="end_roles",
    example="/end role",
    suggested=False,
)
def end_role(
    ctx: Context,
    organisation: Annotated[str, OneOrganisation(label=N_("Organisation"))] = "",
    whole: HIDDEN = "",
    role: NUMBER = 0,
    sure: HIDDEN = "",
) -> Reply:
    """A colleague or a coordinator ends a role in two taps (section 6): which one, and yes. Raises Ask for
    each, Refusal where the caller's roles don't reach."""
    ctx.in_private()
    if not role:
        raise _which_role(ctx, COORDINATING if whole else _where(ctx, organisation))
    found = ctx.store.roles.get(role)
    if found is None or found.until is not None:
        raise Refusal("role_over")
    if not may_end(hats_of(ctx), found.organisation, rules_of(ctx)):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(found.organisation))
    person = ctx.store.persons.get(found.person_id)
    if person is None:
        raise Refusal("role_over")
    values = _described(ctx, person, found)
    if not sure:
        last = len(_others(ctx, found)) == 0
        yes = (Choice(N_("Yes, end it"), {"role": str(role), "sure": "yes"}),)
        raise Ask("sure", "end_role_sure", yes, free=False, **values, last=last)
    ctx.store.roles.end(found.id, ctx.now, ctx.person.id)
    if not ctx.store.roles.of_person(person.id):  # nobody's colleague any more
        give_up_all(ctx, person.id)
    else:
        change_hats(ctx, person.id)
    _stands_in_no_more(ctx, person)
    ctx.tell((person.id,), "role_ended_for_you", f"ended-you:{found.id}", {**values, "by": ctx.person.name})
    _tell_who_stays(ctx, person, found, by=ctx.person.name)
    again = (Button(N_("Invite again"), "invite", _again(found)),)
    ways = again if _may_invite_again(ctx, hats_of(ctx), found) else ()
    return Reply("role_ended", {**values, **_open(ctx, found.organisation)}, ways, replace=True)


def _where(ctx: Context, given: str) -> str:
    try:
        return organisation_for(ctx, "end_roles", given)
    except Ask as asked:
        if ctx.may("end_roles", COORDINATING):  # the roles of the whole alliance end here too
            asked.choices = (*asked.choices, Choice(N_("The alliance"), {"whole": "yes"}))
        raise


def _which_role(ctx: Context, organisation: str) -> Ask | Refusal:
    holders = [one for one in _holders(ctx, organisation) if one.person.id != ctx.person.id]
    values: dict[str, Any] = {"organisation": ctx.short_name(organisation)}
    if not holders:
        leave = Button(N_("Leave"), "leave")
        return Refusal("nobody_else", buttons=(Button(N_("Invite a colleague"), "invite"), leave), **values)
    shown = holders[:MOST_PEOPLE]
    titles = [str(ctx.translate(title_of(ctx, holder.role.role))) for holder in shown]
    labels = told_apart([holder.person.name for holder in shown], titles, LONGEST_LABEL)
    choices = tuple(
        Choice(label, {"role": str(holder.role.id)}) for label, holder in zip(labels, shown, strict=True)
    )
    return Ask("role", "end_role_which", choices, free=False, **values)


def _holders(ctx: Context, organisation: str) -> tuple[Holder, ...]:
    if organisation != COORDINATING:
        return ctx.store.roles.of_organisation(organisation)
    wide = (role.key for role in ctx.charter.roles if role.scope == "alliance")
    return tuple(holder for key in wide for holder in ctx.store.roles.holders(key))


def _again(role: Role) -> dict[str, str]:
    return {"role": role.role, **({"organisation": role.organisation} if role.organisation else {})}


@command("leave", N_("Leave: end all your roles here"), example="/leave", suggested=False)
def leave(ctx: Context, sure: HIDDEN = "") -> Reply:
    """Leaving is always possible, in two taps. Roles end, accounts are nobody's again, what was logged
    stays; the organisations and the coordinators hear what is open. Raises Ask for the second tap."""
    ctx.in_private()
    person = ctx.person
    values: dict[str, Any] = {
        "organisations": list(dict.fromkeys(ctx.short_name(role.organisation) for role in ctx.roles)),
        "alone": list(
            dict.fromkeys(ctx.short_name(role.organisation) for role in ctx.roles if not _others(ctx, role))
        ),
        "roles": len(ctx.roles),
    }
    if not sure:
        yes = (Choice(N_("Yes, leave"), {"sure": "yes"}),)
        raise Ask("sure", "leave_sure", yes, free=False, **values)
    give_up_all(ctx, person.id)
    for role in ctx.roles:
        ctx.store.roles.end(role.id, ctx.now, person.id)
    _stands_in_no_more(ctx, person)
    for role in ctx.roles:
        _tell_who_stays(ctx, person, role, by="")
    for linked in ctx.store.accounts.of_person(person.id):
        ctx.store.drafts.close_all(linked.account_id)
        ctx.store.accounts.detach(linked.account_id)
    ctx.store.persons.leave(person.id, ctx.now)
    return Reply("left", {**values, "groups": _groups(ctx)}, (Button(N_("I have an invitation"), "join"),))


def _stands_in_no_more(ctx: Context, person: Person) -> None:
    """Those who are away and chose them, and with whom they share no organisation any more, can choose
    another."""
    for absence in ctx.store.attention.stood_in_for(person.id):
        noted = noted_absence(ctx, absence.person_id)
        if noted is not None and not may_stand_in(ctx, person.id, absence.person_id):
            without_deputy(ctx, noted, person.name)


def _tell_who_stays(ctx: Context, person: Person, role: Role, by: str) -> None:
    """What is open now, and that nobody is taken out of a chat by us."""
    colleagues = [holder.person.id for holder in _standing(ctx, role)]
    told = [one for one in (*colleagues, *ctx.coordinators()) if one != person.id]
    values = {**_described(ctx, person, role), **_open(ctx, role.organisation), "by": by}
    key, look = f"ended:{role.id}", Button(N_("People"), "people")
    invite = Button(N_("Invite somebody"), "invite", _again(role))
    able = [one for one in told if _may_invite_again(ctx, hats_worn_by(ctx, one), role)]
    ctx.tell(able, "role_ended_others", key, values, (invite, look), kind=PEOPLE)
    rest = [one for one in told if one not in able]
    ctx.tell(rest, "role_ended_others", key, values, (look,), kind=PEOPLE)


def _may_invite_again(ctx: Context, hats: tuple[Hat, ...], role: Role) -> bool:
    return may_invite(hats, role.role, role.organisation, rules_of(ctx))


def _standing(ctx: Context, role: Role) -> tuple[Holder, ...]:
    if role.organisation == COORDINATING:
        return ctx.store.roles.holders(role.role)
    return ctx.store.roles.of_organisation(role.organisation)


def _others(ctx: Context, role: Role) -> tuple[Holder, ...]:
    """Who would still act there if this role ended."""
    return tuple(holder for holder in _standing(ctx, role) if holder.person.id != role.person_id)


def _described(ctx: Context, person: Person, role: Role) -> dict[str, Any]:
    return {
        "name": person.name,
        "role": title_of(ctx, role.role),
        "organisation": ctx.short_name(role.organisation),
    }


def _open(ctx: Context, organisation: str) -> dict[str, Any]:
    """What waits for an organisation: nobody acts for it, taps that it owes, groups to look through."""
    waits, nobody = 0, False
    if organisation != COORDINATING:
        activities, _ = ctx.store.activities.listing(organisation=organisation, limit=LOOKED_AT, offset=0)
        waits = sum(_unanswered(activity.record.involved, organisation) for activity in activities)
        nobody = not ctx.store.roles.of_organisation(organisation)
    return {"nobody": nobody, "waits": waits, "groups": _groups(ctx)}


def _unanswered(involved: Iterable[Any], organisation: str) -> bool:
    return any(
        one.organisation == organisation and one.part == "cohost" and one.answer == "open" for one in involved
    )


def _groups(ctx: Context) -> list[str]:
    """The groups the bot knows by name: it cannot see who sits in them, nor take anybody out."""
    names = [known.place.name for known in ctx.store.places.all() if known.place.kind == "group"]
    return list(dict.fromkeys(name for name in names if name))[:MOST_NAMED]
