"""Files that go with an answer: to whom it was said, and still after a restart."""

from __future__ import annotations

import json

from bot.dispatch.recorded import from_json, to_json
from bot.messages import Answer, Attachment, Call, Key, Message, Place
from tests.delivery_stage import found, stage
from tests.events_stage import answers, planned
from tests.world import World

__all__ = ["stage"]  # a fixture

NAME = "my-events.ics"
SAYS = "Your event is in this file, ready for your calendar."


async def test_a_file_comes_with_the_answer_and_to_nobody_else(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = world.group("Hall", marie, luc)
    await answers(world, await planned(world), "going", marie)

    heard = await marie.types("/calendar")
    assert (heard.first, heard.file and heard.file.name) == (SAYS, NAME)
    assert marie.reads().first == SAYS  # the file has no words of its own
    assert "SUMMARY:Green hydrogen 101" in marie.file(NAME).text

    await marie.types("/calendar", hall)  # what is in it is for her; on Telegram it goes on in their own chat
    assert [one.name for one in marie.files()] == [NAME] * (2 if world.platform == "slack" else 1)
    assert luc.files() == []


async def test_a_file_that_is_lost_on_the_way_takes_no_words_along(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await answers(world, await planned(world), "going", marie)
    if world.platform == "slack":
        world.slack.scopes.remove("files:write")
    else:
        world.telegram.fail_next("sendDocument", status=400)
    heard = await marie.types("/calendar")
    assert (heard.first, heard.file) == (SAYS, None)
    await world.settled()
    assert [one.name for one in marie.files()] == []  # and nothing is said twice


async def test_an_answer_left_behind_is_given_with_its_file(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    await marie.starts()
    await answers(stage, await planned(stage), "going", marie)
    place = Place("telegram", "", marie.account.user)
    call = Call("killed", marie.account, place, stage.clock.now(), text="calendar")
    await stage.dispatch.receive(call)
    stage.dispatch.left(call)
    assert marie.files() == []
    await stage.stop_bot()
    stage.clock.pass_(seconds=1)
    await stage.start_bot()
    for _ in range(2):
        await stage.settled()
    assert (await found(stage, "killed")).state == "given"
    assert marie.reads().first == SAYS
    assert [one.name for one in marie.files()] == [NAME]


def test_a_recorded_answer_is_read_back_as_it_was() -> None:
    file = Attachment("who-came.csv", "text/csv", "Name\r\nZoë\r\n")
    answer = Answer(Message("Here they are.", (Key("Open it", "t"),), file, silent=True))
    recorded = json.loads(json.dumps(to_json(answer)))
    assert from_json(recorded) == answer
    del (
        recorded["message"]["file"],
        recorded["message"]["silent"],
    )  # as it was recorded before there were files
    assert from_json(recorded) == Answer(Message("Here they are.", (Key("Open it", "t"),)))
