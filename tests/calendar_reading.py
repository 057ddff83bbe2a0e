"""Our calendars as another library reads them: vobject, with clocks dateutil makes of the file's zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import vobject
from dateutil.tz import tzical  # type: ignore[import-untyped]
from vobject.icalendar import registerTzid


def read_back(text: str) -> Any:
    """The calendar that stands in the text. Its zones are what its own VTIMEZONEs say: left alone, vobject
    keeps the first one of a name that it ever saw, or takes it from a library."""
    if "BEGIN:VTIMEZONE" in text:
        own = tzical(StringIO(text.replace("\r\n ", "").replace("\r\n", "\n")))
        for zone in own.keys():  # noqa: SIM118 - it is no dictionary
            registerTzid(zone, own.get(zone))
    return vobject.readOne(text)


def occasions(event: Any) -> list[tuple[datetime, datetime]]:
    """When an event takes place, start and end in UTC, first to last. The first one's length is the length of
    each (RFC 5545, 3.8.5.3: a DTEND gives an exact duration)."""
    start, end = event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)
    rules = event.getrruleset(addRDate=True)
    starts = [one.astimezone(UTC) for one in rules] if rules is not None else [start]
    length: timedelta = end - start
    return [(one, one + length) for one in starts]
