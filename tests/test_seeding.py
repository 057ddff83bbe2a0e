"""Seeding: once, from the file; afterwards the database stands."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command

from bot.charter import Charter, load
from bot.messages import Account
from bot.platforms.terminal import account_of
from bot.seeding import (
    AllianceMismatch,
    Seeded,
    charters_of,
    people_beside,
    platforms_of_members,
    seed,
    seed_test_people,
)
from storage.database import read_url, writer_engine
from storage.migrating import config
from storage.store import Storage, Store

CHARTER = Path(__file__).parents[1] / "charters/green-manufacturing.toml"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load(CHARTER)


def another(charter: Charter, **alliance: str) -> Charter:
    return charter.model_copy(update={"alliance": charter.alliance.model_copy(update=alliance)})


def test_an_empty_database_becomes_the_alliance_of_the_file(storage: Storage, charter: Charter) -> None:
    assert seed(storage, charter, NOW) == Seeded(1, True, False)

    def look(store: Store) -> None:
        assert [one.short_name for one in store.organisations.all()] == sorted(
            one.short_name for one in charter.organisations
        )
        mecatech = store.organisations.get("mecatech")
        assert mecatech is not None
        assert (mecatech.zone, mecatech.standing, mecatech.founding) == ("Europe/Brussels", "voting", True)
        (version,) = store.charters.versions()
        assert version.in_force_from == date(2025, 8, 26)  # the last founder's signature

    storage.read_now(look)
    assert charters_of(storage).at(NOW.date()) == charter


def may(charter: Charter, **allowed: tuple[str, ...]) -> Charter:
    """The charter with other permissions for these roles."""
    roles = (role.model_copy(update={"may": allowed.get(role.key, role.may)}) for role in charter.roles)
    return charter.model_copy(update={"roles": tuple(roles)})


def test_what_a_newer_program_can_do_is_learned_from_the_file_once(
    storage: Storage, charter: Charter
) -> None:
    before = may(charter, coordinator=("invite_all",), representative=("vote",), alternate=("vote",))
    before = may(before, **{"cluster-manager": ("log_activities",)})
    newer = may(before, coordinator=("invite_all", "see_jobs", "vote"))
    newer = may(newer, representative=("vote", "manage_places"))
    seed(storage, before, NOW)

    assert seed(storage, newer, NOW) == Seeded(2, False, True)

    stands = charters_of(storage).at(NOW.date())
    assert stands.role("coordinator").may == ("invite_all", "see_jobs")  # "vote" was decided on before
    assert stands.role("representative").may == ("vote", "manage_places")
    assert stands.role("alternate").may == ("vote",)
    assert seed(storage, newer, NOW).version == 2


def test_what_is_learned_holds_in_a_version_that_is_to_come(storage: Storage, charter: Charter) -> None:
    before = may(charter, **{role.key: ("vote",) for role in charter.roles})
    seed(storage, before, NOW)
    amended = another(before, zone="Europe/Lisbon")
    day = date(2027, 1, 1)
    storage.write_now(lambda s: s.charters.add(amended.fingerprint(), amended.to_json(), day, NOW))

    seed(storage, may(before, coordinator=("vote", "see_jobs")), NOW)

    today, later = charters_of(storage).at(NOW.date()), charters_of(storage).at(day)
    assert (today.alliance.zone, later.alliance.zone) == ("Europe/Brussels", "Europe/Lisbon")
    assert today.role("coordinator").may == later.role("coordinator").may == ("vote", "see_jobs")


def wordless(charter: Charter, *numbers: int) -> Charter:
    """The charter as it was kept before these articles (all, if none is named) and a preamble had a text."""
    articles = (
        one.model_copy(update={"text": "" if not numbers or one.number in numbers else one.text})
        for one in charter.articles
    )
    return charter.model_copy(update={"articles": tuple(articles), "preamble": None})


def test_the_texts_of_the_articles_are_learned_from_the_file_once(storage: Storage, charter: Charter) -> None:
    seed(storage, wordless(charter), NOW)

    assert seed(storage, charter, NOW) == Seeded(2, False, False)

    stands = charters_of(storage).at(NOW.date())
    assert stands.article(8).text == charter.article(8).text
    assert stands.preamble == charter.preamble
    assert seed(storage, charter, NOW).version == 2


def test_a_text_of_the_alliances_own_is_not_learned_again(storage: Storage, charter: Charter) -> None:
    kept = wordless(charter, 7)
    nine = tuple(
        one.model_copy(update={"text": "We get along."}) if one.number == 9 else one for one in kept.articles
    )
    fewer = kept.model_copy(update={"articles": tuple(one for one in nine if one.number != 3)})
    seed(storage, fewer, NOW)
    day = date(2027, 1, 1)
    later = another(fewer, zone="Europe/Lisbon")
    storage.write_now(lambda s: s.charters.add(later.fingerprint(), later.to_json(), day, NOW))

    assert seed(storage, charter, NOW).version == 4

    for stands in (charters_of(storage).at(NOW.date()), charters_of(storage).at(day)):
        assert stands.article(7).text == charter.article(7).text
        assert stands.article(9).text == "We get along."
        assert [one.number for one in stands.articles] == [1, 2, 4, 5, 6, 7, 8, 9]  # 3 was taken out
    assert seed(storage, charter, NOW).version == 4


def before_events(charter: Charter) -> Charter:
    """The charter as it was kept before the program knew of events and sectors."""
    events = ("answer_events", "organise_events")
    older = may(charter, **{r.key: tuple(p for p in r.may if p not in events) for r in charter.roles})
    members = tuple(one.model_copy(update={"sectors": ()}) for one in charter.organisations)
    return older.model_copy(update={"event_kinds": (), "organisations": members})


def sectors_in(storage: Storage) -> dict[str, tuple[str, ...]]:
    """Each organisation's sectors."""
    return storage.read_now(lambda store: {one.slug: one.sectors for one in store.organisations.all()})


