"""Recording what was decided elsewhere: by show of hands, or before the bot (spec/decisions.md 4.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

from bot.assembly.calendar import calendar_of
from bot.assembly.settling import settle
from bot.assembly.standing import roll_now
from bot.assembly.telling import voters_of
from bot.commands import N_, Day, Link, LongText, OneChoice, OneOf, Text, command
from bot.context import Context
from bot.handlers.motions.answers import see
from bot.handlers.motions.cards import show_in_places
from bot.handlers.proposing.already import only_one
from bot.handlers.proposing.proposing import drafted
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import told
from bot.rules.decisions.counts_said import read_counts
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.tallying import decide, outcome_json
from bot.rules.decisions.values import Counts, Kind, Profile, Quorum, Verdict

TO_OBJECT = timedelta(days=7)  # section 4.10
NO_OBJECTION = "no objection"
LABELS: dict[Kind, str] = {
    "ordinary_resolution": N_("A resolution"),
    "annual_renewal": N_("The alliance goes on"),
}
KINDS = (
    OneChoice("ordinary_resolution", LABELS["ordinary_resolution"], ("resolution",)),
    OneChoice("annual_renewal", LABELS["annual_renewal"], ("renewal",)),
)
BY_NAME: dict[str, Kind] = {kind: kind for kind in LABELS}
KIND = OneOf(KINDS, lead=("kind",), label=N_("What it is"))
TITLE = Text(most=120, ask=N_("What is it called?"), label=N_("Title"))
TEXT = LongText(lead=("text",), ask=N_("What was decided, word for word?"), label=N_("Text"))
DAY = Day("past", lead=("on",), ask=N_("On which day was it decided?"), label=N_("Day of the decision"))
HOW = Text(lead=("counts",), most=60, label=N_("Counts"), hint=N_("As in 12-5-3 of 30, or: no objection"))
MINUTES = Link(lead=("link",), label=N_("Link to the minutes"))
REVIEW = Day("future", lead=("review",), label=N_("Look at it again on"))
HIDDEN = Annotated[str, Text(hidden=True)]
ADD = {"counts": N_("Add the count"), "link": N_("Add the minutes"), "review": N_("Look at it again")}
MORE = {
    "counts": N_("How was it decided? As in 12-5-3 of 30, or: no objection."),
    "link": N_("Where are the minutes? A web address."),
    "review": N_("On which day is it looked at again?"),
}


RECORDED = told(
    "motion recorded",
    N_("Decisions that are recorded"),
    N_("You get this because you vote for your organisation."),
    theme="votes",
)


@command(
    "record decision",
    N_("Record what was decided elsewhere"),
    may="keep_assembly",
    example="/record decision A joint newsletter on 12 May",
    aliases=("record",),
)
def record_decision(
    ctx: Context,
    title: Annotated[str, TITLE],
    text: Annotated[str, TEXT],
    day: Annotated[date, DAY],
    counts: Annotated[str, HOW] = "",
    link: Annotated[str, MINUTES] = "",
    review: Annotated[date | None, REVIEW] = None,
    kind: Annotated[str, KIND] = "ordinary_resolution",
    more: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """A decision by show of hands, or from before the bot: with its day, text, counts or "no objection" and
    the minutes. It is marked as recorded, members are told and may object for seven days (4.10). Raises Asks
    for what is added, and a preview; Refusal for a day to come and counts that carry nothing."""
    ctx.in_private()
    settle(ctx)
    if day > ctx.counting_day:
        raise Refusal("recorded_day_ahead", "day", day=day.isoformat())
    given = {"counts": counts, "link": link, "review": review}
    if more in MORE and not given[more]:
        raise _asked(ctx, more)
    facts: dict[str, Any] = {"text": text, "link": link, "review_on": review}
    motion = _motion(ctx, drafted(ctx, BY_NAME[kind], title, "", **facts), day, counts)
    values = _values(ctx, motion, day)
    if not sure:
        missing = tuple(Choice(label, {"more": name}) for name, label in ADD.items() if not given[name])
        yes = Choice(N_("Record it"), {"sure": "yes"})
        raise Ask("sure", "recorded_sure", (yes, *missing), free=False, **values)
    if kind == "annual_renewal":
        only_one(ctx, sure, lambda one: one.kind == "annual_renewal" and one.origin == "voted")
    motion = ctx.store.motions.add(motion)
    values |= {"number": motion.number, "places": show_in_places(ctx, motion)}
    voters = voters_of(ctx, (voter.organisation for voter in roll_now(ctx, motion)))
    object_ = Button(N_("Object"), "object", {"motion": str(motion.number)})
    said = {**values, "who": ctx.person.name}
    key, taps = f"recorded:{motion.number}", (see(motion.number), object_)
    ctx.tell(voters, "recorded_told", key, said, taps, kind=RECORDED)
    taps = (see(motion.number), Button(N_("All decisions"), "decisions"))
    return Reply("recorded", values, taps, replace=True)


def _asked(ctx: Context, more: str) -> Ask:
    likely = (Choice(N_("No objection"), {"counts": NO_OBJECTION}),) if more == "counts" else ()
    in_form = {"more": ""} if ctx.place.kind == "group" else None
    return Ask(more, "question", likely, prefill=in_form, question=MORE[more], hint="")


def _motion(ctx: Context, motion: Motion, day: date, words: str) -> Motion:
    """The motion as it is kept: decided on that day, closed now, final in a week."""
    decided_at = min(calendar_of(ctx).deadline_on(day), ctx.now)
    counted = _counts(ctx, motion, words)
    if counted is None:
        outcome = outcome_json(Verdict("carried", None, ()), None)
    else:
        outcome = outcome_json(_verdict(motion.rule, counted), counted)
    return replace(
        motion,
        origin="recorded",
        notice_at=decided_at,
        opens_at=decided_at,
        closes_at=decided_at,
        closed_at=ctx.now,
        outcome=outcome,
        final_at=ctx.now + TO_OBJECT,
        in_force_on=day,
        effect={"recorded": "counts" if counted else NO_OBJECTION if words else ""},
    )


def _verdict(rule: Profile, counts: Counts) -> Verdict:
    """What the counts decided. Whether enough took part is for the minutes to say, not for today's quorum.
    Raises Refusal where they carried nothing: what is recorded are decisions."""
    verdict = decide(replace(rule, quorum=Quorum()), counts)
    if verdict.result != "carried":
        numbers: dict[str, Any] = {"for_": counts.for_, "against": counts.against, "abstain": counts.abstain}
        raise Refusal("recorded_not_carried", "counts", **numbers)
    return verdict


def _counts(ctx: Context, motion: Motion, words: str) -> Counts | None:
    """The counts in words such as "12-5-3 of 30"; None for no words, and for "no objection"."""
    said = " ".join(words.split()).casefold().rstrip(".")
    if said in ("", NO_OBJECTION, "no objections", ctx.translate(N_("No objection")).casefold()):
        return None
    read = read_counts(said)
    if read is None or read.rest:
        raise Refusal("recorded_counts_unclear", "counts", text=words[:40])
    members = read.members or len(roll_now(ctx, motion))
    counts = Counts(members, read.for_, read.against, read.abstain)
    if counts.ballots > members:
        many: dict[str, Any] = {
            "ballots": counts.ballots, "members": members, "given": bool(read.members),
            "text": f"{read.for_}-{read.against}-{read.abstain}",
        }  # fmt: skip
        raise Refusal("recorded_counts_many", "counts", **many)
    return counts


def _values(ctx: Context, motion: Motion, day: date) -> dict[str, Any]:
    counts = motion.outcome["counts"]
    return {
        "title": motion.title,
        "text": motion.text,
        "kind": ctx.translate(LABELS[motion.kind]),
        "day": day.isoformat(),
        "article": motion.rule.article,
        "counts": counts and {**counts, "for": counts["for_"]},
        "no_objection": motion.effect["recorded"] == NO_OBJECTION,
        "link": motion.link,
        "review_on": motion.review_on.isoformat() if motion.review_on else "",
        "final_at": motion.final_at.isoformat() if motion.final_at else "",
    }
