"""The private way in for people we have not met: asking to join, just looking, the privacy notice."""

from __future__ import annotations

from typing import Annotated

from bot.commands import N_, Number, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.entering import HIDDEN, take_in, tell_colleagues, welcome_taps, welcome_values
from bot.handlers.invitations import hats_of, organisation_choices, rules_of, title_of
from bot.handlers.linking import name_of
from bot.handlers.taps_shown import taps_shown
from bot.messages import Ask, Button, Choice, Refusal, Reply, platform_name
from bot.notices import Values, told
from bot.rules.membership import NEXT_ROLE, may_end, may_invite, role_on_entry
from bot.rules.names import alike
from storage.drafts import Draft
from storage.persons import Person

WAYS_IN = (
    Button(N_("I have an invitation"), "join"),
    Button(N_("I'm with a member"), "ask to join"),
    Button(N_("Just looking"), "just looking"),
)


def ways_in(ctx: Context, waiting: Draft | None = None) -> Reply:
    """What somebody unknown is shown: who we are, what of theirs waits, and three ways to go on; said again
    at once, it is shorter."""
    link = ctx.start_link("hello") if ctx.place.kind == "group" else ""
    buttons = (Button(N_("Come in"), url=link),) if link else WAYS_IN
    values = {
        "alliance": ctx.charter.alliance.name,
        "by_link": bool(link),
        "again": _was_shown(ctx),
        **ctx.called(waiting),
    }
    return Reply("stranger", values, buttons)


def _was_shown(ctx: Context) -> bool:
    if ctx.place.kind != "direct":
        return False
    return any(one.command == "ask to join" and not one.arguments for one in taps_shown(ctx))


@command("ask to join", N_("Ask a member's people to let you in"), may="anybody", hidden=True)
def ask_to_join(
    ctx: Context,
    organisation: Annotated[str, OneOrganisation(label=N_("Organisation"))] = "",
    other: HIDDEN = "",
    about: Annotated[str, Text(lead=("about",), label=N_("About"))] = "",
    named: HIDDEN = "",
) -> Reply:
    """Ask those who may let somebody in, once for each account and organisation (section 6: never a
    silent failure). One that was only `named` in passing is offered first. Raises Ask for the organisation,
    or for a word about one we don't know."""
    if other:
        return _ask_about_another(ctx, about)
    if not organisation:
        # NOTE: another organisation
        another = Choice(N_("Another"), {"other": "yes"})
        offered = (named,) if named in ctx.organisations else tuple(ctx.organisations)
        choices = (*organisation_choices(ctx, offered), another)
        raise Ask(
            "organisation", "question", choices, question=N_("Which organisation are you with?"), hint=""
        )
    if any(role.organisation == organisation for role in ctx.roles):
        return Reply("in_already", {"organisation": ctx.short_name(organisation)})
    asked = (*ctx.people_of(organisation, "invite"), *ctx.coordinators())
    arguments = {"account": str(ctx.account_id), "organisation": organisation}
    known = _may_be(ctx, organisation)
    buttons = (
        Button(N_("Let them in"), "let in", arguments),
        *((Button(N_("Same person"), "is the same", arguments),) if known else ()),
        Button(N_("Not now"), "not now for them", arguments),
    )
    values = {**_who(ctx), "organisation": ctx.short_name(organisation), "known": known.name if known else ""}
    key = f"asks:{ctx.account_id}:{organisation}:{ctx.now:%Y%m%d}"
    said = {**values, "account": ctx.account_id, "slug": organisation}
    ctx.tell(asked, "asks_to_join", key, said, buttons, kind=JOINING)
    looks = Button(N_("Just looking"), "just looking")
    return Reply("asked_to_join", {**values, "anybody": bool(asked)}, (looks,), replace=True)


def is_outside(ctx: Context, values: Values) -> bool:
    """Whether who asked has not come in meanwhile, and the reader may let them in."""
    may = ctx.may("invite", values["slug"]) if values["slug"] else ctx.may("invite_all")
    if not may:
        return False
    linked = ctx.store.accounts.get(values["account"]) if values.get("account") else None
    if linked is None or linked.person_id is None:
        return True
    inside = {role.organisation for role in ctx.store.roles.of_person(linked.person_id)}
    return (values["slug"] not in inside) if values["slug"] else not inside


