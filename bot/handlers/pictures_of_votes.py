"""A vote as a picture: its result with the majority as a line, or while it is open how many took part.

It shows what the words beside it say, and nothing else: no organisation, and of a sealed vote that runs no
direction (spec/decisions.md 4.1)."""

from __future__ import annotations

from typing import Annotated

from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.motions.answers import elected, see
from bot.messages import Attachment, Button, Refusal, Reply
from bot.pictures import Bar, Chart, Ink, Mark, Part, picture
from bot.rules.decisions.tallying import counts_of
from bot.rules.decisions.values import Condition, Counts, ElectionVerdict, Verdict
from bot.templating import Md

PICTURE_TITLES = {
    "carried": N_("Motion {number} is carried"),
    "tied": N_("Motion {number} is tied"),
    "inquorate": N_("Too few took part in motion {number}"),
    "noted": N_("Consultation {number} is over"),
    "not_carried": N_("Motion {number} is not carried"),
}
DECIDED = N_("Motion {number} is decided")  # an election is not carried
TURNOUT = N_("Who took part in motion {number}")
NEEDED = N_("{number} needed")
AT_MOST = N_("at most {number}")
ELECTED = {
    "elected": N_("elected ✓"),
    "elected_unopposed": N_("elected ✓"),
    "tied_at_cutoff": N_("tied for the last seat"),
}
AGAINST_RULES = ("consent", "max_against")  # these limit what is against, and ask nothing of what is for


@command("motion picture", N_("A vote as a picture"), may="see_indicators", hidden=True, reads=True)
def motion_picture(ctx: Context, motion: Annotated[int, Number(hidden=True)]) -> Reply:
    """The result as it was declared; while a vote is open only how many took part. Raises Refusal where there
    is neither."""
    now = standing(ctx, motion)
    drawn = result_picture(ctx, now) or turnout_picture(ctx, now)
    if drawn is None:
        raise Refusal("no_picture_yet", buttons=(see(motion),), number=motion)
    over = bool(now.motion.outcome)
    return Reply(
        "motion_picture", {"number": motion, "over": over}, (see(motion, N_("In words")),), file=drawn
    )


def picture_tap(now: Standing) -> tuple[Button, ...]:
    """The tap that shows a motion as a picture, if there is anything to show."""
    if not (has_result(now) or now.phase == "open"):
        return ()
    return (Button(N_("As a picture"), "motion picture", {"motion": str(now.motion.number)}),)


def has_result(now: Standing) -> bool:
    """Whether numbers were declared: not of a motion that is void, nor of one recorded as agreed."""
    motion = now.motion
    if not motion.outcome or now.phase == "void" or motion.result not in PICTURE_TITLES:
        return False
    if motion.rule.is_election:
        return motion.origin != "recorded"
    return counts_of(motion.outcome) is not None


def result_picture(ctx: Context, now: Standing) -> Attachment | None:
    """A bar for each answer, or each candidate, and one for who took part; all bars have one scale, the
    members. None where no numbers were declared."""
    if not has_result(now):
        return None
    verdict = now.verdict
    election = isinstance(verdict, ElectionVerdict)
    title = DECIDED if election and verdict.result == "carried" else PICTURE_TITLES[verdict.result]
    if isinstance(verdict, ElectionVerdict):
        bars = (*_candidates(ctx, now, verdict), _turnout(ctx, now))
    else:
        bars = _answers(ctx, now, verdict)
    return _drawn(ctx, now, title, bars, "result")


def turnout_picture(ctx: Context, now: Standing) -> Attachment | None:
    """How many organisations took part so far, and how many are needed; None unless the vote is open."""
    if now.phase != "open":
        return None
    return _drawn(ctx, now, TURNOUT, (_turnout(ctx, now),), "turnout")


def _drawn(ctx: Context, now: Standing, title: str, bars: tuple[Bar, ...], what: str) -> Attachment:
    number = now.motion.number
    head = ctx.translate(title).format(number=number)
    each = [
        {"label": Md(bar.label), "says": Md(bar.says), "mark": Md(bar.mark.says if bar.mark else "")}
        for bar in bars
    ]
    values = {"title": Md(head), "motion": Md(now.motion.title), "bars": each}
    alt = " ".join(ctx.rendered("picture_of_vote", values).split())
    running = what == "turnout"
    note = " ".join(ctx.rendered("picture_as_of", {"day": ctx.today}).split()) if running else ""
    return picture(Chart(f"motion-{number}-{what}", head, now.motion.title, bars, note=note, alt=alt))


def _answers(ctx: Context, now: Standing, verdict: Verdict) -> tuple[Bar, ...]:
    counts, rules = now.counts, verdict.conditions
    least = max((one.needed for one in rules if one.what not in AGAINST_RULES), default=0)
    most = min((one.needed for one in rules if one.what in AGAINST_RULES), default=-1)
    limit = _mark(ctx, AT_MOST, most) if most >= 0 else None
    if now.motion.kind == "consent_item":  # the words say no more of one either
        objections = _bar(ctx, N_("Objections"), counts.against, "against", counts, limit)
        return (objections, *((_turnout(ctx, now),) if verdict.quorum is not None else ()))
    return (
        _bar(ctx, N_("For"), counts.for_, "for", counts, _mark(ctx, NEEDED, max(least, _quorum(verdict)))),
        _bar(ctx, N_("Against"), counts.against, "against", counts, limit),
        _bar(ctx, N_("Abstained"), counts.abstain, "abstain", counts),
        _bar(ctx, N_("Did not take part"), counts.absent, "absent", counts),
        _turnout(ctx, now),
    )


def _candidates(ctx: Context, now: Standing, verdict: ElectionVerdict) -> tuple[Bar, ...]:
    """The most votes first, as the words have it."""
    bars = []
    for one in elected(ctx, now, verdict):
        fared, votes = ELECTED.get(one["result"], ""), one["votes"]
        says = f"{votes} · {ctx.translate(fared)}" if fared else str(votes)
        ink: Ink = "for" if one["result"] in ("elected", "elected_unopposed") else "rest"
        name = f"{one['name']} ({one['of']})" if one["of"] else one["name"]
        bars.append(Bar(name, says, (Part(votes, ink),), max(now.counts.members, 1)))
    return tuple(bars)


def _turnout(ctx: Context, now: Standing) -> Bar:
    """Who took part, and the quorum where it is one of taking part."""
    counts, quorum = now.counts, now.verdict.quorum
    says = ctx.translate(N_("{value} of {target}")).format(value=counts.ballots, target=counts.members)
    needed = quorum.needed if quorum is not None and quorum.what != "approval" else 0
    part = Part(counts.ballots, "part")
    return Bar(
        ctx.translate(N_("Took part")), says, (part,), max(counts.members, 1), _mark(ctx, NEEDED, needed)
    )


def _quorum(verdict: Verdict) -> int:
    """How many have to be in favour to make it valid, 0 where the quorum is another one."""
    quorum: Condition | None = verdict.quorum
    return quorum.needed if quorum is not None and quorum.what == "approval" else 0


def _bar(ctx: Context, label: str, amount: int, ink: Ink, counts: Counts, mark: Mark | None = None) -> Bar:
    return Bar(ctx.translate(label), str(amount), (Part(amount, ink),), max(counts.members, 1), mark)


def _mark(ctx: Context, says: str, at: int) -> Mark | None:
    """A line with its number; none where nothing is asked, but "at most 0" is said."""
    if at <= 0 and says != AT_MOST:
        return None
    return Mark(at, ctx.translate(says).format(number=at))
