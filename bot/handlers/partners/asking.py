"""Asking two others to host the missing event together, and what they answer (spec/engagement.md 9.3).

Each organisation is asked once for the same asker and year, unless somebody asks again by hand. What became
of it is a partner question (storage/partner_questions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from bot.commands import N_, Moment, Number, OneOrganisation, Organisations, Text, command
from bot.context import Context
from bot.handlers.events.answers import kind_label
from bot.handlers.partners.gaps import gap_of, members
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.notices import Values, told
from bot.rules.matching import Reason, reasons

ASKED, INTERESTED, NOT_NOW = "asked", "interested", "not now"
CHANGES = (
    Choice(N_("Send it"), {"sure": "yes"}),
    Choice(N_("Another title"), {"title": "", "sure": ""}),
    Choice(N_("Another day"), {"starts": "", "sure": ""}),
)


def is_asked(ctx: Context, values: Values) -> bool:
    """Whether the partner has not answered yet, and the reader may."""
    if not ctx.may("organise_events", values["asked"]):
        return False
    return answers_to(ctx, values["asker"], values["in_year"]).get(values["asked"]) == ASKED


PARTNER = told(
    "partner asked",
    N_("Events to host together"),
    N_("You get this because you organise events for your organisation."),
    still_due=is_asked,
    theme="events",
    duty=True,
)
ANSWERED = told(
    "partner answered",
    N_("Answers from partners"),
    N_("You get this because you asked them, or your organisation did."),
    theme="events",
    counts=False,  # somebody asked for it
)
HIDDEN = Annotated[str, Text(hidden=True)]
ORGANISATION = Annotated[str, OneOrganisation(hidden=True)]
TITLE = Annotated[str, Text(ask=N_("What is it called?"), label=N_("Title"), most=150)]
STARTS = Annotated[
    datetime, Moment("future", ask=N_("On which day, and at what time?"), label=N_("Day and time"))
]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that nobody has planned yet: its kind (a key of the charter), title and start (UTC)."""

    kind: str
    title: str
    starts: datetime

    def spoken(self, ctx: Context) -> dict[str, Any]:
        """It in the words of a template."""
        return {"kind": kind_label(ctx, self.kind), "title": self.title, "starts": self.starts.isoformat()}

    def given(self) -> dict[str, str]:
        """It as arguments of a command."""
        return {"kind": self.kind, "title": self.title, "starts": self.starts.isoformat()}

    def arguments(self, organisation: str, slugs: Iterable[str]) -> dict[str, str]:
        """It as arguments of a command, for an organisation together with others."""
        return {**self.given(), "for": organisation, "with": ",".join(slugs)}


def plan_tap(draft: Draft, organisation: str, slugs: Iterable[str]) -> Button:
    """Announcing the event with these as co-hosts: what is still open is asked."""
    return Button(N_("Plan it"), "event new", draft.arguments(organisation, slugs))


def answers_to(ctx: Context, organisation: str, year: int) -> dict[str, str]:
    """Whom an organisation has asked this year (slug), and what each said: asked, interested, not now."""
    kept = ctx.store.partner_questions.of_asker(year, organisation)
    return {one.asked: one.answer for one in kept if one.asked in ctx.organisations}


def spoken_reasons(why: Sequence[Reason], *, same: bool) -> list[dict[str, Any]]:
    """Reasons for a template: `why` and what it is about. `same`: who looks for a partner has no event
    either; then it goes without saying that there was none together."""
    sectors = [one.what for one in why if one.why == "sector"]
    codes = list(dict.fromkeys("short" if one.why == "gap" and not same else one.why for one in why))
    if same and codes != ["new"]:
        codes = [code for code in codes if code != "new"]
    return [{"why": code, "sectors": sectors if code == "sector" else []} for code in codes]


