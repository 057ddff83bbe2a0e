"""One person, several accounts; profile, language, zone; going (spec/engagement.md section 6)."""

from __future__ import annotations

import re

import pytest

from bot.handlers.profile import zones_named
from tests.world import Heard, World

CODE = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")
NOT_KNOWN = [
    "I don't know that code. It may be mistyped, used or past its ten minutes; I can't tell which. "
    "Nothing is linked."
]


def code_in(heard: Heard) -> str:
    found = CODE.search(heard.text)
    assert found, heard.text
    return found[0]


async def test_a_second_account_is_linked_once_the_first_one_says_yes(world: World) -> None:
    ana, phone = await world.member("Ana", "pool-net"), world.stranger("Ana's phone")
    platform = world.platform.capitalize()

    code = code_in(await ana.types("/link"))
    heard = await phone.says(code.lower())
    assert heard.lines == [f"Thank you. I've asked on {platform}: one tap there, and you're linked."]
    assert (await phone.types("/profile")).buttons[0] == "I have an invitation"  # not before the yes

    await world.settled()
    assert ana.reads().lines == [
        f"Is this you on {platform} (Ana's phone)? Your code was typed there.",
        "Linked, both accounts are one person here: the same roles and lists.",
    ]
    heard = await ana.taps("Yes, link")
    assert heard.lines == [f"Linked: {platform} · Ana's phone is you as well, with the same roles and lists."]
    await world.settled()
    assert phone.reads().first == f"Linked: you're Ana here too, as on {platform}."
    assert (await phone.types("/profile")).lines[:2] == ["Ana", "Pool-Net · Representative"]


async def test_not_me_links_nothing_and_ends_the_code(world: World) -> None:
    ana, otto = await world.member("Ana", "pool-net"), world.stranger("Otto")
    platform = world.platform.capitalize()
    code = code_in(await ana.types("/link"))
    await otto.says(code)
    await world.settled()

    heard = await ana.taps("Not me")
    assert heard.lines == [f"Good that I asked: {platform} · Otto is not linked, and that code is done with."]
    assert (await otto.says(code)).lines == NOT_KNOWN
    assert (await otto.types("/profile")).buttons[0] == "I have an invitation"


async def test_a_link_code_is_good_for_ten_minutes_and_for_one_account(world: World) -> None:
    ana, phone, otto = await world.member("Ana", "pool-net"), world.stranger("Phone"), world.stranger("Otto")
    first, second = code_in(await ana.types("/link")), code_in(await ana.types("/link"))

    await phone.says(first)
    assert (await otto.says(first)).lines == NOT_KNOWN
    world.clock.pass_(minutes=10)
    assert (await otto.says(second)).lines == NOT_KNOWN


async def test_two_people_are_never_made_one_by_a_code(world: World) -> None:
    ana, marie = await world.member("Ana", "pool-net"), await world.member("Marie", "cimes")

    heard = await marie.says(code_in(await ana.types("/link")))

    assert heard.lines == [
        "This account is Marie's already, so I left both as they are. "
        "If both are you, leave with this one first, then type the code again."
    ]
    assert (await marie.types("/profile")).lines[:2] == ["Marie", "CIMES · Representative"]


async def test_only_what_is_shaped_like_a_code_is_tried_as_one(world: World) -> None:
    ana, phone = await world.member("Ana", "pool-net"), world.stranger("Phone")
    code = code_in(await ana.types("/link"))

    for _ in range(6):  # five wrong codes would make the account rest
        heard = await phone.types("/link the second phone")
    assert heard.lines == [
        '"the second phone" is no link code; those look like ABCD-EFGH. '
        'Type "link" on your other platform to get one. Nothing has changed.'
    ]
    heard = await phone.says(code)
    assert heard.first.startswith("Thank you. I've asked on ")


