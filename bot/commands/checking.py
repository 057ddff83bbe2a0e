"""What a declaration is checked for at import: the limits of both platforms, questions, lead words."""

from __future__ import annotations

import re

from bot.commands.declared import Command, Option

# Slack's own commands: one of them in a manifest makes Slack refuse the whole manifest.
_BUILT_IN = (
    "active apps archive away call collapse dm dnd expand feed feedback files help invite join keys kick "
    "leave me msg mute open part prefs remind remove rename search shortcuts shrug star status topic "
    "trigger unarchive who"
)
SLACK_RESERVED = frozenset(_BUILT_IN.split())
_NAME = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_TELEGRAM = re.compile(r"[a-z0-9_]{1,32}")
_SUMMARY = 100  # characters beside a slash command


class DeclarationError(Exception):
    """A command was declared in a way that cannot work on every surface."""


def check(declared: Command) -> None:
    """Raise DeclarationError unless `declared` can be shown and typed everywhere."""
    for fault in (
        _names(declared) or _wording(declared) or _leads(declared),
        *(_option(option, declared.hidden) for option in declared.options),
    ):
        if fault:
            raise DeclarationError(f"{declared.name}: {fault}")


def _names(declared: Command) -> str:
    for name in (declared.name, *declared.aliases):
        if not _NAME.fullmatch(name) or len(name.split()) > 4:
            return f"{name!r} is not one to four words of small letters and digits"
        if not _TELEGRAM.fullmatch(name.replace(" ", "_")):
            return f"{name!r} is longer than the 32 characters that Telegram takes"
    if declared.own_slash and (declared.name in SLACK_RESERVED or " " in declared.name):
        return "Slack takes no slash command of that name"
    return ""


def _wording(declared: Command) -> str:
    if not 1 <= len(declared.summary) <= _SUMMARY:
        return f"the summary takes 1 to {_SUMMARY} characters"
    begins = re.match(rf"/{re.escape(declared.name)}(?:\s|$)", declared.example)
    if not begins and (declared.example or not declared.hidden):
        return f"the example begins with /{declared.name}"
    return ""


def _leads(declared: Command) -> str:
    seen: set[str] = set()
    for lead in (lead for option in declared.options for lead in option.kind.lead):
        if lead in seen or lead != " ".join(lead.lower().split()) or not lead:
            return f"the lead word {lead!r} stands twice, or is not in small letters"
        seen.add(lead)
    return ""


def _option(option: Option, only_tapped: bool) -> str:
    if option.kind.hidden:
        unreachable = option.required and not only_tapped
        return f"{option.name} is hidden, so it takes a default" if unreachable else ""
    if option.required and not option.kind.ask:
        return f"{option.name} is required, so it takes a question"
    return ""
