"""What happens to channels on Slack: we are added and removed, they are renamed, archived, deleted, moved."""

from __future__ import annotations

import pytest

from bot.messages import Account, Call, Message, Place
from bot.platforms.slack import places
from tests.platforms.slack_scene import BOTH, Scene, place, says, slack

WHICH = "What is this channel for?"


def last_call(scene: Scene) -> Call:
    call = scene.inbox.received[-1]
    assert isinstance(call, Call)
    assert call.command == "place changed"
    return call


@pytest.mark.parametrize("door", BOTH)
async def test_we_are_added_and_ask_the_channel_what_it_is_for(door: str) -> None:
    async with slack(door) as scene:
        ana, ben = scene.server.user("Ana", zone="Europe/Lisbon", locale="pt-PT"), scene.server.user("Ben")
        general = scene.server.channel("general", ana, ben, bot=False)
        scene.inbox.always = says(WHICH, "Logs", public=True)

        await scene.server.adds_bot(general, ana)

        [call] = scene.inbox.received
        assert isinstance(call, Call)
        assert (call.command, call.arguments) == ("place changed", {"what": "added"})
        assert call.account == Account("slack", "T1", ana.id, "Ana", "pt-PT", "Europe/Lisbon")
        assert call.place == Place("slack", "T1", general.id, "", "group", "general")
        assert call.received_at == scene.clock.now()
        assert call.sent_at is not None
        assert call.event.startswith("place:Ev")
        for person in (ana, ben):
            assert [(seen.words, seen.buttons) for seen in person.sees(general)][-1] == (WHICH, ["Logs"])
        [(_, post)] = scene.inbox.done
        assert post is not None
        assert post.message_id == ben.sees(general)[-1].ts


async def test_a_private_channel_is_added_with_its_name(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    board = scene.server.channel("board", ana, bot=False, private=True)
    await scene.server.adds_bot(board, ana)
    assert last_call(scene).place == Place("slack", "T1", board.id, "", "group", "board")


async def test_a_command_in_a_private_channel_says_nothing_about_its_name(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await ana.types("/places", scene.server.channel("board", ana, private=True))
    await ana.types("/places", scene.server.channel("general", ana))
    await ana.types("/places")
    assert [call.place.name for call in scene.inbox.received] == ["", "general", ""]


async def test_an_app_that_joined_by_itself_has_nobody_to_tell(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana, bot=False)

    scene.inbox.always = says("Thank you for adding me.")
    await scene.server.adds_bot(general)
    assert last_call(scene).account == Account("slack", "T1", "")
    assert (ana.sees(general), scene.server.called("chat.postEphemeral")) == ([], [])
    assert scene.inbox.done == [(last_call(scene), None)]

    scene.inbox.always = says(WHICH, public=True)
    await scene.server.removes_bot(general, ana)
    await scene.server.adds_bot(general)
    assert ana.sees(general)[-1].words == WHICH
    assert [call.arguments["user"] for call in scene.server.called("users.info")] == [ana.id]


async def test_without_its_name_a_channel_is_added_all_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = scene.server.user("Ana")
    monkeypatch.setattr(places, "NAME_PATIENCE", 0.02)
    for number, fault in enumerate(({"code": "missing_scope"}, {"drop": True}, {"delay": 0.5})):
        channel = scene.server.channel(f"channel-{number}", ana, bot=False)
        scene.server.fail_next("conversations.info", **fault)  # type: ignore[arg-type]
        await scene.server.adds_bot(channel, ana)
        assert last_call(scene).place == Place("slack", "T1", channel.id, "", "group", "")


@pytest.mark.parametrize("private", [False, True])
async def test_what_happens_to_a_channel_is_told(scene: Scene, private: bool) -> None:
    ana, server = scene.server.user("Ana"), scene.server
    general = server.channel("general", ana, private=private)
    here, person = place(general.id), Account("slack", "T1", ana.id, "Ana", "en-GB", "Europe/Brussels")
    nobody = Account("slack", "T1", "")

    await server.renames(general, "everybody")
    call = last_call(scene)
    assert call.arguments == {"what": "renamed", "name": "everybody"}
    assert (call.account, call.place) == (nobody, Place("slack", "T1", general.id, "", "group", "everybody"))

    await server.archives(general, ana)
    call = last_call(scene)
    assert (call.arguments, call.account, call.place) == ({"what": "archived"}, person, here)

    await server.unarchives(general, ana)
    call = last_call(scene)
    assert (call.arguments, call.account, call.place) == ({"what": "opened"}, person, here)

    await server.removes_bot(general, ana)
    call = last_call(scene)
    assert (call.arguments, call.account, call.place) == ({"what": "removed"}, person, here)

    await server.adds_bot(general, ana)
    await server.deletes_channel(general, ana)
    call = last_call(scene)
    assert (call.arguments, call.account, call.place) == ({"what": "removed"}, person, here)

    assert len(scene.inbox.received) == 6
    assert len({incoming.event for incoming in scene.inbox.received}) == 6
    assert ana.sees() == []


async def test_a_channel_with_a_new_id_has_moved(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    board = scene.server.channel("board", ana, private=True)

    old = await scene.server.changes_id(board)

    call = last_call(scene)
    assert call.arguments == {"what": "moved", "to": board.id}
    assert call.place == place(old)
    await scene.port.send(place(board.id), Message("Hello"))
    assert [seen.words for seen in ana.sees(board)] == ["Hello"]


async def test_other_people_come_and_go_without_a_word(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana)

    await scene.server.joins(general, ben, ana)
    await scene.server.leaves(general, ben)

    assert scene.inbox.received == []
    assert scene.server.called("users.info") == scene.server.called("conversations.info") == []
    assert scene.server.delivery.owed == []


async def test_a_post_that_is_taken_away_says_nothing_until_it_is_edited(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    await scene.port.send(place(general.id), Message("Motion 7"))
    [card] = ana.sees(general)

    await scene.server.deletes(card)

    assert ana.sees(general) == []
    assert scene.inbox.received == []


async def test_an_event_that_comes_again_is_the_same_one(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana, bot=False)
    scene.inbox.failing, scene.server.delivery.patience = 1, 0.2
    await scene.server.adds_bot(general, ana)
    await scene.server.redeliver(next(iter(scene.server.delivery.sent)))
    first, second = scene.inbox.received
    assert first == second


async def test_whoever_does_not_lead_hears_slack_all_the_same(scene: Scene) -> None:
    scene.port.lead(False)
    assert scene.port.ready()
    await scene.server.user("Ana").says("hello")
    assert scene.inbox.texts() == ["hello"]


async def test_two_listen_at_once_and_each_event_comes_to_one_of_them(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    other = scene.new_port()
    other.lead(False)
    await other.connect(scene.inbox)
    try:
        await scene.server.connected(2)
        for number in range(4):
            await ana.says(f"hello {number}")
        await other.idle()
    finally:
        await other.disconnect()
    assert scene.inbox.texts() == [f"hello {number}" for number in range(4)]
