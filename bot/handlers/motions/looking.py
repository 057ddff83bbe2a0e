"""Looking at motions: what is open, coming and decided, and one of them (spec/decisions.md 4.1 and 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from bot.assembly.standing import Standing, standing, standing_of
from bot.commands import N_, Number, OneChoice, OneMotion, OneOf, command
from bot.context import Context
from bot.handlers.activity_answers import turns
from bot.handlers.motions.answers import choice_words, described, vote_taps
from bot.handlers.motions.objecting import may_object
from bot.handlers.pictures_of_votes import picture_tap
from bot.handlers.proposing.proposing import words_are_free
from bot.messages import NAMED, Button, Reply, filled
from bot.rules.decisions.motions import Motion, Phase
from bot.rules.decisions.phases import may_edit, may_extend, may_withdraw, phase

PAGE = 5
VIEWS = (
    OneChoice("all", N_("All motions"), ("everything",)),
    OneChoice("open", N_("Open motions"), ("current", "running")),
    OneChoice("past", N_("Past motions"), ("closed", "decided", "old")),
    OneChoice("ours", N_("Our motions"), ("mine", "my", "our")),
)
# what can be voted on, what is coming, what is decided and not final yet, what is past
ORDER: dict[Phase, int] = {"open": 0, "counting": 1, "notice": 2, "closed": 3}
PAST = 4
NUMBER = Annotated[int, Number(hidden=True)]
MOTION = Annotated[str, OneMotion(ask=N_("Which motion?"), label=N_("Motion"))]


@command(
    "motions",
    N_("Motions: what is open, coming and decided"),
    may="see_indicators",
    example="/motions",
    reads=True,
    own_slash=True,
)
def motions(
    ctx: Context, view: Annotated[str, OneOf(VIEWS, label=N_("Which"))] = "all", page: NUMBER = 1
) -> Reply:
    """A page of motions: open ones first, the soonest to close first; then those that are coming, those that
    are not final yet, and the past ones, newest first. Ours are those that our organisation proposed."""
    found = sorted(filter(_shown_in(ctx, view), ctx.store.motions.all()), key=_place_in_list(ctx))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = [standing_of(ctx, motion) for motion in found[(page - 1) * PAGE : page * PAGE]]
    values = {
        "view": view,
        "total": len(found),
        "page": page,
        "pages": pages,
        "motions": [_line(ctx, now) for now in shown],
        "may_propose": view == "all" and ctx.may("propose"),
    }
    opens = (_open_tap(now.motion.number) for now in shown)
    views = (Button(one.label, "motions", {"view": one.value}) for one in VIEWS if one.value != view)
    begins = not found and view == "all" and ctx.may("propose")
    propose = (Button(N_("Propose"), "propose"),) if begins else ()
    return Reply(
        "motions",
        values,
        (*opens, *turns("motions", {"view": view}, page, page < pages), *propose, *views),
        replace=True,
    )


@command(
    "motion", N_("One motion, and how we voted on it"), may="see_indicators", example="/motion 7", reads=True
)
def motion(ctx: Context, number: MOTION) -> Reply:
    """A motion as its card shows it, and to whoever reads it alone also how their organisations voted, with
    the taps for them. Raises Refusal where there is none."""
    now = standing(ctx, int(number))
    alone = ctx.reads_alone
    return Reply(
        "motion",
        {**described(ctx, now), "own": own_votes(ctx, now) if alone else []},
        (*(_vote_taps(ctx, now) if alone else _group_taps(now)), *_other_taps(ctx, now)),
    )


@command(
    "motion more", N_("What else can be done about a motion"), may="see_indicators", hidden=True, reads=True
)
def motion_more(ctx: Context, motion: NUMBER) -> Reply:
    """The less likely taps, for the presser alone. Whoever keeps the Assembly sees who has not voted yet."""
    now = standing(ctx, motion)
    running = now.phase == "open"
    keeps = running and ctx.may("keep_assembly")
    values = {
        **described(ctx, now),
        "missing": [ctx.short_name(slug) for slug in now.missing] if keeps else [],
    }
    given = {"motion": str(motion)}
    hats = ctx.hats("vote")
    more = (
        (Button(N_("Ask for time"), "ask for time", given),)
        if hats and may_extend(now.motion, ctx.now)
        else ()
    )
    taps = (
        *(
            _each_hat(ctx, now, N_("Add a reason"), "reason", [s for s in hats if s in now.current])
            if running
            else ()
        ),
        *(
            _each_hat(ctx, now, N_("Step aside"), "recuse", [s for s in hats if s in now.entitled])
            if running
            else ()
        ),
        *more,
        Button(N_("Board page"), "board page", given),
        Button(N_("The rule"), "motion rule", given),
        *(picture_tap(now) if running else ()),
    )
    return Reply("motion_more", values, taps)


def own_organisations(ctx: Context) -> tuple[str, ...]:
    """The organisations whose people the caller belongs to, whatever their role there."""
    return tuple(sorted({role.organisation for role in ctx.roles if role.organisation in ctx.organisations}))


def own_votes(ctx: Context, now: Standing) -> list[dict[str, Any]]:
    """How each of the caller's organisations stands to a motion: its choice and receipt, or why none."""
    if now.phase not in ("open", "counting", "closed", "final") or now.motion.opened_at is None:
        return []
    return [_own_vote(ctx, now, slug) for slug in own_organisations(ctx)]


