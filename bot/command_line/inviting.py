"""Invitations from the command line: the first coordinator comes in this way, and anybody after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.charter import Charter
from bot.commands import N_
from bot.rules.membership import ALLIANCE, FIRST_ROLE, INVITATION_LASTS, code_hash, new_code, shown
from storage.organisations import Organisation
from storage.store import Store

INVITED = N_("Invitation for %(organisation)s: %(role)s. Good once, until %(until)s.")
HOW_TO_USE = N_("Paste the code into a direct message to the bot, or open the link.")
HOW_TO_USE_CODE = N_("Paste the code into a direct message to the bot.")
NOBODY_LEFT = N_("Every organisation has somebody already.")


class NotInvited(Exception):
    """An invitation that the charter does not know; said in one sentence."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh invitation: for whom, as what, its code, and until when it is good (UTC)."""

    organisation: str
    role: str
    code: str
    until: datetime


def invite_one(store: Store, charter: Charter, organisation: str, role: str, now: datetime) -> Invited:
    """A code for one person, good once and for thirty days. `organisation` is a slug, "" for a role of the
    whole alliance. Raises NotInvited."""
    titles = {one.key: one for one in charter.roles}
    known = {one.slug: one for one in store.organisations.all()}
    role = role or (FIRST_ROLE if organisation else "")
    if role not in titles:
        raise NotInvited(f"--role: expected one of {', '.join(titles)}, found {role!r}.")
    if titles[role].scope == "alliance" and organisation:
        raise NotInvited(f"--role {role} is held for the whole alliance: leave --organisation out.")
    if titles[role].scope != "alliance" and organisation not in known:
        raise NotInvited(f"--organisation: expected one of {', '.join(known)}, found {organisation!r}.")
    return _fresh(store, charter, known.get(organisation), role, now)


def invite_all(store: Store, charter: Charter, role: str, now: datetime) -> tuple[Invited, ...]:
    """A code for every organisation in which nobody holds a role yet. Raises NotInvited."""
    role = role or FIRST_ROLE
    empty = [one for one in store.organisations.all() if not store.roles.of_organisation(one.slug)]
    return tuple(invite_one(store, charter, one.slug, role, now) for one in empty)


def in_lines(these: tuple[Invited, ...], links: tuple[Callable[[str], str], ...]) -> list[str]:
    """What is printed: for whom, the code in groups of four, the links that open the bot with it."""
    if not these:
        return [NOBODY_LEFT]
    lines: list[str] = []
    linked = False
    for one in these:
        until = f"{one.until:%a} {one.until.day} {one.until:%b %Y}"
        lines.append(INVITED % {"organisation": one.organisation, "role": one.role, "until": until})
        lines.append(shown(one.code))
        found = [link for link in (make(one.code) for make in links) if link]
        lines += [*found, ""]
        linked = linked or bool(found)
    return [*lines, HOW_TO_USE if linked else HOW_TO_USE_CODE]


def _fresh(
    store: Store, charter: Charter, organisation: Organisation | None, role: str, now: datetime
) -> Invited:
    code, until = new_code(), now + INVITATION_LASTS
    slug = organisation.slug if organisation else ALLIANCE
    store.invitations.add(code_hash(code), slug, role, 1, until, None, now)
    name = organisation.short_name if organisation else charter.alliance.short_name
    return Invited(name, charter.role(role).title, code, until)
