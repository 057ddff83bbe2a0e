"""Events in people's calendars by mail: invitations, moves, cancellations (RFC 5546)."""

from __future__ import annotations

from typing import Any

from bot.events.mailed import CALENDAR_MAIL
from bot.messages import Call, Place
from tests.calendar_reading import read_back
from tests.events_stage import START, answers, planned
from tests.mail_stage import Mail
from tests.mail_world import ADDRESS, person_of
from tests.mail_world import world as world
from tests.world import World

LINK = "https://meet.example.org/room"


def entry(mail: Mail) -> tuple[str, Any]:
    """The method and the event of the calendar in a mail."""
    part = mail.part("text/calendar")
    calendar = read_back(str(part.get_content()))
    assert part.get_param("method") == calendar.method.value
    assert list(mail.files) == [f"event-{mail.files and next(iter(mail.files)).split('-')[1]}"]
    return calendar.method.value, calendar.vevent


async def test_who_goes_has_it_in_their_calendar_and_hears_of_a_move_and_the_end(world: World) -> None:
    marie, ana = await world.member("Marie", "cimes"), await world.member("Ana", "pool-net")
    reader = await world.mail.address_of(marie, "marie@example.org", preferred=False)
    number = await planned(world, by=ana, link=LINK)
    await marie.types(f"/rsvp {number} yes")
    mail = await reader.reads_mail()
    assert mail.subject == "For your calendar: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris"
    assert f"Link: {LINK}" in mail.lines
    assert list(mail.links)[:5] == [LINK, "Can't make it", "Open it", "Later", "Stop these"]
    method, event = entry(mail)
    assert (method, event.sequence.value, event.dtstart.value) == ("REQUEST", "0", START)
    assert event.organizer.value == f"mailto:{ADDRESS}"
    assert event.organizer.params["CN"] == [world.charter.alliance.short_name]
    assert event.attendee.value == "mailto:marie@example.org"
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.url.value == LINK
    await marie.types(f"/rsvp {number} yes")
    await world.settled()
    assert len(reader.mails) == 1, "once for each answer"

    await ana.types(f"/event move {number} to 9 December 15:00")
    await ana.taps("Move it")
    mail = await reader.reads_mail()
    assert mail.subject == "Moved in your calendar: Green hydrogen 101, Wed 9 Dec, 16:00 in Paris"
    method, moved = entry(mail)
    assert (method, moved.sequence.value, moved.uid.value) == ("REQUEST", "1", event.uid.value)

    await ana.types(f"/event cancel {number}")
    await ana.taps("Yes, cancel it")
    mail = await reader.reads_mail()
    assert mail.subject.startswith("Out of your calendar: Green hydrogen 101, Wed 9 Dec")
    assert "It doesn't take place." in mail.lines
    method, off = entry(mail)
    assert (method, off.sequence.value, off.status.value) == ("CANCEL", "2", "CANCELLED")
    assert len(reader.mails) == 3


async def test_who_gives_up_their_seat_has_it_out_of_their_calendar_and_the_next_has_it_in(
    world: World,
) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    hers = await world.mail.address_of(marie, "marie@example.org", preferred=False)
    his = await world.mail.address_of(luc, "luc@example.org", preferred=False)
    number = await planned(world, capacity=1)
    await marie.types(f"/rsvp {number} yes")
    await luc.types(f"/rsvp {number} yes")
    await hers.reads_mail()
    assert his.mails == [], "nobody in line has a seat"
    await hers.presses(hers.mails[-1].links["Can't make it"], "Can't make it")
    mail = await hers.reads_mail()
    assert "You don't go, so its entry goes." in mail.lines
    method, off = entry(mail)
    assert (method, off.attendee.params["PARTSTAT"]) == ("CANCEL", ["DECLINED"])
    method, on = entry(await his.reads_mail())
    assert (method, on.attendee.params["PARTSTAT"]) == ("REQUEST", ["ACCEPTED"])


