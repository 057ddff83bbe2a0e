"""Coming in: an invitation's code, "Is that you?", the welcome, and what waited meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from bot.commands import N_, Text, command, one_line
from bot.context import COORDINATING, Context
from bot.handlers.assembly.elected import take_seat, waiting_seat
from bot.handlers.invitations import hats_worn_by, rules_of, title_of
from bot.handlers.linking import name_of
from bot.handlers.taps_shown import taps_shown
from bot.messages import ENGLISH, LANGUAGES, Account, Button, Refusal, Reply, kept, platform_name
from bot.notices import told
from bot.rules.membership import REST, code_hash, first_name, may_end, resting, usable
from storage.invitations import Invitation
from storage.persons import Person
from storage.roles import Role

HIDDEN = Annotated[str, Text(hidden=True)]
LONGEST_NAME = 80

ASK_FOR_ONE = Button(N_("Ask for a new one"), "ask to join")


@command("join", N_("Come in with an invitation code"), may="anybody", example="/join")
def join(
    ctx: Context,
    code: Annotated[str, Text(ask=N_("Paste the code here."), label=N_("Code"))],
) -> Reply:
    """Say what an invitation is for and ask whether it is meant for the one who holds it.

    A code that is mistyped, used or expired gets one and the same answer, so that nothing can be learnt
    by trying; after five of them an account rests (spec/engagement.md section 6)."""
    ctx.in_private()
    if resting(ctx.store.invitations.wrong_tries(ctx.account_id, ctx.now - REST)):
        return Reply("join_rest", {"minutes": int(REST.total_seconds() // 60)})
    invitation = ctx.store.invitations.by_hash(code_hash(code))
    if invitation is not None and _came_in_by(ctx, invitation):
        return _already_in(ctx, invitation)
    if invitation is None or not _stands(ctx, invitation):
        ctx.store.invitations.note_wrong_try(ctx.account_id, ctx.now)
        return Reply("join_unknown", {}, (ASK_FOR_ONE, Button(N_("Try another code"), "join")))
    return _is_it_you(ctx, invitation, code_hash(code))


def invitation_shown(ctx: Context) -> Reply | None:
    """The invitation that is shown in this chat just now, once more; None for none."""
    known = (one.arguments.get("invitation", "") for one in taps_shown(ctx) if one.command == "enter")
    shown = next(known, "")
    invitation = ctx.store.invitations.by_hash(shown) if shown else None
    return _is_it_you(ctx, invitation, shown) if invitation and _stands(ctx, invitation) else None


def _is_it_you(ctx: Context, invitation: Invitation, known_by: str) -> Reply:
    arguments = {"invitation": known_by}
    buttons = (
        Button(N_("Yes, that's me"), "enter", arguments),
        Button(N_("Someone else"), "someone else", arguments),
        *((Button(N_("I'm in already"), "link"),) if ctx.identity.person is None else ()),
    )
    return Reply("is_it_you", _described(ctx, invitation), buttons)


@command("enter", N_("Yes, that's me"), may="anybody", hidden=True)
def enter(ctx: Context, invitation: HIDDEN = "") -> Reply:
    """The one who holds the code says that it is meant for them: they are in. Raises Refusal if no
    button brought them here."""
    found = ctx.store.invitations.by_hash(invitation) if invitation else None
    if found is None:
        raise Refusal("button_old")
    if _came_in_by(ctx, found):
        return _already_in(ctx, found)
    if not _stands(ctx, found):
        return Reply("join_unknown", {}, (ASK_FOR_ONE,), replace=True)
    elected = waiting_seat(ctx, found.motion, found.role) if found.motion else None
    newcomer = take_in(ctx, ctx.account_id, found.role, found.organisation, found.created_by)
    ctx.store.invitations.use(found.id, newcomer.person.id, ctx.now)
    if elected is not None:
        take_seat(ctx, elected, newcomer.person, newcomer.role)
    tell_colleagues(ctx, newcomer)
    return Reply("welcome", welcome_values(ctx, newcomer), welcome_taps(ctx, newcomer), replace=True)


@command("someone else", N_("The invitation is for someone else"), may="anybody", hidden=True)
def someone_else(ctx: Context, invitation: HIDDEN = "") -> Reply:
    """The code went to the wrong person: it stays good for the right one."""
    found = ctx.store.invitations.by_hash(invitation) if invitation else None
    if found is None:
        raise Refusal("button_old")
    buttons = (Button(N_("I'm with a member"), "ask to join"), Button(N_("Just looking"), "just looking"))
    return Reply("for_someone_else", _described(ctx, found), buttons, replace=True)


def _stands(ctx: Context, invitation: Invitation) -> bool:
    if not usable(invitation.uses_left, invitation.expires_at, invitation.revoked_at, ctx.now):
        return False
    return not invitation.motion or waiting_seat(ctx, invitation.motion, invitation.role) is not None


def _came_in_by(ctx: Context, invitation: Invitation) -> bool:
    person = ctx.identity.person
    return person is not None and person.id in ctx.store.invitations.used_by(invitation.id)


def _already_in(ctx: Context, invitation: Invitation) -> Reply:
    taps = (Button(N_("Log something"), "log"), Button(N_("My list"), "activities"))
    return Reply("already_in", _described(ctx, invitation), taps)


def _described(ctx: Context, invitation: Invitation) -> dict[str, str | bool]:
    return {
        "whole": invitation.organisation == COORDINATING,
        "organisation": ctx.short_name(invitation.organisation),
        "role": title_of(ctx, invitation.role),
        "alliance": ctx.charter.alliance.name,
        "until": invitation.expires_at.isoformat(),
    }


@dataclass(frozen=True)
class Newcomer:
    """Somebody who just came in, by which account and with which role; `new` if we never met before."""

    account_id: int
    person: Person
    role: Role
    new: bool


def take_in(ctx: Context, account_id: int, role: str, organisation: str, by: int | None) -> Newcomer:
    """Give the person behind an account a role; whoever is new becomes a person first. `by` is the
    person who opened the door, None for the program. Raises Refusal if there is no such account."""
    linked = ctx.store.accounts.get(account_id)
    if linked is None:
        raise Refusal("button_old")
    # Remembering locks the account's row: two who let the same person in at once make one person of them.
    ctx.store.accounts.remember(linked.account, ctx.now)
    person = ctx.store.accounts.identify(linked.account).person
    new = person is None
    if person is None:
        person = _new_person(ctx, linked.account, organisation)
        ctx.store.accounts.attach(account_id, person.id)
    return Newcomer(
        account_id, person, ctx.store.roles.grant(person.id, role, organisation, ctx.now, by), new
    )


def _new_person(ctx: Context, account: Account, organisation: str) -> Person:
    """Prefilled from the platform's hints, then the organisation, then the alliance; changed by a tap."""
    home = ctx.organisations.get(organisation)
    alliance = ctx.charter.alliance
    language = account.language or (home.language if home else "") or alliance.language
    zones = (account.zone, home.zone if home else "", alliance.zone)
    zone = next(zone for zone in zones if _is_zone(zone) or zone == alliance.zone)
    name = one_line(account.name)[:LONGEST_NAME] or str(kept(name_of(account)))
    return ctx.store.persons.add(name, language, zone, ctx.now)


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):  # what a platform sends as a hint may be anything
        return False


