"""Events as an iCalendar file (RFC 5545, 5546): what people put into their own calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Part

from bot.events.timezones import WEEKDAYS, timezone
from bot.messages import Attachment
from bot.rules.events.sessions import DAYS, nth_weekday, sessions
from bot.rules.events.values import Event, Session
from bot.rules.rsvp.values import YES, Rsvp

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
MIME: Final = "text/calendar"
MAKER: Final = "-//Charterbot//Events//EN"
LINE: Final = ("waitlisted", "offered")
OPEN: Final = ("maybe", *LINE)  # these answers have no seat for sure
ANSWERED: Final = {"maybe": "TENTATIVE", "declined": "DECLINED", "withdrawn": "DECLINED"}
AGAIN: Final = timedelta(hours=1)  # how soon a calendar that follows a link looks again
CLEAN: Final[dict[int, str | None]] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))),
    **dict.fromkeys((9, 0x0B, 0x0C), " "),
    **dict.fromkeys((0x0A, 0x85, 0x2028, 0x2029), "\n"),
}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody with a mail address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in one calendar: `own` is the answer of whoever's it is, None in everybody's;
    with `going` the link to the meeting is in it."""

    event: Event
    own: Rsvp | None = None
    going: bool = False


class Words(vText):
    """Text that is written as it is: the library's own takes a backslash before an N for a line's end."""

    def to_ical(self) -> bytes:
        """The text with its special characters escaped (RFC 5545, 3.3.11)."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def event_file(
    event: Event,
    *,
    method: Method = "PUBLISH",
    going: bool = False,
    own: Rsvp | None = None,
    organiser: Mailbox | None = None,
    attendee: Mailbox | None = None,
) -> Attachment:
    """One event as a file, "event-12.ics", with the link to the meeting for who is `going`; `own` is the
    reader's answer. A file in a chat is PUBLISH, or CANCEL to take an event away, and names nobody. One that
    goes by mail has an `organiser` and an `attendee`, which REQUEST needs (RFC 5546, 3.2.2).

    Raises ValueError for a REQUEST without them."""
    if method == "REQUEST" and not (organiser and attendee):
        raise ValueError("a REQUEST names an organiser and an attendee")
    part = _part(Entry(event, own, going), method)
    if organiser:
        part.add("ORGANIZER", _address(organiser))
    if attendee:
        part.add("ATTENDEE", _invited(attendee, own))
    return Attachment(f"event-{event.number}.ics", MIME, _written((part,), (event,), method))


@lru_cache(maxsize=16)  # 500 events take a fifth of a second, and the public calendar is for everybody
def calendar(entries: tuple[Entry, ...], name: str = "") -> str:
    """Many events as one calendar. One with a name is for who follows a link: looked at again by the hour."""
    parts = (_part(entry, "PUBLISH") for entry in entries)
    return _written(parts, [entry.event for entry in entries], "PUBLISH", _clean(name, one_line=True))


def _written(parts: Iterable[Part], events: Sequence[Event], method: Method, name: str = "") -> str:
    whole = Calendar()
    whole.add("PRODID", MAKER)
    whole.add("VERSION", "2.0")
    whole.add("CALSCALE", "GREGORIAN")
    whole.add("METHOD", method)
    if name:
        whole.add("NAME", Words(name))
        whole.add("X-WR-CALNAME", Words(name))
        whole.add("REFRESH-INTERVAL", AGAIN, parameters={"VALUE": "DURATION"})
        whole.add("X-PUBLISHED-TTL", "PT1H")
    for zone, years in sorted(_years(events).items()):
        whole.add_component(timezone(zone, min(years), max(years)))
    for part in parts:
        whole.add_component(part)
    return bytes(whole.to_ical()).decode()


def _part(entry: Entry, method: Method) -> Part:
    event, part = entry.event, Part()
    off = method == "CANCEL" or event.state == "cancelled"
    said = entry.own.state if entry.own else ""
    busy = entry.going or said in LINE
    part.add("UID", event.uid)
    part.add("SEQUENCE", event.sequence)
    part.add("DTSTAMP", _stamp(entry))
    part.add("CREATED", event.created_at)
    part.add("LAST-MODIFIED", event.changed_at)
    _add_times(part, event)
    part.add("SUMMARY", Words(_clean(event.title, one_line=True)))
    part.add("STATUS", "CANCELLED" if off else "TENTATIVE" if said in OPEN else "CONFIRMED")
    part.add("TRANSP", "OPAQUE" if busy and not off else "TRANSPARENT")
    link = event.link if entry.going and not off else ""
    if described := "\n\n".join(filter(None, (_clean(event.about), link))):
        part.add("DESCRIPTION", Words(described))
    if event.where:
        part.add("LOCATION", Words(_clean(event.where, one_line=True)))
    if link:
        part.add("URL", link.split()[0])  # without the code that may stand behind it
    return part


def _stamp(entry: Entry) -> datetime:
    """When this view came about: of two with the same SEQUENCE the later one holds (RFC 5546, 2.1.5)."""
    said = entry.own.answered_at if entry.own else entry.event.changed_at
    return max(entry.event.changed_at, said).astimezone(UTC)


def _add_times(part: Part, event: Event) -> None:
    """When it is: by the clocks of its zone, with a rule where it repeats. Where that would not say what the
    sessions are, each stands there by itself in UTC: those in the second of two hours that are alike, and
    those in the hour that the clocks jump over (RFC 5545, 3.3.10, can be read in two ways there)."""
    every = sessions(event)
    if _by_clocks(event, every):
        zone = ZoneInfo(event.zone)
        part.add("DTSTART", every[0].starts_at.astimezone(zone))
        part.add("DTEND", every[0].ends_at.astimezone(zone))
        if len(every) > 1:
            part.add("RRULE", _rule(event))
        return
    part.add("DTSTART", every[0].starts_at.astimezone(UTC))
    part.add("DTEND", every[0].ends_at.astimezone(UTC))
    if len(every) > 1:
        part.add("RDATE", [one.starts_at.astimezone(UTC) for one in every[1:]])


def _by_clocks(event: Event, every: Sequence[Session]) -> bool:
    zone = ZoneInfo(event.zone)
    starts = [one.starts_at.astimezone(zone) for one in every]
    same = {start.time() for start in starts} == {starts[0].time()}
    return same and not any(moment.fold for moment in (*starts, every[0].ends_at.astimezone(zone)))


def _rule(event: Event) -> dict[str, object]:
    if event.repeats in DAYS:
        return {"FREQ": "WEEKLY", "INTERVAL": DAYS[event.repeats] // 7, "COUNT": event.times}
    day = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
    by_day = f"{nth_weekday(day)}{WEEKDAYS[day.weekday()]}"
    return {"FREQ": "MONTHLY", "BYDAY": by_day, "COUNT": event.times}


def _years(events: Iterable[Event]) -> dict[str, set[int]]:
    """In which years each zone is needed: those of the events that are written by its clocks."""
    years: dict[str, set[int]] = {}
    for event in events:
        every = sessions(event)
        if ZoneInfo(event.zone).key != "UTC" and _by_clocks(event, every):
            years.setdefault(event.zone, set()).update((every[0].starts_at.year, every[-1].ends_at.year))
    return years


def _invited(attendee: Mailbox, own: Rsvp | None) -> vCalAddress:
    address = _address(attendee)
    said = "ACCEPTED" if own and own.state in YES else ANSWERED.get(own.state if own else "", "NEEDS-ACTION")
    address.params["PARTSTAT"] = said
    address.params["RSVP"] = "TRUE"
    return address


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.address}")
    address.params["CN"] = _clean(mailbox.name, one_line=True).replace('"', "'")
    return address


def _clean(text: str, one_line: bool = False) -> str:
    """Without what no calendar takes: control characters, halves of characters."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").translate(CLEAN).strip()
    return " ".join(kept.split()) if one_line else kept
