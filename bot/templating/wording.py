"""What templates can say in a reader's language: translations, dates, places, lists and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations
from jinja2 import pass_context
from jinja2.runtime import Context

from bot.messages import N_, Filled, Translation, phrase_in
from bot.templating.escaping import Md, printed


@dataclass(frozen=True, slots=True)
class Speech:
    """For whom a template is being rendered."""

    language: str
    zone: ZoneInfo
    now: datetime
    catalogue: NullTranslations


SPEECH: ContextVar[Speech] = ContextVar("speech")
# a value, what closes emphasis, and the sign that ends a sentence
_AT_AN_END = re.compile(r"(?P<filled>%\((?P<name>\w+)\)s\**)(?P<sign>[.!?])")
LABELLED = N_("%(what)s: %(words)s")
MOMENT_IN = N_("%(moment)s in %(city)s")  # "Wed 9 Dec, 18:00 in Riga"
ARTICLE = N_("Art. %(number)s")
# NOTE: an article of the charter and its paragraph: "Art. 2(1)"
PARAGRAPH = N_("Art. %(number)s(%(paragraph)s)")
_REFERENCE = re.compile(r"Art\. (?P<number>\d+)(?:\((?P<paragraph>\d+)\))?")


def plain(catalogue: NullTranslations, message_id: str, values: Mapping[str, Any]) -> str:
    """The translation of a message id as plain text, its %(name)s filled if there are values."""
    if isinstance(message_id, Filled):
        return message_id.said(lambda text: plain(catalogue, text, {}))
    message_id = phrase_in(message_id) or message_id
    text = catalogue.gettext(message_id) if message_id else ""  # "" would give the catalogue's header
    return _filled(text, message_id, values) if values else Translation(text, message_id)


def translated(message_id: str, /, **values: Any) -> str:
    """What `_(...)` calls: plain text, escaped when printed, since a message id may come as a value."""
    return plain(SPEECH.get().catalogue, message_id, values)


def trans(message_id: str, /, **values: Any) -> Md:
    """What `{% trans %}` calls."""
    return Md(_filled(SPEECH.get().catalogue.gettext(message_id), message_id, _escaped(values)))


def trans_many(one: str, many: str, number: int, /, **values: Any) -> Md:
    """What `{% trans %}` with `{% pluralize %}` calls."""
    text = SPEECH.get().catalogue.ngettext(one, many, number)
    return Md(_filled(text, one if number == 1 else many, _escaped({"num": number, **values})))


def aloud(value: Any) -> Any:
    """A phrase in the reader's language; any other value as it is."""
    if isinstance(value, Filled):
        return translated(value)
    phrase = phrase_in(value)
    return value if phrase is None else translated(phrase)


def printed_aloud(value: Any) -> str:
    """What `{{ value }}` puts in the text."""
    return printed(aloud(value))


def _escaped(values: Mapping[str, Any]) -> dict[str, str]:
    # no space at the edges: "* title*" would not be read as emphasis
    return {name: printed_aloud(value).strip() for name, value in values.items()}


