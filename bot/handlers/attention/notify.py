"""What the bot sends somebody: how often, where, in which hours, and what it cost them this month."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time
from typing import Annotated, Any, Final, cast
from zoneinfo import ZoneInfo

from bot.commands import N_, OneChoice, OneOf, command
from bot.context import Context
from bot.handlers.attention.anew import anew
from bot.handlers.attention.away import way_back
from bot.handlers.attention.themes import PACE_WORDS, WAYS, page, platforms_of, titled
from bot.messages import Ask, Button, Choice, Refusal, Reply, platform_name
from bot.notices import NOTICES, THEMES
from bot.people.waking import noted_absence, waking_of
from bot.rules.attention import PACES, Pace
from bot.rules.clocks import first_moment
from storage.attention import Absence, Chosen
from storage.persons import Person

EVERYTHING: Final = "everything"
DIGESTS: Final[tuple[Pace, ...]] = ("daily", "weekly")
AUGUST: Final = "quiet august"
NO_AUGUST: Final = "august as usual"
OTHER_WORDS: Final = {
    "votes": ("vote", "voting", "motions", "motion"),
    "events": ("event",),
    "activities": ("activity",),
    "indicators": ("indicator", "targets"),
    "newsletter": ("newsletters", "news"),
    "announcements": ("announcement",),
    "alliance": ("members",),
}
ABOUT = (
    *(OneChoice(theme.key, theme.title, OTHER_WORDS.get(theme.key, ())) for theme in THEMES),
    OneChoice(EVERYTHING, N_("Everything"), ("all",)),
    OneChoice(AUGUST, N_("Quiet August"), ("august", "august off")),
    OneChoice(NO_AUGUST, N_("August as usual"), ("no quiet august", "august on", "quiet august off")),
)
HOW = (
    OneChoice("instant", N_("At once"), ("at once", "now", "immediately", "instantly", "on")),
    OneChoice("daily", N_("Daily digest"), ("every day", "digest")),
    OneChoice("weekly", N_("Weekly digest"), ("every week",)),
    OneChoice("off", N_("Switch off"), ("never", "none", "stop", "mute")),
    *WAYS,
)


@command(
    "notify",
    N_("What I send you: how often, where, and when I keep quiet"),
    example="/notify events daily",
    aliases=("notifications",),
)
def notify(
    ctx: Context,
    about: Annotated[str, OneOf(ABOUT, label=N_("About what"))] = "",
    how: Annotated[str, OneOf(HOW, label=N_("How"))] = "",
) -> Reply:
    """All of it in one message; with a theme that theme; with a pace or a platform that is chosen
    (spec/engagement.md section 2). Raises Ask for a pace without a theme, Refusal for a platform on which
    they are not."""
    ctx.in_private()
    if about in (AUGUST, NO_AUGUST):
        ctx.store.attention.set_quiet_august(ctx.person.id, about == AUGUST, ctx.now)
        anew(ctx)
        return overview(ctx)
    if how and how not in PACES:
        return _on_platform(ctx, about, how)
    if how and not about:
        choices = tuple(Choice(titled(ctx, key), {"about": key}) for key in (EVERYTHING, *_keys()))
        raise Ask("about", "question", choices, question=N_("About what?"), hint="")
    if not how:
        return overview(ctx) if about in ("", EVERYTHING) else page(ctx, about)
    chosen = ctx.store.attention.of(ctx.person.id)
    for theme in _meant(about):
        pace = Chosen(cast(Pace, how), chosen.get(theme, Chosen()).platform)
        ctx.store.attention.choose(ctx.person.id, theme, pace, ctx.now)
    anew(ctx)
    return overview(ctx) if about == EVERYTHING else page(ctx, about)


def overview(ctx: Context) -> Reply:
    """What they get, each theme a tap from being changed."""
    person, absence = ctx.person, noted_absence(ctx, ctx.person.id)
    deputy = ctx.store.persons.get(absence.deputy) if absence and absence.deputy else None
    values = {
        **_themes(ctx),
        "platforms": [name for _, name in platforms_of(ctx)],
        **_quiet(ctx, person),
        "stopped": _stopped(ctx),
        "away_until": absence.until.isoformat() if absence else "",
        "away_from": absence.begins.isoformat() if absence and absence.begins else "",
        "deputy": deputy.name if deputy else "",
        **_month(ctx, person),
    }
    return Reply("notify", values, _taps(ctx, absence), replace=True)


def _themes(ctx: Context) -> dict[str, Any]:
    """How most of it comes (`rest`), the themes that come otherwise (`others`), and whether any
    waits for a digest (`digests`)."""
    chosen = ctx.store.attention.of(ctx.person.id)
    ways = {theme: chosen.get(theme.key, Chosen()) for theme in THEMES}
    most, _ = Counter(ways.values()).most_common(1)[0]
    return {
        "rest": _way(most),
        "digests": any(way.pace in DIGESTS for way in ways.values()),
        "others": [{"title": theme.title, **_way(way)} for theme, way in ways.items() if way != most],
    }


def _way(chosen: Chosen) -> dict[str, str]:
    return {"pace": PACE_WORDS[chosen.pace], "platform": platform_name(chosen.platform)}


def _quiet(ctx: Context, person: Person) -> dict[str, Any]:
    """When they are written to, and how much."""
    waking, limits = waking_of(ctx, person.id), ctx.charter.attention
    return {
        "quiet": limits.quiet,
        "opens": f"{waking.opens:%H:%M}",
        "closes": f"{waking.closes:%H:%M}",
        "zone": waking.zone,
        "quiet_august": ctx.store.attention.quiet_august(person.id),
        "a_day": limits.a_day,
        "a_week": limits.a_week,
    }


def _month(ctx: Context, person: Person) -> dict[str, int]:
    """How many messages that nobody asked for came this month, by their own clocks, and how many that they
    asked for or that their own yes promised (section 9.6)."""
    zone = ZoneInfo(waking_of(ctx, person.id).zone)
    first = ctx.now.astimezone(zone).date().replace(day=1)
    since = first_moment(datetime.combine(first, time()), zone)
    sent = ctx.store.deliveries.sent_to(person.id, since)
    return {"unasked": sent.get(True, 0), "chosen": sent.get(False, 0)}


def _stopped(ctx: Context) -> list[str]:
    kinds = ctx.store.silenced.kinds(ctx.person.id)
    return [ctx.translate(NOTICES[kind].title) for kind in kinds if kind in NOTICES]


def _taps(ctx: Context, absence: Absence | None) -> tuple[Button, ...]:
    themes = (Button(theme.title, "notify", {"about": theme.key}) for theme in THEMES)
    write_on = ctx.translate(N_("Write on {platform}"))
    elsewhere = (
        Button(write_on.replace("{platform}", name), "notify", {"how": platform})
        for platform, name in platforms_of(ctx)[1:]
    )
    is_quiet = ctx.store.attention.quiet_august(ctx.person.id)
    august = (
        Button(N_("August as usual"), "notify", {"about": NO_AUGUST})
        if is_quiet
        else Button(N_("Quiet August"), "notify", {"about": AUGUST})
    )
    away = Button(N_("I'll be away"), "away") if absence is None else way_back(absence)
    return (*themes, *elsewhere, august, away)


def _on_platform(ctx: Context, about: str, how: str) -> Reply:
    """A theme, or all that somebody is told, comes on another platform from now on. Raises Refusal where
    they are not."""
    platform = "" if how == "anywhere" else how
    there = [one for one in ctx.store.accounts.of_person(ctx.person.id) if one.account.platform == platform]
    if platform and not there:
        ways = (Button(N_("Link another"), "link"), Button(N_("What I send you"), "notify"))
        raise Refusal("notify_not_there", buttons=ways, platform=platform_name(platform))
    if not about and platform:
        ctx.store.accounts.prefer(there[0].account_id, ctx.person.id)
        return overview(ctx)
    chosen = ctx.store.attention.of(ctx.person.id)
    for theme in _meant(about or EVERYTHING):
        there_now = replace(chosen.get(theme, Chosen()), platform=platform)
        ctx.store.attention.choose(ctx.person.id, theme, there_now, ctx.now)
    return overview(ctx) if about in ("", EVERYTHING) else page(ctx, about)


def _meant(about: str) -> tuple[str, ...]:
    return _keys() if about == EVERYTHING else (about,)


def _keys() -> tuple[str, ...]:
    return tuple(theme.key for theme in THEMES)