def test_an_alliance_from_before_the_events_learns_of_them(
    database_url: str, storage: Storage, charter: Charter
) -> None:
    seed(storage, before_events(charter), NOW)
    engine = writer_engine(read_url(database_url))
    with engine.connect() as connection, connection.begin():
        command.downgrade(config(connection), "0006")  # as the program before left it
    engine.dispose()
    storage.migrate()
    assert set(sectors_in(storage).values()) == {()}

    assert seed(storage, charter, NOW).version == 2

    stands = charters_of(storage).at(NOW.date())
    assert stands.event_kinds == charter.event_kinds
    assert stands.allows("advisor", "answer_events")
    assert [role.key for role in stands.roles if "organise_events" not in role.may] == ["advisor"]
    assert sectors_in(storage) == {one.slug: one.sectors for one in charter.organisations}
    assert seed(storage, charter, NOW).version == 2


def test_kinds_and_sectors_of_the_alliances_own_are_not_learned_again(
    storage: Storage, charter: Charter
) -> None:
    older = before_events(charter)
    seed(storage, older, NOW)
    storage.write_now(lambda store: store.organisations.change("cimes", sectors=("robotics",)))
    seed(storage, charter, NOW)
    assert sectors_in(storage)["cimes"] == ("robotics",)  # they had said so themselves
    storage.write_now(lambda store: store.organisations.change("pool-net", sectors=()))
    more = charter.event_kind("fair").model_copy(update={"key": "visit", "label": "visit", "words": ()})

    seed(storage, charter.model_copy(update={"event_kinds": (*charter.event_kinds, more)}), NOW)

    assert sectors_in(storage)["pool-net"] == ()  # they took them out
    assert charters_of(storage).at(NOW.date()).event_kinds == charter.event_kinds


def test_a_kind_of_event_is_logged_only_as_what_the_alliance_knows(
    storage: Storage, charter: Charter
) -> None:
    fewer = tuple(kind for kind in charter.activity_kinds if kind.key != "other")
    seed(storage, before_events(charter).model_copy(update={"activity_kinds": fewer}), NOW)
    seed(storage, charter, NOW)

    stands = charters_of(storage).at(NOW.date())
    assert {kind.key: kind.activity for kind in stands.event_kinds if kind.activity} == {
        "webinar": "webinar",
        "workshop": "workshop",
    }


def before_announcements(charter: Charter) -> Charter:
    """The charter as it was kept before the program knew of announcements and the newsletter."""
    later = ("announce", "edit_newsletter", "send_news")
    older = may(charter, **{r.key: tuple(p for p in r.may if p not in later) for r in charter.roles})
    return older.model_copy(update={"announcements_table": None, "newsletter_table": None})


def test_an_alliance_from_before_the_newsletter_learns_of_it(storage: Storage, charter: Charter) -> None:
    older = before_announcements(charter)
    fewer = tuple(one for one in older.objectives if one.key != "policy")
    indicators = tuple(one for one in older.indicators if one.objective != "policy")
    older = older.model_copy(update={"objectives": fewer, "indicators": indicators})
    seed(storage, older, NOW)
    assert charters_of(storage).at(NOW.date()).newsletter.topics == {}
    day = date(2027, 1, 1)
    later = another(older, zone="Europe/Lisbon")
    storage.write_now(lambda s: s.charters.add(later.fingerprint(), later.to_json(), day, NOW))

    assert seed(storage, charter, NOW).version == 4

    for stands in (charters_of(storage).at(NOW.date()), charters_of(storage).at(day)):
        assert stands.newsletter == charter.newsletter
        assert stands.topics_of(["plastics"], ["policy"]) == ("plastics",)  # no such objective here
        assert stands.announcements == charter.announcements
        assert [role.key for role in stands.roles if "announce" in role.may] == [
            "coordinator",
            "action-coordinator",
        ]
        assert [role.key for role in stands.roles if "send_news" not in role.may] == ["advisor"]
    assert seed(storage, charter, NOW).version == 4


