"""A ballot given by phone: the coordinator enters it, its organisation answers (spec/decisions.md 4.8)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.assembly.balloting import Cast, NotTaken, answer_entered, cast, strike
from bot.assembly.settling import settle
from bot.assembly.standing import Standing, standing
from bot.commands import N_, Number, OneMotion, OneOrganisation, Text, command
from bot.context import Context
from bot.handlers.motions.answers import candidate_labels, choice_words, described, see, vote_taps
from bot.handlers.voting.answers import check_own, not_taken
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.decisions.casting import word_choice
from bot.rules.decisions.motions import Entry, Motion
from bot.rules.decisions.tallying import offered

MOTION = OneMotion(ask=N_("On which motion?"), label=N_("Motion"))
ORGANISATION = OneOrganisation(ask=N_("Of which organisation?"), label=N_("Organisation"))
NUMBER = Annotated[int, Number(hidden=True)]
FOR = Annotated[str, OneOrganisation(hidden=True)]


@command(
    "enter ballot",
    N_("Enter a vote that was given by phone or letter"),
    may="keep_assembly",
    example="/enter ballot 7 Pool-Net for",
)
def enter_ballot(
    ctx: Context,
    motion: Annotated[str, MOTION],
    organisation: Annotated[str, ORGANISATION],
    choice: Annotated[str, Text(label=N_("Their vote"), hint=N_("For, against or abstain"))] = "",
) -> Reply:
    """The coordinator enters an organisation's ballot, marked so; it counts, and the organisation's voters
    are asked with one tap whether it is right (4.8). Never over one that the organisation gave or confirmed
    itself. Raises an Ask for the choice, Refusal where it can't be entered."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, int(motion), lock=True)
    if now.phase != "open":
        raise Refusal("not_open", number=now.motion.number, phase=now.phase)
    _check_own(ctx, now, organisation)
    if (chosen := _chosen(ctx, now.motion, choice)) == "":
        raise _which(ctx, now, organisation, choice)
    done = cast(ctx, now.motion.number, organisation, chosen, event="entered")
    if isinstance(done, NotTaken):
        said = not_taken(ctx, done)
        return Reply(said.template, said.values, (see(now.motion.number),))
    asked = _ask_organisation(ctx, done)
    given = {"motion": motion, "organisation": organisation}
    change = (Button(N_("Change it"), "enter ballot", given),) if done.standing.phase == "open" else ()
    values = {**_read_back(ctx, done.standing, organisation, chosen), "asked": asked}
    return Reply("entered", values, (*change, see(now.motion.number)))


@command("entered right", N_("Confirm a vote that was entered for us"), may="vote", hidden=True)
def entered_right(ctx: Context, motion: NUMBER, for_: FOR, line: NUMBER) -> Reply:
    """A tap of the organisation: that was its vote (4.8)."""
    before = _own_entered(ctx, motion, for_, line)
    after = answer_entered(ctx, motion, for_, "confirmed")
    taps = (Button(N_("Change"), "vote", {"motion": str(motion), "for": for_}),)
    return Reply("entered_confirmed", _read_back(ctx, after, for_, before), taps, replace=True)


@command("contest entered", N_("Contest a vote that was entered for us"), may="vote", hidden=True)
def contest_entered(ctx: Context, motion: NUMBER, for_: FOR, line: NUMBER) -> Reply:
    """A tap of the organisation: that was not its vote. It counts no more, the coordinator is told, and the
    organisation may vote itself (4.8)."""
    before = _own_entered(ctx, motion, for_, line)
    after = answer_entered(ctx, motion, for_, "contested")
    values = _read_back(ctx, after, for_, before)
    told, seq = {**values, "who": ctx.person.name}, after.entries[-1].seq
    ctx.tell(ctx.coordinators(), "entered_contest_told", f"contested:{motion}:{seq}", told, (see(motion),))
    taps = vote_taps(after.motion, for_) if after.phase == "open" else ()
    return Reply("entered_contested", values, taps, replace=True)


@command(
    "strike ballot",
    N_("Strike a vote that should not stand"),
    may="keep_assembly",
    example="/strike ballot 7 Pool-Net",
    suggested=False,
)
def strike_ballot(
    ctx: Context,
    motion: Annotated[str, MOTION],
    organisation: Annotated[str, ORGANISATION],
    why: Annotated[str, Text(ask=N_("Why should it not stand?"), label=N_("Why"))],
    sure: Annotated[str, Text(hidden=True)] = "",
) -> Reply:
    """A ballot that should not stand counts no more, and its organisation is off the count; the book keeps
    that with the reason, and the organisation is told (5.5). Raises an Ask whether, Refusal where none
    stands."""
    ctx.in_private()
    settle(ctx)
    now = standing(ctx, int(motion))
    number, name = now.motion.number, ctx.short_name(organisation)
    if now.phase != "open":
        raise Refusal("not_open", number=number, phase=now.phase)
    if organisation not in now.current:
        raise Refusal("no_ballot", buttons=(see(number),), number=number, organisation=name)
    values = {**described(ctx, now), "organisation": name, "why": why, "left": len(now.entitled) - 1}
    if not sure:
        yes = (Choice(N_("Yes, strike it"), {"sure": "yes"}),)
        raise Ask("sure", "entered_strike_sure", yes, free=False, **values)
    after = strike(ctx, number, organisation, why)
    told = {**values, **described(ctx, after)}
    persons = ctx.people_of(organisation, "vote")
    ctx.tell(persons, "entered_struck_told", f"struck:{number}:{organisation}", told, (see(number),))
    return Reply("entered_struck", told, (see(number),), replace=True)


