"""How the newsletter speaks: what is found for it is written down once, in the alliance's own language,
whoever makes the edition."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from bot.context import Context
from bot.templating.wording import ended_once, locale_of


def say(ctx: Context, message: str) -> str:
    """A phrase in the alliance's language."""
    return ctx.translate_to(message, ctx.charter.alliance.language)


def filled(ctx: Context, message: str, given: dict[str, str]) -> str:
    """A phrase in the alliance's language with what stands in it."""
    said = say(ctx, message)
    return ended_once(said, given) % given


def written_day(ctx: Context, day: date) -> str:
    """A day with its year, for what is read for years."""
    language = ctx.charter.alliance.language
    pattern = "d MMMM y" if language.split("-")[0] == "en" else "long"
    return format_date(day, pattern, locale=locale_of(language))