def test_a_newsletter_of_the_alliances_own_is_not_learned_again(storage: Storage, charter: Charter) -> None:
    assert charter.newsletter_table is not None
    assert charter.announcements_table is not None
    ours = {
        "newsletter_table": charter.newsletter_table.model_copy(update={"title": "Ours"}),
        "announcements_table": charter.announcements_table.model_copy(update={"second_person_from": 7}),
    }
    seed(storage, charter.model_copy(update=ours), NOW)

    assert seed(storage, charter, NOW) == Seeded(1, False, True)

    stands = charters_of(storage).at(NOW.date())
    assert (stands.newsletter.title, stands.announcements.second_person_from) == ("Ours", 7)


def test_a_file_that_says_nothing_of_a_newsletter_is_what_was_kept(
    storage: Storage, charter: Charter
) -> None:
    """A version from before is the same version: it has the fingerprint it had."""
    quiet = before_announcements(charter)
    seed(storage, quiet, NOW)
    assert seed(storage, quiet, NOW) == Seeded(1, False, False)
    kept = storage.read_now(lambda store: store.charters.versions()[0])
    assert {"newsletter", "announcements"} & json.loads(kept.text).keys() == set()


def test_two_processes_learn_it_once(database_url: str, storage: Storage, charter: Charter) -> None:
    before = may(charter, **{role.key: ("vote",) for role in charter.roles})
    seed(storage, before, NOW)
    stores = [Storage(database_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda one: seed(one, charter, NOW).version, stores))
    for one in stores:
        one.close_now()
    assert found == [2, 2, 2]


def test_a_changed_file_changes_nothing_later(storage: Storage, charter: Charter) -> None:
    seed(storage, charter, NOW)
    assert seed(storage, another(charter, zone="Europe/Lisbon"), NOW) == Seeded(1, False, True)
    assert charters_of(storage).at(NOW.date()).alliance.zone == "Europe/Brussels"


def test_one_database_serves_one_alliance(storage: Storage, charter: Charter) -> None:
    seed(storage, charter, NOW)
    with pytest.raises(AllianceMismatch) as caught:
        seed(storage, another(charter, slug="other", name="Another Alliance"), NOW)
    assert str(caught.value) == (
        "This database serves European Cluster Alliance for Green Manufacturing; the charter file is that of "
        "Another Alliance. Set DATABASE_URL or CHARTER so that they belong together."
    )


def test_two_that_start_at_once_found_it_once(database_url: str, charter: Charter) -> None:
    storages = [Storage(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        seeded = list(threads.map(lambda one: seed(one, charter, NOW), storages))
    for one in storages:
        one.close_now()
    assert sorted(one.fresh for one in seeded) == [False, False, False, True]
    assert {one.version for one in seeded} == {1}


def test_the_made_up_people_come_in_once(storage: Storage, charter: Charter) -> None:
    seed(storage, charter, NOW)
    for _ in range(2):
        names = seed_test_people(storage, charter, people_beside(CHARTER), NOW)
    assert names[0] == "Ana"

    def look(store: Store) -> None:
        holders = store.roles.of_organisation("pool-net")
        assert [(one.person.name, one.role.role) for one in holders] == [
            ("Ana", "representative"),
            ("Rui", "member"),
        ]
        giulia = store.accounts.identify(account_of("Giulia"))
        assert {(role.role, role.organisation) for role in giulia.roles} == {
            ("representative", "clust-er-mech"),
            ("coordinator", ""),
        }
        assert platforms_of_members(store, charter) == {"terminal"}

    storage.read_now(look)


def test_nobody_made_up_comes_in_where_real_people_are(storage: Storage, charter: Charter) -> None:
    seed(storage, charter, NOW)

    def real(store: Store) -> None:
        person = store.persons.add("Somebody", "en", "Europe/Paris", NOW)
        store.accounts.attach(store.accounts.remember(Account("slack", "T1", "U1"), NOW), person.id)
        store.roles.grant(person.id, "representative", "emc2", NOW, None)

    storage.write_now(real)
    assert seed_test_people(storage, charter, people_beside(CHARTER), NOW) == ()
    assert storage.read_now(lambda store: store.accounts.identify(account_of("Ana")).person) is None


def test_a_charter_without_people_has_none(storage: Storage, charter: Charter, tmp_path: Path) -> None:
    seed(storage, charter, NOW)
    assert seed_test_people(storage, charter, tmp_path / "none.toml", NOW) == ()
