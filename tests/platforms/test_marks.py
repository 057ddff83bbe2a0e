"""The mark on a word that counts as a ballot, answers kept out of the group, edits that say nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dispatch.recorded import from_json, to_json
from bot.messages import NOTHING, Account, Answer, Key, Mark, Message, Place, Post, Said, Topic
from bot.platforms.pacing import Pacer
from bot.platforms.slack.port import PACE
from bot.platforms.telegram.incoming import Me, read_update
from storage.received import Received
from storage.store import Storage, Store
from tests.passing import Passing
from tests.places_stage import adds_bot, group_of, known
from tests.platforms.slack_scene import Scene as SlackScene
from tests.platforms.slack_scene import place, slack
from tests.platforms.telegram_scene import Scene as TelegramScene
from tests.platforms.telegram_scene import says, telegram
from tests.world import World
from tests.world.looking import marks

COUNTED = Answer(
    Message("Counted: CIMES votes **for**.", (Key("Wasn't a vote", "undo"),)), aside=True, mark=Mark("ballot")
)
TAKEN_BACK = Message("That wasn't a vote.")


# ---- Slack ----


async def a_slack_thread(scene: SlackScene) -> tuple[Any, Any, Any, Any]:
    """Ana and Luc in a channel with a motion's card."""
    ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
    hall = scene.server.channel("hall", ana, luc)
    await scene.port.send(place(hall.id), Message("Motion 7"))
    scene.inbox.answers["yes"] = COUNTED
    return ana, luc, hall, luc.sees(hall)[-1]


async def test_on_slack_a_word_in_a_thread_is_marked_and_answered_there_for_one_person() -> None:
    async with slack() as scene:
        ana, luc, hall, card = await a_slack_thread(scene)
        (seen,) = await ana.says("yes", hall, thread=card)
        said = next(one for one in luc.sees(hall) if one.text == "yes")
        assert (seen.words, seen.only_for, seen.thread) == ("Counted: CIMES votes *for*.", ana.id, card.ts)
        assert luc.sees(hall) == [card, said]
        assert said.reactions == ["ballot_box_with_ballot"]

        spoken = Post(place(hall.id, card.ts), said.ts)
        scene.inbox.answers["undo"] = Answer(TAKEN_BACK, replace=True, mark=Mark("none", spoken))
        await ana.taps(seen, "Wasn't a vote")
        assert (seen.words, said.reactions) == ("That wasn't a vote.", [])
        assert (len(scene.inbox.done), scene.inbox.given_up) == (2, [])


@pytest.mark.parametrize("trouble", [{"status": 429, "retry_after": 30}, {"drop": True}, {"status": 500}, {}])
async def test_on_slack_a_mark_that_cannot_be_set_breaks_no_answer(trouble: dict[str, Any]) -> None:
    async with slack() as scene:
        ana, _, hall, card = await a_slack_thread(scene)
        if trouble:
            scene.server.fail_next("reactions.add", **trouble)
        else:
            scene.server.scopes.remove("reactions:write")
        (seen,) = await ana.says("yes", hall, thread=card)
        assert seen.words == "Counted: CIMES votes *for*."
        assert (len(scene.inbox.done), scene.inbox.given_up) == (1, [])
        assert not scene.port.pacer.paused()


async def test_on_slack_a_recorded_answer_is_given_with_its_mark() -> None:
    async with slack() as scene:
        ana, luc, hall, card = await a_slack_thread(scene)
        scene.inbox.answers.clear()
        await ana.says("yes", hall, thread=card)
        said, account = luc.sees(hall)[-1], Account("slack", "T1", ana.id)
        here = place(hall.id, card.ts)
        assert await scene.port.give(here, account, COUNTED, said.ts) is None
        put, take = Mark("ballot"), Mark("none")
        for mark, stands in ((put, ["ballot_box_with_ballot"]), (take, []), (take, [])):
            assert await scene.port.give(here, account, Answer(mark=mark), said.ts) is None
            assert said.reactions == stands
        await scene.port.give(here, account, Answer(mark=Mark("ballot")))  # there is no message to mark
        assert len(scene.server.called("reactions.add")) == 2
        assert luc.sees(hall) == [card, said]
        loud = replace(COUNTED, public=True)  # aside is aside
        assert await scene.port.give(here, account, loud, said.ts) is None
        assert luc.sees(hall) == [card, said]


