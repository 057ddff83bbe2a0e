"""While notice runs: withdrawing a motion, or writing its text anew (spec/decisions.md 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.assembly.effects import put_back
from bot.assembly.settling import changed, settle
from bot.assembly.standing import Standing, standing
from bot.assembly.telling import NEWS, tell_noticed, voters_of
from bot.commands import N_, LongText, Number, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.motions.answers import described, see
from bot.handlers.proposing.amendment import LONGEST_TEXT
from bot.handlers.proposing.kinds import TITLE_QUESTION
from bot.handlers.proposing.preview import again, confirmed, needed, reached
from bot.handlers.proposing.proposing import LONGEST_TITLE, homes_of, told, words_are_free
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.decisions.amending import tidy
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import edit_until, may_edit, may_withdraw

NUMBER = Annotated[int, Number(hidden=True)]
HIDDEN = Annotated[str, Text(hidden=True)]
QUESTIONS = {
    "title": TITLE_QUESTION,
    "text": N_("What is the text to be?"),
}
PARTS = {"title": N_("Title"), "text": N_("Text"), "after": N_("New wording")}


@command("withdraw motion", N_("Withdraw a motion"), may="propose", hidden=True, suggested=False)
def withdraw_motion(ctx: Context, number: NUMBER, sure: HIDDEN = "") -> Reply:
    """Before voting opens, whoever proposed it or the coordinator takes a motion back; whoever got the notice
    is told, and an organisation that was to be admitted again is known as it was before. Raises Refusal once
    voting is open, Ask to be sure."""
    settle(ctx)
    now = _own(ctx, number)
    if not may_withdraw(now.motion, ctx.now):
        raise Refusal("withdraw_too_late", buttons=(see(number),), number=number, phase=now.phase)
    if not sure:
        yes = (Choice(N_("Withdraw it"), {"sure": "yes"}),)
        raise Ask("sure", "withdraw_sure", yes, free=False, number=number, title=now.motion.title)
    motion = ctx.store.motions.write(replace(now.motion, withdrawn_at=ctx.now))
    put_back(ctx, motion)
    changed(ctx, motion)
    by = motion.organisation if _is_proposer(ctx, motion) else COORDINATING
    values = {"number": number, "title": motion.title, "who": ctx.short_name(by)}
    informed = (*voters_of(ctx, (voter.organisation for voter in told(ctx, motion))), *ctx.coordinators())
    ctx.tell((*informed, motion.proposer), "motion_withdrawn_told", f"withdrawn:{number}", values, kind=NEWS)
    return Reply("motion_withdrawn", values, (see(number),), replace=True)


@command("edit motion", N_("Change the text of a motion"), may="propose", hidden=True)
def edit_motion(
    ctx: Context,
    number: NUMBER,
    title: Annotated[str, Text(label=N_("Title"), most=LONGEST_TITLE)] = "",
    text: Annotated[str, LongText(label=N_("Text"))] = "",
    what: HIDDEN = "",
    seen: NUMBER = 0,
    sure: HIDDEN = "",
) -> Reply:
    """The title or the text anew, until a day before voting opens: everybody is told again. `seen` is the
    version that a form was filled with. Raises Refusal later on and for words that say what takes effect, and
    Ask until it was seen and confirmed."""
    before = _editable(ctx, number)
    if before.kind == "exclusion" and title not in ("", before.title):
        raise Refusal("edit_title", "title", _ways(before), number=number)
    if before.kind == "charter_amendment" and not (title or text or what):
        taps = (
            _tap(N_("The wording"), "edit amendment", number),
            _tap(N_("Title or reasons"), "edit motion", number, "any"),
        )
        return Reply("motion_edit_what", {"number": number, "title": before.title}, taps, replace=True)
    needed(what, {"title": title, "text": text}, QUESTIONS, N_("Leave as it is"))
    form = {"title": before.title, "text": before.text, "seen": str(before.version)}
    if not (title or text) or (seen and seen != before.version):
        titled = (again(N_("Title"), "title", what="title"),) if before.kind != "exclusion" else ()
        taps_for = (*titled, again(N_("Text"), "text", what="text"))
        raise Ask(
            "", "motion_edit_which", taps_for, free=False, prefill=form, number=number, title=before.title
        )
    after = replace(before, title=title or before.title, text=text or before.text)
    return _edited(ctx, before, after, sure, form)


@command("edit amendment", N_("Change the wording that a motion proposes"), may="propose", hidden=True)
def edit_amendment(
    ctx: Context,
    number: NUMBER,
    after: Annotated[str, LongText(label=N_("New text of the article"), most=LONGEST_TEXT)] = "",
    seen: NUMBER = 0,
    sure: HIDDEN = "",
) -> Reply:
    """The wording that an amendment proposes, anew. As `edit motion`."""
    before = _editable(ctx, number)
    form = {"after": before.after, "seen": str(before.version)}
    if not after or (seen and seen != before.version):
        raise Ask("after", "motion_edit_wording", prefill=form, number=number, text=before.after)
    if tidy(after) == tidy(before.before):
        raise Refusal("same_text", "after", number=before.article)
    return _edited(ctx, before, replace(before, after=tidy(after)), sure, form)


def _edited(ctx: Context, before: Motion, after: Motion, sure: str, form: dict[str, str]) -> Reply:
    if (before.title, before.text, before.after) == (after.title, after.text, after.after):
        raise Refusal("motion_unchanged", buttons=(see(before.number),), number=before.number)
    fixed = ("title",) if before.kind == "exclusion" else ()
    parts = tuple(
        again(label, option, what=option)
        for option, label in PARTS.items()
        if option in form and option not in fixed
    )
    confirmed(ctx, after, sure, parts, form)
    motion = ctx.store.motions.edit(after, ctx.person.id, ctx.now)
    changed(ctx, motion)
    tell_noticed(ctx, motion, told(ctx, motion))
    now = standing(ctx, motion.number)
    return Reply(
        "motion_edited", {**described(ctx, now), **reached(ctx, motion)}, (see(motion.number),), replace=True
    )


def _editable(ctx: Context, number: int) -> Motion:
    """The motion, held, if its text may still be changed by the caller. Raises Refusal."""
    settle(ctx)
    now = _own(ctx, number)
    if not may_edit(now.motion, ctx.now):
        ways = _ways(now.motion) if now.phase == "notice" else (see(number),)
        until = edit_until(now.motion).isoformat()
        raise Refusal("edit_too_late", buttons=ways, number=number, phase=now.phase, until=until)
    if not words_are_free(now.motion):
        raise Refusal("edit_answers", buttons=_ways(now.motion), number=number)
    return now.motion


def _ways(motion: Motion) -> tuple[Button, ...]:
    """What can be done instead of changing it."""
    return see(motion.number), _tap(N_("Withdraw"), "withdraw motion", motion.number)


def _own(ctx: Context, number: int) -> Standing:
    """The motion, held, if the caller or their organisation proposed it, or they keep the Assembly's records.
    Raises Refusal."""
    now = standing(ctx, number, lock=True)
    if not (_is_proposer(ctx, now.motion) or ctx.may("keep_assembly")):
        who = ctx.short_name(now.motion.organisation)
        raise Refusal("not_your_motion", buttons=(see(number),), number=number, who=who)
    return now


def _is_proposer(ctx: Context, motion: Motion) -> bool:
    return motion.proposer == ctx.person.id or motion.organisation in homes_of(ctx, motion.kind)


def _tap(label: str, name: str, number: int, what: str = "") -> Button:
    return Button(label, name, {"number": str(number)} | ({"what": what} if what else {}))
