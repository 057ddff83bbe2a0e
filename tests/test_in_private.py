"""Codes and what is known about people are not for a whole group (spec/engagement.md section 6)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.commands import REGISTRY
from tests.world import World, plain

CODE = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("/invite", "For Pool-Net, Representative: good for one person, until Thu 24 Dec. Forward this:"),
        ("/invitations", "No invitation is open right now."),
        ("/revoke", "No invitation is open right now."),
        ("/link", "Your code:"),
        ("/unlink", "This is your only account here, so there is nothing to take off."),
        ("/profile", "Ana"),
        ("/people", "Pool-Net"),
        ("/end role", "You're the only one here for Pool-Net"),
        ("/leave", "Leaving ends your role for Pool-Net"),
    ],
)
async def test_what_only_one_person_may_read_is_said_to_them_alone(
    world: World, line: str, first: str
) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = world.group("hall", ana, luc)

    await said_to_her_alone(world, ana, luc, hall, line, first)


async def test_a_code_that_nobody_reads_is_not_made(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    hall = world.group("hall", ana)

    await ana.types("/invite", hall)

    made = {"slack": "One invitation is still open:", "telegram": "No invitation is open right now."}
    assert (await ana.types("/invitations")).first == made[world.platform]


async def test_the_coordinators_codes_too(world: World) -> None:
    ola, luc = await world.member("Ola", "", "coordinator"), await world.member("Luc", "mecatech")
    hall = world.group("hall", ola, luc)

    await said_to_her_alone(
        world, ola, luc, hall, "/invite all", "6 new invitations, each good for one person."
    )


async def test_an_invitation_code_is_taken_in_private(world: World) -> None:
    ana, rita = await world.member("Ana", "pool-net"), world.stranger("Rita")
    hall = world.group("hall", ana, rita)
    ready = (await ana.types("/invite")).text
    found = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){6}", ready)
    assert found

    await said_to_her_alone(world, rita, ana, hall, f"/join {found[0]}", "This invitation is for Pool-Net")


async def said_to_her_alone(world: World, her: Any, other: Any, hall: Any, line: str, first: str) -> None:
    """On Telegram by a link into the direct chat, where the command goes on by itself; on Slack at once, for
    her eyes only. Nobody else sees a word of it, and nothing is made that nobody reads."""
    heard = await her.types(line, hall)
    if world.platform == "telegram":
        asked = REGISTRY.find(line)[0]
        assert asked is not None
        assert heard.lines == [
            f"Let's go on with {asked.name} in our own chat, where nobody else reads along."
        ]
        assert heard.buttons == ["Go on in private", "Cancel"]
        link = (await her.user.taps(heard.raw, "Go on in private")).opened
        text = plain((await her.user.opens(link)).text)
    else:
        text = heard.text
    assert text.startswith(first)
    seen = [plain(getattr(one, "words", "") or one.text) for one in other.user.sees(hall)]
    assert not [one for one in seen if first in one or (CODE.search(one) and one != line)]


async def test_who_may_not_is_told_so_where_they_asked(world: World) -> None:
    zoe = await world.member("Zoe", "cimes", "member")
    hall = world.group("hall", zoe)

    assert (await zoe.types("/invite", hall)).lines == [
        "Your role here doesn't include inviting people, so I left it. "
        "Your coordinator can change that; nothing has changed."
    ]
