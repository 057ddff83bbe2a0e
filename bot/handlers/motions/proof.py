"""Who voted how, and the proof of it: the ballot book and its receipts (spec/decisions.md 4.5 to 4.8)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.handlers.motions.answers import choice_words, described, see
from bot.handlers.motions.looking import own_organisations, own_votes
from bot.messages import Button, Refusal, Reply
from bot.rules.decisions import book
from bot.rules.decisions.motions import Entry, Voter

COUNTED = ("closed", "final", "void")  # phases in which nobody votes any more
NUMBER = Annotated[int, Number(hidden=True)]
LONGEST_QUOTE = 20  # characters of a receipt that nobody knows


@command("who voted", N_("Who voted how on a motion"), may="see_indicators", hidden=True, reads=True)
def who_voted(ctx: Context, motion: NUMBER) -> Reply:
    """Each organisation with its choice and its reason. In a sealed vote nothing before the close; who is
    missing only after it (voice.md, rule 10)."""
    now = standing(ctx, motion)
    over = now.motion.outcome != {} or now.phase in COUNTED
    sealed = now.motion.rule.hides_choices and not over
    why = {one.organisation: one.text for one in ctx.store.ballots.explanations(motion)}
    voters = [] if sealed or now.motion.opened_at is None else now.roll
    lines = [_voter(ctx, now, voter, why) for voter in voters]
    values = {
        **described(ctx, now),
        "sealed": sealed,
        "opened": now.motion.opened_at is not None,
        "voters": [one for one in lines if over or one["choice"] or one["recused"]],
    }
    number = {"motion": str(motion)}
    proof = (Button(N_("Proof"), "proof", number),) if now.motion.opened_at else ()
    return Reply("who_voted", values, (*proof, see(motion)))


@command("proof", N_("What proves the result of a motion"), may="see_indicators", hidden=True, reads=True)
def proof(ctx: Context, motion: NUMBER) -> Reply:
    """The hash of the roll and the closing digest, whether the chain of the ballot book fits, and the
    receipts of the caller's organisations (4.6)."""
    now = standing(ctx, motion)
    values = {
        **described(ctx, now),
        "roll_hash": now.motion.roll_hash,
        "closing_hash": now.motion.closing_hash,
        "lines": len(now.entries),
        "misfit": _misfit(now),
        "own": [one for one in own_votes(ctx, now) if one["receipt"]] if ctx.reads_alone else [],
    }
    opened = now.motion.opened_at is not None
    votes = (Button(N_("Who voted how"), "who voted", {"motion": str(motion)}),) if opened else ()
    return Reply("proof", values, (*votes, see(motion)))


@command(
    "verify",
    N_("Look a receipt up in the ballot book"),
    may="see_indicators",
    example="/verify K7Q4-M3",
    aliases=("receipt",),
    reads=True,
)
def verify(
    ctx: Context,
    code: Annotated[
        str,
        Text(ask=N_("Which receipt?"), hint=N_("Six signs, such as K7Q4-M3."), label=N_("Receipt"), most=100),
    ],
) -> Reply:
    """Which line of which book a receipt is, whether it still stands, and whether the book fits together
    (4.6). Typed as one likes. Raises Refusal for one that is in no book."""
    receipt = book.normal_receipt(code)
    found = ctx.store.ballots.by_receipt(receipt)
    if not found:
        raise Refusal(
            "receipt_unknown", text=code[:LONGEST_QUOTE], buttons=(Button(N_("My votes"), "votes"),)
        )
    lines = [_receipted(ctx, standing(ctx, entry.motion), entry) for entry in found]
    taps = (Button(N_("Proof"), "proof", {"motion": str(found[0].motion)}), see(found[0].motion))
    return Reply("verify", {"receipt": receipt, "lines": lines}, taps if len(found) == 1 else ())


def _voter(ctx: Context, now: Standing, voter: Voter, why: dict[str, str]) -> dict[str, Any]:
    slug, entry = voter.organisation, now.current.get(voter.organisation)
    events = [one for one in now.entries if one.organisation == slug]
    return {
        "name": voter.name,
        "choice": choice_words(ctx, now.motion, entry.payload) if entry else "",
        "why": why.get(slug, "") if entry else "",
        "entered": entry is not None and entry.event == "entered",
        "confirmed": any(one.event == "confirmed" for one in events if entry and one.seq > entry.seq),
        "recused": voter.recused_at is not None,
        "struck": any(one.event == "struck" for one in events),
        "recused_why": voter.recused_why,
    }


def _receipted(ctx: Context, now: Standing, entry: Entry) -> dict[str, Any]:
    """A line of a book in words. Its choice is for its organisation's own people until everybody sees it."""
    later = [one for one in now.entries if one.organisation == entry.organisation and one.seq > entry.seq]
    changed_by = next((one for one in later if one.event in book.GIVES_BALLOT | book.TAKES_BALLOT), None)
    known = not now.motion.rule.hides_choices or bool(now.motion.outcome) or now.phase in COUNTED
    own = entry.organisation in own_organisations(ctx) and ctx.reads_alone
    has_choice = entry.event in book.GIVES_BALLOT
    return {
        **described(ctx, now),
        "organisation": ctx.short_name(entry.organisation),
        "event": entry.event,
        "at": entry.at.isoformat(),
        "seq": entry.seq,
        "lines": len(now.entries),
        "has_choice": has_choice,
        "choice": choice_words(ctx, now.motion, entry.payload) if has_choice and (known or own) else "",
        "changed_by": changed_by.event if changed_by else "",
        "changed_seq": changed_by.seq if changed_by else 0,
        "misfit": _misfit(now),
    }


def _misfit(now: Standing) -> str:
    """What does not fit in the book, "" if all does. The end of a closed one is held by its closing hash."""
    if not now.entries:
        return ""
    motion = now.motion
    fault = book.verify(now.entries, book.genesis(motion.number, motion.roll_hash))
    if fault is not None:
        return str(fault)
    if motion.roll_hash != book.roll_hash(motion.number, now.roll):
        return "roll"
    closing = [one.hash for one in now.entries if one.event == "closed"]
    return "closing" if (closing or [""])[-1] != motion.closing_hash else ""
