"""Whoever is elected and not here yet: the seat waits, and is taken when they come in (Art. 5)."""

from __future__ import annotations

from bot.assembly.effects import ELECTED, is_decided, seat
from bot.context import Context
from bot.handlers.assembly.bodies import BODIES, SEAT
from bot.handlers.motions.answers import see
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.tallying import verdict_of
from bot.rules.decisions.values import ElectionVerdict
from storage.persons import Person
from storage.roles import Role


def waiting_seat(ctx: Context, number: int, role: str) -> Motion | None:
    """The election with this number, held, if somebody whom it elected to this role is not in yet; None if
    all are, or if a later election has filled the seat."""
    motion = ctx.store.motions.get(number, lock=True)
    if motion is None or motion.role != role or motion.certified_at is None or motion.voided_at is not None:
        return None
    verdict = verdict_of(motion.outcome)
    if not isinstance(verdict, ElectionVerdict) or _is_followed(ctx, motion):
        return None
    won = sum(one.result in ELECTED for one in verdict.candidates)
    seated = sum(one.motion == number for one in ctx.store.terms.all())
    return motion if seated < won else None


def take_seat(ctx: Context, motion: Motion, person: Person, role: Role) -> None:
    """Somebody who was elected came in: the role is theirs until the term ends, and who held it hears so."""
    before = seat(ctx, motion, (person.id,))
    term = ctx.store.terms.of(role.id)
    values = {
        "name": person.name,
        "number": motion.number,
        "role": next((one.title for one in ctx.charter.roles if one.key == motion.role), motion.role),
        "until": term.ends_on.isoformat() if term else "",
    }
    told = [holder.person.id for holder in before]
    ctx.tell(told, "successor_in", f"successor:{role.id}", values, (see(motion.number), BODIES), kind=SEAT)


def _is_followed(ctx: Context, motion: Motion) -> bool:
    """Whether a later election decided about the same seat; roles held beside each other have one each."""
    if not ctx.charter.allows(motion.role, "keep_assembly"):
        return False
    elections = (one for one in ctx.store.motions.all() if one.kind == "election" and one.role == motion.role)
    final = [one for one in elections if one.certified_at is not None and is_decided(one)]
    return any(one.closes_at > motion.closes_at for one in final)
