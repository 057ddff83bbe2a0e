"""Activities: logged, changed, answered, found again; every version kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from bot.rules.indicators import Involved, Record
from storage.activities import Activity, Evidence, Version
from storage.activities.tables import involved
from storage.store import Storage
from tests.storage.made_up import ACME, DAY, HOUR, NOW, ZOO, settle, workshop

LINK = "https://agenda.example/green"


@pytest.fixture
def author(storage: Storage) -> int:
    return storage.write_now(settle)


def log(storage: Storage, author: int, record: Record, *links: str) -> Activity:
    return storage.write_now(lambda store: store.activities.add(record, author, links, NOW))


def get(storage: Storage, number: int) -> Activity:
    found = storage.read_now(lambda store: store.activities.get(number))
    assert found is not None
    return found


def test_what_was_logged_comes_out_as_it_went_in(storage: Storage, author: int) -> None:
    record = replace(workshop(smes=(ZOO, ACME)), sme_number=12, sme_basis="attested", evidence=99)
    activity = log(storage, author, record, LINK, "https://b.example")
    proofs = tuple(Evidence("link", url, by=author, at=NOW) for url in (LINK, "https://b.example"))
    expected = replace(record, id=activity.record.id, evidence=2)
    assert activity == Activity(expected, author, "Ana", proofs, 1, NOW)
    assert get(storage, activity.record.id) == activity


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
def test_a_number_that_nobody_has(storage: Storage, author: int, number: int) -> None:
    assert storage.read_now(lambda store: store.activities.get(number)) is None


def test_a_change_is_a_new_version_and_the_old_ones_stay(storage: Storage, author: int) -> None:
    luc = storage.write_now(lambda store: store.persons.add("Luc", "fr", "Europe/Brussels", NOW)).id
    first = log(storage, author, workshop(smes=(ACME, ZOO)), LINK)
    number = first.record.id
    record = replace(
        first.record, title="Green hydrogen 102", day=DAY + timedelta(days=1), smes=(ZOO,), sme_number=3
    )
    later = NOW + HOUR
    changed = storage.write_now(lambda store: store.activities.change(number, record, luc, later, "a typo"))
    assert changed == replace(first, record=record, version=2)
    assert get(storage, number) == changed
    emptied = replace(record, smes=(), state="withdrawn")
    storage.write_now(lambda store: store.activities.change(number, emptied, author, later))
    assert get(storage, number).record == emptied
    assert storage.read_now(lambda store: store.activities.versions(number)) == (
        Version(1, first.record, author, NOW, ""),
        Version(2, record, luc, later, "a typo"),
        Version(3, emptied, author, later, ""),
    )


def test_changing_what_is_not_there(storage: Storage, author: int) -> None:
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.activities.change(7, workshop(), author, NOW))
    assert storage.read_now(lambda store: store.activities.versions(7)) == ()


def test_an_answer_changes_one_organisation_and_keeps_who_and_when(storage: Storage, author: int) -> None:
    number = log(storage, author, workshop()).record.id
    answered = storage.write_now(
        lambda store: store.activities.answer(number, "mecatech", "confirmed", author, NOW, "confirmed")
    )
    assert answered.record.involved == (Involved("cimes", "host"), Involved("mecatech", answer="confirmed"))
    assert answered.record.state == "confirmed"
    assert answered.version == 1
    denied = storage.write_now(
        lambda store: store.activities.answer(number, "mecatech", "denied", author, NOW)
    )
    assert denied.record.involved[1].answer == "denied"
    assert denied.record.state == "confirmed"
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.activities.answer(number, "pool-net", "denied", author, NOW))


def test_a_change_of_who_took_part_keeps_the_answers_that_stay(storage: Storage, author: int) -> None:
    luc = storage.write_now(lambda store: store.persons.add("Luc", "fr", "Europe/Brussels", NOW)).id
    first = log(storage, author, workshop())
    number = first.record.id
    storage.write_now(lambda store: store.activities.answer(number, "mecatech", "confirmed", luc, NOW))
    turned = (Involved("mecatech", "host", "confirmed"), Involved("cimes", "cohost", "denied"))
    record = replace(first.record, involved=turned)
    later = NOW + HOUR
    storage.write_now(lambda store: store.activities.change(number, record, author, later))
    assert get(storage, number).record.involved == turned
    columns = (involved.c.organisation, involved.c.answered_by, involved.c.answered_at)
    rows = storage.read_now(
        lambda store: store._connection.execute(select(*columns).order_by(involved.c.position)).all()
    )
    assert [tuple(row) for row in rows] == [("mecatech", luc, NOW), ("cimes", author, later)]
    alone = replace(record, involved=turned[:1])
    storage.write_now(lambda store: store.activities.change(number, alone, author, later))
    assert get(storage, number).record.involved == turned[:1]


def test_evidence_is_added_in_order_and_counted(storage: Storage, author: int) -> None:
    number = log(storage, author, workshop(), LINK).record.id
    photo = Evidence("file", file_id="F1", file_name="photo.jpg", platform="telegram", by=author)
    storage.write_now(lambda store: store.activities.add_evidence(number, photo, NOW))
    activity = get(storage, number)
    assert activity.evidence == (Evidence("link", LINK, by=author, at=NOW), replace(photo, at=NOW))
    assert activity.record.evidence == 2
    assert activity.version == 1


def test_between_holds_both_days_and_every_state_in_order(storage: Storage, author: int) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    one_day = timedelta(days=1)
    days = (last + one_day, last, first, DAY, first - one_day, DAY)
    logged = [log(storage, author, workshop(smes=(ACME,) * (i % 3), day=d), LINK) for i, d in enumerate(days)]
    withdrawn = replace(logged[3].record, state="withdrawn")
    storage.write_now(lambda store: store.activities.change(logged[3].record.id, withdrawn, author, NOW))
    found = storage.read_now(lambda store: store.activities.between(first, last))
    assert found == (logged[2], replace(logged[3], record=withdrawn, version=2), logged[5], logged[1])


def test_a_year_takes_the_same_number_of_statements_however_full(
    storage: Storage, author: int, database_url: str
) -> None:
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    def count() -> int:
        fresh = Storage(database_url)  # it remembers nothing
        event.listen(fresh._reader, "before_cursor_execute", note)
        statements.clear()
        fresh.read_now(lambda store: store.activities.between(DAY, DAY))
        fresh.close_now()
        return len([one for one in statements if one.startswith("SELECT")])

    empty = count()
    for _ in range(5):
        log(storage, author, workshop(smes=(ACME, ZOO)), LINK)
    assert count() == empty == 5  # one of them asks whether anything has changed


def test_near_and_with_link_leave_withdrawn_ones_out(storage: Storage, author: int) -> None:
    one_day = timedelta(days=1)
    days = (DAY - 2 * one_day, DAY - one_day, DAY, DAY + one_day, DAY + 2 * one_day)
    logged = [log(storage, author, workshop(day=day), LINK, f"{LINK}/{day}") for day in days]
    gone = replace(logged[2].record, state="withdrawn")
    storage.write_now(lambda store: store.activities.change(gone.id, gone, author, NOW))
    assert storage.read_now(lambda store: store.activities.near(DAY, 1)) == (logged[1], logged[3])
    linked = storage.read_now(lambda store: store.activities.with_link(LINK))
    assert linked == (logged[0], logged[1], logged[3], logged[4])
    only = storage.read_now(lambda store: store.activities.with_link(f"{LINK}/{days[0]}"))
    assert only == (logged[0],)
    assert storage.read_now(lambda store: store.activities.with_link("https://other.example")) == ()


def test_a_listing_is_paged_newest_day_first(storage: Storage, author: int) -> None:
    luc = storage.write_now(lambda store: store.persons.add("Luc", "fr", "Europe/Brussels", NOW)).id
    one_day = timedelta(days=1)
    old = log(storage, author, workshop("old", DAY - one_day))
    twin = log(storage, luc, workshop("twin"))
    new = log(storage, author, workshop("new"))
    gone = replace(log(storage, author, workshop("gone")).record, state="withdrawn")
    storage.write_now(lambda store: store.activities.change(gone.id, gone, author, NOW))
    storage.write_now(lambda s: s.activities.answer(old.record.id, "mecatech", "denied", luc, NOW))

    def titles(limit: int = 10, offset: int = 0, **chosen: object) -> tuple[list[str], int]:
        page, total = storage.read_now(
            lambda store: store.activities.listing(limit=limit, offset=offset, **chosen)  # type: ignore[arg-type]
        )
        return [activity.record.title for activity in page], total

    assert titles() == (["new", "twin", "old"], 3)
    assert titles(limit=2) == (["new", "twin"], 3)
    assert titles(limit=2, offset=2) == (["old"], 3)
    assert titles(offset=9) == ([], 3)
    assert titles(with_withdrawn=True) == (["gone", "new", "twin", "old"], 4)
    assert titles(organisation="mecatech") == (["new", "twin"], 2)
    assert titles(organisation="cimes", author=author) == (["new", "old"], 2)
    assert titles(author=luc) == (["twin"], 1)
    assert titles(organisation="nobody") == ([], 0)
    page, _ = storage.read_now(lambda store: store.activities.listing(author=luc, limit=1, offset=0))
    assert page == (twin,)
    assert new.record.id > twin.record.id
