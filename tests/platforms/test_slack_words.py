"""Plain words on Slack: direct messages, mentions, replies in threads, files; and events that come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.messages import Answer, File, Message, Said
from tests.platforms.slack_scene import BOTH, Scene, log_form, place, says, slack


@pytest.fixture(params=BOTH)
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with slack(request.param) as scene:
        yield scene


def only_said(scene: Scene) -> Said:
    [said] = scene.inbox.received
    assert isinstance(said, Said)
    return said


async def test_words_in_a_direct_chat_are_addressed_to_us_and_answered_there(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!")

    [answer] = await ana.says("who am I & why? https://example.org/a?b=1&c=2")

    said = only_said(scene)
    assert said.text == "who am I & why? https://example.org/a?b=1&c=2"
    assert (said.addressed, said.reply_to, said.place) == (True, "", place(ana.direct.id))
    assert said.message_id == ana.sees()[0].ts
    assert said.event == f"msg:{ana.direct.id}:{said.message_id}"
    assert said.account.name == "Ana"
    assert (answer.words, answer.ephemeral) == ("Hello Ana!", False)
    [(_, post)] = scene.inbox.done
    assert post is not None
    assert post.message_id == answer.ts


async def test_words_never_open_a_form_so_its_message_is_given(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = Answer(message=says("What did you do?").message, form=log_form())
    [answer] = await ana.says("log")
    assert (answer.words, ana.modal) == ("What did you do?", None)
    assert scene.server.called("views.open") == []


async def test_channel_talk_is_not_listened_to_but_replies_in_threads_are(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana, private=True)
    card = await scene.port.send(place(general.id), Message("Motion 7"))
    scene.inbox.always = says("🗳 Recorded")

    assert await ana.says("lunch?", general) == []
    [answer] = await ana.says("yes", general, thread=card.message_id)

    said = only_said(scene)
    assert (said.text, said.addressed, said.reply_to) == ("yes", False, card.message_id)
    assert said.place == place(general.id, card.message_id)
    assert (answer.words, answer.ephemeral, answer.thread) == ("🗳 Recorded", True, card.message_id)


async def test_a_mention_in_a_thread_is_heard_once_and_without_the_mention(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    card = await scene.port.send(place(general.id), Message("Motion 7"))
    scene.inbox.always = says("Two thirds", public=True)

    [answer] = await ana.says("how does it work?", general, thread=card.message_id, mention=True)

    said = only_said(scene)
    assert (said.text, said.addressed, said.reply_to) == ("how does it work?", True, card.message_id)
    assert (answer.words, answer.ephemeral, answer.thread) == ("Two thirds", False, card.message_id)
    assert answer in ben.sees(general)


async def test_files_come_with_the_words_and_voice_is_said_to_be_unheard(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    photo = {"id": "F1", "name": "day.jpg", "mimetype": "image/jpeg", "size": 1200}
    await ana.says("the list", files=[photo])
    await ana.says("", files=[{"id": "F2", "name": "clip.m4a", "mimetype": "audio/mp4"}])

    first, second = scene.inbox.received
    assert isinstance(first, Said)
    assert isinstance(second, Said)
    assert (first.text, first.files, first.unheard) == (
        "the list",
        (File("F1", "day.jpg", "image/jpeg", 1200),),
        "",
    )
    assert (second.text, second.unheard) == ("", "voice")


async def test_a_guest_from_another_workspace_keeps_their_home(scene: Scene) -> None:
    guest = scene.server.user("Gil", team="T9")
    general = scene.server.channel("general", guest)
    await guest.says("hello", general, mention=True)

    said = only_said(scene)
    assert (said.account.workspace, said.place.installation) == ("T9", "T1")


async def test_a_redelivered_event_comes_with_the_same_id(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await ana.says("hello")
    [event_id] = scene.server.delivery.sent

    await scene.server.redeliver(event_id)

    first, second = scene.inbox.received
    assert first.event == second.event


async def test_what_could_not_be_received_comes_again(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.server.delivery.patience = 0.3
    scene.inbox.failing = 1
    scene.inbox.always = says("Hello Ana!")

    [answer] = await ana.says("hello")

    assert scene.inbox.begun == 2
    assert answer.words == "Hello Ana!"
    assert scene.server.delivery.owed == []


async def test_nothing_is_acknowledged_before_it_is_received(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.held = asyncio.Event()
    typing, saying = asyncio.create_task(ana.types("/log x")), asyncio.create_task(ana.says("hello"))
    await scene.until(lambda: scene.inbox.begun == 2)

    await asyncio.wait({typing, saying}, timeout=0.1)
    assert not typing.done()
    assert not saying.done()
    scene.inbox.held.set()
    await asyncio.gather(typing, saying)
    assert sorted(scene.inbox.texts()) == ["hello", "log x"]


async def test_a_command_that_could_not_be_received_tells_so_by_the_missing_ack(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.server.delivery.patience = 0.3
    scene.inbox.failing = 1

    assert await ana.types("/log x") == []
    assert ana.timed_out
    assert scene.inbox.done == []


async def test_an_answer_that_did_not_get_through_is_not_called_given(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!")
    scene.server.fail_next("chat.postMessage", status=503)

    assert await ana.says("hello") == []
    assert len(scene.inbox.received) == 1
    assert scene.inbox.done == []


async def test_typed_control_sequences_come_as_words_and_go_out_as_words(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await ana.says("<!channel> <@U0009|ben> <#C1|general> <https://example.org|report> *bold*", raw=True)
    assert only_said(scene).text == "@channel @ben #general report https://example.org *bold*"

    scene.inbox.always = says(r"Logged: \<\!channel\> \<@U0009\>")
    [answer] = await ana.says("x")
    assert answer.words == "Logged: &lt;!channel&gt; &lt;@U0009&gt;"


async def test_people_whose_profile_cannot_be_had_are_heard_all_the_same(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.server.fail_next("users.info", status=500)
    await ana.types("/log x")
    await ana.types("/log y")

    assert [incoming.account.name for incoming in scene.inbox.received] == ["ana", "ana"]
    assert len(scene.server.called("users.info")) == 0  # asked for again after some minutes only
