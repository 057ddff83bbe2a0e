"""What people say under an announcement: in a chat it stays there, in private it can be passed on."""

from __future__ import annotations

import zlib
from typing import Annotated

from bot.commands import N_, Text, command, one_line
from bot.context import Context
from bot.handlers.announcing.answers import described, name_of, numbered, open_tap, organisations_by_person
from bot.handlers.announcing.preview import NUMBER
from bot.messages import Button, Reply
from bot.notices import told

LONGEST_WORDS = 3000
PASSED_ON = 500  # characters; more is a letter, and no line of a digest
WORDS = Annotated[str, Text(hidden=True, most=LONGEST_WORDS)]
ANSWERED = told(
    "announcement answered",
    N_("Answers to announcements"),
    N_("You get this because you may send announcements."),
    theme="announcements",
)


@command("said on announcement", N_("A reply to an announcement"), hidden=True)
def said_on_announcement(ctx: Context, key: NUMBER, words: WORDS = "") -> Reply:
    """Talk under an announcement stays where it is said; in private nobody else reads it, so it can be passed
    on to whoever announced."""
    found = ctx.store.broadcasts.get(key) if words and ctx.place.kind == "direct" else None
    if found is None or found.created_by == ctx.person.id:
        return Reply("")
    taps = (Button(N_("Pass it on"), "announcement pass on", {**numbered(found), "words": words}),)
    can = len(words) <= PASSED_ON and ctx.reached(found.created_by) is not None
    return Reply("announce_unread", {"author": name_of(ctx, found.created_by)}, taps if can else ())


@command("announcement pass on", N_("Pass an answer on to whoever announced"), hidden=True)
def announcement_pass_on(ctx: Context, number: NUMBER, words: WORDS) -> Reply:
    """Whoever announced it is told these words, once, and by whom."""
    found = ctx.store.broadcasts.get(number)
    author = found.created_by if found is not None else 0
    if found is not None:
        organisation = organisations_by_person(ctx).get(ctx.person.id, "")
        values = {"who": ctx.person.name, "organisation": organisation, "words": one_line(words)}
        key = f"announcement answered:{number}:{ctx.person.id}:{zlib.crc32(words.encode()):08x}"
        ctx.tell(
            (author,),
            "announcement_answered",
            key,
            {**described(ctx, found), **values},
            (open_tap(found),),
            kind=ANSWERED,
        )
    return Reply("announce_passed_on", {"author": name_of(ctx, author)}, replace=True)
