"""In which language a place is spoken to."""

from __future__ import annotations

from bot.charter import Charter
from bot.messages import spoken
from storage.organisations import Organisation
from storage.places import KnownPlace
from storage.store import Store


def language_of_place(
    store: Store,
    members: tuple[Organisation, ...],
    charter: Charter,
    known: KnownPlace | None,
    languages: tuple[str, ...],
) -> str:
    """What was chosen for it > the language of whose place it is > the alliance's, of those we speak. It is
    the place of an organisation if somebody let the bot in who acts for that one alone."""
    every = (known.language if known else "", _of_whose_it_is(store, members, known))
    return next((found for tag in every if (found := spoken(tag, languages))), charter.alliance.language)


def _of_whose_it_is(store: Store, members: tuple[Organisation, ...], known: KnownPlace | None) -> str:
    person = store.accounts.get(known.added_by).person_id if known and known.added_by is not None else None
    if person is None:
        return ""
    acts_for = {role.organisation for role in store.roles.of_person(person)}
    return next((one.language for one in members if acts_for == {one.slug}), "")
