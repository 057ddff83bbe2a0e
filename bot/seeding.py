"""Seeding: the charter file into an empty database, once; the made-up people of a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from bot.charter import (
    Announcements,
    Attention,
    Charter,
    Charters,
    EventKind,
    MadeUpPerson,
    NewsletterTable,
    Permission,
    load_people,
)
from bot.charter.parts import Preamble
from bot.in_force import charters_in
from bot.messages import ENGLISH
from bot.platforms.terminal.people import NAME, account_of, direct_of
from storage.organisations import Organisation
from storage.store import Duplicate, Storage, Store

REHEARSAL = NAME  # the platform whose people are made up


class AllianceMismatch(Exception):
    """The database serves another alliance than the charter file; said in one sentence."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a start found: the newest version of the charter in the database, whether it was just made,
    and whether the file says something else (the database stands; decisions change it)."""

    version: int
    fresh: bool
    differs: bool


def seed(storage: Storage, charter: Charter, now: datetime) -> Seeded:
    """Found the alliance in an empty database: its charter as version 1, in force since the last founder
    signed, and its organisations. Later starts only learn what no version knew of: what roles may do, the
    articles' texts, kinds of events, members' sectors, the newsletter. Raises AllianceMismatch."""
    try:
        return storage.write_now(lambda store: _seed(store, charter, now))
    except Duplicate:  # another process was just founding it
        return storage.write_now(lambda store: _seed(store, charter, now))


def compare(store: Store, charter: Charter) -> Seeded | None:
    """How the database stands to a charter file; None if it is empty. Raises AllianceMismatch."""
    alliance = store.charters.alliance()
    if alliance is None:
        return None
    if alliance.slug != charter.alliance.slug:
        raise AllianceMismatch(
            f"This database serves {alliance.name}; the charter file is that of {charter.alliance.name}. "
            "Set DATABASE_URL or CHARTER so that they belong together."
        )
    newest = store.charters.versions()[-1]
    return Seeded(newest.version, False, newest.fingerprint != charter.fingerprint())


def charters_of(storage: Storage) -> Charters:
    """Every version of the charter in the database, each with the day from which it is in force."""
    return storage.read_now(charters_in)


def people_beside(charter_file: Path) -> Path:
    """Where the made-up people of a charter are kept: `<charter>.test-people.toml` beside it."""
    return charter_file.with_name(f"{charter_file.stem}.test-people.toml")


def seed_test_people(storage: Storage, charter: Charter, path: Path, now: datetime) -> tuple[str, ...]:
    """Let the made-up people of a rehearsal in, each once, and return their names in the file's order.

    Where real people have come in already nobody is added: () is returned. So is it without a file.
    Raises CharterFault for a file that cannot be used.
    """
    if not path.exists():
        return ()
    people = load_people(path, charter)

    def let_in(store: Store) -> tuple[str, ...]:
        if platforms_of_members(store, charter) - {REHEARSAL}:
            return ()
        for person in people:
            _let_in(store, charter, person, now)
        return tuple(person.name for person in people)

    return storage.write_now(let_in)


def platforms_of_members(store: Store, charter: Charter) -> set[str]:
    """The platforms on which people with a role have an account."""
    holders = {holder.person.id for role in charter.roles for holder in store.roles.holders(role.key)}
    return {linked.account.platform for person in holders for linked in store.accounts.of_person(person)}


def _seed(store: Store, charter: Charter, now: datetime) -> Seeded:
    if compare(store, charter) is not None:
        _learn(store, charter, now)
        return cast(Seeded, compare(store, charter))
    store.charters.found(charter.alliance.slug, charter.alliance.name, now)
    version = store.charters.add(charter.fingerprint(), charter.to_json(), charter.alliance.in_force, now)
    classes = {one.key: one for one in charter.classes}
    for one in charter.organisations:
        store.organisations.add(
            Organisation(
                slug=one.slug,
                name=one.name,
                short_name=one.short_name,
                aliases=one.aliases,
                country=one.country,
                zone=one.zone,
                language=one.languages[0],
                standing="voting" if classes[one.membership_class].votes else "guest",
                member_class=one.membership_class,
                founding=classes[one.membership_class].founders or one.signed is not None,
                joined_on=one.signed,
                sectors=one.sectors,
            )
        )
    _write_down_signatures(store, charter, now)
    return Seeded(version, True, False)


def _write_down_signatures(store: Store, charter: Charter, now: datetime) -> None:
    """The signatures that the file knows of, by day alone; who signed is not in it."""
    for one in charter.organisations:
        if one.signed is not None and store.organisations.get(one.slug) is not None:
            store.signatures.sign(one.slug, "", "", one.signed, None, now)


def _learn(store: Store, charter: Charter, now: datetime) -> None:
    """A newer program can do something new, and so has a permission that this alliance never decided on:
    then it is the file that says which roles have it, in a version of today and in each that is to come.
    So it is with the text of an article that no version has a text of, with kinds of events, with what is
    typed for roles, with the sectors of members, and with how people are written to. What any version knew
    of before stays as the alliance has it. Signatures are written down where there are none yet."""
    store.charters.lock()
    kept = charters_in(store)
    news = _news(charter, [version for _, version in kept.versions])
    if not store.signatures.all():  # this database is older than they are
        _write_down_signatures(store, charter, now)
    for one in store.organisations.all():
        if not one.sectors and news.sectors.get(one.slug):
            store.organisations.change(one.slug, sectors=news.sectors[one.slug])
    today = now.date()
    later = [(day, one) for day, one in kept.versions if day > today]
    for day, version in ((today, kept.at(today)), *later):
        learned = _taught(version, news)
        if learned != version:
            store.charters.add(learned.fingerprint(), learned.to_json(), day, now)


@dataclass(frozen=True, slots=True)
class _News:
    """What the file says and no version knew of: permissions and words by role, texts by article's number,
    the preamble, kinds of events, sectors by organisation, and how people are written to."""

    granted: Mapping[str, Sequence[Permission]]
    role_words: Mapping[str, tuple[str, ...]]
    texts: Mapping[int, str]
    preamble: Preamble | None
    event_kinds: tuple[EventKind, ...]
    sectors: Mapping[str, tuple[str, ...]]
    attention: Attention | None
    announcements: Announcements | None
    newsletter: NewsletterTable | None


def _news(charter: Charter, versions: Sequence[Charter]) -> _News:
    known = {permission for version in versions for role in version.roles for permission in role.may}
    written = {article.number for version in versions for article in version.articles if article.text}
    worded = any(role.words for version in versions for role in version.roles)
    placed = any(one.sectors for version in versions for one in version.organisations)
    limited = any(version.attention_table for version in versions)
    announced = any(version.announcements_table for version in versions)
    published = any(version.newsletter_table for version in versions)
    return _News(
        role_words={} if worded else {role.key: role.words for role in charter.roles},
        granted={role.key: [one for one in role.may if one not in known] for role in charter.roles},
        texts={one.number: one.text for one in charter.articles if one.number not in written},
        preamble=None if any(version.preamble for version in versions) else charter.preamble,
        event_kinds=() if any(version.event_kinds for version in versions) else charter.event_kinds,
        sectors={} if placed else {one.slug: one.sectors for one in charter.organisations},
        attention=None if limited else charter.attention_table,
        announcements=None if announced else charter.announcements_table,
        newsletter=None if published else charter.newsletter_table,
    )


def _taught(version: Charter, news: _News) -> Charter:
    roles = (
        role.model_copy(
            update={
                "may": (*role.may, *news.granted.get(role.key, ())),
                "words": role.words or news.role_words.get(role.key, ()),
            }
        )
        for role in version.roles
    )
    articles = (
        article.model_copy(update={"text": article.text or news.texts.get(article.number, "")})
        for article in version.articles
    )
    members = (
        one.model_copy(update={"sectors": one.sectors or news.sectors.get(one.slug, ())})
        for one in version.organisations
    )
    logged = {kind.key for kind in version.activity_kinds}
    events = (
        kind if kind.activity in logged else kind.model_copy(update={"activity": None})
        for kind in news.event_kinds
    )
    known = {
        "roles": tuple(roles),
        "articles": tuple(articles),
        "preamble": version.preamble or news.preamble,
        "event_kinds": version.event_kinds or tuple(events),
        "organisations": tuple(members),
        "attention_table": version.attention_table or news.attention,
        "announcements_table": version.announcements_table or news.announcements,
        "newsletter_table": version.newsletter_table or _newsletter(version, news.newsletter),
    }
    return version.model_copy(update=known)


def _newsletter(version: Charter, table: NewsletterTable | None) -> NewsletterTable | None:
    """The file's newsletter as this version can have it: its topics name only objectives that it knows."""
    if table is None:
        return None
    known = {objective.key for objective in version.objectives}
    topics = (
        topic.model_copy(update={"objectives": tuple(one for one in topic.objectives if one in known)})
        for topic in table.topics
    )
    return table.model_copy(update={"topics": tuple(topics)})


def _let_in(store: Store, charter: Charter, person: MadeUpPerson, now: datetime) -> None:
    """Whoever rehearses reads what everybody is told, so all are spoken to in English until they choose."""
    account = account_of(person.name)
    if store.accounts.identify(account).account_id is not None:
        return
    added = store.persons.add(person.name, ENGLISH, person.zone, now)
    store.accounts.attach(store.accounts.remember(account, now, direct_of(account)), added.id)
    for role in person.roles:
        at_home = charter.role(role).scope == "organisation"
        store.roles.grant(added.id, role, person.organisation if at_home else "", now, None)
