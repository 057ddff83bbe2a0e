"""One theme of what the bot sends somebody: its pace, its platform, and its kinds one by one."""

from __future__ import annotations

from typing import Annotated, Final

from bot.commands import N_, OneChoice, Text, command
from bot.context import Context
from bot.handlers.notices import DIGEST
from bot.messages import Button, Refusal, Reply, platform_name
from bot.notices import NOTICES, THEMES, Notice, Theme
from bot.rules.attention import Pace
from storage.attention import Chosen

PACE_WORDS: Final[dict[Pace, str]] = {
    "instant": N_("at once"),
    "daily": N_("daily digest"),
    "weekly": N_("weekly digest"),
    # NOTE: after what is sent and a colon: "Votes: off"
    "off": N_("off"),
}
PACE_TAPS: Final[dict[Pace, str]] = {
    "instant": N_("At once"),
    "daily": N_("Daily digest"),
    "weekly": N_("Weekly digest"),
    "off": N_("Switch off"),
}
WAYS: Final = (
    OneChoice("slack", N_("On Slack"), ("slack",)),
    OneChoice("telegram", N_("On Telegram"), ("telegram",)),
    OneChoice("email", N_("By mail"), ("mail", "e-mail", "by e-mail")),
    OneChoice("anywhere", N_("Where I prefer"), ("default", "preferred")),
)
KIND = Annotated[str, Text(hidden=True)]
ALL = Button(N_("All I send you"), "notify")


def page(ctx: Context, about: str) -> Reply:
    """A theme as it comes, and what can be chosen for it. What they said yes to comes also when it is off."""
    theme = _theme(about)
    chosen = ctx.store.attention.of(ctx.person.id).get(theme.key, Chosen())
    stopped = _stopped(ctx)
    kinds = kinds_of(theme.key)
    values = {
        "title": theme.title,
        "summary": theme.summary,
        "pace": chosen.pace,
        "pace_words": PACE_WORDS[chosen.pace],
        "platform": platform_name(chosen.platform),
        "stopped": [ctx.translate(one.title) for one in kinds if one.kind in stopped],
        "promised": [
            ctx.translate(one.title) for one in kinds if one.counts is False and one.kind not in stopped
        ],
    }
    return Reply("notify_theme", values, _taps(ctx, theme, chosen, kinds), replace=True)


@command("notify kinds", N_("Stop kinds of messages one by one"), hidden=True)
def notify_kinds(ctx: Context, about: KIND = "", stop: KIND = "", again: KIND = "") -> Reply:
    """Every kind of message of a theme; each tap stops one, or gets it again."""
    theme = _theme(about)
    kinds = kinds_of(theme.key)
    theirs = {one.kind for one in kinds}
    if stop in theirs:
        ctx.store.silenced.stop(ctx.person.id, stop, ctx.now)
    if again in theirs:
        ctx.store.silenced.again(ctx.person.id, again)
    stopped = _stopped(ctx)
    values = {
        "title": theme.title,
        "kinds": [{"title": one.title, "stopped": one.kind in stopped} for one in kinds],
    }
    taps = (_kind_tap(ctx, theme, at, one, stopped) for at, one in enumerate(kinds, 1))
    back = Button(N_("Back"), "notify", {"about": theme.key})
    return Reply("notify_kinds", values, (*taps, back), replace=True)


def kinds_of(theme: str) -> tuple[Notice, ...]:
    """The kinds of notice of a theme that can be stopped."""
    return tuple(
        one for one in NOTICES.values() if one.theme == theme and one.stoppable and one.kind != DIGEST
    )


def platforms_of(ctx: Context) -> tuple[tuple[str, str], ...]:
    """The platforms on which somebody can be written to, each with its name, the preferred one first."""
    accounts = ctx.store.accounts.of_person(ctx.person.id)
    names = dict.fromkeys(one.account.platform for one in accounts)
    return tuple((name, platform_name(name)) for name in names)


def titled(ctx: Context, about: str) -> str:
    """How a theme is called on a button; everything for none."""
    found = next((theme.title for theme in THEMES if theme.key == about), N_("Everything"))
    return ctx.translate(found)


def _taps(ctx: Context, theme: Theme, chosen: Chosen, kinds: tuple[Notice, ...]) -> tuple[Button, ...]:
    paces = (
        Button(label, "notify", {"about": theme.key, "how": pace})
        for pace, label in PACE_TAPS.items()
        if pace != chosen.pace
    )
    platforms = [platform for platform, _ in platforms_of(ctx)]
    ways = [*platforms, "anywhere"] if len(platforms) > 1 else []
    now = chosen.platform or "anywhere"
    where = (
        Button(one.label, "notify", {"about": theme.key, "how": one.value})
        for one in WAYS
        if one.value in ways and one.value != now
    )
    each = (Button(N_("One by one"), "notify kinds", {"about": theme.key}),) if kinds else ()
    return (*paces, *where, *each, ALL)


def _kind_tap(ctx: Context, theme: Theme, at: int, one: Notice, stopped: frozenset[str]) -> Button:
    label, does = (N_("Get {number}"), "again") if one.kind in stopped else (N_("Stop {number}"), "stop")
    numbered = ctx.translate(label).replace("{number}", str(at))
    return Button(numbered, "notify kinds", {"about": theme.key, does: one.kind})


def _stopped(ctx: Context) -> frozenset[str]:
    return frozenset(ctx.store.silenced.kinds(ctx.person.id))


def _theme(about: str) -> Theme:
    found = next((theme for theme in THEMES if theme.key == about), None)
    if found is None:
        raise Refusal("button_old", buttons=(ALL,))
    return found
