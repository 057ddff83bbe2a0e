"""An activity that somebody names by its number, or by words of its title."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands import Number, Reading
from bot.commands.values import words_of
from bot.context import Context
from bot.handlers.counting import ASKED_AMONG, short, which_activity
from bot.messages import Ask, Choice

LOOKED_THROUGH = 200  # of an organisation's activities, the last logged first


@dataclass(frozen=True)
class OneActivity(Number):
    """An activity: its number, or the words themselves, which `number_of` finds among the caller's."""

    def read(self, text: str, reading: Reading, option: str) -> int | str:  # type: ignore[override]
        """The number, or the words as they were typed. Raises Refusal for a number that is too big."""
        words = text.strip().lstrip("#")
        return super().read(words, reading, option) if words.isdecimal() else text.strip()


def number_of(ctx: Context, activity: int | str) -> int:
    """The number of the activity that is meant, 0 if none was named. Raises Ask where the words fit none of
    the activities of the caller's organisations, or several."""
    if isinstance(activity, int):
        return activity
    wanted, found = words_of(activity), {}
    for slug in ctx.hats("edit_activities"):
        page, _ = ctx.store.activities.listing(
            organisation=slug, limit=LOOKED_THROUGH, offset=0, with_withdrawn=True, last_logged_first=True
        )
        for one in page:
            title = words_of(one.record.title)
            if wanted and all(any(word.startswith(said) for word in title) for said in wanted):
                found[one.record.id] = one.record.title
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise which_activity(ctx)
    named = tuple(
        Choice(short(title), {"activity": str(number)}) for number, title in list(found.items())[:ASKED_AMONG]
    )
    raise Ask("activity", "activity_which", named, free=False, some=True)
