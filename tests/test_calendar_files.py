"""What people put into their calendars: read back by other libraries, it is what was announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.events.calendar_file import Entry, Mailbox, calendar, event_file
from bot.rules.events.sessions import sessions
from bot.rules.events.values import Event, Repeats
from bot.rules.rsvp.values import Rsvp, State
from tests.calendar_reading import occasions, read_back

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
EVENT = Event(
    number=12,
    uid="6f1c@charterbot",
    kind="webinar",
    title="Green hydrogen 101",
    starts_at=datetime(2026, 12, 8, 14, tzinfo=UTC),
    minutes=90,
    zone="Europe/Lisbon",
    hosts=("pool-net", "cimes"),
    audience="public",
    created_by=1,
    created_at=NOW,
    changed_at=NOW + timedelta(hours=1),
    about="Electrolysers, and what they cost; bring questions.\nSlides in English.",
    where="Hall 2, Rua Nova; Leiria",
    link="https://meet.example/room?a=1,2;b=3",
    sequence=2,
)
ZONES = (
    "Europe/Lisbon",
    "Europe/Riga",
    "Europe/Brussels",
    "Europe/Dublin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",  # its clocks move by half an hour
    "Africa/Casablanca",  # its clocks follow the moon
    "Asia/Kolkata",
    "UTC",
)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # the nights in Europe


def by_clocks(day: date, hour: int, minute: int, zone: str, fold: int = 0) -> datetime:
    """That time of that day in a zone, in UTC."""
    return datetime.combine(day, time(hour, minute, fold=fold), ZoneInfo(zone)).astimezone(UTC)


def answered(state: State, at: datetime = NOW) -> Rsvp:
    return Rsvp(12, 7, "cimes", state, at)


def test_a_file_line_by_line() -> None:
    file = event_file(replace(EVENT, repeats="monthly", times=4), going=True, own=answered("going"))

    assert (file.name, file.mime) == ("event-12.ics", "text/calendar")
    assert file.text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Charterbot//Events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Lisbon",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:WEST",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:WET",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY:Green hydrogen 101",
        "DTSTART;TZID=Europe/Lisbon:20261208T140000",
        "DTEND;TZID=Europe/Lisbon:20261208T153000",
        "DTSTAMP:20261124T103000Z",
        "UID:6f1c@charterbot",
        "SEQUENCE:2",
        "RRULE:FREQ=MONTHLY;COUNT=4;BYDAY=2TU",
        "CREATED:20261124T093000Z",
        r"DESCRIPTION:Electrolysers\, and what they cost\; bring questions.\nSlides ",
        r" in English.\n\nhttps://meet.example/room?a=1\,2\;b=3",
        "LAST-MODIFIED:20261124T103000Z",
        r"LOCATION:Hall 2\, Rua Nova\; Leiria",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://meet.example/room?a=1,2;b=3",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("repeats", "start", "rule"),
    [
        ("weekly", datetime(2026, 12, 8, 14, tzinfo=UTC), "FREQ=WEEKLY;COUNT=3;INTERVAL=1"),
        ("fortnightly", datetime(2026, 12, 8, 14, tzinfo=UTC), "FREQ=WEEKLY;COUNT=3;INTERVAL=2"),
        ("monthly", datetime(2026, 12, 25, 14, tzinfo=UTC), "FREQ=MONTHLY;COUNT=3;BYDAY=4FR"),
        ("monthly", datetime(2026, 12, 29, 14, tzinfo=UTC), "FREQ=MONTHLY;COUNT=3;BYDAY=-1TU"),
        ("", datetime(2026, 12, 8, 14, tzinfo=UTC), ""),
    ],
)
def test_how_a_series_is_said(repeats: Repeats, start: datetime, rule: str) -> None:
    text = event_file(replace(EVENT, starts_at=start, repeats=repeats, times=3)).text
    rules = [line for line in text.split("BEGIN:VEVENT")[1].split("\r\n") if line.startswith("RRULE")]
    assert rules == ([f"RRULE:{rule}"] if rule else [])


@given(
    zone=st.sampled_from(ZONES),
    start=st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    minutes=st.integers(5, 720),
    repeats=st.sampled_from(("", "weekly", "fortnightly", "monthly")),
    times=st.integers(1, 60),
)
# over the night that skips an hour and the one that doubles it
@example("Europe/Lisbon", by_clocks(date(2027, 3, 14), 14, 0, "Europe/Lisbon"), 90, "weekly", 40)
@example("Europe/Riga", by_clocks(date(2027, 1, 30), 10, 0, "Europe/Riga"), 60, "monthly", 24)
@example("America/New_York", by_clocks(date(2026, 10, 20), 9, 0, "America/New_York"), 60, "fortnightly", 30)
# an end in the hour that comes twice
@example("Europe/Brussels", by_clocks(AUTUMN, 1, 30, "Europe/Brussels"), 120, "", 1)
def test_another_library_finds_the_same_sessions(
    zone: str, start: datetime, minutes: int, repeats: Repeats, times: int
) -> None:
    event = replace(EVENT, zone=zone, starts_at=start, minutes=minutes, repeats=repeats, times=times)
    read = read_back(event_file(event).text)
    assert occasions(read.vevent) == [(one.starts_at, one.ends_at) for one in sessions(event)]


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/Riga", "America/New_York"])
@pytest.mark.parametrize("repeats", ["", "weekly", "fortnightly", "monthly"])
@pytest.mark.parametrize("back", [0, 14])
@pytest.mark.parametrize("which", ["skipped", "doubled, first", "doubled, second"])
def test_a_start_in_the_hours_that_clocks_skip_or_double(
    zone: str, repeats: Repeats, back: int, which: str
) -> None:
    """Half past something in those nights, as the first session or as a later one. Of a rule that meets a
    skipped hour RFC 5545 (3.3.10) says both that the session is left out and that it is moved on; clients do
    one or the other, and dateutil gives a time that is on no clock. So nothing is left to a rule there: each
    session is said in UTC. Of two like hours the first is what a time by the clocks means; the second cannot
    be said so, and is said in UTC too."""
    nights = {"Europe": (SPRING, AUTUMN), "America": (date(2027, 3, 14), date(2027, 11, 7))}
    night = nights[zone.partition("/")[0]][which != "skipped"] - timedelta(days=back)
    hour = {"Europe/Brussels": 2, "Europe/Riga": 3}.get(zone, 1 if "doubled" in which else 2)
    start = by_clocks(night, hour, 30, zone, fold=int("second" in which))
    event = replace(EVENT, zone=zone, starts_at=start, repeats=repeats, times=4)

    text = event_file(event).text

    assert occasions(read_back(text).vevent) == [(one.starts_at, one.ends_at) for one in sessions(event)]
    met_by_a_rule = repeats in ("weekly", "fortnightly") and back
    if which == "skipped" and met_by_a_rule:
        assert "RRULE:FREQ=WEEKLY" not in text
        assert "TZID" not in text
    if "first" in which and met_by_a_rule:
        assert f"DTSTART;TZID={zone}:" in text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(title=TEXT, about=TEXT, where=TEXT)
@example('a;b,c\\n:d"e\r\nATTENDEE:x', "BEGIN:VEVENT\r\n\r\nEND:VEVENT\n\\N\\\\n", "é" * 80)
@example("\x00\x07\x1b[0mbell\x85x\u2028y", "\t", "\n")
def test_whatever_people_write_is_read_as_they_wrote_it(title: str, about: str, where: str) -> None:
    text = event_file(replace(EVENT, title=title, about=about, where=where)).text

    lines = text.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75, "folded by bytes"
    assert not [one for one in text.replace("\r\n", "") if ord(one) < 32 or 127 <= ord(one) < 160]
    assert sum(line.startswith(b"BEGIN:VEVENT") for line in lines) == 1
    read = read_back(text).vevent
    for key, written in (("summary", title), ("location", where), ("description", about)):
        said = getattr(read, key).value if hasattr(read, key) else ""
        assert letters(said) == letters(written)


def letters(text: str) -> str:
    """What is left of a text without what cannot be seen."""
    return "".join(one for one in text if one.isprintable() and not one.isspace())


@pytest.mark.parametrize(
    ("state", "going", "status", "transparency"),
    [
        ("going", True, "CONFIRMED", "OPAQUE"),
        ("attended", True, "CONFIRMED", "OPAQUE"),
        ("maybe", False, "TENTATIVE", "TRANSPARENT"),
        ("waitlisted", False, "TENTATIVE", "OPAQUE"),
        ("offered", False, "TENTATIVE", "OPAQUE"),
        ("declined", False, "CONFIRMED", "TRANSPARENT"),
    ],
)
def test_what_an_answer_makes_of_it(state: State, going: bool, status: str, transparency: str) -> None:
    read = read_back(event_file(EVENT, going=going, own=answered(state)).text).vevent
    assert (read.status.value, read.transp.value) == (status, transparency)
    assert (EVENT.link in read.description.value) is going
    assert hasattr(read, "url") is going


def test_the_answer_given_later_is_the_newer_file() -> None:
    later = answered("going", NOW + timedelta(days=2))
    stamps = [read_back(event_file(EVENT, own=own).text).vevent.dtstamp.value for own in (None, later)]
    assert stamps == [EVENT.changed_at, NOW + timedelta(days=2)]


def test_a_cancelled_event_goes_out_of_the_calendar() -> None:
    off = replace(EVENT, state="cancelled", sequence=3)
    read = read_back(event_file(off, method="CANCEL", going=True).text)
    assert (read.method.value, read.vevent.uid.value, read.vevent.sequence.value) == (
        "CANCEL",
        EVENT.uid,
        "3",
    )
    assert (read.vevent.status.value, read.vevent.transp.value) == ("CANCELLED", "TRANSPARENT")
    assert EVENT.link not in event_file(off, method="CANCEL", going=True).text


def test_a_file_in_a_chat_names_nobody() -> None:
    text = event_file(EVENT, going=True, own=answered("going")).text
    assert not [word for word in ("ATTENDEE", "ORGANIZER", "mailto") if word in text]


def test_an_invitation_by_mail_names_who_asks_and_who_is_asked() -> None:
    ask, asked = Mailbox('Alliance "Green"', "post@alliance.example"), Mailbox("João", "joao@pool.example")
    maybe = answered("maybe")
    read = read_back(
        event_file(EVENT, method="REQUEST", own=maybe, organiser=ask, attendee=asked).text
    ).vevent
    assert (read.organizer.value, read.organizer.params["CN"]) == (
        "mailto:post@alliance.example",
        ["Alliance 'Green'"],
    )
    assert read.attendee.value == "mailto:joao@pool.example"
    assert (read.attendee.params["CN"], read.attendee.params["PARTSTAT"]) == (["João"], ["TENTATIVE"])
    with pytest.raises(ValueError, match="an organiser and an attendee"):
        event_file(EVENT, method="REQUEST", organiser=ask)


def test_a_calendar_of_many_is_read_by_both_libraries() -> None:
    zones = ("Europe/Riga", "Europe/Lisbon", "UTC", "Asia/Kolkata")
    many = [
        replace(
            EVENT,
            number=at,
            uid=f"{at}@x",
            zone=zones[at % 4],
            starts_at=EVENT.starts_at + timedelta(days=at),
        )
        for at in range(60)
    ]
    text = calendar(tuple(Entry(one) for one in many), "ECA: João")

    mine, theirs = icalendar.Calendar.from_ical(text), read_back(text)

    assert [str(one["UID"]) for one in mine.events] == [one.uid for one in many]
    assert [one.uid.value for one in theirs.vevent_list] == [one.uid for one in many]
    assert [occasions(one)[0][0] for one in theirs.vevent_list] == [one.starts_at for one in many]
    assert [str(one["TZID"]) for one in mine.timezones] == ["Asia/Kolkata", "Europe/Lisbon", "Europe/Riga"]
    assert (str(mine["X-WR-CALNAME"]), str(mine["NAME"])) == ("ECA: João", "ECA: João")
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert not [line for line in text.split("\r\n") if line.startswith("URL")]