async def test_on_slack_edited_and_deleted_words_say_nothing() -> None:
    async with slack() as scene:
        ana, _, hall, card = await a_slack_thread(scene)
        await ana.says("well", hall, thread=card)
        said = ana.sees(hall)[-1]
        await scene.server.edits(said, "yes")
        await scene.server.edits(said, "<@UBOT> yes")
        await scene.server.deletes(said)
        events = [one["event"] for one in scene.server.delivery.sent.values()]
        assert [(one["type"], one.get("subtype")) for one in events] == [
            ("message", None),
            ("message", "message_changed"),
            ("message", "message_changed"),
            ("app_mention", None),
            ("message", "message_deleted"),
        ]
        assert scene.inbox.texts() == ["well"]


# ---- Telegram ----


async def a_telegram_group(scene: TelegramScene) -> tuple[Any, Any, Any, Any]:
    """Ana, who has pressed START, and Luc, who has not, in a group with a motion's card."""
    ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
    group = scene.server.group("Hall", [ana, luc])
    await scene.port.send(Place("telegram", "", group.id, kind="group"), Message("Motion 7"))
    ana.person.started = True
    scene.inbox.answers["yes"] = COUNTED
    return ana, luc, group, luc.sees(group)[-1]


async def test_on_telegram_a_word_is_marked_and_answered_in_the_direct_chat() -> None:
    async with telegram() as scene:
        ana, luc, group, card = await a_telegram_group(scene)
        seen = await ana.says("yes", group, reply_to=card)
        said = luc.sees(group)[-1]
        assert [one.text for one in ana.sees()] == ["Counted: CIMES votes for."]
        assert luc.sees(group) == [card, said]
        assert said.reactions == ["✍"]
        (post,) = [post for _, post in scene.inbox.done]
        assert post == Post(Place("telegram", "", ana.id), str(seen.message.id))

        spoken = Post(Place("telegram", "", group.id, kind="group"), str(said.id))
        scene.inbox.answers["undo"] = Answer(TAKEN_BACK, replace=True, mark=Mark("none", spoken))
        await ana.taps(seen.message, "Wasn't a vote")
        assert ([one.text for one in ana.sees()], said.reactions) == (["That wasn't a vote."], [])


async def test_on_telegram_who_never_pressed_start_is_told_by_the_mark_alone() -> None:
    async with telegram() as scene:
        _, luc, group, card = await a_telegram_group(scene)
        seen = await luc.says("yes", group, reply_to=card)
        said = luc.sees(group)[-1]
        assert (seen.messages, said.reactions) == ([], ["✍"])
        assert luc.sees(group) == [card, said]
        assert (scene.inbox.done, scene.inbox.given_up) == ([(scene.inbox.received[0], None)], [])


async def test_on_telegram_an_aside_changes_nothing_for_a_tap() -> None:
    async with telegram() as scene:
        _, luc, group, _ = await a_telegram_group(scene)
        scene.inbox.always = says("Who is for?", "For")
        card = (await luc.says("hm", group, mention=True)).message
        scene.inbox.answers["for"] = Answer(Message("Counted."), aside=True)
        seen = await luc.taps(card, "For")
        assert (seen.alert, seen.messages) == ("Counted.", [])


async def test_on_telegram_a_mark_that_cannot_be_set_breaks_no_answer() -> None:
    async with telegram() as scene:
        ana, luc, group, card = await a_telegram_group(scene)
        group.chat.reactions = frozenset({"👍"})  # all that its admins allow
        await ana.says("yes", group, reply_to=card)
        scene.server.fail_next("setMessageReaction", 429, retry_after=31)
        await ana.says("yes", group, reply_to=card)
        assert [one.text for one in ana.sees()] == ["Counted: CIMES votes for."] * 2
        assert [one.reactions for one in luc.sees(group)] == [[], [], []]
        assert (len(scene.inbox.done), scene.inbox.given_up) == (2, [])


async def test_on_telegram_marks_are_set_in_the_order_in_which_they_were_asked_for() -> None:
    async with telegram() as scene:
        ana, luc, group, card = await a_telegram_group(scene)
        scene.inbox.answers["yes"] = Answer(mark=Mark("ballot"))
        scene.server.fail_next("setMessageReaction", 429, retry_after=3)
        await ana.says("yes", group, reply_to=card, wait=False)
        said = luc.sees(group)[-1]
        await scene.until(lambda: scene.inbox.received)
        spoken = Post(Place("telegram", "", group.id, kind="group"), str(said.id))
        scene.inbox.answers["no, wait"] = Answer(mark=Mark("none", spoken))
        await ana.says("no, wait", group, reply_to=card)
        assert said.reactions == []
        asked = [one.parameters for one in scene.server.calls if one.method == "setMessageReaction"]
        assert [bool(one["reaction"]) for one in asked] == [True, True, False]
        assert len(scene.inbox.done) == 2  # nothing was said, and that is noted


