"""The option kinds: a closed set. Each reads typed or canonical text into a value, and writes a value back
as canonical text, so that `read(write(value)) == value`.

Refusals: text_too_long, number_unclear, number_too_small, number_too_big, day_unclear, moment_unclear,
moment_dayless, moment_timeless, link_unclear, file_unclear. The kinds that name something are in `naming`, a
closed choice is in `choosing`.
"""
# ruff: noqa: ARG002 - every kind is asked in the same way, whether it needs the reading or not

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from bot.commands import day_doubts, days, moments
from bot.commands.values import Reading, one_line, paragraphs
from bot.messages import Ask, Refusal

FieldKind = Literal["text", "long", "number", "day", "moment", "choice", "choices", "link"]
_LINK_LENGTH = 2000
_DIGITS = 12  # no whole number that people mean is longer


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What every kind has. `ask`: the question when it is missing; `hint`: a line under it; `label`: a short
    noun for forms (all message ids). `lead`: words that announce it in typed text. `hidden`: never typed,
    in no form and no help; only buttons set it."""

    ask: str = ""
    lead: tuple[str, ...] = ()
    hint: str = ""
    label: str = ""
    hidden: bool = False
    field: ClassVar[FieldKind] = "text"

    def read(self, text: str, reading: Reading, option: str) -> Any:
        """The value that `text` means. Raises Refusal (not understood) or Ask (several are meant)."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The canonical text of `value`."""
        return str(value)

    def follows(self, text: str, reading: Reading) -> bool:
        """Whether `text` is clearly meant as this kind, so that the lead word before it counts."""
        try:
            self.read(text, reading, "")
        except (Ask, Refusal):
            return False
        return True

    def plainly(self, text: str, reading: Reading) -> bool:
        """Whether `text` is exactly this kind, with nothing to guess."""
        return self.follows(text, reading)

    def canonical(self, text: str, reading: Reading) -> str:
        """`text` in canonical form as far as it is understood, else as it is."""
        try:
            return self.write(self.read(text, reading, ""))
        except (Ask, Refusal):
            return one_line(text)

    def beside(self, before: str, words: str, reading: Reading) -> str:
        """The answer `words` to a question about what was said `before` and not understood."""
        return words

    def offered(self, reading: Reading) -> tuple[tuple[str, str], ...]:
        """The (value, label) pairs to choose from; empty where the answer is free."""
        return ()


@dataclass(frozen=True)
class Text(Kind):
    """One line of words, at most `most` characters."""

    most: int = 200

    def read(self, text: str, reading: Reading, option: str) -> str:
        return _within(one_line(text), self.most, option)


@dataclass(frozen=True)
class LongText(Kind):
    """Paragraphs, at most `most` characters."""

    most: int = 3000
    field: ClassVar[FieldKind] = "long"

    def read(self, text: str, reading: Reading, option: str) -> str:
        return _within(paragraphs(text), self.most, option)

    def canonical(self, text: str, reading: Reading) -> str:
        return paragraphs(text)


def _within(text: str, most: int, option: str) -> str:
    if len(text) > most:
        raise Refusal("text_too_long", option, most=most, length=len(text))
    return text


@dataclass(frozen=True)
class Number(Kind):
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 100_000
    field: ClassVar[FieldKind] = "number"

    def read(self, text: str, reading: Reading, option: str) -> int:
        words = one_line(text)
        values: dict[str, Any] = {"text": words[:80], "least": self.least, "most": self.most}
        if not words.isdecimal():
            raise Refusal("number_unclear", option, **values)
        number = int(words) if len(words) <= _DIGITS else self.most + 1
        if number > self.most:
            raise Refusal("number_too_big", option, **values)
        if number < self.least:
            raise Refusal("number_too_small", option, **values)
        return number

    def follows(self, text: str, reading: Reading) -> bool:
        return bool(re.fullmatch(r"[-+−]?\d\S*", text))

    def plainly(self, text: str, reading: Reading) -> bool:
        return text.isdecimal() and len(text) <= _DIGITS and self.least <= int(text) <= self.most


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day. `direction` says which way a day without a year points; a day written in full is
    kept whichever way it lies, the handler decides."""

    direction: days.Direction = "any"
    field: ClassVar[FieldKind] = "day"

    def read(self, text: str, reading: Reading, option: str) -> date:
        words = one_line(text)
        day = days.day_in(words, self.direction, reading)
        if day is None:
            raise Refusal("day_unclear", option, text=words[:80])
        if self.direction == "past" and (two := day_doubts.either_year(words, reading)):
            raise day_doubts.which_day(option, *two, reading)
        return day

    def write(self, value: date) -> str:
        return value.isoformat()

    def follows(self, text: str, reading: Reading) -> bool:
        return days.day_phrase(text.split(), self.direction, reading) is not None


@dataclass(frozen=True)
class Moment(Kind):
    """A day and a time, understood in the person's zone; the value is aware and in UTC."""

    direction: days.Direction = "any"
    field: ClassVar[FieldKind] = "moment"

    def read(self, text: str, reading: Reading, option: str) -> datetime:
        words = one_line(text)
        if self.direction == "future" and moments.is_time(words):  # today is never meant by an hour alone
            raise Refusal("moment_dayless", option, text=words[:80])
        moment = moments.moment_in(words, self.direction, reading)
        if moment is not None:
            return moment
        if (day := days.day_in(words, self.direction, reading)) is not None:
            raise Refusal("moment_timeless", option, day=day.isoformat())
        raise Refusal("moment_unclear", option, text=words[:80])

    def beside(self, before: str, words: str, reading: Reading) -> str:
        """A day and a time that were said one after the other, in whatever order."""
        day, time = (before, words) if moments.is_time(words) else (words, before)
        found = days.day_in(one_line(day), self.direction, reading)
        return f"{found.isoformat()} {one_line(time)}" if found and moments.is_time(time) else words

    def follows(self, text: str, reading: Reading) -> bool:
        if moments.moment_in(text, self.direction, reading) is not None:
            return True
        return days.day_phrase(text.split(), self.direction, reading) is not None

    def write(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Link(Kind):
    """A web address: http or https, with a host, without a password in it, at most 2,000 characters."""

    field: ClassVar[FieldKind] = "link"

    def read(self, text: str, reading: Reading, option: str) -> str:
        link = one_line(text).strip("<>").rstrip(".,;")
        if not _is_web_address(link):
            raise Refusal("link_unclear", option, text=link[:80])
        return link

    def follows(self, text: str, reading: Reading) -> bool:
        return bool(re.fullmatch(r"<?(?:\w+:\S+|www\.\S+)(?:\s.*)?", text))


def _is_web_address(link: str) -> bool:
    if len(link) > _LINK_LENGTH or re.search(r"[\s\\<>\"]", link):
        return False
    try:
        parts = urlsplit(link)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


@dataclass(frozen=True)
class FileRef(Kind):
    """A file that came with a message; the value is the platform's id for it."""

    def read(self, text: str, reading: Reading, option: str) -> str:
        reference = one_line(text)
        if not reference or len(reference) > 500 or " " in reference:
            raise Refusal("file_unclear", option, text=reference[:80])
        return reference