def may_change(ctx: Context, motion: Motion) -> bool:
    """Whether the caller proposed a motion, proposes for the organisation that did, or coordinates."""
    return motion.proposer == ctx.person.id or ctx.may("propose", motion.organisation)


def _own_vote(ctx: Context, now: Standing, slug: str) -> dict[str, Any]:
    entry = now.current.get(slug)
    return {
        "organisation": ctx.short_name(slug),
        "choice": choice_words(ctx, now.motion, entry.payload) if entry else "",
        "receipt": entry.receipt if entry else "",
        "entitled": slug in now.entitled,
    }


def _line(ctx: Context, now: Standing) -> dict[str, Any]:
    voted = [ctx.short_name(slug) for slug in own_organisations(ctx) if slug in now.current]
    return {**described(ctx, now), "own": voted if now.phase == "open" and ctx.reads_alone else []}


def _shown_in(ctx: Context, view: str) -> Callable[[Motion], bool]:
    own = own_organisations(ctx)

    def shown(motion: Motion) -> bool:
        match view:
            case "open":
                return phase(motion, ctx.now) in ORDER
            case "past":
                return phase(motion, ctx.now) not in ORDER
            case "ours":
                return motion.organisation in own or motion.proposer == ctx.person.id
        return True

    return shown


def _place_in_list(ctx: Context) -> Callable[[Motion], tuple[int, float, int]]:
    def place(motion: Motion) -> tuple[int, float, int]:
        now = phase(motion, ctx.now)
        group = ORDER.get(now, PAST)
        if group == PAST:
            over = motion.withdrawn_at or motion.voided_at or motion.closes_at
            return group, -over.timestamp(), -motion.number
        at = motion.opens_at if now == "notice" else motion.final_at if now == "closed" else motion.closes_at
        return group, (at or motion.closes_at).timestamp(), motion.number

    return place


def _vote_taps(ctx: Context, now: Standing) -> tuple[Button, ...]:
    """The choices for the caller's organisation; once it has voted, a tap that offers them again. Somebody of
    two is asked for which one (5.9)."""
    hats = [slug for slug in ctx.hats("vote") if slug in now.entitled]
    if now.phase != "open" or not hats:
        return ()
    if any(slug in now.missing for slug in hats):
        return vote_taps(now.motion, hats[0] if len(hats) == 1 else "")
    one = {"for": hats[0]} if len(hats) == 1 else {}
    return (Button(N_("Change"), "vote", {"motion": str(now.motion.number), **one}),)


def _group_taps(now: Standing) -> tuple[Button, ...]:
    return vote_taps(now.motion, in_group=True) if now.phase == "open" else ()


def _other_taps(ctx: Context, now: Standing) -> tuple[Button, ...]:
    motion, given = now.motion, {"motion": str(now.motion.number)}
    changes = (
        (Button(N_("Before and after"), "motion changes", given),) if motion.before or motion.after else ()
    )
    more = Button(N_("More"), "motion more", given)
    match now.phase:
        case "notice":
            return (*changes, *_proposers_taps(ctx, motion), more)
        case "open":
            return (*changes, more)
        case "closed" | "final" | "void" if motion.opened_at is not None:
            proof = (Button(N_("Who voted how"), "who voted", given), Button(N_("Proof"), "proof", given))
            return (*changes, *proof, *picture_tap(now), *_after_close(ctx, now))
        case "closed":
            return (*changes, *_after_close(ctx, now))
    return changes


def _proposers_taps(ctx: Context, motion: Motion) -> tuple[Button, ...]:
    number = {"number": str(motion.number)}
    if not may_change(ctx, motion):
        return ()
    free = may_edit(motion, ctx.now) and words_are_free(motion)
    edit = (Button(N_("Edit"), "edit motion", number),) if free else ()
    withdraw = (Button(N_("Withdraw"), "withdraw motion", number),) if may_withdraw(motion, ctx.now) else ()
    return (*edit, *withdraw)


def _after_close(ctx: Context, now: Standing) -> tuple[Button, ...]:
    given = {"motion": str(now.motion.number)}
    again = now.motion.result == "inquorate" and may_change(ctx, now.motion)
    objects = may_object(now, ctx.hats("vote"), ctx.now)
    return (
        *((Button(N_("Second call"), "second call", given),) if again else ()),
        *((Button(N_("Object"), "object", given),) if objects else ()),
    )


def _each_hat(ctx: Context, now: Standing, label: str, name: str, hats: Sequence[str]) -> tuple[Button, ...]:
    """One tap for each of the caller's organisations; several are told apart by their names."""
    number = str(now.motion.number)

    def named(slug: str) -> str:
        return label if len(hats) == 1 else filled(NAMED, what=label, name=ctx.short_name(slug))

    return tuple(Button(named(slug), name, {"motion": number, "for": slug}) for slug in hats)


def _open_tap(number: int) -> Button:
    return Button(filled(N_("Open {number}"), number=number), "motion", {"number": str(number)})
