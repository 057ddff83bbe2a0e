"""Logging an activity, as members do it, on both platforms."""

from __future__ import annotations

from tests.world import World

SECOND_ONE = (
    "It's in your list, but not counted yet for Knowledge exchange (Art. 2(1)): "
    "that takes a second member cluster. Was one there?"
)


async def test_one_line_is_understood_stored_and_answered_with_what_it_counts_for(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")

    assert heard.lines == [
        "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
        "MecaTech gets one tap to confirm; it counts meanwhile.",
    ]
    assert heard.buttons == ["Add SMEs", "Add link or photo", "Undo"]


async def test_it_is_still_there_after_a_restart(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")

    await world.stop_bot()
    await world.start_bot()

    heard = await marie.types("/activities")
    assert heard.lines == [
        "CIMES · 1",
        "1 · Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech",
    ]


async def test_every_kind_of_the_charter_says_what_it_counts_for(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    said = {
        "/log webinar Circular plastics on 13 May with EMC2": [
            "✓ Logged: Circular plastics · webinar · Wed 13 May · CIMES and EMC2",
            "Knowledge exchange: 1 of 2 for 2026.",
            "EMC2 gets one tap to confirm; it counts meanwhile.",
        ],
        "/log training Energy audits on 14 May": [
            "✓ Logged: Energy audits · training · Thu 14 May · CIMES",
            "Not counted yet for SMEs reached (Art. 2(3)): which SMEs took part?",
        ],
        "/log project proposal HORIZON moulds on 15 May with EMC2 and Pool-Net": [
            "✓ Logged: HORIZON moulds · project proposal · Fri 15 May · CIMES, EMC2 and Pool-Net",
            "Joint proposals: 1 of 1 for 2026. Target reached, thank you.",
            "EMC2 and Pool-Net get one tap to confirm; it counts meanwhile.",
        ],
        "/log SME support Audit for Acme on 16 May smes Acme": [
            "✓ Logged: Audit for Acme · SME support · Sat 16 May · CIMES",
            "SMEs reached: 1 of 20 for 2026.",
        ],
        "/log policy recommendation Paper on steel on 17 May link https://example.org/paper": [
            "✓ Logged: Paper on steel · policy recommendation · Sun 17 May · CIMES",
            "Policy voice: 1 of 1 for 2026. Target reached, thank you.",
        ],
        "/log policy workshop Steel day on 18 May": [
            "✓ Logged: Steel day · policy workshop · Mon 18 May · CIMES",
            "Policy voice: 2 of 1 for 2026 ✓",
        ],
        "/log other Open day on 19 May": [
            "✓ Logged: Open day · other · Tue 19 May · CIMES",
            "It's in your list.",
        ],
    }
    for line, answer in said.items():
        assert (await marie.types(line)).lines == answer
    heard = await marie.types("/log policy recommendation Note on heat on 20 May")
    assert heard.buttons == ["Add link or photo", "Undo"]  # nobody counts SMEs for a recommendation


async def test_smes_count_by_name_and_each_firm_once(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log training Energy audits on 14 May smes Acme, Foundry Nord; Verre Clair")

    heard = await marie.types("/log training Heat pumps smes ACME, Moules SA on 15 May")
    assert heard.lines == [
        "✓ Logged: Heat pumps · training · Fri 15 May · CIMES",
        "SMEs reached: 4 of 20 for 2026.",
    ]


async def test_a_number_of_smes_counts_if_there_is_a_list(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    asked = "12 SMEs. They count once there is a list. Do you keep one?"

    heard = await marie.types("/log training Energy audits on 14 May smes 12")
    assert heard.lines == [asked]
    assert heard.buttons == ["Yes", "No", "Cancel"]
    assert (await marie.taps("Yes")).lines[-1] == "SMEs reached: 12 of 20 for 2026."

    assert (await marie.types("/log training Heat pumps on 3 March smes 12")).lines == [asked]
    assert (await marie.taps("No")).lines == [
        "✓ Logged: Heat pumps · training · Tue 3 Mar · CIMES",
        "12 SMEs are kept as an estimate. They count for SMEs reached once there is a list.",
    ]
    assert (await marie.types("/log training Lean moulds on 3 April smes 12")).lines == [asked]
    assert (await marie.says("yes")).lines[
        -1
    ] == "SMEs reached: 24 of 20 for 2026. Target reached, thank you."


async def test_alone_it_does_not_count_and_one_tap_adds_who_was_there(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")

    heard = await marie.types("/log workshop Injection moulding day on 24 Nov")
    assert heard.lines == [
        "✓ Logged: Injection moulding day · workshop · Tue 24 Nov · CIMES",
        SECOND_ONE,
    ]
    assert heard.buttons == ["Clust-ER MECH", "EMC2", "Another", "Only us", "Undo"]

    await marie.taps("Another")
    heard = await marie.gives(**{"with": "MecaTech"})
    assert heard.lines == [
        "✓ Changed: Injection moulding day · workshop · Tue 24 Nov · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
        "MecaTech gets one tap to confirm; it counts meanwhile.",
    ]
    await world.settled()
    assert luc.reads().buttons == ["We did", "Not us", "Later", "Stop these"]

    await marie.types("/log webinar Pump maintenance on 19 Nov")
    heard = await marie.taps("EMC2")
    assert heard.lines[1] == "Knowledge exchange: 2 of 2 for 2026. Target reached, thank you."

    await marie.types("/log webinar Welding online on 20 Nov")
    assert (await marie.taps("Only us")).lines == ["Fine: Welding online stays in your list as yours alone."]


async def test_what_lies_ahead_is_planned_and_counts_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")

    heard = await marie.types("/log workshop Winter school on 12 Dec 2026 with MecaTech")

    assert heard.lines == [
        "✓ Logged: Winter school · workshop · Sat 12 Dec · CIMES and MecaTech",
        "It's planned, so it isn't counted yet. Knowledge exchange stands at 0 of 2 for 2026.",
        "MecaTech gets one tap to confirm.",
    ]
    await world.settled()
    assert luc.reads().lines[:2] == [
        "CIMES says that MecaTech will take part in Winter school (workshop, Sat 12 Dec).",
        "Is that right?",
    ]
    world.clock.pass_(days=19)
    assert (await marie.types("/indicators")).lines[1].startswith("Knowledge exchange: 1 of 2 ")


async def test_who_wears_several_hats_is_asked_for_which_organisation(world: World) -> None:
    anna = await world.member("Anna", "pool-net")
    await world.grants(anna, "member", "evoluma")

    heard = await anna.types("/log workshop Tooling trends on 20 Nov with CIMES")
    assert heard.lines == ["For which organisation?"]
    assert heard.buttons == ["EVOLUMA", "Pool-Net", "Cancel"]
    heard = await anna.taps("EVOLUMA")
    assert heard.first == "✓ Logged: Tooling trends · workshop · Fri 20 Nov · EVOLUMA and CIMES"

    heard = await anna.types("/log workshop Moulds on tour on 18 Nov with CIMES for Pool-Net")
    assert heard.first == "✓ Logged: Moulds on tour · workshop · Wed 18 Nov · Pool-Net and CIMES"

    heard = await anna.types("/log workshop Towers on 16 Nov with CIMES for EMC2")
    assert heard.lines == [
        "You don't act for EMC2 here, so I left it. Its own people or the coordinator can do it.",
        "The rest is kept; nothing is saved yet.",
    ]
    assert len(await world.logged()) == 2


async def test_what_may_be_there_already_is_asked_about_before_saving(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    await marie.types("/log workshop Injection moulding day on 24 Nov with MecaTech")

    heard = await paul.types("/log workshop Injection moulding days on 23 Nov")
    assert heard.lines == [
        "Before I save Injection moulding days: this one is there already.",
        "Injection moulding day · workshop · Tue 24 Nov · CIMES and MecaTech",
        "Is it the same? Nothing is saved yet.",
    ]
    assert heard.buttons == ["It's the same", "Log it too", "Cancel"]
    heard = await paul.taps("It's the same")
    assert heard.lines == [
        "Nothing new is saved. This is what we have: "
        "Injection moulding day · workshop · Tue 24 Nov · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    assert len(await world.logged()) == 1

    await paul.types("/log workshop Injection moulding days on 23 Nov")
    heard = await paul.taps("Log it too")
    assert heard.first == "✓ Logged: Injection moulding days · workshop · Mon 23 Nov · CIMES"


async def test_only_what_reaches_a_target_is_thanked_for(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log webinar Circular plastics on 13 May with EMC2")

    heard = await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    assert heard.lines[1] == "Knowledge exchange: 2 of 2 for 2026. Target reached, thank you."
    assert (await marie.types("/activity 2")).lines[1] == "Knowledge exchange: 2 of 2 for 2026 ✓"
    heard = await marie.types("/log webinar Welding on 15 May with EMC2")
    assert heard.lines[1] == "Knowledge exchange: 3 of 2 for 2026 ✓"

    await marie.types("/undo 3")
    await marie.types("/undo 2")
    heard = await marie.taps("Put it back")
    assert heard.lines[1] == "Knowledge exchange: 2 of 2 for 2026. Target reached, thank you."


async def test_a_doubtful_day_is_asked_about(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log workshop Mould day friday with EMC2")
    assert heard.lines == ['Is "friday" the day, Fri 20 Nov, or part of the title?']
    assert heard.buttons == ["Yes, Fri 20 Nov", "Part of the title", "Cancel"]
    heard = await marie.taps("Yes, Fri 20 Nov")
    assert heard.first == "✓ Logged: Mould day · workshop · Fri 20 Nov · CIMES and EMC2"

    await marie.types("/log workshop Black friday with EMC2")
    heard = await marie.taps("Part of the title")
    assert heard.first == "✓ Logged: Black friday · workshop · Tue 24 Nov · CIMES and EMC2"

    heard = await marie.types("/log workshop Robots last tuesday with EMC2")
    assert heard.first == "✓ Logged: Robots · workshop · Tue 17 Nov · CIMES and EMC2"
