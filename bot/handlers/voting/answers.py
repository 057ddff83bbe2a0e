"""What is said about votes: receipts, what waits, why one was not taken (voice.md, samples 6 to 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.assembly.balloting import Cast, NotTaken
from bot.assembly.standing import Standing, standing_of, topic_of
from bot.assembly.telling import voters_of
from bot.commands import N_
from bot.context import Context
from bot.handlers.motions.answers import LONGEST_LABEL, choice_words, described, see, vote_taps
from bot.handlers.motions.titles import title_of
from bot.messages import NAMED, Ask, Button, Choice, Refusal, Reply, filled
from bot.rules.decisions.motions import Entry
from bot.rules.decisions.phases import phase

MOST_LISTED = 3  # motions with their taps in one message


def hat(ctx: Context, now: Standing, given: str = "") -> str | None:
    """The organisation for which the caller votes on a motion; None if for none. Somebody of two is asked
    which one, every time (5.9). Raises that Ask."""
    hats = ctx.hats("vote")
    if given:
        return given if given in hats else None
    own = on_roll(ctx, now) or hats
    if len(own) < 2:
        return own[0] if own else None
    choices = tuple(Choice(ctx.short_name(slug), {"for": slug}) for slug in own)
    raise Ask("for", "question", choices, free=False, question=N_("For which organisation?"), hint="")


def own_hat(ctx: Context, now: Standing, given: str = "") -> str:
    """The caller's organisation in a motion, as `hat` finds it. Raises Refusal for somebody else's."""
    organisation = hat(ctx, now, given)
    if organisation is None:
        raise Refusal("only_own_people", organisation=ctx.short_name(given))
    return organisation


def check_own(ctx: Context, organisation: str) -> None:
    """That the caller votes for this organisation. Raises Refusal for everybody else: what it chose may be
    sealed."""
    if organisation not in ctx.hats("vote"):
        raise Refusal("only_own_people", organisation=ctx.short_name(organisation))


def asked(ctx: Context, now: Standing, for_: str = "") -> Reply:
    """A motion with the taps to vote on it, and how the organisation has voted so far."""
    organisation = hat(ctx, now, for_)
    if organisation is None:
        return not_entitled(ctx, now)
    entry = now.current.get(organisation)
    choice = choice_words(ctx, now.motion, entry.payload) if entry else ""
    values = {
        **described(ctx, now),
        "organisation": ctx.short_name(organisation),
        "choice": choice,
        "receipt": entry.receipt if entry else "",
        "on_roll": organisation in now.entitled,
    }
    taps = vote_taps(now.motion, organisation) if now.phase == "open" else ()
    return Reply("vote_asked", values, (*taps, see(now.motion.number)), topic=topic_of(now.motion))


def receipted(ctx: Context, done: Cast, way_out: Button) -> Reply:
    """A ballot read back with its receipt, and until when it can be changed (4.3)."""
    motion, entry = done.standing.motion, done.entry
    given = {"motion": str(motion.number), "for": done.organisation}
    same = done.before is not None and done.before.seq == entry.seq
    before = done.before.payload if done.before else entry.payload
    values = {
        **described(ctx, done.standing),
        "organisation": ctx.short_name(done.organisation),
        "choice": choice_words(ctx, motion, entry.payload),
        "before": choice_words(ctx, motion, before) if before != entry.payload else "",
        "same": same,
        "receipt": entry.receipt,
    }
    change = Button(N_("Change"), "vote", {"motion": str(motion.number), "for": done.organisation})
    why = Button(N_("Add a reason"), "reason", given)
    open_ = done.standing.phase == "open"
    return Reply("vote_cast", values, (change, why, way_out) if open_ else (see(motion.number),))


def tell_replaced(ctx: Context, done: Cast) -> None:
    """Whoever voted for the organisation before is told that a colleague changed it (4.3, 5.7)."""
    before, entry, motion = done.before, done.entry, done.standing.motion
    if before is None or before.seq == entry.seq or not _votes_still(ctx, before):
        return
    given = {"motion": str(motion.number), "for": done.organisation}
    earlier = choice_words(ctx, motion, before.payload)
    theirs = ctx.into_language_of(before.person)
    back = f"{theirs(N_('Put back'))} {theirs(earlier)}"[:LONGEST_LABEL]
    values: dict[str, Any] = {
        "who": ctx.person.name,
        "organisation": ctx.short_name(done.organisation),
        "number": motion.number,
        "before": earlier,
        "choice": choice_words(ctx, motion, entry.payload),
        "at": ctx.now.isoformat(),
        "closes_at": motion.closes_at.isoformat(),
    }
    buttons = (
        Button(back, "cast ballot", {**given, "choice": before.payload}),
        Button(N_("Leave it"), "leave ballot", given),
    )
    ctx.tell((before.person,), "vote_replaced", f"replaced:{motion.number}:{entry.seq}", values, buttons)


def tell_taken_back(ctx: Context, after: Standing, entry: Entry) -> None:
    """Whoever gave the ballot is told that a colleague took it back."""
    if not _votes_still(ctx, entry):
        return
    motion, organisation = after.motion, entry.organisation
    values = {
        "who": ctx.person.name,
        "organisation": ctx.short_name(organisation),
        "number": motion.number,
        "before": choice_words(ctx, motion, entry.payload),
        "at": ctx.now.isoformat(),
        "closes_at": motion.closes_at.isoformat(),
    }
    buttons = vote_taps(motion, organisation)
    ctx.tell((entry.person,), "vote_taken_back_told", f"back:{motion.number}:{entry.seq}", values, buttons)


def stands_so(ctx: Context, now: Standing, organisation: str) -> Reply:
    """Nothing changes: what the organisation has chosen stands."""
    entry = now.current.get(organisation)
    choice = choice_words(ctx, now.motion, entry.payload) if entry else ""
    values = {**described(ctx, now), "organisation": ctx.short_name(organisation), "choice": choice}
    return Reply("vote_left", values, (see(now.motion.number),), replace=True)


def not_taken(ctx: Context, done: NotTaken) -> Reply:
    """A ballot that came too late, or from an organisation that does not vote on this motion."""
    now = done.standing
    entry = now.current.get(done.organisation)
    values = {
        **described(ctx, now),
        "organisation": ctx.short_name(done.organisation),
        "why": done.why,
        "standing": choice_words(ctx, now.motion, entry.payload) if entry else "",
        "minutes": max(1, int((ctx.now - now.motion.closes_at).total_seconds() // 60)),
    }
    tell = Button(
        N_("Tell the coordinator"),
        "tell of late vote",
        {"motion": str(now.motion.number), "for": done.organisation},
    )
    late = done.why == "late" and (ctx.now - now.motion.closes_at).days < 1
    over = now.phase not in ("notice", "open")
    look = see(now.motion.number, N_("See the result")) if over else see(now.motion.number)
    return Reply("vote_not_taken", values, (look, *((tell,) if late else ())))


def not_entitled(ctx: Context, now: Standing) -> Reply:
    """Why this was not taken as a vote: who votes for the caller's organisation, if they have one."""
    own = [role.organisation for role in ctx.roles if role.organisation in ctx.organisations]
    names = []
    if own:
        persons = (ctx.store.persons.get(person) for person in voters_of(ctx, own[:1]))
        names = [one.name for one in persons if one is not None]
    values = {**described(ctx, now), "own": ctx.short_name(own[0]) if own else "", "names": names}
    alone = own and not names and ctx.may("invite", own[0])
    invite = (Button(N_("Invite a colleague"), "invite", {"organisation": own[0]}),) if alone else ()
    return Reply("vote_not_entitled", values, (*invite, see(now.motion.number)))


