"""An answering word under an event's card is an answer, in private; anything else is talk (section 1)."""

from __future__ import annotations

from datetime import timedelta

from tests.events_stage import START, it_is, planned
from tests.lanes_stage import read_by
from tests.test_rsvp import TITLE, events_hall, state_of
from tests.test_voting_words import speaks
from tests.world import World


async def test_a_word_under_the_card_is_taken_and_answered_in_private(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    jan = await world.member("Jan", "evoluma")
    await speaks(world, marie, "fr")
    await speaks(world, jan, "pl")
    hall = await events_hall(marie, luc, jan)
    number = await planned(world, capacity=2)
    card = luc.finds(TITLE, hall)

    for somebody, words, first, state in (
        (luc, "+1", f"You're going: {TITLE}, Tue 8 Dec, 15:00 in Brussels.", "going"),
        (marie, "Je viens !", f"You're going: {TITLE}, Tue 8 Dec, 15:00 in Paris.", "going"),
        (jan, "tak", f"All 2 seats of {TITLE} are taken. You're first in line.", "waitlisted"),
        (luc, "Maybe", f"You're down as maybe: {TITLE}, Tue 8 Dec, 15:00 in Brussels.", "maybe"),
        (
            marie,
            "can't make it",
            f"You're not going any more: {TITLE}, Tue 8 Dec, 15:00 in Paris.",
            "withdrawn",
        ),
    ):
        heard = await somebody.says(words, hall, reply_to=card)
        assert heard.first == first
        assert await state_of(world, number, somebody) == state
    await world.settled()
    assert await state_of(world, number, jan) == "going"
    assert len(luc.posts(hall)) == 1  # what was answered was for each alone
    assert luc.sees_marks(luc.wrote(hall)) == []


async def test_talk_under_the_card_is_left_alone(world: World) -> None:
    luc, jan = await world.member("Luc", "mecatech"), await world.member("Jan", "evoluma")
    zoe = world.stranger("Zoe")
    await speaks(world, jan, "pl")
    hall = await events_hall(luc, jan, zoe)
    number = await planned(world)
    card = luc.finds(TITLE, hall)
    before = [read_by(one) for one in (luc, jan)]
    for somebody, words in (
        (luc, "yes but only if Jan comes"),
        (luc, "yes?"),
        (luc, "who comes?"),
        (luc, "oui"),  # is not a language of his
        (jan, "no"),  # which is "yeah" in Polish
        (zoe, "yes"),  # nobody knows her
    ):
        heard = await somebody.says(words, hall, reply_to=card)
        assert (heard.text, heard.alert) == ("", ""), words
    await luc.says("yes", hall)  # under nothing
    assert [await state_of(world, number, one) for one in (luc, jan)] == ["", ""]
    assert [read_by(one) for one in (luc, jan)] == before
    await it_is(world, START + timedelta(hours=2))
    heard = await luc.says("yes", hall, reply_to=luc.finds(TITLE, hall))
    assert (heard.text, heard.alert) == ("", "")
