"""What was logged, seen again: lists, one activity, evidence, changes, questions."""

from __future__ import annotations

from tests.world import World

LINE = "/log workshop Green hydrogen 101 on 12 May with MecaTech"


async def test_the_list_is_paged_and_has_three_views(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    anna = await world.member("Anna", "pool-net")
    assert (await marie.types("/activities mine")).lines == [
        "What you logged · 0",
        "Nothing yet. One line is enough: /log workshop Green hydrogen 101 on 12 May with MecaTech",
    ]
    for day in (1, 4, 7, 10, 13, 16):
        await marie.types(f"/log training Lesson on {day} May")
    await anna.types("/log training Moulds on 2 June")

    heard = await marie.types("/activities")
    assert heard.lines[0] == "CIMES · 6 · page 1 of 2"
    assert heard.lines[1] == "6 · Lesson · training · Sat 16 May · CIMES"
    assert heard.buttons == [
        *("Open 6", "Open 5", "Open 4", "Open 3", "Open 2"),
        *("Older", "My activities", "The alliance"),
    ]
    heard = await marie.taps("Older")
    assert heard.lines == [
        "CIMES · 6 · page 2 of 2",
        "1 · Lesson · training · Fri 1 May · CIMES",
    ]
    assert heard.buttons == ["Open 1", "Newer", "My activities", "The alliance"]

    heard = await marie.taps("The alliance")
    assert heard.lines[:2] == [
        "The alliance · 7 · page 1 of 2",
        "7 · Moulds · training · Tue 2 Jun · Pool-Net",
    ]
    heard = await marie.taps("My activities")
    assert heard.first == "What you logged · 6 · page 1 of 2"
    assert heard.buttons[-3:] == ["Older", "My organisation", "The alliance"]


async def test_somebody_with_two_organisations_sees_either_list(world: World) -> None:
    anna = await world.member("Anna", "pool-net")
    await world.grants(anna, "member", "evoluma")
    await anna.types("/log training Moulds on 2 June for Pool-Net")

    heard = await anna.types("/activities")
    assert heard.first == "EVOLUMA · 0"
    assert heard.buttons == ["Pool-Net", "The alliance"]
    assert (await anna.taps("Pool-Net")).lines == [
        "Pool-Net · 1",
        "1 · Moulds · training · Tue 2 Jun · Pool-Net",
    ]


async def test_an_activity_without_its_number_is_one_of_the_last_three(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    assert (await marie.types("/activity")).lines == ["Which one? Your list has their numbers."]
    for title in ("Pumps", "Moulds", "Lean production for foundries", "Heat"):
        await marie.types(f"/log training {title} on 3 May smes {title} SA")

    heard = await marie.types("/activity")
    assert heard.lines[0] == "Which one?"
    assert heard.buttons[:3] == ["Heat", "Lean production for…", "Moulds"]
    heard = await marie.taps("Lean production for…")
    assert heard.first == "Lean production for foundries · training · Sun 3 May · CIMES"
    await marie.types("/activity")
    assert (await marie.says("2")).first == "Moulds · training · Sun 3 May · CIMES"


async def test_one_activity_is_opened_by_its_number(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)

    heard = await marie.types("/activity 1")
    assert heard.lines == [
        "Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
        "Not confirmed yet: MecaTech.",
        "No link or photo yet; it needs one by the close of the year.",
        "Logged by Marie for CIMES.",
    ]
    assert heard.buttons == ["Edit", "Add link or photo", "Withdraw"]
    assert (await luc.types("/activity 1")).buttons == ["We did", "Not us", "Question this"]
    heard = await marie.types("/activity 7")
    assert heard.lines == ["There is no activity 7. Nothing has changed."]
    assert heard.buttons == ["My list"]


async def test_it_is_withdrawn_and_put_back(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)
    await world.settled()
    await luc.taps("We did")

    await marie.types("/activity 1")
    heard = await marie.taps("Withdraw")
    assert heard.lines == ["Green hydrogen 101 is withdrawn and not counted. Its history is kept."]
    heard = await luc.types("/activity 1")
    assert heard.lines[1:3] == ["It's withdrawn and not counted.", "Confirmed by MecaTech."]
    assert heard.buttons == []
    assert (await marie.types("/indicators")).lines[1] == "Knowledge exchange: 0 of 2"
    heard = await marie.taps("Put it back")
    assert heard.lines == ["✓ Green hydrogen 101 is back.", "Knowledge exchange: 1 of 2 for 2026."]
    assert (await world.logged())[0].record.state == "confirmed"


async def test_what_holds_for_every_indicator_is_said_once(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(f"{LINE} smes Acme")
    await luc.types("/activity 1")
    await luc.taps("Question this")
    await luc.gives(reason="The day is off")

    heard = await marie.types("/activity 1")
    assert heard.lines[1:3] == [
        "Somebody asked about it. It counts again once its organisation has answered.",
        "Not confirmed yet: MecaTech.",
    ]
    await marie.taps("Withdraw")
    heard = await marie.types("/activity 1")
    assert heard.lines[1:3] == ["It's withdrawn and not counted.", "SMEs: Acme."]


async def test_only_its_organisation_changes_it(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)

    for line in ("/edit 1", "/withdraw 1"):
        heard = await luc.types(line)
        assert heard.lines == ["CIMES logged this one, so only CIMES can change it. Nothing has changed."]
    assert (await world.logged())[0].version == 1


async def test_another_organisation_questions_it_and_its_own_answers(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)

    await luc.types("/activity 1")
    await luc.taps("Question this")
    heard = await luc.gives(reason="The day is off")
    assert heard.lines == [
        "CIMES is asked about Green hydrogen 101: The day is off.",
        "It isn't counted until they answer.",
    ]
    await world.settled()
    heard = marie.reads()
    assert heard.lines == [
        "MecaTech asks about Green hydrogen 101, Tue 12 May: The day is off.",
        "Is it right? It isn't counted meanwhile.",
        "You get this because you log activities for your organisation.",
    ]
    assert heard.buttons == ["It's right as it is", "Edit", "Later", "Stop these"]
    assert (await marie.types("/indicators")).lines[1:3] == [
        "Knowledge exchange: 0 of 2",
        "Not counted yet: Green hydrogen 101 (CIMES). Somebody asked about it.",
    ]
    heard = await marie.taps("It's right as it is")
    assert heard.lines == ["✓ Green hydrogen 101 stands as it is and counts again."]
    assert (await marie.types("/activity 1")).lines[1] == "Knowledge exchange: 1 of 2 for 2026."


async def test_an_advisor_reads_along_and_questions_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    ada = await world.member("Ada", "", "advisor")
    await marie.types(LINE)
    assert (await ada.types("/activity 1")).buttons == []


async def test_a_link_is_added_by_a_tap(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)

    await marie.taps("Add link or photo")
    heard = await marie.gives(link="https://example.org/agenda")
    assert heard.lines == ["✓ Added to Green hydrogen 101. It has one link or file now."]
    assert "https://example.org/agenda" in (await marie.types("/activity 1")).lines


async def test_a_photo_right_after_a_log_is_offered_as_its_evidence(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log workshop Winter school on 12 Dec 2026 with MecaTech")
    await marie.types(LINE)

    heard = await marie.sends_photo()
    assert heard.lines == ["Is this for Green hydrogen 101, Tue 12 May?"]
    assert heard.buttons == ["Yes, add it", "Not now"]
    heard = await marie.taps("Yes, add it")
    assert heard.lines == ["✓ Added to Green hydrogen 101. It has one link or file now."]

    world.clock.pass_(minutes=11)
    heard = await marie.sends_photo()
    assert heard.lines == [
        "I see a file, but not what it belongs to. Reply with it to a logged activity, "
        'or open one and tap "Add link or photo".'
    ]


async def test_a_reply_to_the_logged_message_brings_evidence_and_talk_stays_talk(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says(LINE.removeprefix("/"))
    post = marie.reads().raw

    heard = await marie.says("the agenda: https://example.org/agenda", reply_to=post)
    assert heard.lines == ["✓ Added to Green hydrogen 101. It has one link or file now."]
    heard = await marie.sends_photo(reply_to=post)
    assert heard.lines == ["✓ Added to Green hydrogen 101. It has 2 links and files now."]
    assert (await marie.says("what a day", reply_to=post)).lines == []


async def test_a_photo_is_taken_where_one_was_asked_for(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    await marie.types("/log workshop Winter school on 12 Dec 2026 with MecaTech")
    world.clock.pass_(hours=3)
    await marie.says("activity 1")

    heard = await marie.taps("Add link or photo")
    if world.platform == "telegram":
        assert heard.lines == ["Paste the link here, or send the photo or file."]
        heard = await marie.sends_photo()
        assert heard.lines == ["✓ Added to Green hydrogen 101. It has one link or file now."]
    else:
        assert marie.user.form.fields == ["link"]
