"""Commands and buttons on Slack, over the socket and over HTTP: what is heard, and what people then see."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.messages import Account, Call, Key, Message, Place
from tests.platforms.slack_scene import BOTH, Scene, place, says, slack, with_buttons


@pytest.fixture(params=BOTH)
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with slack(request.param) as scene:
        yield scene


def only_call(scene: Scene) -> Call:
    [call] = scene.inbox.received
    assert isinstance(call, Call)
    return call


async def test_a_slash_command_is_a_call_and_its_answer_is_for_the_typist_only(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana", zone="Europe/Lisbon", locale="pt-PT"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    scene.inbox.always = says("✓ Logged: *LCA clinic*", "Undo")

    [answer] = await ana.types("/log workshop LCA clinic & more <b>", general)

    call = only_call(scene)
    assert call.text == "log workshop LCA clinic & more <b>"
    assert call.account == Account("slack", "T1", ana.id, "Ana", "pt-PT", "Europe/Lisbon")
    assert call.place == Place("slack", "T1", general.id, "", "group", "general")
    assert call.can_show_form
    assert call.event.startswith("cmd:")
    assert call.sent_at is None
    assert call.received_at == scene.clock.now()
    assert (answer.words, answer.buttons, answer.ephemeral) == ("✓ Logged: _LCA clinic_", ["Undo"], True)
    assert ben.sees(general) == []
    assert scene.inbox.done == [(call, None)]


async def test_a_public_answer_is_seen_by_all(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    scene.inbox.always = says("Knowledge exchange: 2 of 2", public=True)

    await ana.types("/indicators", general)

    assert [seen.words for seen in ben.sees(general)] == ["Knowledge exchange: 2 of 2"]


@pytest.mark.parametrize(("line", "text"), [("/alliance", "help"), ("/alliance who am I", "who am I")])
async def test_the_catch_all_command_takes_its_words_as_the_command(
    scene: Scene, line: str, text: str
) -> None:
    await scene.server.user("Ana").types(line)
    assert scene.inbox.texts() == [text]


async def test_a_catch_all_that_was_renamed_works_like_alliance(scene: Scene) -> None:
    await scene.server.user("Ana").types("/cluster indicators")
    assert scene.inbox.texts() == ["indicators"]


async def test_silence_acknowledges_and_says_nothing(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    assert await ana.types("/log x") == []
    assert not ana.timed_out


async def test_a_long_answer_to_a_command_goes_on_in_further_messages(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("\n\n".join(f"Line {n} " + "word " * 100 for n in range(60)), "More")

    seen = await ana.types("/indicators")

    assert len(seen) == 3
    assert all(one.ephemeral for one in seen)
    assert [one.buttons for one in seen] == [[], [], ["More"]]
    shown = "\n".join(one.words for one in seen)
    assert [f"Line {n} " in shown for n in range(60)] == [True] * 60


async def test_a_command_in_a_chat_between_other_people_is_answered_there(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    scene.inbox.always = says("Here you are", "More")
    scene.inbox.answers["more"] = says("And more")

    [answer] = await ana.types("/indicators", scene.server.chat(ana, ben))
    [more] = await ana.taps(answer, "More")

    assert (more.words, more.ephemeral, more.channel) == ("And more", True, answer.channel)


async def test_a_button_under_a_private_answer_replaces_it(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    scene.inbox.always = says("✓ Logged", "Undo")
    scene.inbox.answers["undo"] = says("Taken back. Nothing is kept.", replace=True)

    [answer] = await ana.types("/log x", general)
    [changed] = await ana.taps(answer, "Undo")

    assert changed is answer
    assert (changed.words, changed.buttons) == ("Taken back. Nothing is kept.", [])
    call = scene.inbox.received[-1]
    assert isinstance(call, Call)
    assert (call.token, call.message_id, call.can_show_form) == ("undo", answer.ts, True)
    assert call.place == place(general.id)
    assert call.sent_at is not None
    assert call.sent_at == scene.clock.now().replace(microsecond=call.sent_at.microsecond)
    assert call.event.startswith("act:")


async def test_a_button_under_a_post_in_a_group_is_answered_in_private(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    scene.inbox.answers["for"] = says("🗳 Recorded", replace=True)
    post = await scene.port.send(place(general.id), with_buttons("Motion 7", "For"))

    [card] = ben.sees(general)
    [answer] = await ben.taps(card, "For")

    assert (answer.words, answer.ephemeral) == ("🗳 Recorded", True)
    assert card.words == "Motion 7"
    assert len(ana.sees(general)) == 1
    assert only_call(scene).message_id == post.message_id


async def test_a_public_answer_in_a_group_may_replace_the_post_with_its_button(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    await scene.port.send(place(general.id), with_buttons("What is this channel for?", "Logs", "Talk"))
    scene.inbox.answers["logs"] = says("What is logged goes here.", "Talk", replace=True, public=True)
    scene.inbox.answers["talk"] = says("Just for talking, then.", public=True)

    [card] = ben.sees(general)
    [changed] = await ben.taps(card, "Logs")
    [added] = await ben.taps(card, "Talk")

    assert (changed is card, card.words) == (True, "What is logged goes here.")
    assert [seen.words for seen in ana.sees(general)] == [card.words, "Just for talking, then."]
    assert [post.message_id for _, post in scene.inbox.done if post] == [added.ts]


async def test_a_button_in_a_thread_is_answered_in_that_thread(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    root = await scene.port.send(place(general.id), Message("Motion 7"))
    await scene.port.send(place(general.id, root.message_id), with_buttons("Vote here", "For"))
    scene.inbox.answers["for"] = says("🗳 Recorded")

    [answer] = await ana.taps(ana.sees(general)[-1], "For")

    assert only_call(scene).place == place(general.id, root.message_id)
    assert (answer.thread, answer.ephemeral) == (root.message_id, True)


async def test_in_a_direct_chat_a_button_edits_the_message_or_adds_one(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    where = place(ana.direct.id)
    await scene.port.send(where, with_buttons("A seat is free", "Take it", "Who else"))
    scene.inbox.answers["take it"] = says("You're going", replace=True)
    scene.inbox.answers["who else"] = says("CIMES and MecaTech")

    [card] = ana.sees()
    [added] = await ana.taps(card, "Who else")
    [changed] = await ana.taps(card, "Take it")

    assert (added.words, added.ephemeral) == ("CIMES and MecaTech", False)
    assert changed is card
    assert (card.words, card.edited) == ("You're going", True)
    posts = [post for _, post in scene.inbox.done]
    assert [post.message_id for post in posts if post] == [added.ts, card.ts]


async def test_a_response_url_used_up_gives_way_to_a_post(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    scene.inbox.always = says("✓ Logged", "Undo")
    [answer] = await ana.types("/log x", general)
    scene.server.fail_next("respond", status=404)

    [again] = await ana.taps(answer, "Undo")

    assert (again.words, again.ephemeral) == ("✓ Logged", True)
    assert len(scene.server.called("chat.postEphemeral")) == 1


async def test_a_link_button_needs_no_answer(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    key = Key("Read it", url="https://example.org/m7")
    await scene.port.send(place(ana.direct.id), Message("Motion 7", (key,)))

    assert await ana.taps(ana.sees()[0], "Read it") == []
    assert not ana.timed_out
    assert scene.inbox.received == []
