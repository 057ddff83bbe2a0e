"""A table of who came, sent or pasted; whose an address is; and nobody matched by name without a tap."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.context import Context
from bot.handlers.attendance.likely import is_somebody_else
from storage.drafts import drafts
from storage.store import Store
from tests.assembly_stage import acting, in_house
from tests.ended_events_stage import WORKING_DAY, over
from tests.events_stage import answers, event_of, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.world import World

TABLE = """Name,Email,Minutes
Luc Maes,luc@mecatech.example,62
Maria Santos,maria@emc2.example,8
Zoe Unknown,zoe@elsewhere.example,30
Nobody Here,,5
"""
KEPT = "I keep the names that are open until you say, not the table."


async def has_address(world: World, who: Any, address: str) -> None:
    """Somebody put down an address of theirs before."""

    def add(ctx: Context) -> None:
        assert ctx.store.emails.add(acting(ctx, who).person.id, address, ctx.now)

    await in_house(world, add)


async def kept(world: World) -> str:
    """All that drafts keep, as text."""

    def look(store: Store) -> str:
        return " ".join(str(row[0]) for row in store.drafts._connection.execute(select(drafts.c.arguments)))

    return await world.storage.read(look)


async def attended(world: World, number: int, who: Any) -> tuple[str, str, int]:
    own = await rsvp_of(world, number, who)
    return (own.state, own.method, own.minutes) if own else ("", "", 0)


async def test_a_table_that_is_sent_puts_down_who_came(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc Maes", "mecatech")
    maria = await world.member("Maria dos Santos", "emc2")
    await has_address(world, luc, "luc@mecatech.example")
    number = await planned(world, by=ana, starts_at=WORKING_DAY)
    await answers(world, number, "going", luc, maria)
    await world.passes(days=(WORKING_DAY - world.clock.now()).days + 2)

    heard = await ana.sends_table("who.csv", TABLE)
    assert heard.lines == [
        "A table with 4 people. Did they come to Green hydrogen 101, Thu 10 Dec?",
        "Nobody is put down yet.",
    ]
    assert heard.buttons == ["Yes, put them down", "Not now"]
    heard = await ana.taps("Yes, put them down")
    assert heard.lines == [
        "✓ Green hydrogen 101, Thu 10 Dec. Known by address, and down as there: 1 of 4 people.",
        "By address: Luc Maes",
        "2 stayed under 10 minutes.",
        "3 people nobody here knows count without names.",
        "Is Maria Santos (maria@emc2.example) the same as Maria dos Santos (EMC2)?",
        KEPT,
    ]
    assert heard.buttons == ["Yes, that's them", "Somebody else", "Nobody we know"]
    assert await attended(world, number, luc) == ("attended", "imported", 62)
    assert await attended(world, number, maria) == ("going", "", 0), "not by name alone"
    assert (await event_of(world, number)).guests == 3
    assert "maria@emc2" in await kept(world)
    assert "elsewhere" not in await kept(world), "only what is to be asked"

    heard = await ana.taps("Yes, that's them")
    assert heard.lines == [
        "✓ Maria dos Santos is down as there.",
        "2 people nobody here knows count without names.",
        "That was the whole table; I don't keep it.",
    ]
    assert heard.buttons == ["Who came", "That's everybody"]
    assert "elsewhere" not in await kept(world)
    assert await attended(world, number, maria) == ("attended", "imported", 8)
    assert (await event_of(world, number)).guests == 2
    await world.settled()
    told = maria.reads()
    assert told.first == "Ana put maria@emc2.example down as yours, from who came to Green hydrogen 101."
    before = len(read_by(maria))

    await ana.sends_table("who.csv", TABLE)
    heard = await ana.taps("Yes, put them down")
    assert heard.lines[0].endswith("down as there: 2 of 4 people.")
    assert heard.lines[-1] == "That was the whole table; I don't keep it."
    assert (await event_of(world, number)).guests == 2, "the same table adds nobody"
    await world.settled()
    assert len(read_by(maria)) == before

    heard = await maria.taps("Not mine")
    assert heard.lines[:2] == [
        "maria@emc2.example isn't yours any more.",
        "I have no e-mail address of yours.",
    ]


async def test_somebody_else_is_meant_or_nobody_we_know(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await world.member("Maria dos Santos", "emc2")
    other, jon = await world.member("Maria Santos", "cimes"), await world.member("Jon Doe", "cimes")
    number = await over(world, by=ana, measured=False)
    pasted = "Maria Santos; m@example.org; 62\nJon Do; jd@example.org; 3\nJane Does; ; 4"
    heard = await ana.says(f"who import {number} {pasted}")
    assert (
        heard.lines[-2]
        == "Is Maria Santos (m@example.org) the same as Maria Santos (CIMES)? One more after this."
    )
    heard = await ana.taps("Somebody else")
    assert heard.lines == ["Who is Maria Santos? Tap, or tell me their name here."]
    assert heard.buttons == ["Maria dos Santos", "Cancel"]
    heard = await ana.says("maria santos")
    assert heard.first == "✓ Maria Santos is down as there."
    assert (await attended(world, number, other))[1:] == ("imported", 62)
    assert heard.lines[-2] == "Is Jon Do (jd@example.org) the same as Jon Doe (CIMES)?"
    heard = await ana.taps("Nobody we know")
    assert heard.lines == [
        "2 people nobody here knows count without names.",
        "That was the whole table; I don't keep it.",
    ]
    assert await attended(world, number, jon) == ("", "", 0)
    heard = await ana.says(f"who import {number} Maria Santos 60\nJane Does 4")
    assert (await event_of(world, number)).guests == 2


async def test_an_address_beside_a_name_that_is_clearly_not_theirs_is_asked_about(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc Maes", "mecatech")
    marie, jon = await world.member("Marie Petit", "cimes"), await world.member("Jon Doe", "cimes")
    await has_address(world, luc, "boss@cimes.example")  # by mistake, or not
    await has_address(world, luc, "desk@cimes.example")
    await has_address(world, jon, "jon@cimes.example")
    number = await over(world, by=ana, measured=False)
    table = (
        "Marie Petit; boss@cimes.example; 62\nJ. Doe; jon@cimes.example; 30\nFront Desk; desk@cimes.example"
    )
    heard = await ana.says(f"who import {number} {table}")
    assert heard.first.endswith("down as there: 1 of 3 people.")
    assert heard.lines[1] == "By address: Jon Doe"
    assert heard.lines[-2] == (
        "Is Marie Petit (boss@cimes.example) the same as Marie Petit (CIMES)? One more after this."
    )
    assert await attended(world, number, luc) == ("", "", 0)
    heard = await ana.taps("Yes, that's them")
    assert (await attended(world, number, marie))[0] == "attended"
    assert heard.lines[-2] == "Is Front Desk (desk@cimes.example) the same as Luc Maes (MecaTech)?"
    await ana.taps("Nobody we know")
    assert await attended(world, number, luc) == ("", "", 0)


@pytest.mark.parametrize(
    ("name", "owner", "else_"),
    [
        ("Marie Petit", "Luc Maes", True),
        ("Front Desk", "Luc Maes", True),
        ("maes, luc", "Luc Maes", False),
        ("L. Maes", "Luc Maes", False),
        ("lmaes", "Luc Maes", False),
        ("Luk Mees", "Luc Maes", False),
        ("Luc Van den Berg-Maes", "Luc", False),
        ("luc@mecatech.example", "Marie Petit", False),
        ("", "Marie Petit", False),
    ],
)
def test_whether_a_name_is_clearly_somebody_elses(name: str, owner: str, else_: bool) -> None:
    assert is_somebody_else(name, owner) is else_


async def test_a_table_is_asked_for_and_what_is_none_is_left_alone(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    heard = await ana.sends_table("who.csv", TABLE)
    assert heard.first.startswith("I see a file, but not what it belongs to."), "no event is over"
    number = await over(world, by=ana, measured=False)
    await world.settled()
    assert (await luc.sends_table("who.csv", TABLE)).first.startswith("I see a file"), "no event of his"
    heard = await ana.sends_table("notes.csv", "Dear all,\nthank you for coming.")
    assert heard.first.startswith("I see a file")

    heard = await ana.says(f"who import {number}")
    assert heard.lines == [
        "Paste the list here, or send the table as a file (CSV).",
        "A line each: name, e-mail, minutes",
    ]
    heard = await ana.sends_table("who.csv", "Name\nZoe Unknown\nYan Unknown")
    assert heard.lines[0].endswith("down as there: 0 of 2 people.")
    assert (await event_of(world, number)).guests == 2

    await ana.sends_table("who.csv", TABLE)
    await ana.taps("Not now")
    assert "elsewhere" not in await kept(world)
    await ana.types("/log workshop Welding day on 9 Dec 2026")
    heard = await ana.sends_table("who.csv", TABLE)
    assert heard.buttons == ["Yes, put them down", "It's evidence", "Not now"]
    heard = await ana.taps("It's evidence")
    assert heard.first.startswith("✓ Added to Welding day.")


async def test_own_addresses(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    heard = await ana.types("/email Ana@Example.org")
    assert heard.lines == [
        "✓ ana@example.org is yours from now on.",
        "Your addresses: ana@example.org.",
        "By them, a list of who came knows you. Only you see them here.",
    ]
    heard = await luc.types("/email ana@example.org")
    assert heard.lines == [
        "ana@example.org is put down for somebody already, so I didn't add it.",
        "Is it yours? Tell your coordinator.",
    ]
    heard = await luc.types("/email ana at example")
    assert heard.first.startswith('I don\'t read "ana at example" as an e-mail address.')
    assert (await ana.types("/email")).first == "Your addresses: ana@example.org."
    heard = await ana.types("/email remove ana@example.org")
    assert heard.first == "ana@example.org isn't yours any more."
    assert (await luc.types("/email ana@example.org")).first == "✓ ana@example.org is yours from now on."


async def test_an_address_that_is_somebody_elses_by_mistake_is_freed_by_the_coordinator(world: World) -> None:
    luc, marie = await world.member("Luc", "mecatech"), await world.member("Marie", "cimes")
    gina = await world.member("Gina", "clust-er-mech")
    await world.grants(gina, "coordinator", "")
    await has_address(world, luc, "marie@cimes.example")
    assert "marie@cimes.example" in (await marie.types("/email remove marie@cimes.example")).first
    assert (await marie.types("/email marie@cimes.example")).first.startswith("marie@cimes.example is")
    heard = await gina.types("/email remove marie@cimes.example")
    assert heard.lines == ["marie@cimes.example is nobody's any more. Whose it is can add it now."]
    assert "marie@cimes.example" in (await marie.types("/email marie@cimes.example")).first
    assert "marie@cimes.example" in (await marie.types("/email")).text


@pytest.mark.parametrize("world", ["telegram"], indirect=True)  # Slack shows an answer to one person there
async def test_addresses_stay_out_of_groups(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = world.group("Hall", ana, luc)
    await ana.types("/email ana@example.org")
    await ana.types("/email", hall)
    assert all("ana@example.org" not in ana.reads_on(post).text for post in ana.posts(hall))