PEOPLE = told(
    "people",
    N_("Who comes and who goes"),
    N_("You get this because you act for the same organisation, or look after the alliance."),
    theme="alliance",
)


def tell_colleagues(ctx: Context, newcomer: Newcomer) -> None:
    """An invitation names no person, so the organisation's people and the coordinators hear who came."""
    organisation = newcomer.role.organisation
    colleagues = [holder.person.id for holder in ctx.store.roles.of_organisation(organisation)]
    people = [person for person in (*colleagues, *ctx.coordinators()) if person != newcomer.person.id]
    rules = rules_of(ctx)
    able = [person for person in people if may_end(hats_worn_by(ctx, person), organisation, rules)]
    linked = ctx.store.accounts.get(newcomer.account_id)
    values = {
        "name": newcomer.person.name,
        "platform": platform_name(linked.account.platform) if linked else "",
        "organisation": ctx.short_name(organisation),
        "role": title_of(ctx, newcomer.role.role),
    }
    wrong = Button(N_("End this role"), "end role", {"role": str(newcomer.role.id)})
    key = f"in:{newcomer.role.id}"
    ctx.tell(able, "came_in", key, values, (wrong,), kind=PEOPLE)
    ctx.tell([one for one in people if one not in able], "came_in", key, values, kind=PEOPLE)


def welcome_values(ctx: Context, newcomer: Newcomer) -> dict[str, str | bool | int]:
    """What the welcome says in its few lines."""
    role, person = newcomer.role, newcomer.person
    waiting = ctx.store.drafts.waiting(newcomer.account_id)
    at_home, term = role.organisation != COORDINATING, ctx.store.terms.of(role.id)
    return {
        "name": first_name(person.name),
        "organisation": ctx.short_name(role.organisation),
        "role": title_of(ctx, role.role),
        "until": term.ends_on.isoformat() if term else "",
        "motion": term.motion or 0 if term else 0,
        "new": newcomer.new,
        "language": language_name(person.language, ctx.language),
        "spoken": LANGUAGES.get(ctx.language, "") if newcomer.new and ctx.language != ENGLISH else "",
        "zone": person.zone,
        "waiting": ctx.called(waiting)["thing"],
        "can_log": at_home and ctx.charter.allows(role.role, "log_activities"),
    }


def welcome_taps(ctx: Context, newcomer: Newcomer) -> tuple[Button, ...]:
    """What waited, or one real task; then what can be changed and read."""
    waiting = ctx.store.drafts.waiting(newcomer.account_id)
    about_me = (*_languages(ctx, newcomer), Button(N_("Privacy notice"), "privacy"))
    if waiting is not None:
        held = {"draft": waiting.token}
        return (
            Button(N_("Continue"), "continue", held),
            Button(N_("Throw away"), "throw away", held),
            *about_me,
        )
    if ctx.charter.allows(newcomer.role.role, "log_activities"):
        return (Button(N_("Log it"), "log"), Button(N_("Later"), "not now"), *about_me)
    return (Button(N_("See the indicators"), "indicators"), *about_me)


def _languages(ctx: Context, newcomer: Newcomer) -> tuple[Button, ...]:
    """Who is spoken to in another language than English is told so once, and can have it otherwise."""
    if newcomer.new and ctx.language != ENGLISH:
        english = Button(LANGUAGES[ENGLISH], "language", {"language": ENGLISH})
        return (english, Button(N_("Other languages"), "language"))
    return (Button(N_("Language and time"), "profile"),)


def language_name(tag: str, reader: str) -> str:
    """A language as its reader calls it ("Portuguese"); the tag itself where nobody knows it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(reader) or tag
    except (UnknownLocaleError, ValueError):
        return tag
