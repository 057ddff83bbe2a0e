"""Plain words where a tap was offered, and the everyday ones that are no command."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands import REGISTRY
from bot.dispatch.in_words import meant
from tests.notify_stage import seats, wants_to_know
from tests.world import World

__all__ = ["seats"]  # a fixture

LESS = "Shall I write to you less, about everything?"


class English:
    """Who reads English."""

    @staticmethod
    def translate(text: str) -> str:
        """The text itself."""
        return text


@pytest.mark.parametrize(
    ("labels", "said", "label"),
    [
        (["Tomorrow", "In 2 weeks"], "in 2 weeks!", "In 2 weeks"),
        (["Déjà vu", "Other"], "deja vu", "Déjà vu"),
        (["1 · Pumps", "2 · Moulds"], "2", "2 · Moulds"),
        (["1 · Yes", "1 · No", "2 · Yes"], "1", None),
        (["Change 1", "Change 2", "Done"], "2", "Change 2"),
        (["Send to 9", "Edit"], "9", None),
        (["In 2 weeks", "Monday"], "2", None),
        (["Yes, leave", "Cancel"], "yes", "Yes, leave"),
        (["Yes, leave", "Cancel"], "No", "Cancel"),
        (["Yes, For", "Yes, Against"], "yes", None),
        (["Send", "Cancel"], "yes", None),
        (["Send", "Cancel"], "no", None),
        (["For", "Against"], "for the moment nothing", None),
        ([], "yes", None),
        (["Yes"], "…", None),
    ],
)
def test_a_button_is_meant_by_words_that_are_plainly_it(
    labels: list[str], said: str, label: str | None
) -> None:
    reader: Any = English()
    at = meant(labels, said, reader)
    assert (None if at is None else labels[at]) == label


async def test_the_words_of_a_button_are_a_tap_on_it(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await luc.types("/leave")
    assert (await luc.says("no")).first == "Dropped. Nothing was saved."
    world.clock.pass_(minutes=1)
    await luc.types("/notify votes")
    assert "Votes" in (await luc.says("weekly DIGEST")).text
    world.clock.pass_(minutes=31)
    heard = await luc.says("switch off")
    assert heard.first.startswith("I don't know \"switch"), "half an hour later they are only words"

    await luc.types("/notify votes")
    world.clock.pass_(minutes=1)
    await wants_to_know(world, luc)  # what came since could be meant
    heard = await luc.says("one by one")
    assert heard.first.startswith("I don't know \"one")


async def test_a_question_is_left_by_the_bare_name_of_another_command(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    for words in ("help", "Hilfe"):
        await luc.says("log")
        await luc.says("log")
        if world.platform == "telegram":
            await luc.says("webinar")
        assert (await luc.says(words)).first == "What most people do here:", words
    assert (await luc.says("undo")).first.startswith("You haven't logged anything yet")
    assert await world.logged() == []


async def test_who_wants_less_or_nothing_is_understood(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    for words in (
        "stop",
        "/stop",
        "stop all",
        "mute",
        "/pause",
        "no more reminders pls",
        "weniger Nachrichten",
    ):
        heard = await (luc.types if words.startswith("/") else luc.says)(words)
        assert (heard.lines, heard.buttons) == ([LESS], ["Weekly digest", "Switch off", "What I send you"])
    for words in ("cancel", "/cancel", "never mind"):
        heard = await (luc.types if words.startswith("/") else luc.says)(words)
        assert heard.lines == ["Nothing was open."]
    for words in ("thanks!", "thx", "ok", "thank you very much", "Danke", "dzięki", "thanks Ana"):
        assert (await luc.says(words)).lines == ["You're welcome."], words
    assert (await luc.says("thanks, help")).first == "What most people do here:"
    assert (await luc.says("ok will send it tomorrow")).first.startswith("I don't know")


def test_only_a_slip_of_a_name_is_suggested() -> None:
    for word in ("wrong", "mine", "me", "oops", "fine"):
        assert REGISTRY.suggest(word) is None, word
    slips = {
        "evnts": "events",
        "indicatrs": "indicators",
        "votee": "vote",
        "moitons": "motions",
        "lgo": "log",
    }
    assert {word: REGISTRY.suggest(word) for word in slips} == slips
