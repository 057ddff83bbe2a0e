"""The sectors an organisation works in: what partners are found by (spec/engagement.md 9.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from rapidfuzz import fuzz

from bot.commands import N_, OneOrganisation, Text, command
from bot.context import Context
from bot.context.speaking import sectors_of
from bot.handlers.counting import short
from bot.messages import Ask, Button, Choice, Phrase, Refusal, Reply
from bot.rules.matching import same_sector

LONGEST = 60  # characters of one sector
MOST = 8  # sectors of one organisation
OFFERED = 4  # of what others use, each with a tap
NEAR = 80.0  # likeness, of 100, from which what others use is suggested
CUTS = re.compile(r"\s*[,;\n]\s*")
HIDDEN = Annotated[str, Text(hidden=True, most=600)]
WORDS = Text(
    ask=N_("In which sectors do you work?"), hint=N_("tooling, plastics"), label=N_("Sectors"), most=600
)
WITHOUT = Text(lead=("without", "remove"), label=N_("Take out"), most=LONGEST)


@command(
    "sectors",
    N_("The sectors your organisation works in"),
    may="organise_events",
    example="/sectors tooling, plastics",
    aliases=("our sectors",),
)
def sectors(
    ctx: Context,
    words: Annotated[str, WORDS] = "",
    without: Annotated[str, WITHOUT] = "",
    for_: Annotated[str, OneOrganisation(lead=("for",), label=N_("For which organisation"))] = "",
    what: HIDDEN = "",
    settled: HIDDEN = "",
) -> Reply:
    """Add sectors to an organisation's, take one out, or look. A word that is nearly another member's is
    asked about first, so that both find each other. Raises Ask; Refusal for too many, or one too long."""
    organisation = ctx.acting_for("organise_events", for_)
    if what and not words:
        taps = tuple(Choice(short(_said(ctx, one)), {"words": one}) for one in _of_others(ctx, organisation))
        raise Ask("words", "question", taps, question=WORDS.ask, hint=WORDS.hint)
    ctx.store.organisations.lock(organisation)
    found = ctx.store.organisations.get(organisation)
    before = found.sectors if found is not None else ()
    given = _given(ctx, organisation, words, settled)
    gone = same_sector(_meant(ctx, without))
    after = _with(tuple(one for one in before if same_sector(one) != gone), given)
    if len(after) > MOST:
        raise Refusal("sectors_many", "words", most=MOST)
    if after != before:
        ctx.store.organisations.change(organisation, sectors=after)
    values = {
        "organisation": ctx.short_name(organisation),
        "sectors": _named(ctx, after),
        "added": _named(ctx, (one for one in after if one not in before)),
        "removed": _named(ctx, (one for one in before if one not in after)),
        "looked": not words and not without,
    }
    return Reply("sectors", values, _taps(ctx, organisation, before, after), replace=True)


def _given(ctx: Context, organisation: str, words: str, settled: str) -> tuple[str, ...]:
    """The sectors in what was typed, each as other members write it already. Raises Ask about one that is
    nearly another's; `settled` are those that are meant as they stand."""
    pieces = [_meant(ctx, piece.strip(" .")) for piece in CUTS.split(words) if piece.strip(" .")]
    known = {same_sector(one): one for one in reversed(_used(ctx, organisation))}
    meant = {same_sector(one) for one in CUTS.split(settled)}
    taken = []
    for at, piece in enumerate(pieces):
        if len(piece) > LONGEST:
            raise Refusal("text_too_long", "words", most=LONGEST, length=len(piece))
        near = known.get(same_sector(piece)) or (
            same_sector(piece) not in meant and _near(piece, known.values())
        )
        if near and same_sector(near) != same_sector(piece):
            rest = ", ".join([*pieces[:at], near, *pieces[at + 1 :]])
            choices = (
                Choice(short(f"{ctx.translate(N_('Yes'))}, {_said(ctx, near)}"), {"words": rest}),
                Choice(short(f"{ctx.translate(N_('No'))}, {piece}"), {"settled": f"{settled},{piece}"}),
            )
            raise Ask("", "sectors_near", choices, free=False, text=piece, near=near)
        taken.append(near or piece)
    return tuple(taken)


def _meant(ctx: Context, words: str) -> str:
    """The charter's sector that is called so in the reader's language; else the words as they are."""
    typed = same_sector(words)
    known = sectors_of(ctx.charter)
    if typed in {same_sector(one) for one in known}:
        return words
    return next((one for one in sorted(known) if same_sector(ctx.translate(one)) == typed), words)


def _named(ctx: Context, sectors: Iterable[str]) -> list[str]:
    """Sectors as they are said: the charter's in each reader's language, any other as it was written."""
    known = sectors_of(ctx.charter)
    return [Phrase(one) if one in known else one for one in sectors]


def _said(ctx: Context, sector: str) -> str:
    return ctx.translate(sector) if sector in sectors_of(ctx.charter) else sector


def _with(kept: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """These sectors and those, each once."""
    every: dict[tuple[str, ...], str] = {}
    for one in (*kept, *given):
        every.setdefault(same_sector(one), one)
    return tuple(every.values())


def _near(piece: str, known: Iterable[str]) -> str:
    """What others use that is most like a word, "" for nothing near."""
    scored = [(fuzz.ratio(piece.casefold(), one.casefold()), one) for one in known]
    score, best = max(scored, default=(0.0, ""))
    return best if score >= NEAR else ""


def _used(ctx: Context, organisation: str) -> list[str]:
    """The sectors of the other organisations, in the order of their names."""
    return [sector for one in ctx.members if one.slug != organisation for sector in one.sectors]


def _of_others(ctx: Context, organisation: str) -> list[str]:
    """What the most others use and this one does not, a few."""
    own = {same_sector(one) for one in ctx.organisations[organisation].sectors}
    used = [one for one in _used(ctx, organisation) if same_sector(one) not in own]
    keys = [same_sector(one) for one in used]
    first = {same_sector(one): one for one in reversed(used)}
    return sorted(first.values(), key=lambda one: (-keys.count(same_sector(one)), one.casefold()))[:OFFERED]


def _taps(
    ctx: Context, organisation: str, before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[Button, ...]:
    """Going on: one more; each that stands can be taken out, what was just taken out be put back."""
    label = ctx.translate(N_("Without {sector}"))
    back = ctx.translate(N_("Put back {sector}"))
    given = {"for": organisation}
    gone = [one for one in before if one not in after]
    return (
        *((Button(N_("Add a sector"), "sectors", {**given, "what": "words"}),) if len(after) < MOST else ()),
        *(
            Button(short(label.format(sector=_said(ctx, one))), "sectors", {**given, "without": one})
            for one in after
        ),
        *(
            Button(short(back.format(sector=_said(ctx, one))), "sectors", {**given, "words": one})
            for one in gone
        ),
        Button(N_("Find partners"), "partners", given),
    )
