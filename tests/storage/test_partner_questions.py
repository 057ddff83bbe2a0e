"""Partner questions: one for each year and two organisations, what was said last stands."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from sqlalchemy.exc import DBAPIError

from storage.partner_questions import PartnerQuestion, partner_questions
from storage.store import Storage, Store
from tests.storage.made_up import CIMES, HOUR, NOW, settle
from tests.storage.made_up_events import people


def test_every_field_of_a_partner_question_has_its_column() -> None:
    assert [column.key for column in partner_questions.c] == [one.name for one in fields(PartnerQuestion)]


def test_what_was_said_last_stands_and_nobody_elses(storage: Storage) -> None:
    ana = storage.write_now(settle)
    (luc,) = people(storage, 1)

    def work(store: Store) -> None:
        verbs = store.partner_questions
        assert verbs.of_asker(2026, "cimes") == ()
        verbs.answer(2026, "cimes", "mecatech", "asked", ana, NOW)
        verbs.answer(2026, "mecatech", "cimes", "asked", luc, NOW)
        verbs.answer(2027, "cimes", "mecatech", "asked", ana, NOW)
        verbs.answer(2026, "cimes", "mecatech", "not now", luc, NOW + HOUR)

    storage.write_now(work)

    def of(year: int, asker: str) -> tuple[PartnerQuestion, ...]:
        return storage.read_now(lambda store: store.partner_questions.of_asker(year, asker))

    assert of(2026, "cimes") == (PartnerQuestion(2026, "cimes", "mecatech", "not now", luc, NOW + HOUR),)
    assert of(2026, "mecatech") == (PartnerQuestion(2026, "mecatech", "cimes", "asked", luc, NOW),)
    assert of(2027, "cimes") == (PartnerQuestion(2027, "cimes", "mecatech", "asked", ana, NOW),)
    assert of(2025, "cimes") == of(2026, "meca") == of(2026, "cimes:mecatech") == ()


def test_those_that_were_asked_come_by_slug(storage: Storage) -> None:
    ana = storage.write_now(settle)

    def work(store: Store) -> list[str]:
        store.organisations.add(replace(CIMES, slug="emc2", name="EMC2", short_name="EMC2"))
        for asked in ("mecatech", "emc2"):
            store.partner_questions.answer(2026, "cimes", asked, "asked", ana, NOW)
        return [one.asked for one in store.partner_questions.of_asker(2026, "cimes")]

    assert storage.write_now(work) == ["emc2", "mecatech"]


@pytest.mark.parametrize(
    ("asker", "asked", "by"), [("nowhere", "cimes", 1), ("cimes", "nowhere", 1), ("cimes", "mecatech", 9)]
)
def test_a_question_of_nobody_or_to_nobody_is_refused(
    storage: Storage, asker: str, asked: str, by: int
) -> None:
    storage.write_now(settle)
    with pytest.raises(DBAPIError):
        storage.write_now(lambda store: store.partner_questions.answer(2026, asker, asked, "asked", by, NOW))
    assert storage.read_now(lambda store: store.partner_questions.of_asker(2026, asker)) == ()
