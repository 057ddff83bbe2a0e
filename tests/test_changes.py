"""What was logged, changed or taken back."""

from __future__ import annotations

from tests.world import World

LINE = "/log workshop Green hydrogen 101 on 12 May with MecaTech"


async def test_a_log_can_be_taken_back_for_a_day(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/undo")
    assert heard.lines == ["You haven't logged anything yet, so there is nothing to take back."]
    await marie.types("/log workshop Winter school on 12 Dec 2026 with MecaTech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")

    heard = await marie.types("/undo")
    assert heard.lines == ["Taken back: Green hydrogen 101. It isn't counted any more."]
    heard = await marie.types("/undo")
    assert heard.lines == ["Green hydrogen 101 is taken back already."]
    assert heard.buttons == ["Put it back", "My list"]
    heard = await marie.taps("Put it back")
    assert heard.lines == ["✓ Green hydrogen 101 is back.", "Knowledge exchange: 1 of 2 for 2026."]

    world.clock.pass_(hours=24)
    heard = await marie.types("/undo")
    assert heard.lines == [
        "Green hydrogen 101 was logged more than a day ago, so Undo is over. "
        "You can still withdraw it; nothing has changed."
    ]
    heard = await marie.taps("Withdraw it")
    assert heard.lines == ["Green hydrogen 101 is withdrawn and not counted. Its history is kept."]


async def test_undo_with_a_number_takes_back_that_one(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await marie.types("/log workshop Winter school on 12 June with MecaTech")

    heard = await marie.types("/undo 1")
    assert heard.lines == ["Taken back: Green hydrogen 101. It isn't counted any more."]
    assert [a.record.state for a in await world.logged()] == ["withdrawn", "logged"]

    heard = await marie.types("/undo 99")
    assert heard.lines == ["There is no activity 99. Nothing has changed."]
    assert heard.buttons == ["My list"]
    assert [a.record.state for a in await world.logged()] == ["withdrawn", "logged"]


async def test_a_confirmed_one_is_withdrawn_and_not_undone(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")
    await world.settled()
    await luc.taps("We did")

    heard = await marie.taps("Undo")
    assert heard.lines == [
        "Green hydrogen 101 is confirmed by another organisation, so Undo is over. "
        "You can still withdraw it; nothing has changed."
    ]
    assert heard.buttons == ["Withdraw it"]
    assert (await world.logged())[0].record.state == "confirmed"


async def test_what_is_not_changed_in_the_form_stays(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(f"{LINE} smes Acme, Verre Clair")

    if world.platform == "slack":
        await marie.types("/edit 1")
        assert (await marie.gives()).lines == ["Green hydrogen 101 is like that already."]
        await marie.types("/edit 1")
        heard = await marie.gives(**{"with": "", "smes": ""})
        assert heard.first == "✓ Changed: Green hydrogen 101 · workshop · Tue 12 May · CIMES"
        assert (await world.logged())[0].record.smes == ()
        await marie.types("/edit 1")
        await marie.gives(**{"with": "emc2", "smes": "12"})
        heard = await marie.taps("Yes")  # there is a list; what the form said is not lost over that
        assert heard.lines[:2] == [
            "✓ Changed: Green hydrogen 101 · workshop · Tue 12 May · CIMES and EMC2",
            "12 SMEs reached.",
        ]
    else:
        await marie.types("/edit 1")
        await marie.taps("Title")
        heard = await marie.says("Green hydrogen 101")
        assert heard.lines == ["Green hydrogen 101 is like that already."]


async def test_who_is_named_comes_in_addition_and_a_tap_takes_off(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)
    await world.settled()

    heard = await marie.types("/edit 1 with EMC2")
    assert heard.first == "✓ Changed: Green hydrogen 101 · workshop · Tue 12 May · CIMES, MecaTech and EMC2"
    if world.platform == "slack":
        await marie.types("/edit 1")
        heard = await marie.gives(**{"with": "emc2,green-tech"})
        there = "CIMES, EMC2 and Green-Tech Cluster"
    else:
        await marie.types("/edit 1")
        heard = await marie.taps("Together with")
        assert heard.lines == ["Together with now: MecaTech and EMC2. Who else?"]
        assert heard.buttons == ["Without MecaTech", "Without EMC2", "Cancel"]
        heard = await marie.taps("Without MecaTech")
        there = "CIMES and EMC2"
    assert heard.first == f"✓ Changed: Green hydrogen 101 · workshop · Tue 12 May · {there}"
    await world.settled()
    assert luc.reads().lines == [
        "CIMES took MecaTech off Green hydrogen 101, Tue 12 May.",
        "You get this because you logged it, or your organisation stood in it.",
    ]

    heard = await marie.taps("Undo this")
    assert heard.first == (
        "✓ As it was before: Green hydrogen 101 · workshop · Tue 12 May · CIMES, MecaTech and EMC2"
    )
    await world.settled()
    assert luc.reads().buttons == ["We did", "Not us", "Later", "Stop these"]


async def test_one_line_changes_one_thing_and_undo_puts_it_back(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    await marie.types(LINE)
    head = "Changed: Green hydrogen 101"

    heard = await paul.types("/edit 1 day 3 oct")
    assert heard.first == f"✓ {head} · workshop · Sat 3 Oct · CIMES and MecaTech"
    assert heard.buttons == ["Add SMEs", "Add link or photo", "Undo this"]
    heard = await paul.types("/edit 1 on 4 oct")
    assert heard.first == f"✓ {head} · workshop · Sun 4 Oct · CIMES and MecaTech"
    heard = await paul.types("/edit 1 kind webinar smes Acme, Verre Clair")
    assert heard.lines[:2] == [f"✓ {head} · webinar · Sun 4 Oct · CIMES and MecaTech", "2 SMEs reached."]
    heard = await paul.types("/edit 1 title Hydrogen for all")
    assert heard.first == "✓ Changed: Hydrogen for all · webinar · Sun 4 Oct · CIMES and MecaTech"

    heard = await paul.taps("Undo this")
    assert heard.lines[:2] == [
        "✓ As it was before: Green hydrogen 101 · webinar · Sun 4 Oct · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
    ]
    heard = await paul.taps("Undo this")
    assert heard.first == "Green hydrogen 101 has changed again since, so I left it as it is."
    assert [(a.record.title, a.version) for a in await world.logged()] == [("Green hydrogen 101", 6)]
    await world.settled()
    assert marie.reads().first == "Paul changed Green hydrogen 101, which you logged."


async def test_a_form_left_open_puts_back_nothing_that_a_colleague_changed(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    await marie.types(LINE)

    await marie.types("/edit 1")
    if world.platform == "telegram":
        await marie.taps("SMEs")
    await paul.types("/edit 1 title Hydrogen for all")
    heard = await marie.gives(smes="Acme")
    assert heard.lines[:2] == [
        "✓ Changed: Hydrogen for all · workshop · Tue 12 May · CIMES and MecaTech",
        "1 SME reached.",
    ]


async def test_without_a_number_the_last_three_are_a_tap_away(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/withdraw")
    assert heard.lines == ["Which one? Your list has their numbers."]
    for title in ("Pumps", "Moulds", "Lean production for foundries", "Heat"):
        await marie.types(f"/log training {title} on 3 May smes {title} SA")

    for line in ("/edit", "/withdraw"):
        heard = await marie.types(line)
        assert heard.lines[0] == "Which one?"
        assert heard.buttons[:3] == ["Heat", "Lean production for…", "Moulds"]
    heard = await marie.taps("Lean production for…")
    assert heard.first == ("Lean production for foundries is withdrawn and not counted. Its history is kept.")
    await marie.types("/edit")
    await marie.taps("Moulds")
    if world.platform == "telegram":
        assert marie.reads().lines == ["What shall I change in activity 2, Moulds?"]
        await marie.taps("Title")
    heard = await marie.gives(title="Moulds and dies")
    assert heard.first == "✓ Changed: Moulds and dies · training · Sun 3 May · CIMES"


async def test_a_change_is_typed_in_one_line_and_the_activity_named_by_its_title(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    heard = await marie.types("/edit 1 date 18 nov")
    assert heard.first == "✓ Changed: Green hydrogen 101 · workshop · Wed 18 Nov · CIMES and MecaTech"
    heard = await marie.types("/correct hydrogen day 17 nov")
    assert heard.first == "✓ Changed: Green hydrogen 101 · workshop · Tue 17 Nov · CIMES and MecaTech"
    heard = await marie.types("/edit 1 24 smes")
    assert heard.first == "24 SMEs. They count once there is a list. Do you keep one?"
    await marie.taps("No")
    assert (await world.logged())[0].record.sme_number == 24

    assert (await marie.types("/undo packaging")).first == "Which one?"
    assert (await marie.types("/undo hydrogen")).first.startswith("Taken back: Green hydrogen 101.")
