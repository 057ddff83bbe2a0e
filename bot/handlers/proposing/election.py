"""Proposing an election: a role of the alliance, who stands for it, for how long (charter, Art. 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from bot.charter import Role as CharterRole
from bot.commands import N_, Number, OneChoice, OneOf, Reading, Text, command
from bot.commands.values import fold
from bot.context import Context
from bot.handlers.proposing.already import only_one
from bot.handlers.proposing.preview import again, confirmed, needed, noticed
from bot.handlers.proposing.proposing import drafted, proposing_for, worded
from bot.messages import Ask, Choice, Refusal, Reply
from bot.rules.decisions.motions import Candidate
from storage.roles import Holder

MOST_CANDIDATES = 20
USUAL_MONTHS = 12
LONGEST_NAME = 80  # characters
CHAIR = "coordinator"  # chosen from within the Assembly (Art. 5(2))
HIDDEN = Annotated[str, Text(hidden=True)]
SEATS_QUESTION = N_("How many are elected?")
TERM_QUESTION = N_("For how many months?")


class AllianceRole(OneOf):
    """A role that is held for the whole alliance."""

    def among(self, reading: Reading) -> tuple[OneChoice, ...]:
        """Those of the charter; every role where nobody told them apart, and the handler does."""
        return reading.choices.get("alliance_roles") or reading.choices.get("roles", ())


@command(
    "propose election",
    N_("Propose an election to a role of the alliance"),
    may="propose",
    example="/propose election Coordinator",
)
def propose_election(
    ctx: Context,
    role: Annotated[str, AllianceRole("roles", label=N_("Role"))] = "",
    candidates: Annotated[
        str,
        Text(lead=("candidates",), label=N_("Candidates"), hint=N_("Names with commas between"), most=2000),
    ] = "",
    seats: Annotated[int, Number(lead=("seats",), label=N_("Seats"), least=1, most=MOST_CANDIDATES)] = 0,
    months: Annotated[int, Number(lead=("months",), label=N_("Term in months"), least=1, most=120)] = 0,
    for_: HIDDEN = "",
    what: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """An election, with everybody who stands. A name that is one person's here is that person; somebody else
    stands by name, and gets the role when they come in. Raises Refusal for a Coordinator from outside the
    Assembly and while another election to the role is before the members, and Ask until what goes out was
    seen and confirmed."""
    home = proposing_for(ctx, "election", for_)
    wanted = _role(ctx, role)
    only_one(ctx, sure, lambda one: one.kind == "election" and one.role == wanted.key)
    if not candidates:
        given = {"role": wanted.key, "seats": str(seats or 1), "months": str(months or USUAL_MONTHS)}
        raise Ask("candidates", "propose_candidates", prefill=given, role=wanted.title)
    needed(what, {"seats": seats, "months": months}, {"seats": SEATS_QUESTION, "months": TERM_QUESTION})
    seats, months = seats or 1, months or USUAL_MONTHS
    standing = tuple(_candidates(ctx, wanted, candidates))
    title = worded(ctx, N_("Election: {role}")).format(role=worded(ctx, wanted.title))
    motion = drafted(
        ctx,
        "election",
        title,
        home,
        role=wanted.key,
        seats=seats,
        candidates=standing,
        effect={"term_months": months},
        text=_term_text(ctx, months),
    )
    parts = (
        again(N_("Role"), "role"),
        again(N_("Candidates"), "candidates"),
        again(N_("Seats"), "seats", what="seats"),
        again(N_("Term"), "months", what="months"),
    )
    confirmed(ctx, motion, sure, parts, strangers=[one.name for one in standing if not one.person])
    return noticed(ctx, motion)


def _role(ctx: Context, key: str) -> CharterRole:
    offered = [role for role in ctx.charter.roles if role.scope == "alliance"]
    found = next((role for role in offered if role.key == key), None)
    if found is None:
        choices = tuple(Choice(ctx.translate(role.title)[:20], {"role": role.key}) for role in offered)
        question = N_("Which role is it about?")
        raise Ask("role", "question", choices, free=False, question=question, hint="", prefill={"role": ""})
    return found


def _candidates(ctx: Context, role: CharterRole, text: str) -> Iterator[Candidate]:
    names = _names(text)
    if not names:
        raise Refusal("no_candidates", "candidates")
    if len(names) > MOST_CANDIDATES:
        raise Refusal("too_many_candidates", "candidates", most=MOST_CANDIDATES, given=len(names))
    known = _people(ctx)
    for at, name in enumerate(names, start=1):
        same = {one.person.id: one for one in known if fold(one.person.name) == fold(name)}
        if len(same) != 1:
            yield Candidate(str(at), name)
            continue
        ((number, holder),) = same.items()
        home = _member_of(ctx, [one for one in known if one.person.id == number])
        if role.key == CHAIR and not home:
            raise Refusal("candidate_outside", "candidates", name=holder.person.name, role=role.title)
        yield Candidate(str(at), holder.person.name, number, home)


def _names(text: str) -> list[str]:
    """The names between the commas. One stands once, however it is written: so does a person, who is known by
    it."""
    names: dict[str, str] = {}
    for given in text.split(","):
        name = " ".join(given.split())[:LONGEST_NAME]
        names.setdefault(fold(name), name)
    return [name for name in names.values() if name]


def _people(ctx: Context) -> list[Holder]:
    """Everybody with a role, once for each role they hold."""
    roles = ctx.store.roles
    own = [holder for slug in ctx.organisations for holder in roles.of_organisation(slug)]
    whole = [role.key for role in ctx.charter.roles if role.scope == "alliance"]
    return own + [holder for key in whole for holder in roles.holders(key)]


def _member_of(ctx: Context, held: list[Holder]) -> str:
    """The first organisation with a vote for which somebody acts; "" for none."""
    members = {one.slug for one in ctx.members if one.standing == "voting"}
    return next((one.role.organisation for one in held if one.role.organisation in members), "")


def _term_text(ctx: Context, months: int) -> str:
    if months == 1:
        return worded(ctx, N_("For one month."))
    return worded(ctx, N_("For {count} months.")).format(count=months)
