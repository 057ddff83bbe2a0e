"""Coming in by invitation: ready messages, codes, "Is that you?" (spec/engagement.md section 6)."""

from __future__ import annotations

import asyncio
import re

from tests.world import Heard, World

CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){6}")
UNKNOWN_CODE = [
    "I don't know that code. It may be mistyped, used or past its 30 days; I can't tell which.",
    "Nothing is lost: the people who invited you can make a new one.",
]
ALLIANCE = "European Cluster Alliance for Green Manufacturing"


def code_in(heard: Heard) -> str:
    found = CODE.search(heard.text)
    assert found, heard.text
    return found[0]


async def test_an_invitation_is_a_ready_message_without_any_slash_command(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/invite")

    assert heard.first == "For Pool-Net, Representative: good for one person, until Thu 24 Dec. Forward this:"
    ready = heard.text.split("Forward this:")[1]
    assert "You're invited to the European Cluster Alliance for Green Manufacturing" in ready
    assert not re.search(r"(?<![\w/:])/\w", ready)
    assert heard.buttons == ["All invitations", "Call it back"]


async def test_a_code_in_a_direct_message_lets_its_holder_in_and_their_colleagues_hear_it(
    world: World,
) -> None:
    ana = await world.member("Ana", "pool-net")
    giulia = await world.member("Giulia", "", "coordinator")
    rita = world.stranger("Rita")
    code = code_in(await ana.types("/invite Pool-Net member"))

    heard = await rita.says(code.lower().replace("-", " "))
    assert heard.lines == [
        f"This invitation is for Pool-Net (Colleague), in the {ALLIANCE}.",
        "Is that you? Pool-Net's people and the coordinator will hear that you came in.",
    ]
    assert heard.buttons == ["Yes, that's me", "Someone else", "I'm in already"]

    heard = await rita.taps("Yes, that's me")
    assert heard.first == "Welcome, Rita! You're in for Pool-Net (Colleague)."
    assert heard.lines[-1] == "Did Pool-Net do something lately that others joined?"
    assert heard.buttons == ["Log it", "Later", "Language and time", "Privacy notice"]

    await world.settled()
    platform = world.platform.capitalize()
    for told in (ana, giulia):
        assert told.reads().first == f"Rita ({platform}) came in for Pool-Net (Colleague)."
    assert (await rita.types("/profile")).lines[:2] == ["Rita", "Pool-Net · Colleague"]


async def test_a_code_for_someone_else_stays_good(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    code = code_in(await ana.types("/invite"))
    rita, otto = world.stranger("Rita"), world.stranger("Otto")

    await otto.says(code)
    heard = await otto.taps("Someone else")
    assert heard.lines == [
        "Then please pass it on to the right person at Pool-Net; it's good until Thu 24 Dec.",
        "Nothing was saved about you. And you?",
    ]

    await rita.says(code)
    heard = await rita.taps("Yes, that's me")
    assert heard.first == "Welcome, Rita! You're in for Pool-Net (Representative)."


async def test_mistyped_used_expired_and_called_back_codes_get_one_and_the_same_answer(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita, otto = world.stranger("Rita"), world.stranger("Otto")
    used, expired = code_in(await ana.types("/invite")), code_in(await ana.types("/invite"))
    called_back = code_in(await ana.types("/invite"))
    await ana.taps("Call it back")
    await rita.says(used)
    await rita.taps("Yes, that's me")

    answers = [await otto.says(code) for code in (called_back, used, "A" * 28)]
    world.clock.pass_(days=30)
    answers.append(await otto.says(expired))

    assert [heard.lines for heard in answers] == [UNKNOWN_CODE] * 4
    assert answers[0].buttons == ["Ask for a new one", "Try another code"]


async def test_two_taps_at_once_let_one_person_in(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita, otto = world.stranger("Rita"), world.stranger("Otto")
    code = code_in(await ana.types("/invite"))
    await rita.says(code)
    await otto.says(code)

    heard = await asyncio.gather(rita.taps("Yes, that's me"), otto.taps("Yes, that's me"))

    assert sorted(one.first.split(",")[0] for one in heard) in (
        ["I don't know that code. It may be mistyped", "Welcome"],
    )
    assert len((await ana.types("/people")).lines) == 3  # Pool-Net, Ana, and one of the two


async def test_on_telegram_the_ready_message_has_a_link_that_opens_the_door(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), world.stranger("Rita")

    ready = await ana.types("/invite")
    link = re.search(r"https://\S+\?start=([A-Z2-7]{28})", ready.text)

    assert bool(link) == (world.platform == "telegram")
    heard = await (rita.starts(link[1]) if link else rita.says(code_in(ready)))
    assert heard.buttons == ["Yes, that's me", "Someone else", "I'm in already"]


async def test_ones_own_used_code_says_that_one_is_in(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    rita = world.stranger("Rita")
    code = code_in(await ana.types("/invite"))
    await rita.says(code)
    await rita.taps("Yes, that's me")

    heard = await rita.says(code)

    assert heard.lines == ["You're already in, for Pool-Net. That code has done its work."]


async def test_after_five_wrong_codes_an_account_rests_for_ten_minutes(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    otto = world.stranger("Otto")
    right = code_in(await ana.types("/invite"))

    for letter in "ABCDE":
        assert (await otto.says(letter * 28)).lines == UNKNOWN_CODE
    resting = await otto.says(right)
    assert resting.first == "That was the fifth code I don't know. Let's rest for 10 minutes, then try again."

    world.clock.pass_(minutes=10, seconds=1)
    assert (await otto.says(right)).buttons == ["Yes, that's me", "Someone else", "I'm in already"]


async def test_a_second_code_gives_the_same_person_a_second_role(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    marie = await world.member("Marie", "cimes")

    await ana.says(code_in(await marie.types("/invite CIMES member")))
    heard = await ana.taps("Yes, that's me")

    assert heard.first == "You're now in for CIMES too (Colleague). It's in your profile."
    assert (await ana.types("/profile")).lines[:3] == [
        "Ana",
        "Pool-Net · Representative",
        "CIMES · Colleague",
    ]


async def test_colleagues_cannot_let_people_in_elsewhere(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/invite CIMES")

    assert (
        heard.first
        == "You don't act for CIMES here, so I left it. Its own people or the coordinator can do it."
    )


async def test_a_colleague_without_the_right_to_invite_is_told_kindly(world: World) -> None:
    zoe = await world.member("Zoe", "cimes", "member")

    assert (await zoe.types("/invite")).lines == [
        "Your role here doesn't include inviting people, so I left it. "
        "Your coordinator can change that; nothing has changed."
    ]


async def test_invite_all_writes_one_message_for_each_organisation_that_has_nobody(world: World) -> None:
    giulia = await world.member("Giulia", "clust-er-mech")
    await world.member("Ana", "pool-net")
    chair = await world.member("Ola", "", "coordinator")

    heard = await chair.types("/invite all")
    assert heard.first == "5 new invitations, each good for one person. Forward each to its own:"
    assert len(set(CODE.findall(heard.text))) == 5
    assert heard.lines[-1] == "Already in: Clust-ER MECH and Pool-Net."

    heard = await chair.types("/invite all")
    assert heard.first == "No new invitation is needed: everybody is in, or invited."
    assert "EMC2: invited, not used yet, good until Thu 24 Dec." in heard.lines
    assert (await giulia.types("/invite all")).lines == [
        "Your role here doesn't include inviting every organisation, so I left it. "
        "Your coordinator can change that; nothing has changed."
    ]


async def test_only_who_may_end_a_role_gets_the_tap_for_it(world: World) -> None:
    marie, zoe = await world.member("Marie", "cimes"), await world.member("Zoe", "cimes", "member")
    rita = world.stranger("Rita")
    platform = world.platform.capitalize()

    await rita.says(code_in(await marie.types("/invite CIMES member")))
    await rita.taps("Yes, that's me")

    await world.settled()
    for told, buttons in ((marie, ["End this role"]), (zoe, [])):
        heard = told.reads()
        assert heard.first == f"Rita ({platform}) came in for CIMES (Colleague)."
        assert heard.buttons == [*buttons, "Later", "Stop these"]


async def test_a_role_that_nobody_knows_is_asked_among_those_one_may_give(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/invite Pool-Net king")
    assert heard.lines == ['I don\'t know a role called "king". Which one fits? No invitation is made yet.']
    assert heard.buttons == ["Representative", "Alternate", "Cluster manager", "Colleague", "Cancel"]

    heard = await ana.taps("Alternate")
    assert heard.first == "For Pool-Net, Alternate: good for one person, until Thu 24 Dec. Forward this:"


async def test_the_people_of_others_are_not_shown(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/people CIMES")

    assert heard.lines == ["Who acts for CIMES is shown to CIMES and the coordinator."]
    assert heard.buttons == ["My organisation"]
