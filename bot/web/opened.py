"""A letter with whoever it was written to, and what follows from an answer to it: inside one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.commands import REGISTRY
from bot.context.speaking import language_of
from bot.dispatch.recorded import from_json, to_json
from bot.dispatch.surroundings import zone_of
from bot.dispatch.understanding import unpack
from bot.in_force import charters_in
from bot.messages import LANGUAGES, Account, Answer, Incoming, Message, Place
from bot.platforms.email.letters import question_of
from storage.drafts import Draft
from storage.letters import Letter
from storage.received import Received
from storage.store import Duplicate, Store

PAGE_LASTS: Final = timedelta(hours=1)  # the buttons under an answer
LONGEST_TOKEN: Final = 100  # characters

State = Literal["open", "used", "over"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter that somebody opened. `tokens`: what its buttons press, by their number; `looks` those that
    only read, which can be pressed as often as somebody likes while it is good."""

    letter: Letter
    account: Account
    place: Place
    tokens: Mapping[int, str]
    looks: frozenset[int]
    renewable: bool
    language: str
    zone: str
    asks: str = ""  # how the words are typed that its question waits for, "" where none does
    became: str = ""  # what was answered to the press that used it, its first line; "" once that is forgotten

    @property
    def event(self) -> str:
        """What it is used for, as the pipe knows it: the same however often it is pressed."""
        used = self.letter.used_at
        return f"letter:{self.letter.id}:{used.isoformat() if used else ''}"

    def state(self, now: datetime) -> State:
        """Whether it can be answered, was answered, or ran out."""
        if self.letter.used_at is not None:
            return "used"
        return "over" if self.letter.expires_at <= now else "open"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What stands on the page after a button was pressed: the words, and the letter that its own buttons are
    behind ("" for none). `asks` is how the words that are waited for are typed, "" if none are. `broke`: it
    could not be done, and nothing was."""

    message: Message
    token: str = ""
    asks: str = ""
    broke: bool = False


def open_letter(token: str, now: datetime, store: Store) -> Opened | None:
    """The letter behind a token, used or over as it may be; None if there is none."""
    letter = store.letters.read(token) if len(token) <= LONGEST_TOKEN else None
    if letter is None:
        return None
    if letter.message.file is not None and not letter.message.file.data:  # a picture: kept in the mail alone
        letter = replace(letter, message=replace(letter.message, file=None))
    linked = store.accounts.get(letter.account_id)
    identity = store.accounts.identify(linked.account)
    charter = charters_in(store).at(now.date())
    tokens = {at: key.token for at, key in enumerate(letter.message.keys) if key.token}
    good = now < letter.expires_at
    question = question_of(store, letter.account_id, letter.message)
    opened = Opened(
        letter,
        linked.account,
        linked.direct or Place(linked.account.platform, "", linked.account.user),
        tokens,
        frozenset(at for at, pressed in tokens.items() if good and _only_reads(store, pressed)),
        any(_is_alive(store, pressed, now) for pressed in tokens.values()),
        language_of(identity, linked.account.language, store.organisations.all(), charter, tuple(LANGUAGES)),
        zone_of(identity, linked.account.zone, charter),
        _typed(question) if question and question.asked_at <= letter.created_at else "",
    )
    return replace(opened, became=_became(store, opened)) if letter.used_at is not None else opened


def was_recorded(incoming: Incoming, store: Store) -> bool:
    """Whether this event came in before, and its answer is still kept."""
    return store.received.find(incoming.account.platform, incoming.event) is not None


def follow_up(opened: Opened, incoming: Incoming, answer: Answer, now: datetime, store: Store) -> FollowUp:
    """What is shown of an answer, its buttons behind a fresh letter. Where it broke on our side, the letter
    is as if nobody had pressed it."""
    letter, message = opened.letter, answer.message or Message("")
    found = store.received.find(incoming.account.platform, incoming.event)
    if found is not None and found.reference:
        store.letters.reopen(letter)
        again, question = (
            replace(message, keys=letter.message.keys),
            question_of(store, letter.account_id, letter.message),
        )
        return FollowUp(again, "", _typed(question) if question else "", broke=True)
    asks = _asks(store, letter.account_id, incoming.received_at if letter.used_at is None else letter.used_at)
    if not asks and message.file is None and not any(key.token for key in message.keys):
        return FollowUp(message)
    until = now + PAGE_LASTS
    topic = answer.topic or letter.topic
    token = store.letters.write(letter.account_id, message, "", now, until, topic=topic)
    return FollowUp(message, token, asks)


def used_first(store: Store, token: str, picked: int, words: str, now: datetime) -> Letter | None:
    """The letter, if this is what it is used for; None if it was used or is over. Who presses reads there.
    Who answers its question in `words` has it before their eyes: it is asked as of now, however old it is."""
    used = store.letters.use(token, picked, now)
    if used is None:
        return None
    store.emails.arrived(store.accounts.get(used.account_id).account.user)
    question = question_of(store, used.account_id, used.message) if words else None
    if question is not None:
        store.drafts.update(question.token, asked_at=now)
    return used


def renewed(opened: Opened, now: datetime, store: Store) -> None:
    """The letter's words are mailed once more, with a link of their own: left behind as an answer that nobody
    was shown. Within the same hour nothing more is sent."""
    again = Received(
        platform=opened.account.platform,
        event=f"letter:{opened.letter.id}:again:{now:%Y%m%d%H}",
        account=opened.account,
        place=opened.place,
        answer=to_json(Answer(opened.letter.message, topic=opened.letter.topic)),
        state="unsent",
        reference="",
        received_at=now,
    )
    with suppress(Duplicate):
        store.received.record(again)


def _became(store: Store, opened: Opened) -> str:
    """The first line of what was answered to the press that used a letter."""
    platform = opened.account.platform
    events = (opened.event, f"{opened.event}:said")
    found = next((one for event in events if (one := store.received.find(platform, event))), None)
    message = from_json(found.answer).message if found is not None and found.answer else None
    return message.text.lstrip().partition("\n")[0] if message is not None else ""


def _only_reads(store: Store, token: str) -> bool:
    """Whether a button's token stands for a command that never writes."""
    if unpack(token) is not None:
        return True
    stored = store.buttons.get(token)
    command = REGISTRY.commands.get(stored.command) if stored is not None else None
    return command is not None and command.reads


def _is_alive(store: Store, token: str, now: datetime) -> bool:
    """Whether a button can still be pressed, behind whichever letter."""
    stored = store.buttons.get(token)
    return unpack(token) is not None or (stored is not None and stored.expires_at > now)


def _asks(store: Store, account_id: int, since: datetime) -> str:
    """How the words are typed for which the account was asked just now: a form's kind of field."""
    draft = store.drafts.open(account_id)
    return "" if draft is None or draft.asked_at < since else _typed(draft)


def _typed(draft: Draft) -> str:
    """How the words are typed that a question waits for; "" if it takes a tap."""
    command = REGISTRY.commands.get(draft.command)
    option = command.option(draft.option) if command is not None else None
    return option.kind.field if option is not None and not option.kind.hidden else ""
