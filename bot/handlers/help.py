"""Help, all of it made from the declarations; and the first word in a direct chat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from bot.commands import N_, REGISTRY, Command, Text, command, shown_lead
from bot.commands.everyday_words import everyday_name
from bot.context import Context
from bot.handlers.entering import invitation_shown
from bot.handlers.strangers import ways_in
from bot.messages import Button, Refusal, Reply, short_tag
from bot.rules.membership import first_name

SIX = 6  # what a member is shown at first (spec/engagement.md section 10)
FIRST = (
    "log",
    "todo",
    "events",
    "vote",
    "indicators",
    "notify",
    "motions",
    "rsvp",
    "activities",
    "charter",
    "people",
    "profile",
    "link",
    "privacy",
)
FIRST_COORDINATING = ("jobs", "invite all", "call assembly", "enter ballot", "record decision")
EVERYTHING = ("all", "everything")
SPOKEN_THROUGH = {"slack": "/alliance "}  # for words without a slash command of their own; "/" elsewhere
JOINED_BY = {"telegram": "_"}  # one word is all that its commands take

MORE = Button(N_("All commands"), "help", {"all": "yes"})


@command("help", N_("What you can do here"), may="anybody", example="/help log", reads=True)
def help_(
    ctx: Context,
    about: Annotated[str, Text(label=N_("Command"))] = "",
    all_: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """Six commands for a member, the ways in for a stranger, or everything about one command. A coordinator
    is also told the names of what only coordinators have.

    Raises Refusal for a command that does not exist."""
    if about and about.casefold() not in EVERYTHING:
        return _about(ctx, about)
    if ctx.identity.person is None:
        return ways_in(ctx)
    may = [declared for declared in REGISTRY.all() if not declared.hidden and _allowed(ctx, declared)]
    if all_ or about:
        return Reply(
            "help_all", {"commands": [_line(ctx, one) for one in sorted(may, key=lambda one: one.name)]}
        )
    first = sorted((one for one in may if one.name in FIRST), key=lambda one: FIRST.index(one.name))
    values = {
        "commands": [_line(ctx, declared) for declared in first[:SIX]],
        "coordinating": ", ".join(
            shown(one, ctx.place.platform, ctx.language)
            for one in sorted(_only_coordinators(ctx, may), key=_place_of)
            if one.name in FIRST_COORDINATING
        ),
    }
    return Reply("help", values, (MORE,))


def _about(ctx: Context, about: str) -> Reply:
    declared, _ = REGISTRY.find(about)
    if declared is None or declared.hidden:
        nearest = REGISTRY.suggest(about) or ""
        ways = (Button(N_("Yes, that one"), "help", {"about": nearest}),) if nearest else ()
        raise Refusal("command_unknown", buttons=(*ways, MORE), word=about[:40], nearest=nearest)
    called = shown(declared, ctx.place.platform, ctx.language)
    example = called + declared.example.removeprefix(f"/{declared.name}")
    values = {
        **_line(ctx, declared),
        "example": example,
        "usage": " ".join((called, *_usage(ctx, declared))),
    }
    return Reply("help_command", values, (MORE,))


def _line(ctx: Context, declared: Command) -> dict[str, str]:
    called = shown(declared, ctx.place.platform, ctx.language)
    return {"name": called, "summary": ctx.translate(declared.summary)}


def _usage(ctx: Context, declared: Command) -> Iterator[str]:
    """What stands in a line, in its order, each after its word: "KIND", "on DAY IT ENDED"."""
    for option in declared.options:
        if not option.kind.hidden:
            lead = shown_lead(option.kind.lead[0], ctx.language) if option.kind.lead else ""
            said = f"{lead} {ctx.translate(option.label).upper()}".strip()
            yield said if option.required else f"({said})"


def _allowed(ctx: Context, declared: Command) -> bool:
    return declared.may in (None, "anybody") or ctx.may(str(declared.may))


def _only_coordinators(ctx: Context, may: list[Command]) -> list[Command]:
    """Those of the caller's commands that no role in an organisation carries, short names first."""
    members = {held for role in ctx.charter.roles if role.scope == "organisation" for held in role.may}
    known = members | {None, "anybody"}
    only = (one for one in may if one.may not in known)
    return sorted(only, key=lambda one: (len(one.name.split()), one.name))


def shown(declared: Command, platform: str, language: str) -> str:
    """How a command is typed there, in the reader's language where it has a word for it: "/log", "/noter"; on
    Slack "/alliance profil" where it has no slash command of its own; on Telegram, which takes no accents in
    one, "/end_role"."""
    prefix = "/" if declared.own_slash else SPOKEN_THROUGH.get(platform, "/")
    if platform in JOINED_BY:
        return prefix + declared.name.replace(" ", JOINED_BY[platform])
    slash_there = declared.own_slash and platform in SPOKEN_THROUGH
    return prefix + (declared.name if slash_there else everyday_name(declared.name, short_tag(language)))


@command("start", N_("Open the direct chat"), may="anybody", hidden=True, aliases=("hello", "hi"))
def start(ctx: Context) -> Reply:
    """The direct chat was opened: a welcome back with the next taps, or the ways in."""
    person = ctx.identity.person
    if person is None:
        if (invitation := invitation_shown(ctx)) is not None:
            return invitation
        waiting = ctx.store.drafts.waiting(ctx.account_id)
        return ways_in(ctx, waiting)
    taps = (
        Button(N_("Log something"), "log"),
        Button(N_("My list"), "activities", {"view": "mine"}),
        Button(N_("Help"), "help"),
    )
    return Reply("welcome_back", {"name": first_name(person.name)}, taps)


def _place_of(declared: Command) -> int:
    """Where a command stands among those that a coordinator is told of first."""
    known = declared.name in FIRST_COORDINATING
    return FIRST_COORDINATING.index(declared.name) if known else len(FIRST_COORDINATING)