async def test_a_web_address_is_no_link_code(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/link 2 https://pool-net.example/photos")

    assert (heard.lines, heard.buttons) == (
        ["To add a link to an activity, open it and tap Add link or photo. Nothing has changed."],
        ["My list"],
    )


async def test_unlink_makes_the_account_nobodys_again(world: World) -> None:
    ana, phone = await world.member("Ana", "pool-net"), world.stranger("Phone")
    platform = world.platform.capitalize()
    await phone.says(code_in(await ana.types("/link")))
    await world.settled()
    await ana.taps("Yes, link")

    await ana.types("/unlink")
    heard = await ana.taps(f"{platform} · Phone")

    assert heard.lines == [f"{platform} · Phone is off your profile. You stay in by {platform} · Ana."]
    assert (await phone.types("/profile")).buttons[0] == "I have an invitation"
    assert (await ana.types("/unlink")).lines == [
        "This is your only account here, so there is nothing to take off."
    ]


async def test_language_and_time_zone_are_changed_in_a_word(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/language Portuguese")
    assert heard.lines == ["✓ Noted: Português"]
    assert (await ana.types("/timezone riga")).lines == ["Noted: Riga time."]
    assert "Portuguese · Riga time" in (await ana.types("/profile")).lines


async def test_a_place_that_nobody_knows_is_asked_for_again(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/timezone Atlantis")
    assert (
        heard.first
        == 'I don\'t know the time in "Atlantis". The nearest big city works, like Lisbon or Riga.'
    )
    assert (await ana.taps("Lisbon")).lines == ["Noted: Lisbon time."]


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("Lisbon", ("Europe/Lisbon",)),
        ("europe/lisbon", ("Europe/Lisbon",)),
        ("new york", ("America/New_York",)),
        ("Warsw", ("Europe/Warsaw",)),
        ("UTC", ("UTC",)),
        ("Nowhere in particular", ()),
        ("", ()),
    ],
)
def test_zones_are_found_by_city_name_or_a_slip_of_the_finger(text: str, zones: tuple[str, ...]) -> None:
    assert zones_named(text) == zones


async def test_a_colleague_ends_a_role_in_two_taps_and_everybody_concerned_hears_it(world: World) -> None:
    marie, zoe = await world.member("Marie", "cimes"), await world.member("Zoe", "cimes", "member")
    giulia = await world.member("Giulia", "", "coordinator")

    await marie.types("/people")
    heard = await marie.taps("End a role")
    assert (heard.lines, heard.buttons) == (["Whose role for CIMES ends?"], ["Zoe", "Cancel"])
    heard = await marie.taps("Zoe")
    assert heard.lines == ["End Zoe's role for CIMES (Colleague)? What they logged stays."]
    heard = await marie.taps("Yes, end it")
    assert heard.lines == [
        "Ended: Zoe, Colleague for CIMES. What they logged stays.",
        "I can't take people out of chats; please look through your groups.",
    ]

    await world.settled()
    assert zoe.reads().first == "Marie ended your role for CIMES (Colleague). What you logged stays."
    assert giulia.reads().first == "Marie ended Zoe's role for CIMES (Colleague)."
    assert (await zoe.types("/log workshop Pumps on 12 May")).lines == [
        "Your role here doesn't include logging activities, so I left it. "
        "Your coordinator can change that; nothing has changed."
    ]


async def test_nobody_ends_a_role_in_somebody_elses_organisation(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await world.member("Ana", "pool-net")

    heard = await marie.types("/end role Pool-Net")

    assert (
        heard.first
        == "You don't act for Pool-Net here, so I left it. Its own people or the coordinator can do it."
    )


async def test_the_coordinator_ends_any_role_and_hears_what_is_open(world: World) -> None:
    giulia, luc = await world.member("Giulia", "", "coordinator"), await world.member("Luc", "mecatech")
    ana = await world.member("Ana", "pool-net")
    await ana.types("/log workshop Green hydrogen 101 on 12 May with MecaTech")

    await giulia.types("/end role MecaTech")
    heard = await giulia.taps("Luc")
    assert heard.lines == [
        "End Luc's role for MecaTech (Representative)? What they logged stays.",
        "Nobody else would then act for MecaTech.",
    ]
    heard = await giulia.taps("Yes, end it")
    assert heard.lines[1:3] == [
        "Nobody acts for MecaTech now.",
        "One activity waits for MecaTech's tap.",
    ]
    await world.settled()
    assert luc.reads().first == "Giulia ended your role for MecaTech (Representative). What you logged stays."


async def test_leaving_takes_two_taps_and_the_others_hear_it(world: World) -> None:
    marie, paul = await world.member("Marie", "cimes"), await world.member("Paul", "cimes", "alternate")

    heard = await paul.types("/leave")
    assert heard.lines == [
        "Leaving ends your role for CIMES, and I won't know you here until a new invitation. "
        "What you logged stays.",
        "Shall I do it?",
    ]
    heard = await paul.taps("Yes, leave")
    assert heard.first == "You've left. Thank you for the time together; the door stays open by invitation."

    await world.settled()
    assert marie.reads().first == "Paul has left CIMES here (Alternate)."
    assert (await marie.types("/people")).lines == ["CIMES", "Marie · Representative"]
    assert (await paul.types("/profile")).buttons[0] == "I have an invitation"


async def test_a_tap_on_cancel_keeps_everything(world: World) -> None:
    paul = await world.member("Paul", "cimes")
    await paul.types("/leave")

    assert (await paul.taps("Cancel")).lines == ["Dropped. Nothing was saved."]
    assert (await paul.types("/profile")).lines[1] == "CIMES · Representative"


async def test_after_half_an_hour_words_fill_no_form(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    await giulia.types("/invite")
    world.clock.pass_(minutes=31)

    heard = await giulia.says("Pool-Net")
    assert (heard.lines, heard.buttons) == (
        ["Still on invite? Your answers are here."],
        ["Continue", "Throw away"],
    )
    await giulia.taps("Continue")
    assert (await giulia.says("Pool-Net")).first.startswith(
        "For Pool-Net, Representative: good for one person"
    )


async def test_a_member_is_shown_six_commands_and_all_of_them_at_a_tap(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.says("help")
    assert heard.first == "What most people do here:"
    named = ["/log", "/todo", "/events", "/vote", "/indicators", "/notify"]
    shown = [f"/alliance {one[1:]}" if one[1:] not in world.own_slash else one for one in named]
    assert [line.split(" · ")[0] for line in heard.lines[1:]] == (
        shown if world.platform == "slack" else named
    )
    assert heard.lines[1] == "/log · Log an activity and see what it counts for"
    everything = await ana.taps("All commands")
    assert len(everything.lines) > 15
    assert (await ana.says("help all")).lines == everything.lines


async def test_a_coordinator_sees_by_name_what_only_coordinators_have(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    ola = await world.member("Ola", "evoluma", "cluster-manager")
    ada = await world.member("Ada", "", "advisor")
    marie = await world.member("Marie", "cimes")

    heard = await giulia.says("help")
    assert len(heard.lines) == 8  # the first line, six commands, and hers
    if world.platform == "telegram":
        assert heard.raw.text.endswith(
            "As coordinator also: /jobs, /invite_all, /call_assembly, /enter_ballot, /record_decision"
        )
    else:
        assert heard.lines[-1] == (
            "As coordinator also: /alliance jobs, /alliance invite all, /alliance call assembly, "
            "/alliance enter ballot, /alliance record decision"
        )
    for somebody in (marie, ola, ada):
        assert "coordinator" not in (await somebody.says("help")).text


async def test_help_for_one_command_shows_its_words_and_an_example(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.says("help log")

    assert heard.first == "/log · Log an activity and see what it counts for"
    assert heard.lines[1].startswith("/log KIND TITLE (on DAY IT ENDED) (with TOGETHER WITH)")
    assert heard.lines[-1] == "For example: /log workshop Green hydrogen 101 on 12 May with MecaTech"


async def test_help_names_a_command_as_it_is_typed_there(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.says("help end role")

    typed = {"slack": "/alliance end role", "telegram": "/endrole"}[world.platform]  # the world drops "_"
    assert heard.first == f"{typed} · End somebody's role for an organisation"
