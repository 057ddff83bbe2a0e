"""In which language a person, and a place, is spoken to; what has a name in each."""

from __future__ import annotations

from dataclasses import replace

from bot.charter import Charter
from bot.messages import Place, spoken
from storage.accounts import Identity
from storage.organisations import Organisation
from storage.places import KnownPlace
from storage.store import Store


def language_of(
    identity: Identity,
    hint: str,
    members: tuple[Organisation, ...],
    charter: Charter,
    languages: tuple[str, ...],
) -> str:
    """Their own choice > the platform's hint > their organisation's > the alliance's, of those we speak."""
    own = identity.person.language if identity.person else ""
    homes = {one.slug: one.language for one in members}
    theirs = (homes.get(role.organisation, "") for role in identity.roles)
    every = (own, hint, *theirs, charter.alliance.language)
    return next((found for tag in every if (found := spoken(tag, languages))), charter.alliance.language)


def language_of_place(
    store: Store,
    members: tuple[Organisation, ...],
    charter: Charter,
    place: Place,
    languages: tuple[str, ...],
) -> str:
    """What was chosen for it > the language of whose place it is > the alliance's, of those we speak. It is
    the place of an organisation if somebody let the bot in who acts for that one alone. A thread or topic of
    which nothing is known is as its chat."""
    known = store.places.find(place) or store.places.find(replace(place, thread=""))
    every = (known.language if known else "", _of_whose_it_is(store, members, known))
    return next((found for tag in every if (found := spoken(tag, languages))), charter.alliance.language)


def sectors_of(charter: Charter) -> frozenset[str]:
    """The sectors that the charter names: they have a name in every language."""
    return frozenset(sector for one in charter.organisations for sector in one.sectors)


def _of_whose_it_is(store: Store, members: tuple[Organisation, ...], known: KnownPlace | None) -> str:
    person = store.accounts.get(known.added_by).person_id if known and known.added_by is not None else None
    if person is None:
        return ""
    acts_for = {role.organisation for role in store.roles.of_person(person)}
    return next((one.language for one in members if acts_for == {one.slug}), "")
