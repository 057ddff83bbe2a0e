"""What once went wrong and was mended, each as the person saw it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Call, Place
from storage.store import Store
from tests.world import World, plain

LINE = "/log workshop Green hydrogen 101 on 12 May with MecaTech"
NOT_US = "MecaTech says they had no part in Green hydrogen 101, Tue 12 May. I took them off it."
on_slack = pytest.mark.parametrize("world", ["slack"], indirect=True)
on_telegram = pytest.mark.parametrize("world", ["telegram"], indirect=True)


async def out_of_reach(world: World, somebody: Any) -> None:
    """The platform said that this account cannot be reached."""

    def lose(store: Store) -> None:
        number = store.accounts.identify(somebody.account).account_id
        assert number is not None
        store.accounts.lost(number, world.clock.now())

    await world.storage.write(lose)


@on_slack
async def test_an_open_form_does_not_undo_what_a_colleague_changed_meanwhile(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes")
    await marie.types(LINE)
    await marie.types("/edit 1")
    await paul.types("/edit 1 title Blue hydrogen with EMC2")

    heard = await marie.gives(day="2026-11-20")

    assert heard.first == "✓ Changed: Blue hydrogen · workshop · Fri 20 Nov · CIMES, MecaTech and EMC2"


async def test_who_asks_to_join_again_another_day_is_heard_again(world: World) -> None:
    marie, zoe = await world.member("Marie", "cimes"), world.stranger("Zoe")
    asks = f"Zoe ({world.platform.capitalize()}) asks to join for CIMES."
    for _ in range(2):
        await zoe.says("hello")
        await zoe.taps("I'm with a member")
        await zoe.taps("CIMES")
        await world.settled()
        assert marie.reads().first == asks

        assert (await marie.taps("Not now")).first == "Zoe is not let in for CIMES now, and heard so kindly."
        await world.settled()
        assert zoe.reads().lines == [
            "CIMES's people can't let you in right now. An invitation from them would still open the door."
        ]
        world.clock.pass_(days=1)


async def test_a_second_not_us_is_told_again(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await marie.types(LINE)
    await world.settled()
    back = "MecaTech says they had a part in Green hydrogen 101, Tue 12 May, after all. I put them back."

    for label, told in (("Not us", NOT_US), ("We did after all", back), ("Not us", NOT_US)):
        await luc.taps(label)
        await world.settled()
        assert marie.reads().lines == [
            told,
            "You get this because you logged it, or your organisation stood in it.",
        ]


async def test_who_writes_again_after_being_out_of_reach_is_told_things_again(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    await out_of_reach(world, luc)

    await luc.types("/profile")
    await marie.types(LINE)
    await world.settled()

    assert luc.reads().first == (
        "CIMES says that MecaTech took part in Green hydrogen 101 (workshop, Tue 12 May)."
    )


async def test_the_second_account_is_written_to_while_the_first_is_out_of_reach(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    second = world.stranger("Luc at home")

    def link(store: Store) -> None:
        person = store.accounts.identify(luc.account).person
        assert person is not None
        store.accounts.attach(store.accounts.remember(second.account, world.clock.now()), person.id)

    await world.storage.write(link)
    await out_of_reach(world, luc)
    await marie.types(LINE)
    await world.settled()

    assert second.reads().buttons == ["We did", "Not us", "Later", "Stop these"]
    assert (await second.taps("We did")).first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May."


async def test_half_a_web_address_under_an_activity_is_talk(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says(LINE.removeprefix("/"))

    heard = await marie.says("http:// see that", reply_to=marie.reads().raw)

    assert heard.lines == []
    assert (await world.logged())[0].record.evidence == 0


async def test_what_was_confirmed_stays_confirmed_after_a_question(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    nora = await world.member("Nora", "emc2")
    await marie.types(LINE)
    await world.settled()
    await luc.taps("We did")
    await nora.types("/activity 1")
    await nora.taps("Question this")
    await nora.gives(reason="The day is off")
    await world.settled()
    assert (await world.logged())[0].record.state == "questioned"

    heard = await marie.taps("It's right as it is")

    assert heard.lines == ["✓ Green hydrogen 101 stands as it is and counts again."]
    assert (await world.logged())[0].record.state == "confirmed"


async def test_a_year_that_is_none_gets_the_sentence_about_numbers(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/indicators in 1")

    assert heard.first == "1 is less than I can take; 2,000 is the least. What is the right number?"


async def test_a_link_of_two_thousand_letters_of_any_script_is_kept(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    head = "https://example.org/"
    letters = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(2000 - len(head)))

    heard = await marie.types(f"/log workshop Steel day on 12 May with EMC2 link {head}{letters}")

    assert heard.first == "✓ Logged: Steel day · workshop · Tue 12 May · CIMES and EMC2"
    [activity] = await world.logged()
    assert [proof.url for proof in activity.evidence] == [head + letters]


@on_telegram
async def test_add_smes_in_a_group_goes_on_in_the_direct_chat(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.user.starts()
    hall = world.group("Hall", marie)
    post = (await marie.types(LINE, hall)).raw

    link = (await marie.user.taps(post, "Add SMEs")).opened
    asked = await marie.user.opens(link)

    assert plain(asked.text) == "Which SMEs took part? Names with commas between, or just the number."
    heard = await marie.says("Acme, Verre Clair")
    assert heard.first == "✓ Changed: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"
    assert [sme.name for sme in (await world.logged())[0].record.smes] == ["Acme", "Verre Clair"]


@on_telegram
async def test_an_invitation_asked_for_in_a_group_shows_no_code_there(world: World) -> None:
    ana, eve = await world.member("Ana", "pool-net"), world.stranger("Eve")
    hall = world.group("Hall", ana, eve)

    heard = await ana.types("/invite", hall)

    said = "Let's go on with invite in our own chat, where nobody else reads along."
    assert heard.lines == [said]
    assert heard.buttons == ["Go on in private", "Cancel"]
    assert [one.text for one in eve.user.sees(hall)] == ["/invite", said]
    assert (await ana.types("/invitations")).lines[0] == "No invitation is open right now."


@on_slack
async def test_smes_that_are_too_long_for_the_form_are_kept(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    place = Place("slack", marie.account.workspace, "D1")
    for part in ("Foundry", "Plant"):
        names = ", ".join(f"{part} {number:04} of the long and winding valley" for number in range(60))
        given = {"activity": "1", "smes": names}
        await world.dispatch.receive(
            Call(part, marie.account, place, world.clock.now(), command="add smes", arguments=given)
        )
    before = (await world.logged())[0].record.smes
    assert len(before) == 120

    await marie.types("/edit 1")
    heard = await marie.gives(title="Blue hydrogen")

    assert heard.first == "✓ Changed: Blue hydrogen · workshop · Tue 12 May · CIMES and MecaTech"
    assert (await world.logged())[0].record.smes == before


@on_telegram
async def test_a_strangers_kind_word_under_an_activity_is_left_alone(world: World) -> None:
    marie, eve = await world.member("Marie", "cimes"), world.stranger("Eve")
    hall = world.group("Hall", marie, eve)
    post = (await marie.types(LINE, hall)).raw
    await world.settled()
    before = await world.received()

    heard = await eve.says("Nice work!", hall, reply_to=post)

    assert heard.lines == []
    assert await world.received() == before
