"""Telegram: what happens to a group, a topic or a channel is told, once, with who did it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Account, Call, Message, Place
from bot.platforms.port import SendFailed
from tests.platforms.telegram_scene import NOW, Scene, says, telegram
from tests.servers.telegram import Group

DOORS = pytest.mark.parametrize("door", ["polling", "webhook"])


def place_of(group: Group, thread: int = 0, name: str = "") -> Place:
    return Place("telegram", "", group.id, str(thread or ""), "group", name or group.chat.title)


async def told(scene: Scene) -> list[dict[str, str]]:
    """What was told since it was asked last."""
    await scene.server.settled()
    changes = [dict(call.arguments) for call in scene.inbox.changes]
    scene.inbox.changes.clear()
    return changes


@DOORS
async def test_being_put_into_a_group_is_told_and_the_answer_stands_there(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana", "Alves", language="pt")
        group = scene.server.group("Green group", [ana], bot=False)
        await scene.server.settled()
        assert scene.inbox.changes == []
        scene.inbox.answers["added"] = says("What is this group for?", "Motions", public=True)
        group.add_bot(by=ana)
        await scene.server.settled()
        (call,) = scene.inbox.changes
        assert call == Call(
            event=call.event,
            account=Account("telegram", "", ana.id, "Ana Alves", "pt"),
            place=place_of(group),
            received_at=NOW,
            command="place changed",
            arguments={"what": "added"},
            sent_at=call.sent_at,
        )
        assert call.sent_at is not None
        assert call.sent_at.tzinfo is not None
        (question,) = ana.sees(group)
        assert (question.text, question.buttons) == ("What is this group for?", ["Motions"])
        assert question.reply_to is None
        await ana.taps(question, "Motions")
        assert scene.inbox.received[0].place == call.place


async def test_what_becomes_of_us_in_a_group() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana], bot=False)
        for step, what in (
            (group.add_bot, "added"),
            (group.promote_bot, None),
            (group.mute_bot, "muted"),
            (group.unmute_bot, "opened"),
            (group.mute_bot, "muted"),
            (group.remove_bot, "removed"),
            (group.add_bot, "added"),
        ):
            step(ana)
            assert await told(scene) == ([{"what": what}] if what else []), step
        group.tell_membership(ana, "member", "left")
        assert await told(scene) == [{"what": "removed"}]


async def test_restricted_people_are_in_or_out() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana], bot=False)

        async def becomes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
            body = {"chat": group.chat.as_json(), "from": ana.person.as_json(), "date": 1}
            body |= {"old_chat_member": before, "new_chat_member": after}
            scene.server.enqueue("my_chat_member", body, group.chat)
            return await told(scene)

        outside = {"status": "restricted", "is_member": False, "can_send_messages": False}
        silent, left = outside | {"is_member": True}, {"status": "left"}
        assert await becomes(left, outside) == []
        assert await becomes(outside, silent) == [{"what": "added"}]
        assert await becomes(silent, silent | {"can_send_messages": True}) == [{"what": "opened"}]
        assert await becomes(silent, outside) == [{"what": "removed"}]


async def test_a_group_gets_another_title_whoever_gives_it() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        await told(scene)
        for title, by in (("Greener group", ana), ("Greenest group", None)):
            group.rename(title, by)
            await scene.server.settled()
            (call,) = scene.inbox.changes
            assert (call.place, call.message_id) == (place_of(group), "")
            assert call.account.user == (ana.id if by else "")
            assert await told(scene) == [{"what": "renamed", "name": title}]


@pytest.mark.parametrize("joined_first", [False, True])
async def test_a_group_that_became_a_supergroup_is_told_once_from_where_to_where(joined_first: bool) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana], kind="group")
        await told(scene)
        new = group.upgrade(by=ana, joined_first=joined_first)
        await scene.server.settled()
        whats = {call.arguments["what"]: call for call in scene.inbox.changes}
        assert len(scene.inbox.changes) == len(whats) == 2
        assert dict(whats["moved"].arguments) == {"what": "moved", "to": new.id}
        assert whats["moved"].place == place_of(group)
        assert whats["added"].place == place_of(new)  # Telegram says so; nobody put us there
        with pytest.raises(SendFailed) as failed:
            await scene.port.send(place_of(group), Message("hello"))
        assert (failed.value.kind, failed.value.place) == ("moved", place_of(new))


async def test_topics_are_closed_opened_and_renamed() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        forum = scene.server.group("Assembly", [ana], forum=True)
        topic = forum.topic("Motions", by=ana)
        await told(scene)
        forum.close_topic(topic, by=ana)
        await scene.server.settled()
        assert scene.inbox.changes[0].place == place_of(forum, topic)
        assert await told(scene) == [{"what": "closed"}]
        with pytest.raises(SendFailed) as failed:
            await scene.port.send(place_of(forum, topic), Message("hello"))
        assert (failed.value.kind, failed.value.says) == ("gone", "closed: Topic_closed")
        forum.reopen_topic(topic, by=None)
        await scene.server.settled()
        assert scene.inbox.changes[0].account.user == ""
        assert await told(scene) == [{"what": "opened"}]
        await scene.port.send(place_of(forum, topic), Message("hello"))
        forum.rename_topic(topic, "Motions", by=ana)  # only its icon
        assert await told(scene) == []
        forum.rename_topic(topic, "Votes", by=ana)
        await scene.server.settled()
        assert scene.inbox.changes[0].place == place_of(forum, topic, "Votes")
        assert await told(scene) == [{"what": "renamed", "name": "Votes"}]


async def test_the_general_topic_is_not_the_whole_group() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        forum = scene.server.group("Assembly", [ana], forum=True)
        await told(scene)
        base = {"message_id": 90, "date": 1, "chat": forum.chat.as_json(), "from": ana.person.as_json()}
        services: list[dict[str, Any]] = [
            {"forum_topic_closed": {}},
            {"forum_topic_edited": {"name": "Hall"}},
        ]
        for service in services:
            scene.server.enqueue("message", base | service, forum.chat)
        assert await told(scene) == []


async def test_a_channel_is_a_place_and_what_is_posted_in_it_is_nobodys_words() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        channel = scene.server.group("News", [ana], kind="channel")
        await scene.server.settled()
        assert scene.inbox.changes[0].place == place_of(channel)
        assert await told(scene) == [{"what": "added"}]
        channel.rename("Green news", by=ana)
        await scene.server.settled()
        assert scene.inbox.changes[0].account == Account("telegram", "", "")
        assert await told(scene) == [{"what": "renamed", "name": "Green news"}]
        channel.tell_membership(ana, "administrator", "member")
        assert await told(scene) == [{"what": "muted"}]
        post = {"message_id": 91, "date": 1, "chat": channel.chat.as_json(), "text": "/log workshop"}
        scene.server.enqueue("channel_post", post, channel.chat)
        assert await told(scene) == []
        assert scene.inbox.received == []


async def test_blocking_us_changes_no_place_and_neither_do_others_who_come_and_go() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        ana.blocks()
        group = scene.server.group("Green group", [ana])
        await told(scene)
        base = {"message_id": 92, "date": 1, "chat": group.chat.as_json(), "from": ana.person.as_json()}
        for service in ({"new_chat_members": [ana.person.as_json()]}, {"delete_chat_photo": True}):
            scene.server.enqueue("message", base | service, group.chat)
        assert await told(scene) == []


@DOORS
async def test_the_same_change_delivered_twice_is_the_same_event(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana], kind="group")
        await scene.server.settled()
        happened: list[dict[str, Any]] = []
        enqueue = scene.server.enqueue

        def noting(*what: Any) -> dict[str, Any]:
            happened.append(enqueue(*what))
            return happened[-1]

        scene.server.enqueue = noting  # type: ignore[method-assign,assignment]
        group.mute_bot(by=ana)
        group.unmute_bot(by=ana)
        group.rename("Greener group", by=ana)
        await scene.server.settled()
        first = [call.event for call in scene.inbox.changes]
        for update in happened:
            await scene.server.redeliver(update)
        again = [call.event for call in scene.inbox.changes][len(first) :]
        assert again == first[1:]
        assert len(set(first)) == 4
