"""Telegram: answers that meet trouble, messages that nobody asked for, the menu and the check."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Account, Answer, Key, Message, Place, Post
from bot.platforms.port import Finding, SendFailed
from tests.platforms.telegram_scene import says, telegram

HELLO = Message("Hello **Ana**.", (Key("Fine", token="fine"), Key("Read it", url="https://example.org/a")))


def sent(calls: list[object], method: str) -> int:
    return [getattr(one, "method", "") for one in calls].count(method)


@pytest.mark.parametrize(
    ("fault", "times_seen"),
    [
        ({"status": 500}, 1),
        ({"drop": True}, 1),
        ({"status": 429, "retry_after": 30}, 1),
        ({"status": 500, "after_processing": True}, 2),
        ({"drop": True, "after_processing": True}, 2),
    ],
)
async def test_an_answer_is_given_at_least_once(fault: dict[str, Any], times_seen: int) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.always = says("1 of 2")
        scene.server.fail_next("sendMessage", **fault)
        seen = await ana.types("/indicators")
        assert [one.text for one in seen.messages] == ["1 of 2"] * times_seen
        assert [post.message_id for _, post in scene.inbox.done if post] == [str(seen.message.id)]


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 31}, {"status": 502, "times": 50}])
async def test_an_answer_that_would_take_too_long_is_left_to_the_worker(fault: dict[str, Any]) -> None:
    async with telegram() as scene:
        scene.inbox.always = says("1 of 2")
        scene.server.fail_next("sendMessage", **fault)
        seen = await scene.server.user("Ana").types("/indicators")
        assert (seen.messages, scene.inbox.done) == ([], [])
        assert sum(scene.sleeps) <= 30


async def test_an_answer_to_somebody_who_blocked_us_counts_as_given() -> None:
    async with telegram() as scene:
        scene.inbox.always = says("1 of 2")
        scene.server.fail_next("sendMessage", 403)
        await scene.server.user("Ana").types("/indicators")
        assert scene.inbox.done == [(scene.inbox.received[0], None)]


async def test_an_answer_follows_a_group_that_moved() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        new = group.upgrade(by=ana)
        scene.inbox.always = says("1 of 2")
        await ana.types("/indicators", group)
        assert [one.text for one in ana.sees(new)] == ["1 of 2"]
        post = scene.inbox.done[0][1]
        assert post is not None
        assert post.place.channel == new.id


async def test_the_worker_gives_what_was_left() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        account = Account("telegram", "", ana.id)
        here, there = Place("telegram", "", ana.id), Place("telegram", "", group.id, kind="group")
        first = await scene.port.give(here, account, says("Your list", "More"), "1")
        assert first is not None
        again = await scene.port.give(here, account, says("The rest", replace=True), first.message_id)
        assert again == first
        await scene.port.give(here, account, says("New", replace=True), "1")  # what she typed herself
        await scene.port.give(there, account, says("For your eyes"))
        await scene.port.give(there, account, says("For all", public=True))
        assert await scene.port.give(here, account, Answer()) is None
        ana.blocks()
        await scene.port.give(there, account, says("Where else"))
        assert [one.text for one in ana.sees()] == ["/start", "The rest", "New", "For your eyes"]
        assert [one.text for one in ana.sees(group)] == ["For all", "Where else"]


async def test_sending_editing_and_deleting() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        forum = scene.server.group("Assembly", [ana], forum=True)
        place = Place("telegram", "", forum.id, str(forum.topic("Motions", by=ana)), "group")
        post = await scene.port.send(place, HELLO)
        message = ana.sees(forum)[-1]
        assert (message.text, message.marked("bold"), message.thread) == (
            "Hello Ana.",
            ["Ana"],
            int(place.thread),
        )
        assert (message.buttons, post) == (["Fine", "Read it"], Post(place, str(message.id)))
        assert (await ana.taps(message, "Read it")).opened == "https://example.org/a"
        await scene.port.edit(post, Message("Bye."))
        await scene.port.edit(post, Message("Bye."))
        assert (message.text, message.buttons, message.version) == ("Bye.", [], 1)
        answer = await scene.port.send(place, HELLO, reply_to=post.message_id)
        assert ana.sees(forum)[-1].reply_to is message
        await scene.port.delete(answer)
        await scene.port.delete(answer)
        assert ana.sees(forum)[-1] is message
        private = await scene.port.send(place, HELLO, only_for=Account("telegram", "", ana.id))
        assert private.place == await scene.port.direct(Account("telegram", "", ana.id))
        assert ana.sees()[-1].text == "Hello Ana."


async def test_why_a_message_could_not_be_placed() -> None:
    async with telegram() as scene:
        ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        direct, there = Place("telegram", "", ana.id), Place("telegram", "", group.id, kind="group")

        async def kind(place: Place, message: Message = HELLO, **fault: Any) -> tuple[str, float]:
            if fault:
                scene.server.fail_next("sendMessage", **fault)
            with pytest.raises(SendFailed) as failed:
                await scene.port.send(place, message)
            if failed.value.kind == "moved":
                assert failed.value.place == Place("telegram", "", new.id, kind="group")
            return failed.value.kind, failed.value.after

        assert await kind(direct, status=429, retry_after=245) == ("later", 245.0)
        assert await kind(direct, status=500, after_processing=True) == ("unknown", 0.0)
        assert await kind(direct, drop=True) == ("unknown", 0.0)
        assert await kind(direct, status=401) == ("later", 60.0)
        assert await kind(Place("telegram", "", ben.id)) == ("gone", 0.0)
        assert await kind(Place("telegram", "", "424242")) == ("gone", 0.0)
        assert await kind(direct, Message("")) == ("refused", 0.0)
        new = group.upgrade(by=ana)
        assert await kind(there) == ("moved", 0.0)
        group.chat.migrated_to = 0
        group.remove_bot(by=ana)
        assert await kind(there) == ("gone", 0.0)
        await scene.server.stop()
        scene.port = scene.new_port()
        await scene.port.connect(scene.inbox)
        assert await kind(direct) == ("later", 5.0)


async def test_why_a_place_or_a_person_is_out_of_reach_begins_with_one_word() -> None:
    async with telegram() as scene:
        ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
        await ana.starts()
        forum = scene.server.group("Assembly", [ana], forum=True)
        topic = forum.topic("Motions", by=ana)
        direct, hall = Place("telegram", "", ana.id), Place("telegram", "", forum.id, kind="group")
        motions = Place("telegram", "", forum.id, str(topic), "group")

        async def why(place: Place) -> str:
            with pytest.raises(SendFailed) as failed:
                await scene.port.send(place, HELLO)
            assert failed.value.kind == "gone"
            return failed.value.says.partition(":")[0]

        assert await why(Place("telegram", "", ben.id)) == "blocked"
        ana.blocks()
        assert await why(direct) == "blocked"
        assert await why(Place("telegram", "", "424242")) == "lost"
        forum.close_topic(topic, by=ana)
        assert await why(motions) == "closed"
        forum.delete_topic(topic)
        assert await why(motions) == "lost"
        forum.mute_bot(by=ana)
        assert await why(hall) == "muted"
        forum.remove_bot(by=ana)
        assert await why(hall) == "removed"
        forum.tell_membership(ana, "kicked", "left")
        forum.chat.bot = "left"
        assert await why(hall) == "removed"


async def test_a_post_that_cannot_be_edited_any_more_is_deleted_to_us() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        place = Place("telegram", "", group.id, kind="group")
        posts = [await scene.port.send(place, HELLO) for _ in range(2)]
        first, second = ana.sees(group)
        ana.deletes(first)
        second.editable = False
        for post in (*posts, Post(place, "777")):
            with pytest.raises(SendFailed) as failed:
                await scene.port.edit(post, Message("Bye."))
            assert failed.value.kind == "deleted"
        await scene.port.delete(posts[0])
        assert [one.text for one in ana.sees(group)] == ["Hello Ana."]


async def test_a_pause_is_for_the_group_that_was_too_much_or_for_everything() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        for place, scope in (
            (Place("telegram", "", group.id, kind="group"), "chat"),
            (Place("telegram", "", ana.id), "platform"),
        ):
            post = await scene.port.send(place, HELLO)
            for method in ("sendMessage", "editMessageText", "deleteMessage"):
                scene.server.fail_next(method, 429, retry_after=7)
            for doing in (
                scene.port.send(place, HELLO),
                scene.port.edit(post, Message("Bye.")),
                scene.port.delete(post),
            ):
                with pytest.raises(SendFailed) as failed:
                    await doing
                assert (failed.value.kind, failed.value.after, failed.value.scope) == ("later", 7.0, scope)


async def test_a_long_message_of_which_only_a_part_arrived_is_unknown() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        direct = Place("telegram", "", ana.id)
        scene.server.limits, scene.server.now = True, lambda: 1000.0
        for word in ("one", "two", "three", "four"):
            await scene.port.send(direct, Message(word))
        with pytest.raises(SendFailed) as failed:
            await scene.port.send(direct, Message("green\n\n" * 1000))
        assert failed.value.kind == "unknown"
        assert scene.sleeps == [6.0]
        assert [len(one.text) for one in ana.sees()] == [6, 3, 3, 5, 4, 4093]


async def test_there_is_no_direct_chat_with_an_account_of_elsewhere() -> None:
    async with telegram() as scene:
        with pytest.raises(SendFailed) as failed:
            await scene.port.direct(Account("slack", "T1", "U1"))
        assert failed.value.kind == "gone"


async def test_the_check_says_what_telegram_says() -> None:
    async with telegram(connect=False) as scene:
        assert await scene.port.check() == [
            Finding("Telegram", True, "@alliance_bot answers."),
            Finding(
                "Telegram groups",
                True,
                "In groups the bot reads commands, mentions and replies to it (privacy mode is on).",
            ),
            Finding("Telegram updates", True, "Updates are polled."),
        ]
        scene.server.privacy = False
        scene.server.webhook_url = "https://elsewhere.example/x"
        assert [one.says for one in (await scene.port.check())[1:]] == [
            "In groups the bot reads every message.",
            "Updates are delivered to https://elsewhere.example/x. That changes when the bot starts.",
        ]
        assert await scene.new_port(token="1:unknown").check() == [
            Finding("Telegram", False, "Telegram doesn't know this TELEGRAM_BOT_TOKEN.")
        ]
        await scene.server.stop()
        assert await scene.port.check() == [
            Finding("Telegram", False, "Telegram can't be reached right now (ClientConnectorError).")
        ]
