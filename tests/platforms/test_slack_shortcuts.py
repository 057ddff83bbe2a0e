"""The three dots beside a message on Slack: "Log this" and "Vote on this"."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands import REGISTRY
from bot.commands.values import Reading
from bot.handlers.home.said_days import DaySaid
from bot.messages import Call
from tests.assembly_stage import opened
from tests.both_platforms import votes_hall
from tests.platforms.slack_scene import Scene, place
from tests.world import World, plain

LOG, VOTE = "log_this", "vote_on_this"
SAID = (
    "Mould recycling in practice, last Thursday\n"
    "35 people came. Slides: https://example.org/slides"
)  # fmt: skip


# ---- Log this ----


async def test_log_this_opens_the_form_with_what_the_message_says(slack_world: World) -> None:
    world = slack_world
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    hall = world.group("hall", marie, paul)
    await paul.says(SAID, hall)

    assert await marie.user.chooses(LOG, paul.wrote(hall)) == []

    form = marie.user.form
    assert (form.title, form.fields) == ("Log this", ["kind", "title", "day", "with", "smes", "link", "for"])
    begun = {block["block_id"]: block["element"] for block in form.inputs}
    assert begun["title"]["initial_value"] == "Mould recycling in practice, last Thursday"
    assert begun["day"]["initial_date"] == "2026-11-19"
    assert begun["link"]["initial_value"] == "https://example.org/slides"
    heard = await marie.gives(kind="workshop", title="Mould recycling", **{"with": "mecatech"})
    assert heard.first == "✓ Logged: Mould recycling · workshop · Thu 19 Nov · CIMES and MecaTech"
    assert heard.raw.ephemeral  # the others in the hall read nothing of it
    assert heard.raw.channel == hall.id
    [logged] = await world.logged()
    assert [one.url for one in logged.evidence] == ["https://example.org/slides"]


async def test_without_a_link_the_file_or_the_message_itself_is_the_evidence(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    hall = world.group("hall", marie)
    await marie.says("Welding day", hall)
    first = marie.wrote(hall)
    await marie.says("It was full", hall, reply_to=first)
    reply = marie.wrote(hall)

    photo = {"id": "F1", "name": "room.jpg", "mimetype": "image/jpeg", "mode": "hosted"}
    await marie.user.chooses(LOG, first, files=[photo], subtype="file_share")
    heard = await marie.gives(kind="workshop")
    assert heard.first == "✓ Logged: Welding day · workshop · Tue 24 Nov · CIMES"
    [logged] = await world.logged()
    [evidence] = logged.evidence
    assert (evidence.kind, evidence.file_id, evidence.file_name) == ("file", "F1", "room.jpg")
    assert (evidence.platform, logged.record.evidence) == ("slack", 1)

    await marie.user.chooses(LOG, reply, files=[{**photo, "mode": "external"}])
    begun = {block["block_id"]: block["element"] for block in marie.user.form.inputs}
    bare = reply.ts.replace(".", "")
    there = f"https://green.slack.com/archives/{hall.id}/p{bare}?thread_ts={first.ts}&cid={hall.id}"
    assert begun["link"]["initial_value"] == there
    heard = await marie.gives(kind="webinar", title="Welding day, part two")
    assert heard.first == "✓ Logged: Welding day, part two · webinar · Tue 24 Nov · CIMES"
    assert heard.raw.thread == first.ts  # where it was asked for


async def test_what_was_logged_already_is_asked_about_as_ever(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    hall = world.group("hall", marie)
    await marie.types("/log workshop Welding day on 24 Nov")
    await marie.says("Welding day", hall)

    await marie.user.chooses(LOG, marie.wrote(hall))
    heard = await marie.gives(kind="workshop")

    assert heard.buttons[:2] == ["It's the same", "Log it too"]
    await marie.taps("It's the same")
    assert len(await world.logged()) == 1


async def test_who_may_not_log_and_who_is_unknown_hear_it_kindly(slack_world: World) -> None:
    world = slack_world
    gus, eve = await world.member("Gus", "cimes", "guest"), world.stranger("Eve")
    hall = world.group("hall", gus, eve)
    await gus.says("Welding day", hall)

    [answer] = await gus.user.chooses(LOG, gus.wrote(hall))
    assert plain(answer.words).startswith("Your role here doesn't include logging activities, so I left it.")
    [answer] = await eve.user.chooses(LOG, gus.wrote(hall))
    assert answer.ephemeral
    assert "What you asked for waits here: Welding day." in plain(answer.words)
    assert answer.buttons == ["I have an invitation", "I'm with a member", "Just looking"]


async def test_a_message_that_is_gone_or_of_a_program_is_answered_privately(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    hall = world.group("hall", marie)
    await marie.says("Welding day", hall)
    message = marie.wrote(hall)

    [answer] = await marie.user.chooses(LOG, message, subtype="tombstone", text="This message was deleted.")
    assert plain(answer.words).splitlines()[0] == (
        "That message is gone, so there is nothing of it to log. Nothing is saved."
    )
    assert answer.buttons == ["Log something"]
    for program in ({"bot_id": "B9"}, {"subtype": "channel_join"}):
        [answer] = await marie.user.chooses(LOG, message, **program)
        assert answer.ephemeral
        assert plain(answer.words).splitlines()[0] == (
            "A program wrote that message, so I can't tell what to log. Nothing is saved."
        )
    assert await world.logged() == []


async def test_our_own_post_about_an_activity_opens_it(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    await marie.says("log workshop Welding day on 24 Nov")
    await world.settled()
    await world.dispatch.flush()

    [answer] = await marie.user.chooses(LOG, marie.reads().raw)

    assert "Welding day" in plain(answer.words)
    assert len(await world.logged()) == 1


async def test_where_we_are_no_member_the_answer_comes_to_the_direct_chat(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    away = world.slack.channel("away", marie.user, bot=False)
    await marie.says("Welding day", away)

    await marie.user.chooses(LOG, marie.wrote(away))
    world.slack.fail_next("respond", status=404)
    heard = await marie.gives(kind="workshop")

    assert heard.first == "✓ Logged: Welding day · workshop · Tue 24 Nov · CIMES"
    assert heard.raw.channel == marie.user.direct.id


async def test_in_a_chat_between_two_people_too(slack_world: World) -> None:
    world = slack_world
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    chat = world.slack.chat(marie.user, paul.user)
    await paul.says("Welding day", chat)

    await marie.user.chooses(LOG, paul.wrote(chat))
    heard = await marie.gives(kind="workshop")

    assert heard.first == "✓ Logged: Welding day · workshop · Tue 24 Nov · CIMES"
    assert paul.user.sees(chat)[-1].text == "Welding day"  # he sees nothing of it


@pytest.mark.parametrize("typed", ["log this workshop", "log nothing", "vote on this motion"])
def test_whoever_types_the_words_of_a_shortcut_means_the_shorter_command(typed: str) -> None:
    found, rest = REGISTRY.find(typed)
    assert found is not None
    assert (found.name, f"{found.name} {rest}") == (typed.split()[0], typed)


# ---- Vote on this ----


async def test_vote_on_this_shows_the_ways_to_vote_in_private(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    gus = await world.member("Gus", "cimes", "guest")
    hall = await votes_hall(marie, gus)
    await opened(world)
    card = marie.finds("A joint newsletter", hall)
    await marie.says("I am not sure yet", hall, reply_to=card)

    for message in (card, marie.wrote(hall)):
        [answer] = await marie.user.chooses(VOTE, message)
        assert answer.ephemeral
        assert {"For", "Against", "Abstain"} <= set(answer.buttons)
    heard = await marie.taps("For", on=answer)
    assert "CIMES: For" in heard.text
    [answer] = await gus.user.chooses(VOTE, card)
    assert plain(answer.words).startswith("I couldn't take that as a vote")


async def test_any_other_message_can_become_a_motion(slack_world: World) -> None:
    world = slack_world
    marie = await world.member("Marie", "cimes")
    gus = await world.member("Gus", "cimes", "guest")
    hall = world.group("hall", marie, gus)
    await gus.says("We should meet in Riga next year.", hall)
    message = gus.wrote(hall)

    [answer] = await marie.user.chooses(VOTE, message)
    assert plain(answer.words).splitlines() == [
        "We should meet in Riga next year. is no motion yet. Shall the members decide on it?",
        "Its words are taken along. You see everything before it goes out.",
    ]
    assert answer.buttons == ["Resolution", "No-objection item", "Consultation", "Not now"]
    await marie.taps("Resolution", on=answer)
    begun = {block["block_id"]: block["element"] for block in marie.user.form.inputs}
    assert begun["text"]["initial_value"] == "We should meet in Riga next year."
    assert "initial_value" not in begun["title"]

    [answer] = await gus.user.chooses(VOTE, message)
    assert plain(answer.words) == "That message belongs to no motion, so there is nothing to vote on."
    assert answer.buttons == ["All motions"]
    [answer] = await marie.user.chooses(VOTE, message, subtype="tombstone")
    assert plain(answer.words) == "That message belongs to no motion, so there is nothing to vote on."


# ---- what is read ----


async def test_a_shortcut_is_a_call_with_its_trigger(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    hall = scene.server.channel("hall", ana, ben)
    first = (
        await ben.says("*Welding day* with <https://example.org|us> &amp; you", hall, raw=True),
        ben.sees(hall)[-1],
    )[1]

    await ana.chooses(LOG, first)

    [call] = scene.inbox.received
    assert isinstance(call, Call)
    assert (call.command, call.can_show_form, call.message_id) == ("log this", True, "")
    assert call.place == place(hall.id)
    assert call.account.user == ana.id
    assert call.arguments["title"] == "*Welding day* with us https://example.org & you"
    assert call.arguments["link"] == "https://example.org"
    assert call.arguments["day"].startswith("2026-11-24T09:30:00")


async def test_a_long_first_line_is_cut_and_a_strange_shortcut_is_only_acknowledged(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    hall = scene.server.channel("hall", ana)
    await ana.says("\n" + "word " * 40, hall)
    message = ana.sees(hall)[-1]

    await ana.chooses("somebody_elses", message)
    assert (scene.inbox.received, ana.timed_out) == ([], False)
    await ana.chooses(LOG, message)

    [call] = scene.inbox.received
    assert isinstance(call, Call)
    assert len(call.arguments["title"]) <= 80
    assert call.arguments["title"].endswith("word…")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Welding day was great", "2026-11-20"),  # the day on which it was written
        ("Welding day yesterday, 30 people", "2026-11-19"),
        ("On 12 May we met; on 14 May again", "2026-05-12"),
        ("Save the date: 12 December in Riga", "2026-11-20"),
        ("Open 24/7, part 1/2", "2026-11-20"),
        ("See you Friday", "2026-11-20"),
    ],
)
def test_the_day_that_a_message_names_is_seen_from_when_it_was_written(words: str, day: str) -> None:
    reading = Reading(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    kind = DaySaid("past")
    assert kind.read(f"2026-11-20T08:00:00+00:00|{words}", reading, "day").isoformat() == day
    assert kind.read("2026-05-12", reading, "day").isoformat() == "2026-05-12"
