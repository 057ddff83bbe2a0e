"""The year's figures in an edition: an item with a picture, as they stood when the edition was drafted.

They stand below what they were reached by, for members' eyes like that, unless an editor makes them public
(engagement.md 3.1 and 3.6). What was shown is what goes out: words and picture say their day and stay as
they are (3.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.commands import N_
from bot.context import Context
from bot.newsletter.saying import filled, say, written_day
from bot.newsletter.standing import newsletter_of
from bot.pictures.year import picture_of_year, reached
from bot.rules.indicators import Figure, figure
from bot.rules.newsletter.composing import words_of
from bot.rules.newsletter.values import Item
from bot.templating import escape

EACH = N_("%(label)s: **%(value)s of %(target)s**")
AS_OF = N_("As it stands on %(day)s.")
SHOWN = N_("The alliance in %(year)s; targets reached: %(reached)s of %(total)s.")
SHOWN_EACH = N_("%(label)s: %(value)s of %(target)s (%(confirmed)s confirmed, %(logged)s logged)")


def year_in_figures(ctx: Context, items: Iterable[Item], room: int) -> tuple[Item, ...]:
    """The figures of the year in which the latest activity among these items counts, as an item whose picture
    is kept; none without an activity, where an edition told the same figures before, or where they take more
    than so many words."""
    zone = ZoneInfo(ctx.charter.alliance.zone)
    days = [one.at.astimezone(zone).date() for one in items if one.source == "activity"]
    if not days:
        return ()
    year = ctx.charter.year_of(max(days))
    shown = _figures(ctx, year)
    key = ":".join([str(year), *(str(one.value) for one in shown)])
    if not any(one.value for one in shown) or ctx.store.news.told("indicators", key) is not None:
        return ()
    item, as_of = _in_words(ctx, year, shown, key)
    if words_of(item) > room:
        return ()
    return (replace(item, media=_kept(ctx, year, shown, as_of)),)


def still_reached(ctx: Context, item: Item) -> bool:
    """Whether everything that an item tells of as reached still counts."""
    year, *told = map(int, item.key.split(":"))
    now = [one.value for one in _figures(ctx, year)]
    return len(now) == len(told) and all(there >= then for there, then in zip(now, told, strict=True))


def room_left(ctx: Context, items: Iterable[Item], intro_words: int) -> int:
    """How many words more an edition of these items may have."""
    return newsletter_of(ctx).most_words - intro_words - sum(map(words_of, items))


def _figures(ctx: Context, year: int) -> tuple[Figure, ...]:
    month, day = ctx.charter.year_starts
    first, after = date(year, month, day), date(year + 1, month, day)
    records = [one.record for one in ctx.store.activities.between(first - timedelta(days=1), after)]
    return tuple(figure(one, records, year, ctx.counting_day) for one in ctx.charter.conditions())


def _in_words(ctx: Context, year: int, shown: tuple[Figure, ...], key: str) -> tuple[Item, str]:
    """The item, without its picture, and the day of which it speaks."""
    today = ctx.now.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    as_of = filled(ctx, AS_OF, {"day": written_day(ctx, today)})
    lines = [filled(ctx, EACH, _numbers(ctx, one)) + (" ✓" if one.met else "") for one in shown]
    item = Item(
        source="indicators",
        key=key,
        title=say(ctx, N_("The alliance in {year}")).format(year=year),
        text=f"{'; '.join(lines)}. {as_of}",
        language=ctx.charter.alliance.language,
        at=datetime.combine(today, time(12), UTC),
    )
    return item, as_of


def _kept(ctx: Context, year: int, shown: tuple[Figure, ...], as_of: str) -> int:
    """The number of the picture, kept."""
    head = filled(ctx, SHOWN, {"year": str(year), **{name: str(n) for name, n in reached(shown).items()}})
    each = "; ".join(filled(ctx, SHOWN_EACH, _numbers(ctx, one)) for one in shown)
    drawn = picture_of_year(partial(say, ctx), year, shown, as_of, f"{head} {each}.")
    number = ctx.store.media.want("", drawn.name, drawn.name, drawn.mime, len(drawn.data), None, ctx.now)
    ctx.store.media.keep(number, drawn.data, drawn.name, drawn.mime)
    ctx.store.media.describe(number, drawn.alt)
    return number


def _numbers(ctx: Context, one: Figure) -> dict[str, str]:
    numbers = {"value": one.value, "target": one.condition.target}
    numbers |= {"confirmed": one.confirmed, "logged": one.logged}
    label = escape(say(ctx, one.condition.label))
    return {"label": label, **{name: str(number) for name, number in numbers.items()}}
