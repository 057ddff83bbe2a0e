"""How an announcement is read back: in its author's words, with what it reaches and how far it is."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from bot.broadcasts.audience import FOR_SOME, Audience
from bot.broadcasts.standing import text_for, tongues
from bot.broadcasts.text import closed, title_of
from bot.commands import N_
from bot.context import COORDINATING, Context
from bot.messages import Button, Place
from bot.rules.broadcasts.values import Broadcast

PERSON: Final = "person:"
PLACE: Final = "place:"
NAMED: Final = 3  # of those who do not get it, by name
WHY_NOT: Final = {
    "muted": N_("muted"),
    "taken off": N_("taken off"),
    "nowhere": N_("out of reach"),
    "not_started": N_("nobody is here yet"),
    "removed": N_("I was removed"),
    "archived": N_("it is archived"),
    "closed": N_("it is closed"),
    "cannot_post": N_("I can't write there"),
    "lost": N_("I can't find it any more"),
    "has it": N_("already reached"),
    "for some": N_("it's for some people only"),
}


def described(ctx: Context, broadcast: Broadcast) -> dict[str, Any]:
    """What every sentence about an announcement reads back."""
    return {
        "number": broadcast.number,
        "title": title_of(text_for(broadcast.texts, tongues(ctx))),
        "author": name_of(ctx, broadcast.created_by),
        "goes_at": broadcast.send_at.isoformat() if broadcast.send_at else "",
        "urgent": broadcast.urgent,
    }


def name_of(ctx: Context, person: int | None) -> str:
    """What somebody is called; "somebody" once nothing is known of them."""
    known = ctx.store.persons.get(person) if person is not None else None
    return known.name if known else ctx.translate(N_("somebody"))


def place_name(ctx: Context, place: Place) -> str:
    """What a chat is called now."""
    known = ctx.store.places.find(place)
    return (known.place.name if known else place.name) or ctx.translate(N_("an unnamed group"))


def speaks_for(ctx: Context, broadcast: Broadcast) -> str:
    """For whom the author speaks: an organisation, or the whole alliance."""
    if broadcast.organisation == COORDINATING or broadcast.organisation in ctx.organisations:
        return ctx.short_name(broadcast.organisation)
    return broadcast.organisation


def organisations_by_person(ctx: Context) -> dict[int, str]:
    """Of which organisation everybody is, by its short name; of the first one where somebody has several."""
    slugs: dict[int, str] = {}
    for holder in ctx.store.roles.standing():
        slug, person = holder.role.organisation, holder.person.id
        if slug in ctx.organisations and slug < slugs.get(person, "~"):
            slugs[person] = slug
    return {person: ctx.short_name(slug) for person, slug in slugs.items()}


def language_name(tag: str, language: str) -> str:
    """How a language is called in another one: "Portuguese"."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return tag
    return str(name or tag)


def as_read(ctx: Context, broadcast: Broadcast) -> list[dict[str, str]]:
    """The texts as people will read them; each under its language where there are several."""
    several = len(broadcast.texts) > 1
    return [
        {"language": language_name(tag, ctx.language) if several else "", "text": closed(text)}
        for tag, text in broadcast.texts.items()
    ]


def left_out(ctx: Context, audience: Audience) -> dict[str, Any]:
    """Who does not get it: people by how many and why, chats by name and why, and of which organisations
    nobody is here. The first few by name."""
    every = audience.reach.left_out
    people = Counter(one.why for one in every if one.key.startswith(PERSON))
    chats = [one for one in every if one.key.startswith(PLACE) and one.why != FOR_SOME]
    absent = [one.name for one in every if one.why == "not_started"]
    return {
        "people_left": [
            {"count": count, "why": ctx.translate(WHY_NOT[why])} for why, count in people.items()
        ],
        "chats_left": [{"name": one.name, "why": ctx.translate(WHY_NOT[one.why])} for one in chats[:NAMED]],
        "more_left": max(0, len(chats) - NAMED),
        "absent": absent[:NAMED],
        "more_absent": max(0, len(absent) - NAMED),
    }


def numbered(broadcast: Broadcast) -> dict[str, str]:
    """What a button about it carries."""
    return {"number": str(broadcast.number)}


def open_tap(broadcast: Broadcast) -> Button:
    """The tap that opens it."""
    return Button(N_("Show it"), "announcement", numbered(broadcast))
