"""What a motion does once it is final: the charter's text, the rules of decision, members, roles."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.assembly.agreement import agreed
from bot.assembly.standing import topic_of
from bot.assembly.telling import NEWS
from bot.charter import Article, Charter
from bot.commands import N_
from bot.context import Context
from bot.in_force import charter_of, version_at
from bot.messages import Button
from bot.notices import Values, told
from bot.rules.decisions.amending import merge
from bot.rules.decisions.dates import months_after
from bot.rules.decisions.motions import Motion
from bot.rules.decisions.tallying import verdict_of
from bot.rules.decisions.values import ElectionVerdict
from storage.organisations import Organisation
from storage.roles import Holder

ELECTED = ("elected", "elected_unopposed")


def may_invite_all(ctx: Context, _values: Values) -> bool:
    """Whether the reader looks after the whole alliance, and so can invite whoever was elected."""
    return ctx.may("invite_all")


NOT_HERE = told(
    "elected not here",
    N_("Elected people to invite"),
    N_("You get this because you coordinate the alliance."),
    still_due=may_invite_all,
    theme="alliance",
    duty=True,
)
WAS = "was"  # in the effect of an admission: what was known of the applicant before its notice


def take_effect(ctx: Context, motion: Motion) -> Motion:
    """Let a final motion do what it decides, from the day that it is in force; the motion as it is then. One
    whose article was changed by another motion meanwhile cannot: it is void, and says why (4.9, 5.16)."""
    if motion.effect.get("agreement"):
        return _agree(ctx, motion)
    match motion.kind:
        case "charter_amendment":
            return _amend(ctx, motion)
        case "admission":
            _admit(ctx, motion)
        case "exclusion":
            _exclude(ctx, motion)
        case "annual_renewal":
            _renew(ctx, motion)
        case "election":
            _fill_seats(ctx, motion)
    return motion


def is_decided(motion: Motion) -> bool:
    """Whether a counted motion decides anything: it is carried, or an election filled a seat at least."""
    return bool(motion.outcome.get("filled")) if motion.rule.is_election else motion.result == "carried"


def put_back(ctx: Context, motion: Motion) -> None:
    """A motion that comes to nothing leaves an organisation as it was known before its notice."""
    if was := motion.effect.get(WAS):
        ctx.store.organisations.change(motion.subject, **was)


def article_of(charter: Charter, number: int) -> Article | None:
    """The article with this number; None if this version has none."""
    return next((one for one in charter.articles if one.number == number), None)


def _amend(ctx: Context, motion: Motion) -> Motion:
    """The article gets its new text: carried over to what stands now, if the sentences that it touches are
    as they were; the version is tagged with the motion."""
    day = motion.in_force_on or ctx.counting_day

    def amended(charter: Charter) -> Charter | None:
        article = article_of(charter, motion.article or 0)
        text = None if article is None else merge(motion.before, motion.after, article.text)
        if article is None or text is None:
            return None
        changed = article.model_copy(update={"text": text, "motion": motion.number, "since": day})
        articles = tuple(changed if one.number == article.number else one for one in charter.articles)
        return charter.model_copy(update={"articles": articles})

    if not new_versions(ctx, amended, day, motion.number):
        return replace(motion, voided_at=ctx.now, void_reason="rebase", in_force_on=None)
    _carry_over(ctx, motion)
    return motion


def new_versions(ctx: Context, change: Callable[[Charter], Charter | None], day: date, motion: int) -> bool:
    """The charter is changed by a motion's decision from this day on: in the version of that day, and in each
    later one that is there already (the bot was down, and learned something since). False if the version of
    that day cannot be changed so."""
    ctx.store.charters.lock()
    kept = ctx.store.charters.versions()
    first = version_at(ctx.store, day)
    later = [one for one in kept if one.in_force_from > day]
    changed = change(charter_of(first))
    if changed is None:
        return False
    ctx.store.charters.add(changed.fingerprint(), changed.to_json(), day, ctx.now, motion)
    for one in later:
        after = change(charter_of(one))
        if after is not None:
            ctx.store.charters.add(after.fingerprint(), after.to_json(), one.in_force_from, ctx.now, motion)
    return True


def _carry_over(ctx: Context, adopted: Motion) -> None:
    """Other amendments of the article of which notice is given: those whose sentences are untouched go on
    over the new text by themselves, the others are to be proposed anew (6, last line)."""
    kept = version_at(ctx.store, adopted.in_force_on or ctx.counting_day)
    article = article_of(charter_of(kept), adopted.article or 0)
    for one in ctx.store.motions.live():
        same = one.kind == "charter_amendment" and one.article == adopted.article
        if article is None or not same or one.number == adopted.number:
            continue
        other = ctx.store.motions.get(one.number, lock=True) or one
        if other.opened_at or other.withdrawn_at or other.voided_at:
            continue
        after = merge(other.before, other.after, article.text)
        if after is None:
            ctx.store.motions.write(replace(other, voided_at=ctx.now, void_reason="rebase"))
        else:
            effect = {**other.effect, "carried_over": adopted.number}
            moved = replace(other, before=article.text, after=after, base=kept.version, effect=effect)
            ctx.store.motions.edit(moved, adopted.proposer, ctx.now)  # who edits it now edits this text
        values = {"number": other.number, "title": other.title, "adopted": adopted.number}
        look = Button(N_("Read it"), "motion", {"number": str(other.number)})
        template = "amendment_fell" if after is None else "amendment_carried_over"
        key = f"{template}:{other.number}:{adopted.number}"
        ctx.tell((other.proposer,), template, key, values, (look,), kind=NEWS)
        ctx.store.cards.stale(topic_of(other))


def _agree(ctx: Context, motion: Motion) -> Motion:
    """The Partnership Agreement's answers become the rules of decision (Preamble)."""
    answers = motion.effect["agreement"]
    day = motion.in_force_on or ctx.counting_day
    new_versions(ctx, lambda charter: agreed(charter, answers), day, motion.number)
    return motion


