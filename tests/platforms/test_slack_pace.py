"""At Slack's pace: answers wait for their turn, limits are kept, and what a 429 names rests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.messages import Account, Message, Post
from bot.platforms.pacing import Pace
from bot.platforms.port import SendFailed
from bot.platforms.slack.port import PACE
from tests.platforms.slack_scene import Scene, place, says, slack, with_buttons

HELLO = Message("Hello")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack(pace=Pace(overall=2.0, chat=1.05, group=1.05, edit=5.0)) as scene:
        yield scene


@pytest.fixture
async def limited() -> AsyncIterator[Scene]:
    async with slack() as scene:
        scene.server.limits = True
        yield scene


def passed(scene: Scene) -> float:
    return (scene.clock.now() - scene.began) / timedelta(seconds=1)


async def test_answers_that_are_posted_or_edited_keep_the_pace(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    scene.inbox.always = says("Hello Ana!", "Again")
    scene.inbox.answers["again"] = says("Hello again!", replace=True)

    [answer] = await ana.says("hello")  # a post
    assert passed(scene) == 0
    assert scene.port.pacer.resting() == (ana.direct.id,)
    await ana.says("hello", general, mention=True)  # for her eyes only
    assert passed(scene) == 2
    assert scene.port.pacer.may_edit()
    await ana.taps(answer, "Again")  # an edit
    assert passed(scene) == 4
    assert not scene.port.pacer.may_edit()


async def test_acks_and_response_urls_are_outside_the_limits(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    scene.inbox.always = says("✓ Logged", "Undo")
    scene.inbox.answers["undo"] = says("Taken back", replace=True)

    for _ in range(3):
        [answer] = await ana.types("/log x", general)
        await ana.taps(answer, "Undo")

    assert passed(scene) == 0
    assert scene.port.pacer.resting() == ()


async def test_what_is_sent_from_outside_was_paced_there(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    for _ in range(3):
        post = await scene.port.send(place(ana.direct.id), HELLO)
        await scene.port.edit(post, Message("Hello again"))
        await scene.port.give(place(ana.direct.id), Account("slack", "T1", ana.id), says("Hello"))
        await scene.port.delete(post)
    assert passed(scene) == 0
    assert scene.port.pacer.resting() == ()


async def test_the_parts_of_a_long_text_are_spaced(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    text = "\n\n".join(f"Paragraph {number}. " + "words " * 80 for number in range(80))
    await scene.port.send(place(ana.direct.id), Message(text))
    assert len(ana.sees()) == 4
    assert passed(scene) == 4  # three turns: the first was taken outside, and waits for none


async def test_many_answers_at_once_come_one_after_the_other(scene: Scene) -> None:
    people = [scene.server.user(f"Person {number}") for number in range(5)]
    scene.inbox.always = says("Hello!")
    await asyncio.gather(*(person.says("hello") for person in people))
    assert [len(person.sees()) for person in people] == [2] * 5
    assert passed(scene) == 8


async def test_a_429_rests_what_it_names(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    post = await scene.port.send(place(ana.direct.id), HELLO)
    account = Account("slack", "T1", ana.id)
    for method, doing, scope in (
        ("chat.postMessage", lambda: scene.port.send(post.place, HELLO), "chat"),
        ("chat.postEphemeral", lambda: scene.port.send(place("C1"), HELLO, only_for=account), "chat"),
        ("chat.update", lambda: scene.port.edit(post, HELLO), "edits"),
        ("chat.delete", lambda: scene.port.delete(post), "platform"),
        ("conversations.open", lambda: scene.port.direct(account), "platform"),
    ):
        scene.server.fail_next(method, status=429, retry_after=17)
        with pytest.raises(SendFailed) as caught:
            await doing()
        trouble = caught.value
        assert (trouble.kind, trouble.says, trouble.after) == ("later", "ratelimited", 17.0)
        assert trouble.scope == scope


async def test_a_429_for_an_answer_makes_room_at_once(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = says("Hello Ana!", "Again")
    scene.inbox.answers["again"] = says("Hello again!", replace=True)
    [answer] = await ana.says("hello")

    scene.server.fail_next("chat.postMessage", status=429, retry_after=17)
    await ana.says("hello")
    scene.server.fail_next("chat.update", status=429, retry_after=29)
    await ana.taps(answer, "Again")

    pacer = scene.port.pacer
    scene.clock.passes(14)
    assert (pacer.resting(), pacer.may_edit(), pacer.paused()) == ((ana.direct.id,), False, False)
    scene.clock.passes(4)
    assert (pacer.resting(), pacer.may_edit()) == ((), False)
    scene.clock.passes(12)
    assert pacer.may_edit()
    assert len(scene.inbox.done) == 1  # the others are left for the worker


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_post_that_cannot_be_edited_any_more_is_deleted(scene: Scene, code: str) -> None:
    ana = scene.server.user("Ana")
    post = await scene.port.send(place(ana.direct.id), HELLO)
    scene.server.fail_next("chat.update", code=code)
    with pytest.raises(SendFailed) as caught:
        await scene.port.edit(post, Message("Hello again"))
    assert (caught.value.kind, caught.value.says) == ("deleted", code)


async def test_a_post_that_somebody_took_away_is_deleted(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    post = await scene.port.send(place(general.id), HELLO)
    await scene.server.deletes(ana.sees(general)[0])
    with pytest.raises(SendFailed) as caught:
        await scene.port.edit(post, Message("Hello again"))
    assert (caught.value.kind, caught.value.says) == ("deleted", "message_not_found")
    await scene.port.delete(post)


async def test_a_card_in_a_channel_out_of_reach_is_gone(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general, board = scene.server.channel("general", ana), scene.server.channel("board", ana, private=True)
    first, second = [await scene.port.send(place(one.id), HELLO) for one in (general, board)]
    await scene.server.archives(general)
    await scene.server.removes_bot(board, ana)
    found = []
    for post in (first, second, Post(place("C404"), "1.000001")):
        with pytest.raises(SendFailed) as caught:
            await scene.port.edit(post, Message("Hello again"))
        found.append((caught.value.kind, caught.value.says))
    assert found == [
        ("gone", "archived: is_inactive"),
        ("gone", "lost: channel_not_found"),
        ("gone", "lost: channel_not_found"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    ],
)
async def test_a_channel_where_we_may_not_write_is_gone(scene: Scene, code: str) -> None:
    ana = scene.server.user("Ana")
    scene.server.fail_next("chat.postMessage", code=code)
    with pytest.raises(SendFailed) as caught:
        await scene.port.send(place(ana.direct.id), HELLO)
    assert (caught.value.kind, caught.value.says) == ("gone", f"muted: {code}")


async def test_at_our_own_pace_slack_takes_every_post_in_a_channel(limited: Scene) -> None:
    ana = limited.server.user("Ana")
    general, pacer = limited.server.channel("general", ana), limited.port.pacer
    for number in range(30):
        while general.id in pacer.resting():
            await limited.clock.sleep(PACE.group)
        await pacer.slot()
        pacer.sends(general.id, group=True)
        await limited.port.send(place(general.id), Message(f"Line {number}"))
    assert [seen.words for seen in ana.sees(general)] == [f"Line {number}" for number in range(30)]


async def test_at_our_own_pace_slack_takes_every_edit(limited: Scene) -> None:
    ana = limited.server.user("Ana")
    channels = [limited.server.channel(f"channel-{number}", ana) for number in range(6)]
    posts = [await limited.port.send(place(one.id), with_buttons("0 for", "For")) for one in channels]
    pacer = limited.port.pacer
    for number in range(120):
        while not pacer.may_edit():
            await limited.clock.sleep(PACE.edit)
        await pacer.slot()
        post = posts[number % len(posts)]
        pacer.sends(post.place.channel, group=True, edit=True)
        await limited.port.edit(post, Message(f"{number} for"))
    assert [seen.words for seen in ana.sees()] == [f"{number} for" for number in range(114, 120)]
