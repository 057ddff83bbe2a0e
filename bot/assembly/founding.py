"""What the charter dates: in force with the founders' signatures, the Partnership Agreement, the renewal.

Facts only; what is past is past, and nothing lapses by it (Preamble, Art. 8; spec/decisions.md 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.assembly.agreement import recorded_agreement
from bot.context import Context
from bot.rules.decisions.dates import months_after
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.phases import phase
from storage.organisations import Organisation
from storage.signatures import Signature

About = Literal["agreement", "renewal"]
OVER = ("withdrawn", "void", "lapsed")
ASKED = "asked"  # how a milestone's answer begins while nobody has answered


@dataclass(frozen=True, slots=True)
class Founding:
    """The founders, each with its signature, in the order of the signing, then those that have not signed;
    `in_force` the day on which the charter came into force, None while it is not."""

    founders: tuple[tuple[Organisation, Signature | None], ...]
    in_force: date | None

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The founders that have not signed, by slug."""
        return tuple(one.slug for one, signature in self.founders if signature is None)


@dataclass(frozen=True, slots=True)
class Term:
    """For how long the alliance goes on: `until` is when its renewal is due, None while the charter is not
    in force. `renewed_on` and `motion` tell of the last renewal, None and 0 if there was none."""

    until: date | None
    renewed_on: date | None = None
    motion: int = 0


@dataclass(frozen=True, slots=True)
class PastDate:
    """A date that the charter names and that is behind us, without a motion about it. `key` is its own."""

    about: About
    day: date

    @property
    def key(self) -> str:
        """By which its milestone is kept: another year's renewal is another date."""
        return f"{self.about}:{self.day.isoformat()}"


def in_force_on(organisations: Iterable[Organisation], signatures: Iterable[Signature]) -> date | None:
    """The day on which the charter came into force: that of the last founder's signature, once all founders
    have signed; else None (Art. 8)."""
    days = {one.organisation: one.signed_on for one in signatures}
    founders = [one.slug for one in organisations if one.founding]
    if not founders or any(slug not in days for slug in founders):
        return None
    return max(days[slug] for slug in founders)


def founding(ctx: Context) -> Founding:
    """Who founded the alliance, and since when its charter is in force."""
    signatures = {one.organisation: one for one in ctx.store.signatures.all()}
    everybody = ctx.store.organisations.all()  # one that has just signed, too
    founders = [(one, signatures.get(one.slug)) for one in everybody if one.founding]
    founders.sort(key=lambda pair: (pair[1] is None, pair[1].signed_on if pair[1] else date.max))
    return Founding(tuple(founders), in_force_on(everybody, signatures.values()))


def agreement_due(ctx: Context) -> date | None:
    """Until when the Partnership Agreement was to be there: counted from the last signature, our reading of
    "the signing" (Preamble); None while the charter is not in force."""
    since = founding(ctx).in_force
    return months_after(since, ctx.charter.calendar.partnership_agreement_months) if since else None


def agreement_motions(ctx: Context) -> tuple[Motion, ...]:
    """The motions that adopt or change the Partnership Agreement, newest first; none that came to nothing."""
    found = [one for one in ctx.store.motions.all() if one.effect.get("agreement")]
    return tuple(one for one in reversed(found) if phase(one, ctx.now) not in OVER)


def agreement(ctx: Context) -> Motion | None:
    """The motion whose answers are in force; None while there is no Partnership Agreement here."""
    return next((one for one in agreement_motions(ctx) if _holds(one)), None)


def running_agreement(ctx: Context) -> Motion | None:
    """The motion about the Partnership Agreement of which notice is given and that is not final yet."""
    return next((one for one in agreement_motions(ctx) if one.certified_at is None), None)


def term(ctx: Context) -> Term:
    """How long the alliance goes on: a year from its last renewal, or from the day in force (Art. 8)."""
    kept = ctx.store.milestones.all().get("renewed")
    if kept is not None:
        day, until, motion = kept.answer.split("/")
        return Term(date.fromisoformat(until), date.fromisoformat(day), int(motion))
    since = founding(ctx).in_force
    return Term(months_after(since, ctx.charter.calendar.renewal_months) if since else None)


def running_renewal(ctx: Context) -> Motion | None:
    """The motion to renew the alliance of which notice is given and that is not final yet."""
    live = [one for one in ctx.store.motions.live() if one.kind == "annual_renewal"]
    return next((one for one in reversed(live) if phase(one, ctx.now) not in OVER), None)


def dates_behind(ctx: Context) -> tuple[PastDate, ...]:
    """The dates of the charter that are past, about which nothing was proposed here."""
    today = ctx.counting_day
    found: list[PastDate] = []
    due = agreement_due(ctx)
    settled = agreement_motions(ctx) or recorded_agreement(ctx)
    if due is not None and due < today and not settled:
        found.append(PastDate("agreement", due))
    until = term(ctx).until
    if until is not None and until < today and not _renewal_proposed(ctx, until):
        found.append(PastDate("renewal", until))
    return tuple(found)


def answered(ctx: Context, past: PastDate) -> str:
    """What was answered about a date: "decided", "not_yet", "later/2027-01-07"; "" if nothing was."""
    kept = ctx.store.milestones.all().get(past.key)
    return "" if kept is None or kept.answer.startswith(ASKED) else kept.answer


def unanswered(ctx: Context) -> tuple[PastDate, ...]:
    """The dates behind us about which nobody has said anything yet."""
    return tuple(one for one in dates_behind(ctx) if not answered(ctx, one))


def _holds(motion: Motion) -> bool:
    return motion.certified_at is not None and motion.result == "carried"


def _renewal_proposed(ctx: Context, until: date) -> bool:
    """Whether a renewal was put to the Assembly in the year that ends on this day, or after it."""
    begun = months_after(until, -ctx.charter.calendar.renewal_months)
    motions = (one for one in ctx.store.motions.all() if one.kind == "annual_renewal")
    return any(one.proposed_at.date() > begun and phase(one, ctx.now) not in OVER for one in motions)
