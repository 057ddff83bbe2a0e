"""Places, posts, drafts and buttons: what a conversation leaves behind."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.messages import Post, Topic
from storage.buttons import Stored
from storage.drafts import Draft
from storage.store import Duplicate, Storage, Store
from tests.storage.made_up import ANA, ANA_ON_SLACK, DIRECT, HALL, HOUR, MINUTE, NOW

TOPIC = Topic("activity", "12")


@pytest.fixture
def account(storage: Storage) -> int:
    return storage.write_now(lambda store: store.accounts.remember(ANA, NOW))


def test_a_reply_to_a_post_finds_its_topic(storage: Storage, account: int) -> None:
    shown, plain, part = Post(HALL, "m1"), Post(HALL, "m2"), Post(DIRECT, "m1", 1)

    def work(store: Store) -> None:
        store.posts.add(shown, TOPIC, NOW)
        store.posts.add(plain, None, NOW)
        store.posts.add(part, TOPIC, NOW, account)

    storage.write_now(work)

    def topic(platform: str, installation: str, channel: str, message_id: str) -> Topic | None:
        return storage.read_now(
            lambda store: store.posts.topic_of(platform, installation, channel, message_id)
        )

    assert topic("slack", "T1", "C9", "m1") == TOPIC
    assert topic("telegram", "", "42", "m1") == TOPIC
    assert topic("slack", "T1", "C9", "m2") is None
    assert topic("slack", "T1", "C9", "m3") is None
    assert topic("slack", "T2", "C9", "m1") is None
    assert storage.read_now(lambda store: store.posts.of_topic(TOPIC)) == (shown, part)
    assert storage.read_now(lambda store: store.posts.of_topic(Topic("activity", "13"))) == ()


def test_a_post_edited_in_place_may_change_its_topic(storage: Storage) -> None:
    post = Post(HALL, "m1")
    for topic in (None, TOPIC, Topic("motion", "7"), None):
        storage.write_now(lambda store: store.posts.add(post, topic, NOW))  # noqa: B023
    assert storage.read_now(lambda store: store.posts.topic_of("slack", "T1", "C9", "m1")) == Topic(
        "motion", "7"
    )
    assert storage.read_now(lambda store: store.posts.of_topic(TOPIC)) == ()


def test_a_draft_comes_out_as_it_went_in(storage: Storage, account: int) -> None:
    arguments = {"title": "Žuvis “101”", "kind": "workshop"}
    draft = storage.write_now(
        lambda store: store.drafts.put(
            account, HALL, "log", arguments, "day", "asking", NOW, "words", [["Yes", {"day": "2026-05-12"}]]
        )
    )
    assert re.fullmatch(r"[A-Za-z0-9_-]{12}", draft.token)
    assert draft == Draft(
        draft.token, account, HALL, "log", arguments, "day", "asking", "words", NOW, NOW,
        [["Yes", {"day": "2026-05-12"}]],
    )  # fmt: skip
    found = storage.write_now(lambda store: store.drafts.by_token(draft.token))
    assert found == draft
    assert list(found.arguments) == ["title", "kind"]
    assert storage.read_now(lambda store: store.drafts.by_token(draft.token)) == draft
    assert storage.read_now(lambda store: store.drafts.by_token("nothing\0here")) is None


def test_a_draft_changes_only_in_what_is_given(storage: Storage, account: int) -> None:
    draft = storage.write_now(lambda s: s.drafts.put(account, HALL, "log", {}, "day", "asking", NOW))
    updated = storage.write_now(
        lambda store: store.drafts.update(
            draft.token, arguments={"day": "x"}, option="title", state="form", asked_at=NOW + HOUR
        )
    )
    expected = replace(draft, arguments={"day": "x"}, option="title", state="form", asked_at=NOW + HOUR)
    assert updated == expected
    moved = storage.write_now(lambda s: s.drafts.update(draft.token, place=DIRECT, choices=[1]))
    assert moved == replace(expected, place=DIRECT, choices=[1])
    cleared = storage.write_now(lambda s: s.drafts.update(draft.token, arguments={}, choices=[], option=""))
    assert cleared == replace(moved, arguments={}, choices=[], option="")
    assert storage.write_now(lambda store: store.drafts.update(draft.token)) == cleared
    with pytest.raises(LookupError):
        storage.write_now(lambda store: store.drafts.update("nothing", state="done"))


def test_the_open_draft_is_the_one_that_asked_last(storage: Storage, account: int) -> None:
    other = storage.write_now(lambda store: store.accounts.remember(ANA_ON_SLACK, NOW))

    def put(who: int, state: str, minutes: int) -> Draft:
        return storage.write_now(
            lambda store: store.drafts.put(who, DIRECT, "log", {}, "", state, NOW + minutes * MINUTE)
        )

    assert storage.read_now(lambda store: store.drafts.open(account)) is None
    newer, older = put(account, "asking", 2), put(account, "asking", 1)
    put(account, "form", 3)
    elsewhere = put(other, "asking", 9)
    waits = put(account, "waiting", 5)
    put(account, "waiting", 4)
    assert storage.read_now(lambda store: store.drafts.open(account)) == newer
    assert storage.read_now(lambda store: store.drafts.waiting(account)) == waits
    assert storage.read_now(lambda store: store.drafts.waiting(other)) is None
    aside = storage.write_now(lambda store: store.drafts.put_aside(account, NOW + HOUR))
    assert aside == (replace(newer, state="aside"), replace(older, state="aside"))
    assert storage.read_now(lambda store: store.drafts.open(account)) is None
    assert storage.read_now(lambda store: store.drafts.open(other)) == elsewhere
    assert storage.write_now(lambda store: store.drafts.put_aside(account, NOW + HOUR)) == ()


def test_a_closed_draft_is_known_as_done_until_it_is_forgotten(storage: Storage, account: int) -> None:
    draft = storage.write_now(lambda s: s.drafts.put(account, HALL, "log", {}, "day", "asking", NOW))
    kept = storage.write_now(lambda s: s.drafts.put(account, HALL, "log", {}, "day", "asking", NOW))
    storage.write_now(lambda store: store.drafts.close(draft.token))
    storage.write_now(lambda store: store.drafts.put_aside(account, NOW + 2 * HOUR))
    found = storage.read_now(lambda store: store.drafts.by_token(draft.token))
    assert found == replace(draft, state="done")
    storage.write_now(lambda store: store.drafts.forget(NOW + HOUR))
    assert storage.read_now(lambda store: store.drafts.by_token(draft.token)) is None
    assert storage.read_now(lambda store: store.drafts.by_token(kept.token)) is not None  # put aside later


def test_buttons_are_found_by_token(storage: Storage, account: int) -> None:
    mine = Stored("a-1", "log", {"activity": "12", "answer": "é"}, account, NOW + HOUR)
    anyones = Stored("b-2", "indicators", {}, None, NOW - HOUR)
    storage.write_now(lambda store: store.buttons.add_all([mine, anyones]))
    storage.write_now(lambda store: store.buttons.add_all([]))
    assert storage.read_now(lambda store: store.buttons.get("a-1")) == mine
    assert storage.read_now(lambda store: store.buttons.get("b-2")) == anyones
    assert storage.read_now(lambda store: store.buttons.get("c-3\0")) is None
    with pytest.raises(Duplicate):
        storage.write_now(lambda store: store.buttons.add_all([mine]))
    storage.write_now(lambda store: store.buttons.forget(NOW))
    assert storage.read_now(lambda store: store.buttons.get("a-1")) == mine
    assert storage.read_now(lambda store: store.buttons.get("b-2")) is None
