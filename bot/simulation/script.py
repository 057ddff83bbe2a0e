"""A believable year of the charter's made-up people: what each of them types of their own accord.

Words in square brackets are a tap on the newest button that begins so. Somebody forgets, somebody is
away, and the middle of March is too much for anybody.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at a moment (UTC), one thing after the other."""

    at: datetime
    name: str
    words: tuple[str, ...]


ONLINE = "in https://example.org/room"
TELL, SEND, NOTICE, CALL = "[Tell everybody]", "[Send to", "[Send the notice]", "[Call it]"
# month-day, hour, who, what
YEAR: Final = (
    ("01-05", 10, "Ana", ("/log workshop Green hydrogen 101 on 4 January with MecaTech",)),
    ("01-06", 11, "Rui", ("/subscribe",)),
    ("01-07", 9, "Giulia", ("/announce Welcome to a new year of our alliance", SEND)),
    ("01-08", 10, "Ana", (f"/event new webinar Circular moulds on 27 January 14:00 {ONLINE}", TELL)),
    ("01-11", 12, "Paul", ("/notify votes weekly",)),
    ("01-12", 15, "Rui", ("/notify events daily",)),
    ("01-14", 10, "Jānis", ("/news Our recycling guide is out. It is free for all members.", "[Public]")),
    ("01-18", 9, "Marie", (
        "/propose resolution A joint newsletter every quarter", "We write one together.", NOTICE)),
    ("02-01", 9, "Marie", ("/away until 12 February", "[Paul]")),
    ("02-02", 10, "Luc", (
        "/event new workshop Repairing gearboxes on 24 February 09:30 with CIMES in Liège", TELL)),
    ("02-08", 14, "Yann", ("/log webinar Lasers in repair on 5 February with CIMES",)),
    ("02-15", 10, "Giulia", ("/call assembly on 17 March 14:00 in https://example.org/assembly", CALL)),
    ("03-02", 11, "Ola", ("/log workshop Light moulds on 1 March with Pool-Net",)),
    ("03-15", 9, "Giulia", ("/announce Call for partners opens Monday to representatives", SEND)),
    ("03-15", 10, "Luc", (
        "/propose consultation Where we meet in spring", "Liège, Riga or Lisbon.", NOTICE)),
    ("03-15", 11, "Ana", (f"/event new webinar Resins that last on 1 April 11:00 {ONLINE}", TELL)),
    ("03-16", 10, "Jānis", ("/log workshop Clever grids on 12 March with EMC2",)),
    ("03-16", 11, "Yann", ("/log workshop Welding by robots on 11 March with Pool-Net",)),
    ("03-16", 14, "Yann", (f"/event new webinar Robots that weld on 30 March 10:00 {ONLINE}", TELL)),
    ("03-17", 16, "Giulia", ("/announce The minutes of our meeting are coming", SEND)),
    ("03-18", 9, "Marie", ("/propose resolution A shared stand in Hannover", "We share the cost.", NOTICE)),
    ("03-19", 10, "Giulia", ("/announce Two seats are left on the bus to Riga", SEND)),
    ("04-06", 10, "Luc", ("/news Liège repairs gearboxes. Come and see it in May.", "[Members only]")),
    ("04-14", 10, "Marie", ("/event new workshop Pumps on 12 May 09:00 with MecaTech in Lyon", TELL)),
    ("05-10", 16, "Ana", ("/log webinar Recycled resin on 7 May with CIMES and EMC2",)),
    ("05-25", 9, "Giulia", ("/propose agreement", "[Use these]", NOTICE)),
    ("06-01", 9, "Jānis", (f"/event new webinar Green grids on 22 June 15:00 {ONLINE}", TELL)),
    ("06-14", 10, "Luc", ("/away until 2 July",)),
    ("06-21", 10, "Giulia", ("/propose renewal", "[Green Manufacturing]", NOTICE)),
    ("07-12", 10, "Jānis", ("/notify", "[Quiet August]")),
    ("07-05", 11, "Yann", ("/event new workshop Ships on 15 September 09:00 in Nantes", TELL)),
    ("07-28", 17, "Ana", ("/away until 20 August", "[Rui]")),
    ("08-03", 10, "Ola", ("/todo",)),
    ("08-12", 10, "Jānis", ("/log workshop Summer school on 6 August with EVOLUMA",)),
    ("09-01", 9, "Giulia", ("/announce We are all back: three dates for autumn", SEND)),
    ("09-02", 10, "Marie", (f"/event new webinar Spare parts on 29 September 11:00 {ONLINE}", TELL)),
    ("09-14", 10, "Marie", ("/propose resolution A prize for repairs", "A small one, each year.", NOTICE)),
    ("09-20", 12, "Rui", ("/notify", "[Write on Telegram]")),
    ("10-04", 10, "Luc", ("/event new workshop Gears on 27 October 09:30 with EVOLUMA in Namur", TELL)),
    ("10-11", 12, "Jānis", ("/news Riga opens its test bench. Members can use it.", "[Public]")),
    ("10-25", 9, "Giulia", (
        "/propose election Coordinator", "[Green Manufacturing]", "Giulia, Marie", NOTICE)),
    ("11-08", 9, "Ana", (f"/event new webinar Moulds of sugar on 30 November 14:00 {ONLINE}", TELL)),
    ("11-15", 10, "Yann", ("/log workshop Ships without oil on 10 November with Pool-Net",)),
    ("11-29", 10, "Giulia", ("/announce The year's figures are nearly there to representatives", SEND)),
    ("12-06", 10, "Marie", ("/propose consultation Topics for next year", "Name three.", NOTICE)),
    ("12-13", 11, "Rui", ("/log webinar Plastics and water on 9 December with Green-Tech",)),
)  # fmt: skip


def script(year: int, seed: int, zones: dict[str, str]) -> Iterable[Deed]:
    """The year's deeds in their order, at minutes that the seed chooses, for people whose zones these are; on
    working days only."""
    chance = random.Random(f"{seed}:script")
    deeds = []
    for day, hour, name, words in YEAR:
        minutes = chance.randrange(60)
        if name in zones:
            local = datetime.fromisoformat(f"{year}-{day}").replace(tzinfo=ZoneInfo(zones[name]))
            local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)
            at = local.replace(hour=hour, minute=minutes).astimezone(UTC)
            deeds.append(Deed(at, name, words))
    return sorted(deeds, key=lambda deed: deed.at)
