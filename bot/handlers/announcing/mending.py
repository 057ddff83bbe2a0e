"""After it went out: put right everywhere, taken back, or sent again where it failed (section 4)."""

from __future__ import annotations

from typing import Annotated

from bot import batches
from bot.broadcasts.mending import correct_by_mail, fix, mail_readers, take_back
from bot.broadcasts.standing import batch_of, found_broadcast, how_far
from bot.broadcasts.text import difference
from bot.commands import N_, LongText, Text, command
from bot.context import Context
from bot.handlers.announcing.answers import described, numbered, open_tap
from bot.handlers.announcing.preview import NUMBER
from bot.handlers.announcing.progress import opened
from bot.handlers.announcing.writing import LONGEST, which_language
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.broadcasts.values import Broadcast

LONGEST_NOTE = 300  # characters of a correction
HIDDEN = Annotated[str, Text(hidden=True)]
TEXT = Annotated[str, LongText(ask=N_("What should it say?"), label=N_("Text"), most=LONGEST)]
JUST_FIX = Choice(N_("Just fix it"), {"how": "fix"})
SAY_SO = Choice(N_("Fix and say so"), {"how": "say"})
LEAVE = Choice(N_("Leave it"), {"how": "back"})
NOTE = Annotated[
    str,
    Text(
        ask=N_("What was wrong, in one line?"), label=N_("Correction"), most=LONGEST_NOTE,
        hint=N_("Everybody who has it reads this. Leave it empty to fix it quietly."),
    ),
]  # fmt: skip


@command("announcement fix", N_("Fix what an announcement says, everywhere"), may="announce", hidden=True)
def announcement_fix(
    ctx: Context, number: NUMBER, text: TEXT = "", note: NOTE = "", language: HIDDEN = "", how: HIDDEN = ""
) -> Reply:
    """One action fixes every copy. Raises Ask for the text, then for a look at the difference, then for the
    line that says so: an edit tells nobody, so what matters is also said."""
    broadcast = _out(ctx, number)
    if how == "back":
        return opened(ctx, broadcast)
    language = which_language(ctx, broadcast, language)
    before = broadcast.texts[language]
    if not text:
        told, given = {**described(ctx, broadcast), "text": before}, {"text": before, "language": language}
        raise Ask("text", "announce_fix_ask", (LEAVE,), prefill=given, **told)
    if text == before:
        raise Refusal("announcement_same", "text", buttons=(open_tap(broadcast),))
    _, counts = how_far(ctx, broadcast)
    is_out = bool(counts.sent or counts.attempting or counts.unknown)
    if is_out and not note and how != "fix":
        raise _how(ctx, broadcast, difference(before, text), counts.sent, how)
    fixed = fix(ctx, broadcast, language, text, counts, note)
    mails = batches.uneditable(ctx, batch_of(number)) if is_out and not note else 0
    values = {"count": counts.sent, "note": note, "is_out": is_out, "mails": mails}
    return Reply("announce_fixed", {**described(ctx, fixed), **values}, _next(fixed, mails), replace=True)


@command("announcement mail", N_("Correct an announcement by mail"), may="announce", hidden=True)
def announcement_mail(ctx: Context, number: NUMBER, note: NOTE = "", how: HIDDEN = "") -> Reply:
    """A mail can't be edited: who has it as one gets another. Raises Ask for what it says."""
    broadcast = _out(ctx, number)
    if how == "back":
        return opened(ctx, broadcast)
    if not note:
        values = {**described(ctx, broadcast), "mails": len(mail_readers(ctx, broadcast))}
        raise Ask("note", "announce_mail_ask", (LEAVE,), **values)
    values = {**described(ctx, broadcast), "mails": correct_by_mail(ctx, broadcast, note)}
    return Reply("announce_mailed", values, (open_tap(broadcast),), replace=True)


@command(
    "announcement take back", N_("Take an announcement back, everywhere"), may="announce", hidden=True,
    suggested=False,
)  # fmt: skip
def announcement_take_back(ctx: Context, number: NUMBER, sure: HIDDEN = "") -> Reply:
    """In two taps. Raises Ask for the second one, which says where it will remain."""
    broadcast = _out(ctx, number)
    if sure == "no":
        return opened(ctx, broadcast)
    _, counts = how_far(ctx, broadcast)
    if sure != "yes":
        mails = batches.uneditable(ctx, batch_of(number))
        values = {**described(ctx, broadcast), "count": counts.sent, "mails": mails}
        ways = (Choice(N_("Yes, take it back"), {"sure": "yes"}), Choice(N_("Leave it"), {"sure": "no"}))
        raise Ask("", "announce_take_back_sure", ways, free=False, **values)
    gone = take_back(ctx, broadcast)
    return Reply("announce_taken_back", described(ctx, gone), (open_tap(gone),), replace=True)


@command("announcement retry", N_("Send an announcement again where it failed"), may="announce", hidden=True)
def announcement_retry(ctx: Context, number: NUMBER) -> Reply:
    """Only those of which it is known that they did not arrive."""
    broadcast = _out(ctx, number)
    count = batches.again(ctx, batch_of(number)) if broadcast.state == "sending" else 0
    return Reply(
        "announce_retried",
        {**described(ctx, broadcast), "count": count},
        (open_tap(broadcast),),
        replace=True,
    )


def _how(ctx: Context, broadcast: Broadcast, changes: str, count: int, how: str) -> Ask:
    """Whether everybody is told, with what changes before their eyes; then the line that they read."""
    if how == "say":
        return Ask("note", "announce_fix_note", (LEAVE,), **described(ctx, broadcast))
    told = {**described(ctx, broadcast), "difference": changes, "count": count}
    return Ask("", "announce_fix_sure", (JUST_FIX, SAY_SO, LEAVE), free=False, **told)


def _next(fixed: Broadcast, mails: int) -> tuple[Button, ...]:
    by_mail = Button(N_("Correct by mail"), "announcement mail", numbered(fixed))
    return (*((by_mail,) if mails else ()), open_tap(fixed))


def _out(ctx: Context, number: int) -> Broadcast:
    """An announcement that somebody confirmed and nobody took back. Raises Refusal for another one."""
    broadcast = found_broadcast(ctx, number, lock=True)
    if broadcast.state not in ("sending", "stopped") or broadcast.confirmed_at is None:
        show = Button(N_("Show it"), "announcement", numbered(broadcast))
        raise Refusal("announcement_not_out", buttons=(show,), **described(ctx, broadcast))
    return broadcast