async def test_on_telegram_a_recorded_answer_is_given_aside_with_its_mark() -> None:
    async with telegram() as scene:
        ana, luc, group, card = await a_telegram_group(scene)
        here = Place("telegram", "", group.id, kind="group")
        scene.inbox.answers.clear()
        for one in (ana, luc):
            await one.says("yes", group, reply_to=card)
        _, hers, his = luc.sees(group)
        given = await scene.port.give(here, Account("telegram", "", ana.id), COUNTED, str(hers.id))
        assert given is not None
        assert given.place == Place("telegram", "", ana.id)
        assert await scene.port.give(here, Account("telegram", "", luc.id), COUNTED, str(his.id)) is None
        await scene.server.settled()
        assert luc.sees(group) == [card, hers, his]
        assert [one.reactions for one in (card, hers, his)] == [[], ["✍"], ["✍"]]


async def test_on_telegram_edited_words_say_nothing() -> None:
    async with telegram() as scene:
        ana, _, group, card = await a_telegram_group(scene)
        await ana.says("well", group, reply_to=card)
        said = ana.sees(group)[-1]
        await ana.edits(said, "yes")
        assert scene.inbox.texts() == ["well"]
        edited = {"update_id": 1, "edited_message": said.as_json()}  # what Telegram was asked for long ago
        assert read_update(edited, Me(1, "alliance_bot", True), datetime.now(UTC)) is None


# ---- what every platform shares ----


def test_an_answer_is_recorded_with_its_mark_and_whom_it_is_for() -> None:
    hall = Place("slack", "T1", "C1", "1700000000.000100", "group", "hall")
    for mark in (None, Mark("ballot"), Mark("none", Post(hall, "1700000000.000200", 1))):
        answer = replace(COUNTED, mark=mark, topic=Topic("motion", "7"))
        assert from_json(json.loads(json.dumps(to_json(answer)))) == answer
    before = {key: value for key, value in to_json(says("Hello")).items() if key not in ("aside", "mark")}
    assert from_json(before) == says("Hello")  # recorded by an earlier version
    assert Answer(mark=Mark("none")) != NOTHING == Answer(mark=None)


async def test_a_mark_takes_its_moment_of_the_platform_and_no_chat_rests_for_it() -> None:
    clock = Passing()
    pacer = Pacer(PACE, clock)
    went = []

    async def people() -> None:
        for _ in range(3):
            await pacer.beside()
            went.append(clock.seconds())
        assert (pacer.resting(), pacer.may_edit()) == ((), True)
        await pacer.answer("C1", group=True)
        went.append(clock.seconds())

    await clock.until_done(people())
    assert went == pytest.approx([0.0, 0.1, 0.2, 0.3], abs=0.02)


# ---- the whole bot ----


@pytest.fixture(params=["slack", "telegram"])
async def world(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[World]:
    """The alliance on one platform."""
    storage = Storage(sqlite_url)
    async with World(request.param, storage) as world:
        yield world
    storage.close_now()


async def test_after_a_crash_the_worker_answers_aside_and_marks(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = world.group("Hall", marie, luc)
    await marie.says("hello", hall, mention=True)
    said, team = marie.wrote(hall), "T1" if world.platform == "slack" else ""
    here, stands = Place(world.platform, team, hall.id, kind="group"), luc.posts(hall)
    message_id = said.ts if world.platform == "slack" else str(said.id)

    def died(store: Store) -> None:
        now, answer = world.clock.now(), to_json(COUNTED)
        heard = Said("e1", marie.account, here, now, "yes", reply_to="1", message_id=message_id)
        store.received.record(
            Received(world.platform, "e1", heard.account, here, answer, "unsent", "", now, message_id)
        )

    await world.storage.write(died)
    world.clock.pass_(minutes=1)
    await world.settled()
    await world.settled()
    assert marie.reads().first == "Counted: CIMES votes for."
    assert luc.posts(hall) == stands
    assert luc.sees_marks(said) == marks(world, said) == ["ballot"]


async def test_somebody_taps_on_a_post_that_they_find_in_a_group(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech", "coordinator")
    older, newer = group_of(world, "Hall", marie, luc), group_of(world, "Yard", marie, luc)
    for group in (older, newer):
        await adds_bot(world, group, marie)
    assert len(luc.posts(older)) == 1
    await luc.taps("Votes", on=luc.finds("What is this place for?", older))
    assert [one.purposes for one in await known(world)] == [("votes",), ()]