async def test_an_answer_that_is_taken_back_at_once_is_in_no_calendar(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org", preferred=False)
    number = await planned(world)
    world.mail.server.says_no("from", "421 Busy", times=1)
    await answers(world, number, "going", marie)
    await answers(world, number, "no", marie)
    await world.passes(hours=1)
    assert reader.mails == []


async def test_stopped_is_stopped_and_wanted_again_brings_what_is_to_come(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org", preferred=False)
    number = await planned(world)
    await marie.types(f"/rsvp {number} yes")
    mail = await reader.reads_mail()
    page = await reader.presses(mail.links["Stop these"], "Stop these")
    assert "Calendar invitations by mail" in page.text
    person = await person_of(world, marie)
    assert CALENDAR_MAIL in await world.storage.read(lambda store: store.silenced.kinds(person))
    other = await planned(world, title="Mould recycling")
    await marie.types(f"/rsvp {other} yes")
    await world.settled()
    assert len(reader.mails) == 1
    await marie.types("/email")
    await marie.taps("marie@example.org")
    await marie.taps("Calendar invitations")
    mail = await reader.reads_mail()
    assert mail.subject.startswith("For your calendar: Mould recycling")
    assert len(reader.mails) == 2, "what is there already is not sent again"


async def test_who_only_reads_mail_is_invited_with_the_entry_and_told_of_changes_in_one_mail(
    world: World,
) -> None:
    ana, anna = await world.member("Ana", "pool-net"), await world.mail.person("Anna", "cimes")
    number = await planned(world, by=ana, invite=True, link=LINK)
    mail = await anna.reads_mail()
    assert mail.subject == "Pool-Net invites you: Green hydrogen 101, Tue 8 Dec, 15:00 in Paris"
    method, event = entry(mail)
    assert (method, event.attendee.params["PARTSTAT"]) == ("REQUEST", ["NEEDS-ACTION"])
    assert LINK not in str(mail.part("text/calendar").get_content())
    page = await anna.presses(mail.links["Going"], "Going")
    assert "You're going: Green hydrogen 101" in page.text
    method, going = entry(await anna.reads_mail())
    assert (method, going.attendee.params["PARTSTAT"]) == ("REQUEST", ["ACCEPTED"])

    await ana.types(f"/event move {number} to 9 December 15:00")
    await ana.taps("Move it")
    mail = await anna.reads_mail()
    assert mail.subject == "Green hydrogen 101 is moved: Wed 9 Dec, 16:00 in Paris"
    assert entry(mail)[1].sequence.value == "1"
    assert len(anna.mails) == 3
    await ana.types(f"/event cancel {number}")
    await ana.taps("Yes, cancel it")
    mail = await anna.reads_mail()
    assert mail.subject == "Green hydrogen 101, Wed 9 Dec, 16:00 in Paris, is cancelled"
    assert entry(mail)[0] == "CANCEL"
    assert len(anna.mails) == 4
    assert "Out of my calendar" not in mail.links


async def test_where_no_mails_are_sent_nothing_is_queued(world: World) -> None:
    object.__setattr__(world.dispatch._around, "mail_from", "")
    marie = await world.member("Marie", "cimes")
    reader = await world.mail.address_of(marie, "marie@example.org", preferred=False)
    number = await planned(world)
    await marie.types(f"/rsvp {number} yes")
    await world.settled()
    assert reader.mails == []


async def test_a_calendar_that_answered_by_itself_is_not_answered_in_kind(world: World) -> None:
    anna = await world.mail.person("Anna", "cimes")
    number = await planned(world, invite=True)
    await anna.reads_mail()
    for turn, wish in enumerate(("going", "no")):
        place = Place("email", "", anna.address)
        given = {"event": str(number), "wish": wish}
        call = Call(
            f"reply:{turn}", anna.account, place, world.clock.now(), command="answer event", arguments=given
        )
        assert (await world.dispatch.receive(call)).message is not None
        world.dispatch.given(call)
    await world.settled()
    assert len(anna.mails) == 1
