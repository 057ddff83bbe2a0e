"""The day that a message names, as people wrote it on the day on which they did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.commands import Day, Reading
from bot.commands.days import LONGEST, day_phrase

LONGEST_AGO = timedelta(days=300)  # "12 December", said in November, is one to come
WORDS_READ = 150


@dataclass(frozen=True)
class DaySaid(Day):
    """A day; or "2026-11-24T09:30:00+00:00|some words": the day that the words name, seen from the moment
    (UTC) at which they were written, else the day of that moment."""

    def read(self, text: str, reading: Reading, option: str) -> date:
        stamp, bar, words = text.partition("|")
        if not bar:
            return super().read(text, reading, option)
        try:
            then = replace(reading, now=datetime.fromisoformat(stamp))
        except ValueError:
            return super().read(text, reading, option)
        return _named(words.split()[:WORDS_READ], then) or then.today


def _named(words: list[str], then: Reading) -> date | None:
    """The first day that words name beyond doubt and that was over, or is not long over, by then."""
    for at in range(len(words)):
        for count in range(min(LONGEST, len(words) - at), 0, -1):
            phrase = day_phrase(words[at : at + count], "past", then)
            if phrase and phrase.sure and phrase.day and phrase.day > then.today - LONGEST_AGO:
                return phrase.day
    return None
