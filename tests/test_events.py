"""Events: announced after a look at what people will see, with co-hosts and invitations, and looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.events.organising import mode_of, place_and_link
from tests.assembly_stage import slack_world
from tests.events_stage import START, answers, event_of, events_hall, people, planned, rsvp_of
from tests.world import World

__all__ = ["slack_world"]  # a fixture

STREET = "Rue de la Loi 1, Brussels"
LINK = "https://meet.example.org/h2"
NEW = f"/event new webinar Green hydrogen 101 on 8 December 14:00 in {LINK} with MecaTech"
HERE = "Tue 8 Dec, 15:00 in Brussels (14:00 WET)"
INVITATION = [
    "Pool-Net invites you: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris (14:00 WET)",
    "webinar · 1 hour",
    "Link: for those who go",
    "Hosted by Pool-Net with MecaTech",
    "Do you come?",
    "You get this because the event is for you.",
]


@pytest.mark.parametrize(
    ("where", "room", "link", "mode"),
    [
        ("Rue de la Loi 1, Brussels", "Rue de la Loi 1, Brussels", "", "offer"),
        (LINK, "", LINK, "auto"),
        (f"{LINK}.", "", LINK, "auto"),
        (f"Hall 2 and {LINK}", "Hall 2", LINK, "auto"),
        (f"{LINK}, or Hall 2 at the fair", "or Hall 2 at the fair", LINK, "auto"),
        (f"Hall 2 ({LINK})", "Hall 2", LINK, "auto"),
    ],
)
def test_a_link_is_taken_out_of_the_place(where: str, room: str, link: str, mode: str) -> None:
    assert place_and_link(where) == (room, link)
    assert mode_of(room, link) == mode


async def test_it_is_shown_before_anybody_hears_of_it(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes", "member")
    await events_hall(await world.member("Zane", "green-tech", "member"))
    for one in (luc, marie):
        await one.types("/language en")

    heard = await ana.types(NEW)
    assert heard.lines == [
        "This is what people will see:",
        "Green hydrogen 101 · webinar",
        "Tue 8 Dec, 14:00 in Lisbon · 1 hour",
        f"Link, for those who go: {LINK}",
        "Hosted by Pool-Net with MecaTech",
        "Goes to 1 chat (Diary) and 3 people.",
        "Tue 8 Dec is a public holiday in Italy and Portugal.",
    ]
    assert heard.buttons == ["Tell everybody", "Only the cards", "Change it", "Cancel"]
    await world.settled()
    assert marie.reads().first.startswith("✓ Noted: English"), "nothing is out yet"

    heard = await ana.taps("Tell everybody")
    assert heard.lines == [
        "✓ Green hydrogen 101 is announced: event 1, Tue 8 Dec, 14:00 in Lisbon.",
        "Its card stands in 1 chat.",
        "3 people are invited, each in their working hours.",
    ]
    assert heard.buttons == ["To my calendar", "Open it", "Change", "Cancel it"]
    await world.settled()
    heard = marie.reads()
    assert heard.lines == INVITATION
    assert heard.buttons == ["Going", "Maybe", "Can't", "Open it", "Later", "Stop these"]
    heard = luc.reads()
    assert heard.lines == [
        f"Pool-Net put MecaTech down as co-host: Green hydrogen 101, {HERE}",
        "webinar · 1 hour",
        "Nothing to do if that's right. Do you come?",
        "You get this because you organise events for your organisation.",
    ]
    assert heard.buttons == ["Going", "Maybe", "Can't", "Not us", "Later", "Stop these"]

    heard = await luc.taps("Not us")
    assert heard.first == ("Noted: MecaTech doesn't host Green hydrogen 101. Whoever announced it is told.")
    await world.settled()
    assert ana.reads().lines == [
        "MecaTech doesn't host Green hydrogen 101, so it isn't named any more.",
        "Luc said so for MecaTech.",
        "You get this because you announced this event.",
    ]
    assert (await event_of(world, 1)).hosts == ("pool-net",)


async def test_parts_are_asked_for_and_can_be_changed_before_it_goes_out(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await events_hall(ana)
    await events_hall(ana, name="Lab")
    await planned(
        world, title="A fair of pumps", starts_at=datetime(2026, 12, 10, 8, tzinfo=UTC), minutes=480
    )

    heard = await ana.types("/event new")
    if world.platform == "slack":
        at = int(datetime(2026, 12, 10, 9, 30, tzinfo=UTC).timestamp())
        given = {
            "kind": "workshop",
            "title": "LCA clinic",
            "where": STREET,
            "zone": "Riga",
        }
        heard = await ana.gives(**given, starts=at, repeats="monthly", times="3")
        rhythm, when = " · every month, 3 times", "Thu 10 Dec, 07:30 in Lisbon (09:30 EET)"
    else:
        assert heard.first == "What kind of event is it?"
        assert heard.buttons[:3] == ["webinar", "workshop", "fair"]
        await ana.taps("workshop")
        heard = await ana.gives(title="LCA clinic", starts="10 December 9:30", where=STREET)
        rhythm, when = "", "Thu 10 Dec, 09:30 in Lisbon"
    assert heard.lines[1:6] == [
        "LCA clinic · workshop",
        f"{when} · 3 hours{rhythm}",
        f"Where: {STREET}",
        "Hosted by Pool-Net",
        "Goes to 2 chats (Diary and Lab).",
    ]
    assert heard.lines[-1] == "At the same time: A fair of pumps, Thu 10 Dec, 08:00"
    assert heard.buttons == ["Tell everybody", "Which chats", "Change it", "Cancel"]

    heard = await ana.taps("Which chats")
    assert heard.buttons == ["✓ Diary", "✓ Lab", "Done", "Cancel"]
    heard = await ana.taps("✓ Lab")
    assert heard.buttons == ["✓ Diary", "Lab", "Done", "Cancel"]
    heard = await ana.taps("Done")
    assert "Goes to 1 chat (Diary)." in heard.lines
    if world.platform == "slack":
        await ana.taps("Change it")
        heard = await ana.gives(title="LCA clinics", seats="20")
        assert heard.lines[1] == "LCA clinics · workshop"
        assert heard.lines[5:7] == ["20 seats.", "Goes to 1 chat (Diary)."]
    await ana.taps("Tell everybody")
    assert (await event_of(world, 2)).title.startswith("LCA clinic")


async def test_a_part_is_added_from_the_preview(world: World) -> None:
    ana = await world.member("Ana", "pool-net")

    heard = await ana.types("/event new workshop LCA clinic on 10 December 9:30 in Rue de la Loi 1, Brussels")
    assert heard.lines[-1] == "Goes to 0 people. No chat is for events yet, so no card stands anywhere."
    if world.platform == "slack":
        return  # there the whole form is filled in again
    heard = await ana.taps("Change it")
    assert heard.first == "What changes about LCA clinic? Nothing is out yet."
    assert heard.buttons[:4] == ["Kind", "Title", "Day and time", "Where"]
    heard = await ana.taps("Seats")
    assert heard.first == "How many seats are there?"
    heard = await ana.says("20")
    assert "20 seats." in heard.lines
    await ana.taps("Change it")
    heard = await ana.taps("Repeats")
    assert heard.buttons[:3] == ["Weekly", "Every two weeks", "Monthly"]
    heard = await ana.taps("Weekly")
    assert heard.first == "How many times in all?"
    heard = await ana.says("6")
    assert heard.lines[2] == "Thu 10 Dec, 09:30 in Lisbon · 3 hours · every week, 6 times"
    heard = await ana.taps("Tell everybody")
    assert heard.lines[-1] == "There is nobody else here to invite yet."
    event = await event_of(world, 1)
    assert (event.capacity, event.repeats, event.times, event.mode) == (20, "weekly", 6, "offer")


async def test_who_may_not_and_what_is_past(slack_world: World) -> None:
    ana = await slack_world.member("Ana", "pool-net")
    heard = await ana.types("/event new webinar Green hydrogen 101 on 2026-11-24 08:00 in Lisbon")
    assert heard.first == "Tue 24 Nov, 08:00 is behind us. On which day, and at what time, is it?"
    heard = await ana.types("/event 12")
    assert heard.lines == ["There is no event 12. The list has those that are."]
    assert heard.buttons == ["Events"]
    heard = await ana.types("/event new general-assembly Ours on 10 December 9:30 in Lisbon")
    assert heard.first.startswith("Your role here doesn't include keeping the Assembly's records")


async def test_the_list_and_one_event_say_what_one_answered(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    luc = await world.member("Luc", "mecatech")
    heard = await ana.types("/events")
    assert heard.lines == ["Events · 0", "No event is coming.", "One tap announces one."]
    assert heard.buttons == ["Announce one", "Past events"]

    number = await planned(world, by=ana, link=LINK, capacity=20, about="What it takes, and who has it.")
    await planned(world, title="Coordination", audience="coordination", starts_at=START + timedelta(days=1))
    await planned(world, title="Long ago", starts_at=world.clock.now() - timedelta(days=2))
    [others] = [await people(world, 3)]
    await answers(world, number, "going", luc, *others)

    heard = await luc.types("/events")
    assert heard.lines == [
        "Events · 1",
        "1 · Green hydrogen 101 · webinar · Tue 8 Dec, 15:00 in Brussels · ✓ you're going",
    ]
    assert heard.buttons == ["Open 1", "Past events"]
    heard = await luc.taps("Open 1")
    assert heard.lines == [
        "Green hydrogen 101 · webinar",
        f"{HERE.partition(' (')[0]} · 1 hour",
        f"Link, for those who go: {LINK}",
        "Hosted by Pool-Net",
        "What it takes, and who has it.",
        "4 going",
        "Going: Luc (MecaTech), Person 1 (CIMES), Person 2 (MecaTech) and Person 3 (Pool-Net)",
        "16 of 20 seats are free.",
        "You're going.",
    ]
    assert heard.buttons == ["To my calendar", "Can't make it"]
    heard = await luc.types("/events past")
    assert heard.lines == ["Past events · 1", "3 · Long ago · webinar · Sun 22 Nov"]

    heard = await ana.types(f"/event {number}")
    assert heard.buttons == ["Going", "Maybe", "Can't", "Change", "Move it", "Cancel it"]
    marie = await world.member("Marie", "cimes")
    heard = await marie.types(f"/event {number}")
    assert heard.lines[2] == "Link: for those who go"
    assert LINK not in heard.text
    hall = world.group("Hall", marie, luc)
    heard = await luc.says("event 1", hall, mention=True)
    assert ("You're going." in heard.lines) == (world.platform == "slack"), (
        "before a group it says nothing of it"
    )


async def test_announcing_a_general_assembly_calls_it(world: World) -> None:
    giulia = await world.member("Giulia", "clust-er-mech")
    await world.grants(giulia, "coordinator", "")
    ana = await world.member("Ana", "pool-net")
    ola = await world.member("Ola", "evoluma", "member")

    new = "/event new general-assembly Assembly of winter on 10 December 14:00 in Hotel Central, Brussels"
    heard = await giulia.types(f"{new} audience members")
    assert "This calls the General Assembly: who votes gets its agenda, too." in heard.lines
    assert heard.lines[-3].startswith("Hosted by")
    heard = await giulia.taps("Tell everybody")
    assert heard.lines[-1] == "1 person is invited, in working hours."
    await world.settled()
    assert ana.reads().first == "General Assembly: Thu 10 Dec, 13:00 in Lisbon (14:00 in Brussels)"
    assert ola.reads().first.endswith("invites you: Assembly of winter, Thu 10 Dec, 14:00 in Warsaw")
    event = await event_of(world, 1)
    assert event.meeting == 1
    await answers(world, 1, "going", ana, ola)

    heard = await giulia.types("/event move 1 to 11 December 14:00")
    assert heard.first == "Move the General Assembly to Fri 11 Dec, 14:00 in Rome?"
    await giulia.taps("Move it")
    await world.settled()
    assert ana.reads().first.startswith("The General Assembly is moved: Fri 11 Dec, 13:00 in Lisbon")
    assert ola.reads().first == "Assembly of winter is moved: Fri 11 Dec, 14:00 in Warsaw"
    assert (await event_of(world, 1)).starts_at == datetime(2026, 12, 11, 13, tzinfo=UTC)

    await giulia.types("/event cancel 1")
    await giulia.taps("Yes, cancel it")
    await world.settled()
    assert ana.reads().first.startswith("The General Assembly of Fri 11 Dec")
    assert ola.reads().first == "Assembly of winter, Fri 11 Dec, 14:00 in Warsaw, is cancelled."
    assert (await event_of(world, 1)).state == "cancelled"


async def test_a_called_assembly_stands_among_the_events(slack_world: World) -> None:
    giulia = await slack_world.member("Giulia", "clust-er-mech")
    await slack_world.grants(giulia, "coordinator", "")
    ana = await slack_world.member("Ana", "pool-net")
    await giulia.types("/call assembly on 10 December 14:00 in Hotel Central, Brussels")
    await giulia.taps("Call it")
    heard = await ana.types("/events")
    assert heard.lines[1] == "1 · General Assembly · Thu 10 Dec, 13:00 in Lisbon"
    await ana.types("/event 1")
    await ana.taps("Going")
    found = await rsvp_of(slack_world, 1, ana)
    assert found is not None
    assert found.state == "going"


async def test_a_day_without_a_time_is_kept_and_online_is_a_place(world: World) -> None:
    ana = await world.member("Ana", "pool-net", "representative")
    heard = await ana.types("/event new webinar CBAM for SMEs 3 dec 2pm online")
    assert [line for line in heard.lines if line.startswith("Where:")] == ["Where: online"]
    heard = await ana.types("/event new webinar CBAM basics 3 dec")
    assert heard.first == "Thu 3 Dec, at what time?"
