"""Forms on Slack: opened within three seconds, filled, corrected, and answered where they were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.messages import Answer, Call
from tests.platforms.slack_scene import BOTH, Scene, log_form, place, says, slack, with_buttons


@pytest.fixture(params=BOTH)
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with slack(request.param) as scene:
        yield scene


async def test_a_form_opens_filled_and_its_fields_come_back(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    given = {
        "kind": "workshop",
        "day": "2026-11-20",
        "with": "cimes,pool-net",
        "smes": "12",
        "link": "nonsense",
    }
    scene.inbox.always = Answer(form=log_form(**given))
    scene.inbox.answers["d1"] = says("✓ Logged: *LCA clinic*", "Undo")

    assert await ana.types("/log workshop", general) == []
    assert ana.form.title == "Log an activity"
    assert ana.form.fields == ["kind", "title", "day", "with", "smes", "link"]
    [answer] = await ana.fills({"title": "LCA clinic", "smes": ""})

    assert ana.modal is None
    assert (answer.words, answer.channel, answer.ephemeral) == ("✓ Logged: _LCA clinic_", general.id, True)
    call = scene.inbox.received[-1]
    assert isinstance(call, Call)
    assert (call.draft, call.place, call.event[:5]) == ("d1", place(general.id), "view:")
    assert call.arguments == {
        "kind": "workshop",
        "title": "LCA clinic",
        "day": "2026-11-20",
        "with": "cimes,pool-net",
        "smes": "",
        "link": "",
    }
    assert scene.inbox.done[-1] == (call, None)


async def test_a_form_stays_open_with_sentences_under_its_fields(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = Answer(form=log_form(kind="workshop", title="LCA clinic", day="2026-11-20"))
    await ana.types("/log")
    scene.inbox.answers["d1"] = Answer(errors={"day": "That day is still to come.", "seats": "How many?"})

    await ana.fills()

    assert ana.errors == {"day": "That day is still to come.", "kind": "How many?"}
    scene.inbox.answers["d1"] = says("✓ Logged")
    [answer] = await ana.fills({"day": "2026-11-19"})
    assert (ana.errors, ana.modal, answer.words) == ({}, None, "✓ Logged")
    first, second = scene.inbox.received[-2:]
    assert first.event != second.event  # or the second would be taken for a redelivery of the first


async def test_closing_a_form_says_nothing(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = Answer(form=log_form())
    await ana.types("/log")

    assert await ana.fills(submit=False) == []
    assert len(scene.inbox.received) == 1


async def test_a_form_after_a_form_takes_its_place(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.inbox.always = Answer(form=log_form(kind="webinar", title="x", day="2026-11-20"))
    await ana.types("/log")
    scene.inbox.answers["d1"] = Answer(form=replace(log_form(), draft="d2", title="Once more"))

    await ana.fills()

    assert ana.form.title == "Once more"
    scene.inbox.answers["d2"] = says("✓ Logged")
    [answer] = await ana.fills({"kind": "Webinar", "title": "y", "day": "2026-11-20"})
    assert answer.words == "✓ Logged"


async def test_a_form_from_a_button_in_a_direct_chat_is_answered_by_a_lasting_post(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await scene.port.send(place(ana.direct.id), with_buttons("Anything to log?", "Log it"))
    scene.inbox.answers["log it"] = Answer(form=log_form(kind="webinar", title="x", day="2026-11-20"))
    scene.inbox.answers["d1"] = says("✓ Logged")

    await ana.taps(ana.sees()[0], "Log it")
    [answer] = await ana.fills()

    assert (answer.words, answer.ephemeral) == ("✓ Logged", False)


async def test_a_trigger_that_came_too_late_gives_the_message_in_place_of_the_form(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    message = says("What did you do?", "Fill in").message
    scene.inbox.always = Answer(message=message, form=log_form())
    scene.inbox.held = asyncio.Event()

    typing = asyncio.create_task(ana.types("/log"))
    await scene.until(lambda: scene.inbox.begun)
    scene.clock.passes(3.1)
    scene.inbox.held.set()

    [answer] = await typing
    assert [call.answer["error"] for call in scene.server.called("views.open")] == ["expired_trigger_id"]
    assert (answer.words, answer.buttons, ana.modal) == ("What did you do?", ["Fill in"], None)
