"""Saying a command bit by bit: questions on Telegram, a form on Slack, and everything that comes between."""

from __future__ import annotations

from typing import Any

from tests.world import Heard, World

KINDS = [
    "workshop",
    "webinar",
    "training",
    "project proposal",
    "SME support",
    "policy recommendation",
    "policy workshop",
    "other",
]
ASIDE = "Unfinished from before: Energy audits. It's kept until Sun 29 Nov, 10:30."
GONE = "That one is finished or was thrown away, so there is nothing to go on with. Nothing has changed."


async def asked(world: World, somebody: Any) -> Heard:
    """A question in words that waits for an answer, on either platform: which list is meant."""
    heard: Heard = await somebody.says("log training Energy audits on 14 May smes 12")
    return heard


async def test_what_is_missing_is_asked_one_by_one_or_by_a_form(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log with MecaTech on 12 May")
    if world.platform == "telegram":
        assert (heard.lines, heard.buttons) == (["What was it?"], [*KINDS, "Cancel"])
        heard = await marie.taps("workshop")
        assert (heard.lines, heard.buttons) == (["What was it called?"], ["Cancel"])
        heard = await marie.says("Green hydrogen 101")
    else:
        form = marie.user.form
        assert form.title == "Log"
        assert form.fields == ["kind", "title", "day", "with", "smes", "link", "for"]
        given = {one["block_id"]: one["element"] for one in form.inputs}
        assert given["day"]["initial_date"] == "2026-05-12"
        assert [one["value"] for one in given["with"]["initial_options"]] == ["mecatech"]
        heard = await marie.gives(kind="workshop", title="Green hydrogen 101")
    assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"


async def test_it_is_dropped_by_a_word_or_by_a_tap(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    for words in ("cancel", "Never mind"):
        await asked(world, marie)
        heard = await marie.says(words)
        assert (heard.lines, heard.buttons) == (["Dropped. Nothing was saved."], ["Start again"])

    for line in ("/cancel", "/never_mind" if world.platform == "telegram" else "/never mind", "/stop"):
        await asked(world, marie)
        assert (await marie.types(line)).lines == ["Dropped. Nothing was saved."], line
    assert (await marie.types("/cancel")).lines == ["Nothing was open."]

    await asked(world, marie)
    assert (await marie.taps("Cancel")).lines == ["Dropped. Nothing was saved."]
    assert await world.logged() == []
    await marie.taps("Start again")
    if world.platform == "telegram":
        assert marie.reads().lines == ["What was it?"]
    else:
        assert marie.user.form.title == "Log"


async def test_a_closed_form_saves_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log webinar")
    if world.platform == "slack":
        await marie.user.fills(submit=False)
    else:
        await marie.says("stop")
    assert await world.logged() == []


async def test_it_survives_a_restart_in_the_middle(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log webinar on 12 May with MecaTech")

    await world.stop_bot()
    await world.start_bot()

    heard = await marie.gives(title="Green hydrogen 101")
    assert heard.first == "✓ Logged: Green hydrogen 101 · webinar · Tue 12 May · CIMES and MecaTech"

    await asked(world, marie)
    await world.stop_bot()
    await world.start_bot()
    assert (await marie.says("yes")).first == "✓ Logged: Energy audits · training · Thu 14 May · CIMES"


async def test_a_new_command_puts_it_aside_and_says_so(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await asked(world, marie)

    heard = await marie.types("/indicators")
    assert heard.first == "The alliance in 2026"
    assert heard.lines[-1] == ASIDE
    assert heard.buttons[-2:] == ["Continue", "Throw away"]

    heard = await marie.taps("Continue")
    assert heard.lines == ["12 SMEs. They count once there is a list. Do you keep one?"]
    assert (await marie.taps("Yes")).lines[-1] == "SMEs reached: 12 of 20 for 2026."


async def test_a_new_question_puts_the_old_one_aside_and_says_so(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await asked(world, marie)

    heard = await marie.says("edit")
    assert heard.lines == ["Which one? Your list has their numbers.", ASIDE]
    assert heard.buttons == ["Continue", "Throw away", "Cancel"]

    heard = await marie.taps("Throw away")
    assert heard.lines == ["Dropped. Nothing was saved."]
    heard = await marie.says("7")
    assert heard.lines == ["There is no activity 7. Nothing has changed."]


async def test_after_half_an_hour_words_fill_nothing_in(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says("log webinar on 12 May with MecaTech")

    world.clock.pass_(minutes=31)
    heard = await marie.says("See you tomorrow")
    assert heard.lines == ["Still on log? Your answers are here."]
    assert heard.buttons == ["Continue", "Throw away"]
    assert await world.logged() == []

    await marie.taps("Continue")
    heard = await marie.gives(title="Green hydrogen 101")
    assert heard.first == "✓ Logged: Green hydrogen 101 · webinar · Tue 12 May · CIMES and MecaTech"


async def test_what_was_saved_meanwhile_is_not_called_dropped(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.says("log webinar on 12 May with MecaTech")
    await marie.says("Green hydrogen 101")

    heard = await marie.taps("Cancel")
    assert heard.lines == [GONE]
    assert len(await world.logged()) == 1


async def test_begun_in_a_group_it_goes_on_where_nobody_reads_along(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    hall = world.group("Hall", marie, luc)

    heard = await marie.types("/log webinar on 12 May with MecaTech", hall)
    if world.platform == "telegram":
        assert heard.lines == ["Let's go on with log in our own chat, where nobody else reads along."]
        assert heard.buttons == ["Go on in private", "Cancel"]
        link = (await marie.user.taps(heard.raw, "Go on in private")).opened
        assert plain_lines(await marie.user.opens(link)) == ["What was it called?"]
    heard = await marie.gives(title="Green hydrogen 101")

    assert heard.first == "✓ Logged: Green hydrogen 101 · webinar · Tue 12 May · CIMES and MecaTech"
    seen = luc.user.sees(hall)
    assert not [one for one in seen if "Logged" in one.text]


async def test_a_word_not_understood_in_a_group_is_mended_in_private(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    hall = world.group("Hall", marie)
    no = 'I can\'t find "31 Feb" in the calendar. A day like "12 May" or "last Tuesday" works.'

    heard = await marie.types("/log workshop Green hydrogen 101 on 31 Feb with MecaTech", hall)
    if world.platform == "telegram":
        assert heard.lines == [no, "The rest is kept; nothing is saved yet."]
        link = (await marie.user.taps(heard.raw, "Go on in private")).opened
        assert plain_lines(await marie.user.opens(link))[0] == no
    else:
        assert marie.user.form.view["blocks"][0]["text"]["text"].startswith(no)
    heard = await marie.gives(day="2026-02-28")
    assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Sat 28 Feb · CIMES and MecaTech"


async def test_a_form_says_under_its_field_what_it_could_not_read(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    no = 'I can\'t count "-3" SMEs. Names with commas between, or a number up to 10,000.'

    if world.platform == "slack":
        await marie.types("/log workshop on 12 May with MecaTech")
        await marie.gives(title="Green hydrogen 101", smes="-3")
        assert marie.user.errors == {"smes": no}
        heard = await marie.gives(title="Green hydrogen 101", smes="Acme")
    else:
        heard = await marie.types("/log workshop Green hydrogen 101 smes -3 on 12 May with MecaTech")
        assert heard.lines == [no, "The rest is kept; nothing is saved yet."]
        heard = await marie.says("Acme")
    assert heard.lines == [
        "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech",
        "Knowledge exchange: 1 of 2 for 2026.",
        "SMEs reached: 1 of 20 for 2026.",
        "MecaTech gets one tap to confirm; it counts meanwhile.",
    ]


async def test_a_slip_is_mended_by_a_tap(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log workshp Mould recycling on 24 Nov with MecaTech")
    assert heard.lines == [
        'I don\'t know "workshp". Did you mean workshop?',
        "The rest is clear: Mould recycling, Tue 24 Nov, with MecaTech. Nothing is saved yet.",
    ]
    assert heard.buttons == ["Yes, workshop", "Show me all", "Cancel"]
    heard = await marie.taps("Yes, workshop")
    assert heard.first == "✓ Logged: Mould recycling · workshop · Tue 24 Nov · CIMES and MecaTech"

    await marie.types("/log workshp Mould reuse on 5 Nov with MecaTech")
    heard = await marie.says("yes")
    assert heard.first == "✓ Logged: Mould reuse · workshop · Thu 5 Nov · CIMES and MecaTech"

    heard = await marie.types("/log zumba Mould recycling on 2 Nov with MecaTech")
    assert heard.lines[0] == 'I don\'t know "zumba". Which one do you mean?'
    assert heard.buttons == [*KINDS, "Cancel"]
    heard = await marie.taps("other")
    assert heard.first == "✓ Logged: Mould recycling · other · Mon 2 Nov · CIMES and MecaTech"


async def test_a_sentence_for_an_answer_gets_the_choices_again(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/log zumba Mould recycling on 2 Nov with MecaTech")

    heard = await marie.says("it was more of a meeting I think")
    assert heard.lines == [
        "I couldn't find this in your words: kind.",
        "The rest is clear: Mould recycling, Mon 2 Nov, with MecaTech. Nothing is saved yet.",
    ]
    assert heard.buttons == [*KINDS, "Cancel"]


async def test_an_unknown_organisation_is_replaced_and_the_others_stay(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    names = ["CIMES", "Clust-ER MECH", "EMC2", "EVOLUMA", "Green-Tech Cluster", "MecaTech", "Pool-Net"]

    heard = await marie.types("/log workshop Towers on 3 Mar with MecaTech and Fooland")
    assert heard.lines == [
        'I don\'t know an organisation called "Fooland". Which one do you mean?',
        "The rest is kept; nothing is saved yet.",
    ]
    assert heard.buttons == [*names, "Cancel"]
    heard = await marie.taps("EMC2")
    assert heard.first == "✓ Logged: Towers · workshop · Tue 3 Mar · CIMES, MecaTech and EMC2"

    await marie.types("/log workshop Towers on 9 Mar with MecaTech and Fooland")
    heard = await marie.says("pool net")
    assert heard.first == "✓ Logged: Towers · workshop · Mon 9 Mar · CIMES, MecaTech and Pool-Net"


async def test_going_on_without_an_answer_meets_the_same_question(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/log workshop Towers on 31 Feb with MecaTech")
    first = heard.lines
    await marie.types("/indicators")

    heard = await marie.taps("Continue")
    assert heard.lines == first
    heard = await marie.says("28 Feb")
    assert heard.first == "✓ Logged: Towers · workshop · Sat 28 Feb · CIMES and MecaTech"


def plain_lines(seen: Any) -> list[str]:
    return [line for line in seen.text.splitlines() if line.strip()]
