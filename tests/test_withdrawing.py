"""While notice runs: the text anew, and a motion taken back (spec/decisions.md 3)."""

from __future__ import annotations

from typing import Any

from bot.messages import Call, Place
from tests.places_stage import hall_for_votes
from tests.world import World, plain

DATES = "Voting still opens Thu 3 Dec, 09:00 and closes Thu 10 Dec, 17:00 in Paris."
FEE = "There is no membership fee at the outset."


async def proposed(somebody: Any, line: str = "resolution Fees saying There are none.") -> Any:
    """A motion of which notice is given, with the taps that follow."""
    await somebody.types(f"/propose {line}")
    return await somebody.taps("Send the notice")


async def test_a_text_is_changed_and_everybody_told_again(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = await hall_for_votes(world, marie)
    await proposed(marie)
    await world.settled()

    heard = await marie.taps("Edit")
    if world.platform == "telegram":
        assert heard.lines == ["What do you want to change of motion 1, Fees?"]
        assert heard.buttons == ["Title", "Text", "Cancel"]
        assert (await marie.taps("Text")).lines == ["What is the text to be?"]
        heard = await marie.says("There are none in 2027.")
    else:
        given = {one["block_id"]: one["element"].get("initial_value") for one in marie.user.form.inputs}
        assert given == {"title": "Fees", "text": "There are none."}
        heard = await marie.gives(text="There are none in 2027.")
    assert heard.lines[:2] == ["This is what people will see:", "🗳 Fees"]
    assert "There are none in 2027." in heard.lines
    assert f"{DATES} Everybody is told again." in heard.lines
    assert heard.buttons == ["Tell everybody", "Change it", "Cancel"]

    heard = await marie.taps("Tell everybody")
    assert heard.lines == ["✓ The text of motion 1 is changed: Fees. Everybody is told again.", DATES]
    await world.settled()
    assert luc.reads().first == "The text of motion 1 was changed: Fees"
    assert "There are none in 2027." in luc.reads().lines
    assert "There are none in 2027." in marie.reads_on(marie.finds("Fees", hall)).lines
    [before] = await world.storage.read(lambda store: store.motions.texts(1))
    assert (before.version, before.text) == (1, "There are none.")


async def test_the_wording_of_an_amendment_is_changed(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await marie.types("/propose amendment 7")
    if world.platform == "telegram":
        await marie.taps("Replace a sentence")
        await marie.taps("2")
        await marie.says("The fee is 100 euro a year.")
        await marie.taps("Leave empty")
    else:
        given = {one["block_id"]: one["element"].get("initial_value") for one in marie.user.form.inputs}
        await marie.gives(after=given["after"].replace(FEE, "The fee is 100 euro a year."))
    await marie.taps("Send the notice")
    heard = await marie.taps("Edit")
    assert heard.lines == ["What do you want to change of motion 1, Change of Article 7?"]
    assert heard.buttons == ["The wording", "Title or reasons"]
    heard = await marie.taps("The wording")
    if world.platform == "telegram":
        assert heard.first == "Motion 1 proposes now:"
        wording = "\n".join(heard.lines[1:-1])
    else:
        wording = marie.user.form.inputs[0]["element"]["initial_value"]
    changed = {"after": wording.replace("100 euro", "50 euro")}
    heard = await marie.gives(**changed)
    assert heard.lines[3:5] == [f"− {FEE}", "＋ The fee is 50 euro a year."]
    await marie.taps("Tell everybody")
    await world.settled()
    assert luc.reads().first == "The text of motion 1 was changed: Change of Article 7"
    assert "＋ The fee is 50 euro a year." in luc.reads().lines


async def test_a_day_before_voting_the_text_stands(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    heard = await proposed(marie)
    here = heard.raw
    await world.passes(days=8)  # Wed 2 Dec, half an hour into the last day
    heard = await marie.taps("Edit", on=here)
    assert heard.lines == [
        "The text of motion 1 stands since Wed 2 Dec, 09:00 in Paris, a day before voting opens. "
        "It can be withdrawn and proposed anew."
    ]
    assert heard.buttons == ["Read it", "Withdraw"]
    await world.passes(days=1)
    heard = await marie.taps("Edit", on=here)
    open_ = (
        "Voting on motion 1 is open, so its text stands. Another motion can follow it. Nothing has changed."
    )
    assert heard.lines == [open_]
    heard = await marie.taps("Withdraw", on=here)
    assert heard.lines == [
        "Voting on motion 1 is open, so it can't be withdrawn any more. "
        "Members can still vote against it. Nothing has changed."
    ]
    assert luc.reads().buttons[:3] == ["For", "Against", "Abstain"]


async def test_a_motion_is_taken_back(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hall = await hall_for_votes(world, marie)
    here = (await proposed(marie)).raw
    await world.settled()
    heard = await marie.taps("Withdraw")
    assert heard.lines == [
        "Withdraw motion 1, Fees?",
        "Everybody who got the notice is told. It can be proposed again later.",
    ]
    assert heard.buttons == ["Withdraw it", "Cancel"]
    heard = await marie.taps("Withdraw it")
    assert heard.lines == ["✓ Motion 1 is withdrawn: Fees. Everybody who got the notice is told."]
    await world.settled()
    assert luc.reads().lines == [
        "CIMES withdrew motion 1: Fees. There is no vote on it.",
        "You get this because you vote, proposed it, or coordinate the alliance.",
    ]
    assert marie.reads_on(marie.finds("Fees", hall)).lines[-1] == "Withdrawn before voting opened."
    await world.passes(days=12)
    [motion] = await world.storage.read(lambda store: store.motions.all())
    assert (motion.opened_at, motion.outcome) == (None, {})
    assert world.platform == "slack" or "Withdraw" not in marie.reads_on(here).buttons


async def test_only_they_or_the_coordinator_take_it_back(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "alternate")
    luc, carla = await world.member("Luc", "mecatech"), await world.member("Carla", "", "coordinator")
    await proposed(marie)
    await world.settled()
    no = [
        "Motion 1 was proposed by CIMES, so only they or the coordinator can change it. Nothing has changed."
    ]
    for name in ("edit motion", "withdraw motion"):
        assert await called(world, luc, name) == no
    await paul.types("/motion 1")
    assert (await paul.taps("Withdraw")).first == "Withdraw motion 1, Fees?"
    await carla.types("/motion 1")
    await carla.taps("Withdraw")
    await carla.taps("Withdraw it")
    await world.settled()
    told = "Green Manufacturing withdrew motion 1: Fees. There is no vote on it."
    assert [one.reads().first for one in (marie, luc)] == [told, told]
    assert await called(world, marie, "withdraw motion") == ["Motion 1 is withdrawn already."]


async def called(world: World, somebody: Any, name: str, number: int = 1, **given: str) -> list[str]:
    """What comes back to a tap on a motion's button, or a form of it, that somebody has from before."""
    there = Place(world.platform, "", somebody.account.user)
    event, now = f"{somebody.name} {name} {number}", world.clock.now()
    answer = await world.dispatch.receive(
        Call(event, somebody.account, there, now, command=name, arguments={"number": str(number), **given})
    )
    assert answer.message is not None
    return plain(answer.message.text).splitlines()


async def test_words_that_say_what_takes_effect_stand(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    lines = (
        "election coordinator candidates Marie, Anna Berg",
        "admission Nordic Robotics called NoRo country Finland because They asked.",
    )
    for number, line in enumerate(lines, 1):
        assert "Edit" not in (await proposed(marie, line)).buttons
        no = (
            f"The words of motion {number} say what takes effect, so they stand. "
            "Withdraw it and propose it anew. Nothing has changed."
        )
        assert await called(world, marie, "edit motion", number, title="X", text="For 3 months.") == [no]
    [election, admission] = await world.storage.read(lambda store: store.motions.all())
    assert (election.text, admission.text) == (
        "For 12 months.", "Nordic Robotics (NoRo), Finland.\n\nThey asked.",
    )  # fmt: skip

    heard = await proposed(marie, "exclusion EVOLUMA because It asked to leave.")
    heard = await marie.taps("Edit")
    if world.platform == "telegram":
        assert heard.buttons == ["Text", "Cancel"]
        await marie.taps("Text")
    assert "It moved away." in (await marie.gives(text="It moved away.")).lines
    await marie.taps("Tell everybody")
    assert await called(world, marie, "edit motion", 3, title="Exclusion of EMC2") == [
        "The title of motion 3 says whom it is about, so it stands. Its reasons can be changed."
    ]