def _check_own(ctx: Context, now: Standing, organisation: str) -> None:
    """That no ballot stands which the organisation gave itself, or said to be right."""
    entry = now.current.get(organisation)
    if entry is None or (entry.event == "entered" and not _is_confirmed(now, entry)):
        return
    found = (ctx.store.persons.get(person) for person in ctx.people_of(organisation, "vote"))
    raise Refusal(
        "entered_own_vote",
        buttons=(see(now.motion.number),),
        number=now.motion.number,
        organisation=ctx.short_name(organisation),
        names=[one.name for one in found if one is not None],
    )


def _is_confirmed(now: Standing, entry: Entry) -> bool:
    return any(
        one.event == "confirmed" and one.organisation == entry.organisation and one.seq > entry.seq
        for one in now.entries
    )


def _chosen(ctx: Context, motion: Motion, words: str) -> str:
    """The choice that these words are, as `cast` takes it; "" for none. Candidates go by name or key."""
    said = " ".join(words.split()).casefold()
    choices = offered(motion.rule, motion.candidates)
    labels = {choice_words(ctx, motion, one).casefold(): one for one in choices}
    if said in choices or said in labels:
        return labels.get(said, said)
    if motion.rule.is_election:
        names = [one.strip() for one in said.replace("+", ",").split(",")]
        keys = [labels.get(name, name) for name in names]
        return "+".join(keys) if len(keys) > 1 and all(key in choices for key in keys) else ""
    spoken = word_choice(words, ctx.language)
    return spoken if spoken in choices else ""


def _which(ctx: Context, now: Standing, organisation: str, said: str) -> Ask:
    motion = now.motion
    labels = candidate_labels(motion)
    taps = tuple(
        Choice(labels.get(one) or choice_words(ctx, motion, one), {"choice": one})
        for one in offered(motion.rule, motion.candidates)
    )
    values: dict[str, Any] = {"number": motion.number, "title": motion.title, "said": said}
    values["organisation"] = ctx.short_name(organisation)
    in_form = {"organisation": organisation} if ctx.place.kind == "group" else None
    return Ask("choice", "entered_which", taps, prefill=in_form, **values)


def _ask_organisation(ctx: Context, done: Cast) -> list[str]:
    """Whoever votes for the organisation is asked whether it is right; their names."""
    motion, organisation = done.standing.motion, done.organisation
    given = {"motion": str(motion.number), "for": organisation, "line": str(done.entry.seq)}
    voters = [one for one in ctx.people_of(organisation, "vote") if one != ctx.person.id]
    values = {**_read_back(ctx, done.standing, organisation, done.entry.payload), "who": ctx.person.name}
    taps = (
        Button(N_("That's right"), "entered right", given),
        Button(N_("Contest"), "contest entered", given),
    )
    ctx.tell(voters, "entered_asked", f"entered:{motion.number}:{done.entry.seq}", values, taps)
    found = (ctx.store.persons.get(person) for person in voters)
    return [one.name for one in found if one is not None]


def _own_entered(ctx: Context, motion: int, organisation: str, line: int) -> str:
    """The choice that was entered for an organisation of the caller's in this line of the book. Raises
    Refusal for another's, and where that line is not the one that stands, or was answered already."""
    check_own(ctx, organisation)
    settle(ctx)
    now = standing(ctx, motion, lock=True)
    entry = now.current.get(organisation)
    if entry is None or entry.event != "entered" or entry.seq != line or _is_confirmed(now, entry):
        raise Refusal(
            "entered_since",
            buttons=(Button(N_("Our vote"), "vote", {"motion": str(motion), "for": organisation}),),
            number=motion,
            organisation=ctx.short_name(organisation),
            choice=choice_words(ctx, now.motion, entry.payload) if entry else "",
        )
    return entry.payload


def _read_back(ctx: Context, now: Standing, organisation: str, choice: str) -> dict[str, Any]:
    words = choice_words(ctx, now.motion, choice)
    return {**described(ctx, now), "organisation": ctx.short_name(organisation), "choice": words}