@command("ask partners", N_("Ask others to host an event with us"), may="organise_events", hidden=True)
def ask_partners(
    ctx: Context,
    kind: HIDDEN,
    title: TITLE,
    starts: STARTS,
    for_: ORGANISATION,
    with_: Annotated[tuple[str, ...], Organisations(hidden=True)],
    again: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """Ask the people of these organisations who organise events; first whoever asks sees the words. Who was
    asked already is asked again only if that is meant. Raises the Ask that shows it."""
    organisation, draft = ctx.acting_for("organise_events", for_), Draft(kind, title, starts)
    before = answers_to(ctx, organisation, ctx.counting_year)
    slugs = [slug for slug in with_ if slug != organisation and (again or slug not in before)]
    if not slugs:
        return _asked_already(ctx, draft, organisation, with_)
    words = {slug: _words_to(ctx, draft, organisation, slug, slugs) for slug in slugs}
    if sure != "yes":
        people = {person for slug in slugs for person in ctx.people_of(slug, "organise_events")}
        shown = {**words[slugs[0]], "more": [words[slug] for slug in slugs[1:]]}
        raise Ask(
            "sure", "partners_preview", CHANGES, free=False, people=len(people - {ctx.person.id}), **shown
        )
    for slug in slugs:
        _ask(ctx, draft, organisation, slug, words[slug], again)
    values = {
        "names": [ctx.short_name(slug) for slug in slugs],
        "organisation": ctx.short_name(organisation),
        "title": title,
    }
    return Reply("partners_sent", values, (plan_tap(draft, organisation, slugs),), replace=True)


@command("partner answers", N_("Say whether we'd host it together"), may="organise_events", hidden=True)
def partner_answers(
    ctx: Context,
    answer: HIDDEN,
    for_: ORGANISATION,
    organisation: ORGANISATION,
    by: Annotated[int, Number(hidden=True)],
    year: Annotated[int, Number(hidden=True)],
    kind: HIDDEN,
    title: HIDDEN,
    starts: Annotated[datetime, Moment(hidden=True)],
) -> Reply:
    """A partner would like to, and whoever asked can plan it with one tap; or can't now, and they are offered
    others."""
    return _answered(ctx, answer, for_, organisation, by, year, Draft(kind, title, starts))


def _asked_already(ctx: Context, draft: Draft, organisation: str, slugs: Sequence[str]) -> Reply:
    """Nobody is asked twice by mistake; by hand they can be."""
    given = {**draft.arguments(organisation, slugs), "again": "yes"}
    values = {
        "names": [ctx.short_name(slug) for slug in slugs],
        "organisation": ctx.short_name(organisation),
    }
    taps = (Button(N_("Ask again"), "ask partners", given), plan_tap(draft, organisation, slugs))
    return Reply("partners_asked_already", values, taps, replace=True)


def _words_to(
    ctx: Context, draft: Draft, organisation: str, slug: str, slugs: Sequence[str]
) -> dict[str, Any]:
    """What is said to one partner: who asks, why they, the draft, and who else is asked."""
    gap = gap_of(ctx, organisation)
    known = {one.organisation: one for one in members(ctx, gap, organisation)} if gap else {}
    same = gap is not None and gap.is_short(organisation)
    return {
        **draft.spoken(ctx),
        "who": ctx.person.name,
        "organisation": ctx.short_name(organisation),
        "partner": ctx.short_name(slug),
        "others": [ctx.short_name(other) for other in slugs if other != slug],
        "reasons": spoken_reasons(reasons(known[organisation], known[slug]), same=same) if gap else [],
        "label": gap.figure.condition.label if gap else "",
        "year": ctx.counting_year,
        "same": same,
    }


def _ask(ctx: Context, draft: Draft, organisation: str, slug: str, words: dict[str, Any], again: str) -> None:
    year = ctx.counting_year
    ctx.store.partner_questions.answer(year, organisation, slug, ASKED, ctx.person.id, ctx.now)
    given = {
        **draft.given(),
        "for": organisation,
        "organisation": slug,
        "by": str(ctx.person.id),
        "year": str(year),
    }
    taps = (
        Button(N_("Interested"), "partner answers", {**given, "answer": INTERESTED}, who="anyone"),
        Button(N_("Not now"), "partner answers", {**given, "answer": NOT_NOW}, who="anyone"),
    )
    key = f"partners:{year}:{organisation}:{slug}"
    once = f"{key}:{ctx.now.isoformat()}" if again else key
    said = {**words, "asker": organisation, "asked": slug, "in_year": year}
    ctx.tell(ctx.people_of(slug, "organise_events"), "partners_asked", once, said, taps, kind=PARTNER)


def _answered(
    ctx: Context, answer: str, asker: str, organisation: str, by: int, year: int, draft: Draft
) -> Reply:
    """A partner's answer, kept; whoever asked hears of it once, with what can be done now."""
    if not ctx.may("organise_events", organisation):
        raise Refusal("not_for_organisation", organisation=ctx.short_name(organisation))
    answers = answers_to(ctx, asker, year)
    is_new = answers.get(organisation) != answer
    answers[organisation] = answer
    values = {
        **draft.spoken(ctx),
        "organisation": ctx.short_name(asker),
        "partner": ctx.short_name(organisation),
        "answer": answer,
        "who": ctx.person.name,
    }
    if is_new:
        ctx.store.partner_questions.answer(year, asker, organisation, answer, ctx.person.id, ctx.now)
        _tell_asker(ctx, asker, organisation, by, draft, answers, values)
    labels = {INTERESTED: N_("Interested after all"), NOT_NOW: N_("Not now after all")}
    other = NOT_NOW if answer == INTERESTED else INTERESTED
    given = {**draft.given(), "for": asker, "organisation": organisation, "by": str(by), "year": str(year)}
    back = Button(labels[other], "partner answers", {**given, "answer": other})
    return Reply("partners_noted", values, (back,), replace=True)


def _tell_asker(
    ctx: Context, asker: str, organisation: str, by: int, draft: Draft, answers: dict[str, str],
    values: dict[str, Any],
) -> None:  # fmt: skip
    rest = {slug: said for slug, said in answers.items() if slug != organisation}
    keen = [slug for slug, said in answers.items() if said == INTERESTED]
    told = {
        **values,
        "waiting": [ctx.short_name(slug) for slug, said in rest.items() if said == ASKED],
        "keen": [ctx.short_name(slug) for slug in keen if slug != organisation],
    }
    taps = (
        *((plan_tap(draft, asker, keen),) if keen else ()),
        *(
            (Button(N_("Other partners"), "partners", {"for": asker}),)
            if answers[organisation] == NOT_NOW
            else ()
        ),
    )
    key = f"partners:{values['answer']}:{asker}:{organisation}:{ctx.now.isoformat()}"
    people = (by,) if ctx.store.roles.of_person(by) else ctx.people_of(asker, "organise_events")
    ctx.tell(people, "partners_answered", key, told, taps, kind=ANSWERED)
