"""An alliance of seven and one command, `/log`, to read typed words against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from bot.commands import (
    N_,
    TODAY,
    Day,
    Known,
    Link,
    OneChoice,
    OneOf,
    Organisations,
    Reading,
    Registry,
    Text,
    Typed,
    command,
    fill,
    read,
)

ORGANISATIONS = (
    Known("cimes", ("Creating Integrated Mechanical Systems Auvergne-Rhône-Alpes", "CIMES")),
    Known("emc2", ("Pôle EMC2", "EMC2")),
    Known("mecatech", ("Pôle MecaTech ASBL", "MecaTech")),
    Known("evoluma", ("Innovation and Development Promotion Centre", "EVOLUMA", "EVOLUMA Industry Cluster")),
    Known("pool-net", ("Associação Pool-Net - Portuguese Tooling & Plastics Network", "Pool-Net")),
    Known("clust-er-mech", ("Clust-ER Meccatronica e Motoristica", "Clust-ER MECH")),
    Known("green-tech", ("Green and Smart Technology Cluster", "Green-Tech Cluster")),
)
KINDS = (
    OneChoice("workshop", N_("workshop"), ("atelier", "warsztaty")),
    OneChoice("webinar", N_("webinar")),
    OneChoice("training", N_("training"), ("course",)),
    OneChoice("project-proposal", N_("project proposal"), ("proposal",)),
    OneChoice("policy-workshop", N_("policy workshop")),
)
REGISTRY = Registry()
LINE = "workshop Green hydrogen 101 on 12 May with MecaTech, CIMES smes 12 link https://example.org/hydrogen"


@command("log", "Log what was done", example="/log " + LINE, own_slash=True, registry=REGISTRY)
def log(
    ctx: object,
    kind: Annotated[str, OneOf("activity_kinds", ask=N_("What was it?"))],
    title: Annotated[str, Text(ask=N_("What was it called?"))],
    day: Annotated[date, Day("past", lead=("on",))] = TODAY,
    with_: Annotated[tuple[str, ...], Organisations(lead=("with",))] = (),
    smes: Annotated[str, Text(most=2000, lead=("smes",))] = "",
    link: Annotated[str, Link(lead=("link",))] = "",
    duplicate: Annotated[str, Text(hidden=True)] = "",
) -> str:
    """The command most people type."""
    return f"{kind} {title} {day} {with_} {smes} {link} {duplicate} {ctx}"


LOG = REGISTRY.get("log")


def reading(
    language: str = "en", zone: str = "Europe/Brussels", translate: Callable[[str], str] = str
) -> Reading:
    """Sunday 22 November 2026, at noon UTC."""
    return Reading(
        now=datetime(2026, 11, 22, 12, tzinfo=UTC),
        zone=zone,
        language=language,
        organisations=ORGANISATIONS,
        choices={"activity_kinds": KINDS},
        translate=translate,
    )


def typed(text: str, **how: Any) -> Typed:
    """What is read in `text` after `/log`."""
    return read(LOG, text, reading(**how))


def filled(text: str, **how: Any) -> dict[str, Any]:
    """The values that `/log text` calls the handler with."""
    return fill(LOG, typed(text, **how).arguments, reading(**how))
