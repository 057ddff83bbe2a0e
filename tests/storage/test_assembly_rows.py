"""What stands around motions: challenges, signatures, meetings, terms, milestones; organisations that change,
and the charter's versions."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from storage.challenges import Challenge
from storage.charters import CharterVersion
from storage.meetings import Attendance, Meeting, meetings
from storage.milestones import Milestone
from storage.organisations import Organisation
from storage.signatures import Signature
from storage.store import Storage, Store
from storage.terms import Term
from tests.storage.made_up import CIMES, DAY, HOUR, MECATECH, NOW, settle
from tests.storage.made_up_motions import put
from tests.storage.test_recall import selects

ONE_DAY = timedelta(days=1)
GENERAL = Meeting(
    number=0,
    title="General Assembly",
    starts_at=NOW + 30 * ONE_DAY,
    zone="Europe/Brussels",
    where="https://meet.example/ga",
    agenda=("The year's report", "Élections"),
    called_by=1,
    called_at=NOW,
)


def test_an_organisation_objects_once(storage: Storage) -> None:
    put(storage)
    put(storage)

    def object_(motion: int, organisation: str, why: str) -> Challenge:
        return storage.write_now(lambda store: store.challenges.add(motion, organisation, 1, why, NOW))

    first = object_(1, "cimes", "We were not told.")
    assert first == Challenge(1, 1, "cimes", 1, "We were not told.", NOW)
    assert object_(1, "cimes", "And again.") == first
    theirs, other = object_(1, "mecatech", "Nor were we."), object_(2, "cimes", "The roll.")

    def look(store: Store) -> None:
        assert store.challenges.of(1) == (first, theirs)
        assert store.challenges.of(3) == ()
        assert store.challenges.open() == (first, theirs, other)
        assert store.challenges.get(theirs.id, lock=True) == theirs
        assert store.challenges.get(99) is store.challenges.get(0) is store.challenges.get(2**63) is None

    storage.read_now(look)


def test_an_answer_to_a_challenge_stands(storage: Storage) -> None:
    put(storage)
    asked = storage.write_now(lambda store: store.challenges.add(1, "cimes", 1, "Not told.", NOW))

    def answer(store: Store) -> Challenge:
        assert store.challenges.get(asked.id, lock=True) == asked
        answered = store.challenges.answer(asked.id, "dismissed", 1, "The notice went out.", NOW + HOUR)
        assert store.challenges.answer(asked.id, "upheld", 1, "Changed my mind.", NOW + 2 * HOUR) == answered
        return answered

    expected = replace(
        asked,
        answer="dismissed",
        answered_by=1,
        answered_why="The notice went out.",
        answered_at=NOW + HOUR,
    )
    assert storage.write_now(answer) == expected
    assert storage.read_now(lambda store: (store.challenges.of(1), store.challenges.open())) == (
        (expected,),
        (),
    )
    with pytest.raises(LookupError, match="challenge 9"):
        storage.write_now(lambda store: store.challenges.answer(9, "upheld", 1, "", NOW))


async def test_one_objection_on_two_platforms_at_once_is_one(storage: Storage, database_url: str) -> None:
    await asyncio.to_thread(put, storage)
    other = Storage(database_url)
    made = await asyncio.gather(
        *(
            which.write(lambda store: store.challenges.add(1, "cimes", 1, "Not told.", NOW))
            for which in [storage, other] * 4
        )
    )
    await other.close()
    assert len({one.id for one in made}) == 1


def test_signing_again_replaces_the_block(storage: Storage) -> None:
    storage.write_now(settle)

    def sign(organisation: str, who: str, day: date, person: int | None = None) -> Signature:
        return storage.write_now(
            lambda store: store.signatures.sign(organisation, who, "Director", day, person, NOW)
        )

    assert sign("cimes", "Zoë", DAY) == Signature("cimes", "Zoë", "Director", DAY, None, NOW)
    theirs = sign("mecatech", "Max", DAY - ONE_DAY)
    again = sign("cimes", "Ana", DAY - 2 * ONE_DAY, 1)
    assert again == Signature("cimes", "Ana", "Director", DAY - 2 * ONE_DAY, 1, NOW)
    assert storage.read_now(lambda store: store.signatures.all()) == (again, theirs)


def test_meetings_have_numbers_of_their_own(storage: Storage) -> None:
    assert [column.key for column in meetings.c] == [field.name for field in fields(Meeting)]
    put(storage)  # motion 1
    first, second = (storage.write_now(lambda store: store.meetings.add(GENERAL)) for _ in range(2))
    assert (first, second) == (replace(GENERAL, number=1), replace(GENERAL, number=2))
    held = replace(
        first, agenda=(), state="held", held_at=NOW + ONE_DAY, minutes="Adopted.", link="https://m.example"
    )
    assert storage.write_now(lambda store: store.meetings.write(held)) == held

    def look(store: Store) -> None:
        assert store.meetings.all() == (held, second)
        assert store.meetings.get(1, lock=True) == held
        assert store.meetings.get(3) is store.meetings.get(0) is store.meetings.get(2**63) is None

    storage.read_now(look)
    storage.write_now(look)
    with pytest.raises(LookupError, match="meeting 3"):
        storage.write_now(lambda store: store.meetings.write(replace(GENERAL, number=3)))


def test_an_organisations_latest_word_on_a_meeting_stands(storage: Storage) -> None:
    storage.write_now(settle)
    storage.write_now(lambda store: store.meetings.add(GENERAL))

    def attend(store: Store) -> tuple[Attendance, ...]:
        store.meetings.attend(1, "mecatech", 1, "present", NOW)
        store.meetings.attend(1, "cimes", 1, "apologies", NOW)
        store.meetings.attend(1, "cimes", 1, "remote", NOW + HOUR)
        assert store.meetings.attendance(2) == ()
        return store.meetings.attendance(1)

    assert storage.write_now(attend) == (
        Attendance(1, "cimes", 1, "remote", NOW + HOUR),
        Attendance(1, "mecatech", 1, "present", NOW),
    )


def test_a_term_is_seen_while_its_role_is_held(storage: Storage) -> None:
    put(storage)

    def work(store: Store) -> None:
        chair = store.roles.grant(1, "chair", "", NOW, None).id
        treasurer = store.roles.grant(1, "treasurer", "", NOW, None).id
        store.terms.set(chair, DAY, None)
        store.terms.set(treasurer, DAY - ONE_DAY, 1)
        assert store.terms.all() == (Term(treasurer, DAY - ONE_DAY, 1), Term(chair, DAY, None))
        store.terms.set(chair, DAY - 2 * ONE_DAY, 1)
        assert store.terms.of(chair) == Term(chair, DAY - 2 * ONE_DAY, 1)
        assert store.terms.of(99) is None
        store.roles.end(chair, NOW, None)
        assert store.terms.all() == (Term(treasurer, DAY - ONE_DAY, 1),)
        assert store.terms.of(chair) == Term(chair, DAY - 2 * ONE_DAY, 1)

    storage.write_now(work)


def test_what_was_answered_last_of_a_milestone_stands(storage: Storage) -> None:
    storage.write_now(settle)
    assert storage.read_now(lambda store: store.milestones.all()) == {}

    def work(store: Store) -> dict[str, Milestone]:
        store.milestones.answer("renewal:2026", "open", None, NOW)
        store.milestones.answer("agreement", "signed", 1, NOW)
        store.milestones.answer("renewal:2026", "renewed", 1, NOW + HOUR)
        return store.milestones.all()

    assert storage.write_now(work) == {
        "agreement": Milestone("agreement", "signed", 1, NOW),
        "renewal:2026": Milestone("renewal:2026", "renewed", 1, NOW + HOUR),
    }


def test_an_organisation_changes_only_in_what_is_given(storage: Storage, database_url: str) -> None:
    storage.write_now(settle)
    other = Storage(database_url)

    def everyone(here: Storage) -> tuple[Organisation, ...]:
        return here.read_now(lambda store: store.organisations.all())

    assert everyone(storage) == everyone(other) == (CIMES, MECATECH)

    def work(store: Store) -> Organisation:
        store.organisations.change("mecatech", standing="suspended", aliases=("mt",), joined_on=None)
        assert store.changed == {"organisations"}
        return store.organisations.change("mecatech", founding=True, name="MecaTech \0")

    changed = replace(
        MECATECH, name="MecaTech \ufffd", standing="suspended", aliases=("mt",), joined_on=None, founding=True
    )
    assert storage.write_now(work) == changed
    sectors = ("tooling", "plastics")
    changed = replace(changed, sectors=sectors)
    assert storage.write_now(lambda store: store.organisations.change("mecatech", sectors=sectors)) == changed
    assert everyone(storage) == everyone(other) == (CIMES, changed)  # what was remembered is forgotten
    other.close_now()
    with pytest.raises(LookupError, match="organisation nobody"):
        storage.write_now(lambda store: store.organisations.change("nobody", standing="voting"))
    with pytest.raises(TypeError):
        storage.write_now(lambda store: store.organisations.change("cimes", colour="green"))  # type: ignore[call-arg]
    assert everyone(storage) == (CIMES, changed)


def versions(store: Store) -> tuple[CharterVersion, ...]:
    return store.charters.versions()


def test_the_charters_versions_are_read_once(storage: Storage, database_url: str) -> None:
    put(storage)
    storage.write_now(lambda store: store.charters.add("a", "{}", DAY, NOW))
    assert storage.read_now(versions) == (CharterVersion(1, DAY, "a", "{}"),)
    assert set(selects(storage, lambda: storage.read_now(versions))) == {"changes"}
    assert storage.read_now(versions) is storage.read_now(versions)

    other = Storage(database_url)
    assert other.write_now(lambda store: store.charters.add("b", "{}", DAY, NOW, motion=1)) == 2
    other.close_now()
    assert [(one.version, one.motion) for one in storage.read_now(versions)] == [(1, None), (2, 1)]


def test_whoever_holds_the_charter_reads_what_stands(postgres_url: str) -> None:
    storage, other = Storage(postgres_url), Storage(postgres_url)
    storage.write_now(lambda store: store.charters.add("a", "{}", DAY, NOW))

    def meanwhile() -> None:
        other.write_now(lambda store: store.charters.add("b", "{}", DAY, NOW))

    def work(store: Store) -> int:
        assert len(store.charters.versions()) == 1
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(meanwhile).result()
        store.charters.lock()
        assert store.changed == frozenset()  # only held
        return len(store.charters.versions())

    assert storage.write_now(work) == 2
    for one in (storage, other):
        one.close_now()


async def test_versions_that_are_added_at_once_count_without_gaps(
    storage: Storage, database_url: str
) -> None:
    other = Storage(database_url)
    made = await asyncio.gather(
        *(
            which.write(lambda store: store.charters.add("a", "{}", DAY, NOW))
            for which in [storage, other] * 4
        )
    )
    assert sorted(made) == list(range(1, 9))
    for here in (storage, other):
        assert len(await here.read(versions)) == 8
    await other.close()
