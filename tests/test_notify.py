"""What somebody is sent: looked at in one message, changed by a tap or a word, and what it cost them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage.store import Store
from tests.announce_stage import coordinator, written
from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.notify_stage import SEATS, it_is, seats, wants_to_know
from tests.world import World

__all__ = ["calm", "seats"]  # fixtures

THEMES = ["Votes", "Events", "Activities", "Indicators", "Newsletter", "Announcements", "Membership"]
HOURS = "I write between 08:30 and 18:00 in Brussels, Monday to Friday, not on holidays."
SOONER = "What ends sooner comes earlier, or stands in /todo."
BUDGET = "At most 1 a day and 3 a week; the rest comes in one digest."


async def test_all_of_it_in_one_message(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    heard = await luc.types("/notify")
    assert heard.lines == [
        "What I send you", "Everything: at once.", HOURS, BUDGET, "This month: no messages from me yet.",
    ]  # fmt: skip
    assert heard.buttons == [*THEMES, "Quiet August", "I'll be away"]

    await wants_to_know(calm, luc)
    await luc.taps("Later")
    await luc.taps("Tomorrow")
    await it_is(calm, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    await luc.taps("Stop these")
    heard = luc.reads()
    assert heard.lines == [
        "I won't send you Seats any more. Everything else stays.",
        "What you owe still stands in /todo.",
    ]
    assert heard.buttons == ["Get them again", "What I send you"]
    heard = await luc.taps("What I send you")
    assert heard.lines == [
        "What I send you",
        "Everything: at once.",
        HOURS,
        "Stopped: Seats.",
        BUDGET,
        "This month: 1 message from me, 1 more because you asked or said yes.",
    ]
    calm.clock.at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # December where Luc is
    await luc.types("/away until friday")
    await luc.types("/notify quiet august")
    assert (await luc.types("/notifications")).lines == [
        "What I send you",
        "Everything: at once.",
        HOURS,
        "In August I only write about events.",
        "You're away until Fri 4 Dec.",
        "Stopped: Seats.",
        BUDGET,
        "This month: no messages from me yet.",
    ]
    assert luc.reads().buttons == [*THEMES, "August as usual", "I'm back"]


async def test_a_theme_is_changed_by_taps_and_by_words(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await luc.types("/notify")
    heard = await luc.taps("Membership")
    assert heard.first == "Membership (people, terms, the charter, the ECCP profile): at once."
    assert heard.buttons == ["Daily digest", "Weekly digest", "Switch off", "One by one", "All I send you"]
    heard = await luc.taps("Switch off")
    assert heard.lines[:3] == [
        "Membership (people, terms, the charter, the ECCP profile): off.",
        "What you said yes to still comes, and what concerns your account.",
        "What you owe still stands in /todo.",
    ]
    heard = await luc.taps("All I send you")
    assert heard.lines[1] == "Membership: off · everything else: at once."

    heard = await luc.types("/notify votes weekly")
    assert heard.first.endswith(": weekly digest.")
    assert heard.lines[1] == SOONER
    assert (await luc.types("/notify event daily digest")).first.endswith("changes): daily digest.")
    assert (await luc.types("/notify announcements never")).first.endswith("everybody): off.")
    line = "Votes: weekly digest · Events: daily digest · Announcements: off · Membership: off"
    assert (await luc.types("/notify")).lines[1] == f"{line} · everything else: at once."
    heard = await luc.types("/notify daily")
    assert (heard.first, heard.buttons[:3]) == ("About what?", ["Everything", "Votes", "Events"])
    heard = await luc.taps("Everything")
    assert heard.lines[1:3] == ["Everything: daily digest.", SOONER]
    heard = await luc.types("/notify votes banana")
    assert heard.first == 'I don\'t know "banana". Which one do you mean?'


async def test_kinds_are_stopped_one_by_one(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await luc.types("/notify events")
    heard = await luc.taps("One by one")
    number = next(line.split()[0] for line in heard.lines if line.endswith(" Seats"))
    heard = await luc.taps(f"Stop {number}")
    assert f"{number} Seats (stopped)" in heard.lines
    await luc.taps("Back")
    assert luc.reads().lines[-1] == "Stopped: Seats."
    await luc.taps("One by one")
    assert f"{number} Seats" in (await luc.taps(f"Get {number}")).lines
    await wants_to_know(world, luc)
    assert SEATS in luc.reads().text


async def test_what_waited_comes_when_it_is_wanted_at_once_again(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await luc.types("/notify events weekly")
    await wants_to_know(calm, luc)
    assert SEATS not in read_by(luc)
    await luc.types("/notify events at once")
    await calm.settled()
    assert read_by(luc)[-1] == SEATS


async def test_where_it_comes(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    here = world.platform.capitalize()
    other = "telegram" if world.platform == "slack" else "slack"
    there = other.capitalize()
    heard = await luc.types(f"/notify votes {other}")
    assert heard.lines == [
        f"You aren't linked on {there} yet, so I can't write to you there. Nothing has changed."
    ]
    assert heard.buttons == ["Link another", "What I send you"]

    def links(store: Store) -> None:
        person = store.accounts.identify(luc.account).person
        assert person is not None
        second = replace(luc.account, platform=other, user="77")
        store.accounts.attach(store.accounts.remember(second, world.clock.now()), person.id)

    await world.storage.write(links)
    heard = await luc.types("/notify")
    assert heard.lines[2] == f"I write to you on {here}."
    assert f"Write on {there}" in heard.buttons
    heard = await luc.types(f"/notify votes {other}")
    assert heard.lines[1] == f"They come on {there}."
    assert [label for label in heard.buttons if label.startswith(("On ", "Where"))] == [
        f"On {here}",
        "Where I prefer",
    ]
    line = f"Votes: at once ({there}) · everything else: at once."
    assert (await luc.types("/notify")).lines[1] == line
    await luc.types("/notify votes")
    heard = await luc.taps("Where I prefer")
    assert f"On {there}" in heard.buttons
    await luc.types("/notify")
    heard = await luc.taps(f"Write on {there}")
    assert heard.lines[2] == f"I write to you on {there}."


async def test_an_announcement_says_what_it_costs(calm: World) -> None:
    vera = await coordinator(calm)
    people = [await calm.member(name, "cimes") for name in ("Ana", "Ben", "Eva", "Luc", "Ola")]
    ana, ben, eva, _, ola = people
    await ana.types("/notify announcements daily")
    await ben.types("/notify announcements off")
    await eva.types("/away until friday deputy nobody")
    await wants_to_know(calm, ola)  # which takes her room of today

    heard = await written(vera, "Call for partners")
    assert heard.lines[-2:] == [
        "Nobody is here yet from Clust-ER MECH, EMC2, EVOLUMA and 3 more.",
        "≈ 2 interruptions: 2 read it at once, 3 in their next digest.",
    ]
    for somebody in (people[3], ola):
        await somebody.types("/notify announcements daily")
    heard = await written(vera, "Call for partners", to="CIMES")
    assert heard.lines[-1] == "It interrupts nobody: 4 in their next digest."


async def test_at_the_weekend_an_announcement_waits_for_those_who_are_off(calm: World) -> None:
    vera = await coordinator(calm)
    await calm.member("Ana", "cimes")
    calm.clock.at = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    heard = await written(vera, "Call for partners")
    assert heard.lines[-1] == "≈ 2 interruptions: 2 when back at work."


async def test_the_profile_leads_there(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    assert "What I send you" in (await luc.types("/profile")).buttons
