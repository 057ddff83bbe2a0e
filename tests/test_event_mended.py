"""What people see of events, mended: links that are nobody else's business, events that are for some only,
words in reply to what we sent (engagement.md section 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.events.feeds import public_calendar
from bot.events.organising import place_and_link
from tests.assembly_stage import slack_world
from tests.ended_events_stage import over
from tests.events_stage import START, answers, card_of, event_of, events_hall, it_is, planned, rsvp_of
from tests.lanes_stage import read_by
from tests.places_stage import place_of
from tests.world import World

__all__ = ["slack_world"]  # a fixture

LINK = "https://meet.example.org/h2"
TITLE = "Green hydrogen 101"
NO_EVENT = "There is no event {}. The list has those that are."


async def state_of(world: World, number: int, who: Any) -> str:
    """What stands for somebody."""
    found = await rsvp_of(world, number, who)
    return found.state if found else ""


def on_the_web(world: World) -> None:
    """The alliance has an address on the web, so a public calendar."""
    world.dispatch._around = replace(world.dispatch._around, public_url="https://alliance.example")


# ---- the link ----


@pytest.mark.parametrize(
    ("where", "room", "link"),
    [
        ("Https://Meet.example.org/H2", "", "https://Meet.example.org/H2"),
        ("meet.example.org/h2", "", LINK),
        ("Hall 2, www.example.org", "Hall 2", "https://www.example.org"),
        (f"Hall 2, {LINK} (code 123 456)", "Hall 2", f"{LINK} (code 123 456)"),
        (f"{LINK} passcode 12, second floor", "second floor", f"{LINK} passcode 12"),
        (f"Hall 2 ({LINK}, PIN 12)", "Hall 2", f"{LINK} PIN 12"),
        (f"{LINK}, Meeting ID: 12 34, Passcode: x,y", "", f"{LINK} Meeting ID: 12 34, Passcode: x,y"),
        (f"{LINK} – Zugangscode 12", "", f"{LINK} Zugangscode 12"),
        (f"{LINK} mot de passe : abc", "", f"{LINK} mot de passe : abc"),
        (f"{LINK} hasło abc", "", f"{LINK} hasło abc"),
        (f"{LINK}; palavra-passe abc", "", f"{LINK} palavra-passe abc"),
        (f"{LINK} parole abc; Rīga", "Rīga", f"{LINK} parole abc"),
        (f"{LINK} contraseña abc", "", f"{LINK} contraseña abc"),
        (f"{LINK} parolă abc", "", f"{LINK} parolă abc"),
        (f"{LINK} codice 7", "", f"{LINK} codice 7"),
        (f"{LINK}, Coding room", "Coding room", LINK),
        (f"Pin hall, {LINK}", "Pin hall", LINK),
        ("Rue de la Loi 1/2, St. Anne", "Rue de la Loi 1/2, St. Anne", ""),
    ],
)
def test_a_link_and_its_code_are_taken_out_of_the_place(where: str, room: str, link: str) -> None:
    assert place_and_link(where) == (room, link)


async def test_two_links_are_asked_about_and_none_of_them_is_public(slack_world: World) -> None:
    ana = await slack_world.member("Ana", "pool-net")
    heard = await ana.types(
        f"/event new webinar {TITLE} on 8 December 14:00 in {LINK} or https://other.example/2"
    )
    assert heard.lines[:2] == [
        "I keep one link to the meeting, so that only those who go see it, and I read two.",
        "Which one is it?",
    ]
    heard = await ana.says(f"{LINK} (code 123 456)")
    assert heard.first.startswith("This is what people will see")
    assert "123 456" in heard.text, "whoever announces it reads it back"


async def test_the_code_is_for_those_who_go_and_a_calendar_opens_the_address(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    jan = await world.member("Jan", "evoluma")
    hall = await events_hall(ana, luc)
    await planned(world, by=ana, audience="public", link=f"{LINK} (code 123 456)")
    assert "123 456" not in "\n".join(card_of(luc, hall).lines) + (await jan.types("/event 1")).text
    heard = await luc.types("/rsvp 1 yes")
    assert f"Link: {LINK} (code 123 456)" in heard.lines
    await luc.taps("To my calendar")
    file = luc.files()[-1].text.replace("\r\n ", "").splitlines()
    assert f"URL:{LINK}" in file
    assert f"DESCRIPTION:{LINK} (code 123 456)" in file
    public = await world.storage.read(lambda store: public_calendar(store, world.clock.now()))
    assert "123 456" not in str(public)

    heard = await ana.types(f"/event change 1 link {LINK} code 77")
    assert (await event_of(world, 1)).link == f"{LINK} code 77"
    heard = await ana.types("/event change 1 link Hall 2 or so")
    assert (await event_of(world, 1)).link == f"{LINK} code 77", heard.text


async def test_a_move_to_another_link_says_so(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    marie = await world.member("Marie", "cimes")
    await planned(world, by=ana, link=LINK)
    await answers(world, 1, "going", luc)
    await answers(world, 1, "maybe", marie)
    heard = await ana.types("/event move 1 in https://new.example.org/x")
    assert "New link: https://new.example.org/x" in heard.lines
    assert not [line for line in heard.lines if line.startswith("Until now")]
    await ana.taps("Move it")
    await world.settled()
    assert "New link: https://new.example.org/x" in luc.reads().lines
    assert "The link is a new one, for those who go." in marie.reads().lines
    assert "new.example.org" not in "\n".join(read_by(marie))


# ---- who is to know of it ----


async def test_a_stranger_reads_no_title_of_what_is_for_some(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    for audience in ("hosts", "coordination", "voters"):
        await planned(world, by=ana, title="Firing of Mr Smith", audience=audience)
    await planned(world, by=ana, title="Open day", audience="public")
    stan = world.stranger("Stan")
    for number in (1, 2, 3):
        assert "Smith" not in (await stan.types(f"/rsvp {number} yes")).text
    assert "What you asked for waits here: Open day." in (await stan.types("/rsvp 4 yes")).lines


async def test_what_is_for_few_is_read_listed_and_answered_by_them_alone(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    joe = await world.member("Joe", "pool-net", "member")
    hall = await events_hall(ana, luc)
    await planned(world, by=ana, title="Board prep", audience="hosts")
    await planned(world, by=ana, title="Budget talk", audience="coordination", hosts=("mecatech",))
    for number, who in ((1, luc), (2, joe)):
        for line in (f"/event {number}", f"/rsvp {number} yes", f"/rsvp {number}"):
            assert (await who.types(line)).first == NO_EVENT.format(number), line
        assert await state_of(world, number, who) == ""
    assert (await joe.types("/rsvp 1 yes")).first.startswith("You're going: Board prep")
    assert (await joe.types("/event 1")).first == "Board prep · webinar"
    heard = await luc.types("/event board prep")
    assert heard.first == 'I don\'t know an event called "board prep". Which one do you mean?'
    assert "Board prep" in (await ana.types("/events")).text
    assert "Board prep" not in (await luc.types("/events")).text
    if world.platform == "telegram":
        assert "Board prep" not in (await ana.types("/events", hall)).text, "others read along"
    await it_is(world, START + timedelta(hours=3))
    assert "Board prep" in (await ana.types("/events past")).text
    assert "Board prep" not in (await luc.types("/events past")).text


async def test_who_taps_on_its_card_is_told_whom_it_is_for(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = await events_hall(ana, luc)
    await planned(world, by=ana, title="Budget talk", audience="coordination")
    await world.passes(minutes=1)
    heard = await luc.taps("Going", card_of(luc, hall, "Budget talk").raw)
    told = ["Budget talk is for the coordination team, so I left it.", "Pool-Net can tell you more."]
    assert heard.lines == told
    heard = await luc.says("yes", hall, reply_to=luc.finds("Budget talk", hall))
    assert heard.lines == told
    assert await state_of(world, 1, luc) == ""
    assert (await luc.types("/rsvp 1 yes")).first == NO_EVENT.format(1), "by its number it is not there"


async def test_what_another_audience_means_is_said_and_public_is_asked_first(slack_world: World) -> None:
    world = slack_world
    on_the_web(world)
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = await events_hall(ana, luc, name="Diary")
    await planned(world, by=ana)
    heard = await ana.types("/event change 1 audience public")
    assert heard.lines == [
        f"Open {TITLE} to everybody?",
        "It stands in the public calendar then, without the link.",
        "Nobody gets a message.",
    ]
    assert heard.buttons == ["Yes, everybody", "Cancel"]
    assert (await event_of(world, 1)).audience == "members"
    heard = await ana.taps("Yes, everybody")
    assert heard.lines == [
        f"✓ {TITLE} is changed; its cards follow.",
        "It's for everybody from now on.",
        "It stands in the public calendar now, without the link.",
    ]
    heard = await ana.types("/event change 1 audience hosts")
    assert heard.lines[1:] == [
        "It's for the hosts' people from now on.",
        "It's out of the public calendar.",
        "Its card in 1 chat stays, for all who read there.",
    ]
    assert heard.buttons == ["Open it", "Stop its cards"]
    heard = await ana.taps("Stop its cards")
    assert heard.lines == [
        f"✓ The cards of {TITLE} follow it no more.",
        "They stood in Diary.",
        "What was posted stays, as it is. You can delete it in the chat.",
    ]
    await ana.types("/event change 1 title Something secret")
    await world.passes(minutes=1)
    assert not [one for one in luc.posts(hall) if "secret" in luc.reads_on(one).text]
    assert place_of(world, hall) is not None
    heard = await luc.taps("Going", luc.posts(hall)[-1])
    assert heard.first == NO_EVENT.format(1)


# ---- words ----


async def test_a_reply_to_what_we_sent_is_an_answer(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await planned(world, by=ana, invite=True, capacity=1)
    invitation = luc.reads()
    assert invitation.buttons[:3] == ["Going", "Maybe", "Can't"]
    heard = await luc.says("what's this?", reply_to=invitation.raw)
    assert heard.first == f"{TITLE} · webinar", "nobody is left without an answer"
    assert await state_of(world, 1, luc) == "invited"
    heard = await luc.says("yes", reply_to=invitation.raw)
    assert heard.first.startswith(f"You're going: {TITLE}")
    assert await state_of(world, 1, luc) == "going"

    await ana.types("/event move 1 to 10 December 14:00")
    await ana.taps("Move it")
    await world.settled()
    moved = luc.reads()
    assert moved.first.startswith(f"{TITLE} is moved")
    heard = await luc.says("can't", reply_to=moved.raw)
    assert heard.first.startswith(f"You're not going any more: {TITLE}")


async def test_events_go_by_their_titles_too(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await planned(world, by=ana)
    await planned(world, by=ana, title="LCA clinic for foundries")
    assert (await luc.types("/event green hydrogen 101")).first == f"{TITLE} · webinar"
    heard = await luc.types("/rsvp lca clinic for foundries yes")
    assert heard.first.startswith("You're going: LCA clinic for foundries")
    heard = await ana.types("/event cancel lca clinic for foundries")
    assert heard.first.startswith("Cancel LCA clinic for foundries")
    assert heard.buttons[-1] == "Not now"


async def test_log_event_means_to_log_what_is_called_so(slack_world: World) -> None:
    ana = await slack_world.member("Ana", "pool-net")
    heard = await ana.types("/log event Hydrogen day on 12 May with MecaTech")
    assert heard.lines == [
        'I don\'t know "event". Which one do you mean?',
        "The rest is clear: Hydrogen day, Tue 12 May, with MecaTech. Nothing is saved yet.",
    ]


async def test_the_list_turns_to_later_and_sooner_and_says_when_what_is_off_was(slack_world: World) -> None:
    world = slack_world
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    for day in range(6):
        await planned(world, by=ana, title=f"Talk {day}", starts_at=START + timedelta(days=day))
    await ana.types("/event cancel 1")
    await ana.taps("Yes, cancel it")
    heard = await luc.types("/events")
    assert "1 · Talk 0 · cancelled · Tue 8 Dec" in heard.lines
    assert heard.buttons[-2:] == ["Later events", "Past events"]
    heard = await luc.taps("Later events")
    assert "6 · Talk 5 · webinar · Sun 13 Dec, 15:00 in Brussels" in heard.lines
    assert heard.buttons[-2:] == ["Sooner events", "Past events"]


async def test_one_person_came(world: World) -> None:
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    hall = await events_hall(ana, luc)
    await over(world, by=ana, came=(luc,))
    await world.passes(minutes=1)
    assert "It's over, Thu 10 Dec. 1 person came." in card_of(luc, hall).lines


async def test_no_organisation_gets_more_seats_than_there_are(slack_world: World) -> None:
    world = slack_world
    ana = await world.member("Ana", "pool-net")
    await ana.types(f"/event new webinar {TITLE} on 8 December 14:00 in Lisbon seats 5 each 9")
    await ana.taps("Tell everybody")
    event = await event_of(world, 1)
    assert (event.capacity, event.per_organisation) == (5, 5)
    await ana.types("/event change 1 seats 3")
    event = await event_of(world, 1)
    assert (event.capacity, event.per_organisation) == (3, 3)


async def test_what_changes_can_be_the_time(world: World) -> None:
    ana = await world.member("Ana", "pool-net")
    await planned(world, by=ana)
    heard = await ana.types("/event change 1")
    if world.platform == "slack":
        return  # a form: its title says what, and [Move it] stands beside [Change]
    assert heard.lines[1] == "Another time or place is told to who answered: tap Move it."
    heard = await ana.taps("Move it")
    assert heard.lines == [
        f"{TITLE} stays where it is so far.",
        "Who answered hears of another time or place. You see it first.",
    ]
    heard = await ana.taps("Move it")
    assert heard.first == "To which day and time does it move?"


async def test_before_it_goes_out_it_is_said_where_it_stands_and_nothing_of_others(
    slack_world: World,
) -> None:
    world = slack_world
    on_the_web(world)
    ana, luc = await world.member("Ana", "pool-net"), await world.member("Luc", "mecatech")
    await planned(world, by=luc, title="Secret talk", audience="coordination", hosts=("mecatech",))
    await planned(world, by=luc, title="Open talk", hosts=("mecatech",))
    heard = await ana.types(f"/event new webinar {TITLE} on 8 December 14:00 in Lisbon audience public")
    assert "It stands in the public calendar too, without the link." in heard.lines
    assert "Open talk" in heard.text
    assert "Secret talk" not in heard.text
    await ana.taps("Cancel")
    heard = await ana.types(f"/event new webinr {TITLE} on 8 December 14:00 in Lisbon")
    assert f"The rest is clear: {TITLE}, Tue 8 Dec, 14:00" in heard.text


async def test_an_answer_is_read_back_in_lines_without_gaps(slack_world: World) -> None:
    world = slack_world
    luc = await world.member("Luc", "mecatech")
    await planned(world, where="Hall 2", link=LINK)
    await planned(world, title="LCA clinic")
    heard = await luc.types("/rsvp 1 yes")
    assert heard.text.splitlines() == [
        f"You're going: {TITLE}, Tue 8 Dec, 15:00 in Brussels.",
        "Where: Hall 2",
        f"Link: {LINK}",
    ]
    await luc.types("/rsvp 2 maybe")
    assert (await luc.types("/rsvp")).text.splitlines()[-2:] == [
        f"✓ Going: 1 {TITLE}, Tue 8 Dec, 15:00 in Brussels",
        "Maybe: 2 LCA clinic, Tue 8 Dec, 15:00 in Brussels",
    ]
