"""After it went out: put right everywhere, taken back, or sent again where it failed (section 4)."""

from __future__ import annotations

from typing import Annotated

from bot.broadcasts.confirming import asks_second, await_again
from bot.broadcasts.mending import (
    behind,
    correct_by_mail,
    fix,
    mail_readers,
    retry,
    take_back,
    tell_withdrawn,
)
from bot.broadcasts.standing import found_broadcast, how_far
from bot.broadcasts.text import difference
from bot.commands import N_, LongText, Text, command
from bot.context import Context
from bot.handlers.announcing.answers import described, numbered, open_tap
from bot.handlers.announcing.pieces import LONGEST, fixed_in_pieces, is_piece
from bot.handlers.announcing.preview import NUMBER
from bot.handlers.announcing.progress import opened
from bot.handlers.announcing.sending import awaited
from bot.handlers.announcing.writing import in_a_form, which_language
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.broadcasts.values import Broadcast

LONGEST_NOTE = 300  # characters of a correction
LEAVE_IT = N_("Leave it")  # the tap that changes nothing
HIDDEN = Annotated[str, Text(hidden=True)]
TEXT = Annotated[str, LongText(ask=N_("What should it say?"), label=N_("Text"), most=LONGEST)]
JUST_FIX = Choice(N_("Just fix it"), {"how": "fix"})
SAY_SO = Choice(N_("Fix and say so"), {"how": "say"})
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
    line that says so: an edit tells nobody, so what matters is also said. Before anybody has it, a second
    person agrees to the new text where one is asked for."""
    broadcast = _out(ctx, number)
    language = which_language(ctx, broadcast, language)
    before = broadcast.texts[language]
    if not text:
        told, given = {**described(ctx, broadcast), "text": before}, in_a_form(ctx, before, language)
        raise Ask("text", "announce_fix_ask", prefill=given, way_out=LEAVE_IT, **told)
    if is_piece(ctx):
        return fixed_in_pieces(ctx, broadcast, language, text)
    if text == before:
        raise Refusal("announcement_same", "text", buttons=(open_tap(broadcast),))
    _, counts = how_far(ctx, broadcast)
    is_out = bool(counts.out)
    if how != "fix" and not (is_out and note):
        raise _how(ctx, broadcast, difference(before, text), how if is_out else "", is_out=is_out)
    fixed = fix(ctx, broadcast, language, text, note)
    if not fixed.is_out and broadcast.state == "sending" and asks_second(ctx):
        return awaited(ctx, *await_again(ctx, fixed.broadcast), fixed=True)
    mails = len(behind(ctx, fixed.broadcast))
    values = {"count": fixed.edited, "note": note, "is_out": fixed.is_out, "mails": mails}
    values |= described(ctx, fixed.broadcast)
    return Reply("announce_fixed", values, _next(fixed.broadcast, mails), replace=True)


@command("announcement mail", N_("Correct an announcement by mail"), may="announce", hidden=True)
def announcement_mail(ctx: Context, number: NUMBER, note: NOTE = "") -> Reply:
    """A mail can't be edited: who has it as one gets another. Raises Ask for what it says."""
    broadcast = _out(ctx, number)
    if not note:
        values = {**described(ctx, broadcast), "mails": len(mail_readers(ctx, broadcast))}
        raise Ask("note", "announce_mail_ask", way_out=LEAVE_IT, **values)
    values = {**described(ctx, broadcast), "mails": correct_by_mail(ctx, broadcast, note)}
    return Reply("announce_mailed", values, (open_tap(broadcast),), replace=True)


@command(
    "announcement take back", N_("Take an announcement back, everywhere"), may="announce", hidden=True,
    suggested=False,
)  # fmt: skip
def announcement_take_back(ctx: Context, number: NUMBER, sure: HIDDEN = "") -> Reply:
    """In two taps. Raises Ask for the second one, which says where it will remain."""
    broadcast = _out(ctx, number)
    mails = len(mail_readers(ctx, broadcast))
    if sure != "yes":
        _, counts = how_far(ctx, broadcast)
        values = {**described(ctx, broadcast), "count": counts.sent, "mails": mails}
        ways = (Choice(N_("Yes, take it back"), {"sure": "yes"}),)
        raise Ask("", "announce_take_back_sure", ways, free=False, way_out=LEAVE_IT, **values)
    gone = take_back(ctx, broadcast)
    tell = Button(N_("Tell by mail"), "announcement tell", numbered(gone))
    taps = (*((tell,) if mails else ()), open_tap(gone))
    return Reply("announce_taken_back", {**described(ctx, gone), "mails": mails}, taps, replace=True)


@command(
    "announcement tell", N_("Say by mail that an announcement was taken back"), may="announce", hidden=True
)
def announcement_tell(ctx: Context, number: NUMBER) -> Reply:
    """A mail can't be taken back: who has it as one reads in another that it was, once."""
    broadcast = found_broadcast(ctx, number, lock=True)
    if broadcast.state != "retracted":
        return opened(ctx, broadcast)
    values = {**described(ctx, broadcast), "count": tell_withdrawn(ctx, broadcast)}
    return Reply("announce_told", values, (open_tap(broadcast),), replace=True)


@command("announcement retry", N_("Send an announcement again where it failed"), may="announce", hidden=True)
def announcement_retry(ctx: Context, number: NUMBER) -> Reply:
    """Only where it is known that it did not arrive: the message, its last fix, or its being taken back."""
    broadcast = found_broadcast(ctx, number, lock=True)
    if broadcast.state != "retracted":
        broadcast = _out(ctx, number)
    count, changes = retry(ctx, broadcast)
    return Reply(
        "announce_retried",
        {**described(ctx, broadcast), "count": count, "changes": changes},
        (open_tap(broadcast),),
        replace=True,
    )


def _how(ctx: Context, broadcast: Broadcast, changes: str, how: str, *, is_out: bool) -> Ask:
    """Whether everybody is told, with what changes before their eyes; then the line that they read."""
    if how == "say":
        return Ask("note", "announce_fix_note", way_out=LEAVE_IT, **described(ctx, broadcast))
    mails = len(mail_readers(ctx, broadcast))
    _, counts = how_far(ctx, broadcast)
    told = {
        **described(ctx, broadcast),
        "difference": changes,
        "count": max(0, counts.out - counts.folded - mails),
        "mails": mails,
        "is_out": is_out,
        "second": not is_out and asks_second(ctx),
    }
    ways = (JUST_FIX, SAY_SO) if is_out else (JUST_FIX,)
    return Ask("", "announce_fix_sure", ways, free=False, way_out=LEAVE_IT, **told)


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
