"""The words of a button instead of a tap: its label, its number, or yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.commands import N_, Registry
from bot.commands.organisations import exactly, find
from bot.commands.values import words_of
from bot.context import Context
from bot.dispatch.recorded import from_json
from bot.messages import Key, Said
from storage.drafts import Draft

LONGEST = 40  # characters of words that can be a button's
LEAVE_THE_QUESTION = ("help", "undo", "log")  # said alone they are no answer to what is asked
MOST_OF_A_GREETING = 12  # words
GOOD_FOR = timedelta(minutes=30)  # as long as words answer a question (spec/engagement.md section 10)
A_MOMENT = timedelta(microseconds=1)
BESIDE_YES = (N_("Cancel"), N_("Not now"))  # the buttons that leave it
WAYS_OUT = (N_("cancel"), N_("Cancel"), N_("stop"), N_("never mind"), N_("not now"))


def button_in_words(ctx: Context, said: Said) -> str:
    """The token of the button that plain words mean, of those under what was answered last in a direct chat;
    "" for none. Once something else has come meanwhile, words could be about that: then it takes a tap."""
    if said.place.kind != "direct" or said.reply_to or not 0 < len(said.text) <= LONGEST:
        return ""
    last = ctx.store.received.said_last(said.place, ctx.now - GOOD_FOR)
    keys = [key for one in last for key in _keys(one.answer)]
    at = meant([key.label for key in keys], said.text, ctx)
    if at is None or _has_come(ctx, max(one.received_at for one in last)):
        return ""
    return keys[at].token


def meant(labels: Sequence[str], said: str, ctx: Context) -> int | None:
    """Which of these labels somebody says: the whole of one; the number in front of one, or at the end of one
    of several ("Change 1", "Change 2"); "yes" to the only one that begins with it, and "no". None if none is
    plainly meant."""
    words = words_of(said)
    if not words:
        return None
    ways = (
        [words_of(label) == words for label in labels],
        [_is_numbered(label, words[0], labels) for label in labels] if len(words) == 1 else [],
        [is_yes(label, ctx) for label in labels] if is_yes(said, ctx) else [],
        _ways_to_say_no(labels, ctx) if is_no(said, ctx) else [],
    )
    for fits in ways:
        if sum(fits) == 1:
            return fits.index(True)
    return None


def leaves_the_question(draft: Draft, words: str, registry: Registry) -> bool:
    """Whether a command's name is said, and nothing else, where no choice is called so."""
    command, rest = registry.find(words)
    if command is None or rest or command.name not in LEAVE_THE_QUESTION:
        return False
    return all(words_of(label) != words_of(words) for label, _ in draft.choices)


def member_named(ctx: Context, words: str) -> str:
    """The one organisation that a greeting names ("Hi, I'm from MecaTech"); "" for none, or several."""
    said, known = words.split()[:MOST_OF_A_GREETING], ctx.reading.organisations
    runs = (" ".join(said[at:end]) for at in range(len(said)) for end in range(len(said), at, -1))
    named = {find(run, known).value for run in runs if exactly(run, known)}
    return next(iter(named)) if len(named) == 1 else ""


def is_way_out(ctx: Context, text: str) -> bool:
    """Whether the words only leave what is being asked; "never_mind" is how Telegram writes two words."""
    words = words_of(text)
    return words in {words_of(way) for one in WAYS_OUT for way in (one, ctx.translate(one))}


def is_yes(label: str, ctx: Context) -> bool:
    """Whether a label, or what somebody says, is a yes: "Yes", "Yes, leave"."""
    return _begins(label, N_("Yes"), ctx)


def is_no(label: str, ctx: Context) -> bool:
    """Whether a label, or what somebody says, is a no."""
    return _begins(label, N_("No"), ctx)


def _begins(label: str, word: str, ctx: Context) -> bool:
    return words_of(label.partition(",")[0]) in (words_of(word), words_of(ctx.translate(word)))


def _ways_to_say_no(labels: Sequence[str], ctx: Context) -> list[bool]:
    """A label that says no; beside a yes also the one that leaves it."""
    said = [is_no(label, ctx) for label in labels]
    if any(said) or not any(is_yes(label, ctx) for label in labels):
        return said
    return [label in [ctx.translate(way) for way in BESIDE_YES] for label in labels]


def _is_numbered(label: str, number: str, labels: Sequence[str]) -> bool:
    if not number.isdecimal():
        return False
    words = label.split()
    if words[:2] in ([number], [number, "·"]):
        return True
    before, _, last = label.rpartition(" ")
    alike = [one for one in labels if one.rpartition(" ")[0] == before != ""]
    return last == number and len(alike) > 1 and all(one.rpartition(" ")[2].isdecimal() for one in alike)


def _keys(answer: dict[str, Any] | None) -> Sequence[Key]:
    message = from_json(answer).message if answer else None
    return [key for key in message.keys if key.token] if message else []


def _has_come(ctx: Context, since: datetime) -> bool:
    person = ctx.identity.person
    if person is None:
        return False
    return bool(ctx.store.deliveries.sent_to(person.id, since + A_MOMENT))