def _filled(text: str, message_id: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders filled; the English if a translation's placeholders are wrong."""
    try:
        return ended_once(text, values) % values
    except (KeyError, TypeError, ValueError):
        return ended_once(message_id, values) % values


def ended_once(text: str, values: Mapping[str, Any]) -> str:
    """A text that is to be filled with `values`, without a full stop that follows what ends a sentence
    already ("24 nov.", "Who decides?"), nor the same sign twice."""

    def kept(found: re.Match[str]) -> str:
        last, sign = str(values.get(found["name"], "")).rstrip("*")[-1:], found["sign"]
        again = last == sign or (sign == "." and last in ("!", "?"))
        return found["filled"] if again else found[0]

    return _AT_AN_END.sub(kept, text)


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The locale of an IETF tag ("pt-BR", "pt"), or of its language alone, or English."""
    for tag in (language, language.partition("-")[0].partition("_")[0]):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


@lru_cache(maxsize=4096)
def _written_day(day: date, with_year: bool, language: str) -> str:
    locale = locale_of(language)
    if locale.language == "en":  # babel's English is American here: "Tue, Nov 24" (voice.md, rule 5)
        return str(format_date(day, "EEE d MMM y" if with_year else "EEE d MMM", locale="en"))
    pattern = locale.datetime_skeletons["yMMMEd" if with_year else "MMMEd"]
    return str(format_date(day, pattern.pattern, locale=locale))


def _at(value: datetime | str, zone: str = "") -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset, as in 2026-11-24T13:00:00+00:00")
    return moment.astimezone(ZoneInfo(zone) if zone else SPEECH.get().zone)


@pass_context
def day_filter(_: Context, value: date | str) -> str:
    """A filter: a date (or its ISO text, or a moment) as "Tue 24 Nov", with the year if it is another."""
    speech = SPEECH.get()
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    day = _at(value).date() if isinstance(value, datetime) else value
    return _written_day(day, day.year != speech.now.astimezone(speech.zone).year, speech.language)


@pass_context
def moment_filter(context: Context, value: datetime | str, zone: str = "") -> str:
    """A filter: an aware moment (or its ISO text) as "Tue 24 Nov, 14:00" in the reader's zone or `zone`."""
    there = _at(value, zone)
    return f"{day_filter(context, there.date())}, {there:%H:%M}"


@pass_context
def moment_in_filter(context: Context, value: datetime | str) -> str:
    """A filter: an aware moment (or its ISO text) as "Wed 9 Dec, 18:00 in Riga", for a deadline: in the
    reader's zone, which is the alliance's on a card that a whole group reads."""
    city = _city(SPEECH.get().zone.key, SPEECH.get().language)
    return translated(MOMENT_IN, moment=moment_filter(context, value), city=city)


def beside_filter(value: str, other: str) -> str:
    """A filter: "Tue 8 Dec, 14:00 in Lisbon (15:00 CET)": the same moment as others have it, in the brackets
    with the city where a language has that in brackets."""
    return f"{value[:-1]}; {other})" if value.endswith(")") else f"{value} ({other})"


@pass_context
def clock_filter(_: Context, value: datetime | str, zone: str = "") -> str:
    """A filter: the time of an aware moment, as "14:00", in the reader's zone or `zone`."""
    return f"{_at(value, zone):%H:%M}"


@pass_context
def in_zone_filter(context: Context, value: datetime | str, zone: str) -> str:
    """A filter: an aware moment as "Tue 8 Dec, 15:00 CET" in that zone, for what people in several zones
    read. A zone without letters of its own is "UTC+3"."""
    letters = _at(value, zone).strftime("%Z")
    if letters[:1] in ("+", "-"):
        hours, minutes = int(letters[1:3]), letters[3:5]
        letters = f"UTC{letters[0]}{hours}" + (f":{minutes}" if minutes else "")
    return f"{moment_filter(context, value, zone)} {letters}"


@pass_context
def utc_time_filter(context: Context, value: datetime | str, zone: str = "") -> Md:
    """A filter: an aware moment as "14:00 UTC", with its day in front where that is another one in `zone`
    (the reader's unless given). It is a link to the moment: Slack shows it in each reader's own zone."""
    moment = _at(value, "UTC")
    same_day = moment.date() == _at(value, zone).date()
    says = f"{moment:%H:%M} UTC" if same_day else f"{moment_filter(context, moment, 'UTC')} UTC"
    return Md(f"[{printed(says)}](time:{int(moment.timestamp())})")


@lru_cache(maxsize=1024)
def _city(zone: str, language: str) -> str:
    try:
        return str(get_timezone_location(zone, locale=locale_of(language), return_city=True))
    except LookupError:
        return zone.rpartition("/")[2].replace("_", " ")


@pass_context
def zone_city_filter(_: Context, zone: str) -> str:
    """A filter: "Lisbon" for "Europe/Lisbon"."""
    return _city(zone, SPEECH.get().language)


@pass_context
def listing_filter(_: Context, values: Iterable[Any]) -> Md:
    """A filter: several values as "A, B and C"."""
    locale = locale_of(SPEECH.get().language)
    british = Locale("en", "GB") if locale.language == "en" else locale  # no comma before the "and"
    return Md(format_list([printed_aloud(value) for value in values], locale=british))


@pass_context
def labelled_filter(_: Context, what: Any, words: Any) -> Md:
    """A filter: "Quorum: a third of the members", with the space before the colon that French has."""
    return trans(LABELLED, what=what, words=words)


@pass_context
def article_filter(_: Context, reference: str) -> str:
    """A filter: where the charter says so, "Art. 2(1)" or "Preamble", as the reader's language cites it."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return translated(reference)
    given = {name: number for name, number in found.groupdict().items() if number}
    return translated(PARAGRAPH if "paragraph" in given else ARTICLE, **given)


@pass_context
def number_filter(_: Context, value: float) -> str:
    """A filter: 1,234 as the reader's language writes it."""
    return str(format_decimal(value, locale=locale_of(SPEECH.get().language)))


def first_line_filter(value: str) -> Md:
    """A filter: the first line of a text that is Markdown already, as what a digest says of a message."""
    lines = (line.strip() for line in value.splitlines())
    return Md(next(filter(None, lines), ""))


@pass_context
def inside_filter(_: Context, value: str) -> str:
    """A filter: a label as it stands inside a sentence: small, but in German, whose nouns are not."""
    label = str(aloud(value))
    return label if SPEECH.get().language.startswith("de") else label[:1].lower() + label[1:]


FILTERS: dict[str, Callable[..., str]] = {
    "day": day_filter,
    "moment": moment_filter,
    "moment_in": moment_in_filter,
    "beside": beside_filter,
    "clock": clock_filter,
    "in_zone": in_zone_filter,
    "utc_time": utc_time_filter,
    "zone_city": zone_city_filter,
    "listing": listing_filter,
    "labelled": labelled_filter,
    "article": article_filter,
    "number": number_filter,
    "first_line": first_line_filter,
    "inside": inside_filter,
}