def _admit(ctx: Context, motion: Motion) -> None:
    """The applicant has its vote from now on (Art. 4)."""
    kept = ctx.store.organisations.get(motion.subject)
    if kept is not None:
        ctx.store.organisations.change(motion.subject, standing="voting", joined_on=motion.in_force_on)


def _exclude(ctx: Context, motion: Motion) -> None:
    """The organisation is no member any more, and nobody acts for it."""
    kept: Organisation | None = ctx.store.organisations.get(motion.subject)
    if kept is None:
        return
    ctx.store.organisations.change(motion.subject, standing="left")
    for holder in ctx.store.roles.of_organisation(motion.subject):
        ctx.store.roles.end(holder.role.id, ctx.now, None)


def _renew(ctx: Context, motion: Motion) -> None:
    """The alliance goes on for another year (Art. 8): from the day on which that was decided."""
    decided = motion.closes_at.astimezone(ZoneInfo(ctx.charter.alliance.zone)).date()
    day = decided if motion.origin == "recorded" else motion.in_force_on or decided
    until = months_after(day, ctx.charter.calendar.renewal_months)
    kept = ctx.store.milestones.all().get("renewed")
    if kept is not None and date.fromisoformat(kept.answer.split("/")[1]) >= until:
        return  # an older one that was recorded later
    ctx.store.milestones.answer(
        "renewed", f"{day.isoformat()}/{until.isoformat()}/{motion.number}", None, ctx.now
    )


def seat(ctx: Context, motion: Motion, persons: Collection[int]) -> tuple[Holder, ...]:
    """These persons (ids), whom a motion elected, hold its role from now on, until the term ends (Art. 5).
    Who coordinated before, and is not elected by it, does so no more; other roles are held beside each
    other. Gives back whose role ended."""
    for person in persons:
        role = ctx.store.roles.grant(person, motion.role, "", ctx.now, None)
        ctx.store.terms.set(role.id, _term(motion), motion.number)
    if not persons or not ctx.charter.allows(motion.role, "keep_assembly"):
        return ()
    seated = {one.role_id for one in ctx.store.terms.all() if one.motion == motion.number}
    before = [one for one in ctx.store.roles.holders(motion.role) if one.role.id not in seated]
    for holder in before:
        ctx.store.roles.end(holder.role.id, ctx.now, None)
    return tuple(before)


def _fill_seats(ctx: Context, motion: Motion) -> None:
    """Whoever was elected takes the seat. Somebody who is not here yet has to come in first: until then
    nobody loses a role, and the coordinator hears of it."""
    verdict = verdict_of(motion.outcome)
    if not isinstance(verdict, ElectionVerdict) or not motion.role:
        return
    won = {one.candidate for one in verdict.candidates if one.result in ELECTED}
    elected = [one for one in motion.candidates if one.key in won]
    seat(ctx, motion, [one.person for one in elected if one.person])
    if absent := [one.name for one in elected if not one.person]:
        title = next((one.title for one in ctx.charter.roles if one.key == motion.role), motion.role)
        values = {"names": absent, "role": title, "number": motion.number}
        invite = Button(N_("Invite them"), "invite", {"role": motion.role, "motion": str(motion.number)})
        key = f"elected:{motion.number}"
        ctx.tell(ctx.coordinators(), "elected_not_here", key, values, (invite,), kind=NOT_HERE)


def _term(motion: Motion) -> date:
    day = motion.in_force_on or motion.closes_at.date()
    return months_after(day, int(motion.effect.get("term_months", 12)))
