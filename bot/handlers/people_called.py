"""Whom somebody means by a name: in a command the name is a `Text`, and the handler asks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.commands import Known, OnePerson
from bot.context import Context
from bot.messages import Ask, Choice

LONGEST_LABEL: Final = 20  # characters on a button


def names_of_all(ctx: Context) -> dict[int, str]:
    """Everybody who is here, by person: their names."""
    found = (holder for role in ctx.charter.roles for holder in ctx.store.roles.holders(role.key))
    return {holder.person.id: holder.person.name for holder in found if holder.person.left_at is None}


def person_called(
    ctx: Context, name: str, option: str, among: Mapping[int, str] | None = None
) -> tuple[int, str]:
    """Whom somebody typed, by person, and their name: among these people, else all who are here. A mention
    ("@Luc", or the id that Slack makes of it) is a name too. Raises Ask where several are as likely, Refusal
    where nobody is."""
    people = names_of_all(ctx) if among is None else among
    mentioned = _mentioned(ctx, name)
    if mentioned in people:
        return mentioned, people[mentioned]
    known = tuple(Known(f"p{person}", (called,)) for person, called in people.items())
    try:
        found = OnePerson().read(name.lstrip("@"), replace(ctx.reading, persons=known), option)
    except Ask as which:
        taps = tuple(Choice(_told_apart(ctx, people, one), one.arguments) for one in which.choices)
        raise Ask(option, which.template, taps, which.free, **which.values) from None
    person = int(found.removeprefix("p"))
    return person, people[person]


def _mentioned(ctx: Context, name: str) -> int:
    """The person behind the account id in a mention; 0 for none."""
    if not name.startswith("@"):
        return 0
    everybody = ctx.store.accounts.of_everybody().items()
    behind = (
        person for person, (_, accounts) in everybody if any(one.account.user == name[1:] for one in accounts)
    )
    return next(behind, 0)


def _told_apart(ctx: Context, people: Mapping[int, str], choice: Choice) -> str:
    """The label of one of several who may be meant; two of one name by their organisation."""
    [value] = choice.arguments.values()
    person = int(value.removeprefix("p"))
    if list(people.values()).count(people[person]) < 2:
        return choice.label
    organisations = {
        role.organisation for role in ctx.store.roles.of_person(person)
    } & ctx.organisations.keys()
    where = ctx.short_name(min(organisations)) if organisations else ""
    return f"{where} · {people[person]}"[:LONGEST_LABEL]
