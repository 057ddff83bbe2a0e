"""A co-host's one tap: it confirms, [Not us] removes, silence stands."""

from __future__ import annotations

from tests.world import World

ASKED = [
    "CIMES says that MecaTech took part in Green hydrogen 101 (workshop, Tue 12 May).",
    "Is that right? The activity counts meanwhile.",
    "You get this because you log activities for your organisation.",
]


async def test_a_cohost_confirms_with_one_tap(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()

    assert luc.reads().lines == ASKED
    heard = await luc.taps("We did")

    assert heard.lines == [
        "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May.",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    assert heard.buttons == ["Not us"]


async def test_what_is_planned_is_asked_about_as_what_will_be(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 Oct 2027 with MecaTech")
    await world.settled()

    heard = luc.reads()
    assert heard.lines == [
        "CIMES says that MecaTech will take part in Green hydrogen 101 (workshop, Tue 12 Oct 2027).",
        "Is that right?",
        "You get this because you log activities for your organisation.",
    ]
    assert heard.buttons == ["We will", "Not us", "Later", "Stop these"]
    assert (await luc.taps("Not us")).buttons == ["We will after all"]
    heard = await luc.taps("We will after all")
    assert heard.first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 Oct 2027."
    await luc.taps("Not us")
    assert (await luc.types("/activity 1")).buttons[0] == "We will after all"
    world.clock.pass_(days=365)
    assert (await luc.types("/activity 1")).buttons[0] == "We did after all"


async def test_not_us_takes_them_off_at_once_and_its_author_is_told(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()

    heard = await luc.taps("Not us")
    assert heard.lines == ["MecaTech is off Green hydrogen 101. CIMES is told."]
    await world.settled()
    assert marie.reads().lines == [
        "MecaTech says they had no part in Green hydrogen 101, Tue 12 May. I took them off it.",
        "You get this because you logged it, or your organisation stood in it.",
    ]
    assert (await marie.types("/activities")).lines[1] == (
        "1 · Green hydrogen 101 · workshop · Tue 12 May · CIMES"
    )
    assert (await luc.types("/activities")).first == "MecaTech · 0"

    await luc.types("/activity 1")
    heard = await luc.taps("We did after all")
    assert heard.first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May."
    await world.settled()
    assert marie.reads().lines == [
        "MecaTech says they had a part in Green hydrogen 101, Tue 12 May, after all. I put them back.",
        "You get this because you logged it, or your organisation stood in it.",
    ]
    await luc.taps("Not us")
    await world.settled()
    assert marie.reads().first.startswith("MecaTech says they had no part in Green hydrogen 101")


async def test_what_waits_for_a_tap_is_in_the_list_and_on_the_activity(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await marie.types("/log webinar Circular plastics on 13 May with MecaTech")

    heard = await luc.types("/activities")
    assert heard.lines[-1] == (
        "2 wait for MecaTech's tap. The first: Green hydrogen 101, logged by CIMES, Tue 12 May."
    )
    assert heard.buttons == ["We did", "Not us", "Open 2", "Open 1", "My activities", "The alliance"]
    heard = await luc.taps("We did")
    assert heard.lines == [
        "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May.",
        "Knowledge exchange: 2 of 2 for 2026 ✓",
        "One more waits for MecaTech's tap.",
    ]
    assert heard.buttons == ["Next one", "Not us"]

    heard = await luc.taps("Next one")
    assert heard.first == "Circular plastics · webinar · Wed 13 May · CIMES and MecaTech"
    assert heard.buttons == ["We did", "Not us", "Question this"]
    await luc.taps("Not us")
    assert (await luc.types("/activity 2")).buttons == ["We did after all", "Question this"]
    assert (await luc.types("/activity 1")).buttons == ["Not us", "Question this"]
    heard = await luc.types("/activities")
    assert heard.lines[-1] == (
        "1 · Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech · ✓ confirmed"
    )
    assert (await marie.types("/activity 1")).buttons == ["Edit", "Add link or photo", "Withdraw"]


async def test_the_first_of_two_colleagues_answers_for_both(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    lea = await world.member("Lea", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()
    await luc.taps("We did")

    heard = await lea.taps("We did")
    assert heard.first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May."
    [activity] = await world.logged()
    assert (activity.record.state, activity.version) == ("confirmed", 2)


async def test_a_tap_after_it_was_taken_back_changes_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()
    await marie.taps("Undo")

    heard = await luc.taps("We did")
    assert heard.lines == ["Green hydrogen 101 has changed since, so there is nothing left to answer here."]
    assert (await world.logged())[0].record.state == "withdrawn"


async def test_an_edit_of_what_was_confirmed_asks_the_cohost_again(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()
    await luc.taps("We did")

    await paul.types("/edit 1")
    if world.platform == "telegram":
        await paul.taps("Day")
    heard = await paul.gives(day="2026-05-11")
    assert heard.lines == [
        "✓ Changed: Green hydrogen 101 · workshop · Mon 11 May · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
        "MecaTech gets one tap to confirm; it counts meanwhile.",
    ]
    assert heard.buttons == ["Add SMEs", "Add link or photo", "Undo this"]
    await world.settled()
    assert marie.reads().lines == [
        "Paul changed Green hydrogen 101, which you logged.",
        "Green hydrogen 101 · workshop · Mon 11 May · CIMES and MecaTech",
        "You get this because you logged it, or your organisation stood in it.",
    ]
    assert luc.reads().lines == [ASKED[0].replace("Tue 12 May", "Mon 11 May"), *ASKED[1:]]
    assert (await world.logged())[0].record.state == "logged"


async def test_an_edit_of_the_title_alone_leaves_it_confirmed(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech smes 12")
    await marie.taps("Yes")
    await world.settled()
    await luc.taps("We did")

    await marie.types("/edit 1")
    if world.platform == "telegram":
        await marie.taps("Title")
    heard = await marie.gives(title="Green hydrogen for all")
    assert heard.first == "✓ Changed: Green hydrogen for all · workshop · Tue 12 May · CIMES and MecaTech"
    [activity] = await world.logged()
    assert activity.record.state == "confirmed"
    assert (activity.record.sme_number, activity.record.sme_basis) == (12, "attested")
