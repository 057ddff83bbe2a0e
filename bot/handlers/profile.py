"""What the bot knows about a person, and the two things they change most: language and time zone."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from bot.commands import N_, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.entering import language_name
from bot.handlers.invitations import title_of
from bot.handlers.linking import label_of
from bot.messages import LANGUAGES, Ask, Button, Choice, Reply

# Each by its name in all of them, for whoever has to find theirs in somebody else's.
OFFERED = tuple(
    OneChoice(tag, own, tuple(language_name(tag, reader) for reader in LANGUAGES))
    for tag, own in LANGUAGES.items()
)
# The other names that IANA lists are abbreviations and old spellings.
REGIONS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)
LIKE_ENOUGH = 0.75
MOST_ZONES = 4  # offered when a word fits several
MOST_TAPS = 8  # offered when nothing fits: the zones of the alliance's own organisations

LANGUAGE_AND_ZONE = (Button(N_("Language"), "language"), Button(N_("Time zone"), "timezone"))


@command(
    "profile",
    N_("What I know about you: roles, language, time zone, accounts"),
    example="/profile",
    reads=True,
)
def profile(ctx: Context) -> Reply:
    """Organisations and roles, language, zone and linked accounts, each a tap from being changed."""
    ctx.in_private()
    person = ctx.person
    values = {
        "name": person.name,
        "roles": [
            {"role": title_of(ctx, role.role), "organisation": ctx.short_name(role.organisation)}
            for role in ctx.roles
        ],
        "language": language_name(person.language, ctx.language),
        "zone": person.zone,
        "accounts": [label_of(linked) for linked in ctx.store.accounts.of_person(person.id)],
    }
    more = (
        Button(N_("What I send you"), "notify"),
        Button(N_("Privacy notice"), "privacy"),
        Button(N_("Leave"), "leave"),
    )
    return Reply("profile", values, (*LANGUAGE_AND_ZONE, *more))


@command("language", N_("Choose the language I use with you"), example="/language English")
def language(
    ctx: Context,
    language: Annotated[str, OneOf(OFFERED, ask=N_("Which language suits you?"), label=N_("Language"))],
) -> Reply:
    """Remember the language."""
    ctx.store.persons.change(ctx.person.id, language=language)
    ctx.speak(language)
    taps = (Button(N_("Profile"), "profile"),)
    return Reply("language_set", {"text": LANGUAGES[language]}, taps, replace=True)


@command("timezone", N_("Choose the time zone I use with you"), example="/timezone Lisbon")
def timezone(
    ctx: Context,
    zone: Annotated[
        str,
        Text(
            ask=N_("Which city's time do you live by?"),
            hint=N_("Lisbon, Riga, Europe/Paris …"),
            label=N_("City"),
        ),
    ],
) -> Reply:
    """Remember the zone by its city or IANA name. Raises Ask where several fit, or none."""
    zones = zones_named(zone)
    if len(zones) != 1:
        near = zones or tuple(dict.fromkeys(one.zone for one in ctx.organisations.values()))
        choices = tuple(Choice(_label(name), {"zone": name}) for name in near[:MOST_TAPS])
        raise Ask("zone", "zone_which" if zones else "zone_unknown", choices, text=zone[:80])
    ctx.store.persons.change(ctx.person.id, zone=zones[0])
    values = {"zone": zones[0], "now": ctx.now.isoformat()}
    return Reply("timezone_set", values, (Button(N_("Profile"), "profile"),), replace=True)


def _label(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ")[:20] or zone


def city_of(zone: str) -> str:
    """The city in an IANA name: "America/Argentina/Salta" -> "Salta"."""
    return zone.rpartition("/")[2].replace("_", " ")


def zones_named(text: str) -> tuple[str, ...]:
    """The IANA zones that a city, a part of one or a full name may mean, the likeliest first; one if it is
    clear, at most four, none if nothing is near."""
    wanted = _plain(text)
    by_name, by_city = _zones()
    if found := by_name.get(wanted) or by_city.get(wanted):
        return found[:MOST_ZONES]
    begun = tuple(zone for city, zones in by_city.items() if city.startswith(wanted) for zone in zones)
    if len(wanted) >= 3 and begun:
        return begun[:MOST_ZONES]
    near = get_close_matches(wanted, by_city, n=MOST_ZONES, cutoff=LIKE_ENOUGH)
    return tuple(zone for city in near for zone in by_city[city])[:MOST_ZONES]


@lru_cache(maxsize=1)
def _zones() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    by_name: dict[str, tuple[str, ...]] = {"utc": ("UTC",), "gmt": ("UTC",)}
    by_city: dict[str, tuple[str, ...]] = {}
    for zone in sorted(available_timezones()):
        if zone.partition("/")[0] in REGIONS:
            by_name[_plain(zone)] = (zone,)
            city = _plain(city_of(zone))
            by_city[city] = (*by_city.get(city, ()), zone)
    return by_name, by_city


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