JOINING = told(
    "wish to join",
    N_("Wishes to join"),
    N_("You get this because you may let people in."),
    still_due=is_outside,
    theme="alliance",
    counts=False,  # somebody waits at the door
    duty=True,
)


def _ask_about_another(ctx: Context, about: str) -> Reply:
    if not about:
        raise Ask("about", "question", question=N_("What is it called, and who are you there?"), hint="")
    values = {**_who(ctx), "about": about, "account": ctx.account_id, "slug": ""}
    key = f"asks:{ctx.account_id}::{ctx.now:%Y%m%d}"
    ctx.tell(ctx.coordinators(), "asks_about_joining", key, values, kind=JOINING)
    looks = Button(N_("Just looking"), "just looking")
    return Reply("asked_coordinator", {"anybody": bool(ctx.coordinators())}, (looks,))


def _who(ctx: Context) -> dict[str, str]:
    account = ctx.incoming.account
    return {"name": name_of(account), "platform": platform_name(account.platform)}


def _may_be(ctx: Context, organisation: str) -> Person | None:
    """Somebody of the organisation who is called like whoever asks, and is reached elsewhere: names only ever
    suggest that two are one (section 6)."""
    name, own = ctx.incoming.account.name, ctx.identity.person
    found = [one.person for one in ctx.store.roles.of_organisation(organisation)]
    return next((one for one in found if alike(one.name, name) and (own is None or one.id != own.id)), None)


