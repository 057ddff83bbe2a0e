"""Letters: a secret opens one page, and one button of it is pressed once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.messages import Attachment, Key, Mail, Message, Topic
from storage.letters import Letter
from storage.store import Storage, Store
from tests.storage.made_up import HOUR, MINUTE, NOW
from tests.storage.made_up_announcements import ODD, ODD_AS_KEPT, account

PLAIN = Message("Do you come?")
EVERYTHING = Message(
    "**Motion 7** is open.",
    (Key("For", "b1"), Key("Read it", url="https://a.example")),
    Attachment("vote.ics", "text/calendar", "BEGIN:VCALENDAR\r\n", alt="a day"),
    True,
    Mail("Motion 7", True, "w0rd", "news.example"),
)
UNTIL = NOW + HOUR


def write(storage: Storage, to: int, message: Message = PLAIN, mail: str = "") -> str:
    return storage.write_now(lambda store: store.letters.write(to, message, mail, NOW, UNTIL))


def read(storage: Storage, token: str) -> Letter | None:
    return storage.read_now(lambda store: store.letters.read(token))


@pytest.mark.parametrize("message", [PLAIN, EVERYTHING], ids=["plain", "everything"])
def test_a_letter_is_kept_whole(storage: Storage, message: Message) -> None:
    to, topic = account(storage), Topic("motion", "7")
    token = storage.write_now(
        lambda store: store.letters.write(to, message, "<1@a.example>", NOW, UNTIL, "open:7", topic)
    )
    letter = Letter(1, to, "<1@a.example>", message, NOW, UNTIL, None, None, topic, "open:7")
    assert read(storage, token) == letter
    assert storage.read_now(lambda store: store.letters.by_message_id("<1@a.example>")) == letter


def test_any_text_is_kept_but_no_picture(storage: Storage) -> None:
    picture = Attachment("a.jpg", "image/jpeg", content=b"\xff\xd8" * 999, alt="a furnace")
    token = write(storage, account(storage), Message(ODD, (Key(ODD, "b1"),), picture))
    letter = read(storage, token)
    assert letter is not None
    shown = replace(picture, content=b"")
    assert letter.message == Message(ODD_AS_KEPT, (Key(ODD_AS_KEPT, "b1"),), shown)


def test_a_button_is_pressed_once_and_in_time(storage: Storage) -> None:
    to = account(storage)
    token, over = write(storage, to), write(storage, to)

    def use(token: str, picked: int, minutes: int) -> Letter | None:
        return storage.write_now(lambda store: store.letters.use(token, picked, NOW + minutes * MINUTE))

    used = use(token, 2, 1)
    assert used == read(storage, token)
    assert used is not None
    assert (used.picked, used.used_at) == (2, NOW + MINUTE)
    assert use(token, 1, 2) is None
    assert read(storage, token) == used
    assert use(over, 0, 60) is None
    untouched = read(storage, over)  # still there, so that the page can say what it was
    assert untouched is not None
    assert (untouched.used_at, untouched.picked) == (None, None)
    assert use(over, 0, 59) is not None


async def test_of_many_presses_at_once_one_counts(storage: Storage) -> None:
    token = await asyncio.to_thread(lambda: write(storage, account(storage)))

    def press(picked: int) -> object:
        return storage.write(lambda store: store.letters.use(token, picked, NOW))

    got = await asyncio.gather(*(press(picked) for picked in range(8)))  # type: ignore[call-overload]
    (winner,) = [letter for letter in got if letter is not None]
    letter = await storage.read(lambda store: store.letters.read(token))
    assert letter == winner
    assert letter is not None
    assert got[letter.picked or 0] == winner


def test_a_secret_is_long_and_only_its_hash_is_kept(storage: Storage) -> None:
    to = account(storage)
    token, other = write(storage, to), write(storage, to)
    assert re.fullmatch("[a-z2-7]{32}", token)  # 160 bits
    assert token != other
    for wrong in ("", token.upper(), token[:-1], "\0\ud800", "x" * 9999):
        assert read(storage, wrong) is None

    def rows(store: Store) -> str:
        return str(store._connection.execute(text("SELECT * FROM letters")).all())

    assert token not in storage.read_now(rows)


def test_a_mail_leads_to_its_letter(storage: Storage) -> None:
    to = account(storage)
    write(storage, to)
    write(storage, to, EVERYTHING, "<2@a.example>")

    def found(mail: str) -> Letter | None:
        return storage.read_now(lambda store: store.letters.by_message_id(mail))

    letter = found("<2@a.example>")
    assert letter is not None
    assert letter.message == EVERYTHING
    assert [found(mail) for mail in ("", "<3@a.example>", "\0")] == [None] * 3


def test_what_is_long_over_is_forgotten(storage: Storage) -> None:
    token = write(storage, account(storage))
    storage.write_now(lambda store: store.letters.forget(UNTIL))
    assert read(storage, token) is not None
    storage.write_now(lambda store: store.letters.forget(UNTIL + MINUTE))
    assert read(storage, token) is None


def test_the_number_of_a_forgotten_letter_is_never_another_ones(storage: Storage) -> None:
    to = account(storage)
    before = read(storage, write(storage, to))
    storage.write_now(lambda store: store.letters.forget(UNTIL + MINUTE))
    after = read(storage, write(storage, to))
    assert before is not None
    assert after is not None
    assert after.id > before.id
