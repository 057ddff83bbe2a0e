"""How a place is read back: what it is for, what needs repair there, its next likely taps."""

from __future__ import annotations

from typing import Any, Literal

from bot.commands import N_, OneChoice
from bot.context import Context
from bot.messages import LANGUAGES, Button, Refusal, Reply, Topic, platform_name
from bot.standing import MENDS_ITSELF
from storage.places import KnownPlace

# What a place can be used for; none of them = I answer there and post nothing by myself.
PURPOSES = (
    OneChoice("votes", N_("Votes")),
    OneChoice("events", N_("Events")),
    OneChoice("announcements", N_("Announcements")),
    OneChoice("newsletter", N_("Newsletter")),
    OneChoice("indicators", N_("Indicators")),
)
IN_A_SENTENCE = {
    "votes": N_("votes"),
    "events": N_("events"),
    "announcements": N_("announcements"),
    "newsletter": N_("the newsletter"),
    "indicators": N_("indicators"),
}
INDICATORS = Topic("indicators", "")  # the card of the alliance's year
LONGEST_LABEL = 20  # characters on a button
A_YEAR = 24 * 365  # hours: what stands in a group is not soon asked again
ALL_PLACES = Button(N_("All places"), "places", {"page": "1"}, who="anyone")


def described(ctx: Context, known: KnownPlace) -> dict[str, Any]:
    """A place in the words that every template reads back. The platform's own code is not among them."""
    place = known.place
    return {
        "number": known.id,
        "name": place.name,
        "platform": platform_name(place.platform),
        "thread": bool(place.thread),
        "purposes": [IN_A_SENTENCE[one.value] for one in PURPOSES if one.value in known.purposes],
        "language": LANGUAGES.get(known.language, "") if len(ctx.languages) > 1 else "",
        "state": known.state,
        "since": (known.state_at or ctx.now).isoformat(),
    }


def asked(ctx: Context, known: KnownPlace, *, hello: bool = False) -> Reply:
    """The question to a whole group what it is for, with what was chosen so far. Over the message whose
    button was pressed, for all to see."""
    number = {"place": str(known.id)}
    done = Button(N_("Done"), "place is set", number, who="anyone", hours=A_YEAR)
    answers = Button(N_("Only answers"), "only answers", number, who="anyone", hours=A_YEAR)
    values = {**described(ctx, known), "alliance": ctx.charter.alliance.name, "hello": hello}
    buttons = (*toggles(ctx, known, in_group=True), done if known.purposes else answers)
    return Reply("place_asked", values, buttons, replace=True, public=True)


def set_so(ctx: Context, known: KnownPlace, template: str = "place_set") -> Reply:
    """What a group is for, said to the whole group; one tap changes it."""
    change = Button(N_("Change"), "place asks", {"place": str(known.id)}, who="anyone", hours=A_YEAR)
    return Reply(template, described(ctx, known), (change,), replace=True, public=True)


def opened(ctx: Context, known: KnownPlace, *, tried: bool = False) -> Reply:
    """One place as whoever looks after it sees it: its purposes to tap, and what needs repair, or that it
    is `tried` again just now."""
    number = {"place": str(known.id)}
    again = (Button(N_("Try again"), "try place", number),) if known.state in MENDS_ITSELF else ()
    forget = (Button(N_("Forget it"), "forget place", number),) if known.state != "open" else ()
    buttons = (*again, *toggles(ctx, known, in_group=False), *forget, *to_language(ctx, known), ALL_PLACES)
    return Reply("place", {**described(ctx, known), "tried": tried}, buttons, replace=True)


def to_language(ctx: Context, known: KnownPlace) -> tuple[Button, ...]:
    """The tap to another language, where we speak more than one."""
    tap = Button(N_("Language"), "place language", {"place": str(known.id)}, who="anyone", hours=A_YEAR)
    return (tap,) if len(ctx.languages) > 1 else ()


def toggles(ctx: Context, known: KnownPlace, *, in_group: bool) -> tuple[Button, ...]:
    """One tap for each purpose, chosen ones marked. Each tap says what it sets, so a second one of the
    same changes nothing."""
    buttons = []
    for one in PURPOSES:
        chosen = one.value in known.purposes
        label = ctx.translate_to(one.label, ctx.place_language) if in_group else ctx.translate(one.label)
        arguments = {"place": str(known.id), "purpose": one.value, "on": "no" if chosen else "yes"}
        arguments |= {"group": "yes"} if in_group else {}
        label = f"✓ {label}"[:LONGEST_LABEL] if chosen else label
        who: Literal["me", "anyone"] = "anyone" if in_group else "me"
        buttons.append(Button(label, "place for", arguments, who, hours=A_YEAR))
    return tuple(buttons)


def found_place(ctx: Context, number: int, *, lock: bool = False) -> KnownPlace:
    """The place with this number, held if two people may change it at once. Raises Refusal where it was
    forgotten."""
    known = ctx.store.places.get(number, lock)
    if known is None or known.state == "forgotten":
        raise Refusal("button_old", buttons=(ALL_PLACES,))
    return known


def asked_place(ctx: Context, number: int, *, lock: bool = False) -> KnownPlace:
    """`found_place` for a tap of the question that stands in a group: it is about that group and no other.
    Raises Refusal where it is not."""
    known, here = found_place(ctx, number, lock=lock), ctx.place
    there = known.place
    same = (there.platform, there.installation, there.channel)
    if here.kind == "group" and same != (here.platform, here.installation, here.channel):
        raise Refusal("button_old", buttons=(ALL_PLACES,))
    return known