@command("is the same", N_("Somebody who asks is in already, elsewhere"), may="invite", hidden=True)
def is_the_same(
    ctx: Context, account: Annotated[int, Number(hidden=True, most=2**53)] = 0, organisation: HIDDEN = ""
) -> Reply:
    """[Same person]: whoever asked is shown how two accounts become one person. Only they can link them, from
    the account that is known. Raises Refusal as `let in` does."""
    linked = ctx.store.accounts.get(account) if account else None
    if linked is None or organisation not in ctx.organisations:
        raise Refusal("button_old")
    if not ctx.may("invite", organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    ways = (Button(N_("Type the code"), "link"), Button(N_("That's not me"), "just looking"))
    values = {"name": ctx.person.name, "organisation": ctx.short_name(organisation)}
    ctx.tell_account(account, "link_offered", f"offered:{account}:{ctx.now:%Y%m%d}", values, ways)
    arguments = {"account": str(account), "organisation": organisation}
    back = Button(N_("Let them in"), "let in", arguments)
    return Reply("link_offered_done", {"name": name_of(linked.account)}, (back,), replace=True)


@command("let in", N_("Let somebody in who asked"), may="invite", hidden=True)
def let_in(
    ctx: Context, account: Annotated[int, Number(hidden=True, most=2**53)] = 0, organisation: HIDDEN = ""
) -> Reply:
    """A colleague or coordinator opens the door: the first one of an organisation represents it, the next
    ones are colleagues. Raises Refusal where the caller may not invite."""
    linked = ctx.store.accounts.get(account) if account else None
    if linked is None or organisation not in ctx.organisations:
        raise Refusal("button_old")
    ctx.store.organisations.lock(organisation)  # two at once must not both be the first
    there = ctx.store.roles.of_organisation(organisation)
    role = role_on_entry(len(there))
    if not may_invite(hats_of(ctx), role, organisation, rules_of(ctx)):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    name = name_of(linked.account)
    if any(holder.person.id == linked.person_id for holder in there):
        return Reply(
            "let_in_already", {"name": name, "organisation": ctx.short_name(organisation)}, replace=True
        )
    newcomer = take_in(ctx, account, role, organisation, ctx.person.id)
    taps = welcome_taps(ctx, newcomer)
    ctx.tell_account(account, "welcome", f"welcome:{newcomer.role.id}", welcome_values(ctx, newcomer), taps)
    tell_colleagues(ctx, newcomer)
    values = {
        "name": newcomer.person.name,
        "organisation": ctx.short_name(organisation),
        "role": title_of(ctx, newcomer.role.role),
        "first": role != NEXT_ROLE,
    }
    undo = Button(N_("End this role"), "end role", {"role": str(newcomer.role.id)})
    ends = may_end(hats_of(ctx), organisation, rules_of(ctx))
    return Reply("let_in", values, (undo,) if ends else (), replace=True)


@command("not now for them", N_("Leave somebody's wish to join"), may="invite", hidden=True)
def not_now_for_them(
    ctx: Context, account: Annotated[int, Number(hidden=True, most=2**53)] = 0, organisation: HIDDEN = ""
) -> Reply:
    """The one who asked hears it kindly, with the other ways in. Raises Refusal as `let in` does."""
    linked = ctx.store.accounts.get(account) if account else None
    if linked is None or organisation not in ctx.organisations:
        raise Refusal("button_old")
    if not may_invite(hats_of(ctx), NEXT_ROLE, organisation, rules_of(ctx)):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    values = {
        "name": name_of(linked.account),
        "organisation": ctx.short_name(organisation),
    }
    ctx.tell_account(
        account,
        "not_let_in",
        f"not-in:{account}:{organisation}:{ctx.now:%Y%m%d}",
        values,
        (WAYS_IN[0], WAYS_IN[2]),
    )
    back = Button(N_("Let them in"), "let in", {"account": str(account), "organisation": organisation})
    return Reply("left_out", values, (back,), replace=True)


@command(
    "just looking",
    N_("What this alliance is and what it promised"),
    may="anybody",
    hidden=True,
    aliases=("what is this", "who are you", "what are you", "what is it"),
)
def just_looking(ctx: Context) -> Reply:
    """For anybody: who is in it, and the yearly targets of the charter (Art. 2)."""
    charter = ctx.charter
    values = {
        "alliance": charter.alliance.name,
        "members": [organisation.short_name for organisation in ctx.organisations.values()],
        "promises": [
            {"label": one.label, "target": one.target, "unit": one.unit} for one in charter.indicators
        ],
    }
    known = ctx.identity.person is not None
    ways = (Button(N_("Help"), "help"),) if known else WAYS_IN[:2]
    return Reply("just_looking", values, (*ways, Button(N_("Privacy notice"), "privacy")))


@command("privacy", N_("What I keep about you, and who is responsible"), may="anybody", example="/privacy")
def privacy(ctx: Context) -> Reply:
    """The privacy notice in a few lines; for strangers too."""
    more = (Button(N_("How long, who else"), "privacy more"),)
    mine = (Button(N_("My data"), "profile"),) if ctx.identity.person else ()
    return Reply("privacy", _responsible(ctx), (*more, *mine, Button(N_("OK"), "privacy seen")))


@command("privacy more", N_("How long I keep it, and who else sees it"), may="anybody", hidden=True)
def privacy_more(ctx: Context) -> Reply:
    """The second half of the notice."""
    return Reply("privacy_more", _responsible(ctx), (Button(N_("OK"), "privacy seen"),), replace=True)


@command("privacy seen", N_("The privacy notice was read"), may="anybody", hidden=True)
def privacy_seen(ctx: Context) -> Reply:
    """Note that a person saw the notice; a stranger gets the ways in again."""
    person = ctx.identity.person
    if person is None:
        return ways_in(ctx)
    if person.notice_seen_at is None:
        ctx.store.persons.change(person.id, notice_seen_at=ctx.now)
    return Reply("privacy_seen", {}, (Button(N_("Help"), "help"),), replace=True)


def _responsible(ctx: Context) -> dict[str, str | list[str]]:
    """Whom to ask: the coordinators of the alliance, each with an organisation of theirs."""
    named = []
    for person in ctx.coordinators():
        known = ctx.store.persons.get(person)
        homes = [role.organisation for role in ctx.store.roles.of_person(person) if role.organisation]
        if known is not None:
            named.append(f"{known.name} ({ctx.short_name(homes[0])})" if homes else known.name)
    return {"alliance": ctx.charter.alliance.name, "responsible": named}