def waiting(ctx: Context, choice: str = "", due: Sequence[tuple[Standing, str]] = ()) -> Reply:
    """What the caller's organisations have not voted on, the first to close first, and what opens next. With
    a `choice` that was typed alone: the votes that it can be, each with that one tap; "" in place of
    the organisation asks for which one."""
    hats = ctx.hats("vote")
    if not hats:
        raise Refusal("not_allowed", permission="vote")
    open_ = [now for one in ctx.store.motions.live() if (now := standing_of(ctx, one)).phase == "open"]
    open_.sort(key=lambda now: now.motion.closes_at)
    due = due or [(now, slug) for now in open_ for slug in hats if slug in now.missing]
    shown = [
        {**described(ctx, now), "organisation": ctx.short_name(slug) if slug else ""}
        for now, slug in due[:MOST_LISTED]
    ]
    taps: list[Button] = []
    for now, slug in due[:MOST_LISTED]:
        if now.motion.rule.is_election and len(due) > 1:  # all who stand, or nobody
            label: str = filled(NAMED, what=now.motion.number, name=N_("Vote"))
            given = {"motion": str(now.motion.number), "for": slug}
            taps.append(Button(label, "vote", given))
            continue
        for tap in vote_taps(now.motion, slug):
            if choice and tap.arguments.get("choice") != choice:
                continue
            label = tap.label if len(due) == 1 else filled(NAMED, what=now.motion.number, name=tap.label)
            taps.append(Button(label, tap.command, tap.arguments))
    voted = [
        {
            "number": now.motion.number,
            "title": title_of(ctx, now.motion),
            "organisation": ctx.short_name(slug),
            "choice": choice_words(ctx, now.motion, now.ballots[slug]),
            "receipt": now.current[slug].receipt,
        }
        for now in open_
        for slug in hats
        if slug in now.current
    ]
    coming = [one for one in ctx.store.motions.live() if phase(one, ctx.now) == "notice"]
    values = {
        "due": shown,
        "more": max(0, len(due) - MOST_LISTED),
        "voted": [] if choice else voted,
        "hats": len(hats),
        "choice": choice_words(ctx, due[0][0].motion, choice) if choice else "",
        "coming": [] if due else [described(ctx, standing_of(ctx, one)) for one in coming[:MOST_LISTED]],
    }
    topic = topic_of(due[0][0].motion) if len(due) == 1 else None
    return Reply("vote_waiting", values, (*taps, Button(N_("All motions"), "motions")), topic=topic)


def on_roll(ctx: Context, now: Standing) -> tuple[str, ...]:
    """The organisations on the motion's roll for which the caller votes."""
    return tuple(slug for slug in ctx.hats("vote") if slug in now.entitled)


def _votes_still(ctx: Context, entry: Entry) -> bool:
    """Whether somebody else gave this ballot, who still votes for the organisation: others are not told."""
    return entry.person != ctx.person.id and entry.person in ctx.people_of(entry.organisation, "vote")
